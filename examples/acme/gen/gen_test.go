package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/library"
)

// example builds the collection from the committed source.
func example(t *testing.T) (*source, *collect.Collection) {
	t.Helper()
	src, err := readSource(os.DirFS("../source"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := build(src, aws.Declarations())
	if err != nil {
		t.Fatal(err)
	}
	return src, c
}

func loadLibrary(t *testing.T) *library.Library {
	t.Helper()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// What is committed is what the source says. The lines are compared, not the
// compressed bytes: those may change with the version of Go.
func TestSnapshotIsThatOfTheSource(t *testing.T) {
	t.Parallel()
	_, c := example(t)
	var want bytes.Buffer
	if err := snapshot.Encode(&want, c); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("../acme.assize")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if first := firstDifference(want.String(), string(got)); first != "" {
		t.Errorf("acme.assize is not of its source, or collectors were added: run go generate ./examples/acme\n%s", first)
	}
	if _, err := snapshot.Decode("acme.assize", bytes.NewReader(file)); err != nil {
		t.Errorf("the snapshot cannot be read: %v", err)
	}
}

// firstDifference is the first line that differs, in both; empty when none does.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "nothing", "nothing"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			at := 0
			for at < min(len(a), len(b)) && a[at] == b[at] {
				at++
			}
			return fmt.Sprintf("line %d, byte %d:\nsource    %.200q\ncommitted %.200q", i+1, at+1, a[at:], b[at:])
		}
	}
	return ""
}

// Every fact of every record is known or absent, but for the gaps that are meant.
func TestFactsAreAnswered(t *testing.T) {
	t.Parallel()
	_, c := example(t)
	mapping, err := collect.NewMapping(loadLibrary(t).Definitions)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := c.Inventory(mapping)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range inv.Resources {
		unknowns(r.Properties, func(u *assize.Unknown) {
			line := r.Account + " " + r.Type + " " + r.ID + ": " + u.Operation + " " + string(u.Cause)
			if u.Cause == assize.NotConnected || u.Cause == assize.WrongAnswer {
				line += " " + u.Detail
			}
			got = append(got, line)
		})
	}
	slices.Sort(got)
	want := []string{
		"111122223333 AWS::IAM::RootUser root: iam:GetCredentialReport timeout",
		"111122223333 AWS::IAM::User break-glass: iam:GetCredentialReport timeout",
		"333344445555 AWS::KMS::Key 3c8a1d38-6fab-4dc5-a70a-4b3c2d1e0f33: kms:GetKeyPolicy denied",
		"333344445555 AWS::S3::Bucket acme-claims-prod-models-333344445555: s3:GetBucketPolicy denied",
	}
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("facts that are not known (-want +got):\n%s", diff)
	}
}

func unknowns(v assize.Value, met func(*assize.Unknown)) {
	switch v := v.(type) {
	case *assize.Unknown:
		met(v)
	case assize.List:
		for _, e := range v {
			unknowns(e, met)
		}
	case assize.Object:
		for _, f := range v {
			unknowns(f.Value, met)
		}
	}
}

// Each record is of a type that is collected, and each of its answers of an operation
// that the collector of the type declares.
func TestOperationsAreThoseOfTheCollectors(t *testing.T) {
	t.Parallel()
	_, c := example(t)
	decls := aws.Declarations()
	for _, r := range c.Records {
		i := slices.IndexFunc(decls, func(d *collect.Declaration) bool { return slices.Contains(d.Types, r.Type) })
		if i < 0 {
			t.Errorf("%s: no collector has the type", r.Key())
			continue
		}
		for _, a := range r.Answers {
			if decls[i].Operation(a.Operation) == nil {
				t.Errorf("%s: %s is no operation of %s", r.Key(), a.Operation, decls[i].Name)
			}
		}
	}
}

// Where services are said not to be offered, the table of Regions says so too.
func TestRegionsAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	src, c := example(t)
	table := loadLibrary(t).Regions
	b := &builder{src: src, to: c}
	for _, a := range c.Accounts {
		for _, region := range a.Regions {
			for _, d := range aws.Declarations() {
				offered, known := table.Offered(d.Service, region)
				want := ""
				if known && !offered {
					want = table.Source + ", " + table.Date
				}
				if got := b.notOffered(d.Service, region); got != want {
					t.Errorf("%s in %s: not offered %q, the table says %q", d.Service, region, got, want)
				}
			}
		}
	}
}

// No secret of the source is in the snapshot, and that there was one is.
func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	_, c := example(t)
	got := map[string][]string{}
	for _, r := range c.Records {
		for _, a := range r.Answers {
			if len(a.Masked) > 0 {
				got[r.ID] = a.Masked
			}
		}
	}
	want := map[string][]string{
		"AGCHATLAB1":                {"Agent.Instruction"},
		"fraud-xgb-2026-10-14":      {"Environment.MLFLOW_TRACKING_PASSWORD"},
		"negotiator_poc-X1y2Z3a4B5": {"EnvironmentVariables.CLAIMS_DB_PASSWORD"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("masked (-want +got):\n%s", diff)
	}
	var text bytes.Buffer
	if err := snapshot.Encode(&text, c); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"AKIA", "Zurich-1998", "Fraud-lab-7"} {
		if strings.Contains(text.String(), secret) {
			t.Errorf("the snapshot holds %q", secret)
		}
	}
}
