package main

import (
	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library/reference"
)

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
