package iam

import "strings"

// arnParts is the number of colon-separated parts of an ARN; the last keeps its colons.
const arnParts = 6

// actionPattern is one Action or NotAction value, folded to lower case.
type actionPattern struct {
	raw  string
	glob glob
}

func compileAction(raw string) actionPattern {
	tokens := tokenize(strings.ToLower(raw), syntax{wildcards: true})
	return actionPattern{raw: raw, glob: compileGlob(tokens, reachAny)}
}

// resourcePattern is one Resource or NotResource value. glob holds the documented
// reading; the other fields hold readings that can differ from it, nil when they cannot.
type resourcePattern struct {
	raw      string
	any      bool // only stars: the one pattern that matches an action without resource
	wildcard bool
	simple   bool // no variables and one reading: glob decides
	settled  bool // nothing in doubt but the two readings of segments
	glob     glob
	segments *segments // both readings, where they can differ, and there are no variables and not too many colons
	sixPart  *sixPart  // the other reading, where they can differ and segments does not hold it
	short    *glob
	cased    *glob
}

// maxSegments bounds what is cut at colons: no ARN has as many, and a text made of them would take much memory.
const maxSegments = 64

// compileResource prepares a pattern. Variables are recognised from version
// 2012-10-17 on and only after the fifth colon.
func compileResource(raw string, v Version) resourcePattern {
	x := syntax{wildcards: true, variables: v == Version2012, variablesAfter: arnParts - 1}
	tokens := tokenize(raw, x)
	p := resourcePattern{raw: raw, any: raw != "" && strings.Trim(raw, "*") == ""}
	p.glob = compileGlob(tokens, reachSegment)
	if p.any {
		return p
	}
	colons := 0
	for _, t := range tokens {
		p.wildcard = p.wildcard || t.kind == tokenStar || t.kind == tokenOne
		colons += strings.Count(t.text, ":")
	}
	if colons < arnParts-1 {
		padded := compileGlob(tokenize(raw+":*", x), reachSegment)
		p.short = &padded
	}
	if p.wildcard && !readingsAgree(tokens) {
		if p.glob.vars == nil && colons < maxSegments {
			p.segments = compileSegments(tokens)
		} else {
			p.sixPart = compileSixPart(tokens)
		}
	}
	if lowered, changed := lowerPrefix(raw); changed {
		g := compileGlob(tokenize(lowered, x), reachSegment)
		p.cased = &g
	}
	p.settled = p.glob.vars == nil && p.short == nil && p.cased == nil && p.sixPart == nil
	p.simple = p.settled && p.segments == nil
	return p
}

// readingsAgree is true when wildcards stand only in the sixth part and every one is a
// star at the end of a segment: both readings then let it match anything.
func readingsAgree(tokens []token) bool {
	return wildcardsInLastPart(tokens) && lastPartAgrees(tokens)
}

// wildcardsInLastPart says whether five colons come before the first wildcard.
func wildcardsInLastPart(tokens []token) bool {
	colons := 0
	for _, t := range tokens {
		if t.kind != tokenText {
			break
		}
		colons += strings.Count(t.text, ":")
	}
	return colons >= arnParts-1
}

// lastPartAgrees says whether every wildcard of the sixth part is a star that ends a segment.
func lastPartAgrees(tokens []token) bool {
	colons := 0
	for i, t := range tokens {
		colons += strings.Count(t.text, ":")
		wild := t.kind == tokenOne || t.kind == tokenStar && reachSegment(tokens, i) != starAny
		if wild && colons >= arnParts-1 {
			return false
		}
	}
	return true
}

// lowerPrefix lower-cases the first five parts of an ARN pattern.
func lowerPrefix(raw string) (string, bool) {
	end := 0
	for range arnParts - 1 {
		i := strings.IndexByte(raw[end:], ':')
		if i < 0 {
			end = len(raw)
			break
		}
		end += i + 1
	}
	lowered := strings.ToLower(raw[:end]) + raw[end:]
	return lowered, lowered != raw
}

// target is the resource of a request, split once.
type target struct {
	arn      string
	none     bool // the action has no resource type
	parts    [arnParts]string
	isARN    bool
	segments []string // cut at every colon
}

func newTarget(resource string) target {
	t := target{arn: resource, none: resource == "" || resource == "*"}
	if t.none {
		t.arn = "*"
		return t
	}
	t.parts, t.isARN = splitARN(resource)
	t.segments = strings.Split(resource, ":")
	return t
}

// splitARN cuts an ARN into its six parts.
func splitARN(s string) (parts [arnParts]string, ok bool) {
	for i := range arnParts - 1 {
		before, after, found := strings.Cut(s, ":")
		if !found {
			return parts, false
		}
		parts[i], s = before, after
	}
	parts[arnParts-1] = s
	return parts, true
}

// match compares a pattern with a target under every reading. state is not resolved
// when a variable has no value (the worlds are then empty) or an unknown one.
func (p *resourcePattern) match(t *target, layer Layer, c *contextTable) (w worlds, state resolution) {
	switch {
	case p.any:
		return allWorlds, resolved
	case t.none:
		return noWorlds, resolved
	case p.simple:
		return when(p.glob.match(t.arn, nil)), resolved
	case p.settled:
		return p.matchSegments(t), resolved
	default:
		return p.matchDoubtful(t, layer, c)
	}
}

// matchSegments decides the two readings of a pattern without variables.
func (p *resourcePattern) matchSegments(t *target) worlds {
	documented, split := p.segments.match(t)
	switch {
	case documented == split:
		return when(documented)
	case documented:
		return allWorlds &^ worldSixPart
	default:
		return worldSixPart
	}
}

// matchDoubtful adds what variables, missing parts and upper-case letters leave in doubt.
func (p *resourcePattern) matchDoubtful(t *target, layer Layer, c *contextTable) (w worlds, state resolution) {
	if p.glob.vars != nil {
		if state = resolveAll(p.glob.vars, c); state != resolved {
			return noWorlds, state
		}
	}
	switch {
	case p.segments != nil:
		w = p.matchSegments(t)
	case p.sixPart != nil:
		w = when(p.glob.match(t.arn, c)) &^ worldSixPart
		w |= when(p.sixPart.match(&t.parts, t.isARN, c)) & worldSixPart
	default:
		w = when(p.glob.match(t.arn, c))
	}
	base := w&worldPrimary != 0
	if p.short != nil {
		w = p.matchShort(w, t, layer, c)
	}
	if p.cased != nil && p.cased.match(t.arn, c) != base {
		w ^= worldARNCase
	}
	return w, resolved
}

// matchShort reads the parts missing from a short pattern as wildcards where a layer
// is reported to accept that: identity, boundary and session policies always,
// resource, endpoint and service control policies when the pattern has a wildcard,
// resource control policies never. Not documented: the other reading takes the
// pattern as it stands.
func (p *resourcePattern) matchShort(w worlds, t *target, layer Layer, c *contextTable) worlds {
	plain := w
	switch layer {
	case LayerIdentity, LayerBoundary, LayerSession:
		w |= when(p.short.match(t.arn, c))
	case LayerResource, LayerEndpoint, LayerServiceControl:
		if p.wildcard {
			w |= when(p.short.match(t.arn, c))
		}
	case LayerResourceControl:
		w = noWorlds
	}
	// Only the padding is in doubt: keep other readings where the pattern stands alone.
	w = w&^worldSixPart | plain&worldSixPart
	return w&^worldShortARN | plain&worldShortARN
}

// sixPart is a pattern cut at its first five colons, each part matched by itself.
type sixPart struct {
	parts [arnParts]glob
	valid bool
}

// sixPartOrder compares the parts that differ most often first.
var sixPartOrder = [arnParts]int{2, 5, 3, 4, 1, 0}

// compileSixPart cuts tokens at the colons of their text.
func compileSixPart(tokens []token) *sixPart {
	var parts [arnParts][]token
	n := 0
	for _, t := range tokens {
		if t.kind != tokenText {
			parts[n] = append(parts[n], t)
			continue
		}
		text := t.text
		for n < arnParts-1 {
			before, after, found := strings.Cut(text, ":")
			if !found {
				break
			}
			if before != "" {
				parts[n] = append(parts[n], token{kind: tokenText, text: before})
			}
			n++
			text = after
		}
		if text != "" {
			parts[n] = append(parts[n], token{kind: tokenText, text: text})
		}
	}
	s := &sixPart{valid: n == arnParts-1}
	for i := range parts {
		s.parts[i] = compileGlob(parts[i], reachAny)
	}
	return s
}

func (s *sixPart) match(parts *[arnParts]string, isARN bool, c *contextTable) bool {
	if !s.valid || !isARN {
		return false
	}
	for _, i := range sixPartOrder {
		if !s.parts[i].match(parts[i], c) {
			return false
		}
	}
	return true
}
