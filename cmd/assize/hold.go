package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// newHoldSet makes "assize hold set".
func newHoldSet(f *dataFlags) groupCommand {
	return f.hold("set ASSESSMENT MATTER", "Set a legal hold: nothing of the assessment is destroyed while it stands", false, "set")
}

// newHoldLift makes "assize hold lift".
func newHoldLift(f *dataFlags) groupCommand {
	return f.hold("lift ASSESSMENT MATTER", "Lift a legal hold", true, "lifted")
}

func (f *dataFlags) hold(use, title string, lift bool, done string) groupCommand {
	return &cobra.Command{
		Use: use, Short: title, Args: cobra.ExactArgs(2),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			if err := s.Service.Hold(ctx, a.ID, s.actor, args[1], lift); err != nil {
				return err
			}
			return s.show(map[string]any{"assessment": a.ID, "matter": args[1], "lifted": lift}, func(w io.Writer) {
				fmt.Fprintf(w, "%s the legal hold %q on assessment %s\n", done, clean(args[1]), clean(a.Name))
			})
		}),
	}
}
