package cloudformation

import (
	"encoding/base64"
	"encoding/json"
	"net/netip"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// maxText bounds a text that functions put together, in bytes.
const maxText = 1 << 20

// text joins parts within the bound.
func (e *evaluation) text(parts []latePart, line int) assize.Value {
	size := 0
	for _, p := range parts {
		size += len(p.text) + len(p.stand)
	}
	e.s.project.text -= size
	if size > maxText || len(parts) > maxText/16 || e.s.project.text < 0 {
		return e.wrong(line, "the text that it makes is too long")
	}
	return joined(parts)
}

// join is Fn::Join: a delimiter and a list.
func (e *evaluation) join(arg *node, line int) assize.Value {
	if arg.kind != listNode || len(arg.items) != 2 {
		return e.wrong(line, "Fn::Join: want a delimiter and a list")
	}
	between, ok := e.eval(arg.items[0]).(string)
	if !ok {
		return e.wrong(line, "Fn::Join: the delimiter is not a text")
	}
	list, why := asList(e.eval(arg.items[1]))
	if why != nil {
		return why
	}
	var parts []latePart
	for i, v := range list {
		if i > 0 {
			parts = append(parts, latePart{text: between})
		}
		more, ok := textParts(v)
		if !ok {
			return e.wrong(line, "Fn::Join: an element is not a text")
		}
		parts = append(parts, more...)
	}
	return e.text(parts, line)
}

// asList is a value that is a list, or why it is not known.
func asList(v assize.Value) (assize.List, *assize.Unknown) {
	switch x := v.(type) {
	case assize.List:
		return x, nil
	case *assize.Unknown:
		return nil, x
	case *late:
		return nil, x.unknown()
	case *choice:
		return nil, x.why
	}
	return nil, &assize.Unknown{Cause: assize.WrongAnswer, Detail: "want a list"}
}

// sub is Fn::Sub: a text with ${names}, and values for some of them.
func (e *evaluation) sub(arg *node, line int) assize.Value {
	text, own := arg.text(), map[string]assize.Value{}
	if arg.kind == listNode && len(arg.items) == 2 {
		text = arg.items[0].text()
		for _, f := range arg.items[1].fields {
			own[f.name] = e.eval(f.node)
		}
	} else if arg.kind != scalarNode {
		return e.wrong(line, "Fn::Sub: want a text, or a text and values")
	}
	var parts []latePart
	for {
		before, rest, ok := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			parts = append(parts, latePart{text: text})
			break
		}
		parts = append(parts, latePart{text: before})
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			parts = append(parts, latePart{text: "${" + literal + "}"})
		} else {
			more, ok := textParts(e.named(strings.TrimSpace(name), own, line))
			if !ok {
				return e.wrong(line, "Fn::Sub: "+name+" is not a text")
			}
			parts = append(parts, more...)
		}
		text = after
	}
	v := e.text(parts, line)
	if s, ok := v.(string); ok {
		return dynamic(s)
	}
	return v
}

// named is the value of a name in Fn::Sub.
func (e *evaluation) named(name string, own map[string]assize.Value, line int) assize.Value {
	if v, ok := own[name]; ok {
		return v
	}
	if logical, attribute, ok := strings.Cut(name, "."); ok {
		return e.attribute(logical, attribute, line)
	}
	return e.reference(name, line)
}

// dynamic is a text, or unknown where a {{resolve:…}} in it is read when the stack is made.
// What it names is not repeated: it may be a secret's field.
func dynamic(text string) assize.Value {
	_, after, ok := strings.Cut(text, "{{resolve:")
	if !ok || !strings.Contains(after, "}}") {
		return text
	}
	service, _, _ := strings.Cut(after, ":")
	return untilApply("a dynamic reference to " + service)
}

// selectOne is Fn::Select: an index and a list.
func (e *evaluation) selectOne(arg *node, line int) assize.Value {
	if arg.kind != listNode || len(arg.items) != 2 {
		return e.wrong(line, "Fn::Select: want an index and a list")
	}
	list, why := asList(e.eval(arg.items[1]))
	if why != nil {
		return why
	}
	at, ok := collect.ScalarText(e.eval(arg.items[0]))
	if !ok {
		return untilApply("an element by an index that is not known")
	}
	i, err := strconv.Atoi(strings.TrimSpace(at))
	if err != nil || i < 0 || i >= len(list) {
		return e.wrong(line, "Fn::Select: there is no element "+at)
	}
	return list[i]
}

// split is Fn::Split: a delimiter and a text.
func (e *evaluation) split(arg *node, line int) assize.Value {
	if arg.kind != listNode || len(arg.items) != 2 {
		return e.wrong(line, "Fn::Split: want a delimiter and a text")
	}
	between, ok := e.eval(arg.items[0]).(string)
	if !ok || between == "" {
		return e.wrong(line, "Fn::Split: the delimiter is not a text")
	}
	switch text := e.eval(arg.items[1]).(type) {
	case string:
		out := assize.List{}
		for part := range strings.SplitSeq(text, between) {
			out = append(out, part)
		}
		return out
	case *late:
		return text.unknown()
	case *assize.Unknown:
		return text
	case *choice:
		return text.why
	}
	return e.wrong(line, "Fn::Split: the second argument is not a text")
}

// findInMap is Fn::FindInMap: the mapping, two keys, and perhaps a default.
func (e *evaluation) findInMap(arg *node, line int) assize.Value {
	if arg.kind != listNode || len(arg.items) < 3 {
		return e.wrong(line, "Fn::FindInMap: want a mapping and two keys")
	}
	at := e.s.mappings
	for _, key := range arg.items[:3] {
		name, ok := collect.ScalarText(e.eval(key))
		if !ok {
			return untilApply("an entry of a mapping by a key that is not known")
		}
		if at = at.get(name); at != nil {
			continue
		}
		if len(arg.items) == 4 {
			return e.eval(arg.items[3].get("DefaultValue"))
		}
		return e.wrong(line, "Fn::FindInMap: the mapping has no "+name)
	}
	return e.eval(at)
}

func (e *evaluation) base64(arg *node, line int) assize.Value {
	switch v := e.eval(arg).(type) {
	case string:
		return base64.StdEncoding.EncodeToString([]byte(v))
	case *assize.Unknown:
		return v
	case *late:
		return v.unknown()
	case *choice:
		return v.why
	}
	return e.wrong(line, "Fn::Base64: want a text")
}

func (e *evaluation) length(arg *node, _ int) assize.Value {
	list, why := asList(e.eval(arg))
	if why != nil {
		return why
	}
	for _, v := range list {
		if _, undecided := v.(*choice); undecided {
			return untilApply("the length of a list that is not known")
		}
	}
	return int64(len(list))
}

// toJSON is Fn::ToJsonString. A policy document may be known in part.
func (e *evaluation) toJSON(arg *node, line int) assize.Value {
	v := e.eval(arg)
	if o, ok := v.(assize.Object); ok && isPolicy(o) {
		return document(o)
	}
	if !isKnown(v) {
		return untilApply("JSON of values that are not known")
	}
	text, err := json.Marshal(v)
	if err != nil {
		return e.wrong(line, "Fn::ToJsonString: "+err.Error())
	}
	return e.text([]latePart{{text: string(text)}}, line)
}

// cidr is Fn::Cidr: the first count blocks, with bits bits for hosts, of a block.
func (e *evaluation) cidr(arg *node, line int) assize.Value {
	var texts []string
	for _, item := range arg.items {
		text, ok := collect.ScalarText(e.eval(item))
		if !ok {
			return untilApply("blocks of addresses that are not known")
		}
		texts = append(texts, text)
	}
	if len(texts) != 3 {
		return e.wrong(line, "Fn::Cidr: want a block, a count and a number of bits")
	}
	block, err := netip.ParsePrefix(texts[0])
	count, errCount := strconv.Atoi(texts[1])
	bits, errBits := strconv.Atoi(texts[2])
	if err != nil || errCount != nil || errBits != nil || count < 1 || count > 256 || bits < 1 || bits > 128 {
		return e.wrong(line, "Fn::Cidr: "+strings.Join(texts, ", ")+" cannot be divided")
	}
	length := block.Addr().BitLen() - bits
	if length < block.Bits() || count > 1 && length-block.Bits() < bitsOf(count-1) {
		return e.wrong(line, "Fn::Cidr: "+texts[0]+" has no room for so many blocks")
	}
	out := assize.List{}
	at := block.Masked().Addr()
	for range count {
		out = append(out, netip.PrefixFrom(at, length).String())
		at = advance(at, bits)
	}
	return out
}

// bitsOf is the number of bits that a number takes.
func bitsOf(n int) int { return len(strconv.FormatInt(int64(n), 2)) }

// advance adds 2 to the power of bits to an address.
func advance(addr netip.Addr, bits int) netip.Addr {
	b := addr.AsSlice()
	carry := 1 << (bits % 8)
	for i := len(b) - 1 - bits/8; i >= 0 && carry > 0; i-- {
		sum := int(b[i]) + carry
		b[i], carry = byte(sum), sum>>8
	}
	next, _ := netip.AddrFromSlice(b)
	return next
}
