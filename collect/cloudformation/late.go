package cloudformation

import (
	"reflect"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// While a template is evaluated a value may, beside what [assize.Value] lists, be one of
//
//	*late    a text of which some part is known only once the stack is made
//	*choice  one of two values, by a condition that is not decided
//
// settle makes values of them for properties, document for policies.

// late is a text in parts, at least one of which is not known.
type late struct{ parts []latePart }

// latePart is a known text, or one that is not known.
type latePart struct {
	text    string
	unknown *assize.Unknown
	// stand is the text that stands for it in policy documents; "" where there is none.
	stand string
}

// choice is what Fn::If gives where its condition is not decided; one of the two may be nil.
type choice struct {
	yes, no assize.Value
	why     *assize.Unknown
}

func unknownText(u *assize.Unknown, stand string) *late {
	return &late{[]latePart{{unknown: u, stand: stand}}}
}

// textParts are the parts of a value that is a text, or a number or truth value written as one;
// ok is false for others.
func textParts(v assize.Value) (parts []latePart, ok bool) {
	switch x := v.(type) {
	case *late:
		return x.parts, true
	case *assize.Unknown:
		return []latePart{{unknown: x}}, true
	case *choice:
		return []latePart{{unknown: x.why}}, true
	}
	text, ok := collect.ScalarText(v)
	return []latePart{{text: text}}, ok
}

// joined is the text of the parts: a string where all is known.
func joined(parts []latePart) assize.Value {
	var out []latePart
	for _, p := range parts {
		last := len(out) - 1
		switch {
		case p.unknown == nil && p.text == "":
		case p.unknown == nil && last >= 0 && out[last].unknown == nil:
			out[last].text += p.text
		default:
			out = append(out, p)
		}
	}
	switch {
	case len(out) == 0:
		return ""
	case len(out) == 1 && out[0].unknown == nil:
		return out[0].text
	}
	return &late{out}
}

// documentText is the text as it stands in a policy document; ok is false where a part has
// nothing that stands for it.
func (l *late) documentText() (text string, ok bool) {
	var b strings.Builder
	for _, p := range l.parts {
		if p.unknown != nil && p.stand == "" {
			return "", false
		}
		b.WriteString(p.text)
		b.WriteString(p.stand)
	}
	return plainPartition(b.String()), true
}

// plainPartition writes the ARN of a planned bucket as [assize.PlannedARN] does, whatever the
// partition that the template puts before its name.
func plainPartition(text string) string {
	for _, partition := range []string{"aws-cn", "aws-us-gov"} {
		other := strings.Replace(assize.PlannedARNPrefix, ":aws:", ":"+partition+":", 1)
		text = strings.ReplaceAll(text, other, assize.PlannedARNPrefix)
	}
	return text
}

// unknown is the text as the value of a property: what it names where it is nothing but the
// name or ARN of one resource.
func (l *late) unknown() *assize.Unknown {
	if len(l.parts) == 1 {
		return l.parts[0].unknown
	}
	if text, ok := l.documentText(); ok {
		if arn, rest, planned := assize.CutPlannedARN(text); planned && rest == "" {
			for _, p := range l.parts {
				if p.unknown != nil && p.unknown.Refers != nil && assize.PlannedARN(p.unknown.Refers.ID) == arn {
					return p.unknown
				}
			}
		}
	}
	var names []string
	for _, p := range l.parts {
		switch {
		case p.unknown == nil:
		case p.unknown.Refers != nil:
			names = append(names, p.unknown.Refers.ID)
		default:
			names = append(names, p.unknown.Detail)
		}
	}
	return untilApply("a text that depends on " + strings.Join(names, ", "))
}

// settle gives the value of a property. Policy documents in it become texts.
func settle(v assize.Value) assize.Value {
	switch x := v.(type) {
	case *late:
		if doc, ok := lateDocument(x); ok {
			return doc
		}
		return x.unknown()
	case *choice:
		yes, no := settle(x.yes), settle(x.no)
		if reflect.DeepEqual(yes, no) {
			return yes
		}
		return x.why
	case assize.List:
		return settleList(x)
	case assize.Object:
		if isPolicy(x) {
			return document(x)
		}
		out := make(assize.Object, 0, len(x))
		for _, f := range x {
			if v := settle(f.Value); v != nil {
				out = append(out, assize.Field{Name: f.Name, Value: v})
			}
		}
		return out
	}
	return v
}

// settleList settles the elements. One that a condition which is not decided lets in may not be
// there: it makes the rest of the list unknown, and is not counted among the elements.
func settleList(list assize.List) assize.List {
	out := make(assize.List, 0, len(list))
	var rest *assize.Unknown
	for _, e := range list {
		if mayBeAbsent(e) {
			if c := e.(*choice); rest == nil {
				why := *c.why
				why.Rest, why.Refers, rest = true, nil, &why
			}
			continue
		}
		out = append(out, settle(e))
	}
	if rest != nil {
		out = append(out, rest)
	}
	return out
}

// mayBeAbsent reports whether a value is a choice of which one side is nothing.
func mayBeAbsent(v assize.Value) bool {
	c, ok := v.(*choice)
	return ok && (c.yes == nil || c.no == nil || mayBeAbsent(c.yes) || mayBeAbsent(c.no))
}

// byProperty is a choice between two objects as one object of choices: what both say alike is known.
func byProperty(v assize.Value) assize.Value {
	c, ok := v.(*choice)
	if !ok {
		return v
	}
	one, isOne := byProperty(c.yes).(assize.Object)
	other, isOther := byProperty(c.no).(assize.Object)
	if !isOne && c.yes != nil || !isOther && c.no != nil {
		return v
	}
	out := assize.Object{}
	for _, f := range slices.Concat(one, other) {
		out = out.Set(f.Name, &choice{yes: one.Get(f.Name), no: other.Get(f.Name), why: c.why})
	}
	return out
}

// isKnown reports whether nothing in a value is unknown.
func isKnown(v assize.Value) bool {
	switch x := v.(type) {
	case *late, *choice, *assize.Unknown:
		return false
	case assize.List:
		for _, e := range x {
			if !isKnown(e) {
				return false
			}
		}
	case assize.Object:
		for _, f := range x {
			if !isKnown(f.Value) {
				return false
			}
		}
	}
	return true
}

func untilApply(detail string) *assize.Unknown {
	return &assize.Unknown{Cause: assize.UntilApply, Detail: detail}
}
