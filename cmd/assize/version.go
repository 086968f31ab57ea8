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
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "assize %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH); err != nil {
				return err
			}
			data, source, err := authorizationVersion()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "service authorization data: %s (%s)\n", data, source)
			return err
		},
	}
}
