package gen

import (
	"fmt"
	"slices"
	"strings"
)

// Formats are what a result can be written as.
var Formats = []string{"json", "terraform", "cloudformation"}

// Write gives the policies in one of [Formats]; "" for another.
func (r *Result) Write(format string) string {
	switch format {
	case "json":
		return r.json()
	case "terraform":
		return r.terraform()
	case "cloudformation":
		return r.cloudFormation()
	}
	return ""
}

// json is the document, or where there are several a list of them with their names.
func (r *Result) json() string {
	if len(r.Policies) == 1 {
		return r.Policies[0].JSON()
	}
	list := node{kind: listNode}
	for _, p := range r.Policies {
		list.list = append(list.list, object().
			set("name", text(p.Name)).set("kind", text(string(p.Kind))).set("document", p.doc))
	}
	return object().set("policies", list).pretty()
}

// Summary says what was made, what was proved of it, and what to know before using it, a line each.
func (r *Result) Summary() []string {
	var out []string
	for _, p := range r.Policies {
		out = append(out, fmt.Sprintf("%s: %s policy, %d of %d characters", p.Name, p.Kind, p.Size(), p.Quota()))
	}
	out = append(out, fmt.Sprintf(
		"proved: calls that work %d, checks that pass in just the contexts asked for %d, requests decided again %d, other checks that pass in no context %d; no fault of assize iam lint",
		r.Proof.Calls, r.Proof.Checks, r.Proof.Witnesses, r.Proof.Nothing))
	for _, n := range r.Notes {
		out = append(out, "note: "+n)
	}
	return out
}

// find gives the policy of a kind.
func (r *Result) find(k Kind) (Policy, bool) {
	i := slices.IndexFunc(r.Policies, func(p Policy) bool { return p.Kind == k })
	if i < 0 {
		return Policy{}, false
	}
	return r.Policies[i], true
}

// words splits a name at everything that is no letter or digit.
func words(name string) []string {
	return strings.FieldsFunc(name, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
}
