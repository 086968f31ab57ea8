package moto

import (
	"errors"
	"testing"
)

// spy takes what report says instead of a test.
type spy struct{ got string }

func (s *spy) Helper()               {}
func (s *spy) Skipf(string, ...any)  { s.got = "skip" }
func (s *spy) Fatalf(string, ...any) { s.got = "fail" }

// TestReport holds that a missing moto_server is a skip only where it may be.
func TestReport(t *testing.T) {
	for _, tc := range []struct {
		name, require string
		err           error
		want          string
	}{
		{"running", "1", nil, ""},
		{"missing on a laptop", "", ErrMissing, "skip"},
		{"missing in CI", "1", ErrMissing, "fail"},
		{"broken on a laptop", "", errors.New("broken"), "fail"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv(RequireEnv, tc.require)
			var s spy
			report(&s, tc.err)
			if s.got != tc.want {
				t.Errorf("got %q, want %q", s.got, tc.want)
			}
		})
	}
}
