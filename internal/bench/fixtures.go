package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// emptyLists are what moto lacks, and what the shipped fixtures would fill for each
// agent and knowledge base alike: the account of the comparison has none of them.
var emptyLists = map[string]string{
	"ListAgentActionGroups":   "actionGroupSummaries",
	"ListAgentAliases":        "agentAliasSummaries",
	"ListAgentVersions":       "agentVersionSummaries",
	"ListAgentKnowledgeBases": "agentKnowledgeBaseSummaries",
	"ListDataSources":         "dataSourceSummaries",
}

// fixtures writes the answers that stand before the shipped ones into a folder.
func (l *lab) fixtures() (string, error) {
	dir := filepath.Join(l.dir, "fixtures")
	service := filepath.Join(dir, "bedrock-agent")
	if err := os.MkdirAll(service, 0o755); err != nil {
		return "", fmt.Errorf("write fixtures: %w", err)
	}
	for operation, list := range emptyLists {
		body := fmt.Sprintf("{%q: []}", list)
		if err := os.WriteFile(filepath.Join(service, operation+".json"), []byte(body), 0o644); err != nil {
			return "", fmt.Errorf("write fixtures: %w", err)
		}
	}
	return dir, nil
}
