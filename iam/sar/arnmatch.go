package sar

import (
	"slices"
	"strings"
)

// An automaton over ARNs: states with moves on a class of characters, and free moves. Resource
// patterns and ARN formats both become one, so that "can this pattern match any ARN of that
// format" is a walk over pairs of states. Neither list is ever multiplied out.
type automaton struct {
	states []state
}

type state struct {
	class charClass
	char  byte  // for classOne
	next  int   // after a character of the class; -1 for none
	free  []int // without a character
}

type charClass uint8

const (
	classNone    charClass = iota // no move
	classOne                      // one given character
	classPlain                    // any character but a colon or a slash
	classNoColon                  // any character but a colon
	classAny                      // any character
)

func (a *automaton) add(s state) int {
	a.states = append(a.states, s)
	return len(a.states) - 1
}

// one appends a state that takes one character and moves on.
func (a *automaton) one(class charClass, char byte) {
	at := a.add(state{class: class, char: char})
	a.states[at].next = at + 1
}

// loop appends a state that takes any number of characters and moves on freely.
func (a *automaton) loop(class charClass) {
	at := a.add(state{class: class})
	a.states[at].next = at
	a.states[at].free = append(a.states[at].free, at+1)
}

// identifier appends what stands for a name: segments with single colons between them, and paths in
// the first only: "name/of/a/thing:1:latest".
func (a *automaton) identifier() {
	a.one(classNoColon, 0)
	first := a.add(state{class: classNoColon})
	colon := first + 1
	a.add(state{class: classOne, char: ':', next: colon + 1})
	a.add(state{class: classPlain, next: colon + 2})
	rest := a.add(state{class: classPlain, next: colon + 2})
	a.states[first].next = first
	a.states[first].free = []int{colon, rest + 1}
	a.states[rest].free = []int{colon, rest + 1}
}

// patternAutomaton reads a Resource pattern by the documented rule ("IAM JSON policy elements:
// Resource"): a * that ends a segment goes across colons, any other * and ? stay inside one. A
// policy variable may be anything.
func patternAutomaton(pattern string, variables bool) *automaton {
	a := &automaton{}
	colons := 0
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '*' && (i+1 == len(pattern) || pattern[i+1] == ':'):
			a.loop(classAny)
		case c == '*':
			a.loop(classNoColon)
		case c == '?':
			a.one(classNoColon, 0)
		case c == '$' && variables && colons >= 5 && strings.HasPrefix(pattern[i:], "${") && strings.Contains(pattern[i:], "}"):
			a.loop(classAny)
			i += strings.IndexByte(pattern[i:], '}')
		default:
			if c == ':' {
				colons++
			}
			a.one(classOne, c)
		}
	}
	a.add(state{})
	return a
}

// accountBound are services none of whose resources belong to AWS where the format has an account.
// Elsewhere a public document or image has an empty one.
var accountBound = []string{
	"bedrock", "bedrock-agentcore", "bedrock-mantle", "dynamodb", "iam", "kms", "lambda", "logs", "sagemaker", "secretsmanager", "sqs",
}

// formatAutomaton reads an ARN format of the reference, or a whole ARN. Placeholders before the
// fifth colon and inside a path are one segment; the last is a name, which may hold single colons,
// and in S3 they are anything.
func formatAutomaton(format string) *automaton {
	a := &automaton{}
	colons := 0
	parts := strings.SplitN(format, ":", 6)
	free := strings.Contains(format, ":s3")
	owned := len(parts) < 3 || slices.Contains(accountBound, parts[2])
	for i := 0; i < len(format); i++ {
		c := format[i]
		placeholder := strings.HasPrefix(format[i:], "${") && strings.Contains(format[i:], "}")
		switch {
		case placeholder && colons < 5:
			if colons != 4 || owned {
				a.one(classNoColon, 0)
			}
			a.loop(classNoColon)
		case placeholder && free:
			a.one(classAny, 0)
			a.loop(classAny)
		case placeholder && strings.HasSuffix(format, "}") && !strings.Contains(format[i+1:], "${"):
			a.identifier()
		case placeholder:
			a.one(classNoColon, 0)
			a.loop(classNoColon)
		case c == '*':
			a.loop(classAny)
		default:
			if c == ':' {
				colons++
			}
			a.one(classOne, c)
		}
		if placeholder {
			i += strings.IndexByte(format[i:], '}')
		}
	}
	a.add(state{})
	return a
}

// meets says whether some text is taken by both.
func (a *automaton) meets(b *automaton) bool {
	width := len(b.states)
	seen := make([]bool, len(a.states)*width)
	queue := []int{0}
	seen[0] = true
	visit := func(x, y int) {
		if at := x*width + y; !seen[at] {
			seen[at] = true
			queue = append(queue, at)
		}
	}
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		x, y := at/width, at%width
		if x == len(a.states)-1 && y == len(b.states)-1 {
			return true
		}
		p, q := &a.states[x], &b.states[y]
		for _, n := range p.free {
			visit(n, y)
		}
		for _, n := range q.free {
			visit(x, n)
		}
		if common(p, q) {
			visit(p.next, q.next)
		}
	}
	return false
}

// common says whether one character is in both classes.
func common(p, q *state) bool {
	switch {
	case p.class == classNone || q.class == classNone:
		return false
	case p.class == classOne:
		return q.takes(p.char)
	case q.class == classOne:
		return p.takes(q.char)
	default:
		return true // each has letters
	}
}

// takes says whether a character is in the class of the state.
func (s *state) takes(c byte) bool {
	switch s.class {
	case classOne:
		return s.char == c
	case classPlain:
		return c != ':' && c != '/'
	case classNoColon:
		return c != ':'
	case classAny:
		return true
	case classNone:
	}
	return false
}

// canMatch says whether a Resource pattern can match an ARN of a format, or a given ARN.
func canMatch(pattern, format string, variables bool) bool {
	if pattern != "" && strings.Trim(pattern, "*") == "" {
		return true
	}
	return patternAutomaton(pattern, variables).meets(formatAutomaton(format))
}

// patternOf writes a format as the pattern that matches all its ARNs.
func patternOf(format string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(format, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		if name == "Partition" {
			b.WriteString("aws")
		} else {
			b.WriteByte('*')
		}
		format = after
	}
}
