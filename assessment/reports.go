package assessment

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/assize-dev/assize/evidence"
)

// reportName as the Audit Manager API has it.
var reportName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,300}$`)

// Select puts evidence or folders on the list for the next report, or takes them off.
func (s *Service) Select(ctx context.Context, id, actor string, e SelectionEvent) error {
	_, err := s.change(ctx, id, func(*State) (*Batch, error) {
		for _, x := range e.Evidence {
			if _, err := s.one(ctx, id, x); err != nil {
				return nil, err
			}
		}
		folders, err := s.store.Folders(ctx, id, "")
		if err != nil {
			return nil, err
		}
		for _, x := range e.Folders {
			if !slices.ContainsFunc(folders, func(f Folder) bool { return f.ID == x }) {
				return nil, fmt.Errorf("evidence folder %s: %w", x, ErrNotFound)
			}
		}
		en, err := entry(evidence.KindSelection, s.Now(), actor, "selection", e)
		return &Batch{Leaves: []Entry{en}}, err
	})
	return err
}

// AskReport records that a report is to be made, of all evidence or of what is selected. The leaf
// closes what the report holds: its own sequence number is Last.
func (s *Service) AskReport(ctx context.Context, id, actor, name, description string, all bool) (*Report, error) {
	r := Report{
		ID: s.NewID(), Name: name, Description: description, Author: actor, Status: ReportInProgress, Created: whole(s.Now()), All: all,
	}
	positions, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		f := &faults{}
		f.want(reportName.MatchString(name), "name", "%.60q: want letters, digits and - _ . (1 to 300)", name)
		f.want(utf8.RuneCountInString(description) <= maxDescription, "description", "want at most %d characters", maxDescription)
		f.want(all || len(st.SelectedEvidence)+len(st.SelectedFolders) > 0, "evidence", "nothing is selected: select evidence, or ask for all")
		if err := f.err(); err != nil {
			return nil, err
		}
		e, err := entry(evidence.KindReport, s.Now(), actor, "report/"+r.ID, r)
		return &Batch{Leaves: []Entry{e}}, err
	})
	if err != nil {
		return nil, err
	}
	r.Last = positions[len(positions)-1].Sequence
	return &r, nil
}

// EndReport records how a report ended: complete with its digest and place, failed, or deleted.
func (s *Service) EndReport(ctx context.Context, id, actor string, r Report, at BlobLocation) error {
	_, err := s.change(ctx, id, func(st *State) (*Batch, error) {
		i := slices.IndexFunc(st.Reports, func(x Report) bool { return x.ID == r.ID })
		switch {
		case i < 0:
			return nil, fmt.Errorf("report %s: %w", r.ID, ErrNotFound)
		case st.Reports[i].Status == r.Status:
			return nil, nil //nolint:nilnil // it has ended so before: nothing to write
		case r.Status == ReportDeleted && st.Reports[i].Status == ReportInProgress:
			return nil, &ValidationError{Fields: []Fault{{"assessmentReportId", "the report is still being made: wait until it has ended"}}}
		case r.Status == ReportDeleted && len(st.Holds) > 0:
			return nil, fmt.Errorf("delete report %s: a legal hold stands on assessment %s: lift it first: %s", r.ID, id, st.matters())
		}
		e, err := entry(evidence.KindReport, s.Now(), actor, "report/"+r.ID, r)
		if err == nil && !r.Digest.IsZero() {
			e.Leaf.Digest = r.Digest
		}
		batch := &Batch{Leaves: []Entry{e}, Blobs: blobs(at)}
		if r.Status == ReportDeleted && !r.Digest.IsZero() {
			batch.Gone = []BlobLocation{{Digest: r.Digest}}
		}
		return batch, err
	})
	return err
}
