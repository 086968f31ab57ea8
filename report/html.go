package report

import "io"

func newHTML(w io.Writer, o Options) Writer { return newJSON(w, o) }
