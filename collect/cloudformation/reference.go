package cloudformation

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// ref is Ref: a parameter, a pseudo parameter or a resource.
func (e *evaluation) ref(arg *node, line int) assize.Value {
	name, known := e.nameIn(arg)
	switch {
	case !known:
		return untilApply("what Ref names")
	case name == "":
		return e.wrong(line, "Ref: want a name")
	}
	return e.reference(name, line)
}

// nameIn is the name that Ref and Fn::GetAtt have: a text or, with the transform
// AWS::LanguageExtensions, a function that gives one; known is false where that is not decided.
func (e *evaluation) nameIn(arg *node) (name string, known bool) {
	if function, _ := arg.call(); function == "" {
		return arg.text(), true
	}
	switch v := e.eval(arg).(type) {
	case string:
		return v, true
	case *late, *choice, *assize.Unknown:
		return "", false
	}
	return "", true
}

func (e *evaluation) reference(name string, line int) assize.Value {
	if strings.HasPrefix(name, "AWS::") {
		return e.s.pseudo(name)
	}
	if p := e.s.parameter[name]; p != nil {
		e.secret = e.secret || p.secret
		return e.s.valueOf(name, p)
	}
	return e.attribute(name, "Ref", line)
}

// valueOf is the value of a parameter. That of a nested stack is evaluated in its parent.
func (s *stack) valueOf(name string, p *parameter) assize.Value {
	if p.read {
		return p.value
	}
	p.read = true
	p.value = untilApply("the parameter " + name) // for one that refers to itself
	if s.parent == nil {
		p.value = p.of(name, (&evaluation{s: s}).eval(p.from))
		return p.value
	}
	outer := &evaluation{s: s.parent.s, assume: s.parent.condition}
	p.value = p.of(name, outer.eval(p.from))
	p.secret = p.secret || len(outer.hidden) > 0
	return p.value
}

// pseudo is the value of a pseudo parameter.
func (s *stack) pseudo(name string) assize.Value {
	known := map[string]string{
		"AWS::AccountId": s.account, "AWS::Region": s.region, "AWS::StackName": s.name,
		// Where the Region is not known the partition is taken to be aws, as everywhere.
		"AWS::Partition": collect.PartitionOf(s.region), "AWS::URLSuffix": suffixOf(collect.PartitionOf(s.region)),
	}
	if name == "AWS::NoValue" {
		return nil
	}
	if text := known[name]; text != "" {
		return text
	}
	return unknownText(untilApply(name), "")
}

// suffixOf is the domain of a partition's services.
func suffixOf(partition string) string {
	if partition == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// getAtt is Fn::GetAtt: a list of two, or both with a dot between.
func (e *evaluation) getAtt(arg *node, line int) assize.Value {
	logical, attribute, _ := strings.Cut(arg.text(), ".")
	if arg.kind == listNode && len(arg.items) == 2 {
		name, known := e.nameIn(arg.items[0])
		if !known {
			return untilApply("what Fn::GetAtt names")
		}
		logical = name
		var ok bool
		if attribute, ok = e.eval(arg.items[1]).(string); !ok {
			return untilApply("an attribute of " + logical + " whose name is not known")
		}
	}
	if logical == "" || attribute == "" {
		return e.wrong(line, "Fn::GetAtt: want the name of a resource and an attribute")
	}
	return e.attribute(logical, attribute, line)
}

// attribute is what Ref ("Ref") or Fn::GetAtt gives of a resource.
func (e *evaluation) attribute(logical, attribute string, line int) assize.Value {
	it := e.s.items[logical]
	switch {
	case it == nil && e.s.sam:
		return untilApply(logical + ", which the SAM transform may make")
	case it == nil:
		e.s.warn(line, "there is neither a parameter nor a resource "+logical)
		return untilApply(logical + ", which the template does not have")
	case it.typ == "AWS::CloudFormation::Stack" && strings.HasPrefix(attribute, "Outputs."):
		if it.child == nil {
			return untilApply(it.planned.Origin.Address + "." + attribute + ", of a template that is not at hand")
		}
		return e.given(it.child, strings.TrimPrefix(attribute, "Outputs."), line)
	case it.typ == aliasType && attribute == "Ref":
		if v := it.key(); v != nil {
			return v
		}
	}
	e.secret = e.secret || it.hidesName()
	return it.attribute(attribute)
}

// given is the value of an output of another template.
func (e *evaluation) given(s *stack, name string, line int) assize.Value {
	v, secret := s.output(name, line)
	e.secret = e.secret || secret
	return v
}

// hidesName reports whether a name of the resource must not be shown.
func (it *item) hidesName() bool {
	names := it.s.project.o.Mapping.IdentifiedBy(it.typ)
	return slices.ContainsFunc(it.attributes().Sensitive, func(path string) bool { return slices.Contains(names, path) })
}

// aliasType is another name of a key: who refers to it refers to the key.
const aliasType = "AWS::KMS::Alias"

// key is the key that an alias names, where it is in the template.
func (it *item) key() assize.Value {
	u, ok := it.attributes().Attributes.Get("TargetKeyId").(*assize.Unknown)
	if !ok || u.Refers == nil {
		return nil
	}
	return unknownText(u, "")
}

// attribute is what is known of an attribute of the resource: its value, or that it names it.
func (it *item) attribute(name string) assize.Value {
	m, p := it.s.project.o.Mapping, it.attributes()
	property := name
	if name == "Ref" {
		property = m.RefGives(p.Type)
	}
	stand := it.standIn(property)
	if stand != "" && !strings.Contains(stand, plannedName) {
		return stand
	}
	if !isOurs(it.typ) {
		return untilApply(p.Origin.Address + "." + name)
	}
	if name == "Ref" || m.Identifies(p.Type, property) {
		return unknownText(&assize.Unknown{Cause: assize.UntilApply, Refers: m.Reference(p)}, stand)
	}
	if v := p.Attributes.At(property); v != nil && isKnown(v) {
		return v
	}
	return unknownText(untilApply(p.Origin.Address+"."+name), "")
}

// standIn is the text that a document has in place of a property; "" where there is none.
func (it *item) standIn(property string) string {
	m := it.s.project.o.Mapping
	if text, ok := m.Name(it.planned, property); ok {
		return text
	}
	// An ARN by another name: that of a topic is TopicArn.
	if strings.HasSuffix(property, "Arn") && m.Identifies(it.typ, property) {
		return m.ARN(it.planned)
	}
	return ""
}

// plannedName is in each text that stands for a planned resource.
var plannedName = strings.TrimPrefix(assize.PlannedARNPrefix, "arn:aws:s3:::")

// isOurs tells types of AWS from those whose attributes are what a program gives: custom
// resources and what the SAM transform writes.
func isOurs(typ string) bool {
	return strings.HasPrefix(typ, "AWS::") && typ != "AWS::CloudFormation::CustomResource" && !strings.HasPrefix(typ, "AWS::Serverless::")
}

// output is the value of an output, and whether it must not be shown.
func (s *stack) output(name string, line int) (v assize.Value, secret bool) {
	if g, ok := s.given[name]; ok {
		return g.value, g.secret
	}
	o := s.outputs[name]
	if o == nil {
		s.warn(line, "there is no output "+name)
		return untilApply("the output " + name), false
	}
	s.given[name] = given{value: untilApply("the output " + name)} // for one that refers to itself
	e := &evaluation{s: s, assume: o.get("Condition").text()}
	v = e.eval(o.get("Value"))
	s.given[name] = given{v, len(e.hidden) > 0}
	return v, len(e.hidden) > 0
}

// exported is an output that other stacks import.
type exported struct {
	s    *stack
	name string
}

// exportedTo is the output that a stack imports by a name. CloudFormation has a list of exports for each account
// and Region: a stack imports from where it is. One whose place is not known may be in any; where several then
// export the name it is not known which of them is meant.
func (s *stack) exportedTo(name string) *exported {
	var found *exported
	for _, x := range s.project.exports[name] {
		if !samePlace(s.account, x.s.account) || !samePlace(s.region, x.s.region) {
			continue
		}
		if found != nil {
			return nil
		}
		found = x
	}
	return found
}

// samePlace reports whether two accounts, or Regions, may be the same.
func samePlace(a, b string) bool { return a == b || a == "" || b == "" }

// export notes an output's name for Fn::ImportValue, where it is plainly written.
func (s *stack) export(output string, name *node) {
	if text, ok := (&evaluation{s: s}).eval(name).(string); ok {
		s.project.exports[text] = append(s.project.exports[text], &exported{s, output})
	}
}

// importValue is Fn::ImportValue: an output of a stack that was read together with this one.
func (e *evaluation) importValue(arg *node, line int) assize.Value {
	name, ok := e.eval(arg).(string)
	if !ok {
		return untilApply("an export whose name is not known")
	}
	if x := e.s.exportedTo(name); x != nil {
		return e.given(x.s, x.name, line)
	}
	if e.secret {
		name = "with a name that is not shown"
	}
	return untilApply("the export " + name + " of another stack")
}
