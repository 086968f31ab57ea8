package org

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// callerTests are the comparisons of a policy with the ARN of the caller. Many policies make an
// exception for a role or two; they tell these from all others, and not every caller from every other.
type callerTests struct {
	tests []callerTest
	whole bool // a variable stands for the ARN or it is compared with one, so that the ARN itself counts
}

type callerTest struct {
	iam.Comparison
	effect iam.Effect
}

func callerTestsOf(p *iam.Policy) (out callerTests) {
	for i := range p.Len() {
		st := p.Statement(i)
		out.whole = out.whole || namesARN(st.ResourceVariableKeys())
		for _, c := range st.Comparisons() {
			variables := c.Variables()
			out.whole = out.whole || namesARN(variables)
			if strings.EqualFold(c.Key(), keyPrincipalARN) {
				out.tests = append(out.tests, callerTest{c, st.Effect()})
				out.whole = out.whole || len(variables) > 0
			}
		}
	}
	return out
}

func namesARN(keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, keyPrincipalARN) })
}

// spell tells how the tests come out for a caller.
func (c *callerTests) spell(b []byte, p *Principal) []byte {
	if c.whole {
		return append(b, p.ARN...)
	}
	for _, t := range c.tests {
		b = binary.AppendUvarint(b, uint64(t.DecideValue(p.ARN, t.effect)))
	}
	return b
}

// join are the tests of several policies.
func (c *callerTests) join(d callerTests) {
	c.tests, c.whole = append(c.tests, d.tests...), c.whole || d.whole
}

// tellsApart says whether the policy of a resource tells principals of a group apart that are of one
// account: it names some of them, or asks for keys that each has values of its own for.
func (a *Analysis) tellsApart(p *iam.Policy) bool {
	apart, known := a.apart[p]
	if !known {
		apart = namesSome(p) || slices.ContainsFunc(mentionsOf(p), func(key string) bool {
			return key == keyPrincipalARN || key == keyUserName || key == keyUserID || strings.HasPrefix(key, keyPrincipalTag)
		})
		a.apart[p] = apart
	}
	return apart
}

// namesSome says whether a policy names callers otherwise than by account, by service or as all.
func namesSome(p *iam.Policy) bool {
	for i := range p.Len() {
		entries, _ := p.Statement(i).Principals()
		if slices.ContainsFunc(entries, func(e iam.PrincipalEntry) bool {
			return e.Kind != "Service" && e.Value != "*" && !strings.HasSuffix(e.Value, ":root") && (len(e.Value) != 12 || strings.Contains(e.Value, ":"))
		}) {
			return true
		}
	}
	return false
}
