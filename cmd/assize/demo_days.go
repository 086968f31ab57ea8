package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/examples/acme"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/library"
)

// demoFramework is the example's own framework.
const demoFramework = "acme_ai"

// demoDays is an assessment of the example that goes on for some simulated days.
type demoDays struct {
	out  io.Writer
	dir  string
	days int
	d    *deployment.Deployment
	id   string

	now time.Time
	// c is the example as it is on the day.
	c *collect.Collection
}

// run goes through the days, and writes a report in the end.
func (x *demoDays) run(ctx context.Context) (err error) {
	if _, err := os.Stat(filepath.Join(x.dir, "data")); err == nil {
		return fmt.Errorf("%s holds a demo already: remove it, or name another folder with --out", x.dir)
	}
	if x.c, err = exampleSnapshot(); err != nil {
		return err
	}
	x.now = x.c.AsOf
	parts, err := deployment.OpenParts(ctx, deployment.Options{Data: filepath.Join(x.dir, "data")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, parts.Close()) }()
	x.d, err = deployment.New(ctx, parts, deployment.Config{
		Now: func() time.Time { return x.now }, Content: sync.OnceValues(demoContent), Operation: collectorsOf, Version: version,
	})
	if err != nil {
		return err
	}
	if err := x.create(ctx); err != nil {
		return err
	}
	for day := 1; day <= x.days; day++ {
		x.now = x.c.AsOf.Truncate(24 * time.Hour).Add(6 * time.Hour)
		if day > 1 {
			x.now = x.now.Add(24 * time.Hour)
		}
		if err := x.day(ctx, day); err != nil {
			return fmt.Errorf("day %d: %w", day, err)
		}
	}
	return x.report(ctx)
}

func exampleSnapshot() (*collect.Collection, error) {
	dir, err := os.MkdirTemp("", "assize-demo-")
	if err != nil {
		return nil, fmt.Errorf("unpack the example: %w", err)
	}
	path := filepath.Join(dir, "acme.assize")
	err = os.WriteFile(path, acme.Snapshot, 0o600)
	var c *collect.Collection
	if err == nil {
		c, err = snapshot.Read(path)
	}
	return c, errors.Join(err, os.RemoveAll(dir))
}

// demoContent is the library with the example's own framework, and its profile.
func demoContent() (*deployment.Content, error) {
	own, err := fs.Sub(acme.Library, "library")
	if err != nil {
		return nil, err
	}
	lib, err := library.Load(library.Folder{Name: "examples/acme/library", FS: own})
	if err != nil {
		return nil, err
	}
	profile, err := lib.ParseProfile(profileFile, acme.Profile)
	return &deployment.Content{Library: lib, Profile: profile}, err
}

// say tells what happens, with the simulated time.
func (x *demoDays) say(format string, args ...any) {
	fmt.Fprintf(x.out, "%s  %s\n", minute(x.now), clean(fmt.Sprintf(format, args...)))
}

func (x *demoDays) snapshotFile() string { return filepath.Join(x.dir, "data", "acme.assize") }

func (x *demoDays) create(ctx context.Context) error {
	content, err := x.d.Content()
	if err != nil {
		return err
	}
	fw, err := content.Library.Framework(demoFramework)
	if err != nil {
		return err
	}
	for i := range content.Profile.Workloads {
		if err := x.d.Service.PutWorkload(ctx, "ann", content.Profile.Workloads[i]); err != nil {
			return err
		}
	}
	ref, err := x.d.Pin(ctx, "ann", fw)
	if err != nil {
		return err
	}
	destination, err := filepath.Abs(filepath.Join(x.dir, "reports"))
	if err != nil {
		return err
	}
	a, err := x.d.Service.Create(ctx, assessment.Assessment{
		Name: "Acme claims assistant", Description: "The demo of assize: an example organisation over simulated days.",
		Framework: ref, Destination: destination, Accounts: x.c.Accounts, Tags: map[string]string{"department": "claims"},
	}, "ann")
	if err != nil {
		return err
	}
	x.id = a.ID
	x.say("ann creates the assessment %q of %d accounts with the framework %q", a.Name, len(a.Accounts), ref.Title)
	return x.d.SetSource(a.ID, deployment.Source{Snapshot: x.snapshotFile()})
}

// day reads the accounts as they are on a day, and lets people do what they do.
func (x *demoDays) day(ctx context.Context, day int) error {
	x.say("--- day %d", day)
	if err := x.change(day); err != nil {
		return err
	}
	runner, err := x.d.Runner(jobs.LocalConfig{})
	if err != nil {
		return err
	}
	if err := x.d.Scheduler(runner).Tick(ctx); err != nil {
		return err
	}
	if err := runner.Drain(ctx); err != nil {
		return err
	}
	derived, err := x.d.Service.Status(ctx, x.id)
	if err != nil {
		return err
	}
	x.say("the accounts were read and judged: %s", statusLine(countStatuses(derived)))
	x.now = x.now.Add(2 * time.Hour)
	if err := x.people(ctx, day); err != nil {
		return err
	}
	c, _, err := x.d.Publisher.Publish(ctx)
	if err != nil {
		return err
	}
	x.say("the ledger has %d leaves; a checkpoint of it is signed and published", c.Size)
	return nil
}

const demoModel = "AWS::Bedrock::CustomModel"

// change makes the accounts what they are on the day: on the second there is a new model, on the third another
// one is gone, and a bucket keeps its versions now.
func (x *demoDays) change(day int) error {
	x.c.AsOf = x.now
	isModel := func(r *assize.Record) bool { return r.Type == demoModel }
	switch i := slices.IndexFunc(x.c.Records, isModel); {
	case i < 0 || day < 2:
	case day == 2:
		model := *x.c.Records[i]
		model.ID, model.ARN = model.ID+"new", model.ARN+"new"
		x.c.Records = append(x.c.Records, &model)
		x.say("account %s has a new model, %s", model.Account, model.ID)
	case day == 3:
		x.say("account %s has retired the model %s", x.c.Records[i].Account, x.c.Records[i].ID)
		x.c.Records = slices.Delete(x.c.Records, i, i+1)
	}
	if err := os.MkdirAll(filepath.Dir(x.snapshotFile()), 0o700); err != nil {
		return err
	}
	return snapshot.Write(x.snapshotFile(), x.c)
}

// people do what only people can do. On the second day nobody looks at the blocked prompts: on the third that is missed.
func (x *demoDays) people(ctx context.Context, day int) error {
	if day != 2 {
		given := deployment.Given{Text: "14 prompts were blocked, none of them by mistake."}
		given.ControlSet, given.Control = "operations", "OPS-01"
		e, err := x.d.Add(ctx, x.id, "bob", given)
		if err != nil {
			return err
		}
		x.say("bob writes what he saw of the blocked prompts (evidence %s)", shortID(e.ID))
	}
	switch day {
	case 1:
		_, err := x.d.Service.Delegate(ctx, x.id, "ann", "fair", "carol", "You know how our data came about.")
		x.say("ann delegates the control set fair to carol")
		return err
	case 2:
		if err := x.except(ctx); err != nil {
			return err
		}
		return x.delegation(ctx, "carol", assessment.DelegationUnderReview, "Done as far as the data goes.")
	case 3:
		return x.delegation(ctx, "ann", assessment.DelegationComplete, "Thank you.")
	}
	return nil
}

func (x *demoDays) delegation(ctx context.Context, who string, to assessment.DelegationStatus, comment string) error {
	st, err := x.d.Service.State(ctx, x.id)
	if err != nil {
		return err
	}
	x.say("%s %s: %s", who, map[assessment.DelegationStatus]string{
		assessment.DelegationUnderReview: "submits the control set for review", assessment.DelegationComplete: "completes the review",
	}[to], comment)
	return x.d.Service.MoveDelegation(ctx, x.id, who, st.Delegations[0].ID, to, comment)
}

// except asks for an exception of the first control that is not met, and approves it.
func (x *demoDays) except(ctx context.Context) error {
	derived, err := x.d.Service.Status(ctx, x.id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(derived, func(d assessment.Derived) bool { return d.Status == assessment.NotMet })
	if i < 0 {
		return errors.New("no control is not met: there is nothing to except")
	}
	e, err := x.d.Service.RequestException(ctx, x.id, "bob", assessment.Exception{
		ControlSet: derived[i].ControlSet, Control: derived[i].Control, Reason: "The model is replaced by the end of the quarter.",
		Compensating: "Each answer is read by a person before it is sent.", Expires: x.now.AddDate(0, 2, 0).Format(time.DateOnly),
	})
	if err != nil {
		return err
	}
	x.say("bob asks for an exception of control %s, ann approves it until %s", derived[i].Control, e.Expires)
	return x.d.Service.DecideException(ctx, x.id, "ann", e.ID, assessment.ExceptionApproved, "Until then, and not longer.")
}

// report tells what was missed, and makes the report.
func (x *demoDays) report(ctx context.Context) error {
	x.now = x.now.Add(4 * time.Hour)
	missed, err := x.d.Store.Occurrences(ctx, assessment.OccurrenceQuery{Assessment: x.id, States: []assessment.OccurrenceState{assessment.Missed}})
	if err != nil {
		return err
	}
	for _, o := range missed {
		x.say("missed: %s of control %s, due on %s", o.Expectation, o.Control, day(o.Due))
	}
	r, err := x.d.MakeReport(ctx, x.id, "ann", "acme-demo", "What came of the simulated days.", true)
	if err != nil {
		return err
	}
	x.say("ann makes the report: %d pieces of evidence", r.Items)
	fmt.Fprintf(x.out, "\n%s\ncheck it: assize verify --key %s %s\n", r.Location, x.d.KeyFile, r.Location)
	return nil
}
