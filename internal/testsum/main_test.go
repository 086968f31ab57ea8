package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		in          []string
		forbidSkips bool
		out         []string // lines
		err         string
		results     string
	}{
		{
			name: "passed output stays unseen",
			in: []string{
				`{"Action":"run","Package":"a","Test":"T"}`,
				`{"Action":"output","Package":"a","Test":"T","Output":"chatter\n"}`,
				`{"Action":"pass","Package":"a","Test":"T"}`,
				`{"Action":"pass","Package":"a","Elapsed":1.25}`,
			},
			out:     []string{"ok    a  1 tests, 1.2 s"},
			results: "pass\ta\tT\n",
		},
		{
			name: "failure shows the failed test and its package only",
			in: []string{
				`{"Action":"output","Package":"a","Test":"Good","Output":"chatter\n"}`,
				`{"Action":"pass","Package":"a","Test":"Good"}`,
				`{"Action":"output","Package":"a","Test":"Bad","Output":"got 1, want 2\n"}`,
				`{"Action":"fail","Package":"a","Test":"Bad"}`,
				`{"Action":"output","Package":"a","Output":"FAIL\n"}`,
				`{"Action":"fail","Package":"a","Elapsed":0}`,
			},
			out:     []string{"got 1, want 2", "FAIL", "FAIL  a  2 tests, 1 failed, 0.0 s"},
			err:     "failed packages: 1",
			results: "pass\ta\tGood\nfail\ta\tBad\n",
		},
		{
			name: "a test that a panic cut off",
			in: []string{
				`{"Action":"run","Package":"a","Test":"T"}`,
				`{"Action":"output","Package":"a","Test":"T","Output":"panic: oh\n"}`,
				`{"Action":"fail","Package":"a","Elapsed":0}`,
			},
			out:     []string{"panic: oh", "FAIL  a  0 tests, 0 failed, 0.0 s"},
			err:     "failed packages: 1",
			results: "fail\ta\t-\n",
		},
		{
			name: "build failure",
			in: []string{
				`{"ImportPath":"a","Action":"build-output","Output":"a.go:1: expected ;\n"}`,
				`{"ImportPath":"a","Action":"build-fail"}`,
				`{"Action":"fail","Package":"a","Elapsed":0,"FailedBuild":"a"}`,
			},
			out:     []string{"a.go:1: expected ;", "FAIL  a  0 tests, 0 failed, 0.0 s"},
			err:     "failed packages: 1",
			results: "fail\ta\t-\n",
		},
		{
			name: "skip is told",
			in: []string{
				`{"Action":"output","Package":"a","Test":"T","Output":"--- SKIP: T\n"}`,
				`{"Action":"output","Package":"a","Test":"T","Output":"    a_test.go:1: no moon\n"}`,
				`{"Action":"skip","Package":"a","Test":"T"}`,
				`{"Action":"pass","Package":"a","Elapsed":0}`,
			},
			out:     []string{"ok    a  1 tests, 0.0 s", "SKIP  a T: a_test.go:1: no moon"},
			results: "skip\ta\tT\n",
		},
		{
			name:        "skip is forbidden",
			in:          []string{`{"Action":"skip","Package":"a","Test":"T"}`, `{"Action":"pass","Package":"a","Elapsed":0}`},
			forbidSkips: true,
			out:         []string{"ok    a  1 tests, 0.0 s", "SKIP  a T: no reason given"},
			err:         "skipped tests, which ASSIZE_REQUIRE_ALL=1 forbids: 1",
			results:     "skip\ta\tT\n",
		},
		{
			name:    "nothing ran",
			in:      []string{`go: pattern ./x: not found`, `{"Action":"skip","Package":"a"}`},
			out:     []string{"go: pattern ./x: not found"},
			err:     "no test ran",
			results: "\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			results := filepath.Join(t.TempDir(), "suite")
			var out strings.Builder
			err := watch(strings.NewReader(strings.Join(test.in, "\n")), &out, results, test.forbidSkips)
			if got := text(err); got != test.err {
				t.Errorf("error: got %q, want %q", got, test.err)
			}
			want := strings.Join(test.out, "\n") + "\n"
			if diff := cmp.Diff(want, out.String()); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
			kept, err := os.ReadFile(results)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.results, string(kept)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSummarise(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	suites := map[string]string{
		"go":   "pass\ta\tT1\npass\ta\tT2\nskip\ta\tT3\n",
		"race": "pass\ta\tT1\nfail\ta\tT2\n",
	}
	for name, data := range suites {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for steps, want := range map[int]string{0: "1 passed, 1 failed\n", 3: "1 passed, 3 failed\n"} {
		var out strings.Builder
		if err := summarise(&out, dir, steps); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); got != want {
			t.Errorf("%d failed steps: got %q, want %q", steps, got, want)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
