package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// shown is an assessment with all that "show" tells.
type shown struct {
	assessment.Assessment
	Runs     []assessment.Run                 `json:"runs"`
	Counts   map[assessment.ControlStatus]int `json:"control_counts"`
	Controls []assessment.Derived             `json:"controls"`
	// NonCompliant counts the resources that the last run found failing.
	NonCompliant int        `json:"non_compliant_resources"`
	Trend        []trendDay `json:"trend"`
	// Due counts open work of people, Overdue that which is late.
	Due     int `json:"due"`
	Overdue int `json:"overdue"`
}

// trendDay is what came on one UTC day.
type trendDay struct {
	Day    string `json:"day"`
	Total  int    `json:"evidence"`
	Issues int    `json:"issues"`
	Manual int    `json:"manual"`
}

// shownRuns is how many of the newest evaluations are shown.
const shownRuns = 3

// trendDays is how many days the trend goes back.
const trendDays = 14

// newAssessmentShow makes "assize assessment show".
func newAssessmentShow(f *dataFlags) groupCommand {
	var status string
	cmd := &cobra.Command{
		Use:   "show ASSESSMENT",
		Short: "Show an assessment: its controls, what they rest on, the trend",
		Example: "  assize assessment show acme\n" +
			"  assize assessment show acme --status \"not met\"",
		Args: cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			if status != "" && !slices.Contains(assessment.ControlStatuses, assessment.ControlStatus(status)) {
				return fmt.Errorf("--status %q: want one of %v", status, assessment.ControlStatuses)
			}
			return s.showAssessment(ctx, a.ID, assessment.ControlStatus(status))
		}),
	}
	cmd.Flags().StringVar(&status, "status", "", "only controls of this status")
	return cmd
}

// showAssessment writes an assessment; controls of one status, or of all.
func (s *session) showAssessment(ctx context.Context, id string, status assessment.ControlStatus) error {
	v, err := s.gather(ctx, id)
	if err != nil {
		return err
	}
	if status != "" {
		v.Controls = slices.DeleteFunc(v.Controls, func(d assessment.Derived) bool { return d.Status != status })
	}
	return s.show(v, func(w io.Writer) { v.write(w) })
}

func (s *session) gather(ctx context.Context, id string) (*shown, error) {
	a, err := s.Store.Assessment(ctx, id)
	if err != nil {
		return nil, err
	}
	v := &shown{Assessment: *a}
	runs, err := s.Store.RunsOf(ctx, id, recentRuns)
	if err != nil {
		return nil, err
	}
	v.Runs = runs[:min(len(runs), shownRuns)]
	if v.Controls, err = s.Service.Status(ctx, id); err != nil {
		return nil, err
	}
	v.Counts = countStatuses(v.Controls)
	if v.NonCompliant, err = s.nonCompliant(ctx, id, runs); err != nil {
		return nil, err
	}
	folders, err := s.Store.Folders(ctx, id, "")
	if err != nil {
		return nil, err
	}
	v.Trend = trend(folders)
	open, err := s.Store.Occurrences(ctx, assessment.OccurrenceQuery{
		Assessment: id, States: []assessment.OccurrenceState{assessment.Pending, assessment.Missed},
	})
	for i := range open {
		if open[i].State == assessment.Missed || s.now().After(open[i].Due) {
			v.Overdue++
		} else {
			v.Due++
		}
	}
	return v, err
}

// nonCompliant counts the resources about which the newest finished run has a failing verdict.
func (s *session) nonCompliant(ctx context.Context, id string, runs []assessment.Run) (int, error) {
	i := slices.IndexFunc(runs, func(r assessment.Run) bool { return r.State == assessment.RunDone })
	if i < 0 {
		return 0, nil
	}
	failing := map[assessment.Subject]bool{}
	for stored, err := range s.Store.Evidence(ctx, assessment.EvidenceQuery{Assessment: id, Run: runs[i].ID, Outcome: assize.Fail}) {
		if err != nil {
			return 0, err
		}
		for _, subject := range stored.Evidence.Subjects {
			failing[subject] = true
		}
	}
	return len(failing), nil
}

// trend sums folders by day, newest first. Evidence that serves several controls counts in each of them.
func trend(folders []assessment.Folder) []trendDay {
	days := map[string]*trendDay{}
	for i := range folders {
		f := &folders[i]
		if days[f.Day] == nil {
			days[f.Day] = &trendDay{Day: f.Day}
		}
		d := days[f.Day]
		d.Total, d.Issues, d.Manual = d.Total+f.Total, d.Issues+f.Issues, d.Manual+f.Manual
	}
	out := []trendDay{}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(days))) {
		if len(out) < trendDays {
			out = append(out, *days[name])
		}
	}
	return out
}

func (v *shown) write(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n", clean(v.Name), v.Status)
	rows := [][]string{
		{"id", v.ID},
		{"framework", v.Framework.Title + ", version " + v.Framework.Version},
		{"accounts", accountNames(v.Accounts)},
		{"owners", roleNames(v.Roles)},
		{"reports go to", v.Destination},
		{"evaluated", v.Cadence},
		{"created", minute(v.Created) + " by " + v.CreatedBy},
		{"controls", statusLine(v.Counts)},
		{"non-compliant", count(v.NonCompliant, "resource")},
		{"due from people", fmt.Sprintf("%d open, %d overdue", v.Due, v.Overdue)},
	}
	if v.Description != "" {
		rows = slices.Insert(rows, 1, []string{"description", v.Description})
	}
	if len(v.Workloads) > 0 {
		rows = append(rows, []string{"workloads", strings.Join(v.Workloads, ", ")})
	}
	for i := range rows {
		rows[i][0] = "  " + rows[i][0]
	}
	table(w, rows)
	fmt.Fprintln(w)
	showRuns(w, v.Runs)
	v.writeControls(w)
	if len(v.Trend) > 0 {
		fmt.Fprintln(w)
		rows := [][]string{{"DAY", "EVIDENCE", "ISSUES", "MANUAL"}}
		for _, d := range v.Trend {
			rows = append(rows, []string{d.Day, fmt.Sprint(d.Total), fmt.Sprint(d.Issues), fmt.Sprint(d.Manual)})
		}
		table(w, rows)
	}
}

func (v *shown) writeControls(w io.Writer) {
	set := ""
	var rows [][]string
	flush := func() {
		if len(rows) > 0 {
			fmt.Fprintf(w, "\n%s\n", clean(set))
			table(w, rows)
		}
	}
	for _, d := range v.Controls {
		if d.ControlSet != set {
			flush()
			set, rows = d.ControlSet, nil
		}
		rows = append(rows, []string{"  " + string(d.Status), d.Control, reviewWord(d.Review), d.Reason})
	}
	flush()
}

// reviewWord is what a person decided, nothing before anybody did.
func reviewWord(r assessment.ReviewStatus) string {
	if r == assessment.UnderReview {
		return "-"
	}
	return strings.ToLower(string(r))
}

func accountNames(list []assize.Account) string {
	var out []string
	for _, a := range list {
		name := a.ID
		if a.Name != "" {
			name += " (" + a.Name + ")"
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

func roleNames(list []assessment.Role) string {
	var out []string
	for _, r := range list {
		out = append(out, r.Name)
	}
	return strings.Join(out, ", ")
}
