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
	colons   int
	glob     glob
	sixPart  *sixPart
	narrower bool // sixPart never matches where glob does not
	short    *glob
	cased    *glob
}

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
	for _, t := range tokens {
		p.wildcard = p.wildcard || t.kind == tokenStar || t.kind == tokenOne
		p.colons += strings.Count(t.text, ":")
	}
	if p.colons < arnParts-1 {
		padded := compileGlob(tokenize(raw+":*", x), reachSegment)
		p.short = &padded
	}
	if p.wildcard && !readingsAgree(tokens) {
		p.sixPart = compileSixPart(tokens)
		p.narrower = lastPartAgrees(tokens)
	}
	if lowered, changed := lowerPrefix(raw); changed {
		g := compileGlob(tokenize(lowered, x), reachSegment)
		p.cased = &g
	}
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
	arn    string
	none   bool // the action has no resource type
	colons int
	parts  [arnParts]string
	isARN  bool
}

func newTarget(resource string) target {
	t := target{arn: resource, none: resource == "" || resource == "*"}
	if t.none {
		t.arn = "*"
		return t
	}
	t.colons = strings.Count(resource, ":")
	t.parts, t.isARN = splitARN(resource)
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
	if p.any {
		return allWorlds, resolved
	}
	if t.none {
		return noWorlds, resolved
	}
	if p.glob.vars != nil {
		if state = resolveAll(p.glob.vars, c); state != resolved {
			return noWorlds, state
		}
	}
	base, split := p.matchReadings(t, c)
	w = when(base)
	if split != base {
		w ^= worldSixPart
	}
	if p.short != nil {
		w = p.matchShort(w, t, layer, c)
	}
	if p.cased != nil && p.cased.match(t.arn, c) != base {
		w ^= worldARNCase
	}
	return w, resolved
}

// matchReadings matches by the documented rule and by the six-part split. Where pattern
// and target have the same number of colons no wildcard can match one, and the readings
// agree; the split, being cheaper, is tried first.
func (p *resourcePattern) matchReadings(t *target, c *contextTable) (documented, split bool) {
	switch {
	case p.sixPart == nil:
		documented = p.glob.match(t.arn, c)
		return documented, documented
	case p.glob.vars == nil && t.colons < p.colons:
		return false, false
	}
	split = p.sixPart.match(&t.parts, t.isARN, c)
	agree := p.glob.vars == nil && t.isARN && t.colons == p.colons
	if agree || split && p.narrower {
		return split, split
	}
	return p.glob.match(t.arn, c), split
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
