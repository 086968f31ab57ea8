package terraform

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// skip passes a value over and returns its text. It is checked as if it were read.
func (s *scanner) skip() ([]byte, error) {
	s.space()
	from := s.pos
	if s.checked {
		s.over()
		return s.data[from:s.pos], nil
	}
	err := s.pass()
	return s.data[from:s.pos], err
}

// pass passes a value over and checks it.
func (s *scanner) pass() error {
	switch c := s.peek(); c {
	case '{':
		return s.passAll(c, '}')
	case '[':
		return s.passAll(c, ']')
	case '"':
		return s.passText()
	}
	_, err := s.scalar()
	return err
}

// passAll passes an object or a list over.
func (s *scanner) passAll(begin, end byte) error {
	if err := s.open(begin); err != nil {
		return err
	}
	for first := true; ; first = false {
		if s.peek() == end {
			s.pos++
			s.depth--
			return nil
		}
		if !first {
			if err := s.take(','); err != nil {
				return err
			}
		}
		if begin == '{' {
			if err := s.passName(); err != nil {
				return err
			}
		}
		if err := s.pass(); err != nil {
			return err
		}
	}
}

func (s *scanner) passName() error {
	if err := s.passText(); err != nil {
		return err
	}
	return s.take(':')
}

func (s *scanner) passText() error {
	s.space()
	from := s.pos
	raw, plain, err := s.quoted()
	if err != nil || plain || bytes.IndexByte(raw, '\\') < 0 || json.Valid(s.data[from:s.pos]) {
		return err
	}
	s.pos = from
	return s.fail(fmt.Sprintf("a text of %d bytes cannot be read: an escape in it is none of JSON's", len(raw)))
}

// over passes a value over that was checked before: brackets and texts are all that matters.
func (s *scanner) over() {
	for depth := 0; s.pos < len(s.data); {
		switch c := s.data[s.pos]; c {
		case '{', '[':
			depth++
			s.pos++
		case '}', ']':
			depth--
			s.pos++
		case '"':
			s.overText()
		case ',', ':', ' ', '\t', '\r', '\n':
			s.pos++
			continue
		default:
			for s.pos < len(s.data) && !ends(s.data[s.pos]) {
				s.pos++
			}
		}
		if depth == 0 {
			return
		}
	}
}

// overText passes a text over, to behind its second quote.
func (s *scanner) overText() {
	for s.pos++; s.pos < len(s.data); s.pos++ {
		n := bytes.IndexByte(s.data[s.pos:], '"')
		if n < 0 {
			s.pos = len(s.data)
			return
		}
		s.pos += n
		if !escaped(s.data[:s.pos]) {
			s.pos++
			return
		}
	}
}

// escaped reports whether a text ends in an escape that is not complete.
func escaped(text []byte) bool {
	n := len(text)
	for n > 0 && text[n-1] == '\\' {
		n--
	}
	return (len(text)-n)%2 == 1
}
