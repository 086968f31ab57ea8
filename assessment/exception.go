package assessment

import (
	"strings"
	"time"
)

// dayLayout is how days are written.
const dayLayout = "2006-01-02"

// Holds reports whether the exception covers evidence at a time: it is approved and its last
// UTC day is not over.
func (e *Exception) Holds(now time.Time) bool {
	return e.State == ExceptionApproved && now.UTC().Format(dayLayout) <= e.Expires
}

// StateAt is the state with expiry taken into account.
func (e *Exception) StateAt(now time.Time) ExceptionState {
	if e.State == ExceptionApproved && !e.Holds(now) {
		return ExceptionExpired
	}
	return e.State
}

// Covers reports whether the exception is about the evidence.
func (e *Exception) Covers(ev *Evidence) bool {
	about := false
	for _, p := range ev.Places {
		about = about || p.ControlSet == e.ControlSet && p.Control == e.Control
	}
	if !about || len(e.Accounts) > 0 && !oneOf(e.Accounts, ev.Account) {
		return false
	}
	if len(e.Resources) == 0 {
		return true
	}
	// Every subject must be covered: an exception for one bucket does not excuse evidence about two.
	for _, s := range ev.Subjects {
		if !oneOf(e.Resources, s.ARN) && !oneOf(e.Resources, s.ID) {
			return false
		}
	}
	return len(ev.Subjects) > 0 && ev.SubjectsTotal <= len(ev.Subjects)
}

func oneOf(patterns []string, s string) bool {
	for _, p := range patterns {
		if s != "" && like(p, s) {
			return true
		}
	}
	return false
}

// like matches a text against a pattern in which * stands for any text.
func like(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, last)
}
