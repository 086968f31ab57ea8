package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

func readOCSF(t *testing.T, text string) []map[string]any {
	t.Helper()
	var events []map[string]any
	for line := range strings.Lines(text) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		events = append(events, e)
	}
	return events
}

// What version 1.3.0 requires of a Compliance Finding with the profile cloud, and
// the attributes that it knows.
func TestOCSFStructure(t *testing.T) {
	t.Parallel()
	known := map[string][]string{
		"":             {"activity_id", "activity_name", "category_uid", "category_name", "class_uid", "class_name", "type_uid", "type_name", "severity_id", "severity", "time", "message", "metadata", "finding_info", "compliance", "cloud", "resources", "remediation", "unmapped"},
		"metadata":     {"version", "profiles", "product", "event_code"},
		"finding_info": {"uid", "title", "desc", "created_time"},
		"compliance":   {"control", "standards", "requirements", "status", "status_id", "status_code", "status_detail"},
		"cloud":        {"provider", "region", "account"},
		"remediation":  {"desc", "references"},
	}
	required := map[string][]string{
		"":             {"activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata", "finding_info", "compliance", "cloud"},
		"metadata":     {"version", "product"},
		"finding_info": {"uid", "title"},
		"compliance":   {"standards", "status_id"},
		"cloud":        {"provider"},
		"remediation":  {"desc"},
	}
	for name, x := range map[string]*fake{"fake": newFake(), "hostile": everywhere(attack)} {
		events := readOCSF(t, x.render(t, "ocsf", Options{}))
		if len(events) != len(x.findings) {
			t.Errorf("%s: %d events of %d findings", name, len(events), len(x.findings))
		}
		for _, e := range events {
			for part, names := range known {
				object, ok := e, true
				if part != "" {
					object, ok = e[part].(map[string]any)
				}
				if !ok {
					t.Fatalf("%s: no %s", name, part)
				}
				for key := range object {
					if !slices.Contains(names, key) {
						t.Errorf("%s: %s has no attribute %q", name, part, key)
					}
				}
				for _, key := range required[part] {
					if object[key] == nil {
						t.Errorf("%s: %s lacks %q", name, part, key)
					}
				}
			}
		}
	}
}

func TestOCSFStatus(t *testing.T) {
	t.Parallel()
	x := newFake()
	got := map[assize.Outcome]float64{}
	uids := map[string]bool{}
	for _, e := range readOCSF(t, x.render(t, "ocsf", Options{})) {
		c := e["compliance"].(map[string]any)
		got[assize.Outcome(c["status_code"].(string))] = c["status_id"].(float64)
		uids[e["finding_info"].(map[string]any)["uid"].(string)] = true
		if e["class_uid"].(float64) != 2003 || e["type_uid"].(float64) != 200301 || e["time"].(float64) != float64(x.run.AsOf.UnixMilli()) {
			t.Errorf("class %v, type %v, time %v", e["class_uid"], e["type_uid"], e["time"])
		}
	}
	want := map[assize.Outcome]float64{assize.Pass: 1, assize.Fail: 3, assize.Inconclusive: 2, assize.Manual: 2, assize.NotApplicable: 99}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
	if len(uids) != len(x.findings) {
		t.Errorf("%d uids of %d findings", len(uids), len(x.findings))
	}
}
