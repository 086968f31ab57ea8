package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// condition is a line of library/conditions.csv: facts about what is worth checking.
type condition struct {
	id, service, resourceType string
	operations                []string
}

// exclusion says why a condition has no check.
type exclusion struct {
	Condition string `yaml:"condition"`
	Reason    string `yaml:"reason"`
}

var conditionColumns = []string{"condition_id", "service", "resource_type", "api_calls"}

func readConditions(path string) ([]condition, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing follows from a failed close of what was read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], conditionColumns) {
		return nil, fmt.Errorf("%s: want the columns %s", path, strings.Join(conditionColumns, ","))
	}
	var out []condition
	for _, r := range rows[1:] {
		c := condition{id: r[0], service: r[1], resourceType: r[2]}
		for _, op := range strings.Fields(r[3]) {
			c.operations = append(c.operations, operationName(op))
		}
		out = append(out, c)
	}
	return out, nil
}

// clientNames are the clients that the list of conditions calls otherwise than
// botocore, and so our collectors, do.
var clientNames = map[string]string{
	"bedrock-agentcore": "bedrock-agentcore-control", "aoss": "opensearchserverless",
	"servicequotas": "service-quotas", "access-analyzer": "accessanalyzer",
}

func operationName(op string) string {
	client, name, _ := strings.Cut(op, ":")
	if ours, ok := clientNames[client]; ok {
		client = ours
	}
	return client + ":" + name
}

// readExclusions reads every list of the folder; pending.yaml holds ids only.
func readExclusions(dir string) (exclusions []exclusion, pending []string, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, nil, err
	}
	for _, name := range files {
		var list []exclusion
		var into any = &list
		if filepath.Base(name) == filepath.Base(pendingFile) {
			into = &pending
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		if err := dec.Decode(into); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		exclusions = append(exclusions, list...)
	}
	return exclusions, pending, nil
}

// writePending is pending.yaml.
func writePending(ids []string) []byte {
	var b bytes.Buffer
	b.WriteString("# Conditions of library/conditions.csv that have neither a check nor a reason for having none.\n" +
		"# Written by: go run ./internal/coverage -pending\n")
	for _, id := range ids {
		b.WriteString("- " + id + "\n")
	}
	if len(ids) == 0 {
		b.WriteString("[]\n")
	}
	return b.Bytes()
}
