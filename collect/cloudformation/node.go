package cloudformation

import (
	"fmt"

	"github.com/assize-dev/assize"
)

// Bounds of what is read. CloudFormation itself takes templates of 1 MB with 500
// resources; those that a program writes before they are split may be larger.
const (
	// MaxInput is the size of one file, in bytes.
	MaxInput = 8 << 20
	// maxDepth is the nesting of a template.
	maxDepth = 100
	// maxNodes bounds the values of one template, with anchors and loops written out.
	maxNodes = 1_000_000
	// maxResources bounds the resources of one template, with loops written out.
	maxResources = 10_000
	// maxStacksTogether bounds the stacks of one reading.
	maxStacksTogether = 1_000
)

// nodeKind tells the values of a template apart.
type nodeKind int

const (
	scalarNode nodeKind = iota
	listNode
	objectNode
)

// node is a value of a template, with the line where it stands. A short tag of YAML is the
// object that it stands for.
type node struct {
	kind   nodeKind
	line   int
	value  assize.Value // of a scalar: nil, bool, int64, float64, string
	items  []*node
	fields []nodeField // in the order of the file, names unique
}

type nodeField struct {
	name string
	line int
	node *node
}

// get is the field's value, nil when there is none or n is no object.
func (n *node) get(name string) *node {
	if n == nil || n.kind != objectNode {
		return nil
	}
	for i := range n.fields {
		if n.fields[i].name == name {
			return n.fields[i].node
		}
	}
	return nil
}

// text is a scalar that is a text, "" otherwise.
func (n *node) text() string {
	if n == nil || n.kind != scalarNode {
		return ""
	}
	s, _ := n.value.(string)
	return s
}

// call splits a node that is an intrinsic function: an object with one field whose name is
// Ref or begins with Fn::. name is "" for another.
func (n *node) call() (name string, arg *node) {
	if n.kind != objectNode || len(n.fields) != 1 {
		return "", nil
	}
	f := n.fields[0]
	if f.name == "Ref" || len(f.name) > 4 && f.name[:4] == "Fn::" && !isLoop(f.name) {
		return f.name, f.node
	}
	return "", nil
}

// counter bounds the nodes that are made of one template.
type counter struct{ left int }

func (c *counter) take(line int) error {
	if c.left--; c.left < 0 {
		return fmt.Errorf("line %d: the template has more than %d values, with anchors and loops written out", line, maxNodes)
	}
	return nil
}

func stringNode(text string, line int) *node {
	return &node{kind: scalarNode, line: line, value: text}
}
