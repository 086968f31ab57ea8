package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

const repository = "../.."

func readAll(t *testing.T) *coverage {
	t.Helper()
	c, err := read(repository)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The page in the repository is what the library says.
func TestPageIsFresh(t *testing.T) {
	t.Parallel()
	got, err := os.ReadFile(filepath.Join(repository, pageFile))
	if err != nil {
		t.Fatal(err)
	}
	if want := readAll(t).page(); string(got) != string(want) {
		t.Errorf("%s is not what the library says: run go generate ./library", pageFile)
	}
}

// Every condition is a check, is excluded with a reason, or is in the list of what is
// not there yet; and only in one of the three.
func TestConditionsAreAnswered(t *testing.T) {
	t.Parallel()
	for _, fault := range readAll(t).faults() {
		t.Error(fault)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	lib := &library.Library{Checks: []*assize.Check{{ID: "a_is_checked"}, {ID: "z_is_ours"}}}
	c := &coverage{
		lib:        lib,
		conditions: []condition{{id: "a_is_checked"}, {id: "b_is_excluded"}, {id: "c_is_pending"}, {id: "d_is_forgotten"}, {id: "e_is_twice"}, {id: "f_has_no_reason"}},
		exclusions: []exclusion{{"b_is_excluded", "because"}, {"a_is_checked", "because"}, {"e_is_twice", "because"}, {"f_has_no_reason", " "}, {"g_is_unknown", "because"}},
		pending:    []string{"c_is_pending", "e_is_twice"},
	}
	want := []string{
		"library/exclusions: a_is_checked has a check",
		"library/exclusions: f_has_no_reason has no reason",
		"library/exclusions: g_is_unknown is no condition of library/conditions.csv",
		"library/exclusions/pending.yaml: e_is_twice stands twice in library/exclusions",
		"d_is_forgotten has neither a check nor an exclusion, and is not in library/exclusions/pending.yaml",
	}
	if diff := cmp.Diff(want, c.faults()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if got := c.ours(); len(got) != 1 || got[0].ID != "z_is_ours" {
		t.Errorf("ours: %v", got)
	}
	c.conditions = c.conditions[:4]
	c.exclusions, c.pending = c.exclusions[:1], nil
	c.pending = c.open()
	if diff := cmp.Diff([]string{"c_is_pending", "d_is_forgotten"}, c.pending); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	if faults := c.faults(); faults != nil {
		t.Errorf("faults where there are none: %q", faults)
	}
}

// What is written as pending is read again.
func TestPendingRoundTrip(t *testing.T) {
	t.Parallel()
	for _, want := range [][]string{{"a_b", "c_d"}, {}} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(pendingFile)), writePending(want), 0o644); err != nil {
			t.Fatal(err)
		}
		_, got, err := readExclusions(dir)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
}

// A check needs the list of its subjects and the operations behind its facts.
func TestOperations(t *testing.T) {
	t.Parallel()
	c := readAll(t)
	needs := c.needs()
	for _, op := range []string{"s3:ListBuckets", "s3:GetBucketVersioning"} {
		if !slices.Contains(needs[op], "s3_bucket_versioning_enabled") {
			t.Errorf("%s: s3_bucket_versioning_enabled does not need it", op)
		}
	}
	if slices.Contains(needs["s3:GetBucketPolicy"], "s3_bucket_versioning_enabled") {
		t.Error("s3_bucket_versioning_enabled needs s3:GetBucketPolicy")
	}
}
