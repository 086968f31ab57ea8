package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// state is how a figure stands to its target.
type state string

const (
	noTarget state = ""
	reached  state = "reached"
	missed   state = "missed"
	skipped  state = "NOT MEASURED"
)

// figure is one line of the table.
type figure struct {
	What   string
	Target string
	Value  string
	State  state
}

// info is a figure without a target.
func info(what, format string, args ...any) figure {
	return figure{What: what, Value: fmt.Sprintf(format, args...)}
}

// below is a figure that has to stay under its target; format shows both.
func below(what string, got, target float64, format string) figure {
	return compared(what, got, target, "<", got < target, format)
}

// atMost is a number of bytes that may be as high as its target.
func atMost(what string, got, target float64) figure {
	return compared(what, got, target, "<=", got <= target, "%.0f B")
}

// above is a number that has to be higher than its target.
func above(what string, got, target float64) figure {
	return compared(what, got, target, ">", got > target, "%.0f")
}

func compared(what string, got, target float64, sign string, ok bool, format string) figure {
	f := figure{What: what, Target: sign + " " + fmt.Sprintf(format, target), Value: fmt.Sprintf(format, got), State: missed}
	if ok {
		f.State = reached
	}
	return f
}

func anyMissed(figures []figure) bool {
	return slices.ContainsFunc(figures, func(f figure) bool { return f.State == missed })
}

// printTable prints a section: a title and its lines.
func printTable(w io.Writer, title string, figures []figure) error {
	fmt.Fprintf(w, "\n%s\n", title)
	tw := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(tw, "  what\ttarget\tfigure\t")
	for _, f := range figures {
		line := strings.Join([]string{"  " + f.What, f.Target, f.Value, string(f.State)}, "\t")
		fmt.Fprintln(tw, strings.TrimRight(line, "\t"))
	}
	return tw.Flush()
}

// median of values, which it sorts.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	if n%2 == 1 {
		return values[n/2]
	}
	return (values[n/2-1] + values[n/2]) / 2
}
