package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// profileFile is where the organisation profile is looked for.
const profileFile = "assize.yaml"

// newInit makes "assize init".
func newInit() *cobra.Command {
	var content libraryFlags
	var out string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented organisation profile",
		Long: "Write an organisation profile (assize.yaml) with every field commented out. Conditions that ask for a\n" +
			"decision of the organisation are answered \"manual\" until it is made there.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lib, err := content.load()
			if err != nil {
				return err
			}
			if err := writeNew(out, lib.ProfileTemplate()); err != nil {
				return fmt.Errorf("write the profile: %w", err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "wrote %s; decide what your organisation has decided, then: assize assess\n", out)
			return err
		},
	}
	content.add(cmd)
	cmd.Flags().StringVar(&out, "out", profileFile, "file to write")
	return cmd
}
