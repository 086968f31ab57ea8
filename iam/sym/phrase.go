package sym

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// named is a region that a policy speaks of, in words.
type named struct {
	where regionID
	is    string
	isNot string
}

// name keeps what a comparison calls a region of texts or lists. Other regions read well as
// they are.
func (e *Engine) name(c iam.Comparison, m match) {
	if m.kind != textKind && m.kind != listKind {
		return
	}
	is, isNot := "= ", "≠ "
	if operator := strings.ToLower(c.Operator()); strings.Contains(operator, "like") || strings.Contains(operator, "arn") {
		is, isNot = "like ", "not like "
	}
	values := quoted(c.Texts())
	if m.kind == textKind {
		e.remember(m.key, named{m.yes, is + values, isNot + values})
		return
	}
	if m.negated {
		is, isNot = isNot, is
	}
	where := e.listsIn(m, iam.PrimaryReading, false)
	if m.quantity == iam.EveryValue {
		e.remember(m.key, named{where, "has only values " + is + values, "has a value " + isNot + values})
		return
	}
	e.remember(m.key, named{where, "has a value " + is + values, "has only values " + isNot + values})
}

func (e *Engine) remember(k keyID, n named) {
	if !slices.ContainsFunc(e.named[k], func(o named) bool { return o.where == n.where }) {
		e.named[k] = append(e.named[k], n)
	}
}

func quoted(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprintf("%q", v)
		if v == "true" || v == "false" {
			out[i] = v
		}
	}
	return strings.Join(out, " or ")
}

// phrase says what a region demands of a key among the values that the theory leaves it. It is
// "" for a region that demands nothing.
func (e *Engine) phrase(k keyID, where, valid regionID) string {
	x := &e.keys.list[k]
	present := e.f.present(x.kind)
	where = e.f.regions.and(where, valid)
	some, every := e.f.regions.and(where, present), e.f.regions.and(valid, present)
	absent := e.f.regions.list[where].absent
	switch {
	case where == valid:
		return ""
	case e.f.empty(some):
		return "is absent"
	case some == every && !absent:
		return "is present"
	}
	text := e.phrasePresent(k, some, every)
	if absent {
		return text + ", or is absent"
	}
	return text
}

// phrasePresent says what values a key has.
func (e *Engine) phrasePresent(k keyID, some, every regionID) string {
	others := e.f.regions.and(every, e.f.regions.not(some))
	x := &e.keys.list[k]
	if scales[x.kind] != nil {
		in, out := spellSpans(x.kind, e.f.regions.list[some].spans), spellSpans(x.kind, e.f.regions.list[others].spans)
		if x.kind != addressKind {
			return "is " + strings.Join(in, ", or ")
		}
		if len(out) < len(in) {
			return "is outside " + strings.Join(out, ", ")
		}
		return "is in " + strings.Join(in, ", ")
	}
	if x.kind == textKind {
		if words, ok := e.f.words(e.f.regions.list[some].text); ok {
			return "= " + quoted(words)
		}
	}
	for _, n := range e.named[k] {
		switch e.f.regions.and(n.where, every) {
		case some:
			return n.is
		case others:
			return n.isNot
		}
	}
	if x.kind == textKind {
		if words, ok := e.f.words(e.f.regions.list[others].text); ok {
			return "≠ " + quoted(words)
		}
	}
	return e.phraseNames(k, some, every, 0)
}

// maxSplit bounds the alternatives of one key.
const maxSplit = 6

// phraseNames says a region in terms of those that policies speak of: it is always a
// combination of them.
func (e *Engine) phraseNames(k keyID, some, every regionID, depth int) string {
	var parts []named // is: what holds for the whole region
	left, split := every, regionID(-1)
	for _, n := range e.named[k] {
		inside := e.f.regions.and(some, n.where)
		switch {
		case inside == some:
		case e.f.empty(inside):
			n.where, n.is = e.f.regions.not(n.where), n.isNot
		default:
			split = n.where
			continue
		}
		if next := e.f.regions.and(left, n.where); next != left {
			left, parts = next, append(parts, n)
		}
	}
	if left == some {
		return e.joinNames(parts, some, every)
	}
	if split < 0 || depth == maxSplit {
		values, _ := e.f.sampleRegion(some)
		return "has values such as " + quoted(values)
	}
	return e.phraseNames(k, e.f.regions.and(some, split), every, depth+1) + ", or " +
		e.phraseNames(k, e.f.regions.and(some, e.f.regions.not(split)), every, depth+1)
}

// joinNames leaves out the names that the others make needless: a key's names are those of all
// policies that the engine has seen.
func (e *Engine) joinNames(parts []named, some, every regionID) string {
	for i := 0; i < len(parts); {
		rest := every
		for j, p := range parts {
			if j != i {
				rest = e.f.regions.and(rest, p.where)
			}
		}
		if rest == some {
			parts = slices.Delete(parts, i, i+1)
		} else {
			i++
		}
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.is
	}
	return strings.Join(texts, " and ")
}

// maxWords bounds the texts that are listed one by one.
const maxWords = 12

// words lists a small finite language.
func (t *texts) words(id textID) (out []string, ok bool) {
	a := t.list[id]
	if len(a.accept) > 64*maxWords {
		return nil, false
	}
	dead := t.deadState(a)
	var walk func(state int32, text []rune) bool
	walk = func(state int32, text []rune) bool {
		if len(text) > len(a.accept) || len(out) > maxWords {
			return false
		}
		if a.accept[state] {
			out = append(out, string(text))
		}
		low := rune(0)
		for _, x := range a.arcs[state] {
			if x.to != dead && (x.hi != low || !walk(x.to, append(text, low))) {
				return false
			}
			low = x.hi + 1
		}
		return true
	}
	ok = walk(0, nil) && len(out) > 0 && len(out) <= maxWords
	return out, ok
}

// deadState is the state that no text leads out of to an accepting one, -1 when there is none.
func (t *texts) deadState(a *automaton) int32 {
	for i, arcs := range a.arcs {
		if !a.accept[i] && len(arcs) == 1 && arcs[0].to == int32(i) {
			return int32(i)
		}
	}
	return -1
}

// spellSpans writes runs of points: networks for addresses, ends for numbers and dates.
func spellSpans(k kind, spans []span) []string {
	var out []string
	for _, s := range spans {
		if s.to == invalidPoint {
			out = append(out, "what is no "+map[kind]string{numberKind: "number", dateKind: "date", addressKind: "address"}[k])
			if s.from == invalidPoint {
				continue
			}
			s.to = scales[k].last
		}
		if k == addressKind {
			out = append(out, spellNetworks(s)...)
			continue
		}
		out = append(out, spellRun(k, s))
	}
	return out
}

// endWords introduce the ends of a run: the least value, or the one before it; the greatest,
// or the one after it.
var endWords = map[kind][4]string{
	numberKind: {"at least ", "above ", "at most ", "below "},
	dateKind:   {"from ", "after ", "until ", "before "},
}

// spellRun writes a run of numbers or dates. An end that is written shorter by its
// neighbour, such as 3599.9999999999995, is written by it.
func spellRun(k kind, s span) string {
	from, hasFrom := spellPoint(k, s.from)
	to, hasTo := spellPoint(k, s.to)
	if s.from == s.to {
		return from
	}
	words := endWords[k]
	var ends []string
	if hasFrom {
		before, _ := scales[k].prior(s.from)
		ends = append(ends, shorter(k, words[0]+from, words[1], before))
	}
	if hasTo {
		after, _ := scales[k].next(s.to)
		ends = append(ends, shorter(k, words[2]+to, words[3], after))
	}
	return strings.Join(ends, " and ")
}

// shorter is the text, or the neighbour of what it tells where that is written shorter.
func shorter(k kind, text, word string, neighbour point) string {
	if other, ok := spellPoint(k, neighbour); ok && len(word+other)+4 < len(text) {
		return word + other
	}
	return text
}

// maxNetworks bounds the networks of a run of addresses; longer runs are written by their ends.
const maxNetworks = 8

func spellNetworks(s span) []string {
	var out []string
	if s.from.space != s.to.space {
		out = append(out, spellNetworks(span{s.from, lastIPv4})...)
		s.from = point{space: 1}
	}
	for start, at := len(out), s.from; at.compare(s.to) <= 0; {
		size := 0
		for bits := at.address().BitLen(); size < bits; size++ {
			n := netip.PrefixFrom(at.address(), bits-size-1)
			if run := networkSpan(n); run.from != at || run.to.compare(s.to) > 0 {
				break
			}
		}
		n := netip.PrefixFrom(at.address(), at.address().BitLen()-size)
		out = append(out, n.String())
		if len(out)-start > maxNetworks {
			return append(out[:start], s.from.address().String()+" to "+s.to.address().String())
		}
		next, _ := addressScale.next(networkSpan(n).to)
		if next.space != at.space {
			break
		}
		at = next
	}
	return out
}
