package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	smtypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/library"
)

// These are the stories in which something cannot be read. In each, no condition
// that needed what is missing reads pass or not applicable.

// services lists the services that collectors call.
func services() []string {
	var out []string
	for _, d := range aws.Declarations() {
		for _, op := range d.Operations {
			if s := op.Service(); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

func TestEverythingDeniedButOneService(t *testing.T) {
	l := startLive(t)
	for _, s := range services() {
		if s != "s3" {
			l.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: s})
		}
	}
	for _, scope := range []string{"ai", "account"} {
		r, code := assessJSON(t, "--scope", scope, "--fail-on", "none")
		if code != exitInconclusive {
			t.Errorf("scope %s: got exit %d, want %d", scope, code, exitInconclusive)
		}
		wantNoneDecided(t, r, needs(t, func(op string) bool { return !strings.HasPrefix(op, "s3:") }))
		got := r.rows()["s3_bucket_versioning_enabled"]
		want := map[string]assize.Outcome{"ai": assize.Inconclusive, "account": assize.Pass}[scope]
		if got != want {
			t.Errorf("scope %s: bucket versioning: got %s, want %s", scope, got, want)
		}
	}
}

func TestOneRegionOptedOut(t *testing.T) {
	l := startLive(t)
	const closed = "me-south-1"
	l.Inject(fakeaws.Fault{Kind: fakeaws.OptedOut, Region: closed})
	r, _ := assessJSON(t, "--regions", liveRegion+","+closed)
	wantNoneDecided(t, r, needs(t, regional(t)))
	var here, there int
	for _, f := range r.Findings {
		switch {
		case f.Region == closed && f.Outcome != assize.Inconclusive && f.Outcome != assize.NotApplicable:
			t.Errorf("%s in %s: got %s", f.Check, closed, f.Outcome)
		case f.Region == closed && f.Cause == assize.RegionNotEnabled:
			there++
		case f.Region == liveRegion && f.Outcome == assize.Fail:
			here++
		}
	}
	if here == 0 || there == 0 {
		t.Errorf("got %d failures in the open Region and %d findings that the other is not enabled, want both", here, there)
	}
}

// regional tells the operations that list types per Region.
func regional(t *testing.T) func(string) bool {
	t.Helper()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	return func(op string) bool {
		return slices.ContainsFunc(lib.Definitions, func(d *assize.Definition) bool { return d.List == op && !d.Global && !notOffered(lib, op) })
	}
}

// notOffered: what the table of Regions says is not there is rightly not applicable.
func notOffered(lib *library.Library, op string) bool {
	service, _, _ := strings.Cut(op, ":")
	offered, known := lib.Regions.Offered(service, "me-south-1")
	return known && !offered
}

func TestThrottledService(t *testing.T) {
	l := startLive(t)
	l.Inject(fakeaws.Fault{Kind: fakeaws.Throttled, Service: "sagemaker"})
	r, _ := assessJSON(t)
	wantNoneDecided(t, r, needs(t, func(op string) bool { return strings.HasPrefix(op, "sagemaker:") }))
	for _, g := range r.Summary.Gaps {
		if strings.HasPrefix(g.Operation, "sagemaker:") && g.Cause != assize.Throttled {
			t.Errorf("gap %s: got cause %s, want %s", g.Operation, g.Cause, assize.Throttled)
		}
	}
}

func TestThrottlingPasses(t *testing.T) {
	l := startLive(t)
	l.Inject(fakeaws.Fault{Kind: fakeaws.Throttled, Service: "sagemaker", Operation: "ListNotebookInstances", Times: 2})
	r, _ := assessJSON(t)
	if got := r.rows()["sagemaker_notebook_instance_root_access_disabled"]; got != assize.Fail {
		t.Errorf("got %s, want %s: two throttled calls are tried again", got, assize.Fail)
	}
}

// TestPageTwoOfThreeFails: the notebook on page 1 is good, those on pages 2 and 3
// are not; page 2 fails however often it is asked for.
func TestPageTwoOfThreeFails(t *testing.T) {
	l := startEmpty(t)
	api := sagemaker.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	for name, setting := range map[string]string{"good": "Disabled", "bad-2": "Enabled", "bad-3": "Enabled"} {
		_, err := api.CreateNotebookInstance(context.Background(), &sagemaker.CreateNotebookInstanceInput{
			NotebookInstanceName: &name, InstanceType: "ml.t3.medium", RoleArn: sdk.String("arn:aws:iam::" + l.account + ":role/notebook"),
			RootAccess: smtypes.RootAccess(setting), DirectInternetAccess: smtypes.DirectInternetAccess(setting), SubnetId: sdk.String("subnet-1"),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	l.AnswerPaged("sagemaker", "ListNotebookInstances", fakeaws.Match{},
		fakeaws.Paging{Items: "NotebookInstances", Size: 1, TokenIn: "NextToken", TokenOut: "NextToken"},
		map[string]any{"NotebookInstances": []map[string]any{
			{"NotebookInstanceName": "good", "NotebookInstanceArn": "arn:good"},
			{"NotebookInstanceName": "bad-2", "NotebookInstanceArn": "arn:bad-2"},
			{"NotebookInstanceName": "bad-3", "NotebookInstanceArn": "arn:bad-3"},
		}})
	pageTwo := base64.StdEncoding.EncodeToString([]byte("fakeaws-page:1"))
	l.Inject(fakeaws.Fault{Kind: fakeaws.ServerError, Service: "sagemaker", Operation: "ListNotebookInstances", Params: map[string]string{"NextToken": pageTwo}})
	r, _ := assessJSON(t)
	wantNoneDecided(t, r, needs(t, func(op string) bool { return op == "sagemaker:ListNotebookInstances" }))
	wantVerdicts(t, r, verdicts{
		"sagemaker_notebook_instance_root_access_disabled":            {"good": assize.Pass, "bad-2": "", "": assize.Inconclusive},
		"sagemaker_notebook_instance_direct_internet_access_disabled": {"good": assize.Pass, "bad-3": "", "": assize.Inconclusive},
	})
}

func TestWrongAnswer(t *testing.T) {
	l := startLive(t)
	l.Inject(fakeaws.Fault{Kind: fakeaws.WrongAnswer, Service: "s3", Operation: "GetBucketVersioning"})
	r, _ := assessJSON(t)
	wantNoneDecided(t, r, needs(t, func(op string) bool { return op == "s3:GetBucketVersioning" }))
	for _, f := range r.Findings {
		if f.Check == "s3_bucket_versioning_enabled" && f.Cause != assize.WrongAnswer {
			t.Errorf("got %s (%s), want inconclusive (%s)", f.Outcome, f.Cause, assize.WrongAnswer)
		}
	}
}

// TestKilledAndResumed kills the command in the middle of a collection, and
// resumes it: the result is that of a run that was not killed, and what was read
// before is not read again.
func TestKilledAndResumed(t *testing.T) {
	l := startLive(t)
	program := build(t)
	whole := exec.Command(program, "collect", "--out", "whole.assize", "--allow-gaps")
	if out, err := whole.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	l.ResetCounts()

	l.Inject(fakeaws.Fault{Kind: fakeaws.Slow, Service: "sagemaker", Operation: "DescribeTrainingJob", Latency: fakeaws.Duration(1 << 40)})
	killed := exec.Command(program, "collect", "--out", "part.assize", "--resume", "journal")
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return l.Count("sagemaker", "DescribeTrainingJob") > 0 && journalled(t, "journal") > 10 })
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()
	if _, err := os.Stat("part.assize"); err == nil {
		t.Fatal("a killed run left a snapshot")
	}

	l.ClearFaults()
	l.ResetCounts()
	resumed := exec.Command(program, "collect", "--out", "part.assize", "--resume", "journal", "--allow-gaps")
	if out, err := resumed.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if n := l.Count("sagemaker", "DescribeTrainingJob"); n != 1 {
		t.Errorf("DescribeTrainingJob was called %d times after the kill, want 1", n)
	}
	want, _ := assessJSON(t, "--from", "whole.assize")
	got, _ := assessJSON(t, "--from", "part.assize")
	if diff := cmp.Diff(want.Findings, got.Findings); diff != "" {
		t.Errorf("findings of the whole and the resumed run differ (-whole +resumed):\n%s", diff)
	}
}

// TestInterrupted holds that Ctrl-C keeps what was gathered, and that the rest is
// inconclusive.
func TestInterrupted(t *testing.T) {
	l := startLive(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l.Inject(fakeaws.Fault{Kind: fakeaws.Slow, Service: "sagemaker", Operation: "DescribeTrainingJob", Latency: fakeaws.Duration(1 << 40)})
	go func() {
		waitFor(t, func() bool {
			return l.Count("sagemaker", "DescribeTrainingJob") > 0 && l.Count("s3", "GetBucketVersioning") > 0
		})
		cancel()
	}()
	var stdout, stderr bytes.Buffer
	if code := run(ctx, []string{"assess", "--format", "json", "--fail-on", "none"}, &stdout, &stderr); code != exitInconclusive {
		t.Errorf("got exit %d, want %d: %s", code, exitInconclusive, stderr.String())
	}
	var r result
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	interrupted := slices.ContainsFunc(r.Summary.Gaps, func(g assize.Gap) bool { return g.Cause == assize.Interrupted })
	if !interrupted {
		t.Errorf("no gap says that the run was interrupted")
	}
}

// packageDir is where the tests start; stories change into folders of their own.
var packageDir, _ = os.Getwd()

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "assize")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = packageDir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	return program
}

// waitFor polls until cond holds; the test's own deadline ends it otherwise.
func waitFor(t *testing.T, cond func() bool) {
	t.Helper()
	for !cond() {
		select {
		case <-t.Context().Done():
			t.Error("the test ended before what it waits for")
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// journalled counts the files of a journal.
func journalled(t *testing.T, dir string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}
