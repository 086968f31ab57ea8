package terraform

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

// maxDepth bounds the nesting of JSON, as encoding/json does for its own; deeper text
// is refused. Values of resources are nested a few levels.
const maxDepth = 1000

// scanner reads JSON (RFC 8259) in place. Plans are large and most of them is not
// needed: what is skipped is checked and not copied, so the text must stay unchanged.
type scanner struct {
	data  []byte
	pos   int
	depth int
	names map[string]string // names of fields, each once
	// checked: the text was passed over before, so that it need not be looked at as closely again.
	checked bool
	// list and members are elements and fields of what has not ended yet.
	list    assize.List
	members assize.Object
}

// fault is an error at a place of the text.
type fault struct {
	at  int
	why string
}

func (f *fault) Error() string { return fmt.Sprintf("at byte %d: %s", f.at, f.why) }

func (s *scanner) fail(why string) error { return &fault{s.pos, why} }

// errEnd says that the text ends within a value.
var errEnd = errors.New("the text ends in the middle of a value: it is cut off")

func (s *scanner) space() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// peek is the next byte that is no space; 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.pos >= len(s.data) {
		return 0
	}
	return s.data[s.pos]
}

// take expects a byte.
func (s *scanner) take(c byte) error {
	switch s.peek() {
	case c:
		s.pos++
		return nil
	case 0:
		if s.pos >= len(s.data) {
			return errEnd
		}
	}
	return s.fail(fmt.Sprintf("want %q, got %q", c, s.data[s.pos]))
}

// object calls field for each field, which must read the value.
func (s *scanner) object(field func(name string) error) error {
	if err := s.open('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		if s.peek() == '}' {
			s.pos++
			s.depth--
			return nil
		}
		if !first {
			if err := s.take(','); err != nil {
				return err
			}
			s.space()
		}
		name, err := s.name()
		if err != nil {
			return err
		}
		if err := s.take(':'); err != nil {
			return err
		}
		if err := field(name); err != nil {
			return err
		}
	}
}

// array calls element before each element, which must read it.
func (s *scanner) array(element func() error) error {
	if err := s.open('['); err != nil {
		return err
	}
	for first := true; ; first = false {
		if s.peek() == ']' {
			s.pos++
			s.depth--
			return nil
		}
		if !first {
			if err := s.take(','); err != nil {
				return err
			}
		}
		if err := element(); err != nil {
			return err
		}
	}
}

func (s *scanner) open(c byte) error {
	if s.depth++; s.depth > maxDepth {
		return s.fail(fmt.Sprintf("nested deeper than %d levels", maxDepth))
	}
	return s.take(c)
}

// quoted reads a text and returns what stands between the quotes.
func (s *scanner) quoted() (raw []byte, plain bool, err error) {
	if err := s.take('"'); err != nil {
		return nil, false, err
	}
	from := s.pos
	plain = true
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			return s.data[from : s.pos-1], plain, nil
		case c == '\\':
			plain = false
			s.pos++
		case c < ' ':
			return nil, false, s.fail("a control character in a text")
		case c >= utf8.RuneSelf:
			plain = false
		}
		s.pos++
	}
	s.pos = len(s.data)
	return nil, false, errEnd
}

// text reads a text.
func (s *scanner) text() (string, error) {
	from := s.pos
	raw, plain, err := s.quoted()
	if err != nil {
		return "", err
	}
	if plain {
		return string(raw), nil
	}
	return s.unescape(from, raw)
}

func (s *scanner) unescape(from int, raw []byte) (string, error) {
	var text string
	quoted := s.data[from:s.pos]
	if err := json.Unmarshal(quoted, &text); err != nil {
		s.pos = from
		return "", s.fail(fmt.Sprintf("a text of %d bytes cannot be read: %v", len(raw), err))
	}
	return text, nil
}

// name reads the name of a field.
func (s *scanner) name() (string, error) {
	from := s.pos
	raw, plain, err := s.quoted()
	if err != nil {
		return "", err
	}
	if !plain {
		return s.unescape(from, raw)
	}
	if name, ok := s.names[string(raw)]; ok {
		return name, nil
	}
	name := string(raw)
	if s.names == nil {
		s.names = map[string]string{}
	}
	s.names[name] = name
	return name, nil
}

// scalar reads a number, boolean or null.
func (s *scanner) scalar() (assize.Value, error) {
	s.space()
	from := s.pos
	for s.pos < len(s.data) && !ends(s.data[s.pos]) {
		s.pos++
	}
	switch word := s.data[from:s.pos]; string(word) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	default:
		v, err := number(string(word))
		if err == nil {
			return v, nil
		}
		if errors.Is(err, errHugeNumber) {
			s.pos = from
			return nil, s.fail(err.Error())
		}
		if s.pos >= len(s.data) {
			return nil, errEnd
		}
	}
	s.pos = from
	return nil, s.fail("want a value")
}

// ends reports whether a byte ends a number, boolean or null.
func ends(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ',', ':', ']', '}', '[', '{', '"':
		return true
	}
	return false
}

// Why a text is no number.
var (
	errNoNumber   = errors.New("want a number")
	errHugeNumber = errors.New("a number so large that nothing can hold it")
)

// number reads a number: int64 where it is a whole one that fits.
func number(word string) (assize.Value, error) {
	digits := strings.TrimPrefix(word, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' || len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		return nil, errNoNumber
	}
	if strings.Trim(digits, "0123456789") == "" {
		if i, err := strconv.ParseInt(word, 10, 64); err == nil {
			return i, nil
		}
	}
	if strings.Trim(digits, "0123456789.eE+-") != "" || strings.HasSuffix(digits, ".") || strings.Contains(digits, ".e") || strings.Contains(digits, ".E") {
		return nil, errNoNumber
	}
	f, err := strconv.ParseFloat(word, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return nil, errHugeNumber
	case err != nil:
		return nil, errNoNumber
	}
	return f, nil
}

// value reads a value. Fields that are null are kept out of objects.
func (s *scanner) value() (assize.Value, error) {
	switch s.peek() {
	case '{':
		return s.fields()
	case '[':
		return s.elements()
	case '"':
		return s.text()
	}
	return s.scalar()
}

// elements reads a list. What is read of lists and objects that have not ended stands on a stack,
// so that each takes the memory that it needs and no more.
func (s *scanner) elements() (assize.List, error) {
	from := len(s.list)
	err := s.array(func() error {
		v, err := s.value()
		s.list = append(s.list, v)
		return err
	})
	list := make(assize.List, len(s.list)-from)
	copy(list, s.list[from:])
	clear(s.list[from:])
	s.list = s.list[:from]
	return list, err
}

func (s *scanner) fields() (assize.Object, error) {
	s.space()
	at, from := s.pos, len(s.members)
	err := s.object(func(name string) error {
		v, err := s.value()
		if err == nil && v != nil {
			s.members = append(s.members, assize.Field{Name: name, Value: v})
		}
		return err
	})
	o := make(assize.Object, len(s.members)-from)
	copy(o, s.members[from:])
	clear(s.members[from:])
	s.members = s.members[:from]
	if err != nil {
		return nil, err
	}
	if name, twice := sortFields(o); twice {
		s.pos = at
		return nil, s.fail(fmt.Sprintf("field %q stands twice in one object", name))
	}
	return o, nil
}

// sortFields sorts by name, and finds a name that stands twice.
func sortFields(o assize.Object) (name string, twice bool) {
	sorted := true
	for i := 1; i < len(o) && sorted; i++ {
		sorted = o[i-1].Name < o[i].Name
	}
	if sorted {
		return "", false
	}
	slices.SortStableFunc(o, func(a, b assize.Field) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(o); i++ {
		if o[i].Name == o[i-1].Name {
			return o[i].Name, true
		}
	}
	return "", false
}

// parseJSON reads a whole text as one value.
func parseJSON(data []byte, names map[string]string) (assize.Value, error) {
	s := &scanner{data: data, names: names}
	v, err := s.value()
	if s.space(); err == nil && s.pos < len(data) {
		err = s.fail("more than one value")
	}
	return v, err
}

// parseText reads a text of JSON; "" for anything else.
func parseText(data []byte) string {
	s := &scanner{data: data}
	if s.peek() != '"' {
		return ""
	}
	text, err := s.text()
	if err != nil {
		return ""
	}
	return text
}
