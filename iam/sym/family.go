package sym

import (
	"encoding/binary"
	"slices"
)

// family is a set of lists: which of its parts a list has values in decides whether the
// list belongs. The parts are disjoint and cover every text; table has a bit for each
// combination of parts, numbered by the parts that have values. The empty list, which
// counts as an absent key, is never in a family.
type family struct {
	parts []textID
	table []uint64
}

// maxParts bounds the parts of a family: a table has two to that power bits.
const maxParts = 12

func newTable(parts int) []uint64 { return make([]uint64, (1<<parts+63)/64) }

func bit(table []uint64, i int) bool { return table[i/64]>>(i%64)&1 != 0 }

func setBit(table []uint64, i int) { table[i/64] |= 1 << (i % 64) }

// some is the family of lists with a value in a language.
func (t *texts) some(id textID) *family {
	switch id {
	case noText:
		return &family{parts: []textID{anyText}, table: []uint64{0}}
	case anyText:
		return &family{parts: []textID{anyText}, table: []uint64{0b10}}
	}
	return t.canonical(&family{parts: []textID{id, t.not(id)}, table: []uint64{0b1010}})
}

// combine gives the lists for which op holds of belonging to a and to b; op is false of neither.
func (t *texts) combine(a, b *family, op func(a, b bool) bool) *family {
	out := &family{}
	var inA, inB []int // which part of a and of b each new part lies in
	for i, x := range a.parts {
		for j, y := range b.parts {
			if both := t.and(x, y); both != noText {
				out.parts = append(out.parts, both)
				inA, inB = append(inA, i), append(inB, j)
			}
		}
	}
	if len(out.parts) > maxParts {
		panic(overBudget{"the conditions on the values of a list are too many"})
	}
	out.table = newTable(len(out.parts))
	for mask := 1; mask < 1<<len(out.parts); mask++ {
		maskA, maskB := 0, 0
		for k := range out.parts {
			if mask>>k&1 != 0 {
				maskA |= 1 << inA[k]
				maskB |= 1 << inB[k]
			}
		}
		if op(bit(a.table, maskA), bit(b.table, maskB)) {
			setBit(out.table, mask)
		}
	}
	return t.canonical(out)
}

// canonical joins the parts that the family does not tell apart and orders them, so that
// equal families are equal in form.
func (t *texts) canonical(f *family) *family {
	for i := 0; i < len(f.parts); i++ {
		for j := i + 1; j < len(f.parts); j++ {
			if f.indifferent(i, j) {
				f = t.joined(f, i, j)
				j = i
			}
		}
	}
	order := make([]int, len(f.parts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(f.parts[a]) - int(f.parts[b]) })
	out := &family{table: newTable(len(order))}
	for _, from := range order {
		out.parts = append(out.parts, f.parts[from])
	}
	for mask := 1; mask < 1<<len(order); mask++ {
		old := 0
		for k, from := range order {
			old |= (mask >> k & 1) << from
		}
		if bit(f.table, old) {
			setBit(out.table, mask)
		}
	}
	return out
}

// indifferent says whether only having a value in part i or in part j counts, not in which.
func (f *family) indifferent(i, j int) bool {
	for mask := range 1 << len(f.parts) {
		if mask>>i&1 != 0 || mask>>j&1 != 0 {
			continue
		}
		onlyI, onlyJ, both := bit(f.table, mask|1<<i), bit(f.table, mask|1<<j), bit(f.table, mask|1<<i|1<<j)
		if onlyI != onlyJ || onlyI != both {
			return false
		}
	}
	return true
}

// joined makes one of the parts i and j, at the place of i.
func (t *texts) joined(f *family, i, j int) *family {
	out := &family{parts: slices.Delete(slices.Clone(f.parts), j, j+1)}
	out.parts[i] = t.or(f.parts[i], f.parts[j])
	out.table = newTable(len(out.parts))
	for mask := 1; mask < 1<<len(out.parts); mask++ {
		low := mask & (1<<j - 1)
		if old := low | (mask-low)<<1; bit(f.table, old) {
			setBit(out.table, mask)
		}
	}
	return out
}

func (f *family) encode() string {
	var b []byte
	for _, p := range f.parts {
		b = binary.AppendUvarint(b, uint64(p))
	}
	for _, w := range f.table {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	return string(b)
}

// contains says whether a list belongs to the family.
func (t *texts) containsList(f *family, values []string) bool {
	mask := 0
	for k, part := range f.parts {
		if slices.ContainsFunc(values, func(v string) bool { return t.contains(part, v) }) {
			mask |= 1 << k
		}
	}
	return bit(f.table, mask)
}

// sampleList gives a shortest list of the family.
func (t *texts) sampleList(f *family) ([]string, bool) {
	best, size := 0, len(f.parts)+1
	for mask := 1; mask < 1<<len(f.parts); mask++ {
		n := 0
		for k := range f.parts {
			n += mask >> k & 1
		}
		if bit(f.table, mask) && n < size {
			best, size = mask, n
		}
	}
	var out []string
	for k, part := range f.parts {
		if best>>k&1 != 0 {
			text, _ := t.sample(part)
			out = append(out, text)
		}
	}
	return out, best != 0
}
