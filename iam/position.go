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

// lineIndex finds lines and columns of offsets in one document.
type lineIndex struct {
	doc    []byte
	starts []int
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
	start := x.starts[line-1]
	column := utf8.RuneCount(x.doc[start:offset]) + 1
	return Position{Offset: offset, Line: line, Column: column}
}

func (x *lineIndex) errorf(offset int, format string, args ...any) *ParseError {
	return &ParseError{Position: x.at(offset), Message: fmt.Sprintf(format, args...)}
}
