package main

import (
	"github.com/spf13/cobra"
)

// libraryCommand is a command below "assize library".
type libraryCommand = *cobra.Command

// libraryCommands makes each command below "assize library". A test holds the list against the files.
var libraryCommands = []func() libraryCommand{
	newLibraryCoverage,
	newLibraryDocs,
	newLibraryLint,
	newLibraryNew,
	newLibrarySearch,
	newLibraryShow,
}

// newLibrary makes "assize library".
func newLibrary() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "library",
		Short: "The content: search it, show it, check it, add to it",
		Long: "Checks, controls, frameworks, common controls, governance records and resource types that Assize brings, and\n" +
			"those of your own folders (--library DIR). docs/library.md goes through all of it.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range libraryCommands {
		cmd.AddCommand(c())
	}
	return cmd
}
