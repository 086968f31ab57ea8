package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/examples/acme"
	"github.com/assize-dev/assize/library"
)

// newDemo makes "assize demo".
func newDemo() *cobra.Command {
	var days int
	a := assessFlags{scope: "ai", failOn: "none", allowGaps: true, example: "the example that is built in"}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Judge an example organisation; no AWS account needed",
		Long: "Judge a snapshot of an example organisation of three accounts that is built in. It writes the result as\n" +
			"\"assize assess\" does, and exits 0 although there is much to find.\n\n" +
			"With --days an assessment of it goes on for so many simulated days instead, with what people do, and ends\n" +
			"with a report; --out names the folder for its data and the report.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days > 0 {
				x := &demoDays{out: cmd.OutOrStdout(), dir: or(a.output.dir, "assize-demo"), days: days}
				return x.run(cmd.Context())
			}
			dir, err := os.MkdirTemp("", "assize-demo-")
			if err != nil {
				return fmt.Errorf("unpack the example: %w", err)
			}
			a.source.from, a.content.config = filepath.Join(dir, "acme.assize"), filepath.Join(dir, profileFile)
			err = errors.Join(os.WriteFile(a.source.from, acme.Snapshot, 0o600), os.WriteFile(a.content.config, acme.Profile, 0o600))
			if err == nil {
				err = a.run(cmd)
			}
			return errors.Join(err, os.RemoveAll(dir))
		},
	}
	a.content.library.add(cmd)
	cmd.Flags().StringVar(&a.content.framework, "framework", library.DefaultFramework, "framework that groups the result")
	cmd.Flags().IntVar(&days, "days", 0, "let an assessment go on for so many simulated days")
	a.output.add(cmd)
	return cmd
}
