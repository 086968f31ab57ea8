package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// labels are how many labels the blocks of a configuration have.
var labels = map[string]int{
	"terraform": 0, "locals": 0, "variable": 1, "output": 1, "module": 1, "provider": 1, "resource": 2, "data": 2,
	"moved": 0, "removed": 0, "import": 0, "check": 1,
}

// jsonNode is a value of JSON with its place, fields in order.
type jsonNode struct {
	line   int
	names  []string // of an object
	kids   []*jsonNode
	scalar json.RawMessage // of what is neither object nor list
	list   bool
}

// parseJSON reads the JSON form of a configuration into the blocks that it stands for. What is a nested
// block and what an argument only a provider knows: all are arguments, of lists of objects.
func parseJSON(data []byte, name string) ([]*hclsyntax.Block, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	p := &jsonParser{dec: dec, data: data}
	root, err := p.node(0)
	if err != nil {
		return nil, fmt.Errorf("%s:%d: not readable as JSON: %w", name, p.line(), err)
	}
	if root.scalar != nil {
		return nil, fmt.Errorf("%s: want an object", name)
	}
	var blocks []*hclsyntax.Block
	for _, object := range root.objects() {
		for i, typ := range object.names {
			n, ok := labels[typ]
			if !ok {
				continue // "//" is a comment; anything else is not Terraform's
			}
			made, err := object.kids[i].blocks(typ, nil, n, name)
			if err != nil {
				return nil, err
			}
			blocks = append(blocks, made...)
		}
	}
	return blocks, nil
}

type jsonParser struct {
	dec  *json.Decoder
	data []byte
	at   int64
	seen int
}

// line is where the decoder stands; it counts from where it was asked last.
func (p *jsonParser) line() int {
	now := p.dec.InputOffset()
	p.seen += bytes.Count(p.data[p.at:now], []byte("\n"))
	p.at = now
	return p.seen + 1
}

func (p *jsonParser) node(depth int) (*jsonNode, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("nested deeper than %d levels", maxNesting)
	}
	tok, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	n := &jsonNode{line: p.line()}
	d, ok := tok.(json.Delim)
	if !ok {
		n.scalar, err = json.Marshal(tok)
		return n, err
	}
	n.list = d == '['
	for p.dec.More() {
		if !n.list {
			key, err := p.dec.Token()
			if err != nil {
				return nil, err
			}
			n.names = append(n.names, key.(string))
		}
		kid, err := p.node(depth + 1)
		if err != nil {
			return nil, err
		}
		n.kids = append(n.kids, kid)
	}
	_, err = p.dec.Token()
	return n, err
}

// objects are the node itself, or the objects of the list that it is.
func (n *jsonNode) objects() []*jsonNode {
	if !n.list {
		return []*jsonNode{n}
	}
	var all []*jsonNode
	for _, k := range n.kids {
		all = append(all, k.objects()...)
	}
	return all
}

// blocks are those of a type, below as many levels of names as it has labels.
func (n *jsonNode) blocks(typ string, names []string, left int, file string) ([]*hclsyntax.Block, error) {
	var blocks []*hclsyntax.Block
	for _, object := range n.objects() {
		if object.scalar != nil {
			return nil, fmt.Errorf("%s:%d: want an object for %s %s", file, object.line, typ, strings.Join(names, "."))
		}
		if left == 0 {
			body, err := object.body(file)
			if err != nil {
				return nil, err
			}
			r := object.at(file)
			blocks = append(blocks, &hclsyntax.Block{Type: typ, Labels: names, Body: body, TypeRange: r, OpenBraceRange: r, CloseBraceRange: r})
			continue
		}
		for i, name := range object.names {
			if name == "//" {
				continue
			}
			below, err := object.kids[i].blocks(typ, append(names[:len(names):len(names)], name), left-1, file)
			if err != nil {
				return nil, err
			}
			blocks = append(blocks, below...)
		}
	}
	return blocks, nil
}

func (n *jsonNode) body(file string) (*hclsyntax.Body, error) {
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: n.at(file), EndRange: n.at(file)}
	for i, name := range n.names {
		kid := n.kids[i]
		switch name {
		case "//":
			continue
		case "dynamic":
			dynamic, err := kid.blocks("dynamic", nil, 1, file)
			if err != nil {
				return nil, err
			}
			for _, b := range dynamic {
				b.Body.Blocks = contentOf(b.Body)
			}
			body.Blocks = append(body.Blocks, dynamic...)
			continue
		}
		e, err := kid.expression(file)
		if err != nil {
			return nil, err
		}
		r := kid.at(file)
		body.Attributes[name] = &hclsyntax.Attribute{Name: name, Expr: e, SrcRange: r, NameRange: r, EqualsRange: r}
	}
	return body, nil
}

// contentOf makes the content block of a dynamic one out of the argument of that name.
func contentOf(b *hclsyntax.Body) []*hclsyntax.Block {
	object, ok := expression(b, "content").(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	delete(b.Attributes, "content")
	content := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: object.SrcRange}
	for _, item := range object.Items {
		name := constantOf(item.KeyExpr)
		if name.Type() == cty.String {
			content.Attributes[name.AsString()] = &hclsyntax.Attribute{Name: name.AsString(), Expr: item.ValueExpr, SrcRange: object.SrcRange}
		}
	}
	return []*hclsyntax.Block{{Type: "content", Body: content, TypeRange: object.SrcRange}}
}

// expression is what the value says: texts are templates.
func (n *jsonNode) expression(file string) (hclsyntax.Expression, error) {
	r := n.at(file)
	switch {
	case n.list:
		tuple := &hclsyntax.TupleConsExpr{SrcRange: r, OpenRange: r}
		for _, k := range n.kids {
			e, err := k.expression(file)
			if err != nil {
				return nil, err
			}
			tuple.Exprs = append(tuple.Exprs, e)
		}
		return tuple, nil
	case n.scalar == nil:
		return n.object(file)
	case n.scalar[0] == '"':
		return templateOf(n.scalar, r)
	}
	ty, err := ctyjson.ImpliedType(n.scalar)
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, n.line, err)
	}
	v, err := ctyjson.Unmarshal(n.scalar, ty)
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: r}, err
}

func (n *jsonNode) object(file string) (hclsyntax.Expression, error) {
	r := n.at(file)
	object := &hclsyntax.ObjectConsExpr{SrcRange: r, OpenRange: r}
	for i, name := range n.names {
		key, err := templateOf(mustJSON(name), r)
		if err != nil {
			return nil, err
		}
		e, err := n.kids[i].expression(file)
		if err != nil {
			return nil, err
		}
		object.Items = append(object.Items, hclsyntax.ObjectConsItem{
			KeyExpr: &hclsyntax.ObjectConsKeyExpr{Wrapped: key, ForceNonLiteral: true}, ValueExpr: e,
		})
	}
	return object, nil
}

// mustJSON writes a text, which always has a form in JSON.
func mustJSON(s string) json.RawMessage {
	var b bytes.Buffer
	if err := writeText(&b, s); err != nil {
		return json.RawMessage(`""`)
	}
	return b.Bytes()
}

// templateOf parses a text of JSON as a template.
func templateOf(raw json.RawMessage, r hcl.Range) (hclsyntax.Expression, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	if !strings.Contains(s, "${") && !strings.Contains(s, "%{") {
		return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(s), SrcRange: r}, nil
	}
	if strings.Count(s, "{")+strings.Count(s, "(")+strings.Count(s, "[") > maxNesting {
		return nil, fmt.Errorf("%s: brackets in a template are nested too deeply to be read", position(r))
	}
	e, diags := hclsyntax.ParseTemplate([]byte(s), r.Filename, r.Start)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s: not readable as a template: %w", position(r), diags)
	}
	return e, nil
}

func (n *jsonNode) at(file string) hcl.Range {
	pos := hcl.Pos{Line: n.line, Column: 1}
	return hcl.Range{Filename: file, Start: pos, End: pos}
}
