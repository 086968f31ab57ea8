package terraform_test

import (
	"bytes"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/terraform"
	"github.com/assize-dev/assize/internal/plangen"
	"github.com/assize-dev/assize/library"
)

// content is the library and the mapping of it, loaded once.
var content = sync.OnceValues(func() (*library.Library, error) { return library.Load() })

func loaded(t testing.TB) (*library.Library, *collect.PlannedMapping) {
	t.Helper()
	lib, err := content()
	if err != nil {
		t.Fatal(err)
	}
	m, err := collect.NewTerraformMapping(lib.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	return lib, m
}

// verdicts judges an inventory by some checks; all when none is named.
func verdicts(lib *library.Library, inv *assize.Inventory, checks ...string) plangen.Truth {
	var programs []*assess.Program
	for _, p := range lib.Programs {
		if len(checks) == 0 || slices.Contains(checks, p.Check.ID) {
			programs = append(programs, p)
		}
	}
	got := plangen.Truth{}
	for f := range assess.NewEngine(lib.Compiler, programs).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
		if f.Resource == nil || f.Outcome == assize.NotApplicable {
			continue
		}
		if got[f.Resource.ID] == nil {
			got[f.Resource.ID] = map[string]assize.Outcome{}
		}
		got[f.Resource.ID][f.Check.ID] = f.Outcome
	}
	return got
}

// TestPrecision holds that verdicts about a large plan are those that are true: no
// finding that is wrong and none that is missing, where side resources name their bucket by nothing
// but a reference within a module with for_each.
func TestPrecision(t *testing.T) {
	t.Parallel()
	lib, m := loaded(t)
	for _, n := range []int{1_000, 10_000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			want, err := plangen.Write(&b, n)
			if err != nil {
				t.Fatal(err)
			}
			p, err := terraform.Read(&b, terraform.Options{Mapping: m})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, verdicts(lib, p.After, plangen.Checks...)); diff != "" {
				t.Errorf("verdicts (-true +got):\n%s", diff)
			}
			if got := p.Summary.Mapped; got != p.Summary.Total || got < n*9/10 {
				t.Errorf("%d of %d resources are mapped", got, p.Summary.Total)
			}
		})
	}
}

// BenchmarkRead reads plans of the sizes for which docs/performance.md has budgets.
func BenchmarkRead(b *testing.B) {
	_, m := loaded(b)
	for _, size := range []struct {
		name string
		n    int
	}{{"10000", 10_000}, {"50000", 50_000}} {
		var plan bytes.Buffer
		if _, err := plangen.Write(&plan, size.n); err != nil {
			b.Fatal(err)
		}
		b.Run(size.name, func(b *testing.B) {
			b.SetBytes(int64(plan.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := terraform.Read(bytes.NewReader(plan.Bytes()), terraform.Options{Mapping: m}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
