package assessment

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestExceptionHolds(t *testing.T) {
	t.Parallel()
	lastDay := time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)
	tests := []struct {
		name  string
		state ExceptionState
		now   time.Time
		want  bool
	}{
		{"approved", ExceptionApproved, noon, true},
		{"on its last day", ExceptionApproved, lastDay, true},
		{"the day after", ExceptionApproved, lastDay.Add(time.Second), false},
		{"the day after in UTC, not there", ExceptionApproved, lastDay.Add(time.Second).In(time.FixedZone("west", -8*3600)), false},
		{"asked for", ExceptionInReview, noon, false},
		{"rejected", ExceptionRejected, noon, false},
		{"revoked", ExceptionRevoked, noon, false},
	}
	for _, tt := range tests {
		x := Exception{State: tt.state, Expires: "2026-11-30"}
		if got := x.Holds(tt.now); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestExceptionCovers(t *testing.T) {
	t.Parallel()
	const logs, data = "arn:aws:s3:::logs", "arn:aws:s3:::data"
	item := func(total int, arns ...string) *Evidence {
		e := &Evidence{Account: "111122223333", Places: []Place{{ControlSet: "set", Control: "c"}}, SubjectsTotal: total}
		for _, arn := range arns {
			e.Subjects = append(e.Subjects, Subject{ARN: arn})
		}
		return e
	}
	elsewhere := item(1, logs)
	elsewhere.Places[0].Control = "other"
	tests := []struct {
		name      string
		resources []string
		accounts  []string
		evidence  *Evidence
		want      bool
	}{
		{"all of the control", nil, nil, item(1, logs), true},
		{"another control", nil, nil, elsewhere, false},
		{"the resource", []string{logs}, nil, item(1, logs), true},
		{"a pattern", []string{"arn:aws:s3:::lo*"}, nil, item(1, logs), true},
		{"another resource", []string{logs}, nil, item(1, data), false},
		{"one of two", []string{logs}, nil, item(2, logs, data), false},
		{"both", []string{logs, data}, nil, item(2, logs, data), true},
		{"more than are named", []string{"*s3*"}, nil, item(101, logs), false},
		{"none is named", []string{logs}, nil, item(0), false},
		{"the account", nil, []string{"111122223333"}, item(1, logs), true},
		{"another account", nil, []string{"444455556666"}, item(1, logs), false},
	}
	for _, tt := range tests {
		x := Exception{ControlSet: "set", Control: "c", Resources: tt.resources, Accounts: tt.accounts}
		if got := x.Covers(tt.evidence); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestLike holds patterns against the text that they were made from, and against one that lacks a part.
func TestLike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.StringMatching(`[ab]{0,3}`), 1, 5).Draw(t, "parts")
		var text strings.Builder
		for i, p := range parts {
			if i > 0 {
				text.WriteString(rapid.StringMatching(`[abc]{0,3}`).Draw(t, "between"))
			}
			text.WriteString(p)
		}
		pattern := strings.Join(parts, "*")
		if !like(pattern, text.String()) {
			t.Fatalf("%q does not match %q", pattern, text.String())
		}
		if like("x"+pattern, text.String()) || like(pattern+"x", text.String()) {
			t.Fatalf("%q with an x matches %q", pattern, text.String())
		}
	})
}

func TestSamePerson(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"ann", "ann", true},
		{"ann", " Ann ", true},
		{"arn:aws:iam::111122223333:user/audit/ann", "ann", true},
		{"arn:aws:sts::111122223333:assumed-role/Auditor/ANN", "arn:aws:iam::111122223333:user/ann", true},
		{"ann", "bob", false},
		{"ann", "anna", false},
		{"ann@example.com", "ann@example.org", false},
		{"arn:aws:iam::111122223333:root", "ann", false},
	} {
		if got := samePerson(tt.a, tt.b); got != tt.want {
			t.Errorf("%q and %q: got %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}
