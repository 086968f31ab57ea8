package collect

import "github.com/assize-dev/assize"

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

// keep writes a record into the journal, unless it, or a list that was read for
// it, has a gap that may be gone next time.
func (t *Task) keep(rec *assize.Record, gapsBefore int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.log == nil || len(t.gaps) > gapsBefore || t.halt {
		return
	}
	for _, a := range rec.Answers {
		if a.Gap != nil && passing(a.Gap.Cause) {
			return
		}
	}
	if err := t.log.Record(rec); err != nil {
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
