package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

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
			f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s is there already and is left as it is; choose another place with --out", out)
			}
			if err != nil {
				return fmt.Errorf("write the profile: %w", err)
			}
			_, err = f.Write(lib.ProfileTemplate())
			if err := errors.Join(err, f.Close()); err != nil {
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
