package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
)

// write writes the comparison to standard output.
func (j *joinFlags) write(cmd *cobra.Command, res *joinResult) error {
	var b strings.Builder
	if j.format == "json" {
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(res); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	} else {
		j.text(&b, res)
	}
	if _, err := fmt.Fprint(cmd.OutOrStdout(), b.String()); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// text writes the comparison for people.
func (j *joinFlags) text(b *strings.Builder, res *joinResult) {
	fmt.Fprintf(b, "Plan      %s, judged as of %s\n", printable(res.Record), res.PlannedAt.UTC().Format(time.DateTime+" UTC"))
	fmt.Fprintf(b, "Account   %s, as of %s\n", printable(res.Snapshot), res.SnapshotTaken.UTC().Format(time.DateTime+" UTC"))
	for _, note := range res.Notes {
		fmt.Fprintf(b, "Note      %s\n", note)
	}
	last := ""
	for i := range res.Verdicts {
		v := &res.Verdicts[i]
		if v.Comparison == joinSame && !j.verbose {
			break
		}
		if v.Comparison != last {
			fmt.Fprintf(b, "\n%s · %d\n", strings.ToUpper(v.Comparison), res.Counts[v.Comparison])
			last = v.Comparison
		}
		if v.Comparison == joinNotFound && !j.verbose {
			if before := &res.Verdicts[max(i-1, 0)]; i == 0 || before.Comparison != joinNotFound || before.Address != v.Address {
				fmt.Fprintf(b, "  - %s: %s\n", printable(v.subject()), printable(v.Reason))
			}
			continue
		}
		v.text(b)
	}
	var parts []string
	for _, c := range joinOrder {
		if n := res.Counts[c]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, c))
		}
	}
	fmt.Fprintf(b, "\n%d verdicts: %s\n", len(res.Verdicts), cmp.Or(strings.Join(parts, ", "), "none"))
}

// subject is the address, or the account and Region.
func (v *joined) subject() string {
	return cmp.Or(v.Address, strings.TrimSpace(v.Account+" "+v.Region), "organisation")
}

// text writes one verdict.
func (v *joined) text(b *strings.Builder) {
	fmt.Fprintf(b, "  - %s %s: %s\n", v.Severity, v.Check, printable(v.subject()))
	if v.Resource != "" && v.Resource != v.Address {
		fmt.Fprintf(b, "    is %s\n", printable(v.Resource))
	}
	fmt.Fprintf(b, "    %s in the plan, %s now: %s\n", v.Planned, cmp.Or(string(v.Live), "not known"), printable(assize.Shown(v.Reason)))
}

// printable is a text from a file without what a terminal would obey.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
}
