package library_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

var load = sync.OnceValues(library.LoadCompiled)

// TestExamples judges every example of every check. Each check must have
// examples that pass, fail, could not look, and do not apply.
func TestExamples(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range lib.Programs {
		t.Run(p.Check.ID, func(t *testing.T) {
			t.Parallel()
			examples, err := readExamples(p.Check)
			if err != nil {
				t.Fatalf("examples.yaml: %v", err)
			}
			var seen []assize.Outcome
			for _, e := range examples {
				k, err := prepare(lib, p, e)
				if err != nil {
					t.Errorf("%s: %v", e.Name, err)
					continue
				}
				seen = append(seen, e.Want)
				got := k.judge()
				switch {
				case got == nil:
					t.Errorf("%s: no finding, want %s", e.Name, e.Want)
				case got.Outcome != e.Want:
					t.Errorf("%s: got %s (%s), want %s", e.Name, got.Outcome, got.Reason, e.Want)
				case e.Want == assize.Inconclusive && (e.Cause == "" || got.Unknown.Cause != e.Cause):
					t.Errorf("%s: got cause %q, want %q", e.Name, got.Unknown.Cause, e.Cause)
				case !strings.Contains(got.Reason, e.Reason):
					t.Errorf("%s: got reason %q, want it to contain %q", e.Name, got.Reason, e.Reason)
				}
			}
			for _, want := range []assize.Outcome{assize.Pass, assize.Fail, assize.Inconclusive, assize.NotApplicable} {
				if !slices.Contains(seen, want) && !alwaysApplies(p.Check, want) {
					t.Errorf("there is no example that is %s", want)
				}
			}
		})
	}
}

// alwaysApplies: a check without applies whose none is a failure is never not
// applicable, where the service is offered.
func alwaysApplies(c *assize.Check, o assize.Outcome) bool {
	return o == assize.NotApplicable && c.Subject.None == assize.NoneFails && c.Applies == ""
}

// TestUnknownNeverDecides is the three-valued property: whatever part of an
// example becomes unknown, a verdict may become inconclusive, and where it stays
// conclusive no value in place of the unknown may change it.
func TestUnknownNeverDecides(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range lib.Programs {
		t.Run(p.Check.ID, func(t *testing.T) {
			t.Parallel()
			examples, err := readExamples(p.Check)
			if err != nil {
				t.Fatalf("examples.yaml: %v", err)
			}
			pool := newPool(lib)
			for _, e := range examples {
				k, err := prepare(lib, p, e)
				if err != nil {
					t.Fatalf("%s: %v", e.Name, err)
				}
				checkUnknowns(t, k, e.Name, pool)
			}
		})
	}
}

func checkUnknowns(t *testing.T, k *caseOf, name string, pool *valuePool) {
	t.Helper()
	want := k.judge()
	if want == nil {
		t.Errorf("%s: no finding", name)
		return
	}
	for _, r := range slices.Concat(k.subjects, k.others) {
		original := r.Properties
		for _, at := range placesIn(original) {
			r.Properties = at.replace(original, denied)
			got := k.judge()
			if got.Outcome == assize.Inconclusive {
				continue
			}
			if conclusive(want.Outcome) && got.Outcome != want.Outcome {
				t.Errorf("%s: with %s unknown: got %s, want %s or inconclusive", name, at, got.Outcome, want.Outcome)
			}
			for _, v := range pool.of(r.Type, at.path) {
				r.Properties = at.replace(original, v)
				if with := k.judge(); with.Outcome != got.Outcome && with.Outcome != assize.Inconclusive {
					t.Errorf("%s: with %s unknown the verdict is %s, but with %v it is %s", name, at, got.Outcome, v, with.Outcome)
				}
			}
		}
		r.Properties = original
		for _, op := range operationsOf(pool.defs[r.Type]) {
			r.Properties = deny(pool.defs[r.Type], op, original)
			if got := k.judge(); got.Outcome != assize.Inconclusive && conclusive(want.Outcome) && got.Outcome != want.Outcome {
				t.Errorf("%s: with %s denied: got %s, want %s or inconclusive", name, op, got.Outcome, want.Outcome)
			}
		}
		r.Properties = original
	}
}

func conclusive(o assize.Outcome) bool { return o != assize.Inconclusive }
