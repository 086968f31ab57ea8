package assess

import (
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
)

// cause is what stands behind one unknown value: why it is not known, or which
// field of the profile a person has to set.
type cause struct {
	unknown *assize.Unknown
	profile string
	value   *types.Unknown // CEL's, made once: each has a map
}

// causes finds the cause of an unknown value by its id. What belongs to one subject
// is forgotten with it, so that a run over many subjects keeps nothing of each; what
// belongs to the profile, to objects found by look-ups and to cached lists stays.
type causes struct {
	kept    []cause
	ids     map[*assize.Unknown]int64 // of kept
	values  map[*types.Unknown]int64  // of kept
	passing []cause
	short   shortList
	single  [1]int64 // that idsOf returns
}

// shortList is the last value that shortened made: along a list it makes the same again and again.
type shortList struct {
	ids   []int64
	value *types.Unknown
}

// firstPassing is the id of the first cause that passes; those of kept ones are below.
const firstPassing = 1 << 32

func newCauses() *causes {
	return &causes{ids: map[*assize.Unknown]int64{}, values: map[*types.Unknown]int64{}}
}

// pass returns the value of a cause that the next forget drops.
func (s *causes) pass(k cause) *types.Unknown {
	k.value = types.NewUnknown(firstPassing+int64(len(s.passing)), nil)
	s.passing = append(s.passing, k)
	return k.value
}

// keep returns the value of a cause that stays, the same for the same Unknown.
func (s *causes) keep(k cause) *types.Unknown {
	if id, ok := s.ids[k.unknown]; ok && k.unknown != nil {
		return s.kept[id].value
	}
	id := int64(len(s.kept))
	k.value = types.NewUnknown(id, nil)
	s.kept = append(s.kept, k)
	s.values[k.value] = id
	if k.unknown != nil {
		s.ids[k.unknown] = id
	}
	return k.value
}

// forget drops what passes. Values made before then have no cause any more.
func (s *causes) forget() {
	clear(s.passing)
	s.passing = s.passing[:0]
	s.short = shortList{}
}

// of returns the cause behind an id; ok is false for ids of no cause.
func (s *causes) of(id int64) (k cause, ok bool) {
	from := s.kept
	if id >= firstPassing {
		from, id = s.passing, id-firstPassing
	}
	if id < 0 || id >= int64(len(from)) {
		return cause{}, false
	}
	return from[id], true
}

// mostLooked is how many of the causes that pass idsOf compares.
const mostLooked = 32

// idsOf is u.IDs(), without memory of its own for the value of one of the latest causes that
// pass, as most are, or of one that stays. What it returns holds until it is called again.
func (s *causes) idsOf(u *types.Unknown) []int64 {
	for i := len(s.passing) - 1; i >= 0 && i >= len(s.passing)-mostLooked; i-- {
		if s.passing[i].value == u {
			s.single[0] = firstPassing + int64(i)
			return s.single[:]
		}
	}
	if id, ok := s.values[u]; ok {
		s.single[0] = id
		return s.single[:]
	}
	return u.IDs()
}

// explain chooses the cause to report of an unknown result: the first of the
// closed list; the profile only where nothing else is missing.
func (s *causes) explain(u *types.Unknown) cause {
	k, _ := s.first(s.idsOf(u))
	return k
}

// first is what explain chooses among ids, and its id.
func (s *causes) first(ids []int64) (best cause, at int64) {
	for _, id := range ids {
		k, ok := s.of(id)
		switch {
		case !ok:
		case k.unknown == nil:
			if best.unknown == nil && best.profile == "" {
				best, at = k, id
			}
		case best.unknown == nil || k.unknown.Cause.Before(best.unknown.Cause):
			best, at = k, id
		}
	}
	return best, at
}

// deferred reports whether only the live account can say what is unknown.
func (s *causes) deferred(u *types.Unknown) bool {
	for _, id := range s.idsOf(u) {
		if k, ok := s.of(id); !ok || k.unknown == nil || k.unknown.Cause != assize.DeferredToLive {
			return false
		}
	}
	return true
}

// mostCauses is how many causes an unknown value keeps, the one to report among them. More than one say that it is not
// the name of one resource.
const mostCauses = 3

// shortened keeps no more than mostCauses: each step over a list would otherwise copy those of
// all steps before it.
func (s *causes) shortened(u *types.Unknown) *types.Unknown {
	ids := s.idsOf(u)
	if len(ids) <= mostCauses {
		return u
	}
	_, at := s.first(ids)
	ids = append(ids[:mostCauses-1:mostCauses-1], at)
	if !slices.Equal(ids, s.short.ids) {
		s.short = shortList{ids: ids, value: s.merged(ids)}
	}
	return s.short.value
}

// merged is the value of all ids, by halves: each merge copies both sides.
func (s *causes) merged(ids []int64) *types.Unknown {
	if n := len(ids) / 2; n > 0 {
		return types.MergeUnknowns(s.merged(ids[:n]), s.merged(ids[n:]))
	}
	if k, ok := s.of(ids[0]); ok {
		return k.value
	}
	return types.NewUnknown(ids[0], nil)
}

// converter makes values of rules. One makes those that last as long as a subject,
// another those that stay.
type converter struct {
	causes *causes
	kept   bool
}

// unknown makes CEL's unknown value, whose id leads back to the cause.
func (v *converter) unknown(u *assize.Unknown) ref.Val { return v.of(cause{unknown: u}) }

// manual is the unknown of a profile's field that nobody has set.
func (v *converter) manual(field string) ref.Val { return v.of(cause{profile: field}) }

func (v *converter) of(k cause) ref.Val {
	if v.kept {
		return v.causes.keep(k)
	}
	return v.causes.pass(k)
}
