package cloudformation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// tags are the short forms of functions that CloudFormation has.
var tags = map[string]string{
	"!Ref": "Ref", "!Condition": "Condition",
	"!And": "Fn::And", "!Base64": "Fn::Base64", "!Cidr": "Fn::Cidr", "!Contains": "Fn::Contains",
	"!EachMemberEquals": "Fn::EachMemberEquals", "!EachMemberIn": "Fn::EachMemberIn", "!Equals": "Fn::Equals",
	"!FindInMap": "Fn::FindInMap", "!GetAZs": "Fn::GetAZs", "!GetAtt": "Fn::GetAtt",
	"!GetStackOutput": "Fn::GetStackOutput", "!If": "Fn::If", "!ImportValue": "Fn::ImportValue", "!Join": "Fn::Join",
	"!Length": "Fn::Length", "!Not": "Fn::Not", "!Or": "Fn::Or", "!RefAll": "Fn::RefAll", "!Select": "Fn::Select",
	"!Split": "Fn::Split", "!Sub": "Fn::Sub", "!ToJsonString": "Fn::ToJsonString", "!Transform": "Fn::Transform",
	"!ValueOf": "Fn::ValueOf", "!ValueOfAll": "Fn::ValueOfAll",
}

// parseYAML reads a template in YAML.
func parseYAML(data []byte) (*node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("not YAML: %w", err)
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("the file holds more than one document, or ends in something that is not YAML")
	}
	r := &yamlReader{counter: counter{maxNodes}}
	return r.node(&doc, 0)
}

// yamlReader turns what the parser gives into nodes.
type yamlReader struct{ counter counter }

func (r *yamlReader) node(y *yaml.Node, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("line %d: nested deeper than %d levels", y.Line, maxDepth)
	}
	if err := r.counter.take(y.Line); err != nil {
		return nil, err
	}
	switch y.Kind {
	case yaml.DocumentNode:
		return r.node(y.Content[0], depth)
	case yaml.AliasNode:
		return r.node(y.Alias, depth+1) // one that holds itself ends at the greatest depth
	case yaml.ScalarNode, yaml.SequenceNode, yaml.MappingNode:
	}
	if !strings.HasPrefix(y.Tag, "!") || strings.HasPrefix(y.Tag, "!!") {
		return r.plain(y, depth)
	}
	name, ok := tags[y.Tag]
	if !ok {
		return nil, fmt.Errorf("line %d: %s is no function of CloudFormation", y.Line, y.Tag)
	}
	bare := *y
	bare.Tag = ""
	if y.Kind == yaml.ScalarNode {
		bare.Tag = "!!str"
	}
	arg, err := r.node(&bare, depth+1)
	if err != nil {
		return nil, err
	}
	return &node{kind: objectNode, line: y.Line, fields: []nodeField{{name, y.Line, arg}}}, nil
}

// plain turns a node without a short tag.
func (r *yamlReader) plain(y *yaml.Node, depth int) (*node, error) {
	n := &node{line: y.Line}
	switch y.Kind {
	case yaml.SequenceNode:
		n.kind = listNode
		for _, e := range y.Content {
			item, err := r.node(e, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		return n, nil
	case yaml.MappingNode:
		n.kind = objectNode
		return n, r.fields(n, y, depth)
	case yaml.ScalarNode, yaml.DocumentNode, yaml.AliasNode:
	}
	n.value = yamlScalar(y)
	return n, nil
}

// fields reads the entries of a mapping. Those of a merge (<<) give way to its own.
func (r *yamlReader) fields(n *node, y *yaml.Node, depth int) error {
	own := map[string]int{}
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return fmt.Errorf("line %d: a name is not a text", key.Line)
		}
		value, err := r.node(y.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			continue
		}
		if line, twice := own[key.Value]; twice {
			return fmt.Errorf("line %d: %q stands twice in one object, first on line %d", key.Line, key.Value, line)
		}
		own[key.Value] = key.Line
		n.fields = append(n.fields, nodeField{key.Value, key.Line, value})
	}
	for _, m := range merged {
		from := []*node{m}
		if m.kind == listNode {
			from = m.items
		}
		for _, o := range from {
			for _, f := range o.fields {
				if _, has := own[f.name]; !has {
					own[f.name] = f.line
					n.fields = append(n.fields, f)
				}
			}
		}
	}
	return nil
}

// oldTruth are the truth values of YAML 1.1, which CloudFormation reads, that YAML 1.2 has not.
var oldTruth = map[string]bool{
	"yes": true, "Yes": true, "YES": true, "on": true, "On": true, "ON": true,
	"no": false, "No": false, "NO": false, "off": false, "Off": false, "OFF": false,
}

// yamlScalar is a scalar as CloudFormation takes it: dates, versions and numbers that begin
// with 0, such as ids of accounts, are texts.
func yamlScalar(y *yaml.Node) assize.Value {
	switch y.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(y.Value, "true")
	case "!!int", "!!float":
		return number(y.Value)
	}
	if truth, ok := oldTruth[y.Value]; ok && y.Style == 0 {
		return truth
	}
	return y.Value
}

// number is the number that a text is written as, else the text.
func number(text string) assize.Value {
	digits := strings.TrimLeft(text, "+-")
	if len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		return text
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f-f == 0 {
		return f
	}
	return text
}
