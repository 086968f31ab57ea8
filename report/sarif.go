package report

import "io"

func newSARIF(w io.Writer, o Options) Writer { return newJSON(w, o) }
