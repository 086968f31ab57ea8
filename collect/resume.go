package collect

import (
	"errors"
	"slices"

	"github.com/assize-dev/assize"
)

// resume takes over what an earlier run kept, and reports whether that was everything.
func (t *Task) resume(j Journal) bool {
	if j == nil {
		return false
	}
	log, err := j.Open(t.decl.Name, t.Account, t.Region)
	if err != nil {
		t.sink.fail(err)
		t.stop(&Failure{Cause: assize.Interrupted, Detail: "the journal cannot be used"})
		t.finish()
		return true
	}
	records, result := log.Earlier()
	for _, r := range records {
		t.seen[r.Type+"/"+r.ID] = true
		t.sink.record(r)
	}
	if result == nil {
		t.log = log
		return false
	}
	t.runner.count(t.decl.Name, result.Requests)
	t.sink.result(result)
	if err := log.Close(); err != nil {
		t.sink.fail(err)
	}
	return true
}

// keep writes a record into the journal. One that has a gap itself, or may have led
// to a gap of a list, waits for the end of the task: a run that goes on from here
// has to fetch it again, or would not meet the gap.
func (t *Task) keep(rec *assize.Record, gapsBefore int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.log == nil {
		return
	}
	fails := slices.ContainsFunc(rec.Answers, func(a assize.Answer) bool { return a.Gap != nil && passing(a.Gap.Cause) })
	t.again = t.again || fails
	if fails || len(t.gaps) > gapsBefore {
		t.waiting = append(t.waiting, rec)
		return
	}
	if err := t.log.Record(rec); err != nil {
		t.sink.fail(err)
	}
}

// close ends the task's journal. A task that has a gap which may be gone next time
// is not finished: the next run does again what the journal does not hold.
func (t *Task) close(r *TaskResult) {
	if t.log == nil {
		return
	}
	again := t.again || slices.ContainsFunc(r.Gaps, func(g assize.Gap) bool { return passing(g.Cause) })
	var errs []error
	if !again {
		for _, rec := range t.waiting {
			errs = append(errs, t.log.Record(rec))
		}
		errs = append(errs, t.log.Finish(r))
	}
	if err := errors.Join(append(errs, t.log.Close())...); err != nil {
		t.sink.fail(err)
	}
}

// passing tells whether a gap of the cause may be gone when tried again.
func passing(c assize.Cause) bool {
	switch c {
	case assize.Throttled, assize.Timeout, assize.ServiceError, assize.Interrupted:
		return true
	case assize.Denied, assize.AccountNotEntered, assize.RegionNotEnabled, assize.WrongAnswer, assize.NotConnected,
		assize.UntilApply, assize.Unlinked, assize.DeferredToLive, assize.ErrorInRule:
		return false
	}
	return false
}
