package sar

import (
	"strings"
)

// apiNames are API operations that are no IAM actions, with the action that governs them.
var apiNames = map[string]string{
	"bedrock:converse":                           "bedrock:InvokeModel",
	"bedrock:conversestream":                     "bedrock:InvokeModelWithResponseStream",
	"bedrock:startasyncinvoke":                   "bedrock:InvokeModel",
	"bedrock:invokemodelwithbidirectionalstream": "bedrock:InvokeModel",
	"bedrock:retrieveandgeneratestream":          "bedrock:RetrieveAndGenerate",
}

// clientNames are names of API clients and endpoints that are no action prefixes.
var clientNames = map[string]string{
	"bedrock-runtime":           "bedrock",
	"bedrock-agent":             "bedrock",
	"bedrock-agent-runtime":     "bedrock",
	"bedrock-data-automation":   "bedrock",
	"bedrock-agentcore-control": "bedrock-agentcore",
	"sagemaker-runtime":         "sagemaker",
	"runtime.sagemaker":         "sagemaker",
}

// Suggest gives the action that a name most likely stands for, "bedrock:InvokeModel"; "" when none is near.
func (d *Data) Suggest(name string) string {
	return (&linter{d: d, suggestions: 1}).suggest(name)
}

// suggest gives the action that a name most likely stands for, "" when none is near.
func (l *linter) suggest(pattern string) string {
	service, name, ok := strings.Cut(strings.ToLower(pattern), ":")
	if !ok {
		return ""
	}
	if client, ok := clientNames[service]; ok {
		service = client
		if a, ok := l.d.Action(service, name); ok {
			return a.String()
		}
	}
	if a, ok := apiNames[service+":"+name]; ok {
		return a
	}
	if l.suggestions--; l.suggestions < 0 || strings.ContainsAny(pattern, "*?") || len(name) > 128 {
		return ""
	}
	if len(l.d.Actions(service)) == 0 {
		near := nearest(service, l.d.Services())
		if a, ok := l.d.Action(near, name); ok {
			return a.String()
		}
		return ""
	}
	var names []string
	for _, a := range l.d.Actions(service) {
		names = append(names, a.Name)
	}
	if near := nearest(name, names); near != "" {
		return service + ":" + near
	}
	return ""
}

// suggestKey gives the condition key that a name most likely stands for, "" when none is near.
func (l *linter) suggestKey(fold string) string {
	prefix, _, _ := strings.Cut(fold, ":")
	if l.suggestions--; l.suggestions < 0 || len(fold) > 128 {
		return ""
	}
	var names []string
	if s := l.d.service(prefix); s != nil {
		for _, k := range s.Keys {
			names = append(names, k.Name)
		}
	}
	for _, k := range GlobalKeys() {
		names = append(names, k.Name)
	}
	return nearest(fold, names)
}

// nearest gives the name with the fewest changes of a letter, at most a quarter of them; "" for none.
func nearest(text string, names []string) string {
	best, limit := "", max(1, len(text)/4)+1
	for _, n := range names {
		if distance := edits(strings.ToLower(text), strings.ToLower(n), limit); distance < limit {
			best, limit = n, distance
		}
	}
	return best
}

// edits is the Levenshtein distance of two texts, or limit when it is not below it.
func edits(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return min(row[len(b)], limit)
}
