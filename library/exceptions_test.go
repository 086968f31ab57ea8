package library_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// TestParseExceptions holds what a register says and what is refused of it.
func TestParseExceptions(t *testing.T) {
	t.Parallel()
	lib, err := library.LoadFS(small(t))
	if err != nil {
		t.Fatal(err)
	}
	good := "exceptions:\n" +
		"  - check: s3_bucket_versioning_enabled\n    address: module.logs.*\n    reason: written once\n" +
		"    owner: data\n    approver: security\n    until: 2026-12-31\n"
	got, err := lib.ParseExceptions("exceptions.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	want := []assize.Exception{{
		Check: "s3_bucket_versioning_enabled", Address: "module.logs.*", Reason: "written once",
		Owner: "data", Approver: "security", Until: "2026-12-31", File: "exceptions.yaml", Line: 2,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, empty := range []string{"", "# nothing\n", "exceptions:\n", "exceptions: []\n"} {
		if got, err := lib.ParseExceptions("x", []byte(empty)); len(got) > 0 || err != nil {
			t.Errorf("%q: got %v, %v", empty, got, err)
		}
	}
	for _, c := range []struct{ from, to, want string }{
		{"s3_bucket_versioning_enabled", "s3_bucket_versioned", `x:2: there is no check "s3_bucket_versioned"`},
		{"2026-12-31", "never", `x:7: until: "never": want the last day`},
		{"approver: security", "approver: Data", "x:6: approver: Data is also the owner"},
		{"module.logs.*", `"*"`, `x:3: address: "*" is for everything`},
		{"owner: data", "owner: ", "x:5: owner: want a text"},
		{"    owner: data\n", "", "x:2: owner is missing"},
		{"until:", "expires:", `x:7: there is no field "expires"; there are: check, address, reason, owner, approver, until`},
		{"exceptions:", "exceptions: []\n---\nexceptions:", "x: want one YAML document, there are more"},
		{"exceptions:", "except:", "x:1: want one field, exceptions, with a list"},
		{"reason: written once", "check: y", "x:4: check stands twice"},
		{"exceptions:\n", "exceptions:\n  - 7\n", "x:2: want an entry with check"},
		{"    until: 2026-12-31\n", "    until: 2026-12-31\n" + strings.TrimPrefix(good, "exceptions:\n"), "x:8: s3_bucket_versioning_enabled is excepted for module.logs.* in line 2 already"},
		{"exceptions:", "exceptions: {", "x: yaml:"},
	} {
		_, err := lib.ParseExceptions("x", []byte(strings.Replace(good, c.from, c.to, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s for %s: got %v, want %s", c.to, c.from, err, c.want)
		}
	}
}
