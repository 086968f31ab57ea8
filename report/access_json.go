package report

import "io"

// writeAccessJSON writes the answer as one JSON document, a member a line: docs/iam.md.
func writeAccessJSON(w io.Writer, a *Access, _ Options) error {
	o := newOut(w)
	o.str("{\n")
	o.member("format", accessFormat)
	o.member("title", a.Title)
	o.member("question", list(a.Question))
	o.member("origin", a.Origin)
	o.member("noun", a.Noun)
	o.member("principals", a.Asked)
	accessLines(o, "targets", a.Targets)
	accessLines(o, "terms", a.Terms)
	accessLines(o, "groups", a.Groups)
	o.member("beyond", list(a.Beyond))
	o.member("unread", list(a.Unread))
	o.str(`"readings":`)
	o.json(list(a.Readings))
	o.str("\n}\n")
	return o.flush()
}

// list writes no elements as an empty array, not as null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// accessLines writes an array, an element a line, so that documents compare line by line.
func accessLines[T any](o *out, name string, elements []T) {
	o.str(`"`, name, `":[`)
	for i := range elements {
		if i > 0 {
			o.str(",")
		}
		o.str("\n")
		o.json(elements[i])
	}
	o.str("\n],\n")
}
