package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
)

// listed is an assessment as it stands in the list.
type listed struct {
	assessment.Assessment
	LastRun *assessment.Run                  `json:"last_run,omitempty"`
	Counts  map[assessment.ControlStatus]int `json:"controls"`
}

// newAssessmentList makes "assize assessment list".
func newAssessmentList(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use:   "list",
		Short: "List the assessments, newest first",
		Args:  cobra.NoArgs,
		RunE: f.run(func(ctx context.Context, s *session, _ []string) error {
			list, err := s.list(ctx)
			if err != nil {
				return err
			}
			return s.show(list, func(w io.Writer) { showList(w, list) })
		}),
	}
}

func (s *session) list(ctx context.Context) ([]listed, error) {
	all, err := s.Store.Assessments(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]listed, len(all))
	for i := range all {
		list[i].Assessment = all[i]
		runs, err := s.Store.RunsOf(ctx, all[i].ID, 1)
		if err != nil {
			return nil, err
		}
		if len(runs) > 0 {
			list[i].LastRun = &runs[0]
		}
		derived, err := s.Service.Status(ctx, all[i].ID)
		if err != nil {
			return nil, err
		}
		list[i].Counts = countStatuses(derived)
	}
	return list, nil
}

func countStatuses(derived []assessment.Derived) map[assessment.ControlStatus]int {
	out := map[assessment.ControlStatus]int{}
	for _, d := range derived {
		out[d.Status]++
	}
	return out
}

func showList(w io.Writer, list []listed) {
	if len(list) == 0 {
		fmt.Fprintln(w, "there is no assessment yet: assize assessment create")
		return
	}
	rows := [][]string{{"ID", "NAME", "STATUS", "FRAMEWORK", "ACCOUNTS", "LAST RUN", "CONTROLS"}}
	for _, a := range list {
		last := "pending"
		if a.LastRun != nil && a.LastRun.State != assessment.RunQueued {
			last = fmt.Sprintf("%s %s", a.LastRun.State, minute(a.LastRun.Started))
		}
		rows = append(rows, []string{
			shortID(a.ID), a.Name, string(a.Status), a.Framework.ID, fmt.Sprint(len(a.Accounts)), last, statusLine(a.Counts),
		})
	}
	table(w, rows)
}

// statusLine counts controls by status, worst first.
func statusLine(counts map[assessment.ControlStatus]int) string {
	text := ""
	for _, status := range assessment.ControlStatuses {
		if n := counts[status]; n > 0 {
			if text != "" {
				text += ", "
			}
			text += fmt.Sprintf("%d %s", n, status)
		}
	}
	return text
}
