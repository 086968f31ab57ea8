package rules

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

// statement is a statement of a policy that a finding proposes.
type statement struct {
	Sid         string `json:",omitempty"`
	Effect      string
	Principal   any `json:",omitempty"`
	Action      []string
	Resource    any                       `json:",omitempty"`
	NotResource []string                  `json:",omitempty"`
	Condition   map[string]map[string]any `json:",omitempty"`
}

// deny is a Deny of actions on everything.
func deny(actions ...string) statement {
	return statement{Effect: "Deny", Action: actions, Resource: anything}
}

// when adds a condition.
func (s statement) when(operator, key string, value any) statement {
	if s.Condition == nil {
		s.Condition = map[string]map[string]any{}
	}
	if s.Condition[operator] == nil {
		s.Condition[operator] = map[string]any{}
	}
	s.Condition[operator][key] = value
	return s
}

// document writes statements as a policy document on one line, "" for none.
func document(statements []statement) string {
	if len(statements) == 0 {
		return ""
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(struct {
		Version   string
		Statement []statement
	}{string(iam.Version2012), statements}); err != nil {
		return "" // text, which always encodes
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

// with is the principal with one more identity policy.
func (p *Principal) with(policy *iam.Policy) *Principal {
	out := *p
	out.Policies.Identity = append(slices.Clone(p.Policies.Identity), policy)
	return &out
}

// mend writes the statements as a policy, after it has proved that the question is answered no
// with it and that the checks to keep are allowed in the same contexts as before; "" when that
// cannot be proved.
func (j *Judge) mend(p *Principal, statements []statement, ask func(*Principal) Result, keep ...sym.Check) string {
	text := document(statements)
	policy, err := iam.Parse([]byte(text))
	if err != nil {
		return ""
	}
	mended := p.with(policy)
	if !ask(mended).No() || !j.keeps(&p.Principal, &mended.Principal, keep) {
		return ""
	}
	return text
}

// keeps says whether the checks are allowed in the same contexts after as before.
func (j *Judge) keeps(before, after *sym.Principal, checks []sym.Check) bool {
	a, errA := j.search(before)
	b, errB := j.search(after)
	if errA != nil || errB != nil {
		return false
	}
	return !slices.ContainsFunc(checks, func(c sym.Check) bool {
		was := a.set(c)
		return !was.Decided() || was != b.set(c)
	})
}
