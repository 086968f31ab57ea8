package terraform

import "github.com/assize-dev/assize"

// Source is the text of a configuration, from a binary plan or a directory. It
// answers what the JSON of a plan leaves out: what locals and the insides of
// expressions say, which blocks are dynamic, and where things stand.
//
// Modules are named by the names of their calls from the root on, without instance
// keys; the root is the empty list. No method changes anything, and all are safe for
// concurrent use.
type Source interface {
	// Expression returns what is written for an argument. ok is false when the
	// source does not have it: the argument is then not set, or not to be found.
	Expression(q Query) (e Expression, ok bool)
	// Position returns where a resource or data source is declared: the file
	// relative to the root of the configuration, slashes between folders, and the
	// line, from 1. typ of a data source begins with "data.".
	Position(module []string, typ, name string) (file string, line int, ok bool)
	// ModuleCall returns where the last module of the list is called.
	ModuleCall(module []string) (file string, line int, ok bool)
}

// Query names an argument of the configuration.
type Query struct {
	Module []string
	// Type and Name of the resource; Type of a data source begins with "data.".
	// "local" is the type of a local, whose Argument is then empty, and "module" that of a
	// call of a module.
	Type, Name string
	// Argument is the path of the argument: "policy", "rule.prefix". Of a block that
	// stands several times all are meant. "json" of "data.aws_iam_policy_document" is the
	// document that it makes; "for_each" is the collection, whose elements have the keys
	// of the instances.
	Argument string
	// Lookup gives the value of a reference for the instance that is asked about:
	// "var.x", "each.key", "count.index", "aws_s3_bucket.b[0].arn",
	// "module.m.out", "data.aws_region.current.name"; as it is written, with the index
	// expressions that the source could evaluate. Locals and path.* the source
	// resolves itself. A value that is not known is an *Unknown; then standIn is a
	// text that stands for it in documents ("" where there is none): the ARN or
	// name that the planned resource is known by within its inventory.
	// Lookup may be nil: then every reference is unknown.
	Lookup func(reference string) (v assize.Value, standIn string)
}

// Expression is what is written for an argument.
type Expression struct {
	// References are those that the expression makes, those of the locals it uses
	// included, in the form of a plan's "references", longest first: "aws_s3_bucket.b[0].id",
	// "aws_s3_bucket.b[0]", "aws_s3_bucket.b". No local is among them.
	References []string
	// Dynamic: the argument is a block that a dynamic block writes.
	Dynamic bool
	// Made: a text is put together of a reference and of more, as "${aws_s3_bucket.b.id}-logs": it
	// is not the name of what it refers to.
	Made bool
	// Value is the expression's value with everything that Lookup knows.
	// A text that is a JSON document (jsonencode, a heredoc, a template of one) has
	// the stand-ins of Lookup, and [assize.Hole] for what has none; any
	// other value that depends on something unknown is an *Unknown, with Refers
	// where it is exactly one reference that has it.
	Value assize.Value
}
