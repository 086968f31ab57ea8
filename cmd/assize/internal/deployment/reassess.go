package deployment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/assize-dev/assize"
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
// profile, and compares. Nothing is recorded.
func (d *Deployment) Reassess(ctx context.Context, a *assessment.Assessment, asOf time.Time) (*Reassessment, error) {
	runs, err := d.Store.RunsOf(ctx, a.ID, keptRuns)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(runs, func(r assessment.Run) bool { return r.State == assessment.RunDone && !r.Started.After(asOf) })
	if i < 0 {
		return nil, fmt.Errorf("assessment %s: no evaluation before %s has ended", a.Name, asOf.UTC().Format(time.RFC3339))
	}
	out := &Reassessment{Assessment: a.ID, Run: runs[i], Then: runs[i].Library, Differences: []Difference{}}
	before, err := d.recorded(ctx, a.ID, runs[i].ID)
	if err != nil {
		return nil, err
	}
	c, err := d.Snapshot(ctx, runs[i].Snapshot)
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
	out.AsOf, out.Library = c.AsOf, content.Library.Digest
	// The ids of evidence follow from run and subject: the same verdict has the same id.
	o := assessment.NewObserver(&runs[i], c.AsOf, fw, runs[i].Snapshot, nil)
	in := accounts(a)
	for f := range verdicts.Findings() {
		if f.Account != "" && !slices.Contains(in, f.Account) {
			continue
		}
		item, asked, err := o.Finding(f)
		if err != nil {
			return nil, err
		}
		if !asked {
			continue
		}
		was, there := before[item.Evidence.ID]
		delete(before, item.Evidence.ID)
		if there && was.Before == f.Outcome {
			out.Same++
			continue
		}
		out.Differences = append(out.Differences, Difference{
			Check: f.Check.ID, Subject: f.SubjectLabel(), Account: f.Account, Region: f.Region, Before: was.Before, Now: f.Outcome, Reason: f.Reason,
		})
	}
	for _, gone := range before {
		out.Differences = append(out.Differences, gone)
	}
	slices.SortFunc(out.Differences, compareDifferences)
	return out, nil
}

func compareDifferences(x, y Difference) int {
	for _, pair := range [][2]string{{x.Check, y.Check}, {x.Account, y.Account}, {x.Region, y.Region}, {x.Subject, y.Subject}} {
		if pair[0] != pair[1] {
			if pair[0] < pair[1] {
				return -1
			}
			return 1
		}
	}
	return 0
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
