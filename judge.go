package assize

import (
	"slices"
	"strings"
)

// SubjectCount says of how many resources evidence of people is asked, each for itself.
type SubjectCount struct {
	// Type of the resources, and how many there are in scope.
	Type  string `json:"type"`
	Found int    `json:"found"`
	// Complete: all could be read; otherwise there may be more.
	Complete bool `json:"complete"`
}

// Subjects counts the resources of which expectations ask evidence, by type.
type Subjects []SubjectCount

// Of returns the count of a type; false where nobody counted it.
func (s Subjects) Of(typ string) (SubjectCount, bool) {
	i := slices.IndexFunc(s, func(c SubjectCount) bool { return c.Type == typ })
	if i < 0 {
		return SubjectCount{}, false
	}
	return s[i], true
}

// None reports whether it is known that there is nothing of which the expectation asks: it
// asks of each resource of a type, and there is none. Not knowing is not none.
func (s Subjects) None(e *Expectation) bool {
	c, counted := s.Of(e.Per)
	return e.Per != "" && counted && c.Complete && c.Found == 0
}

// Result is the control's row, where only checks were run: counts holds their findings, decided
// those of the checks that decide ([Control.Decides]). Workloads decide whether the control
// applies, subjects which expectations ask of something that there is.
//
// The outcome is the worst of the findings that decide: what fails beside the requirement is for
// somebody to judge, and counted as undecided. It is never better than manual while people must
// show something, while a source with verdicts of its own (AWS Config, Security Hub, answers of
// models) was not read, where the control is mapped to common controls, and where there is
// neither a check nor a finding.
func (c *Control) Result(counts, decided Counts, workloads []Workload, subjects Subjects) ControlResult {
	r := ControlResult{Control: c, ID: c.ID, Title: c.Title, Counts: counts, Class: c.Class(), Provenance: c.Provenance}
	applies, reason := c.AppliesTo.Any(workloads)
	if c.AppliesTo != nil && len(workloads) > 0 {
		r.Reason = reason
	}
	if !applies {
		r.Outcome, r.Counts, r.Reason = NotApplicable, Counts{}, "concerns no registered workload: "+reason
		return r
	}
	r.Undecided = counts.Fail - decided.Fail
	none := r.demands(subjects)
	switch {
	case decided.Worst() != Pass && decided.Worst() != NotApplicable:
		r.Outcome = decided.Worst()
	case len(r.Open)+len(c.Over) > 0 || slices.ContainsFunc(c.NotRead(), func(e Expectation) bool { return e.Kind.judged() }):
		r.Outcome = Manual
	case len(c.Checks)+counts.Total() > 0:
		r.Outcome = counts.Worst()
	case len(none) > 0 && len(r.NotRead) == 0:
		r.Outcome, r.Reason = NotApplicable, "there is no "+strings.Join(none, ", no ")
	default:
		r.Outcome = Manual
	}
	return r
}

// demands fills in what is open and what was not read, and returns the types of which there is
// no resource to ask evidence for.
func (r *ControlResult) demands(subjects Subjects) (none []string) {
	r.Over = r.Control.Over
	for _, o := range r.Over {
		if r.Weakest == "" || slices.Index(Relations, o.Relation) > slices.Index(Relations, r.Weakest) {
			r.Weakest = o.Relation
		}
	}
	for _, e := range r.Control.Open() {
		switch {
		case !subjects.None(&e):
			r.Open = append(r.Open, e.ID)
		case !slices.Contains(none, e.Per):
			none = append(none, e.Per)
		}
	}
	for _, e := range r.Control.NotRead() {
		r.NotRead = append(r.NotRead, e.ID)
	}
	return none
}

// judged reports whether the source gives verdicts, and does not only keep what there is.
func (k ExpectationKind) judged() bool {
	return k == ByConfig || k == BySecurityHub || k == ByInference
}
