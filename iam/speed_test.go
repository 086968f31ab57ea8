package iam_test

import (
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/internal/bench/iamcase"
)

// theCase is what the speed target speaks of.
func theCase(t testing.TB) (*iam.Policies, [2]*iam.Prepared) {
	t.Helper()
	p, err := iamcase.Policies()
	if err != nil {
		t.Fatal(err)
	}
	requests, err := iamcase.Requests()
	if err != nil {
		t.Fatal(err)
	}
	return p, requests
}

func BenchmarkEvaluate(b *testing.B) {
	p, requests := theCase(b)
	b.ReportAllocs()
	allowed := 0
	for i := 0; b.Loop(); i++ {
		if p.Decide(requests[i&1]).Allowed() {
			allowed++
		}
	}
	if b.N > 1 && (allowed == 0 || allowed == b.N) {
		b.Fatalf("got %d of %d allowed, want half", allowed, b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

func TestDecideAllocatesNothing(t *testing.T) {
	p, requests := theCase(t)
	want := [2]iam.Decision{{Outcome: iam.Allowed}, {Outcome: iam.ExplicitlyDenied}}
	for i, q := range requests {
		if got := testing.AllocsPerRun(100, func() { p.Decide(q) }); got != 0 {
			t.Errorf("request %d: got %v allocations, want 0", i, got)
		}
		if got := p.Decide(q); got != want[i] {
			t.Errorf("request %d: got %s, want %s", i, got, want[i])
		}
	}
}
