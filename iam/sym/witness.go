package sym

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Witness gives a context inside of a set: the keys with their values; every other key that
// neither the principal nor the check fixes is absent. ok is false for an empty or inconclusive
// set, and for one whose every context depends on a comparison that no region can tell (see
// [Set.Conditional]); for those see [Engine.WitnessFor].
func (e *Engine) Witness(s Set) (context map[string][]string, ok bool) {
	if !s.Decided() {
		return nil, false
	}
	context = map[string][]string{}
	if !e.walk(s.primary(), context, map[nodeID]bool{}) {
		return nil, false
	}
	if e.keys.alias {
		sameTime(context)
	}
	return context, true
}

// walk finds a way to always that passes no atom. dead are the nodes without one.
func (e *Engine) walk(n nodeID, context map[string][]string, dead map[nodeID]bool) bool {
	if n <= always || dead[n] {
		return n == always
	}
	x := &e.f.nodes[n]
	k := &e.keys.list[x.key]
	if k.kind == atomKind {
		dead[n] = true
		return false
	}
	for _, edge := range e.inOrder(k, x.edges) {
		values, ok := e.sample(k, edge.where)
		if edge.to == never || !ok || !e.walk(edge.to, context, dead) {
			continue
		}
		if values != nil {
			context[k.name] = values
		}
		return true
	}
	dead[n] = true
	return false
}

// inOrder gives the edges with what most requests have first: an address, then the usual value, then
// as little as can be.
func (e *Engine) inOrder(k *key, edges []edge) []edge {
	rank := func(x edge) int {
		absent, value := e.f.regions.list[x.where].absent, usual[k.name]
		switch {
		case k.name == keySourceIP:
			return boolBit(absent)
		case absent:
			return 0
		case value != "" && e.f.holdsValue(x.where, []string{value}):
			return 1
		}
		return 2
	}
	out := slices.Clone(edges)
	slices.SortStableFunc(out, func(a, b edge) int { return rank(a) - rank(b) })
	return out
}

// usual are the values of a request that has nothing special to it.
var usual = map[string]string{
	keySecureTransport: "true", keyMFAPresent: "true", keyViaService: "false", "aws:PrincipalIsAWSService": "false",
	"aws:ViaAWSMCPService": "false", "aws:IsMcpServiceAction": "false", "aws:AssumedRoot": "false",
	keySourceVpce: "vpce-0a1b2c3d4e5f60718", keySourceVpc: "vpc-0a1b2c3d4e5f60718", keyVpcSourceIP: "10.0.0.7",
}

// sample gives a key a value of a region, the usual one where it can.
func (e *Engine) sample(k *key, where regionID) ([]string, bool) {
	if value, ok := usual[k.name]; ok && !e.f.regions.list[where].absent && e.f.holdsValue(where, []string{value}) {
		return []string{value}, true
	}
	return e.f.sampleRegion(where)
}

// sampleRegion gives values of a region; none when absence is among them.
func (x *regions) sampleRegion(id regionID) (values []string, ok bool) {
	r := &x.list[id]
	if r.absent {
		return nil, true
	}
	switch r.kind {
	case textKind, atomKind:
		text, ok := x.texts.sample(r.text)
		return []string{text}, ok
	case listKind:
		return x.sampleList(r.list)
	case numberKind, dateKind, addressKind:
	}
	for _, text := range candidates(r.kind, r.spans) {
		if contains(r.spans, pointOf(r.kind, text)) {
			return []string{text}, true
		}
	}
	return nil, false
}

// candidates are values worth trying of the points of spans: well-known ones, then the ends.
func candidates(k kind, spans []span) []string {
	out := map[kind][]string{
		numberKind:  {"0", "60", "3600", "-1", "1000000000"},
		dateKind:    {"2026-01-01T00:00:00Z", "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"},
		addressKind: {"198.51.100.7", "10.0.0.7", "2001:db8::7"},
	}[k]
	for _, s := range spans {
		for _, p := range []point{s.from, s.to} {
			if text, ok := spellPoint(k, p); ok {
				out = append(out, text)
			}
		}
	}
	return append(out, "no "+map[kind]string{numberKind: "number", dateKind: "date", addressKind: "address"}[k])
}

// spellPoint writes a point as a value of its kind; ok is false for one that no value has.
func spellPoint(k kind, p point) (text string, ok bool) {
	if p.space == invalidSpace {
		return "", false
	}
	switch k {
	case numberKind:
		f := p.number()
		if math.IsInf(f, 0) || math.IsNaN(f) || numberPoint(f) != p {
			return "", false
		}
		return strconv.FormatFloat(f, 'f', -1, 64), true
	case dateKind:
		seconds, nanos := p.date()
		t := time.Unix(seconds, nanos).UTC()
		if t.Year() < 0 || t.Year() > 9999 {
			return spellEpoch(p), nanos == 0
		}
		return t.Format(time.RFC3339Nano), true
	case addressKind:
		return p.address().String(), true
	case textKind, listKind, atomKind:
	}
	return "", false
}

// spellEpoch writes a time as seconds since 1970.
func spellEpoch(p point) string {
	seconds, nanos := p.date()
	if nanos == 0 {
		return strconv.FormatInt(seconds, 10)
	}
	return strings.TrimRight(fmt.Sprintf("%d.%09d", seconds, nanos), "0")
}
