package deployment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/assessment"
)

// Difference is a verdict that would have been another.
type Difference struct {
	Check   string `json:"check"`
	Subject string `json:"subject"`
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	// Before is the outcome that was recorded, empty where there was none; Now that of the newer checks,
	// empty where they give none.
	Before assize.Outcome `json:"before,omitempty"`
	Now    assize.Outcome `json:"now,omitempty"`
	Reason string         `json:"reason,omitempty"`
}

// Reassessment is what newer checks say about what was read then.
type Reassessment struct {
	Assessment string         `json:"assessment"`
	Run        assessment.Run `json:"run"`
	AsOf       time.Time      `json:"as_of"`
	// Then is the digest of the library that judged, Library that of now.
	Then    string `json:"library_then"`
	Library string `json:"library_now"`
	// Same counts verdicts that are the same.
	Same        int          `json:"same"`
	Differences []Difference `json:"differences"`
}

// Reassess judges the snapshot of the newest run that was collected not after a time with today's checks and
// profile, and compares. Controls that were inactive then are left out, as they were. Nothing is recorded.
func (d *Deployment) Reassess(ctx context.Context, a *assessment.Assessment, asOf time.Time) (*Reassessment, error) {
	runs, err := d.Store.RunsOf(ctx, a.ID, keptRuns)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(runs, func(r assessment.Run) bool { return r.State == assessment.RunDone && !r.Started.After(asOf) })
	if i < 0 {
		return nil, fmt.Errorf("assessment %s: no evaluation before %s has ended", a.Name, asOf.UTC().Format(time.RFC3339))
	}
	run := &runs[i]
	before, err := d.recorded(ctx, a.ID, run.ID)
	if err != nil {
		return nil, err
	}
	inactive, err := d.inactiveAt(ctx, a.ID, run.Started)
	if err != nil {
		return nil, err
	}
	c, err := d.Snapshot(ctx, run.Snapshot)
	if err != nil {
		return nil, err
	}
	content, err := d.Content()
	if err != nil {
		return nil, err
	}
	fw, err := d.Framework(ctx, a.Framework)
	if err != nil {
		return nil, err
	}
	verdicts, err := d.assess(ctx, a, fw, content, c)
	if err != nil {
		return nil, err
	}
	out := &Reassessment{
		Assessment: a.ID, Run: *run, AsOf: c.AsOf, Then: run.Library, Library: content.Library.Digest, Differences: []Difference{},
	}
	// The ids of evidence follow from run and subject: the same verdict has the same id.
	o := assessment.NewObserver(run, c.AsOf, fw, run.Snapshot, inactive)
	if err := out.compare(o, verdicts, content, accounts(a), before); err != nil {
		return nil, err
	}
	return out, nil
}

// inactiveAt tells of controls whether people had set them inactive at a time.
func (d *Deployment) inactiveAt(ctx context.Context, id string, at time.Time) (func(assessment.ControlKey) bool, error) {
	st := assessment.NewState()
	err := st.Fold(func(yield func(assessment.Stored, error) bool) {
		for stored, err := range d.Store.ScopeLeaves(ctx, id, 0, assessment.StateKinds...) {
			if err == nil && stored.Leaf.Recorded.After(at) || !yield(stored, err) {
				return
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("assessment %s: %w", id, err)
	}
	return func(k assessment.ControlKey) bool { return st.ReviewOf(k) == assessment.ControlInactive }, nil
}

// compare holds the verdicts of now against those of before, by the id of their evidence.
func (r *Reassessment) compare(o *assessment.Observer, verdicts *assess.Assessment, content *Content, in []string, before map[string]Difference) error {
	put := func(id string, now Difference) {
		was, there := before[id]
		delete(before, id)
		if now.Before = was.Before; there && now.Before == now.Now {
			r.Same++
			return
		}
		r.Differences = append(r.Differences, now)
	}
	for f := range verdicts.Findings() {
		if f.Account != "" && !slices.Contains(in, f.Account) {
			continue
		}
		item, asked, err := o.Finding(f)
		if err != nil {
			return err
		}
		if asked {
			put(item.Evidence.ID, Difference{
				Check: f.Check.ID, Subject: f.SubjectLabel(), Account: f.Account, Region: f.Region, Now: f.Outcome, Reason: f.Reason,
			})
		}
	}
	for _, id := range o.Checks() {
		if content.Library.Check(id) != nil {
			continue
		}
		item, err := o.Missing(id)
		if err != nil {
			return err
		}
		put(item.Evidence.ID, Difference{Check: id, Now: item.Evidence.Outcome, Reason: item.Evidence.Reason})
	}
	for _, gone := range before {
		r.Differences = append(r.Differences, gone)
	}
	slices.SortFunc(r.Differences, compareDifferences)
	return nil
}

func compareDifferences(x, y Difference) int {
	return cmp.Or(cmp.Compare(x.Check, y.Check), cmp.Compare(x.Account, y.Account), cmp.Compare(x.Region, y.Region), cmp.Compare(x.Subject, y.Subject))
}

// recorded lists the verdicts of a run by the id of their evidence.
func (d *Deployment) recorded(ctx context.Context, id, run string) (map[string]Difference, error) {
	out := map[string]Difference{}
	q := assessment.EvidenceQuery{Assessment: id, Run: run, DataSource: "Assize check"}
	for stored, err := range d.Store.Evidence(ctx, q) {
		if err != nil {
			return nil, err
		}
		e := &stored.Evidence
		subject := e.Account
		if len(e.Subjects) > 0 {
			subject = e.Subjects[0].Label()
		}
		out[e.ID] = Difference{
			Check: e.EventName, Subject: subject, Account: e.Account, Region: e.Region, Before: e.Outcome,
			Reason: "today's checks give no such verdict",
		}
	}
	return out, nil
}
