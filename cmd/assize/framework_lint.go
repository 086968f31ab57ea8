package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

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
			var all []error
			for _, id := range args {
				all = append(all, l.LintFramework(id))
			}
			if err := errors.Join(all...); err != nil {
				return faultsFound(cmd, err)
			}
			fmt.Fprintln(cmd.OutOrStdout(), "no fault")
			return nil
		},
	}
	lib.add(cmd)
	return cmd
}
