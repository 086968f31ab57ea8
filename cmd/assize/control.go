package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// controlView is a control with all that it rests on.
type controlView struct {
	assessment.Derived
	Text        *assize.Control         `json:"control_text"`
	Comments    []assessment.Comment    `json:"comments"`
	Exceptions  []assessment.Exception  `json:"exceptions"`
	Occurrences []assessment.Occurrence `json:"occurrences"`
	Folders     []assessment.Folder     `json:"evidence_folders"`
}

// newControlShow makes "assize control show".
func newControlShow(f *dataFlags) groupCommand {
	var set string
	cmd := &cobra.Command{
		Use:   "show ASSESSMENT CONTROL",
		Short: "Show a control: what is expected, what has come, what people decided",
		Args:  cobra.ExactArgs(2),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			v, err := s.control(ctx, a, set, args[1])
			if err != nil {
				return err
			}
			return s.show(v, func(w io.Writer) { v.write(w) })
		}),
	}
	addSet(cmd, &set)
	return cmd
}

// addSet adds the flag that names a control set.
func addSet(cmd *cobra.Command, set *string) {
	cmd.Flags().StringVar(set, "set", "", "control set, where several have a control of the id")
}

func (s *session) control(ctx context.Context, a *assessment.Assessment, set, control string) (*controlView, error) {
	set, text, err := s.place(ctx, a, set, control)
	if err != nil {
		return nil, err
	}
	v := &controlView{Text: text}
	derived, err := s.Service.Status(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range derived {
		if d.ControlSet == set && d.Control == control {
			v.Derived = d
		}
	}
	st, err := s.Service.State(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	if c := st.Controls[assessment.ControlKey{Set: set, Control: control}]; c != nil {
		v.Comments = c.Comments
	}
	for i := range st.Exceptions {
		if x := st.Exceptions[i]; x.ControlSet == set && x.Control == control {
			x.State = x.StateAt(s.now())
			v.Exceptions = append(v.Exceptions, x)
		}
	}
	occurrences, err := s.Store.Occurrences(ctx, assessment.OccurrenceQuery{Assessment: a.ID, Control: control})
	if err != nil {
		return nil, err
	}
	v.Occurrences = slices.DeleteFunc(occurrences, func(o assessment.Occurrence) bool { return o.ControlSet != set })
	folders, err := s.Store.Folders(ctx, a.ID, control)
	v.Folders = slices.DeleteFunc(folders, func(x assessment.Folder) bool { return x.ControlSet != set })
	return v, err
}

func (v *controlView) write(w io.Writer) {
	fmt.Fprintf(w, "%s  %s\n%s\n", v.Control, v.Status, clean(v.Title))
	if v.Reason != "" {
		fmt.Fprintf(w, "  %s\n", clean(v.Reason))
	}
	fmt.Fprintf(w, "  decided by people: %s\n", v.Review)
	if v.Text.Description != "" {
		fmt.Fprintf(w, "\n%s\n", clean(v.Text.Description))
	}
	if len(v.Expectations) > 0 {
		rows := [][]string{{"EXPECTATION", "ASKS FOR", "STATUS", "DUE", ""}}
		for _, e := range v.Expectations {
			rows = append(rows, []string{e.Expectation, v.asks(e.Expectation), string(e.Status), day(e.Due), e.Reason})
		}
		fmt.Fprintln(w)
		table(w, rows)
	}
	if len(v.Occurrences) > 0 {
		fmt.Fprintln(w)
		showOccurrences(w, v.Occurrences)
	}
	for _, x := range v.Exceptions {
		fmt.Fprintf(w, "\nexception %s: %s until %s, asked for by %s, approved by %s\n  %s\n  meanwhile: %s\n", shortID(x.ID), x.State, x.Expires,
			clean(x.Requester), clean(dash(x.Approver)), clean(x.Reason), clean(x.Compensating))
	}
	if len(v.Folders) > 0 {
		rows := [][]string{{"EVIDENCE OF", "SOURCE", "ITEMS", "ISSUES", "FOLDER"}}
		for _, f := range v.Folders {
			rows = append(rows, []string{f.Day, f.DataSource, fmt.Sprint(f.Total), fmt.Sprint(f.Issues), shortID(f.ID)})
		}
		fmt.Fprintln(w)
		table(w, rows)
	}
	for _, c := range v.Comments {
		fmt.Fprintf(w, "\n%s, %s:\n  %s\n", clean(c.Author), minute(c.Posted), clean(c.Text))
	}
}

// asks is what an expectation asks for: its kind, and the record of a questionnaire.
func (v *controlView) asks(id string) string {
	for _, e := range assessment.Expected(v.Text) {
		if e.ID == id {
			return strings.TrimSpace(string(e.Kind) + " " + e.Record)
		}
	}
	return "-"
}

// dash is a text, or a dash for none.
func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// newControlDecide makes "assize control decide".
func newControlDecide(f *dataFlags) groupCommand {
	var set, comment string
	cmd := &cobra.Command{
		Use:   "decide ASSESSMENT CONTROL|SET STATUS",
		Short: "Record a decision about a control or a control set",
		Long: "Record a decision: of a control UNDER_REVIEW, REVIEWED or INACTIVE (collection stops), of a control set ACTIVE,\n" +
			"UNDER_REVIEW or REVIEWED. It stands beside the status that follows from evidence, and never replaces it.",
		Args: cobra.ExactArgs(3),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			d := assessment.DecisionEvent{Status: assessment.ReviewStatus(strings.ToUpper(args[2])), Comment: comment}
			var err error
			if d.ControlSet, d.Control, err = s.controlOrSet(ctx, a, set, args[1]); err != nil {
				return err
			}
			if err := s.Service.Decide(ctx, a.ID, s.actor, d); err != nil {
				return err
			}
			return s.show(d, func(w io.Writer) { fmt.Fprintf(w, "%s is %s\n", clean(args[1]), d.Status) })
		}),
	}
	addSet(cmd, &set)
	cmd.Flags().StringVar(&comment, "comment", "", "why")
	return cmd
}

// controlOrSet tells a control from a control set by its id.
func (s *session) controlOrSet(ctx context.Context, a *assessment.Assessment, set, what string) (ofSet, control string, err error) {
	fw, err := s.Framework(ctx, a.Framework)
	if err != nil {
		return "", "", err
	}
	if slices.ContainsFunc(fw.Groups, func(g assize.Group) bool { return g.ID == what }) {
		return what, "", nil
	}
	set, _, err = s.place(ctx, a, set, what)
	return set, what, err
}

// newControlComment makes "assize control comment".
func newControlComment(f *dataFlags) groupCommand {
	var set string
	cmd := &cobra.Command{
		Use:   "comment ASSESSMENT CONTROL TEXT",
		Short: "Add a comment to a control; comments are never changed",
		Args:  cobra.ExactArgs(3),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, args []string) error {
			c := assessment.CommentEvent{Control: args[1], Text: args[2]}
			var err error
			if c.ControlSet, _, err = s.place(ctx, a, set, args[1]); err != nil {
				return err
			}
			if err := s.Service.Comment(ctx, a.ID, s.actor, c); err != nil {
				return err
			}
			return s.show(c, func(w io.Writer) { fmt.Fprintln(w, "added the comment") })
		}),
	}
	addSet(cmd, &set)
	return cmd
}
