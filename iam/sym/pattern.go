package sym

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"sort"
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
	m := matcher{patterns: patterns}
	id := t.intern(explore(t.limit, m.closure(m.starts()), m.accepts, m.arcs).minimal())
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

// matcher follows several patterns at once. A state is the set of places reached, packed
// into a string: a pattern and a place in it, four bytes each, in order.
type matcher struct {
	patterns [][]element
}

type place struct{ pattern, at uint32 }

func (m *matcher) starts() []place {
	out := make([]place, len(m.patterns))
	for i := range out {
		out[i].pattern = uint32(i)
	}
	return out
}

// closure adds the places behind runs, which may be empty, and packs them.
func (m *matcher) closure(places []place) string {
	seen := make(map[place]bool, len(places))
	var all []place
	for _, p := range places {
		for ; !seen[p]; p.at++ {
			seen[p] = true
			all = append(all, p)
			e := m.patterns[p.pattern]
			if int(p.at) == len(e) || !e[p.at].run {
				break
			}
		}
	}
	sort.Slice(all, func(i, j int) bool {
		return all[i].pattern < all[j].pattern || all[i].pattern == all[j].pattern && all[i].at < all[j].at
	})
	out := make([]byte, 0, 8*len(all))
	for _, p := range all {
		out = binary.BigEndian.AppendUint32(out, p.pattern)
		out = binary.BigEndian.AppendUint32(out, p.at)
	}
	return string(out)
}

func unpack(state string) []place {
	out := make([]place, 0, len(state)/8)
	for b := []byte(state); len(b) > 0; b = b[8:] {
		out = append(out, place{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])})
	}
	return out
}

func (m *matcher) accepts(state string) bool {
	return slices.ContainsFunc(unpack(state), func(p place) bool { return int(p.at) == len(m.patterns[p.pattern]) })
}

// arcs cuts the characters where a range of a reachable element begins or ends.
func (m *matcher) arcs(state string, add func(rune, string)) {
	places := unpack(state)
	ends := []rune{unicode.MaxRune}
	for _, p := range places {
		if e := m.patterns[p.pattern]; int(p.at) < len(e) {
			for _, r := range e[p.at].of {
				ends = append(ends, r.high)
				if r.low > 0 {
					ends = append(ends, r.low-1)
				}
			}
		}
	}
	slices.Sort(ends)
	for _, hi := range slices.Compact(ends) {
		var next []place
		for _, p := range places {
			e := m.patterns[p.pattern]
			if int(p.at) == len(e) || !holds(e[p.at].of, hi) {
				continue
			}
			if !e[p.at].run {
				p.at++
			}
			next = append(next, p)
		}
		add(hi, m.closure(next))
	}
}

func holds(of []runeRange, r rune) bool {
	return slices.ContainsFunc(of, func(x runeRange) bool { return x.low <= r && r <= x.high })
}
