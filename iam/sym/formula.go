package sym

import (
	"encoding/binary"
	"math/bits"

	"github.com/assize-dev/assize/iam"
)

// formulaID is an interned formula; equal formulas have the same id.
type formulaID int32

const (
	nothing    formulaID = iota // never, in every reading
	everything                  // always, in every reading
)

// formula is one function of the context for each reading of the policies (see
// [iam.Readings]). Readings nearly always agree, so it keeps the primary one and those that
// differ from it.
type formula struct {
	base   nodeID
	others []other // in order of reading
}

// other is what a reading other than the primary says.
type other struct {
	reading iam.Readings // one bit
	to      nodeID
}

func (f *formula) at(r iam.Readings) nodeID {
	for _, o := range f.others {
		if o.reading == r {
			return o.to
		}
	}
	return f.base
}

// formulas interns formulas.
type formulas struct {
	*diagrams
	list  []formula
	plain map[nodeID]formulaID // formulas whose readings agree
	mixed map[string]formulaID
	both  map[[2]formulaID]formulaID
}

func newFormulas(b Budget) *formulas {
	f := &formulas{
		diagrams: newDiagrams(b), plain: make(map[nodeID]formulaID),
		mixed: make(map[string]formulaID), both: make(map[[2]formulaID]formulaID),
	}
	f.agreed(never)
	f.agreed(always)
	return f
}

// agreed is the formula that all readings share.
func (f *formulas) agreed(n nodeID) formulaID {
	id, ok := f.plain[n]
	if !ok {
		id = formulaID(len(f.list))
		f.list = append(f.list, formula{base: n})
		f.plain[n] = id
	}
	return id
}

// combined builds a formula of what each reading says; only the readings of differ, beside
// the primary one, can say something else than it.
func (f *formulas) combined(differ iam.Readings, says func(r iam.Readings) nodeID) formulaID {
	x := formula{base: says(iam.PrimaryReading)}
	for left := differ &^ iam.PrimaryReading; left != 0; left &= left - 1 {
		r := iam.Readings(1) << bits.TrailingZeros32(uint32(left))
		if to := says(r); to != x.base {
			x.others = append(x.others, other{r, to})
		}
	}
	if len(x.others) == 0 {
		return f.agreed(x.base)
	}
	key := binary.AppendUvarint(nil, uint64(x.base))
	for _, o := range x.others {
		key = binary.AppendUvarint(key, uint64(o.reading))
		key = binary.AppendUvarint(key, uint64(o.to))
	}
	id, ok := f.mixed[string(key)]
	if !ok {
		id = formulaID(len(f.list))
		f.list = append(f.list, x)
		f.mixed[string(key)] = id
	}
	return id
}

// constant holds in some readings whatever the context.
func (f *formulas) constant(r iam.Readings) formulaID {
	if r == 0 {
		return nothing
	}
	if r == iam.AllReadings {
		return everything
	}
	return f.combined(iam.AllReadings, func(bit iam.Readings) nodeID {
		if r&bit != 0 {
			return always
		}
		return never
	})
}

// differing are the readings of two formulas that may not agree with the primary one.
func (f *formulas) differing(a, b formulaID) iam.Readings {
	var out iam.Readings
	for _, id := range [...]formulaID{a, b} {
		for _, o := range f.list[id].others {
			out |= o.reading
		}
	}
	return out
}

func (f *formulas) and(a, b formulaID) formulaID {
	switch {
	case a == nothing || b == nothing:
		return nothing
	case a == everything || a == b:
		return b
	case b == everything:
		return a
	case a > b:
		a, b = b, a
	}
	key := [2]formulaID{a, b}
	out, ok := f.both[key]
	if !ok {
		out = f.combined(f.differing(a, b), func(r iam.Readings) nodeID {
			return f.diagrams.and(f.list[a].at(r), f.list[b].at(r))
		})
		f.both[key] = out
	}
	return out
}

func (f *formulas) not(a formulaID) formulaID { return f.each(a, f.diagrams.not) }

func (f *formulas) or(a, b formulaID) formulaID {
	switch {
	case a == everything || b == everything:
		return everything
	case a == nothing || a == b:
		return b
	case b == nothing:
		return a
	}
	return f.not(f.and(f.not(a), f.not(b)))
}

// butNot is a without b.
func (f *formulas) butNot(a, b formulaID) formulaID {
	if b == nothing {
		return a
	}
	return f.and(a, f.not(b))
}

// each applies a function of diagrams to every reading.
func (f *formulas) each(a formulaID, do func(nodeID) nodeID) formulaID {
	return f.combined(f.differing(a, a), func(r iam.Readings) nodeID { return do(f.list[a].at(r)) })
}

// reading is a, but in one reading b.
func (f *formulas) reading(r iam.Readings, a, b formulaID) formulaID {
	return f.combined(f.differing(a, b)|r, func(bit iam.Readings) nodeID {
		if bit == r {
			return f.list[b].at(bit)
		}
		return f.list[a].at(bit)
	})
}
