package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library/reference"
)

// newLibrarySearch makes "assize library search".
func newLibrarySearch() libraryCommand {
	var lib libraryFlags
	var kinds []string
	var format string
	var limit int
	cmd := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find checks, controls, frameworks, common controls, records and resource types",
		Long: "Find what holds every word, by part of a word, the best first: names before titles, titles before texts. A framework is\n" +
			"found by its aliases, a check by the nearest ids of other tools. Where nothing holds all words, what is spelt most alike\n" +
			"is offered.",
		Example: "  assize library search guardrail prompt attack\n" +
			"  assize library search --kind control least privilege",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted, err := parseKinds(kinds)
			if err != nil {
				return err
			}
			r, err := lib.reference()
			if err != nil {
				return err
			}
			words := strings.Join(strings.Fields(strings.Join(args, " ")), " ")
			if words == "" {
				return errors.New("library search: there are no words to search for")
			}
			found, near := r.Search(words, wanted...)
			total := len(found)
			if limit > 0 {
				found = found[:min(len(found), limit)]
			}
			switch format {
			case "json":
				return writeJSON(cmd, struct {
					Near  bool              `json:"near"`
					Total int               `json:"total"`
					Found []reference.Entry `json:"found"`
				}{near, total, found})
			case "text":
			default:
				return fmt.Errorf("--format %q: want text or json", format)
			}
			writeFound(cmd.OutOrStdout(), words, found, total, near)
			return nil
		},
	}
	lib.add(cmd)
	cmd.Flags().StringSliceVar(&kinds, "kind", nil, "only these: "+strings.Join(kindNames(), ", "))
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	cmd.Flags().IntVar(&limit, "limit", 20, "at most so many; 0: all")
	return cmd
}

func kindNames() []string {
	names := make([]string, len(reference.Kinds))
	for i, k := range reference.Kinds {
		names[i] = string(k)
	}
	return names
}

func parseKinds(names []string) ([]reference.Kind, error) {
	var kinds []reference.Kind
	for _, n := range names {
		if !slices.Contains(kindNames(), n) {
			return nil, fmt.Errorf("--kind %q: want %s", n, strings.Join(kindNames(), ", "))
		}
		kinds = append(kinds, reference.Kind(n))
	}
	return kinds, nil
}

func writeFound(w io.Writer, words string, found []reference.Entry, total int, near bool) {
	switch {
	case len(found) == 0:
		fmt.Fprintf(w, "Nothing in the library is like %q.\n", words)
		return
	case near:
		fmt.Fprintf(w, "Nothing holds all of %q. The nearest:\n", words)
	}
	for i := range found {
		e := &found[i]
		fmt.Fprintf(w, "%-16s %s\n%17s%s\n", e.Kind.Label(), line(e.ID), "", line(entryTitle(e)))
	}
	if more := total - len(found); more > 0 {
		fmt.Fprintf(w, "… and %d more: say more words, or --limit 0\n", more)
	}
}

// entryTitle is the title with what the entry is part of, and whose it is.
func entryTitle(e *reference.Entry) string {
	title := e.Title
	if e.Kind == reference.Control {
		title += " · " + e.In
	}
	if e.Provenance != "" && e.Kind == reference.Control {
		title += " [" + e.Provenance + "]"
	}
	return title
}
