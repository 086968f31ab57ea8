package assize

import "slices"

// Outcome is the verdict of one check on one subject.
type Outcome string

// The five outcomes. There is no zero outcome: an empty one is a programming error.
const (
	// Pass: the condition was looked at and holds.
	Pass Outcome = "pass"
	// Fail: the condition was looked at and does not hold.
	Fail Outcome = "fail"
	// Inconclusive: something that the condition needs could not be read; a [Cause] says why.
	Inconclusive Outcome = "inconclusive"
	// Manual: a person or the organisation profile must answer.
	Manual Outcome = "manual"
	// NotApplicable: there is no such resource, the service is not offered there, or the condition does not concern it.
	NotApplicable Outcome = "not_applicable"
)

// Outcomes lists all five, worst first: the order in which a control takes the
// worst of its findings.
var Outcomes = []Outcome{Fail, Inconclusive, Manual, Pass, NotApplicable}

// Worse reports whether o is worse than p in the order of [Outcomes].
func (o Outcome) Worse(p Outcome) bool {
	return slices.Index(Outcomes, o) < slices.Index(Outcomes, p)
}

// Valid reports whether o is one of the five.
func (o Outcome) Valid() bool { return slices.Contains(Outcomes, o) }

// Counts holds how many findings had each outcome.
type Counts struct {
	Fail          int `json:"fail"`
	Inconclusive  int `json:"inconclusive"`
	Manual        int `json:"manual"`
	Pass          int `json:"pass"`
	NotApplicable int `json:"not_applicable"`
}

// Add counts one more of o.
func (c *Counts) Add(o Outcome) { *c.of(o)++ }

// Of returns the count of o.
func (c Counts) Of(o Outcome) int { return *c.of(o) }

func (c *Counts) of(o Outcome) *int {
	switch o {
	case Fail:
		return &c.Fail
	case Inconclusive:
		return &c.Inconclusive
	case Manual:
		return &c.Manual
	case Pass:
		return &c.Pass
	case NotApplicable:
		return &c.NotApplicable
	}
	panic("assize: invalid outcome " + string(o))
}

// Total is the sum of all five.
func (c Counts) Total() int { return c.Fail + c.Inconclusive + c.Manual + c.Pass + c.NotApplicable }

// Worst is the outcome of a control whose findings c counts: the worst that
// occurs, NotApplicable where there is none.
func (c Counts) Worst() Outcome {
	for _, o := range Outcomes {
		if c.Of(o) > 0 {
			return o
		}
	}
	return NotApplicable
}

// Severity is how much a failed check matters.
type Severity string

// The severities, as Security Hub names them.
const (
	Critical      Severity = "critical"
	High          Severity = "high"
	Medium        Severity = "medium"
	Low           Severity = "low"
	Informational Severity = "informational"
)

// Severities lists all, worst first.
var Severities = []Severity{Critical, High, Medium, Low, Informational}

// AtLeast reports whether s is as severe as t or more.
func (s Severity) AtLeast(t Severity) bool {
	return slices.Index(Severities, s) <= slices.Index(Severities, t)
}

// Valid reports whether s is one of the five.
func (s Severity) Valid() bool { return slices.Contains(Severities, s) }
