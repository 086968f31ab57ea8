package terraform_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect/terraform"
	"github.com/assize-dev/assize/library"
)

// judgedAccount is the account that the plans of judged resources go to.
const judgedAccount = "111122223333"

// ofAccount stands in judged.txt for a finding about the account or its Region as a whole.
const ofAccount = "(account)"

// verdict is what is true of a resource, or of the account.
type verdict struct{ check, address string }

// judge gives what every shipped check says: pass, fail, deferred, or inconclusive.
func judge(lib *library.Library, inv *assize.Inventory) map[verdict]string {
	got := map[verdict]string{}
	for f := range assess.NewEngine(lib.Compiler, lib.Programs).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
		v := verdict{f.Check.ID, ofAccount}
		if f.Resource != nil {
			v.address = f.Resource.ID
		}
		got[v] = string(f.Outcome)
		if f.Outcome == assize.Inconclusive && strings.Contains(f.Reason, "deferred to live") {
			got[v] = "deferred"
		}
	}
	return got
}

// readVerdicts reads a judged.txt: a verdict, a check and an address a line.
func readVerdicts(t *testing.T, file string) map[verdict]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := map[verdict]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		if len(fields) != 3 {
			t.Fatalf("%s: %q: want a verdict, a check and an address", file, lines.Text())
		}
		want[verdict{fields[1], fields[2]}] = fields[0]
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return want
}

// TestJudged holds the shipped checks against resources of which it is known whether they are good
// or bad, through the whole way from a plan that Terraform made: with the source beside
// the plan each verdict is the true one; the plan alone, and the configuration without a plan, may know less and
// never decide otherwise.
func TestJudged(t *testing.T) {
	t.Parallel()
	lib, m := loaded(t)
	folders, err := filepath.Glob("testdata/plans/judged-*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no judged plans: %v", err)
	}
	both := map[string]map[string]bool{}
	for _, folder := range folders {
		want := readVerdicts(t, filepath.Join(folder, "judged.txt"))
		for v, outcome := range want {
			if both[v.check] == nil {
				both[v.check] = map[string]bool{}
			}
			both[v.check][outcome] = true
		}
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			judgedFolder(t, lib, terraform.Options{Mapping: m, Account: judgedAccount}, folder, want)
		})
	}
	decided := 0
	for _, outcomes := range both {
		if outcomes["pass"] && outcomes["fail"] {
			decided++
		}
	}
	if decided < 120 {
		t.Errorf("%d checks pass and fail, want 120 or more", decided)
	}
}

func judgedFolder(t *testing.T, lib *library.Library, o terraform.Options, folder string, want map[verdict]string) {
	t.Helper()
	text, err := terraform.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	with := o
	with.Source = text
	best := judge(lib, readPlan(t, folder, with))
	for v, outcome := range want {
		if best[v] != outcome {
			t.Errorf("plan and source: %s of %s: got %q, want %s", v.check, v.address, best[v], outcome)
		}
	}
	configured, err := text.Evaluate(terraform.DirOptions{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, best, judge(lib, readPlan(t, folder, o)), "plan alone")
	agrees(t, best, judge(lib, configured.After), "configuration alone")
}

func readPlan(t *testing.T, folder string, o terraform.Options) *assize.Inventory {
	t.Helper()
	p, err := terraform.ReadFile(filepath.Join(folder, "plan.json"), o)
	if err != nil {
		t.Fatal(err)
	}
	return p.After
}

// agrees reports where two readings decide and differ, and wants most to be decided by both.
func agrees(t *testing.T, best, other map[verdict]string, how string) {
	t.Helper()
	decided := func(outcome string) bool { return outcome == string(assize.Pass) || outcome == string(assize.Fail) }
	alike, known := 0, 0
	for v, outcome := range best {
		if !decided(outcome) {
			continue
		}
		known++
		switch got := other[v]; {
		case got == outcome:
			alike++
		case decided(got) || got == string(assize.NotApplicable):
			t.Errorf("%s: %s of %s: got %s, want %s as with plan and source", how, v.check, v.address, got, outcome)
		}
	}
	if alike*10 < known*8 {
		t.Errorf("%s: decides %d of %d", how, alike, known)
	}
	t.Logf("%s: decides %d of %d", how, alike, known)
}
