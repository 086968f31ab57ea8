package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

// newVersion makes "assize version".
func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and that of the service authorization data",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			data, source, err := authorizationVersion()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "assize %s (%s %s/%s)\nservice authorization data: %s (%s)\n",
				version, runtime.Version(), runtime.GOOS, runtime.GOARCH, data, source)
			return err
		},
	}
}
