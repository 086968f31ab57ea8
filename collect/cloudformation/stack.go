package cloudformation

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// stackAt says which template is read for which stack.
type stackAt struct {
	file            string
	account, region string
	name            string // of the stack, "" where it is not known
	prefix          string // of addresses
	// parameters that the parent, or the assembly, gives; values of a nested stack are
	// evaluated in the parent when they are asked for.
	parameters *node
	parent     *item
	depth      int
}

// stack is one template with its parameters.
type stack struct {
	stackAt
	project    *project
	parameter  map[string]*parameter
	mappings   *node
	conditions map[string]*node
	outputs    map[string]*node
	given      map[string]given // outputs that were evaluated
	items      map[string]*item
	order      []*item
	decided    map[conditionKey]decision
	deciding   []string // names of conditions that are being decided
	sam        bool     // the SAM transform may make further resources
}

// given is the value of an output; secret: it must not be shown.
type given struct {
	value  assize.Value
	secret bool
}

// parameter of a template. read is false until its value was asked for.
type parameter struct {
	typ    string
	value  assize.Value
	from   *node // expression in the parent's template
	secret bool
	read   bool
}

// item is a resource of a template.
type item struct {
	s          *stack
	logical    string
	line       int
	typ        string
	condition  string
	properties *node
	dependsOn  *node
	asset      string // local file of a nested template, as the CDK notes it
	child      *stack
	planned    *collect.Planned
	evaluated  bool
}

// harmless are transforms that add nothing to resources but those of their own types.
var harmless = []string{
	"AWS::Serverless", "AWS::LanguageExtensions", "AWS::SecretsManager-", "AWS::CodeDeployBlueGreen", "AWS::ServiceCatalog",
}

// load reads the sections of a template. Nothing that depends on other templates is
// evaluated yet.
func (p *project) load(at stackAt, data []byte) (*stack, error) {
	root, err := parse(at.file, data)
	if err != nil {
		return nil, err
	}
	s := &stack{
		stackAt: at, project: p, parameter: map[string]*parameter{}, mappings: root.get("Mappings"),
		given: map[string]given{}, items: map[string]*item{}, decided: map[conditionKey]decision{},
	}
	if p.stacks = append(p.stacks, s); len(p.stacks) > maxStacksTogether {
		return nil, fmt.Errorf("%s: more than %d stacks belong together", at.file, maxStacksTogether)
	}
	s.transforms(root.get("Transform"))
	s.parameters(root.get("Parameters"))
	s.conditions = s.section(root.get("Conditions"))
	s.outputs = s.section(root.get("Outputs"))
	for name, output := range s.outputs {
		if export := output.get("Export").get("Name"); export != nil {
			s.export(name, export)
		}
	}
	return s, s.resources(root.get("Resources"))
}

// transforms notes macros that are not known.
func (s *stack) transforms(n *node) {
	if n == nil {
		return
	}
	all := []*node{n}
	if n.kind == listNode {
		all = n.items
	}
	for _, t := range all {
		name := t.text()
		if t.kind == objectNode {
			name = t.get("Name").text()
		}
		known := false
		for _, prefix := range harmless {
			known = known || strings.HasPrefix(name, prefix)
		}
		if !known {
			s.incomplete(t.line, "the macro "+name+" writes the template anew")
		}
	}
}

// section lists the entries of a section, with loops written out.
func (s *stack) section(n *node) map[string]*node {
	entries := map[string]*node{}
	if n == nil {
		return entries
	}
	fields, err := s.unroll(n.fields)
	if err != nil {
		s.incomplete(n.line, err.Error())
	}
	for _, f := range fields {
		entries[f.name] = f.node
	}
	return entries
}

// parameters takes for each parameter what is given, else its default.
func (s *stack) parameters(n *node) {
	if n == nil {
		return
	}
	for _, f := range n.fields {
		p := &parameter{typ: f.node.get("Type").text(), secret: isSecret(f.node.get("NoEcho"))}
		s.parameter[f.name] = p
		given, isGiven := s.project.o.Parameters[f.name]
		if isGiven && s.parent == nil {
			delete(s.project.unused, f.name)
			p.value, p.read = p.of(f.name, given), true
			continue
		}
		if from := s.stackAt.parameters.get(f.name); from != nil {
			p.from = from
			continue
		}
		p.read = true
		value, ok := collect.ScalarText(scalarOf(f.node.get("Default")))
		if !ok {
			p.value = untilApply("the parameter " + f.name)
			s.project.unset = append(s.project.unset, Parameter{Name: f.name, File: s.file, Line: f.line})
			continue
		}
		p.value = p.of(f.name, value)
		shown := cmp.Or(value, `""`)
		if p.secret || collect.SecretName(f.name) {
			shown = ""
		}
		s.project.defaults = append(s.project.defaults, Default{s.file, f.name, shown})
	}
}

// isSecret reads NoEcho: whatever is not plainly false is taken for true, in any spelling.
func isSecret(noEcho *node) bool {
	text, _ := collect.ScalarText(scalarOf(noEcho))
	return noEcho != nil && !strings.EqualFold(text, "false")
}

func scalarOf(n *node) assize.Value {
	if n == nil || n.kind != scalarNode {
		return nil
	}
	return n.value
}

// of is a given value as one of the parameter's type: texts of lists are split, and what
// names a parameter of Systems Manager is read when the stack is made.
func (p *parameter) of(name string, given assize.Value) assize.Value {
	text, isText := given.(string)
	switch {
	case strings.HasPrefix(p.typ, "AWS::SSM::Parameter::Value<"):
		return untilApply("the SSM parameter that the parameter " + name + " names")
	case !isText:
		return given
	case p.typ == "CommaDelimitedList", strings.HasPrefix(p.typ, "List<"):
		return listOf(text)
	}
	return dynamic(text)
}

// listOf splits a text at its commas.
func listOf(text string) assize.List {
	out := assize.List{}
	if text == "" {
		return out
	}
	for part := range strings.SplitSeq(text, ",") {
		out = append(out, dynamic(strings.TrimSpace(part)))
	}
	return out
}

// resources lists the resources, with loops written out.
func (s *stack) resources(n *node) error {
	fields, err := s.unroll(n.fields)
	if err != nil {
		s.incomplete(n.line, err.Error())
	}
	if len(fields) > maxResources {
		return fmt.Errorf("%s: it has more than %d resources", s.file, maxResources)
	}
	for _, f := range fields {
		if f.name == "Fn::Transform" {
			s.incomplete(f.line, "Fn::Transform writes resources")
			continue
		}
		typ := f.node.get("Type").text()
		if typ == "" {
			return fmt.Errorf("%s:%d: resource %s has no Type", s.file, f.line, f.name)
		}
		it := &item{
			s: s, logical: f.name, line: f.line, typ: typ, condition: f.node.get("Condition").text(),
			properties: f.node.get("Properties"), dependsOn: f.node.get("DependsOn"),
		}
		metadata := f.node.get("Metadata")
		it.asset = metadata.get("aws:asset:path").text()
		it.planned = &collect.Planned{Type: typ, Account: s.account, Region: s.region, Origin: assize.Origin{
			Kind: "template", Address: s.prefix + f.name, File: s.file, Line: f.line, Module: metadata.get("aws:cdk:path").text(),
		}}
		if s.parent != nil {
			o := &it.planned.Origin
			o.ModuleFile, o.ModuleLine = s.parent.s.file, s.parent.line
			if o.Module == "" {
				o.Module = s.parent.planned.Origin.Address
			}
		}
		if s.items[f.name] != nil {
			return fmt.Errorf("%s:%d: resource %s stands twice", s.file, f.line, f.name)
		}
		s.sam = s.sam || strings.HasPrefix(typ, "AWS::Serverless::")
		s.items[f.name] = it
		s.order = append(s.order, it)
	}
	return nil
}

// exists decides whether the resource is made.
func (it *item) exists() decision {
	d := yes
	if it.condition != "" {
		d = (&evaluation{s: it.s}).holds(it.condition, it.line)
	}
	if it.s.parent == nil || d == no {
		return d
	}
	switch it.s.parent.exists() {
	case no:
		return no
	case maybe:
		return maybe
	case yes:
	}
	return d
}

// attributes evaluates the properties, once. Of one that is being evaluated it gives what is
// known so far: nothing.
func (it *item) attributes() *collect.Planned {
	if it.evaluated {
		return it.planned
	}
	it.evaluated = true
	e := &evaluation{s: it.s, assume: it.condition}
	o, ok := settle(byProperty(e.eval(it.properties))).(assize.Object)
	if !ok && it.properties != nil {
		it.s.incomplete(it.properties.line, "the properties of "+it.logical+" are not an object")
	}
	it.planned.Attributes, it.planned.Sensitive = o, e.hidden
	return it.planned
}
