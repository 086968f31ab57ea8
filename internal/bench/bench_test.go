package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/library"
)

func TestFigures(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		got  figure
		want figure
	}{
		{"below", below("x", 4.96, 5, "%.1f s"), figure{"x", "< 5.0 s", "5.0 s", reached}},
		{"not below", below("x", 5, 5, "%.0f s"), figure{"x", "< 5 s", "5 s", missed}},
		{"at most", atMost("x", 5, 5), figure{"x", "<= 5 B", "5 B", reached}},
		{"more", atMost("x", 6, 5), figure{"x", "<= 5 B", "6 B", missed}},
		{"above", above("x", 6, 5), figure{"x", "> 5", "6", reached}},
		{"not above", above("x", 5, 5), figure{"x", "> 5", "5", missed}},
		{"info", info("x", "%d of %d", 1, 2), figure{"x", "", "1 of 2", noTarget}},
		{"peak", usage{peak: 50e6}.peakFigure(), figure{"peak memory", "< 100 MB", "50 MB", reached}},
		{"peak of the parent", usage{peak: 50e6, floored: true}.peakFigure(), figure{"peak memory", "< 100 MB", "at most 50 MB", reached}},
		{"no peak", usage{}.peakFigure(), figure{"peak memory", "", "this system does not tell", skipped}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestPrintTable(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	figures := []figure{info("size", "%d", 3), below("time", 7, 5, "%.0f s")}
	if err := printTable(&b, "Title", figures); err != nil {
		t.Fatal(err)
	}
	want := "\nTitle\n  what   target   figure   \n  size            3\n  time   < 5 s    7 s   missed\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !anyMissed(figures) || anyMissed(figures[:1]) {
		t.Error("a missed target is not seen, or one is seen where there is none")
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for want, values := range map[float64][]float64{2: {3, 1, 2}, 2.5: {4, 1, 3, 2}, 7: {7}} {
		if got := median(values); got != want {
			t.Errorf("%v: got %v, want %v", values, got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	o, err := parseOptions([]string{"--only", "engine,library", "--n", "3", "work", "engine", "a", "b"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if !o.wants("engine") || o.wants("account") || o.n != 3 || o.latency != 60*time.Millisecond {
		t.Errorf("got %+v", o)
	}
	if o.job != "engine" || cmp.Diff([]string{"a", "b"}, o.jobArgs) != "" || cmp.Diff([]string{"--only", "engine,library", "--n", "3"}, o.args) != "" {
		t.Errorf("got job %q of %q with %q", o.job, o.jobArgs, o.args)
	}
	for _, args := range [][]string{{"--only", "nothing"}, {"--n", "0"}, {"more"}, {"work"}, {"--unknown"}} {
		if _, err := parseOptions(args, io.Discard); err == nil {
			t.Errorf("%q: got no error", args)
		}
	}
}

func TestParseResult(t *testing.T) {
	t.Parallel()
	got, err := parseResult(strings.NewReader(`{"format":"x","run":{"a":[1]},"checks":{"c1":{},"c2":{}},"findings":[
{"check":"c1","outcome":"pass"},
{"check":"c2","outcome":"fail","id":"b"}
],"summary":{"requests":{"s3":3,"iam":4},"gaps":[{}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &result{
		checks: 2, findings: 2, gaps: 1, outcomes: map[string]int{"pass": 1, "fail": 1},
		requests: map[string]int{"s3": 3, "iam": 4}, bytes: 71, largest: 40,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(result{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.total() != 7 || got.averageBytes() != 35.5 {
		t.Errorf("got %d requests and %v bytes, want 7 and 35.5", got.total(), got.averageBytes())
	}
	for _, broken := range []string{"", `{"findings":[{]`, `{"findings":[{"outcome":1}]}`, `{"checks":[]}`} {
		if _, err := parseResult(strings.NewReader(broken)); err == nil {
			t.Errorf("%q: got no error", broken)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[int]int{}
	err := times(t.Context(), 50, func(_ context.Context, i int) error {
		mu.Lock()
		defer mu.Unlock()
		seen[i]++
		return nil
	})
	if err != nil || len(seen) != 50 || seen[49] != 1 {
		t.Errorf("got %d of 50 and error %v", len(seen), err)
	}
	broken := errors.New("broken")
	if err := times(t.Context(), 1000, func(context.Context, int) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got error %v, want that of the call", err)
	}
}

// TestEngineWorld holds that the bucket and the rules that the engine is measured with
// fit the library: every rule compiles, and nothing about a bucket is unknown but what
// is meant to be.
func TestEngineWorld(t *testing.T) {
	t.Parallel()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bucketPrograms(lib.Compiler, len(bucketRules)); err != nil {
		t.Error(err)
	}
	m, err := collect.NewMapping(lib.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := bucketInventory(m, lib.Definitions, 3)
	if err != nil {
		t.Fatal(err)
	}
	var unknown []string
	for _, r := range inv.Resources[engineKeys:] {
		for _, f := range r.Properties {
			if o, ok := f.Value.(assize.Object); ok && len(o) > 0 {
				f.Value = o[0].Value
			}
			if _, ok := f.Value.(*assize.Unknown); ok {
				unknown = append(unknown, r.ID+" "+f.Name)
			}
		}
	}
	if diff := cmp.Diff([]string{engineBucket(1) + " BucketEncryption"}, unknown); diff != "" {
		t.Errorf("unknown (-want +got):\n%s", diff)
	}
}

// TestBuildFlags holds that what is measured is built as make builds it.
func TestBuildFlags(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	makefile := strings.ReplaceAll(string(text), `"`, "")
	for _, flag := range buildFlags {
		if !strings.Contains(makefile, flag) {
			t.Errorf("the Makefile does not have %s", flag)
		}
	}
}
