package main

import (
	"github.com/spf13/cobra"
)

// iamCommand is a command below "assize iam".
type iamCommand = *cobra.Command

// iamCommands makes each command below "assize iam". A test holds the list against the files.
var iamCommands = []func() iamCommand{
	newIAMCan,
	newIAMData,
	newIAMDiff,
	newIAMExplain,
	newIAMGenerate,
	newIAMLint,
	newIAMWho,
}

// newIAM makes "assize iam".
func newIAM() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "iam",
		Short: "Questions about IAM policies: what is wrong with them, and what they let happen",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range iamCommands {
		cmd.AddCommand(c())
	}
	return cmd
}
