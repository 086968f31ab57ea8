package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/report"
)

// dataSources are those that evidence comes from.
var dataSources = []string{"Manual", "Assize check", "AWS API calls"}

// newEvidenceList makes "assize evidence list".
func newEvidenceList(f *dataFlags) groupCommand {
	var q assessment.EvidenceQuery
	var source string
	cmd := &cobra.Command{
		Use:   "list ASSESSMENT",
		Short: "List the evidence of an assessment, oldest first",
		Long:  "List evidence in the order of the ledger. With --format json each piece is one line.",
		Args:  cobra.ExactArgs(1),
		RunE: f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
			if err := onlyDays(map[string]string{"from": q.From, "to": q.To}); err != nil {
				return err
			}
			if err := s.known(ctx, a, q.ControlSet, q.Control); err != nil {
				return err
			}
			if source != "" {
				i := slices.IndexFunc(dataSources, func(x string) bool { return strings.EqualFold(x, source) })
				if i < 0 {
					return fmt.Errorf("--source %q: want one of %q", source, dataSources)
				}
				q.DataSource = dataSources[i]
			}
			q.Assessment = a.ID
			return s.listEvidence(ctx, q)
		}),
	}
	g := cmd.Flags()
	g.StringVar(&q.Control, "control", "", "only of this control")
	addSet(cmd, &q.ControlSet)
	g.StringVar(&source, "source", "", fmt.Sprintf("only of this data source, one of %q", dataSources))
	g.StringVar(&q.From, "from", "", "only collected on this UTC day or later, 2006-01-02")
	g.StringVar(&q.To, "to", "", "only collected on this UTC day or before")
	g.IntVar(&q.Limit, "limit", 0, "at most so many")
	return cmd
}

// listEvidence streams: nothing is held, however much there is.
func (s *session) listEvidence(ctx context.Context, q assessment.EvidenceQuery) error {
	w := s.cmd.OutOrStdout()
	n := 0
	for stored, err := range s.Store.Evidence(ctx, q) {
		if err != nil {
			return err
		}
		e := &stored.Evidence
		n++
		if s.json {
			if err := report.WriteJSON(w, map[string]any{"ledger_index": stored.Index, "sequence": stored.Sequence, "evidence": e}, ""); err != nil {
				return err
			}
			continue
		}
		var about []string
		for i := range e.Subjects {
			about = append(about, e.Subjects[i].Label())
		}
		fmt.Fprintf(w, "%s  %s  %-14s  %-12s  %s  %s\n", shortID(e.ID), minute(e.Collected), clean(e.DataSource), dash(string(e.Outcome)),
			clean(or(e.FileName, e.EventName)), clean(strings.Join(about, ", ")))
	}
	if n == 0 && !s.json {
		fmt.Fprintln(w, "there is no such evidence")
	}
	return nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// newEvidenceGet makes "assize evidence get".
func newEvidenceGet(f *dataFlags) groupCommand {
	var out string
	cmd := &cobra.Command{
		Use:   "get ASSESSMENT EVIDENCE",
		Short: "Read a piece of evidence: its facts, or its body into a file",
		Args:  cobra.ExactArgs(2),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			a, e, err := s.evidence(ctx, args[0], args[1])
			if err != nil {
				return err
			}
			if out == "" {
				st, err := s.Service.State(ctx, a.ID)
				if err != nil {
					return err
				}
				return s.show(e, func(w io.Writer) { showEvidence(w, e, st.Reviews[e.ID]) })
			}
			if err := s.save(ctx, e, out); err != nil {
				return err
			}
			return s.show(e, func(w io.Writer) { fmt.Fprintf(w, "wrote %s (%s, %s)\n", out, e.MediaType, e.Body) })
		}),
	}
	cmd.Flags().StringVar(&out, "out", "", "file for the body")
	return cmd
}

// evidence finds a piece of evidence by its id, or the beginning of it.
func (s *session) evidence(ctx context.Context, what, id string) (*assessment.Assessment, *assessment.Evidence, error) {
	a, found, err := s.storedEvidence(ctx, what, id)
	if err != nil {
		return nil, nil, err
	}
	return a, &found.Evidence, nil
}

// storedEvidence finds it with its place in the ledger.
func (s *session) storedEvidence(ctx context.Context, what, id string) (*assessment.Assessment, *assessment.StoredEvidence, error) {
	a, err := s.resolve(ctx, what)
	if err != nil {
		return nil, nil, err
	}
	q := assessment.EvidenceQuery{Assessment: a.ID}
	const whole = 36
	if len(id) == whole {
		q.IDs = []string{id}
	}
	var found *assessment.StoredEvidence
	for stored, err := range s.Store.Evidence(ctx, q) {
		if err != nil {
			return nil, nil, err
		}
		if !strings.HasPrefix(stored.Evidence.ID, id) || len(id) < minPrefix {
			continue
		}
		if found != nil {
			return nil, nil, fmt.Errorf("evidence %q: several begin so: give more of the id", id)
		}
		found = &stored
	}
	if found == nil {
		return nil, nil, fmt.Errorf("assessment %s has no evidence %q: see assize evidence list", a.ID, id)
	}
	return a, found, nil
}

// save writes a body to a file that is not there yet.
func (s *session) save(ctx context.Context, e *assessment.Evidence, path string) (err error) {
	body, err := s.Body(ctx, e.Body)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the body: %w", err)
	}
	_, err = io.Copy(file, body)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the body: %w", err), os.Remove(path))
	}
	return nil
}

func showEvidence(w io.Writer, e *assessment.Evidence, reviews []assessment.Review) {
	rows := [][]string{
		{"id", e.ID},
		{"type", string(e.Type)},
		{"source", e.DataSource + " " + e.EventName},
		{"account", dash(strings.TrimSpace(e.Account + " " + e.Region))},
		{"speaks about", minute(e.EffectiveFrom) + " to " + minute(e.EffectiveTo)},
		{"collected", minute(e.Collected)},
		{"received", minute(e.Received)},
		{"by", e.Author},
		{"verdict", dash(string(e.Outcome))},
		{"reason", dash(e.Reason)},
		{"body", fmt.Sprintf("%s, %s, %s", e.Body, e.MediaType, bytesOf(e.Size))},
	}
	if e.FileName != "" {
		rows = append(rows, []string{"file", e.FileName})
	}
	for _, p := range e.Places {
		rows = append(rows, []string{"answers", p.ControlSet + "/" + p.Control + "/" + p.Expectation})
	}
	for i := range e.Subjects {
		rows = append(rows, []string{"about", e.Subjects[i].Label()})
	}
	for _, r := range reviews {
		verdict := "rejected"
		if r.Accepted {
			verdict = "accepted"
		}
		rows = append(rows, []string{verdict, strings.TrimSpace(r.By + ", " + minute(r.At) + " " + r.Comment)})
	}
	table(w, rows)
}
