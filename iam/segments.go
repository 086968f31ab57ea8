package iam

import "strings"

// segments is a pattern without variables cut at every colon. Both readings of a resource pattern
// are decided on it, piece by piece against a target that is cut the same way: under the documented
// reading a segment that ends in * may take whole further segments of the target, under the other one the
// first five segments stand against each other and the rest is one text.
type segments struct {
	list  []segment
	lead  literal // the text before the first wildcard, which every match begins with
	from  int     // the first segment that lead does not hold whole
	first int     // the first segment that spans; len(list) when none does
	alone bool    // no other one of the first five segments spans
	rest  *glob   // the sixth part with its colons, where the readings can differ on it
}

// segment is one piece. It spans when it ends in *: it then reaches across colons.
type segment struct {
	kind  globKind
	spans bool
	text  literal // of globExact and globPrefix
	glob  *glob   // of globGeneral
}

func newSegment(tokens []token) segment {
	g := compileGlob(tokens, reachAny)
	s := segment{kind: g.kind, text: g.text, spans: len(tokens) > 0 && tokens[len(tokens)-1].kind == tokenStar}
	if g.kind == globGeneral {
		s.glob = &g
	}
	return s
}

func (s *segment) match(text string) bool {
	if s.kind == globExact {
		return s.text.text == text
	}
	return s.matchWild(text)
}

func (s *segment) matchWild(text string) bool {
	switch s.kind {
	case globAny:
		return true
	case globPrefix:
		return s.text.begins(text)
	case globExact, globGeneral:
	}
	return s.glob.matchChunks(text, nil)
}

// compileSegments cuts tokens without variables.
func compileSegments(tokens []token) *segments {
	s := &segments{}
	if len(tokens) > 0 && tokens[0].kind == tokenText {
		s.lead = newLiteral(tokens[0].text)
		s.from = strings.Count(tokens[0].text, ":")
	}
	var current, rest []token
	for _, t := range tokens {
		texts := strings.Split(t.text, ":")
		for i, text := range texts {
			if i > 0 {
				if len(s.list) >= arnParts-1 {
					rest = append(rest, token{kind: tokenText, text: ":"})
				}
				s.list, current = append(s.list, newSegment(current)), nil
			}
			if t.kind == tokenText && text == "" {
				continue
			}
			piece := token{kind: t.kind, text: text}
			current = append(current, piece)
			if len(s.list) >= arnParts-1 {
				rest = append(rest, piece)
			}
		}
	}
	s.list = append(s.list, newSegment(current))
	s.first = len(s.list)
	spanning := 0
	for i := len(s.list) - 1; i >= 0; i-- {
		if s.list[i].spans {
			s.first = i
			if i < arnParts-1 {
				spanning++
			}
		}
	}
	s.alone = spanning == 1
	if len(s.list) >= arnParts && !lastPartAgrees(tokens) {
		g := compileGlob(rest, reachAny)
		s.rest = &g
	}
	return s
}

// match decides both readings.
func (s *segments) match(t *target) (documented, split bool) {
	if !s.lead.begins(t.arn) {
		return false, false
	}
	n, m := len(s.list), len(t.segments)
	if n < arnParts || m < arnParts {
		// One of the two is no ARN, and the six-part reading knows none but ARNs.
		return n <= m && s.spanning(t.segments, 0, 0, false), false
	}
	tail, splitTail := s.matchTail(t)
	if tail || splitTail {
		head := s.matchRun(t.segments, s.from, arnParts-1)
		tail, splitTail = tail && head, splitTail && head
	}
	if tail || n >= m || s.first >= arnParts-1 {
		// Found, or no colon is left for a wildcard of the first five parts to match.
		return tail, splitTail
	}
	return s.matchRun(t.segments, s.from, s.first+1) && s.shifted(t.segments), splitTail
}

// matchTail compares the sixth part under both readings.
func (s *segments) matchTail(t *target) (documented, split bool) {
	if len(s.list) == arnParts && s.rest == nil {
		last := &s.list[arnParts-1]
		both := (last.spans || len(t.segments) == arnParts) && last.match(t.segments[arnParts-1])
		return both, both
	}
	documented = s.spanning(t.segments, arnParts-1, arnParts-1, false)
	if s.rest == nil {
		return documented, documented
	}
	return documented, s.rest.match(t.parts[arnParts-1], nil)
}

// matchRun compares some segments with those in the same place of the target.
func (s *segments) matchRun(target []string, from, to int) bool {
	for i := from; i < to; i++ {
		if !s.list[i].match(target[i]) {
			return false
		}
	}
	return true
}

// shifted is the documented rule from behind the first segment that spans, when that takes
// at least one segment more; where others span as well it may also take none.
func (s *segments) shifted(target []string) bool {
	next := s.first + 1
	if !s.alone {
		return s.spanning(target, next, next, true)
	}
	n, m := len(s.list), len(target)
	if n > arnParts {
		return s.spanning(target, next, next+1, true)
	}
	// The usual pattern: what follows stands in one piece, at the end unless its last segment spans.
	for j := next + 1; j+n-next <= m; j++ {
		if s.list[next].match(target[j]) && s.matchFrom(target, next+1, j+1) {
			return true
		}
	}
	return false
}

// matchFrom compares the segments from i on with the target's from j on.
func (s *segments) matchFrom(target []string, i, j int) bool {
	for ; i < len(s.list); i, j = i+1, j+1 {
		if !s.list[i].match(target[j]) {
			return false
		}
	}
	return j == len(target) || s.list[i-1].spans
}

// spanning is the documented rule for the segments from i on against the target's from j on, or with
// open, because the segment before i spans, from any place not before j. It places runs of segments, each up to and with one that
// spans, as early as they fit: an early place is never worse, because the spanning segment
// before takes what is left over.
func (s *segments) spanning(target []string, i, j int, open bool) bool {
	retry, retryAt := -1, 0
	if open {
		retry, retryAt = i, j
	}
	for {
		switch {
		case i == len(s.list):
			if j == len(target) || s.list[i-1].spans {
				return true
			}
		case j < len(target) && s.list[i].match(target[j]):
			if s.list[i].spans {
				retry, retryAt = i+1, j+1
			}
			i, j = i+1, j+1
			continue
		}
		if retry < 0 || retryAt >= len(target) {
			return false
		}
		retryAt++
		i, j = retry, retryAt
	}
}
