package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/assessment"
)

// TestLiveAssessment creates an assessment without naming an account: it covers that of the credentials, is evaluated
// from what the account answers, and is evaluated again.
func TestLiveAssessment(t *testing.T) {
	l := startLive(t)
	data := filepath.Join(t.TempDir(), "data")
	assize := func(args ...string) []byte {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(t.Context(), append(args, "--data", data, "--format", "json"), &out, &errs); code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, errs.String())
		}
		return out.Bytes()
	}
	var got shown
	create := assize("assessment", "create", "--name", "live", "--destination", t.TempDir(), "--framework", "aws_genai_v2",
		"--regions", liveRegion, "--as", "ann", "--wait")
	if err := json.Unmarshal(create, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Accounts) != 1 || got.Accounts[0].ID != l.account {
		t.Errorf("got accounts %+v, want %s, whose credentials these are", got.Accounts, l.account)
	}
	if len(got.Runs) != 1 || got.Runs[0].State != assessment.RunDone || got.Runs[0].Evidence == 0 {
		t.Errorf("got runs %+v, want one that is done with evidence", got.Runs)
	}
	if got.Counts[assessment.NotMet] == 0 {
		t.Errorf("got %v, want controls that are not met: the account has bad resources", got.Counts)
	}
	if err := json.Unmarshal(assize("assessment", "run", "live"), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Runs) != 2 || got.Runs[0].Evidence != got.Runs[1].Evidence {
		t.Errorf("got runs %+v, want two with the same evidence", got.Runs)
	}
	left, err := filepath.Glob(filepath.Join(data, "runs", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("got %v, %v, want no folder of a run that has ended", left, err)
	}
}

// TestAssessmentOfOrganization: the accounts of the organization, or of a unit, are named when the assessment is made;
// those that are not active are left out.
func TestAssessmentOfOrganization(t *testing.T) {
	o := startOrganisation(t)
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"all":  {[]string{"--account", "org"}, sorted(o.account, o.dev, o.prod, o.lab, o.closed)},
		"unit": {[]string{"--account", "org", "--ous", "Workloads/AI"}, []string{o.prod}},
	} {
		var out, errs bytes.Buffer
		args := append([]string{
			"assessment", "create", "--name", name, "--destination", t.TempDir(), "--role-name", "audit/assize",
			"--framework", "aws_genai_v2", "--data", filepath.Join(t.TempDir(), "data"), "--format", "json",
		}, test.args...)
		if code := run(t.Context(), args, &out, &errs); code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, errs.String())
		}
		var made assessment.Assessment
		if err := json.Unmarshal(out.Bytes(), &made); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range made.Accounts {
			got = append(got, a.ID)
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%s: accounts (-want +got):\n%s", name, d)
		}
	}
}
