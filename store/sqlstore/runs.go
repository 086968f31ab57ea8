package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/assize-dev/assize/assessment"
)

// putRun appends the statement that writes a run.
func (s *Store) putRun(list *[]Statement, r *assessment.Run) error {
	doc, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("run %s: %w", r.ID, err)
	}
	s.exec(list, `INSERT INTO run (id, assessment, state, due, holder, lease, doc) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, holder = excluded.holder, lease = excluded.lease, doc = excluded.doc`,
		r.ID, r.Assessment, string(r.State), micros(r.Due), r.Holder, micros(r.Lease), string(doc))
	return nil
}

// one reads one run; nil when there is none.
func (t *tx) one(ctx context.Context, query string, args ...any) (*assessment.Run, error) {
	var doc []byte
	err := t.row(ctx, query, args...).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // there is none: the caller knows what that means
	}
	if err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	r := &assessment.Run{}
	return r, json.Unmarshal(doc, r)
}

// Enqueue adds a run, once per assessment and due time.
func (s *Store) Enqueue(ctx context.Context, r assessment.Run) (*assessment.Run, error) {
	out := &r
	err := s.transaction(ctx, func(t *tx) error {
		there, err := t.one(ctx, `SELECT doc FROM run WHERE assessment = ? AND due = ?`, r.Assessment, micros(r.Due))
		if err != nil {
			return err
		}
		if there != nil {
			out = there
			return nil
		}
		r.State = assessment.RunQueued
		return s.putRun(&t.writes, &r)
	})
	if err != nil {
		return nil, fmt.Errorf("enqueue run of assessment %s: %w", r.Assessment, err)
	}
	return out, nil
}

// Claim leases the run that has been due longest.
func (s *Store) Claim(ctx context.Context, holder string, now, until time.Time) (*assessment.Run, error) {
	var out *assessment.Run
	err := s.transaction(ctx, func(t *tx) error {
		r, err := t.one(ctx, `SELECT doc FROM run WHERE due <= ? AND (state = 'queued' OR state = 'running' AND lease < ?)
			AND NOT EXISTS (SELECT 1 FROM run o WHERE o.assessment = run.assessment AND o.id <> run.id AND o.state = 'running' AND o.lease >= ?)
			ORDER BY state DESC, due, id LIMIT 1`+s.dialect.ClaimLock, micros(now), micros(now), micros(now))
		if err != nil || r == nil {
			return err
		}
		if r.Started.IsZero() {
			r.Started = now.UTC().Truncate(time.Microsecond)
		}
		r.State, r.Holder, r.Lease, r.Attempt = assessment.RunRunning, holder, until.UTC().Truncate(time.Microsecond), r.Attempt+1
		out = r
		return s.putRun(&t.writes, r)
	})
	if err != nil {
		return nil, fmt.Errorf("claim a run: %w", err)
	}
	return out, nil
}

// Renew prolongs a lease.
func (s *Store) Renew(ctx context.Context, id, holder string, until time.Time) error {
	return s.transaction(ctx, func(t *tx) error {
		r, err := t.one(ctx, `SELECT doc FROM run WHERE id = ?`, id)
		switch {
		case err != nil:
			return err
		case r == nil:
			return fmt.Errorf("run %s: %w", id, assessment.ErrNotFound)
		case r.State != assessment.RunRunning || r.Holder != holder:
			return fmt.Errorf("run %s is %s, held by %q: %w", id, r.State, r.Holder, assessment.ErrTaken)
		}
		r.Lease = until.UTC().Truncate(time.Microsecond)
		return s.putRun(&t.writes, r)
	})
}

// RunsOf lists the runs of an assessment.
func (s *Store) RunsOf(ctx context.Context, id string, limit int) ([]assessment.Run, error) {
	return documents[assessment.Run](ctx, s, fmt.Sprintf(`SELECT doc FROM run WHERE assessment = ? ORDER BY due DESC, id LIMIT %d`, limit), id)
}
