package iam

// literal is text that other text is compared with over and over. Its first and last eight bytes are kept
// as numbers: texts that differ mostly differ there, and are told apart without a call.
type literal struct {
	text string
	head uint64 // the first eight bytes, or all of a shorter text
	tail uint64 // the last eight bytes
	mask uint64 // which bytes of head a shorter text has
}

const wordSize = 8

func newLiteral(text string) literal {
	l := literal{text: text}
	if n := len(text); n >= wordSize {
		l.head, l.tail = wordAt(text, 0), wordAt(text, n-wordSize)
		return l
	}
	for i := range len(text) {
		l.head |= uint64(text[i]) << (8 * i)
		l.mask |= 0xff << (8 * i)
	}
	return l
}

// wordAt reads eight bytes of s from i on as one number; s must have them.
func wordAt(s string, i int) uint64 {
	s = s[i : i+wordSize]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// begins says whether s begins with the text.
func (l *literal) begins(s string) bool {
	n := len(l.text)
	switch {
	case len(s) < n:
		return false
	case n >= wordSize:
		return wordAt(s, n-wordSize) == l.tail && wordAt(s, 0) == l.head &&
			(n <= 2*wordSize || s[wordSize:n-wordSize] == l.text[wordSize:n-wordSize])
	case len(s) >= wordSize:
		return wordAt(s, 0)&l.mask == l.head
	default:
		return s[:n] == l.text
	}
}
