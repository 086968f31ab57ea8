package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
)

// newCollect makes "assize collect".
func newCollect() *cobra.Command {
	var src sourceFlags
	var content libraryFlags
	var out string
	var allowGaps bool
	cmd := &cobra.Command{
		Use:   "collect --out FILE",
		Short: "Read an account into a snapshot file",
		Long: "Read an account into a snapshot that can be judged anywhere, again and again: assize assess --from FILE.\n" +
			"Values that look like secrets are masked before they are kept.",
		Example: "  assize collect --out acme.assize\n  assize collect --regions all --out acme.assize --resume ./journal",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return errors.New("say where the snapshot goes: --out FILE")
			}
			if err := src.validate(cmd); err != nil {
				return err
			}
			lib, err := content.load()
			if err != nil {
				return err
			}
			c, err := src.collection(cmd.Context(), cmd, lib)
			if err != nil {
				return err
			}
			if err := snapshot.Write(out, c); err != nil {
				return err
			}
			return collected(cmd, out, c, allowGaps)
		},
	}
	src.add(cmd)
	content.add(cmd)
	cmd.Flags().StringVar(&out, "out", "", "snapshot file to write")
	cmd.Flags().BoolVar(&allowGaps, "allow-gaps", false, "exit 0 although something could not be read")
	return cmd
}

// collected tells what a collection holds. Gaps make the exit code 3.
func collected(cmd *cobra.Command, out string, c *collect.Collection, allowGaps bool) error {
	gaps := allGaps(c)
	requests := 0
	for _, n := range c.Requests {
		requests += n
	}
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "wrote %s: %s of %s, %s, %s\n", out, count(len(c.Records), "resource"), count(len(c.Accounts), "account"),
		count(requests, "request"), count(len(gaps), "gap"))
	const shown = 20
	for i, g := range gaps {
		if i == shown {
			fmt.Fprintf(w, "  ... and %d more\n", len(gaps)-shown)
			break
		}
		fmt.Fprintf(w, "  gap: %s\n", clean(g.String()))
	}
	if len(gaps) > 0 && !allowGaps {
		return exitCode(exitInconclusive)
	}
	return nil
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// allGaps lists the gaps of lists and of single answers.
func allGaps(c *collect.Collection) []assize.Gap {
	gaps := append([]assize.Gap{}, c.Gaps...)
	for _, r := range c.Records {
		for _, a := range r.Answers {
			if a.Gap != nil {
				gaps = append(gaps, *a.Gap)
			}
		}
	}
	return gaps
}

// clean makes text of an account harmless for a terminal: whatever is not printable (control characters, those that turn
// the direction of writing, those that nobody sees) is a question mark.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}
