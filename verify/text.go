package verify

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(r)
}

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	switch {
	case !r.Good:
		fmt.Fprintln(out, "The report CANNOT BE TRUSTED.")
	case !r.KeyGiven:
		fmt.Fprintln(out, "The report fits together. Who made it is NOT PROVED: no key was given.")
	default:
		fmt.Fprintln(out, "The report is genuine and complete.")
	}
	fmt.Fprintln(out)
	if h := &r.Header; h.Format != "" {
		fmt.Fprintf(out, "  folder      %s\n  assessment  %s\n  report      %s of %s\n",
			shown(h.Folder), shown(h.Assessment), shown(h.Report), h.Created.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	if c := &r.Checkpoint; c.Origin != "" {
		fmt.Fprintf(out, "  checkpoint  %s, %d entries\n", shown(c.Origin), c.Size)
	}
	given := "brought along by the bundle"
	if r.KeyGiven {
		given = "given by you"
	}
	if r.Key != "" {
		fmt.Fprintf(out, "  key         %s (%s)\n", shown(r.Key), given)
	}
	if len(r.Faults) > 0 {
		fmt.Fprintln(out, "\nFaults")
		for _, f := range r.Faults {
			fmt.Fprintf(out, "  %s: %s\n", shown(f.Where), shown(f.What))
		}
		if len(r.Faults) == maxFaults {
			fmt.Fprintln(out, "  … and perhaps more: the first 100 are shown.")
		}
	}
	list(out, "Proved", r.Proved)
	list(out, "Not proved", r.NotProved)
	return out.Flush()
}

func list(out io.Writer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", title)
	for _, l := range lines {
		fmt.Fprintf(out, "  - %s\n", shown(l))
	}
}

// shown makes text of a bundle harmless to a terminal.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}
