package collect

import (
	"strings"

	"github.com/assize-dev/assize"
)

// turning says how an object of a template is one of the AWS provider's, of whose attributes values are computed.
type turning struct {
	// as is the provider's type.
	as string
	// names are those that differ by more than their spelling, in snake case: the provider's blocks have the singular.
	names map[string]string
	// parts are the provider's types of side objects, by type; those of lists within the object, by name of the attribute.
	parts, inline map[string]string
}

// turnings by type of CloudFormation.
var turnings = map[string]*turning{
	"AWS::Bedrock::Agent": {as: "aws_bedrockagent_agent", inline: map[string]string{"action_groups": typeActionGroup}},
	"AWS::Lambda::Function": {
		as: "aws_lambda_function", parts: map[string]string{"AWS::Lambda::Permission": typePermission},
	},
	"AWS::WAFv2::WebACL": {as: "aws_wafv2_web_acl", names: map[string]string{
		"rules": "rule", "rule_action_overrides": "rule_action_override", "excluded_rules": "excluded_rule", "statements": "statement",
	}},
}

// in is the turning for types of the dialect.
func (tn *turning) in(d *dialect) *turning {
	if tn == nil {
		return nil
	}
	out := *tn
	out.parts = map[string]string{}
	for typ, as := range tn.parts {
		out.parts[d.typ(typ)] = as
	}
	return &out
}

// turned is the object as the provider has it; itself where it is the provider's.
func (tn *turning) turned(p *Planned) *Planned {
	if tn == nil {
		return p
	}
	out := *p
	out.Type = tn.as
	out.Parts, out.Unlinked = map[string][]*Planned{}, map[string]*assize.Unknown{}
	for typ, as := range tn.parts {
		for _, part := range p.Parts[typ] {
			out.Parts[as] = append(out.Parts[as], (&turning{as: as, names: tn.names}).turned(part))
		}
		if u := p.Unlinked[typ]; u != nil {
			out.Unlinked[as] = u
		}
	}
	out.Attributes, _ = tn.value(p.Attributes).(assize.Object)
	out.Sensitive, out.Unwritten = make([]string, len(p.Sensitive)), make([]string, len(p.Unwritten))
	for i, path := range p.Sensitive {
		out.Sensitive[i] = tn.path(path)
	}
	for i, name := range p.Unwritten {
		out.Unwritten[i] = tn.name(name)
	}
	for name, as := range tn.inline {
		tn.takeOut(&out, name, as)
	}
	return &out
}

// takeOut makes side objects of the elements of a list.
func (tn *turning) takeOut(p *Planned, name, as string) {
	var sensitive []string
	if p.hides(name) {
		sensitive = []string{""}
	}
	for _, e := range elementsIn(p.Attributes, name) {
		switch x := e.(type) {
		case assize.Object:
			p.Parts[as] = append(p.Parts[as], &Planned{Type: as, Attributes: x, Sensitive: sensitive})
		case *assize.Unknown:
			p.Unlinked[as] = x
		}
	}
}

// value spells the names in a value.
func (tn *turning) value(v assize.Value) assize.Value {
	switch x := v.(type) {
	case assize.Object:
		fields := make(map[string]assize.Value, len(x))
		for _, f := range x {
			fields[tn.name(f.Name)] = tn.value(f.Value)
		}
		return assize.NewObject(fields)
	case assize.List:
		out := make(assize.List, len(x))
		for i := range x {
			out[i] = tn.value(x[i])
		}
		return out
	}
	return v
}

// name spells one name.
func (tn *turning) name(name string) string {
	name = snake(name)
	if as, ok := tn.names[name]; ok {
		return as
	}
	return name
}

// path spells the names of a path, as "Rules[0].Name".
func (tn *turning) path(path string) string {
	steps := strings.Split(path, ".")
	for i, step := range steps {
		name, index, _ := strings.Cut(step, "[")
		if steps[i] = tn.name(name); index != "" {
			steps[i] += "[" + index
		}
	}
	return strings.Join(steps, ".")
}
