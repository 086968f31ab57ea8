package assessment

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/evidence"
)

// maxSubjects bounds the resources that one piece of evidence names; the rest is counted.
const maxSubjects = 100

// Observer turns what a run found into evidence: findings of checks into compliance checks, answers
// of operations into configuration data. It is made per run and is deterministic: a run that died
// makes the same evidence again.
type Observer struct {
	Run        *Run
	AsOf       time.Time
	Library    string
	Rules      map[string]string // digest of each check, by its id
	Identity   string
	snapshot   evidence.Digest
	checks     map[string][]Place // by check id
	operations map[string][]Place // by operation, "bedrock:ListGuardrails"
	asked      map[string][]Place // by resource type of which people are asked
	answered   map[string]bool    // operations of which there is something
	tallies    map[Place]*Tally
	controls   map[ControlKey]*assize.Control
	order      []Place
}

// NewObserver makes one for the framework of an assessment; inactive controls collect nothing.
func NewObserver(run *Run, asOf time.Time, fw *assize.Framework, snapshot evidence.Digest, inactive func(ControlKey) bool) *Observer {
	o := &Observer{
		Run: run, AsOf: whole(asOf), snapshot: snapshot, Rules: map[string]string{},
		checks: map[string][]Place{}, operations: map[string][]Place{}, asked: map[string][]Place{}, answered: map[string]bool{},
		tallies: map[Place]*Tally{}, controls: map[ControlKey]*assize.Control{},
	}
	for g := range fw.Groups {
		for c := range fw.Groups[g].Controls {
			control := &fw.Groups[g].Controls[c]
			if inactive != nil && inactive(ControlKey{fw.Groups[g].ID, control.ID}) {
				continue
			}
			o.controls[ControlKey{fw.Groups[g].ID, control.ID}] = control
			for _, e := range Expected(control) {
				o.expect(Place{ControlSet: fw.Groups[g].ID, Control: control.ID, Expectation: e.ID}, &e)
			}
		}
	}
	return o
}

func (o *Observer) expect(p Place, e *assize.Expectation) {
	switch e.Kind {
	case assize.ByCheck:
		for _, id := range e.Checks {
			o.checks[id] = append(o.checks[id], p)
		}
	case assize.ByAPI:
		if service, name, ok := strings.Cut(e.Keyword, "_"); ok {
			key := service + ":" + name
			o.operations[key] = append(o.operations[key], p)
		}
	case assize.ByFile, assize.ByText, assize.ByAttestation, assize.ByQuestionnaire:
		if e.Per == "" {
			return
		}
		// Of how many resources people are asked is known only when all of them could be listed.
		o.asked[e.Per] = append(o.asked[e.Per], p)
	case assize.ByConfig, assize.BySecurityHub, assize.ByCloudTrail, assize.ByInference:
		return
	}
	o.tallies[p] = &Tally{Run: o.Run.ID, ControlSet: p.ControlSet, Control: p.Control, Expectation: p.Expectation, AsOf: o.AsOf}
	o.order = append(o.order, p)
}

// Item is evidence with its body.
type Item struct {
	Evidence Evidence
	Body     []byte
}

// Tallies of all verdicts that were observed, in the order of the framework. An expectation that
// nothing was observed for has one too, with no counts: there is nothing to judge.
func (o *Observer) Tallies() []Tally {
	out := make([]Tally, len(o.order))
	for i, p := range o.order {
		out[i] = *o.tallies[p]
	}
	return out
}

// findingBody is the body of evidence of a check.
type findingBody struct {
	Format      string           `json:"format"`
	Check       string           `json:"check"`
	Title       string           `json:"title"`
	Outcome     assize.Outcome   `json:"outcome"`
	Cause       assize.Cause     `json:"cause,omitempty"`
	Reason      string           `json:"reason"`
	Account     string           `json:"account,omitempty"`
	Region      string           `json:"region,omitempty"`
	Subject     string           `json:"subject"`
	Type        string           `json:"type,omitempty"`
	Resources   []Subject        `json:"resources,omitempty"`
	Total       int              `json:"resources_total,omitempty"`
	Facts       []assize.Field   `json:"facts,omitempty"`
	Evidence    []assize.Field   `json:"evidence,omitempty"`
	Scope       string           `json:"scope,omitempty"`
	AsOf        time.Time        `json:"as_of"`
	Remediation string           `json:"remediation,omitempty"`
	Severity    assize.Severity  `json:"severity"`
	Snapshot    *evidence.Digest `json:"snapshot,omitempty"`
}

// Finding makes the evidence of one verdict; false where no control of the assessment asks for its
// check.
func (o *Observer) Finding(f *assize.Finding) (Item, bool, error) {
	places := o.checks[f.Check.ID]
	if len(places) == 0 {
		return Item{}, false, nil
	}
	for _, p := range places {
		o.tallies[p].Counts.Add(f.Outcome)
		if f.Outcome == assize.Fail && !o.controls[ControlKey{p.ControlSet, p.Control}].Decides(f.Check.ID) {
			o.tallies[p].Undecided++
		}
	}
	subjects, total := subjectsOf(f)
	data := findingBody{
		Format: "assize-finding/1", Check: f.Check.ID, Title: f.Check.Title, Outcome: f.Outcome, Reason: f.Reason,
		Account: f.Account, Region: f.Region, Subject: f.SubjectLabel(), Resources: subjects, Total: total, Facts: f.Looked(),
		Evidence: f.Evidence, Scope: f.Scope, AsOf: o.AsOf, Remediation: f.Check.Remediation.Text, Severity: f.Check.Severity,
	}
	if f.Resource != nil {
		data.Type = f.Resource.Type
	}
	if f.Unknown != nil {
		data.Cause = f.Unknown.Cause
	}
	if !o.snapshot.IsZero() {
		data.Snapshot = &o.snapshot
	}
	body, err := evidence.Canonical(data)
	if err != nil {
		return Item{}, false, fmt.Errorf("evidence of check %s about %s: %w", f.Check.ID, f.SubjectLabel(), err)
	}
	e := o.item("check", f.Key(), places)
	e.Type, e.DataSource, e.EventName = ComplianceCheck, "Assize check", f.Check.ID
	e.EventSource = f.Check.Service + ".amazonaws.com"
	e.Account, e.Region, e.Subjects, e.SubjectsTotal = f.Account, f.Region, subjects, total
	e.Outcome, e.Cause, e.Reason = f.Outcome, data.Cause, short(f.Reason)
	e.Rule, e.Library = o.Rules[f.Check.ID], o.Library
	e.Request = &Request{Operations: []string{"assize:" + f.Check.ID}, Identity: o.Identity, Rows: total, Snapshot: o.snapshot}
	return o.close(e, body), true, nil
}

// subjectsOf lists what a finding is about.
func subjectsOf(f *assize.Finding) ([]Subject, int) {
	if f.Resource != nil {
		return []Subject{SubjectOf(f.Resource)}, 1
	}
	var out []Subject
	for _, r := range f.Resources[:min(len(f.Resources), maxSubjects)] {
		out = append(out, SubjectOf(r))
	}
	return out, len(f.Resources)
}

// SubjectOf names a resource.
func SubjectOf(r *assize.Resource) Subject {
	s := Subject{ARN: r.ShownARN(), ID: r.ID, Type: r.Type}
	if s.ARN == "" {
		s.Account, s.Region = r.Account, r.Region
	}
	return s
}

// answerBody is the body of evidence of an operation.
type answerBody struct {
	Format    string        `json:"format"`
	Operation string        `json:"operation"`
	Record    assize.Record `json:"record"`
	AsOf      time.Time     `json:"as_of"`
}

// Answer makes the evidence of what an operation said about one object; nothing where no control asks
// for it. A gap gives an inconclusive verdict with its cause, never nothing.
func (o *Observer) Answer(r *assize.Record) ([]Item, error) {
	var out []Item
	for i := range r.Answers {
		a := &r.Answers[i]
		places := o.operations[a.Operation]
		if len(places) == 0 {
			continue
		}
		o.answered[a.Operation] = true
		e := o.item("api/"+a.Operation, r.Key(), places)
		e.Outcome = assize.Manual
		if a.Gap != nil {
			e.Outcome, e.Cause = assize.Inconclusive, a.Gap.Cause
		}
		for _, p := range places {
			o.tallies[p].Counts.Add(e.Outcome)
		}
		kept := *r
		kept.Answers = []assize.Answer{*a}
		body, err := json.Marshal(answerBody{Format: "assize-answer/1", Operation: a.Operation, Record: kept, AsOf: o.AsOf})
		if err != nil {
			return nil, fmt.Errorf("evidence of %s about %s: %w", a.Operation, r.Key(), err)
		}
		service, _, _ := strings.Cut(a.Operation, ":")
		e.Type, e.DataSource, e.EventName = ConfigurationData, "AWS API calls", a.Operation
		e.EventSource = service + ".amazonaws.com"
		e.Account, e.Region = r.Account, r.Region
		e.Subjects, e.SubjectsTotal = []Subject{{ARN: r.ARN, ID: r.ID, Type: r.Type}}, 1
		e.Request = &Request{Operations: []string{a.Operation}, Identity: o.Identity, Rows: 1, Snapshot: o.snapshot}
		out = append(out, o.close(e, body))
	}
	return out, nil
}

// Gap makes the evidence of an operation that could not be asked at all in an account and Region. Of one operation there
// may be several, with lists of different types; gaps that are the same make the same evidence.
func (o *Observer) Gap(g *assize.Gap) (Item, bool, error) {
	places := o.operations[g.Operation]
	if len(places) == 0 {
		return Item{}, false, nil
	}
	o.answered[g.Operation] = true
	for _, p := range places {
		o.tallies[p].Counts.Add(assize.Inconclusive)
	}
	body, err := json.Marshal(g)
	if err != nil {
		return Item{}, false, fmt.Errorf("evidence of the gap of %s: %w", g.Operation, err)
	}
	e := o.item("gap/"+g.Operation, string(body), places)
	e.Type, e.DataSource, e.EventName = ConfigurationData, "AWS API calls", g.Operation
	e.Account, e.Region, e.Outcome, e.Cause = g.Account, g.Region, assize.Inconclusive, g.Cause
	e.Request = &Request{Operations: []string{g.Operation}, Identity: o.Identity, Snapshot: o.snapshot}
	return o.close(e, body), true, nil
}

// Incomplete says that not all resources of a type could be listed: how many people are asked about is
// not known.
func (o *Observer) Incomplete(typ string) {
	for _, p := range o.asked[typ] {
		o.tallies[p].Counts.Add(assize.Inconclusive)
	}
}

// Checks lists the checks that the framework asks for, sorted.
func (o *Observer) Checks() []string { return slices.Sorted(maps.Keys(o.checks)) }

// Unanswered lists the operations that the framework asks for and of which nothing was observed, sorted.
func (o *Observer) Unanswered() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(o.operations)), func(op string) bool { return o.answered[op] })
}

// missingBody is the body of evidence that a check of the framework is not there any more.
type missingBody struct {
	Format string    `json:"format"`
	Check  string    `json:"check"`
	Reason string    `json:"reason"`
	AsOf   time.Time `json:"as_of"`
}

// Missing makes the evidence of a check that the framework names and the library does not have: a
// verdict that is not there is inconclusive, never nothing.
func (o *Observer) Missing(check string) (Item, error) {
	places := o.checks[check]
	for _, p := range places {
		o.tallies[p].Counts.Add(assize.Inconclusive)
	}
	reason := "the library of this version of assize does not have the check " + check
	body, err := evidence.Canonical(missingBody{Format: "assize-missing-check/1", Check: check, Reason: reason, AsOf: o.AsOf})
	if err != nil {
		return Item{}, fmt.Errorf("evidence that check %s is missing: %w", check, err)
	}
	e := o.item("missing", check, places)
	e.Type, e.DataSource, e.EventName = ComplianceCheck, "Assize check", check
	e.Outcome, e.Cause, e.Reason, e.Library = assize.Inconclusive, assize.NotConnected, reason, o.Library
	return o.close(e, body), nil
}

func (o *Observer) item(kind, key string, places []Place) Evidence {
	return Evidence{
		ID: NameID("evidence", o.Run.ID, kind, key), Places: places, Run: o.Run.ID, Author: program,
		EffectiveFrom: o.AsOf, EffectiveTo: o.AsOf, Collected: o.AsOf, MediaType: "application/json",
	}
}

func (o *Observer) close(e Evidence, body []byte) Item {
	e.Body, e.Size = evidence.DigestOf(body), int64(len(body))
	return Item{Evidence: e, Body: body}
}

// maxReason bounds the sentence kept in the ledger; the body has it whole.
const maxReason = 500

func short(s string) string {
	if r := []rune(s); len(r) > maxReason {
		return string(r[:maxReason-1]) + "…"
	}
	return s
}
