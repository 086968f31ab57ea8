package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// documents reads a column of JSON documents.
func documents[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	var list []T
	err := s.rows(ctx, query, args, func(rows *sql.Rows) error {
		var doc []byte
		var v T
		if err := rows.Scan(&doc); err != nil {
			return err
		}
		if err := json.Unmarshal(doc, &v); err != nil {
			return err
		}
		list = append(list, v)
		return nil
	})
	return list, err
}

// Assessments lists all that are not deleted, newest first.
func (s *Store) Assessments(ctx context.Context) ([]assessment.Assessment, error) {
	return documents[assessment.Assessment](ctx, s, `SELECT doc FROM assessment WHERE deleted = 0 ORDER BY created DESC, id`)
}

// Assessment returns one.
func (s *Store) Assessment(ctx context.Context, id string) (*assessment.Assessment, error) {
	list, err := documents[assessment.Assessment](ctx, s, `SELECT doc FROM assessment WHERE id = ? AND deleted = 0`, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("assessment %s: %w", id, assessment.ErrNotFound)
	}
	return &list[0], nil
}

// Tallies of the newest finished run of each expectation.
func (s *Store) Tallies(ctx context.Context, id string) ([]assessment.Tally, error) {
	return documents[assessment.Tally](ctx, s, `SELECT doc FROM tally WHERE assessment = ? ORDER BY control_set, control, expectation`, id)
}

// Folders of an assessment.
func (s *Store) Folders(ctx context.Context, id, control string) ([]assessment.Folder, error) {
	query := `SELECT assessment, control_set, control, day, data_source, total, configuration_data, user_activity,
		compliance_check, manual, issues, resources FROM folder WHERE assessment = ?`
	args := []any{id}
	if control != "" {
		query, args = query+` AND control = ?`, append(args, control)
	}
	var list []assessment.Folder
	err := s.rows(ctx, query+` ORDER BY day DESC, control_set, control, data_source`, args, func(rows *sql.Rows) error {
		var f assessment.Folder
		err := rows.Scan(&f.Assessment, &f.ControlSet, &f.Control, &f.Day, &f.DataSource, &f.Total, &f.ConfigurationData, &f.UserActivity,
			&f.ComplianceCheck, &f.Manual, &f.Issues, &f.Resources)
		f.ID = assessment.FolderID(&f)
		list = append(list, f)
		return err
	})
	return list, err
}

// where gathers conditions.
type where struct {
	parts []string
	args  []any
}

func (w *where) and(condition string, args ...any) {
	w.parts, w.args = append(w.parts, condition), append(w.args, args...)
}

func (w *where) equal(column, value string) {
	if value != "" {
		w.and(column+" = ?", value)
	}
}

func (w *where) in(column string, values []string) {
	if len(values) == 0 {
		return
	}
	w.and(column + " IN (" + strings.TrimSuffix(strings.Repeat("?,", len(values)), ",") + ")")
	for _, v := range values {
		w.args = append(w.args, v)
	}
}

func (w *where) String() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// Occurrences that match.
func (s *Store) Occurrences(ctx context.Context, q assessment.OccurrenceQuery) ([]assessment.Occurrence, error) {
	var w where
	w.equal("assessment", q.Assessment)
	w.equal("control", q.Control)
	w.equal("expectation", q.Expectation)
	w.equal("owner", q.Owner)
	states := make([]string, len(q.States))
	for i, state := range q.States {
		states[i] = string(state)
	}
	w.in("state", states)
	if !q.DueBefore.IsZero() {
		w.and("due < ?", micros(q.DueBefore))
	}
	query := `SELECT doc FROM occurrence` + w.String() + ` ORDER BY due, id`
	if q.Limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", q.Limit)
	}
	return documents[assessment.Occurrence](ctx, s, query, w.args...)
}

// Evidence streams what matches, a page at a time.
func (s *Store) Evidence(ctx context.Context, q assessment.EvidenceQuery) iter.Seq2[assessment.StoredEvidence, error] {
	return func(yield func(assessment.StoredEvidence, error) bool) {
		after, left := int64(-1), q.Limit
		if q.After > 0 {
			after = q.After
		}
		for {
			n := page
			if q.Limit > 0 {
				n = min(page, left)
			}
			query, args := evidenceQuery(q, after, n)
			list, err := s.evidence(ctx, query, args)
			if !each(list, err, yield) || len(list) < n {
				return
			}
			after, left = list[len(list)-1].Index, left-len(list)
			if q.Limit > 0 && left == 0 {
				return
			}
		}
	}
}

// evidenceQuery selects a page. Where places are asked for they are looked up first: the conditions on the rest must
// not tempt the database to walk over all evidence of the assessment.
func evidenceQuery(q assessment.EvidenceQuery, after int64, n int) (string, []any) {
	var p, w where
	p.equal("p.control_set", q.ControlSet)
	p.equal("p.control", q.Control)
	p.equal("p.expectation", q.Expectation)
	p.equal("p.occurrence", q.Occurrence)
	if len(p.parts) > 0 {
		p.equal("p.assessment", q.Assessment)
		p.equal("p.run", q.Run)
		p.and("p.idx > ?", after)
		w.and("e.idx IN (SELECT p.idx FROM place p"+p.String()+")", p.args...)
	} else {
		w.equal("e.assessment", q.Assessment)
		w.equal("e.run", q.Run)
		w.and("e.idx > ?", after)
	}
	if len(q.IDs) > 0 {
		var ids where
		ids.in("i.id", q.IDs)
		w.and("e.idx IN (SELECT i.idx FROM evidence i"+ids.String()+")", ids.args...)
	}
	w.equal("e.data_source", q.DataSource)
	w.equal("e.outcome", string(q.Outcome))
	if q.From != "" {
		w.and("e.day >= ?", q.From)
	}
	if q.To != "" {
		w.and("e.day <= ?", q.To)
	}
	return `SELECT l.idx, l.scope, l.seq, l.bytes FROM evidence e JOIN leaf l ON l.idx = e.idx` + w.String() +
		fmt.Sprintf(` ORDER BY e.idx LIMIT %d`, n), w.args
}

// evidenceLeaf is what lists need of a leaf. That a leaf has its one form is for those to check who read the ledger
// ([evidence.ParseLeaf]); a list would take three times as long.
type evidenceLeaf struct {
	Predicate struct {
		Body assessment.Evidence `json:"body"`
	} `json:"predicate"`
}

func (s *Store) evidence(ctx context.Context, query string, args []any) ([]assessment.StoredEvidence, error) {
	var list []assessment.StoredEvidence
	err := s.rows(ctx, query, args, func(rows *sql.Rows) error {
		var x assessment.StoredEvidence
		var data sql.RawBytes
		if err := rows.Scan(&x.Index, &x.Scope, &x.Sequence, &data); err != nil {
			return err
		}
		var leaf evidenceLeaf
		if err := json.Unmarshal(data, &leaf); err != nil {
			return fmt.Errorf("evidence at ledger index %d: %w", x.Index, err)
		}
		x.Evidence = leaf.Predicate.Body
		list = append(list, x)
		return nil
	})
	return list, err
}

// digestOf reads a digest column.
func digestOf(raw []byte) (evidence.Digest, error) {
	var d evidence.Digest
	if len(raw) != len(d) {
		return d, fmt.Errorf("a digest of %d bytes", len(raw))
	}
	copy(d[:], raw)
	return d, nil
}
