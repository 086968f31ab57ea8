package sar

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// draft is a statement that can be changed and printed: what a fault proposes.
type draft struct {
	Sid          string `json:",omitempty"`
	Effect       string
	Principal    any                            `json:",omitempty"`
	NotPrincipal any                            `json:",omitempty"`
	Action       []string                       `json:",omitempty"`
	NotAction    []string                       `json:",omitempty"`
	Resource     []string                       `json:",omitempty"`
	NotResource  []string                       `json:",omitempty"`
	Condition    map[string]map[string][]string `json:",omitempty"`
}

// draft copies the statement.
func (s *statement) draft() *draft {
	d := &draft{Sid: s.Sid(), Effect: s.Effect().String()}
	if s.notAction {
		d.NotAction = slices.Clone(s.patterns)
	} else {
		d.Action = slices.Clone(s.patterns)
	}
	if s.notResource {
		d.NotResource = slices.Clone(s.resources)
	} else {
		d.Resource = slices.Clone(s.resources)
	}
	if len(s.principals) > 0 {
		p := principalValue(s.principals)
		if s.notPrinc {
			d.NotPrincipal = p
		} else {
			d.Principal = p
		}
	}
	for _, c := range s.conditions {
		d.set(c.Operator, c.Key, c.Values...)
	}
	return d
}

func principalValue(entries []iam.PrincipalEntry) any {
	out := map[string][]string{}
	for _, e := range entries {
		if e.Kind == "*" {
			return "*"
		}
		out[e.Kind] = append(out[e.Kind], e.Value)
	}
	return out
}

// set puts a condition in place.
func (d *draft) set(operator, key string, values ...string) *draft {
	if d.Condition == nil {
		d.Condition = map[string]map[string][]string{}
	}
	if d.Condition[operator] == nil {
		d.Condition[operator] = map[string][]string{}
	}
	d.Condition[operator][key] = slices.Clone(values)
	return d
}

// remove takes a condition away.
func (d *draft) remove(operator, key string) *draft {
	delete(d.Condition[operator], key)
	if len(d.Condition[operator]) == 0 {
		delete(d.Condition, operator)
	}
	return d
}

// named sets another Sid, so that two statements made of one do not share it.
func (d *draft) named(suffix string) *draft {
	if d.Sid != "" {
		d.Sid += suffix
	}
	return d
}

// corrected prints one statement, or several as a list.
func corrected(drafts ...*draft) string {
	var v any = drafts
	if len(drafts) == 1 {
		v = drafts[0]
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return "" // a draft holds text only, which always encodes
	}
	return strings.TrimSpace(b.String())
}
