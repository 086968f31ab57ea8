package main

import (
	"github.com/spf13/cobra"
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
