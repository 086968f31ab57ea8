package deployment_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/verify"
)

// The variables by which the test runs itself as a process of its own: the step at which it kills itself (0: none),
// the data folder, the store, and how often it was started.
const (
	faultStep  = "ASSIZE_TEST_FAULT_STEP"
	faultData  = "ASSIZE_TEST_FAULT_DATA"
	faultStore = "ASSIZE_TEST_FAULT_STORE"
	faultStart = "ASSIZE_TEST_FAULT_START"
)

func TestMain(m *testing.M) {
	if os.Getenv(faultStep) == "" {
		os.Exit(m.Run())
	}
	if err := faultChild(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestKilled kills a process that evaluates an assessment, takes evidence, publishes and reports, at every step: before
// and after each call of the account, each commit, each write of bodies and of published files. Then it is started
// again, and all is there, once, and verifies.
func TestKilled(t *testing.T) {
	t.Parallel()
	killedEverywhere(t, func(*testing.T) string { return "" })
}

func killedEverywhere(t *testing.T, store func(*testing.T) string) {
	t.Helper()
	whole, first := t.TempDir(), store(t)
	steps := runChild(t, whole, first, 0, 1)
	want := lookAt(t, whole, first)
	if steps < 50 || want.evidence == 0 {
		t.Fatalf("got %d steps and %d pieces of evidence: too few to show anything", steps, want.evidence)
	}
	t.Logf("%d steps", steps)
	// A few at a time: each starts two processes.
	slots := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for step := 1; step <= steps; step++ {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			killedAt(t, step, store(t), want)
		})
	}
	wg.Wait()
}

func killedAt(t *testing.T, step int, store string, want found) {
	dir := t.TempDir()
	runChild(t, dir, store, step, 1)
	runChild(t, dir, store, 0, 2)
	got := lookAt(t, dir, store)
	got.step, want.step = step, step
	if got != want {
		t.Errorf("killed at step %d: got %+v, want %+v", step, got, want)
	}
}

// runChild runs the process; it returns the number of steps, or 0 when it killed itself as it was told to.
func runChild(t *testing.T, dir, store string, step, start int) int {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", faultStep, step), faultData+"="+dir, faultStore+"="+store,
		fmt.Sprintf("%s=%d", faultStart, start))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	killed := errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	switch {
	case step > 0 && killed:
		return 0
	case step > 0:
		t.Errorf("step %d, start %d: got %v, want that it kills itself: %s", step, start, err, stderr.String())
		return 0
	case err != nil:
		t.Errorf("start %d: %v: %s", start, err, stderr.String())
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(stdout.String()))
	if err != nil {
		t.Error(err)
	}
	return n
}

// found is what is there in the end. It is compared whole.
type found struct{ step, assessments, runs, evidence, manual, reports int }

// lookAt looks at a deployment, and lets the ledger and the report be verified.
func lookAt(t *testing.T, dir, store string) found {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	d, closer, err := faultDeployment(ctx, dir, store, nil, time.Now)
	if err != nil {
		t.Error(err)
		return found{}
	}
	defer closer()
	var f found
	checked, err := d.Check(ctx, nil)
	if err != nil || len(checked.Faults) > 0 {
		t.Errorf("%s: ledger: %v, %+v", dir, err, checked)
		return f
	}
	list, err := d.Store.Assessments(ctx)
	if err != nil || len(list) == 0 {
		t.Errorf("%s: got %d assessments, %v", dir, len(list), err)
		return f
	}
	f.assessments = len(list)
	runs, err := d.Store.RunsOf(ctx, list[0].ID, 10)
	if err != nil {
		t.Error(err)
	}
	for _, r := range runs {
		if r.State != assessment.RunDone {
			t.Errorf("%s: run %+v is not done", dir, r)
		}
		f.runs++
	}
	seen := map[string]bool{}
	for stored, err := range d.Store.Evidence(ctx, assessment.EvidenceQuery{Assessment: list[0].ID}) {
		if err != nil {
			t.Error(err)
			return f
		}
		e := &stored.Evidence
		key := e.EventName + "|" + strings.Join(subjects(e), ",")
		if seen[key] {
			t.Errorf("%s: evidence %s is there twice", dir, key)
		}
		seen[key] = true
		if e.Type == assessment.ManualEvidence {
			f.manual++
		}
		f.evidence++
	}
	st, err := d.Service.State(ctx, list[0].ID)
	if err != nil {
		t.Error(err)
		return f
	}
	for _, r := range st.Reports {
		f.reports++
		verified(t, d, r.Location)
	}
	return f
}

func subjects(e *assessment.Evidence) []string {
	var out []string
	for i := range e.Subjects {
		out = append(out, e.Subjects[i].Label())
	}
	return out
}

// verified lets the auditor's verifier look at a report.
func verified(t *testing.T, d *deployment.Deployment, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	r, err := verify.Bundle(bytes.NewReader(data), int64(len(data)), d.Log.VerifierText)
	if err != nil || len(r.Faults) > 0 {
		t.Errorf("report %s: %v, %+v", filepath.Base(path), err, r)
	}
}
