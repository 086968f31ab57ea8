package iam

import (
	"fmt"
	"sort"
	"unicode/utf8"
)

// Position is a place in a policy document. Line and Column count from one,
// Column in characters; Offset counts bytes from zero.
type Position struct {
	Offset int
	Line   int
	Column int
}

// String gives "line 3, column 7".
func (p Position) String() string {
	return fmt.Sprintf("line %d, column %d", p.Line, p.Column)
}

// ParseError says where a document stops being a policy and what was expected there.
type ParseError struct {
	Position Position
	Message  string
}

// Error gives "line 3, column 7: expected ...".
func (e *ParseError) Error() string {
	return e.Position.String() + ": " + e.Message
}

// lineIndex finds lines and columns of offsets in one document. It remembers the last place: a document in one
// line would otherwise be counted from its start for every statement.
type lineIndex struct {
	doc    []byte
	starts []int
	last   Position
}

func newLineIndex(doc []byte) *lineIndex {
	starts := []int{0}
	for i, b := range doc {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return &lineIndex{doc: doc, starts: starts}
}

func (x *lineIndex) at(offset int) Position {
	offset = min(offset, len(x.doc))
	line := sort.SearchInts(x.starts, offset+1)
	from, column := x.starts[line-1], 1
	if x.last.Line == line && x.last.Offset <= offset {
		from, column = x.last.Offset, x.last.Column
	}
	x.last = Position{Offset: offset, Line: line, Column: column + utf8.RuneCount(x.doc[from:offset])}
	return x.last
}

func (x *lineIndex) errorf(offset int, format string, args ...any) *ParseError {
	return &ParseError{Position: x.at(offset), Message: fmt.Sprintf(format, args...)}
}
