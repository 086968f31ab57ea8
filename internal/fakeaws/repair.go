package fakeaws

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// repairs mend what moto writes in another form than the model of the service
// says, by service and then by the name of the member, at any depth. The SDK
// refuses the times as moto has them, and no rule would know the status.
var repairs = map[string]map[string]func(any) any{
	"bedrock": {
		"creationTime": spacedTime, "lastModifiedTime": spacedTime, "endTime": spacedTime,
	},
	"bedrock-agent": {
		"createdAt": secondsTime, "updatedAt": secondsTime, "preparedAt": secondsTime,
		"status": upperActive,
	},
}

// secondsTime makes seconds since 1970 a time in ISO 8601.
func secondsTime(v any) any {
	n, ok := v.(json.Number)
	if !ok {
		return v
	}
	seconds, err := n.Float64()
	if err != nil {
		return v
	}
	return time.Unix(int64(seconds), 0).UTC().Format(time.RFC3339)
}

// spacedTime puts in the T and the Z that are left out.
func spacedTime(v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	when, err := time.Parse(time.DateTime, text)
	if err != nil {
		return v
	}
	return when.Format(time.RFC3339)
}

// upperActive is the status of a knowledge base.
func upperActive(v any) any {
	if v == "Active" {
		return "ACTIVE"
	}
	return v
}

// repair mends an answer of the upstream, and leaves alone what needs no mending
// or is no JSON.
func repair(c *Call, r reply) reply {
	byName := repairs[c.Service]
	if byName == nil || r.status >= http.StatusMultipleChoices || !strings.Contains(string(c.Protocol), "json") {
		return r
	}
	dec := json.NewDecoder(bytes.NewReader(r.body))
	dec.UseNumber()
	var body any
	if dec.Decode(&body) != nil || !mend(body, byName) {
		return r
	}
	r.body = mustJSON(body)
	return r
}

// mend walks a value, mends its members in place, and tells whether it changed any.
func mend(v any, byName map[string]func(any) any) (changed bool) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			changed = mend(e, byName) || changed
		}
	case map[string]any:
		for name, old := range v {
			fn := byName[name]
			if fn == nil || composite(old) {
				changed = mend(old, byName) || changed
				continue
			}
			if mended := fn(old); mended != old {
				v[name], changed = mended, true
			}
		}
	}
	return changed
}

// composite tells whether a decoded value has members of its own.
func composite(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return true
	}
	return false
}
