package collect

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

// translated looks a value up in what it stands for. Numbers and booleans are looked up by
// their text.
func translated(values map[string]assize.Value, v assize.Value) assize.Value {
	if len(values) == 0 {
		return v
	}
	text, ok := ScalarText(v)
	if !ok {
		return v
	}
	to, ok := values[text]
	switch n := to.(type) {
	case int:
		return int64(n)
	default:
		if ok {
			return n
		}
	}
	return v
}

// ScalarText is a scalar as Terraform and CloudFormation write it in a text; ok is false for what is none.
func ScalarText(v assize.Value) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case bool:
		return strconv.FormatBool(x), true
	case int64:
		return strconv.FormatInt(x, 10), true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	}
	return "", false
}

// converted returns the value in the fact's type, nil when it is of another kind.
func (t *translation) converted(plan *factPlan, v assize.Value) assize.Value {
	switch plan.fact.Type {
	case assize.String:
		if _, isBool := v.(bool); isBool {
			return nil
		}
		if text, ok := ScalarText(v); ok {
			return t.convert.text(plan, maskedProse(text))
		}
		return nil
	case assize.Policy:
		if text, ok := PolicyText(v, nil); ok {
			return text
		}
		return nil
	case assize.Timestamp:
		if day, ok := v.(string); ok && len(day) == len("2006-01-02") {
			v = day + "T00:00:00Z"
		}
	case assize.Int, assize.Double, assize.Bool, assize.Strings:
	}
	return t.convert.convert(plan, v)
}

// maskedProse is a text without the secrets that it tells, as what is read of an account has none
// either. Names and ARNs, which have no blanks, are what others refer to, and stay as they are.
func maskedProse(text string) string {
	if !strings.ContainsAny(text, " \t\n") {
		return text
	}
	clean, _ := Mask(text, "")
	return clean
}

// constant is the value of a constant; "[]" is an empty list. In a policy ${account} and
// ${partition} stand for those of the object: where they are not known, only AWS knows the policy.
func (t *translation) constant(plan *factPlan, text string) assize.Value {
	if plan.fact.Type == assize.Policy {
		known := true
		text = expandTemplate(text, func(name string) string {
			value := t.m.scopeText(t.object, name)
			known = known && value != ""
			return value
		})
		if !known {
			return deferred
		}
	}
	if plan.fact.Type == assize.Strings {
		if text == "[]" {
			return assize.List{}
		}
		return assize.List{t.convert.text(plan, text)}
	}
	if v := t.converted(plan, text); v != nil {
		return v
	}
	return wrongPlanned("="+text, "of type "+string(plan.fact.Type))
}

// masked tells whether there is a secret at the path or below it: text that looks like
// one, or is called one. Where there is nothing at the path it is absent.
func (t *translation) masked(p *plannedPlace, here at) assize.Value {
	here, unknown := walkPlanned(here, p.steps)
	if unknown != nil {
		return unknown
	}
	if here.value == nil {
		return nil
	}
	name := ""
	if len(p.steps) > 0 {
		name = p.steps[len(p.steps)-1].name
	}
	found, unknown := secretBelow(here.value, name)
	switch {
	case found:
		return true
	case unknown != nil:
		return unknown
	}
	return false
}

// secretBelow looks for a secret; what is not known may be one.
func secretBelow(v assize.Value, name string) (found bool, unknown *assize.Unknown) {
	var kids []assize.Field
	switch x := v.(type) {
	case *assize.Unknown:
		if x.Refers != nil {
			return false, nil
		}
		return false, x
	case string:
		_, hit := Mask(x, name)
		return hit || secretEncoded(x), nil
	case assize.List:
		for _, e := range x {
			kids = append(kids, assize.Field{Name: name, Value: e})
		}
	case assize.Object:
		kids = named(x)
	}
	for _, kid := range kids {
		hit, u := secretBelow(kid.Value, kid.Name)
		if hit {
			return true, nil
		}
		if unknown == nil {
			unknown = u
		}
	}
	return false, unknown
}

// named are the fields of an object; of one that is a name and a value, as variables of containers
// are, also the value under its name.
func named(o assize.Object) assize.Object {
	for _, pair := range [][2]string{{"name", "value"}, {"Name", "Value"}} {
		name, ok := o.Get(pair[0]).(string)
		if v := o.Get(pair[1]); ok && v != nil {
			return append(slices.Clip(o), assize.Field{Name: name, Value: v})
		}
	}
	return o
}

// secretEncoded reports whether a text holds a secret in Base64, as scripts that start machines
// are given.
func secretEncoded(text string) bool {
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(plain) == 0 || !utf8.Valid(plain) {
		return false
	}
	_, hit := Mask(string(plain), "")
	return hit
}
