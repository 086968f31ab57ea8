package assize_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// TestLookedIsFitToBeShown holds what a finding shows of values that are sensitive or
// known after apply.
func TestLookedIsFitToBeShown(t *testing.T) {
	t.Parallel()
	props := map[string]assize.Value{
		"Name": "secret", "Count": int64(3),
		"Rules":  assize.List{assize.Object{{Name: "Key", Value: "k"}, {Name: "Value", Value: "secret"}}},
		"Deep":   assize.Object{{Name: "Inner", Value: assize.Object{{Name: "Text", Value: "secret"}}}},
		"Policy": `{"Resource":["` + assize.PlannedARN(`m["a"].x`) + `/*","` + assize.Hole + `"]}`,
		"Later":  &assize.Unknown{Cause: assize.UntilApply, Detail: "refers to " + assize.PlannedARN("x.y")},
	}
	f := &assize.Finding{
		Resource: &assize.Resource{
			Properties: assize.NewObject(props), Origin: &assize.Origin{Kind: "plan"},
			Sensitive: []string{"Name", "Rules[0].Value", "Deep", "Gone"},
		},
		Paths: []string{"Name", "Count", "Rules[].Key", "Rules[].Value", "Deep.Inner.Text", "Policy", "Later", "Gone"},
	}
	want := []assize.Field{
		{Name: "Name", Value: assize.Hidden},
		{Name: "Count", Value: int64(3)},
		{Name: "Rules", Value: assize.List{assize.Object{{Name: "Key", Value: "k"}, {Name: "Value", Value: assize.Hidden}}}},
		{Name: "Deep.Inner.Text", Value: assize.Hidden},
		{Name: "Policy", Value: `{"Resource":["(ARN of m["a"].x)/*","(known after apply)"]}`},
		{Name: "Later", Value: &assize.Unknown{Cause: assize.UntilApply, Detail: "refers to (ARN of x.y)"}},
		{Name: "Gone", Value: assize.Hidden},
	}
	if diff := cmp.Diff(want, f.Looked()); diff != "" {
		t.Errorf("looked (-want +got):\n%s", diff)
	}
	if props["Name"] != "secret" || f.Resource.Properties.Get("Name") != "secret" {
		t.Error("the property itself is changed: it could not be judged")
	}
}

// TestShownNames holds that an ARN or name with a sensitive part is not shown, and still known.
func TestShownNames(t *testing.T) {
	t.Parallel()
	r := &assize.Resource{
		ARN: "arn:aws:s3:::hidden-one", Names: []string{"hidden-one", "role"},
		Properties: assize.NewObject(map[string]assize.Value{
			"Names": assize.List{assize.Object{{Name: "Text", Value: "hidden"}, {Name: "Other", Value: "role"}}},
		}),
		Sensitive: []string{"Names[0].Text", "Empty"},
	}
	if got := r.ShownARN(); got != "" {
		t.Errorf("got %s, want nothing", got)
	}
	if diff := cmp.Diff([]string{"role"}, r.ShownNames()); diff != "" {
		t.Error(diff)
	}
	if got := r.KnownARN(); got != r.ARN {
		t.Errorf("got %s: it could not be judged", got)
	}
	r.Sensitive = nil
	if got := r.ShownARN(); got != r.ARN {
		t.Errorf("got %s, want %s", got, r.ARN)
	}
}

// TestExceptionInWords holds how exceptions read, and what they do to a finding.
func TestExceptionInWords(t *testing.T) {
	t.Parallel()
	e := &assize.Exception{Reason: "old readers", Until: "2026-12-31", Owner: "web", Approver: "ciso", File: "main.tf", Line: 3}
	f := &assize.Finding{Outcome: assize.Fail, Exception: e}
	if got, want := e.String(), "excepted until 2026-12-31 for web, approved by ciso: old readers (main.tf:3)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !f.Excepted() || !e.InSource() {
		t.Error("a valid exception in the source does not count as one")
	}
	e.Expired, e.File = true, "exceptions.yaml"
	if got, want := e.String(), "the exception expired on 2026-12-31 for web, approved by ciso: old readers (exceptions.yaml:3)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if f.Excepted() || e.InSource() {
		t.Error("an expired exception of a register counts")
	}
	pass := &assize.Finding{Outcome: assize.Pass, Exception: &assize.Exception{Until: "2026-12-31"}}
	if pass.Excepted() {
		t.Error("a pass is excepted")
	}
}

// TestReferenceInJSON holds that a value that will name a resource comes back from JSON.
func TestReferenceInJSON(t *testing.T) {
	t.Parallel()
	want := &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{Type: "AWS::KMS::Key", Account: "1", Region: "r", ID: "aws_kms_key.k"}}
	data, err := want.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	got, err := assize.ParseValue(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(assize.Value(want), got); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
}
