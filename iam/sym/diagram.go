package sym

import (
	"encoding/binary"
	"slices"
)

// nodeID is a decision diagram: a Boolean function of the values of keys. Diagrams are
// reduced and ordered, and each node is kept once, so equal functions have equal ids. A
// node asks for one key; each edge carries a region of its values, and the regions of a
// node's edges are disjoint, cover every value and lead to different diagrams.
type nodeID int32

const (
	never  nodeID = iota // the empty set
	always               // every context
)

// edge leads from a region of a key's values to the diagram of the remaining keys.
type edge struct {
	where regionID
	to    nodeID
}

type node struct {
	key   keyID
	edges []edge
}

// diagrams keeps the nodes and what was computed of them.
type diagrams struct {
	*regions
	nodes []node
	ids   map[string]nodeID
	ands  map[[2]nodeID]nodeID
	nots  map[nodeID]nodeID
	limit int // nodes that one question may make
	until int // nodes at which the present question is over budget
	allow int // steps that one question may take
}

func newDiagrams(b Budget) *diagrams {
	return &diagrams{
		regions: newRegions(b.States), nodes: make([]node, 2), ids: make(map[string]nodeID),
		ands: make(map[[2]nodeID]nodeID), nots: map[nodeID]nodeID{never: always, always: never}, limit: b.Nodes, allow: b.Steps,
	}
}

// overBudget is what a computation panics with when it would take too much. It never
// leaves the package: every question recovers it and answers that it cannot tell.
type overBudget struct{ reason string }

// begin gives a new question its budget.
func (d *diagrams) begin() { d.until, d.steps = len(d.nodes)+d.limit, d.allow }

// level orders nodes by key; what asks for nothing comes last.
func (d *diagrams) level(n nodeID) keyID {
	if n <= always {
		return lastKey
	}
	return d.nodes[n].key
}

// join makes a node of edges whose regions are disjoint and cover every value.
func (d *diagrams) join(k keyID, edges []edge) nodeID {
	d.spend(len(edges))
	merged := edges[:0]
	for _, e := range edges {
		i := slices.IndexFunc(merged, func(m edge) bool { return m.to == e.to })
		if i < 0 {
			merged = append(merged, e)
		} else {
			merged[i].where = d.regions.or(merged[i].where, e.where)
		}
	}
	if len(merged) == 1 {
		return merged[0].to
	}
	slices.SortFunc(merged, func(a, b edge) int { return int(a.to) - int(b.to) })
	key := binary.AppendUvarint(nil, uint64(k))
	for _, e := range merged {
		key = binary.AppendUvarint(key, uint64(e.where))
		key = binary.AppendUvarint(key, uint64(e.to))
	}
	if id, ok := d.ids[string(key)]; ok {
		return id
	}
	if len(d.nodes) >= d.until {
		panic(overBudget{"the conditions combine in too many ways"})
	}
	id := nodeID(len(d.nodes))
	d.nodes = append(d.nodes, node{k, slices.Clone(merged)})
	d.ids[string(key)] = id
	return id
}

// when is the function that holds where a key's value lies in a region.
func (d *diagrams) when(k keyID, r regionID) nodeID {
	if d.empty(r) {
		return never
	}
	other := d.regions.not(r)
	if d.empty(other) {
		return always
	}
	return d.join(k, []edge{{r, always}, {other, never}})
}

func (d *diagrams) not(n nodeID) nodeID {
	if out, ok := d.nots[n]; ok {
		return out
	}
	x := d.nodes[n]
	edges := make([]edge, len(x.edges))
	for i, e := range x.edges {
		edges[i] = edge{e.where, d.not(e.to)}
	}
	out := d.join(x.key, edges)
	d.nots[n], d.nots[out] = out, n
	return out
}

func (d *diagrams) and(a, b nodeID) nodeID {
	switch {
	case a == never || b == never:
		return never
	case a == always || a == b:
		return b
	case b == always:
		return a
	case a > b:
		a, b = b, a
	}
	key := [2]nodeID{a, b}
	if out, ok := d.ands[key]; ok {
		return out
	}
	x, y := d.nodes[a], d.nodes[b]
	var out nodeID
	switch {
	case x.key == y.key:
		d.spend(len(x.edges) * len(y.edges))
		var edges []edge
		for _, e := range x.edges {
			for _, f := range y.edges {
				if both := d.regions.and(e.where, f.where); !d.empty(both) {
					edges = append(edges, edge{both, d.and(e.to, f.to)})
				}
			}
		}
		out = d.join(x.key, edges)
	case x.key < y.key:
		out = d.below(x, func(to nodeID) nodeID { return d.and(to, b) })
	default:
		out = d.below(y, func(to nodeID) nodeID { return d.and(a, to) })
	}
	d.ands[key] = out
	return out
}

// below replaces what the edges of a node lead to.
func (d *diagrams) below(x node, f func(nodeID) nodeID) nodeID {
	edges := make([]edge, len(x.edges))
	for i, e := range x.edges {
		edges[i] = edge{e.where, f(e.to)}
	}
	return d.join(x.key, edges)
}

func (d *diagrams) or(a, b nodeID) nodeID { return d.not(d.and(d.not(a), d.not(b))) }

// without is the set of contexts that some values of the keys, for which drop holds, bring into n.
func (d *diagrams) without(n nodeID, drop func(keyID) bool) nodeID {
	done := map[nodeID]nodeID{}
	var visit func(nodeID) nodeID
	visit = func(n nodeID) nodeID {
		if n <= always {
			return n
		}
		if out, ok := done[n]; ok {
			return out
		}
		x, out := d.nodes[n], never
		if drop(x.key) {
			for _, e := range x.edges {
				out = d.or(out, visit(e.to))
			}
		} else {
			out = d.below(x, visit)
		}
		done[n] = out
		return out
	}
	return visit(n)
}

// fixing is n where some keys have the values that given tells.
func (d *diagrams) fixing(n nodeID, given func(keyID) (values []string, known bool)) nodeID {
	done := map[nodeID]nodeID{}
	var visit func(nodeID) nodeID
	visit = func(n nodeID) nodeID {
		if n <= always {
			return n
		}
		if out, ok := done[n]; ok {
			return out
		}
		x := d.nodes[n]
		var out nodeID
		if values, known := given(x.key); known {
			for _, e := range x.edges {
				if d.holdsValue(e.where, values) {
					out = visit(e.to)
				}
			}
		} else {
			out = d.below(x, visit)
		}
		done[n] = out
		return out
	}
	return visit(n)
}

// within simplifies n where only the contexts of care matter: the result agrees with n on
// care and asks for as little as possible.
func (d *diagrams) within(n, care nodeID) nodeID {
	done := map[[2]nodeID]nodeID{}
	var visit func(n, care nodeID) nodeID
	visit = func(n, care nodeID) nodeID {
		if n <= always || care == always {
			return n
		}
		key := [2]nodeID{n, care}
		if out, ok := done[key]; ok {
			return out
		}
		var out nodeID
		if top := d.level(care); top < d.level(n) {
			out = visit(n, d.without(care, func(k keyID) bool { return k == top }))
		} else {
			out = d.withinNode(d.nodes[n], care, visit)
		}
		done[key] = out
		return out
	}
	return visit(n, care)
}

// withinNode drops the values that care excludes: they go where the rest of their edge
// goes or, when nothing of it remains, where the first edge goes that does.
func (d *diagrams) withinNode(x node, care nodeID, visit func(n, care nodeID) nodeID) nodeID {
	cares := []edge{{to: care}}
	same := d.level(care) == x.key
	if same {
		cares = d.nodes[care].edges
	}
	var edges, idle []edge
	for _, e := range x.edges {
		first := len(edges)
		var spare []regionID
		for _, c := range cares {
			where := e.where
			if same {
				where = d.regions.and(e.where, c.where)
			}
			switch {
			case d.empty(where):
			case c.to == never:
				spare = append(spare, where)
			default:
				edges = append(edges, edge{where, visit(e.to, c.to)})
			}
		}
		for _, where := range spare {
			if first < len(edges) {
				edges[first].where = d.regions.or(edges[first].where, where)
			} else {
				idle = append(idle, edge{where: where})
			}
		}
	}
	if len(edges) == 0 {
		return never
	}
	for _, e := range idle {
		edges = append(edges, edge{e.where, edges[0].to})
	}
	return d.join(x.key, edges)
}

// visit calls f once for each node of a diagram.
func (d *diagrams) visit(n nodeID, f func(x *node)) {
	seen := map[nodeID]bool{}
	var walk func(nodeID)
	walk = func(n nodeID) {
		if n <= always || seen[n] {
			return
		}
		seen[n] = true
		f(&d.nodes[n])
		for _, e := range d.nodes[n].edges {
			walk(e.to)
		}
	}
	walk(n)
}
