package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// removed stands for null: the field that a type gives is taken away.
type removed struct{}

// placeholder is a name in braces. Templates of AWS are in camel case and are left alone.
var placeholder = regexp.MustCompile(`\{[a-z][a-z0-9-]*\}`)

// names are the texts that placeholders stand for.
type names map[string]string

// expand replaces the placeholders; what they stand for may hold others.
func (n names) expand(s string) (string, error) {
	for range 4 {
		var missing string
		out := placeholder.ReplaceAllStringFunc(s, func(p string) string {
			text, ok := n[p[1:len(p)-1]]
			if !ok {
				missing = p
			}
			return text
		})
		switch {
		case missing != "":
			return "", fmt.Errorf("%q: nothing is named %s", s, missing)
		case out == s:
			return s, nil
		}
		s = out
	}
	return "", fmt.Errorf("%q: names that stand for one another", s)
}

// value turns YAML into what an answer holds.
func (n names) value(node *yaml.Node) (assize.Value, error) {
	if node.Kind == yaml.AliasNode {
		return n.value(node.Alias)
	}
	if node.Tag == "!json" {
		var b bytes.Buffer
		if err := n.json(&b, node); err != nil {
			return nil, err
		}
		return b.String(), nil
	}
	switch node.Kind {
	case yaml.MappingNode:
		return n.object(node)
	case yaml.SequenceNode:
		list := assize.List{}
		for _, element := range node.Content {
			v, err := n.value(element)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.ScalarNode:
		return n.scalar(node)
	case yaml.DocumentNode, yaml.AliasNode:
	}
	return nil, fmt.Errorf("line %d: not a value", node.Line)
}

func (n names) object(node *yaml.Node) (assize.Value, error) {
	o := assize.Object{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, child := node.Content[i], node.Content[i+1]
		v, err := n.value(child)
		if err != nil {
			return nil, err
		}
		if key.Tag == "!!merge" {
			o, _ = merge(v, o).(assize.Object)
			continue
		}
		name, err := n.expand(key.Value)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", key.Line, err)
		}
		o = o.Set(name, v)
	}
	return o, nil
}

func (n names) scalar(node *yaml.Node) (assize.Value, error) {
	switch node.Tag {
	case "!!null":
		return removed{}, nil
	case "!!bool":
		return strconv.ParseBool(node.Value)
	case "!!int":
		return strconv.ParseInt(node.Value, 10, 64)
	case "!!float":
		return strconv.ParseFloat(node.Value, 64)
	case "!!str", "!!timestamp":
		s, err := n.expand(node.Value)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", node.Line, err)
		}
		return s, nil
	}
	return nil, fmt.Errorf("line %d: no value has the tag %s", node.Line, node.Tag)
}

// json writes the node as JSON, its fields in their order.
func (n names) json(b *bytes.Buffer, node *yaml.Node) error {
	if node.Kind == yaml.AliasNode {
		return n.json(b, node.Alias)
	}
	switch node.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i+1 < len(node.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			key := *node.Content[i]
			key.Tag = "!!str"
			if err := n.json(b, &key); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := n.json(b, node.Content[i+1]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, element := range node.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := n.json(b, element); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	case yaml.ScalarNode, yaml.DocumentNode, yaml.AliasNode:
	}
	v, err := n.scalar(node)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	err = enc.Encode(v)
	b.Truncate(b.Len() - 1) // the encoder ends the line
	return err
}

// merge lays over upon base: objects field by field, all else in place of base.
func merge(base, over assize.Value) assize.Value {
	b, ok := base.(assize.Object)
	o, also := over.(assize.Object)
	if !ok || !also {
		if over == nil {
			return base
		}
		return over
	}
	out := append(assize.Object{}, b...)
	for _, f := range o {
		out = out.Set(f.Name, merge(out.Get(f.Name), f.Value))
	}
	return out
}

// settle takes away what null has removed.
func settle(v assize.Value) assize.Value {
	switch v := v.(type) {
	case removed:
		return nil
	case assize.Object:
		out := make(assize.Object, 0, len(v))
		for _, f := range v {
			if x := settle(f.Value); x != nil {
				out = append(out, assize.Field{Name: f.Name, Value: x})
			}
		}
		return out
	case assize.List:
		out := make(assize.List, len(v))
		for i := range v {
			out[i] = settle(v[i])
		}
		return out
	}
	return v
}
