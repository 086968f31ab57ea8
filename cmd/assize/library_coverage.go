package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library/reference"
)

// newLibraryCoverage makes "assize library coverage".
func newLibraryCoverage() libraryCommand {
	var lib libraryFlags
	var format string
	cmd := &cobra.Command{
		Use:   "coverage [FRAMEWORK]",
		Short: "Tell what answers each framework: controls automated, mixed, manual; of one, the checks of each control",
		Long: "Automated controls are answered by checks and other sources alone, manual ones by people alone, mixed ones need both.\n" +
			"Exits 1 when a control has no evidence at all.",
		Example: "  assize library coverage\n" +
			"  assize library coverage owasp_llm_top_10_2025\n" +
			"  assize library coverage --format json",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := lib.reference()
			if err != nil {
				return err
			}
			all := r.Coverage()
			if len(args) == 1 {
				if all, err = coverageOf(r, all, args[0]); err != nil {
					return err
				}
			}
			switch format {
			case "json":
				err = writeJSON(cmd, all)
			case "text":
				err = writeCoverage(cmd.OutOrStdout(), all, len(args) == 1)
			default:
				err = fmt.Errorf("--format %q: want text or json", format)
			}
			for _, c := range all {
				if err == nil && c.Unanswered > 0 {
					err = exitCode(exitFail)
				}
			}
			return err
		},
	}
	lib.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text or json; JSON has the checks of each control")
	return cmd
}

func coverageOf(r *reference.Reference, all []reference.Coverage, name string) ([]reference.Coverage, error) {
	found, err := r.Find(name, reference.Framework)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Framework == found[0].ID {
			return []reference.Coverage{c}, nil
		}
	}
	return nil, fmt.Errorf("there is no framework %q", name)
}

func writeCoverage(w io.Writer, all []reference.Coverage, each bool) error {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "controls\tautomated\tmixed\tmanual\tnone\tchecks\t  framework")
	for _, c := range all {
		fmt.Fprintf(tab, "%d\t%d\t%d\t%d\t%d\t%d\t  %s\n", c.Controls, c.Automated, c.Mixed, c.Manual, c.Unanswered, c.Checks, c.Framework)
	}
	if err := tab.Flush(); err != nil || !each {
		return err
	}
	group := ""
	for _, c := range all[0].Each {
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(w, "\n%s\n", line(group))
		}
		fmt.Fprintf(w, "  %-9s  %s\n", c.Class, line(c.ID+" "+c.Title))
		for _, l := range coverageLines(&c) {
			fmt.Fprintf(w, "             %s\n", line(l))
		}
	}
	return nil
}

// coverageLines say what answers a control.
func coverageLines(c *reference.ControlCoverage) []string {
	var lines []string
	if c.People > 0 || c.Sources > 0 {
		lines = append(lines, fmt.Sprintf("asked of people: %d, of other sources: %d", c.People, c.Sources))
	}
	if len(c.Over) > 0 {
		var over []string
		for _, m := range c.Over {
			over = append(over, m.Common+" ("+string(m.Relation)+")")
		}
		lines = append(lines, "over "+strings.Join(over, ", "))
	}
	if len(c.Checks) > 0 {
		lines = append(lines, "checks: "+strings.Join(c.Checks, ", "))
	}
	return lines
}
