package sqlstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// projections are the statements that write what lists and status are read from, but for the evidence, whose place in the
// ledger is not known yet.
func (s *Store) projections(b *assessment.Batch) ([]Statement, error) {
	var list []Statement
	for _, step := range []func(*[]Statement, *assessment.Batch) error{s.folders, s.assessment, s.occurrences, s.tallies, s.blobs} {
		if err := step(&list, b); err != nil {
			return nil, err
		}
	}
	if b.Run == nil {
		return list, nil
	}
	return list, s.putRun(&list, b.Run)
}

const dayLayout = "2006-01-02"

// pieces appends the statements that write evidence and its places, from the index of the batch's first leaf.
func (s *Store) pieces(list *[]Statement, b *assessment.Batch, first int64) error {
	var items, places []any
	for i := range b.Leaves {
		e := b.Leaves[i].Evidence
		if e == nil {
			continue
		}
		at := first + int64(i)
		items = append(items, at, e.ID, b.Scope, e.Run, e.DataSource, e.Collected.UTC().Format(dayLayout),
			string(e.Outcome), micros(e.Collected), e.Body[:])
		for _, p := range e.Places {
			places = append(places, b.Scope, p.ControlSet, p.Control, p.Expectation, e.Run, at, p.Occurrence)
		}
	}
	err := s.insert(list, `INSERT INTO evidence (idx, id, assessment, run, data_source, day, outcome, collected, body)`, 9, items, "")
	if err != nil {
		return err
	}
	return s.insert(list, `INSERT INTO place (assessment, control_set, control, expectation, run, idx, occurrence)`, 7, places, "")
}

// folders adds to the counters of evidence folders.
func (s *Store) folders(list *[]Statement, b *assessment.Batch) error {
	found := map[string]*assessment.Folder{}
	for i := range b.Leaves {
		e := b.Leaves[i].Evidence
		if e == nil {
			continue
		}
		counted := map[[2]string]bool{}
		for _, p := range e.Places {
			// Evidence that serves two expectations of a control is one item of its folder.
			if key := [2]string{p.ControlSet, p.Control}; !counted[key] {
				counted[key] = true
				count(found, b.Scope, p, e)
			}
		}
	}
	var args []any
	for _, key := range slices.Sorted(keys(found)) {
		f := found[key]
		args = append(args, f.Assessment, f.ControlSet, f.Control, f.Day, f.DataSource, int64(f.Total), int64(f.ConfigurationData),
			int64(f.UserActivity), int64(f.ComplianceCheck), int64(f.Manual), int64(f.Issues), int64(f.Resources))
	}
	var tail strings.Builder
	tail.WriteString(`ON CONFLICT (assessment, control_set, control, day, data_source) DO UPDATE SET `)
	counters := []string{"total", "configuration_data", "user_activity", "compliance_check", "manual", "issues", "resources"}
	for i, c := range counters {
		if i > 0 {
			tail.WriteString(", ")
		}
		fmt.Fprintf(&tail, "%s = folder.%s + excluded.%s", c, c, c)
	}
	return s.insert(list, `INSERT INTO folder (assessment, control_set, control, day, data_source, `+strings.Join(counters, ", ")+`)`, 12, args, tail.String())
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func count(found map[string]*assessment.Folder, scope string, p assessment.Place, e *assessment.Evidence) {
	day := e.Collected.UTC().Format(dayLayout)
	key := strings.Join([]string{p.ControlSet, p.Control, day, e.DataSource}, "\x00")
	f := found[key]
	if f == nil {
		f = &assessment.Folder{Assessment: scope, ControlSet: p.ControlSet, Control: p.Control, Day: day, DataSource: e.DataSource}
		found[key] = f
	}
	f.Total++
	switch e.Type {
	case assessment.ConfigurationData:
		f.ConfigurationData++
	case assessment.UserActivity:
		f.UserActivity++
	case assessment.ComplianceCheck:
		f.ComplianceCheck++
	case assessment.ManualEvidence:
		f.Manual++
	}
	if e.Outcome == assize.Fail {
		f.Issues++
	}
	f.Resources += cmp.Or(e.SubjectsTotal, len(e.Subjects))
}

func (s *Store) assessment(list *[]Statement, b *assessment.Batch) error {
	a := b.Assessment
	if a == nil {
		return nil
	}
	doc, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("assessment %s: %w", a.ID, err)
	}
	deleted := 0
	if b.Deleted {
		deleted = 1
	}
	s.exec(list, `INSERT INTO assessment (id, created, deleted, doc) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET deleted = excluded.deleted, doc = excluded.doc`, a.ID, micros(a.Created), deleted, string(doc))
	return nil
}

func (s *Store) occurrences(list *[]Statement, b *assessment.Batch) error {
	var args []any
	for i := range b.Occurrences {
		o := &b.Occurrences[i]
		doc, err := json.Marshal(o)
		if err != nil {
			return fmt.Errorf("occurrence %s: %w", o.ID, err)
		}
		args = append(args, o.ID, o.Assessment, o.Control, o.Expectation, o.Owner, string(o.State), micros(o.Due), string(doc))
	}
	return s.insert(list, `INSERT INTO occurrence (id, assessment, control, expectation, owner, state, due, doc)`, 8, args,
		`ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, state = excluded.state, due = excluded.due, doc = excluded.doc`)
}

func (s *Store) tallies(list *[]Statement, b *assessment.Batch) error {
	var args []any
	for i := range b.Tallies {
		y := &b.Tallies[i]
		doc, err := json.Marshal(y)
		if err != nil {
			return fmt.Errorf("tally of control %s: %w", y.Control, err)
		}
		args = append(args, b.Scope, y.ControlSet, y.Control, y.Expectation, micros(y.AsOf), string(doc))
	}
	return s.insert(list, `INSERT INTO tally (assessment, control_set, control, expectation, as_of, doc)`, 6, args,
		`ON CONFLICT (assessment, control_set, control, expectation) DO UPDATE SET as_of = excluded.as_of, doc = excluded.doc
		WHERE excluded.as_of >= tally.as_of`)
}

func (s *Store) blobs(list *[]Statement, b *assessment.Batch) error {
	var args []any
	for _, l := range b.Blobs {
		args = append(args, l.Digest[:], l.Segment, l.Offset, l.Length, l.Size)
	}
	err := s.insert(list, `INSERT INTO blob (digest, segment, "offset", length, size)`, 5, args,
		`ON CONFLICT (digest) DO UPDATE SET segment = excluded.segment, "offset" = excluded."offset", length = excluded.length, size = excluded.size`)
	if err != nil {
		return err
	}
	for _, d := range b.Gone {
		query, args := `DELETE FROM blob WHERE digest = ?`, []any{d.Digest[:]}
		if d.Segment != "" {
			query, args = query+` AND segment = ?`, append(args, d.Segment)
		} else {
			query, args = query+` AND NOT EXISTS (SELECT 1 FROM evidence WHERE body = ?)`, append(args, d.Digest[:])
		}
		s.exec(list, query, args...)
	}
	return nil
}
