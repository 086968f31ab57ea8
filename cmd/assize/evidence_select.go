package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// newEvidenceSelect makes "assize evidence select".
func newEvidenceSelect(f *dataFlags) groupCommand {
	var control, from, to string
	var ids []string
	var remove bool
	cmd := &cobra.Command{
		Use:   "select ASSESSMENT",
		Short: "Select evidence for the next report",
		Long: "Select pieces of evidence by id, or the evidence folders of a control or of days. What is selected goes into\n" +
			"a report with assize report create --selected.",
		Example: "  assize evidence select acme --control secure-1\n  assize evidence select acme --from 2026-10-01 --to 2026-12-31",
		Args:    cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			if err := onlyDays(map[string]string{"from": from, "to": to}); err != nil {
				return err
			}
			if err := s.known(ctx, a, "", control); err != nil {
				return err
			}
			e := assessment.SelectionEvent{Selected: !remove}
			for _, id := range ids {
				_, found, err := s.evidence(ctx, a.ID, id)
				if err != nil {
					return err
				}
				e.Evidence = append(e.Evidence, found.ID)
			}
			if control != "" || from != "" || to != "" {
				folders, err := s.Store.Folders(ctx, a.ID, control)
				if err != nil {
					return err
				}
				for i := range folders {
					if x := &folders[i]; (from == "" || x.Day >= from) && (to == "" || x.Day <= to) {
						e.Folders = append(e.Folders, x.ID)
					}
				}
			}
			if len(e.Evidence)+len(e.Folders) == 0 {
				return fmt.Errorf("nothing is selected by this: see %s --help", s.cmd.CommandPath())
			}
			if err := s.Service.Select(ctx, a.ID, s.actor, e); err != nil {
				return err
			}
			return s.show(e, func(w io.Writer) {
				fmt.Fprintf(w, "%s and %s are %s for the next report\n", count(len(e.Evidence), "piece"), count(len(e.Folders), "folder"),
					map[bool]string{true: "selected", false: "no longer selected"}[e.Selected])
			})
		}),
	}
	g := cmd.Flags()
	g.StringSliceVar(&ids, "evidence", nil, "pieces of evidence, by id")
	g.StringVar(&control, "control", "", "folders of this control")
	g.StringVar(&from, "from", "", "folders of this UTC day or later")
	g.StringVar(&to, "to", "", "folders of this UTC day or before")
	g.BoolVar(&remove, "remove", false, "take off the selection")
	return cmd
}
