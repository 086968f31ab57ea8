package sym

import "slices"

// literal demands a region of a key's values.
type literal struct {
	key   keyID
	where regionID
}

// cube demands all of its literals.
type cube []literal

// maxCubes bounds what people are shown of a set.
const maxCubes = 64

// cover gives cubes that together hold at least in must and only in may. Each demands as
// little as it can: a key that does not matter is not in it, and a region takes in every
// value that the rest of the cube allows (an irredundant sum of products after Minato and
// Morreale, with regions for signs).
func (e *Engine) cover(must, may nodeID) []cube {
	switch {
	case must == never:
		return nil
	case may == always:
		return []cube{nil}
	}
	top := min(e.f.level(must), e.f.level(may))
	pieces := e.pieces(top, must, may)
	common := always
	for _, p := range pieces {
		common = e.all(common, p.may)
	}
	var out []cube
	for i := range pieces {
		p := &pieces[i]
		for _, c := range e.cover(e.all(p.must, e.f.diagrams.not(common), e.f.diagrams.not(p.done)), p.may) {
			out = append(out, append(cube{{top, e.widen(pieces, c)}}, c...))
			if len(out) > maxCubes {
				panic(overBudget{"the conditions have too many alternatives to be listed"})
			}
		}
	}
	rest := never
	for _, p := range pieces {
		rest = e.any(rest, e.all(p.must, e.f.diagrams.not(p.done)))
	}
	return append(out, e.cover(rest, common)...)
}

// piece is a region of a key with what must and may hold there, and what cubes cover so far.
type piece struct {
	where     regionID
	must, may nodeID
	done      nodeID
}

// pieces cuts the values of a key where either diagram does.
func (e *Engine) pieces(k keyID, must, may nodeID) []piece {
	edges := func(n nodeID) []edge {
		if e.f.level(n) == k {
			return e.f.nodes[n].edges
		}
		return []edge{{e.anywhere(k), n}}
	}
	var out []piece
	for _, a := range edges(must) {
		for _, b := range edges(may) {
			if where := e.f.regions.and(a.where, b.where); !e.f.empty(where) {
				out = append(out, piece{where: where, must: a.to, may: b.to})
			}
		}
	}
	return out
}

func (e *Engine) anywhere(k keyID) regionID {
	kind := e.keys.list[k].kind
	return e.f.regions.or(e.f.absent(kind), e.f.present(kind))
}

// widen gives the values of the key that may go with a cube, and notes that it covers them.
func (e *Engine) widen(pieces []piece, c cube) regionID {
	n := e.nodeOf(c)
	var out regionID
	for i, first := 0, true; i < len(pieces); i++ {
		p := &pieces[i]
		if e.all(n, e.f.diagrams.not(p.may)) != never {
			continue
		}
		p.done = e.any(p.done, n)
		if first {
			out, first = p.where, false
		} else {
			out = e.f.regions.or(out, p.where)
		}
	}
	return out
}

func (e *Engine) nodeOf(c cube) nodeID {
	out := always
	for i := len(c) - 1; i >= 0; i-- {
		out = e.all(e.f.when(c[i].key, c[i].where), out)
	}
	return out
}

// cubes lists what a set demands beyond its theory.
func (e *Engine) cubes(s Set) []cube {
	n, free := s.primary(), e.f.diagrams.not(s.theory)
	all := e.cover(n, e.any(n, free))
	for i := 0; i < len(all); {
		rest := free
		for j, c := range all {
			if j != i {
				rest = e.any(rest, e.nodeOf(c))
			}
		}
		if e.all(n, e.f.diagrams.not(rest)) == never {
			all = slices.Delete(all, i, i+1)
			continue
		}
		i++
	}
	return all
}
