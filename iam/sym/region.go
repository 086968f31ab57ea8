package sym

import (
	"encoding/binary"
	"strconv"

	"github.com/assize-dev/assize/iam"
)

// kind is what the values of a key are.
type kind uint8

const (
	textKind kind = iota
	listKind
	numberKind
	dateKind
	addressKind
	atomKind // a comparison that stays whole: it holds (present) or does not (absent)
)

var scales = map[kind]*scale{numberKind: &numberScale, dateKind: &dateScale, addressKind: &addressScale}

// regionID is an interned region: equal sets of values have the same id.
type regionID int32

// region is a set of the values of one kind of key, with one value more for "absent".
type region struct {
	kind   kind
	absent bool
	text   textID // of textKind; anyText for an atom that holds
	spans  []span
	list   *family
}

// regions interns regions and remembers their combinations.
type regions struct {
	*texts
	list []region
	ids  map[string]regionID
	ands map[[2]regionID]regionID
	ors  map[[2]regionID]regionID
	nots map[regionID]regionID
}

func newRegions(limit int) *regions {
	return &regions{
		texts: newTexts(limit), ids: make(map[string]regionID), ands: make(map[[2]regionID]regionID),
		ors: make(map[[2]regionID]regionID), nots: make(map[regionID]regionID),
	}
}

func (x *regions) intern(r region) regionID {
	b := []byte{byte(r.kind), byte(boolBit(r.absent))}
	switch r.kind {
	case textKind, atomKind:
		b = strconv.AppendInt(b, int64(r.text), 10)
	case listKind:
		b = append(b, r.list.encode()...)
	case numberKind, dateKind, addressKind:
		for _, s := range r.spans {
			for _, p := range [...]point{s.from, s.to} {
				b = append(b, p.space)
				b = binary.BigEndian.AppendUint64(b, p.hi)
				b = binary.BigEndian.AppendUint64(b, p.lo)
			}
		}
	}
	if id, ok := x.ids[string(b)]; ok {
		return id
	}
	id := regionID(len(x.list))
	x.list = append(x.list, r)
	x.ids[string(b)] = id
	return id
}

// absent is the region of "no value".
func (x *regions) absent(k kind) regionID {
	r := region{kind: k, absent: true}
	if k == listKind {
		r.list = x.some(noText)
	}
	return x.intern(r)
}

// present is the region of every value.
func (x *regions) present(k kind) regionID { return x.not(x.absent(k)) }

// ofText is the region of the texts of a language.
func (x *regions) ofText(id textID) regionID { return x.intern(region{kind: textKind, text: id}) }

// ofSome is the region of lists with a value in a language.
func (x *regions) ofSome(id textID) regionID {
	return x.intern(region{kind: listKind, list: x.some(id)})
}

// ofSpans is the region of points.
func (x *regions) ofSpans(k kind, spans []span) regionID {
	return x.intern(region{kind: k, spans: scales[k].union(spans)})
}

func (x *regions) empty(id regionID) bool {
	r := &x.list[id]
	if r.absent {
		return false
	}
	if r.kind == listKind {
		return len(r.list.parts) == 1 && r.list.table[0] == 0
	}
	return r.text == noText && len(r.spans) == 0
}

func (x *regions) not(id regionID) regionID {
	out, ok := x.nots[id]
	if ok {
		return out
	}
	r := x.list[id]
	x.spend(1 + len(r.spans))
	n := region{kind: r.kind, absent: !r.absent}
	switch r.kind {
	case textKind, atomKind:
		n.text = x.texts.not(r.text)
	case listKind:
		n.list = x.combine(x.some(anyText), r.list, func(a, b bool) bool { return a && !b })
	case numberKind, dateKind, addressKind:
		n.spans = scales[r.kind].complement(r.spans)
	}
	out = x.intern(n)
	x.nots[id], x.nots[out] = out, id
	return out
}

func (x *regions) and(a, b regionID) regionID {
	if a == b {
		return a
	}
	if a > b {
		a, b = b, a
	}
	key := [2]regionID{a, b}
	out, ok := x.ands[key]
	if ok {
		return out
	}
	p, q := x.list[a], x.list[b]
	x.spend(1 + len(p.spans) + len(q.spans))
	n := region{kind: p.kind, absent: p.absent && q.absent}
	switch p.kind {
	case textKind, atomKind:
		n.text = x.texts.and(p.text, q.text)
	case listKind:
		n.list = x.combine(p.list, q.list, func(a, b bool) bool { return a && b })
	case numberKind, dateKind, addressKind:
		n.spans = intersect(p.spans, q.spans)
	}
	out = x.intern(n)
	x.ands[key] = out
	return out
}

func (x *regions) or(a, b regionID) regionID {
	if a == b {
		return a
	}
	if a > b {
		a, b = b, a
	}
	key := [2]regionID{a, b}
	out, ok := x.ors[key]
	if ok {
		return out
	}
	p, q := x.list[a], x.list[b]
	x.spend(1 + len(p.spans) + len(q.spans))
	n := region{kind: p.kind, absent: p.absent || q.absent}
	switch p.kind {
	case textKind, atomKind:
		n.text = x.texts.or(p.text, q.text)
	case listKind:
		n.list = x.combine(p.list, q.list, func(a, b bool) bool { return a || b })
	case numberKind, dateKind, addressKind:
		n.spans = scales[p.kind].union(append(append([]span(nil), p.spans...), q.spans...))
	}
	out = x.intern(n)
	x.ors[key] = out
	return out
}

// holdsValue says whether the values of a key lie in the region; none means that it is absent.
func (x *regions) holdsValue(id regionID, values []string) bool {
	r := &x.list[id]
	if len(values) == 0 {
		return r.absent
	}
	switch r.kind {
	case listKind:
		return x.containsList(r.list, values)
	case textKind, atomKind:
		return x.contains(r.text, values[0])
	case numberKind, dateKind, addressKind:
	}
	return contains(r.spans, pointOf(r.kind, values[0]))
}

// pointOf reads a value of a key that has an order.
func pointOf(k kind, s string) point {
	switch k {
	case numberKind:
		if f, ok := iam.ReadNumber(s); ok {
			return numberPoint(f)
		}
	case dateKind:
		if seconds, nanos, ok := iam.ReadInstant(s); ok {
			return datePoint(seconds, nanos)
		}
	case addressKind:
		if a, ok := iam.ReadAddress(s); ok {
			return addressPoint(a)
		}
	case textKind, listKind, atomKind:
	}
	return invalidPoint
}
