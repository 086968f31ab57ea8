package iam

// literal is text that other text is compared with over and over. Eight of its bytes are kept as a number:
// most texts that differ from it differ there, and are told apart without a call.
type literal struct {
	text string
	word uint64 // the last eight bytes, or all of a shorter text
	mask uint64 // of a shorter text: its bytes; 0 for others
}

const wordSize = 8

func newLiteral(text string) literal {
	l := literal{text: text}
	if n := len(text); n >= wordSize {
		l.word = wordAt(text, n-wordSize)
		return l
	}
	for i := range len(text) {
		l.word |= uint64(text[i]) << (8 * i)
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
		return wordAt(s, n-wordSize) == l.word && s[:n-wordSize] == l.text[:n-wordSize]
	case len(s) >= wordSize:
		return wordAt(s, 0)&l.mask == l.word
	default:
		return s[:n] == l.text
	}
}
