package sym

import (
	"maps"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// WitnessFor is [Engine.Witness] for the set of a principal and a check, and tries to find a
// context where the set is conditional: it gives the variables values and the compared keys
// what the policy then wants. What it finds lies in the set; that it finds nothing proves nothing.
func (e *Engine) WitnessFor(p Principal, c Check, s Set) (context map[string][]string, ok bool) {
	if context, ok = e.Witness(s); ok || !s.Decided() || s.Empty() {
		return context, ok
	}
	t, err := e.Target(c)
	if err != nil {
		return nil, false
	}
	subject, err := e.Subject(p)
	if err != nil {
		return nil, false
	}
	g := &search{e: e, p: p, c: c, s: s, open: subject.at(t), left: maxTrials}
	return g.walk(s.primary(), map[string][]string{}, nil)
}

// maxTrials bounds the contexts that are tried.
const maxTrials = 500

// search looks for a context of a conditional set.
type search struct {
	e    *Engine
	p    Principal
	c    Check
	s    Set
	open *iam.Prepared
	left int
}

// walk follows the ways to always; atoms are those that must hold on the way.
func (g *search) walk(n nodeID, context map[string][]string, atoms []*atom) (map[string][]string, bool) {
	if n == never || g.left <= 0 {
		return nil, false
	}
	if n == always {
		return g.complete(context, atoms)
	}
	x := &g.e.f.nodes[n]
	k := &g.e.keys.list[x.key]
	for _, edge := range x.edges {
		if edge.to == never {
			continue
		}
		next, wanted := context, atoms
		if k.atom != nil {
			if !g.e.f.regions.list[edge.where].absent {
				wanted = append(atoms[:len(atoms):len(atoms)], k.atom)
			}
		} else if values, ok := g.e.sample(k, edge.where); !ok {
			continue
		} else if values != nil {
			next = maps.Clone(context)
			next[k.name] = values
		}
		if found, ok := g.walk(edge.to, next, wanted); ok {
			return found, true
		}
	}
	return nil, false
}

// complete gives the variables of the atoms one value after another.
func (g *search) complete(context map[string][]string, atoms []*atom) (map[string][]string, bool) {
	values := append([]string{"x"}, strings.FieldsFunc(g.c.Resource, func(r rune) bool { return r == ':' || r == '/' })...)
	for _, value := range values {
		if g.left--; g.left < 0 {
			return nil, false
		}
		trial := maps.Clone(context)
		for _, a := range atoms {
			for _, name := range a.variables {
				g.set(trial, name, value)
			}
			g.satisfy(trial, a)
		}
		if _, q, err := g.e.Request(g.p, g.c, trial); err == nil && g.s.Holds(q) {
			return trial, true
		}
	}
	return nil, false
}

// set gives a key that is free a value, where it has none.
func (g *search) set(context map[string][]string, name, value string) {
	if _, _, state := g.open.Key(name); state != iam.KeyFree {
		return
	}
	for known := range context {
		if strings.EqualFold(known, name) {
			return
		}
	}
	context[name] = []string{value}
}

// satisfy gives the compared key the value that the comparison wants once its variables
// have theirs.
func (g *search) satisfy(context map[string][]string, a *atom) {
	if a.comparison == nil {
		return
	}
	_, q, err := g.e.Request(g.p, g.c, context)
	if err != nil {
		return
	}
	for _, v := range a.comparison.Values(q) {
		if v.Never || !v.Readable {
			continue
		}
		text := ""
		for _, piece := range v.Pieces {
			text += piece.Text
			if piece.Any && !piece.Run {
				text += "x"
			}
		}
		if a.comparison.Negated() {
			text += "-other"
		}
		if text != "" {
			g.set(context, a.comparison.Key(), text)
		}
		return
	}
}
