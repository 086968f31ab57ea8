package iam

import (
	"strings"
	"unicode/utf8"
)

// starKind is how far a * reaches.
type starKind uint8

const (
	starNone    starKind = iota // no star: the chunk follows directly
	starAny                     // any run of characters
	starSegment                 // any run of characters other than a colon
)

// globKind picks the cheapest way to match.
type globKind uint8

const (
	globGeneral globKind = iota
	globAny              // matches everything
	globExact            // text and nothing else
	globPrefix           // text, then anything
)

// glob is a compiled pattern: chunks with stars between them. The chunks follow the
// text of the pattern, so a variable's value is compared where it stands and never
// substituted into a new string.
type glob struct {
	kind   globKind
	text   literal // of globExact and globPrefix
	chunks []chunk
	vars   []*variable
}

// chunk is a star (or none) and the text after it. parts is nil for plain text.
type chunk struct {
	star  starKind
	text  string
	parts []part
}

// part is a piece of a chunk that is not only plain text.
type part struct {
	kind tokenKind // tokenText, tokenOne or tokenVariable
	text string
	ref  *variable
}

// reach decides how far the star at tokens[i] goes and whether ? may be a colon.
type reach func(tokens []token, i int) starKind

// reachAny lets every * and ? match any character.
func reachAny([]token, int) starKind { return starAny }

// reachSegment is the documented rule for Resource and NotResource ("IAM JSON policy
// elements: Resource"): a * that ends a segment of the ARN expands across colons, any
// other * stays inside its segment.
func reachSegment(tokens []token, i int) starKind {
	if tokens[i].kind == tokenOne {
		return starSegment
	}
	last := i == len(tokens)-1
	if last || tokens[i+1].kind == tokenText && tokens[i+1].text[0] == ':' {
		return starAny
	}
	return starSegment
}

// compileGlob builds a glob from tokens.
func compileGlob(tokens []token, rule reach) glob {
	g := glob{vars: variablesOf(tokens)}
	current := chunk{}
	var parts []part
	finish := func() {
		switch {
		case len(parts) == 1 && parts[0].kind == tokenText:
			current.text = parts[0].text
		case len(parts) > 0:
			current.parts = parts
		}
		g.chunks = append(g.chunks, current)
		parts = nil
	}
	for i, t := range tokens {
		if t.kind == tokenStar {
			finish()
			current = chunk{star: rule(tokens, i)}
			continue
		}
		p := part(t)
		if t.kind == tokenOne && rule(tokens, i) == starSegment {
			p.text = ":"
		}
		parts = append(parts, p)
	}
	finish()
	g.classify()
	return g
}

// classify spots the shapes that need no general matching.
func (g *glob) classify() {
	first := g.chunks[0]
	if first.parts != nil {
		return
	}
	rest := g.chunks[1:]
	for _, c := range rest {
		if c.text != "" || c.parts != nil {
			return
		}
	}
	switch {
	case len(rest) == 0:
		g.kind, g.text = globExact, newLiteral(first.text)
	case rest[len(rest)-1].star != starAny:
		return
	case first.text == "":
		g.kind = globAny
	default:
		g.kind, g.text = globPrefix, newLiteral(first.text)
	}
}

// match compares s with the pattern. Variables must resolve in c (see resolveAll); c
// may be nil for a pattern without variables. It is small enough to be inlined.
func (g *glob) match(s string, c *contextTable) bool {
	if g.kind == globExact {
		return s == g.text.text
	}
	return g.matchWild(s, c)
}

func (g *glob) matchWild(s string, c *contextTable) bool {
	switch g.kind {
	case globAny:
		return true
	case globPrefix:
		return g.text.begins(s)
	case globExact, globGeneral:
	}
	return g.matchChunks(s, c)
}

// matchChunks places the chunks from left to right, each as early as it fits.
// An early place is never worse than a later one before a star that may cross colons;
// before a segment star it can be, so on failure the nearest star that may cross
// colons is moved on. Stars further left need no second look: whatever they could
// reach, that star absorbs.
func (g *glob) matchChunks(s string, c *contextTable) bool {
	at, ok := g.chunks[0].matchAt(s, 0, c)
	if !ok {
		return false
	}
	if len(g.chunks) == 1 {
		return at == len(s)
	}
	retry, retryAt := 0, 0
	for k := 1; k < len(g.chunks); {
		ch := &g.chunks[k]
		start, end := ch.find(s, at, k == len(g.chunks)-1, c)
		if start < 0 {
			if retry == 0 || ch.star == starAny {
				return false
			}
			k, at = retry, retryAt+1
			if at > len(s) {
				return false
			}
			continue
		}
		if ch.star == starAny {
			retry, retryAt = k, start
		}
		at = end
		k++
	}
	return true
}

// find gives the earliest place at or after from where the chunk stands with only
// what its star may match in between; last also demands the end of s. -1 is none.
func (ch *chunk) find(s string, from int, last bool, c *contextTable) (start, end int) {
	limit := len(s)
	if ch.star == starSegment {
		if i := strings.IndexByte(s[from:], ':'); i >= 0 {
			limit = from + i
		}
	}
	if ch.parts != nil {
		return ch.findParts(s, from, limit, last, c)
	}
	start = len(s) - len(ch.text)
	if last {
		if start < from || start > limit || s[start:] != ch.text {
			return -1, 0
		}
		return start, len(s)
	}
	i := strings.Index(s[from:], ch.text)
	if i < 0 || from+i > limit {
		return -1, 0
	}
	return from + i, from + i + len(ch.text)
}

func (ch *chunk) findParts(s string, from, limit int, last bool, c *contextTable) (start, end int) {
	for i := from; i <= limit; i++ {
		if i < len(s) && !utf8.RuneStart(s[i]) {
			continue
		}
		if e, ok := ch.matchAt(s, i, c); ok && (!last || e == len(s)) {
			return i, e
		}
	}
	return -1, 0
}

// matchAt compares the chunk's text with s at one place and gives where it ends.
func (ch *chunk) matchAt(s string, at int, c *contextTable) (int, bool) {
	if ch.parts == nil {
		return at + len(ch.text), strings.HasPrefix(s[at:], ch.text)
	}
	for i := range ch.parts {
		p := &ch.parts[i]
		text := p.text
		switch p.kind {
		case tokenOne:
			if at == len(s) || p.text == ":" && s[at] == ':' {
				return 0, false
			}
			_, size := utf8.DecodeRuneInString(s[at:])
			at += size
			continue
		case tokenVariable:
			text, _ = p.ref.value(c)
		case tokenText, tokenStar:
		}
		if !strings.HasPrefix(s[at:], text) {
			return 0, false
		}
		at += len(text)
	}
	return at, true
}
