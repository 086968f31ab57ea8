package main

import (
	"fmt"
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/library"
)

// baseline holds the outcomes of an earlier snapshot, judged with the checks and
// the profile of today, so that only the account differs.
type baseline struct {
	outcomes map[string]assize.Outcome
	seen     map[string]bool
	none     bool // there is nothing to compare with
}

func (a *assessFlags) readBaseline(lib *library.Library, fw *assize.Framework, profile *assize.Profile) (*baseline, error) {
	b := &baseline{outcomes: map[string]assize.Outcome{}, seen: map[string]bool{}, none: a.baseline == ""}
	if b.none {
		return b, nil
	}
	c, err := snapshot.Read(a.baseline)
	if err != nil {
		return nil, fmt.Errorf("read the baseline: %w", err)
	}
	inv, err := inventory(lib, c)
	if err != nil {
		return nil, err
	}
	for f := range lib.Engine(fw, profile.Workloads...).Assess(inv, a.options(profile)).Findings() {
		b.outcomes[f.Key()] = f.Outcome
	}
	return b, nil
}

// compare sets the finding's change.
func (b *baseline) compare(f *assize.Finding) {
	if b.none {
		return
	}
	key := f.Key()
	b.seen[key] = true
	f.Change = change(b.outcomes[key], f.Outcome)
}

// change names the difference between an earlier outcome (empty: the subject was
// not there) and one of now.
func change(before, now assize.Outcome) assize.Change {
	bad := func(o assize.Outcome) bool { return o == assize.Fail || o == assize.Inconclusive }
	switch {
	case before == now:
		return assize.Unchanged
	case bad(now) && !bad(before):
		return assize.New
	case before == assize.Fail && !bad(now):
		return assize.Fixed
	}
	return assize.Changed
}

// gone lists failures and inconclusive findings of the baseline whose subject is
// no longer there.
func (b *baseline) gone() []string {
	if b.none {
		return nil
	}
	var out []string
	for key, o := range b.outcomes {
		if !b.seen[key] && (o == assize.Fail || o == assize.Inconclusive) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}
