package sym

import (
	"cmp"
	"slices"
	"strings"
)

// NetworkKeys are the keys that tell from where a request comes.
var NetworkKeys = []string{
	keySourceVpce, keySourceVpc, keySourceVpcArn, keySourceIP, keyVpcSourceIP, keyVpceAccount,
	keyVpceOrgID, keyVpceOrgPaths, keySecureTransport,
}

// Demand is what an alternative demands of one key, fit to be shown to people.
type Demand struct {
	Key string `json:"key"`
	// Is continues the name of the key: `= "red"`, "is in 203.0.113.0/24", "is absent".
	Is string `json:"is"`
}

// String gives "aws:SourceIp is in 203.0.113.0/24".
func (d Demand) String() string { return strings.TrimSpace(d.Key + " " + d.Is) }

// Alternative is demands that must all be met. An empty one is met always.
type Alternative []Demand

// String joins the demands.
func (a Alternative) String() string {
	if len(a) == 0 {
		return "always"
	}
	out := make([]string, len(a))
	for i, d := range a {
		out[i] = d.String()
	}
	return strings.Join(out, " and ")
}

// Description is a set in words: one of the alternatives must be met.
type Description struct {
	// Alternatives, those with fewest demands first. None for the empty set, and for one that
	// cannot be listed.
	Alternatives []Alternative `json:"alternatives"`
	// Conditional names what the set depends on beside these (see [Set.Conditional]).
	Conditional []string `json:"conditional,omitempty"`
	// Inconclusive says why the set cannot be described: it is not known, or has too many alternatives.
	Inconclusive string `json:"inconclusive,omitempty"`
}

// Describe says what a set demands beyond what every request meets by the theory.
func (e *Engine) Describe(s Set) (out Description) {
	if !s.Decided() {
		return Description{Inconclusive: s.reason}
	}
	e.f.begin()
	defer func() {
		if reason := overBudgetReason(recover()); reason != "" {
			out = Description{Inconclusive: reason, Conditional: out.Conditional}
		}
	}()
	out.Conditional = s.Conditional()
	for _, c := range e.cubes(s) {
		a := Alternative{}
		for _, l := range c {
			if d, ok := e.demand(l, s.theory); ok {
				a = append(a, d)
			}
		}
		out.Alternatives = append(out.Alternatives, a)
	}
	slices.SortFunc(out.Alternatives, func(a, b Alternative) int {
		return cmp.Or(len(a)-len(b), strings.Compare(a.String(), b.String()))
	})
	return out
}

// Conditions lists what a set demands, an alternative each: nothing for the empty set,
// "always" for every context. A set that cannot be described gives one line that says why.
func (e *Engine) Conditions(s Set) []string {
	d := e.Describe(s)
	if d.Inconclusive != "" {
		return []string{"not known: " + d.Inconclusive}
	}
	var out []string
	for _, a := range d.Alternatives {
		out = append(out, a.String())
	}
	return out
}

func (e *Engine) demand(l literal, theory nodeID) (Demand, bool) {
	k := &e.keys.list[l.key]
	if k.kind == atomKind {
		is := "does not hold"
		if !e.f.regions.list[l.where].absent {
			is = "holds"
		}
		return Demand{Key: "(" + k.name + ")", Is: is}, true
	}
	is := e.phrase(l.key, l.where, e.validValues(l.key, theory))
	return Demand{Key: k.name, Is: is}, is != ""
}

// validValues are the values that a theory leaves a key.
func (e *Engine) validValues(k keyID, theory nodeID) regionID {
	n := e.f.without(theory, func(x keyID) bool { return x != k })
	if n <= always {
		return e.anywhere(k)
	}
	for _, edge := range e.f.nodes[n].edges {
		if edge.to == always {
			return edge.where
		}
	}
	return e.anywhere(k)
}
