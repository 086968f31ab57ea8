package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

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
