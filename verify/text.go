package verify

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode"
	"unicode/utf16"
)

// WriteJSON writes the report for programs. Characters that are not printable stand as escapes, which a terminal does
// not heed and a reader of JSON takes back.
func (r *Report) WriteJSON(w io.Writer) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, c := range string(data) {
		switch {
		case c == '\n' || unicode.IsPrint(c):
			out.WriteRune(c) //nolint:errcheck // the writer keeps the first error for Flush
		case c <= math.MaxUint16:
			fmt.Fprintf(out, `\u%04x`, c)
		default:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(out, `\u%04x\u%04x`, high, low)
		}
	}
	fmt.Fprintln(out)
	return out.Flush()
}

// WriteText writes the report for people.
func (r *Report) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s\n\n", r.headline())
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

// headline is the verdict in a line. Evidence that the report does not hold is named there: nobody is to take a selection
// for all.
func (r *Report) headline() string {
	if !r.Good {
		return "The report CANNOT BE TRUSTED."
	}
	line := "The report is genuine"
	if !r.KeyGiven {
		line = "The report fits together. Who made it is NOT PROVED: no key was given"
	}
	switch {
	case !r.Header.All:
		return fmt.Sprintf("%s. It is of SELECTED evidence: %d of %d pieces were left out.", line, r.Unselected, r.Evidence)
	case r.KeyGiven:
		line += " and complete"
	}
	if r.Destroyed > 0 {
		line += fmt.Sprintf(", but for %d of %d bodies of evidence, which were destroyed", r.Destroyed, r.Evidence)
	}
	return line + "."
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

// maxShown is how much of a text of a bundle people are shown; all of it stands in the JSON.
const maxShown = 1000

// shown makes text of a bundle harmless to a terminal.
func shown(s string) string {
	if text := []rune(s); len(text) > maxShown {
		s = string(text[:maxShown]) + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}
