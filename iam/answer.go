package iam

import "fmt"

// Verdict answers a question about a policy.
type Verdict uint8

const (
	// CannotTell: the policy cannot be read, or depends on what cannot be known here.
	CannotTell Verdict = iota
	// Yes is proved.
	Yes
	// No is proved, by a counterexample where the question is about every request.
	No
)

var verdictNames = [...]string{"undecided", "yes", "no"}

// String gives "undecided", "yes" or "no".
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return verdictNames[CannotTell]
}

// Answer is a verdict with its reason, fit to be shown to people.
type Answer struct {
	Verdict Verdict
	Reason  string
	// Statements are the indexes of the statements the verdict rests on, when it rests on any.
	Statements []int
}

// Yes says whether the verdict is Yes.
func (a Answer) Yes() bool { return a.Verdict == Yes }

// No says whether the verdict is No.
func (a Answer) No() bool { return a.Verdict == No }

// Undecided says whether the verdict is CannotTell.
func (a Answer) Undecided() bool { return a.Verdict == CannotTell }

func answer(v Verdict, statements []int, format string, args ...any) Answer {
	return Answer{Verdict: v, Reason: fmt.Sprintf(format, args...), Statements: statements}
}

// unread answers for a policy that could not be read.
func (p *Policy) unread() (Answer, bool) {
	if p != nil && p.opaque != "" {
		return answer(CannotTell, nil, "%s", p.opaque), true
	}
	return Answer{}, false
}

// label names a statement in a reason.
func (s *Statement) label() string {
	if s.sid != "" {
		return fmt.Sprintf("statement %q (%s)", s.sid, s.position)
	}
	return fmt.Sprintf("statement %d (%s)", s.index, s.position)
}
