package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library/reference"
)

// frameworkCommand is a command below "assize framework".
type frameworkCommand = *cobra.Command

// frameworkCommands makes each command below "assize framework". A test holds the list against the files.
var frameworkCommands = []func() frameworkCommand{
	newFrameworkDiff,
	newFrameworkExport,
	newFrameworkImport,
	newFrameworkLint,
	newFrameworkList,
	newFrameworkNew,
	newFrameworkShow,
	newFrameworkUpgrade,
}

// newFramework makes "assize framework".
func newFramework() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "framework",
		Short: "Frameworks: list, show, make your own, compare, import, export",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range frameworkCommands {
		cmd.AddCommand(c())
	}
	return cmd
}

// newFrameworkList makes "assize framework list".
func newFrameworkList() frameworkCommand {
	var lib libraryFlags
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the frameworks, with version and controls",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := lib.reference()
			if err != nil {
				return err
			}
			all := r.Coverage()
			for i := range all {
				all[i].Each = nil // coverage shows them
			}
			switch format {
			case "json":
				return writeJSON(cmd, all)
			case "text":
			default:
				return fmt.Errorf("--format %q: want text or json", format)
			}
			for _, c := range all {
				kind := "controls"
				if c.Requirements {
					kind = "requirements of others"
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s\n    %s · version %s · %d %s\n", c.Framework, line(c.Title), line(c.Version), c.Controls, kind)
			}
			return nil
		},
	}
	lib.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// newFrameworkShow makes "assize framework show".
func newFrameworkShow() frameworkCommand {
	var lib libraryFlags
	var format string
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Print the page of a framework: whose it is, its facts, its controls",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := lib.reference()
			if err != nil {
				return err
			}
			return showPage(cmd, r, args[0], format, reference.Framework)
		},
	}
	lib.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// newFrameworkLint makes "assize framework lint".
func newFrameworkLint() frameworkCommand {
	var lib libraryFlags
	cmd := &cobra.Command{
		Use:   "lint ID...",
		Short: "Find the faults of frameworks and their mappings, each with file and line",
		Example: "  assize framework lint acme_baseline --library ours\n" +
			"  assize library lint ours      # of everything",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := lib.load()
			if err != nil {
				return err
			}
			for _, id := range args {
				if err := l.LintFramework(id); err != nil {
					return faultsFound(cmd, err)
				}
			}
			fmt.Fprintln(cmd.OutOrStdout(), "no fault")
			return nil
		},
	}
	lib.add(cmd)
	return cmd
}

// writeNear names the controls that are nearest to some words.
func writeNear(w io.Writer, r *reference.Reference, words string) {
	found, _ := r.Search(words, reference.Control)
	if len(found) < nearControls { // not all words are in one control: those that are spelt most alike
		for _, e := range r.Alike(words, reference.Control) {
			if len(found) < nearControls && !containsEntry(found, e.Key) {
				found = append(found, e)
			}
		}
	}
	for _, e := range found[:min(len(found), nearControls)] {
		fmt.Fprintf(w, "  %s  %s\n", line(e.ID), line(entryTitle(&e)))
	}
}

// nearControls is how many are offered.
const nearControls = 8

func containsEntry(list []reference.Entry, k reference.Key) bool {
	for _, e := range list {
		if e.Key == k {
			return true
		}
	}
	return false
}
