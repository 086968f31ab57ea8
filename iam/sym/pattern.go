package sym

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"github.com/assize-dev/assize/iam"
)

// runeRange is a run of characters, both ends included.
type runeRange struct{ low, high rune }

// element is one character of a pattern, or a run of such characters.
type element struct {
	of  []runeRange
	run bool
}

var (
	anyRune   = []runeRange{{0, unicode.MaxRune}}
	notColon  = []runeRange{{0, ':' - 1}, {':' + 1, unicode.MaxRune}}
	lineBreak = element{of: []runeRange{{'\n', '\n'}, {'\r', '\r'}}, run: true}
)

// elementsOf spells out the pattern of a value.
func elementsOf(v iam.Value) []element {
	if v.Binary != nil {
		return base64Elements(*v.Binary)
	}
	var out []element
	for _, p := range v.Pieces {
		if p.Any {
			of := anyRune
			if p.NoColon {
				of = notColon
			}
			out = append(out, element{of: of, run: p.Run})
			continue
		}
		for _, r := range p.Text {
			out = append(out, element{of: spellings(r, v.Fold)})
		}
	}
	return out
}

// spellings are the characters that count as r.
func spellings(r rune, fold bool) []runeRange {
	out := []runeRange{{r, r}}
	if fold {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			out = append(out, runeRange{f, f})
		}
		slices.SortFunc(out, func(a, b runeRange) int { return int(a.low) - int(b.low) })
	}
	return out
}

// base64Elements are the texts that decode to the same bytes: line breaks count for
// nothing, nor do the bits that the last character has too many (RFC 4648, 3.5).
func base64Elements(b string) []element {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	text := base64.StdEncoding.EncodeToString([]byte(b))
	spare := map[int]int{0: 0, 1: 4, 2: 2}[len(b)%3]
	last := strings.TrimRight(text, "=")
	out := []element{lineBreak}
	for i, r := range text {
		of := []runeRange{{r, r}}
		if i == len(last)-1 && spare > 0 {
			of = nil
			first := strings.IndexRune(alphabet, r)
			for k := range 1 << spare {
				c := rune(alphabet[first+k])
				of = append(of, runeRange{c, c})
			}
			slices.SortFunc(of, func(a, b runeRange) int { return int(a.low) - int(b.low) })
		}
		out = append(out, element{of: of}, lineBreak)
	}
	return out
}

// anyOf gives the texts that match at least one of the patterns.
func (t *texts) anyOf(patterns [][]element) textID {
	key := patternsKey(patterns)
	if id, ok := t.byText[key]; ok {
		return id
	}
	m := t.newMatcher(patterns)
	id := t.intern(t.minimal(explore(t, m.closure(m.starts), m.accepts, m.arcs)))
	t.byText[key] = id
	return id
}

func patternsKey(patterns [][]element) string {
	var b []byte
	for _, p := range patterns {
		b = binary.AppendUvarint(b, uint64(len(p)))
		for _, e := range p {
			b = binary.AppendUvarint(b, uint64(len(e.of))<<1|uint64(boolBit(e.run)))
			for _, r := range e.of {
				b = binary.AppendUvarint(b, uint64(r.low))
				b = binary.AppendUvarint(b, uint64(r.high))
			}
		}
	}
	return string(b)
}

// matcher follows several patterns at once. Their elements stand one after another, each
// pattern followed by its end; a state is the set of places reached, in order, packed into
// a string of four bytes each.
type matcher struct {
	t        *texts
	elements []element // an end has no characters
	starts   []uint32
}

func (t *texts) newMatcher(patterns [][]element) *matcher {
	m := &matcher{t: t}
	for _, p := range patterns {
		m.starts = append(m.starts, uint32(len(m.elements)))
		m.elements = append(append(m.elements, p...), element{})
	}
	return m
}

func (m *matcher) isEnd(at uint32) bool { return m.elements[at].of == nil }

// all says whether every text matches from a place on.
func (m *matcher) all(at uint32) bool {
	e := &m.elements[at]
	return e.run && len(e.of) == 1 && e.of[0] == anyRune[0] && m.isEnd(at+1)
}

// closure adds the places behind runs, which may be empty, and packs them. Where one
// place matches whatever comes, the others do not matter.
func (m *matcher) closure(places []uint32) string {
	all := make([]uint32, 0, 2*len(places))
	for _, p := range places {
		for ; ; p++ {
			if m.all(p) {
				return string(binary.BigEndian.AppendUint32(nil, p))
			}
			all = append(all, p)
			if !m.elements[p].run {
				break
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	out := make([]byte, 0, 4*len(all))
	for _, p := range all {
		out = binary.BigEndian.AppendUint32(out, p)
	}
	return string(out)
}

func unpack(state string) []uint32 {
	out := make([]uint32, 0, len(state)/4)
	for b := []byte(state); len(b) > 0; b = b[4:] {
		out = append(out, binary.BigEndian.Uint32(b))
	}
	return out
}

func (m *matcher) accepts(state string) bool {
	return slices.ContainsFunc(unpack(state), func(p uint32) bool { return m.isEnd(p) || m.all(p) })
}

// arcs cuts the characters where a range of a reachable element begins or ends.
func (m *matcher) arcs(state string, add func(rune, string)) {
	places := unpack(state)
	ends := []rune{unicode.MaxRune}
	for _, p := range places {
		for _, r := range m.elements[p].of {
			ends = append(ends, r.high)
			if r.low > 0 {
				ends = append(ends, r.low-1)
			}
		}
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	m.t.spend(len(ends) * (1 + len(places)))
	var next []uint32
	for _, hi := range ends {
		next = next[:0]
		for _, p := range places {
			e := &m.elements[p]
			if !holds(e.of, hi) {
				continue
			}
			if !e.run {
				p++
			}
			next = append(next, p)
		}
		add(hi, m.closure(next))
	}
}

func holds(of []runeRange, r rune) bool {
	return slices.ContainsFunc(of, func(x runeRange) bool { return x.low <= r && r <= x.high })
}
