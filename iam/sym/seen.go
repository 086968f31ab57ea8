package sym

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// mention is a condition key that a policy speaks of.
type mention struct {
	name string
	key  iam.ContextKey
	// tests are the comparisons of its values with texts; whole is set where a variable stands for
	// the key or it is compared with one, so that the values themselves are seen.
	tests []compared
	whole bool
}

// seenBy spells out what a policy can tell of a caller: how its comparisons of the keys that the
// caller fixes come out, the values of those that variables name and, where the layer has a
// Principal element, who the caller is.
func (e *Engine) seenBy(p *iam.Policy, l iam.Layer, s *Subject) string {
	var b []byte
	if l == iam.LayerResource || l == iam.LayerResourceControl || l == iam.LayerEndpoint {
		b = fmt.Appendf(b, "%+v", s.principal.Principal)
	}
	for _, m := range e.mentioned(p) {
		values, list, state := s.open.At(m.key)
		if state == iam.KeyFree {
			continue
		}
		b = append(append(append(b, 0), m.name...), 1)
		if !m.whole {
			for _, c := range m.tests {
				b = binary.AppendUvarint(b, uint64(c.Decide(s.open, c.effect)))
			}
			continue
		}
		if list {
			b = append(b, 2)
		}
		for _, v := range values {
			b = append(append(b, v...), 1)
		}
	}
	return string(b)
}

// mentioned lists the keys of the conditions and the variables of a policy.
func (e *Engine) mentioned(p *iam.Policy) []*mention {
	out, ok := e.memo.mentions[p]
	if ok {
		return out
	}
	byName := map[string]*mention{}
	find := func(name string) *mention {
		fold := strings.ToLower(name)
		if byName[fold] == nil {
			byName[fold] = &mention{name: name, key: iam.NewContextKey(name)}
			out = append(out, byName[fold])
		}
		return byName[fold]
	}
	for i := range p.Len() {
		st := p.Statement(i)
		for _, c := range st.Comparisons() {
			m, variables := find(c.Key()), c.Variables()
			m.tests, m.whole = append(m.tests, compared{c, st.Effect()}), m.whole || len(variables) > 0
			if c.Kind() != iam.NoValues {
				e.keys.find(c.Key(), c.Kind()) // before Null, which tells nothing of the values
			}
			for _, v := range variables {
				find(v).whole = true
			}
		}
		for _, v := range st.ResourceVariableKeys() {
			find(v).whole = true
		}
	}
	e.memo.mentions[p] = out
	return out
}
