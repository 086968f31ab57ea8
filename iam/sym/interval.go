package sym

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
)

// point is a value of a key that has an order. Addresses use space 0 for IPv4 and 1 for
// IPv6; text that is no value of the key's type is one point after all others.
type point struct {
	space  uint8
	hi, lo uint64
}

// invalidSpace holds the one point that stands for text that cannot be read.
const invalidSpace = 255

var invalidPoint = point{space: invalidSpace}

func (p point) compare(q point) int {
	return cmp.Or(cmp.Compare(p.space, q.space), cmp.Compare(p.hi, q.hi), cmp.Compare(p.lo, q.lo))
}

// scale is the order of the points of a kind of key.
type scale struct {
	first, last point  // before invalidPoint
	loMax       uint64 // greatest lo beside each hi
	spaces      bool   // IPv4 before IPv6
}

var (
	numberScale  = scale{last: point{lo: math.MaxUint64}, loMax: math.MaxUint64}
	dateScale    = scale{last: point{hi: math.MaxUint64, lo: nanosPerSecond - 1}, loMax: nanosPerSecond - 1}
	addressScale = scale{last: point{1, math.MaxUint64, math.MaxUint64}, loMax: math.MaxUint64, spaces: true}
)

const nanosPerSecond = 1_000_000_000

var lastIPv4 = point{0, 0, math.MaxUint32}

// next is the point after p; ok is false after the last.
func (s *scale) next(p point) (next point, ok bool) {
	switch {
	case p.space == invalidSpace:
		return p, false
	case p == s.last:
		return invalidPoint, true
	case s.spaces && p == lastIPv4:
		return point{space: 1}, true
	case p.lo == s.loMax:
		return point{p.space, p.hi + 1, 0}, true
	}
	return point{p.space, p.hi, p.lo + 1}, true
}

// prior is the point before p; ok is false before the first.
func (s *scale) prior(p point) (prior point, ok bool) {
	switch {
	case p == s.first:
		return p, false
	case p.space == invalidSpace:
		return s.last, true
	case s.spaces && p == point{space: 1}:
		return lastIPv4, true
	case p.lo == 0:
		return point{p.space, p.hi - 1, s.loMax}, true
	}
	return point{p.space, p.hi, p.lo - 1}, true
}

// span is a run of points, both ends included.
type span struct {
	from, to point
}

// union sorts spans and joins those that touch, so that equal sets have equal spans.
func (s *scale) union(spans []span) []span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b span) int { return a.from.compare(b.from) })
	var out []span
	for _, x := range sorted {
		if len(out) > 0 {
			last := &out[len(out)-1]
			after, more := s.next(last.to)
			if !more || x.from.compare(after) <= 0 {
				if x.to.compare(last.to) > 0 {
					last.to = x.to
				}
				continue
			}
		}
		out = append(out, x)
	}
	return out
}

// complement gives the points outside of canonical spans.
func (s *scale) complement(spans []span) []span {
	var out []span
	from := s.first
	for _, x := range spans {
		if before, ok := s.prior(x.from); ok && from.compare(before) <= 0 {
			out = append(out, span{from, before})
		}
		after, more := s.next(x.to)
		if !more {
			return out
		}
		from = after
	}
	return append(out, span{from, invalidPoint})
}

// intersect gives the points in both of two canonical lists.
func intersect(a, b []span) []span {
	var out []span
	for i, j := 0, 0; i < len(a) && j < len(b); {
		x := span{from: a[i].from, to: a[i].to}
		if b[j].from.compare(x.from) > 0 {
			x.from = b[j].from
		}
		if b[j].to.compare(x.to) < 0 {
			x.to = b[j].to
		}
		if x.from.compare(x.to) <= 0 {
			out = append(out, x)
		}
		if a[i].to.compare(b[j].to) < 0 {
			i++
		} else {
			j++
		}
	}
	return out
}

func contains(spans []span, p point) bool {
	for _, x := range spans {
		if x.from.compare(p) <= 0 && p.compare(x.to) <= 0 {
			return true
		}
	}
	return false
}

// compared gives the points less than, equal to and greater than p, as asked.
func (s *scale) compared(p point, less, equal, greater bool) []span {
	var out []span
	if before, ok := s.prior(p); less && ok {
		out = append(out, span{s.first, before})
	}
	if equal {
		out = append(out, span{p, p})
	}
	if after, ok := s.next(p); greater && ok && after != invalidPoint {
		out = append(out, span{after, s.last})
	}
	return s.union(out)
}

// numberZero is the point of the number zero; the order of float64 runs to both sides of it.
const numberZero = 1 << 63

func numberPoint(f float64) point {
	if f < 0 {
		return point{lo: numberZero - math.Float64bits(-f)}
	}
	return point{lo: numberZero + math.Float64bits(math.Abs(f))}
}

func (p point) number() float64 {
	if p.lo < numberZero {
		return -math.Float64frombits(numberZero - p.lo)
	}
	return math.Float64frombits(p.lo - numberZero)
}

// exactNumber is the bound below which integers and float64 agree.
const exactNumber = 1 << 53

func datePoint(seconds, nanos int64) point {
	return point{hi: uint64(seconds) ^ numberZero, lo: uint64(nanos)}
}

func (p point) date() (seconds, nanos int64) {
	return int64(p.hi ^ numberZero), int64(p.lo)
}

func addressPoint(a netip.Addr) point {
	if a.Is4() {
		b := a.As4()
		return point{lo: uint64(b[0])<<24 | uint64(b[1])<<16 | uint64(b[2])<<8 | uint64(b[3])}
	}
	b := a.As16()
	p := point{space: 1}
	for i := range 8 {
		p.hi = p.hi<<8 | uint64(b[i])
		p.lo = p.lo<<8 | uint64(b[i+8])
	}
	return p
}

func (p point) address() netip.Addr {
	if p.space == 0 {
		return netip.AddrFrom4([4]byte{byte(p.lo >> 24), byte(p.lo >> 16), byte(p.lo >> 8), byte(p.lo)})
	}
	var b [16]byte
	for i := range 8 {
		b[i] = byte(p.hi >> (56 - 8*i))
		b[i+8] = byte(p.lo >> (56 - 8*i))
	}
	return netip.AddrFrom16(b)
}

// networkSpan is the run of addresses of a network.
func networkSpan(n netip.Prefix) span {
	from := addressPoint(n.Masked().Addr())
	to := from
	free := n.Addr().BitLen() - n.Bits()
	to.lo |= ones(min(free, 64))
	to.hi |= ones(max(free-64, 0))
	return span{from, to}
}

func ones(n int) uint64 { return uint64(1)<<n - 1 }
