package config

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// document is a policy as the data source aws_iam_policy_document writes it.
type document struct {
	Version    string           `json:"Version,omitempty"`
	ID         string           `json:"Id,omitempty"`
	Statements []map[string]any `json:"Statement,omitempty"`
}

func (d *document) encode() (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(d)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// merge adds the statements of another document; one whose Sid is there already is replaced.
func (d *document) merge(other *document) {
	if other.ID != "" {
		d.ID = other.ID
	}
	if other.Version > d.Version {
		d.Version = other.Version
	}
	for _, s := range other.Statements {
		if i := d.index(s); i >= 0 {
			d.Statements[i] = s
			continue
		}
		d.Statements = append(d.Statements, s)
	}
}

// index finds the statement with the same Sid, -1 where there is none.
func (d *document) index(s map[string]any) int {
	sid, _ := s["Sid"].(string)
	if sid == "" {
		return -1
	}
	for i, own := range d.Statements {
		if own["Sid"] == sid {
			return i
		}
	}
	return -1
}

// document evaluates the arguments of the data source. ok is false where its statements are not known.
func (ev *evaluator) document(n *node, address string) (*document, bool) {
	args := n.object()
	merged := &document{}
	if !ev.mergeTexts(merged, args, "source_json", "source_policy_documents") {
		return nil, false
	}
	own := &document{Version: "2012-10-17"}
	if v := args["version"]; v != cty.NilVal && (!v.IsKnown() || !v.IsNull()) {
		if own.Version = textOf(v); own.Version == "" {
			return nil, false
		}
	}
	own.ID = textOf(args["policy_id"])
	statements, ok := known(args["statement"])
	if !ok {
		return nil, false
	}
	for _, s := range statements {
		w := &statementWriter{ev: ev, address: address}
		statement, ok := w.statement(s)
		if !ok {
			return nil, false
		}
		own.Statements = append(own.Statements, statement)
	}
	merged.merge(own)
	return merged, ev.mergeTexts(merged, args, "override_json", "override_policy_documents")
}

// mergeTexts merges documents that are given as texts; false where one is not known.
func (ev *evaluator) mergeTexts(into *document, args map[string]cty.Value, single, several string) bool {
	var all []cty.Value
	if v := args[single]; v != cty.NilVal {
		all = append(all, v)
	}
	if list := args[several]; list != cty.NilVal {
		elements, ok := known(list)
		if !ok {
			return false
		}
		all = append(all, elements...)
	}
	for _, v := range all {
		if !v.IsKnown() {
			return false
		}
		if v.IsNull() || v.Type() != cty.String || v.AsString() == "" {
			continue
		}
		other := &document{}
		if !other.decode(v.AsString()) {
			return false
		}
		into.merge(other)
	}
	return true
}

// decode reads the text of a policy, whose Statement may be one or a list.
func (d *document) decode(text string) bool {
	var raw struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if json.Unmarshal([]byte(text), &raw) != nil {
		return false
	}
	d.Version, d.ID = raw.Version, raw.ID
	if hasToken(d.Version) {
		return false
	}
	if len(raw.Statement) > 0 && raw.Statement[0] == '{' {
		raw.Statement = append(append(json.RawMessage("["), raw.Statement...), ']')
	}
	return len(raw.Statement) == 0 || json.Unmarshal(raw.Statement, &d.Statements) == nil
}

// known are the elements of a list or of blocks; none where it is not set. ok is false where it is not known.
func known(v cty.Value) (elements []cty.Value, ok bool) {
	switch {
	case v == cty.NilVal:
		return nil, true
	case !v.IsKnown():
		return nil, false
	case v.IsNull():
		return nil, true
	case v.Type().IsObjectType():
		return []cty.Value{v}, true // one block, in JSON
	case !v.CanIterateElements():
		return []cty.Value{v}, true
	}
	return v.AsValueSlice(), true
}

// statementWriter turns a statement block into a statement.
type statementWriter struct {
	ev      *evaluator
	address string
}

func (w *statementWriter) statement(v cty.Value) (map[string]any, bool) {
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() {
		return nil, false
	}
	args := v.AsValueMap()
	out := map[string]any{"Effect": "Allow"}
	if sid := textOf(args["sid"]); sid != "" {
		out["Sid"] = sid
	}
	if effect := args["effect"]; effect != cty.NilVal && (!effect.IsKnown() || !effect.IsNull()) {
		text := textOf(effect)
		if text == "" {
			return nil, false
		}
		out["Effect"] = text
	}
	for name, key := range map[string]string{"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"} {
		if list := w.list(args[name]); len(list) > 0 {
			out[key] = list
		}
	}
	for name, key := range map[string]string{"principals": "Principal", "not_principals": "NotPrincipal"} {
		principals, ok := w.principals(args[name])
		if !ok {
			return nil, false
		}
		if principals != nil {
			out[key] = principals
		}
	}
	conditions, ok := w.conditions(args["condition"])
	if len(conditions) > 0 {
		out["Condition"] = conditions
	}
	return out, ok
}

// list are the texts of a list. A token stands for one that is not known, and for a list of which nothing is.
func (w *statementWriter) list(v cty.Value) []string {
	elements, ok := known(v)
	if !ok {
		return []string{w.hole()}
	}
	list := make([]string, 0, len(elements))
	for _, e := range elements {
		text, err := convert.Convert(e, cty.String)
		switch {
		case err != nil, !text.IsKnown():
			list = append(list, w.hole())
		case !text.IsNull():
			list = append(list, strings.ReplaceAll(text.AsString(), "&{", "${"))
		}
	}
	return list
}

// hole is a token for something unknown in the document.
func (w *statementWriter) hole() string {
	written := "a part of " + w.address
	return w.ev.tokens.text(written, token{written: written})
}

func (w *statementWriter) principals(v cty.Value) (any, bool) {
	blocks, ok := known(v)
	if !ok || len(blocks) == 0 {
		return nil, ok
	}
	out := map[string][]string{}
	for _, b := range blocks {
		if !b.IsKnown() || b.IsNull() || !b.Type().IsObjectType() {
			return nil, false
		}
		args := b.AsValueMap()
		kind := textOf(args["type"])
		if kind == "" {
			return nil, false
		}
		out[kind] = append(out[kind], w.list(args["identifiers"])...)
	}
	if everyone := out["*"]; len(out) == 1 && len(everyone) == 1 && everyone[0] == "*" {
		return "*", true
	}
	return out, true
}

func (w *statementWriter) conditions(v cty.Value) (map[string]map[string][]string, bool) {
	blocks, ok := known(v)
	if !ok {
		return nil, false
	}
	out := map[string]map[string][]string{}
	for _, b := range blocks {
		if !b.IsKnown() || b.IsNull() || !b.Type().IsObjectType() {
			return nil, false
		}
		args := b.AsValueMap()
		test, variable := textOf(args["test"]), textOf(args["variable"])
		if test == "" || variable == "" {
			return nil, false
		}
		if out[test] == nil {
			out[test] = map[string][]string{}
		}
		out[test][variable] = append(out[test][variable], w.list(args["values"])...)
	}
	return out, true
}
