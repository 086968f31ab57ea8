package report

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

type sarifDoc struct {
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name  string
				Rules []struct {
					ID                   string
					ShortDescription     sarifText
					Help                 sarifText
					DefaultConfiguration level
					Properties           map[string]any
				}
			}
		}
		Results []struct {
			RuleID, Kind, Level string
			RuleIndex           int
			Message             sarifText
			Locations           []sarifLocation
			Fingerprints        map[string]string `json:"partialFingerprints"`
			Baseline            string            `json:"baselineState"`
		}
		Invocations []map[string]any
		Properties  struct{ Counts assize.Counts }
	}
}

func readSARIF(t *testing.T, text string) sarifDoc {
	t.Helper()
	var doc sarifDoc
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != "2.1.0" || len(doc.Runs) != 1 {
		t.Fatalf("version %q, %d runs", doc.Version, len(doc.Runs))
	}
	return doc
}

// The rules of the specification and of code scanning that a schema cannot say.
func TestSARIFRules(t *testing.T) {
	t.Parallel()
	x := newFake()
	run := readSARIF(t, x.render(t, "sarif", Options{})).Runs[0]
	kinds := map[string]int{}
	prints := map[string]bool{}
	for _, r := range run.Results {
		kinds[r.Kind]++
		if got := run.Tool.Driver.Rules[r.RuleIndex].ID; got != r.RuleID {
			t.Errorf("rule %d is %s, want %s", r.RuleIndex, got, r.RuleID)
		}
		if (r.Kind == "fail") == (r.Level == "none") {
			t.Errorf("kind %s with level %s", r.Kind, r.Level)
		}
		if !slices.Contains([]string{"new", "unchanged", "updated", "absent"}, r.Baseline) {
			t.Errorf("baselineState %q", r.Baseline)
		}
		if len(r.Locations) != 1 || len(r.Locations[0].Logical) != 1 || r.Locations[0].Logical[0].Qualified == "" || r.Message.Text == "" {
			t.Errorf("%s: no location or message", r.RuleID)
		}
		prints[r.Fingerprints["primaryLocationLineHash"]] = true
	}
	want := map[string]int{"fail": run.Properties.Counts.Fail, "open": run.Properties.Counts.Inconclusive, "review": run.Properties.Counts.Manual}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if len(prints) != len(run.Results) {
		t.Errorf("%d fingerprints for %d results", len(prints), len(run.Results))
	}
	for _, r := range run.Tool.Driver.Rules {
		if r.ShortDescription.Text == "" || r.Help.Text == "" || r.DefaultConfiguration.Level == "" || r.Properties["security-severity"] == "" {
			t.Errorf("rule %s lacks something: %+v", r.ID, r)
		}
	}
	x.run.Baseline = ""
	for _, r := range readSARIF(t, x.render(t, "sarif", Options{})).Runs[0].Results {
		if r.Baseline != "" {
			t.Errorf("baselineState %q without a baseline", r.Baseline)
		}
	}
}

// Places are relative URIs that stay below aws/, whatever a resource is called.
func TestSARIFPlaces(t *testing.T) {
	t.Parallel()
	check := fakeChecks()["public"]
	want := map[string]string{
		"acme": "aws/222233334444/us-east-1/AWS-S3-Bucket/acme", "..": "aws/222233334444/us-east-1/AWS-S3-Bucket/_..",
		"../../etc": "aws/222233334444/us-east-1/AWS-S3-Bucket/..%2F..%2Fetc", "a b?c#d%": "aws/222233334444/us-east-1/AWS-S3-Bucket/a%20b%3Fc%23d%25",
	}
	for name, place := range want {
		f := publicFinding(check, assize.Fail, ml, "us-east-1", name, true, true)
		e := makeEntry(f, steps[0])
		got := sarifPlace(f, &e, "").Physical.Artifact.URI
		if got != place {
			t.Errorf("%q: got %s, want %s", name, got, place)
		}
		if u, err := url.Parse(got); err != nil || u.IsAbs() || !strings.HasPrefix(u.JoinPath().String(), "aws/222233334444/us-east-1/AWS-S3-Bucket/") {
			t.Errorf("%q: %s leaves its folder: %v, %v", name, got, u, err)
		}
	}
}

func TestSARIFMessage(t *testing.T) {
	t.Parallel()
	if got, want := message("{0} [here](https://x)"), "{{0}} [here] (https://x)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
