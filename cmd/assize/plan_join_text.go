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
	for _, comparison := range joinOrder {
		if comparison != joinSame || j.verbose {
			j.section(b, res, comparison)
		}
	}
	var parts []string
	for _, c := range joinOrder {
		if n := res.Counts[c]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, c))
		}
	}
	fmt.Fprintf(b, "\n%d verdicts: %s\n", len(res.Verdicts), cmp.Or(strings.Join(parts, ", "), "none"))
}

// section writes the verdicts that compare in one way. Without Verbose, one line stands for a resource
// that was not found, and one for what the account settles or leaves open by itself.
func (j *joinFlags) section(b *strings.Builder, res *joinResult, comparison string) {
	if res.Counts[comparison] == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s · %d\n", strings.ToUpper(comparison), res.Counts[comparison])
	last, accounts := "", 0
	for i := range res.Verdicts {
		v := &res.Verdicts[i]
		switch {
		case v.Comparison != comparison:
		case j.verbose:
			v.text(b)
		case v.Address == "" && comparison != joinDrifted:
			accounts++
		case comparison != joinNotFound:
			v.text(b)
		case v.Address != last:
			last = v.Address
			fmt.Fprintf(b, "  - %s: %s\n", printable(v.Address), printable(v.Reason))
		}
	}
	if accounts > 0 {
		fmt.Fprintf(b, "  and %d about whole accounts, which the plan left to the account; --verbose lists them\n", accounts)
	}
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
