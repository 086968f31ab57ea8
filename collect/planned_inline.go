package collect

import (
	"slices"
	"strconv"

	"github.com/assize-dev/assize"
)

// inlinePolicies says how sources write the inline policies of a principal within it. In AWS each is a
// policy of its own, and checks judge it as such.
var inlinePolicies = map[string]struct {
	attribute, name, document  string // of the list, and of its elements
	typ                        string // that makes such a policy by itself
	asName, asDocument, holder string // attributes of that type
}{
	"aws_iam_role":    {"inline_policy", "name", "policy", "aws_iam_role_policy", "name", "policy", "role"},
	"AWS::IAM::Role":  {"Policies", "PolicyName", "PolicyDocument", "AWS::IAM::Policy", "PolicyName", "PolicyDocument", "Roles"},
	"AWS::IAM::User":  {"Policies", "PolicyName", "PolicyDocument", "AWS::IAM::Policy", "PolicyName", "PolicyDocument", "Users"},
	"AWS::IAM::Group": {"Policies", "PolicyName", "PolicyDocument", "AWS::IAM::Policy", "PolicyName", "PolicyDocument", "Groups"},
}

// inlineKey tells inline policies apart: name and document, each a text or an *assize.Unknown.
type inlineKey [2]assize.Value

func inlineKeyOf(name, document assize.Value) inlineKey {
	var key inlineKey
	for i, v := range []assize.Value{name, document} {
		switch v.(type) {
		case string, *assize.Unknown:
			key[i] = v
		}
	}
	return key
}

// Expected reports whether objects of a type of the source are inline policies that it may also
// have within their holders.
func Expected(typ string) bool {
	for _, how := range inlinePolicies {
		if typ == how.typ {
			return true
		}
	}
	return false
}

// expect adds an inline policy that the source has as an object of its own.
func expect(apart map[inlineKey]bool, p *Planned) {
	for _, how := range inlinePolicies {
		if p.Type == how.typ {
			apart[inlineKeyOf(p.Attributes.Get(how.asName), p.Attributes.Get(how.asDocument))] = true
		}
	}
}

// inline are the inline policies that are written within an object. Those that the source has as objects of
// their own, and that a provider reads back into the holder or a loader joins to it, are left out.
func (m *PlannedMapping) inline(p *Planned, apart map[inlineKey]bool) []*Planned {
	how, ok := inlinePolicies[p.Type]
	list, _ := p.Attributes.Get(how.attribute).(assize.List)
	if !ok || len(list) == 0 || !m.Maps(how.typ) || p.Unlinked[how.typ] != nil {
		return nil
	}
	var all []*Planned
	for i, e := range list {
		o, _ := e.(assize.Object)
		name, document := o.Get(how.name), o.Get(how.document)
		if document == nil || document == "" || apart[inlineKeyOf(name, document)] || hasPart(p, how.typ, how.asName, name) {
			continue
		}
		holder := &assize.Unknown{Cause: assize.UntilApply, Detail: how.holder, Refers: m.Reference(p)}
		q := &Planned{
			Type: how.typ, Account: p.Account, Region: p.Region, Origin: p.Origin,
			Attributes: assize.NewObject(map[string]assize.Value{how.asName: name, how.asDocument: document, how.holder: assize.List{holder}}),
		}
		if how.holder == "role" {
			q.Attributes = q.Attributes.Set(how.holder, holder)
		}
		if len(p.Sensitive) > 0 {
			q.Sensitive = []string{""} // which of its policies is secret is not looked at
		}
		q.Origin.Address += "." + how.attribute + "[" + strconv.Itoa(i) + "]"
		all = append(all, q)
	}
	return all
}

// hasPart tells whether the object has a side object of the type with the name.
func hasPart(p *Planned, typ, attribute string, name assize.Value) bool {
	return slices.ContainsFunc(p.Parts[typ], func(part *Planned) bool {
		known := part.Attributes.Get(attribute)
		_, isText := known.(string)
		return !isText || known == name
	})
}
