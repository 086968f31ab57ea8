package terraform

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// segment is one name of an address or reference, with the index behind it: "b[0]".
type segment struct {
	name string
	key  instanceKey
}

// instanceKey is the key of an instance: none, a number of count, or a text of for_each.
type instanceKey struct {
	kind keyKind
	text string // a number in digits
}

type keyKind int

const (
	noKey keyKind = iota
	numberKey
	textKey
)

// String is the key as addresses have it: "", "[0]", `["a.b"]`.
func (k instanceKey) String() string {
	switch k.kind {
	case numberKey:
		return "[" + k.text + "]"
	case textKey:
		return `["` + keyEscapes.Replace(k.text) + `"]`
	case noKey:
	}
	return ""
}

// keyEscapes writes a text as HCL quotes it.
var keyEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{")

// parseAddress takes an address or reference apart. Keys may hold dots, quotes and
// brackets, so it is read from left to right; what cannot be read ends it.
func parseAddress(address string) []segment {
	segments := make([]segment, 0, strings.Count(address, ".")+1)
	for rest := address; rest != ""; {
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			return append(segments, segment{name: rest})
		}
		seg := segment{name: rest[:end]}
		rest = rest[end:]
		if rest[0] == '[' {
			key, length := parseKey(rest)
			if length == 0 {
				return append(segments, seg)
			}
			seg.key = key
			rest = rest[length:]
		}
		segments = append(segments, seg)
		if rest == "" {
			return segments
		}
		if rest[0] == '[' { // an index of an index: the same value, one step further
			segments = append(segments, segment{})
			key, length := parseKey(rest)
			if length == 0 {
				return segments
			}
			segments[len(segments)-1].key = key
			rest = rest[length:]
		}
		rest = strings.TrimPrefix(rest, ".")
	}
	return segments
}

// parseKey reads an index at the beginning of a text and returns its length with the
// brackets; 0 where it is none.
func parseKey(text string) (instanceKey, int) {
	if len(text) > 1 && text[1] == '"' {
		for i := 2; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '"':
				key, ok := unquote(text[1 : i+1])
				if !ok || i+1 >= len(text) || text[i+1] != ']' {
					return instanceKey{}, 0
				}
				return instanceKey{textKey, key}, i + 2
			}
		}
		return instanceKey{}, 0
	}
	end := strings.IndexByte(text, ']')
	if end < 2 || strings.Trim(text[1:end], "0123456789") != "" {
		return instanceKey{}, 0
	}
	return instanceKey{numberKey, text[1:end]}, end + 1
}

// unquote reads a quoted text as HCL writes it: escapes of JSON, and $${ for ${.
func unquote(quoted string) (string, bool) {
	text, err := strconv.Unquote(quoted)
	if err != nil {
		if json.Unmarshal([]byte(quoted), &text) != nil {
			return "", false
		}
	}
	text = strings.ReplaceAll(text, "$${", "${")
	return strings.ReplaceAll(text, "%%{", "%{"), true
}

// moduleSteps are the calls of a module's address, "module.a[0].module.b".
func moduleSteps(address string) []segment {
	var steps []segment
	segments := parseAddress(address)
	for i := 0; i+1 < len(segments); i += 2 {
		if segments[i].name != "module" {
			break
		}
		steps = append(steps, segments[i+1])
	}
	return steps
}

// moduleAddress puts the calls together again, in one spelling.
func moduleAddress(steps []segment) string {
	var b strings.Builder
	for i, s := range steps {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString("module." + s.name + s.key.String())
	}
	return b.String()
}

// distinct drops the references that others begin with: a plan lists each with all its
// prefixes behind it, longest first.
func distinct(refs []string) []string {
	var kept []string
	long := ""
	for _, ref := range refs {
		if prefixOf(ref, long) {
			continue
		}
		long = ref
		if !slices.Contains(kept, ref) {
			kept = append(kept, ref)
		}
	}
	return kept
}

// prefixOf tells whether a reference begins another one and is shorter.
func prefixOf(short, long string) bool {
	rest, ok := strings.CutPrefix(long, short)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '[')
}
