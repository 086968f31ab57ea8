package sym

import (
	"encoding/binary"
	"slices"
	"unicode"
)

// arc leads the characters up to hi, beginning after the arc before, to a state.
type arc struct {
	hi rune
	to int32
}

// automaton is a minimal deterministic automaton over characters; state 0 begins. Its
// states are numbered breadth first, so equal languages have equal automata.
type automaton struct {
	accept []bool
	arcs   [][]arc
}

// textID is an interned automaton: equal languages have the same id.
type textID int32

const (
	noText  textID = iota // the empty language
	anyText               // every text
)

// texts interns automata and remembers what was computed of them.
type texts struct {
	list   []*automaton
	ids    map[string]textID
	joins  map[[2]textID]textID // intersections
	nots   map[textID]textID
	limit  int // states an automaton may have
	steps  int // steps that the present question may still take
	names  map[textID]string
	byText map[string]textID
}

func newTexts(limit int) *texts {
	t := &texts{
		ids: make(map[string]textID), joins: make(map[[2]textID]textID), nots: make(map[textID]textID),
		limit: limit, names: make(map[textID]string), byText: make(map[string]textID),
	}
	loop := [][]arc{{{unicode.MaxRune, 0}}}
	t.intern(&automaton{accept: []bool{false}, arcs: loop})
	t.intern(&automaton{accept: []bool{true}, arcs: loop})
	return t
}

func (t *texts) intern(a *automaton) textID {
	key := a.encode()
	if id, ok := t.ids[key]; ok {
		return id
	}
	id := textID(len(t.list))
	t.list = append(t.list, a)
	t.ids[key] = id
	return id
}

func (a *automaton) encode() string {
	var b []byte
	for i, arcs := range a.arcs {
		b = binary.AppendUvarint(b, uint64(len(arcs))<<1|uint64(boolBit(a.accept[i])))
		for _, x := range arcs {
			b = binary.AppendUvarint(b, uint64(x.hi))
			b = binary.AppendUvarint(b, uint64(x.to))
		}
	}
	return string(b)
}

func boolBit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (a *automaton) step(state int32, r rune) int32 {
	arcs := a.arcs[state]
	i, _ := slices.BinarySearchFunc(arcs, r, func(x arc, r rune) int { return int(x.hi) - int(r) })
	return arcs[i].to
}

func (t *texts) contains(id textID, s string) bool {
	a, state := t.list[id], int32(0)
	for _, r := range s {
		state = a.step(state, r)
	}
	return a.accept[state]
}

// and is the intersection of two languages.
func (t *texts) and(a, b textID) textID {
	switch {
	case a == noText || b == noText:
		return noText
	case a == anyText || a == b:
		return b
	case b == anyText:
		return a
	case a > b:
		a, b = b, a
	}
	key := [2]textID{a, b}
	id, ok := t.joins[key]
	if !ok {
		id = t.intern(t.minimal(t.product(t.list[a], t.list[b])))
		t.joins[key] = id
	}
	return id
}

// not is the complement.
func (t *texts) not(a textID) textID {
	id, ok := t.nots[a]
	if !ok {
		old := t.list[a]
		flipped := &automaton{accept: make([]bool, len(old.accept)), arcs: old.arcs}
		for i, x := range old.accept {
			flipped.accept[i] = !x
		}
		id = t.intern(flipped)
		t.nots[a], t.nots[id] = id, a
	}
	return id
}

// or is the union.
func (t *texts) or(a, b textID) textID { return t.not(t.and(t.not(a), t.not(b))) }

// spend counts steps toward the budget of the present question.
func (t *texts) spend(steps int) {
	if t.steps -= steps; t.steps < 0 {
		panic(overBudget{"the conditions take too long to compare"})
	}
}

// explore builds an automaton whose states are values of a comparable type.
func explore[S comparable](t *texts, start S, accept func(S) bool, arcs func(S, func(hi rune, to S))) *automaton {
	ids := map[S]int32{start: 0}
	queue := []S{start}
	out := &automaton{}
	for i := 0; i < len(queue); i++ {
		if i > t.limit {
			panic(overBudget{"the texts of a condition need too large an automaton"})
		}
		out.accept = append(out.accept, accept(queue[i]))
		var list []arc
		arcs(queue[i], func(hi rune, to S) {
			id, ok := ids[to]
			if !ok {
				id = int32(len(queue))
				ids[to] = id
				queue = append(queue, to)
			}
			list = appendArc(list, arc{hi, id})
		})
		t.spend(1 + len(list))
		out.arcs = append(out.arcs, list)
	}
	return out
}

// appendArc joins arcs to the same state.
func appendArc(list []arc, x arc) []arc {
	if n := len(list); n > 0 && list[n-1].to == x.to {
		list[n-1].hi = x.hi
		return list
	}
	return append(list, x)
}

// product runs two automata side by side.
func (t *texts) product(a, b *automaton) *automaton {
	type pair struct{ a, b int32 }
	return explore(t, pair{},
		func(p pair) bool { return a.accept[p.a] && b.accept[p.b] },
		func(p pair, add func(rune, pair)) {
			x, y := a.arcs[p.a], b.arcs[p.b]
			for i, j := 0, 0; i < len(x) && j < len(y); {
				hi := min(x[i].hi, y[j].hi)
				add(hi, pair{x[i].to, y[j].to})
				if x[i].hi == hi {
					i++
				}
				if y[j].hi == hi {
					j++
				}
			}
		})
}

// minimal merges the states that no text tells apart, and numbers the rest breadth first.
func (t *texts) minimal(a *automaton) *automaton {
	class := make([]int32, len(a.accept))
	count := 1
	for i, x := range a.accept {
		if x != a.accept[0] {
			class[i], count = 1, 2
		}
	}
	for {
		t.spend(len(class))
		next, n := a.refine(class)
		class = next
		if n == count {
			break
		}
		count = n
	}
	member := make([]int32, count)
	for i := len(class) - 1; i >= 0; i-- {
		member[class[i]] = int32(i)
	}
	return explore(t, class[0],
		func(c int32) bool { return a.accept[member[c]] },
		func(c int32, add func(rune, int32)) {
			for _, x := range a.arcs[member[c]] {
				add(x.hi, class[x.to])
			}
		})
}

// refine splits classes whose members lead to different classes.
func (a *automaton) refine(class []int32) (next []int32, count int) {
	ids := make(map[string]int32)
	next = make([]int32, len(class))
	var key []byte
	var arcs []arc
	for i := range class {
		arcs = arcs[:0]
		for _, x := range a.arcs[i] {
			arcs = appendArc(arcs, arc{x.hi, class[x.to]})
		}
		key = binary.AppendUvarint(key[:0], uint64(class[i]))
		for _, x := range arcs {
			key = binary.AppendUvarint(key, uint64(x.hi))
			key = binary.AppendUvarint(key, uint64(x.to))
		}
		id, ok := ids[string(key)]
		if !ok {
			id = int32(len(ids))
			ids[string(key)] = id
		}
		next[i] = id
	}
	return next, len(ids)
}

// sample gives the shortest text of the language, of characters that are easy to read.
// The empty text is given only when there is no other; ok is false for the empty language.
func (t *texts) sample(id textID) (text string, ok bool) {
	a := t.list[id]
	type visit struct {
		from int32
		char rune
	}
	seen := map[int32]visit{}
	queue := []int32{0}
	for i := 0; i < len(queue); i++ {
		state, low := queue[i], rune(0)
		for _, x := range a.arcs[state] {
			r, found := readable(low, x.hi)
			low = x.hi + 1
			if _, old := seen[x.to]; old || !found {
				continue
			}
			seen[x.to] = visit{state, r}
			if a.accept[x.to] {
				return spell(x.to, func(s int32) (int32, rune) { return seen[s].from, seen[s].char }), true
			}
			queue = append(queue, x.to)
		}
	}
	return "", a.accept[0]
}

// spell follows the steps back to the beginning.
func spell(state int32, back func(int32) (int32, rune)) string {
	var out []rune
	for {
		from, r := back(state)
		out = append(out, r)
		if from == 0 {
			slices.Reverse(out)
			return string(out)
		}
		state = from
	}
}

// readable picks a character of a range, letters and digits first; none for a range of
// surrogates, which no text holds.
func readable(low, high rune) (rune, bool) {
	for _, r := range [...][2]rune{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'!', '~'}, {0xa1, 0xd7ff}, {0xe000, unicode.MaxRune}, {0, 0xa0}} {
		if c := max(low, r[0]); c <= min(high, r[1]) {
			return c, true
		}
	}
	return 0, false
}
