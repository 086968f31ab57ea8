package deployment

import (
	"context"
	"fmt"
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/evidence"
)

// partSize is how many pieces of evidence are stored at a time, unless [Config] says otherwise.
const partSize = 500

// judge judges what was read and stores the evidence.
func (d *Deployment) judge(ctx context.Context, run *assessment.Run, st *assessment.State, content *Content, c *collect.Collection) error {
	fw, err := d.Framework(ctx, st.Assessment.Framework)
	if err != nil {
		return err
	}
	verdicts, err := d.assess(ctx, &st.Assessment, fw, content, c)
	if err != nil {
		return err
	}
	o := assessment.NewObserver(run, c.AsOf, fw, run.Snapshot, func(k assessment.ControlKey) bool {
		return st.ReviewOf(k) == assessment.ControlInactive
	})
	o.Library = content.Library.Digest
	if o.Rules, err = content.rules(); err != nil {
		return err
	}
	w := &writer{d: d, run: run, scope: accounts(&st.Assessment)}
	if err := w.resume(ctx); err != nil {
		return err
	}
	event := assessment.RunEvent{
		Accounts: accounts(&st.Assessment), Regions: regions(c), Library: run.Library, Profile: run.Profile, Version: d.Version,
	}
	event.Run.Gaps, event.Gaps = gaps(c)
	if err := w.observe(ctx, o, verdicts, content, c, &event.Counts); err != nil {
		return err
	}
	if err := d.unanswered(ctx, w, o, c); err != nil {
		return err
	}
	found, complete := w.asked(verdicts, fw, content, o)
	if err := w.flush(ctx); err != nil {
		return err
	}
	total := event.Run.Gaps
	event.Run = *run
	event.Run.State, event.Run.Gaps, event.Run.Evidence = assessment.RunDone, total, w.stored
	return d.Service.Finish(ctx, event, o.Tallies(), found, complete)
}

// rules are the digests of the checks, by id: of their canonical JSON.
func (c *Content) rules() (map[string]string, error) {
	out := make(map[string]string, len(c.Library.Checks))
	for _, check := range c.Library.Checks {
		text, err := evidence.Canonical(check)
		if err != nil {
			return nil, fmt.Errorf("digest of check %s: %w", check.ID, err)
		}
		out[check.ID] = evidence.DigestOf(text).String()
	}
	return out, nil
}

// assess prepares the judgement of a collection by the checks of a framework.
func (d *Deployment) assess(ctx context.Context, a *assessment.Assessment, fw *assize.Framework, content *Content, c *collect.Collection) (*assess.Assessment, error) {
	mapping, err := collect.NewMapping(content.Library.Definitions)
	if err != nil {
		return nil, err
	}
	inv, err := c.Inventory(mapping)
	if err != nil {
		return nil, err
	}
	register, err := d.Service.Workloads(ctx)
	if err != nil {
		return nil, err
	}
	chosen := slices.DeleteFunc(register, func(w assize.Workload) bool { return !slices.Contains(a.Workloads, w.ID) })
	return content.Library.Engine(fw, chosen...).Assess(inv, assess.Options{Profile: content.Profile, Data: content.Data}), nil
}

// writer stores evidence in parts.
type writer struct {
	d     *Deployment
	run   *assessment.Run
	scope []string
	// have is the evidence of the run, by id.
	have   map[string]bool
	items  []assessment.Evidence
	bodies []blob.Body
	// stored counts the evidence of the run.
	stored int
}

// resume learns what an earlier attempt has stored.
func (w *writer) resume(ctx context.Context) error {
	w.have = map[string]bool{}
	if w.run.Attempt <= 1 {
		return nil
	}
	for stored, err := range w.d.Store.Evidence(ctx, assessment.EvidenceQuery{Assessment: w.run.Assessment, Run: w.run.ID}) {
		if err != nil {
			return fmt.Errorf("evidence of the run: %w", err)
		}
		w.have[stored.Evidence.ID] = true
	}
	w.stored = len(w.have)
	return nil
}

// add stores an item unless it is stored; a full part is written.
func (w *writer) add(ctx context.Context, item assessment.Item) error {
	if w.have[item.Evidence.ID] {
		return nil
	}
	w.have[item.Evidence.ID] = true
	w.items, w.bodies = append(w.items, item.Evidence), append(w.bodies, blob.Bytes(item.Body))
	if len(w.items) < w.d.PartSize {
		return nil
	}
	return w.flush(ctx)
}

// flush makes the bodies durable, then commits their evidence. The number of the part is how much was stored
// before it: an attempt that goes on never meets a number that it has used.
func (w *writer) flush(ctx context.Context) error {
	if len(w.items) == 0 {
		return nil
	}
	at, err := w.d.Blobs.Put(ctx, w.bodies...)
	if err != nil {
		return err
	}
	if _, err := w.d.Service.Record(ctx, w.run, w.stored, w.items, at); err != nil {
		return err
	}
	w.stored += len(w.items)
	w.items, w.bodies = w.items[:0], w.bodies[:0]
	return ctx.Err()
}

// observe turns findings, answers and gaps into evidence.
func (w *writer) observe(ctx context.Context, o *assessment.Observer, verdicts *assess.Assessment, content *Content, c *collect.Collection, counts *assize.Counts) error {
	for f := range verdicts.Findings() {
		if !w.inScope(f.Account) {
			continue
		}
		item, ok, err := o.Finding(f)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		counts.Add(f.Outcome)
		if err := w.add(ctx, item); err != nil {
			return err
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
		counts.Add(assize.Inconclusive)
		if err := w.add(ctx, item); err != nil {
			return err
		}
	}
	for _, r := range c.Records {
		if !w.inScope(r.Account) {
			continue
		}
		items, err := o.Answer(r)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := w.add(ctx, item); err != nil {
				return err
			}
		}
	}
	return w.gaps(ctx, o, c.Gaps)
}

func (w *writer) gaps(ctx context.Context, o *assessment.Observer, list []assize.Gap) error {
	for i := range list {
		if !w.inScope(list[i].Account) {
			continue
		}
		item, ok, err := o.Gap(&list[i])
		if err != nil {
			return err
		}
		if ok {
			if err := w.add(ctx, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// inScope reports whether something of the account belongs to the assessment; what is of no account does.
func (w *writer) inScope(account string) bool {
	return account == "" || slices.Contains(w.scope, account)
}

// unanswered looks at operations of which nothing was read: that there is nothing to read is known only
// where the lists of the types that the operation describes are complete.
func (d *Deployment) unanswered(ctx context.Context, w *writer, o *assessment.Observer, c *collect.Collection) error {
	for _, op := range o.Unanswered() {
		var types []string
		asked := false
		if d.Operation != nil {
			types, asked = d.Operation(op)
		}
		if !asked {
			gap := assize.Gap{Operation: op, Cause: assize.NotConnected, Detail: "no collector asks this operation"}
			if err := w.gaps(ctx, o, []assize.Gap{gap}); err != nil {
				return err
			}
			continue
		}
		for _, account := range w.scope {
			gap := incomplete(c, account, types)
			if gap == nil {
				continue
			}
			if err := w.gaps(ctx, o, []assize.Gap{{Account: account, Operation: op, Cause: gap.Cause, Code: gap.Code, Detail: gap.Detail}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// incomplete returns why not all resources of the types could be listed in an account; nil when all were.
func incomplete(c *collect.Collection, account string, types []string) *assize.Gap {
	looked := false
	for i := range c.Coverage {
		v := &c.Coverage[i]
		if v.Account != account || !slices.Contains(types, v.Type) {
			continue
		}
		looked = true
		if v.Gap != nil {
			return v.Gap
		}
	}
	if !looked {
		return &assize.Gap{Account: account, Cause: assize.NotConnected, Detail: "nobody looked"}
	}
	return nil
}

// asked lists the resources of which people are asked, by type, and the types of which all could be listed.
func (w *writer) asked(
	verdicts *assess.Assessment, fw *assize.Framework, content *Content, o *assessment.Observer,
) (found map[string][]assessment.Subject, complete map[string]bool) {
	found, complete = map[string][]assessment.Subject{}, map[string]bool{}
	for _, s := range verdicts.Subjects(fw) {
		found[s.Type] = nil
		for _, r := range verdicts.InScope(s.Type) {
			if !w.inScope(r.Account) {
				continue
			}
			about := assessment.SubjectOf(r)
			if d := content.Library.Definition(s.Type); d != nil && d.OnceAnAccount {
				about.Region = "" // which Region was asked first says nothing about it
			}
			found[s.Type] = append(found[s.Type], about)
		}
		complete[s.Type] = s.Complete
		if !s.Complete {
			o.Incomplete(s.Type)
		}
	}
	return found, complete
}
