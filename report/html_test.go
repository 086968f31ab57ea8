package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// The page needs nothing from outside, and its policy lets nothing in.
func TestPageStandsAlone(t *testing.T) {
	t.Parallel()
	standsAlone(t, newFake().render(t, "html", Options{}), pageScript)
}

func standsAlone(t *testing.T, doc, script string) {
	t.Helper()
	for _, bad := range []string{" src=", "url(", "@import", "<link", "<iframe", "<object", "<form", "fetch(", "XMLHttpRequest", "innerHTML", "eval("} {
		if strings.Contains(doc, bad) {
			t.Errorf("the page contains %q", bad)
		}
	}
	for _, attr := range regexp.MustCompile(`\b(style|on[a-z]+)="`).FindAllString(strings.Replace(doc, script, "", 1), -1) {
		t.Errorf("%s is blocked by the page's policy", attr)
	}
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(doc)
	if policy == nil {
		t.Fatal("no policy")
	}
	blocks := regexp.MustCompile(`(?s)<(?:style|script)>(.*?)</(?:style|script)>`).FindAllStringSubmatch(doc, -1)
	if len(blocks) != 3 {
		t.Errorf("%d blocks of style and script, want 3", len(blocks))
	}
	for _, b := range blocks {
		if !strings.Contains(policy[1], hashSource(b[1])) {
			t.Errorf("the policy does not allow the block that starts %.60q", b[1])
		}
	}
}

// Without a script every finding is a row of a table.
func TestPlainTable(t *testing.T) {
	t.Parallel()
	x := newFake()
	doc := x.render(t, "html", Options{})
	var got []string
	for _, m := range regexp.MustCompile(`<tr data-c="(\d+)" data-o="(\w+)"`).FindAllStringSubmatch(doc, -1) {
		got = append(got, m[1]+" "+m[2])
	}
	place := map[string]int{}
	for i, c := range sortedChecks(x.run.Checks) {
		place[c.ID] = i
		if !strings.Contains(doc, fmt.Sprintf(`<details class="check" id="c-%d"`, i)) {
			t.Errorf("no chapter of %s", c.ID)
		}
	}
	var want []string
	for _, f := range x.findings {
		want = append(want, fmt.Sprintf("%d %s", place[f.Check.ID], f.Outcome))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// The first words of the page say how it stands; a gap is never told as all clear.
func TestVerdict(t *testing.T) {
	t.Parallel()
	check := fakeChecks()["public"]
	tests := []struct {
		outcomes []assize.Outcome
		want     string
	}{
		{[]assize.Outcome{assize.Pass, assize.Fail}, "1 of 12 controls fails."},
		{[]assize.Outcome{assize.Pass, assize.Inconclusive}, "Nothing fails among what could be looked at."},
		{[]assize.Outcome{assize.Pass}, "Nothing fails."},
		{nil, "There was nothing to judge."},
	}
	for _, tt := range tests {
		x := newFake()
		x.findings = nil
		for _, o := range tt.outcomes {
			f := publicFinding(check, o, ml, "us-east-1", "b", true, true)
			if o == assize.Inconclusive {
				f.Unknown = denied("s3:GetPublicAccessBlock")
			}
			x.findings = append(x.findings, f)
		}
		if doc := x.render(t, "html", Options{}); !strings.Contains(doc, `<p class="big">`+tt.want+"</p>") {
			t.Errorf("%v: the verdict is not %q", tt.outcomes, tt.want)
		}
	}
}
