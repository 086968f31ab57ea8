package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/report"
)

// newLibraryLint makes "assize library lint".
func newLibraryLint() libraryCommand {
	var flags libraryFlags
	cmd := &cobra.Command{
		Use:   "lint [DIR...]",
		Short: "Find the faults of the content, each with file and line",
		Long: "Compile every check and judge every resource definition, framework, mapping, common control and governance record: of what\n" +
			"Assize brings, with your folders laid over it. Exits 1 when there is a fault.",
		Example: "  assize library lint\n" +
			"  assize library lint ours",
		RunE: func(cmd *cobra.Command, args []string) error {
			folders, err := (&libraryFlags{folders: slices.Concat(flags.folders, args)}).open()
			if err != nil {
				return err
			}
			lib, err := library.LoadStrict(folders...)
			if err != nil {
				return faultsFound(cmd, err)
			}
			frameworks, err := lib.Frameworks()
			if err != nil {
				return faultsFound(cmd, err)
			}
			controls := 0
			for _, fw := range frameworks {
				for _, g := range fw.Groups {
					controls += len(g.Controls)
				}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "no fault in %d checks, %d resource types, %d frameworks with %d controls, %d sets of mappings, %d governance records\n",
				len(lib.Checks), len(lib.Definitions), len(frameworks), controls, len(lib.MappingIDs()), len(lib.RecordIDs()))
			return nil
		},
	}
	flags.add(cmd)
	return cmd
}

// faultsFound prints faults, one a line, and counts them.
func faultsFound(cmd *cobra.Command, err error) error {
	faults := flatten(err)
	for _, f := range faults {
		fmt.Fprintln(cmd.OutOrStdout(), report.Harmless(f.Error()))
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "faults: %d\n", len(faults))
	return exitCode(exitFail)
}

// flatten lists the errors that were joined.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error }) // the joined error itself, not one within
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}
