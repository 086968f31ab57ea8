package report

import (
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// sarif writes SARIF 2.1.0, for code scanning and the viewers of editors.
//
// A result is written for every fail (kind fail), inconclusive (open) and manual
// (review). Pass and not applicable are counted in the run's properties and not
// written: GitHub takes every result for an alert whatever its kind (microsoft/PSRule
// issue 955), and so would show what is right as wrong. For the same reason a
// finding that is fixed or gone against the baseline is counted, not written as
// absent. A level other than none belongs to kind fail alone (section 3.27.10).
//
// Code scanning wants a physical location, and a resource has none: its place is a
// made-up relative URI, aws/<account>/<region>/<type>/<id>, the same in every run.
// The ARN stands in the logical location.
type sarif struct {
	o        *out
	rules    map[string]int
	names    map[string]string
	comma    string
	source   string
	baseline bool
}

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	projectURL  = "https://github.com/assize-dev/assize"
)

func newSARIF(w io.Writer, _ Options) Writer {
	return &sarif{o: newOut(w), rules: map[string]int{}, names: map[string]string{}}
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Kind         string            `json:"kind"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Baseline     string            `json:"baselineState,omitempty"`
	Related      []sarifRelated    `json:"relatedLocations,omitempty"`
	Suppressions []sarifSuppressed `json:"suppressions,omitempty"`
	Properties   sarifProperties   `json:"properties"`
}

// sarifSuppressed is an exception (section 3.35).
type sarifSuppressed struct {
	Kind          string        `json:"kind"`
	Status        string        `json:"status"`
	Justification string        `json:"justification"`
	Location      *sarifRelated `json:"location,omitempty"`
}

// sarifRelated is a place without a subject of its own.
type sarifRelated struct {
	Physical sarifPhysical `json:"physicalLocation"`
	Message  *sarifText    `json:"message,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region struct {
		StartLine int `json:"startLine"`
	} `json:"region"`
}

type sarifLogical struct {
	Name      string `json:"name,omitempty"`
	Qualified string `json:"fullyQualifiedName"`
	Kind      string `json:"kind"`
}

type sarifProperties struct {
	Outcome   assize.Outcome  `json:"outcome"`
	Severity  assize.Severity `json:"severity"`
	Account   string          `json:"account,omitempty"`
	Region    string          `json:"region,omitempty"`
	Type      string          `json:"resourceType,omitempty"`
	Cause     assize.Cause    `json:"cause,omitempty"`
	Operation string          `json:"operation,omitempty"`
	Code      string          `json:"code,omitempty"`
	Facts     assize.Object   `json:"facts,omitempty"`
	Evidence  []entryField    `json:"evidence,omitempty"`
	Scope     string          `json:"scope,omitempty"`
	Origin    *assize.Origin  `json:"origin,omitempty"`
}

// Begin writes the tool with its rules.
func (s *sarif) Begin(run *assize.Run) error {
	s.baseline, s.source = run.Baseline != "", run.Source
	for _, a := range run.Accounts {
		s.names[a.ID] = clean(a.Name)
	}
	s.o.str("{\n")
	s.o.member("$schema", sarifSchema)
	s.o.str("\"version\":\"2.1.0\",\n\"runs\":[{\n\"tool\":{\"driver\":{\"name\":\"Assize\",")
	if run.Version != "" {
		s.o.member("version", run.Version)
	}
	s.o.member("informationUri", projectURL)
	s.o.str(`"rules":[`)
	for i, c := range sortedChecks(run.Checks) {
		if i > 0 {
			s.o.str(",")
		}
		s.rules[c.ID] = i
		s.o.str("\n")
		s.o.json(sarifRuleOf(c))
	}
	s.o.str("\n]}},\n")
	if f := run.Framework; f != nil {
		s.o.member("automationDetails", map[string]string{"id": "assize/" + segment(f.ID) + "/"})
	}
	s.o.str(`"results":[`)
	return s.o.err
}

// Finding writes a result for what someone has to act on.
func (s *sarif) Finding(f *assize.Finding) error {
	kind, level := "", "none"
	switch f.Outcome {
	case assize.Fail:
		kind, level = "fail", sarifLevel(f.Check.Severity)
	case assize.Inconclusive:
		kind = "open"
	case assize.Manual:
		kind = "review"
	case assize.Pass, assize.NotApplicable:
		return s.o.err
	}
	e := makeEntry(f, steps[1])
	key := sourceKey(f)[:32]
	r := sarifResult{
		RuleID: f.Check.ID, RuleIndex: -1, Kind: kind, Level: level, Message: sarifText{Text: sarifMessage(f, s.names)},
		Locations: []sarifLocation{sarifPlace(f, &e, s.source)}, Fingerprints: map[string]string{"assizeFinding/v1": key, "primaryLocationLineHash": key + ":1"},
		Properties: sarifProperties{
			Outcome: f.Outcome, Severity: f.Check.Severity, Account: e.Account, Region: e.Region, Type: e.Type,
			Cause: e.Cause, Operation: e.Operation, Code: e.Code, Facts: e.Facts, Evidence: new(cutter).evidence(f.Evidence, steps[1]), Scope: e.Scope, Origin: e.Origin,
		},
		Related: sarifCall(f), Suppressions: sarifSuppressions(f),
	}
	if i, ok := s.rules[f.Check.ID]; ok {
		r.RuleIndex = i
	}
	if s.baseline {
		r.Baseline = baselineState(f.Change)
	}
	s.o.str(s.comma, "\n")
	s.comma = ","
	s.o.json(r)
	return s.o.err
}

// End writes what could not be read, and the counts.
func (s *sarif) End(sum *assize.Summary) error {
	type notification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	notes := []notification{}
	for _, g := range gapRows(sum.Gaps, s.names) {
		text := causeText(g.cause, g.operation, g.code) + ", " + many(g.n, "time") + " in " + some(g.places, 4)
		notes = append(notes, notification{"warning", sarifText{Text: message(text)}})
	}
	s.o.str("\n],\n")
	s.o.member("invocations", []any{map[string]any{"executionSuccessful": !sum.Interrupted, "toolExecutionNotifications": notes}})
	s.o.str(`"properties":`)
	s.o.json(struct {
		Counts   assize.Counts         `json:"counts"`
		Excepted int                   `json:"excepted,omitempty"`
		Expired  int                   `json:"expired,omitempty"`
		Deferred int                   `json:"deferred,omitempty"`
		Changes  map[assize.Change]int `json:"changes,omitempty"`
		Gone     []string              `json:"gone,omitempty"`
	}{sum.Counts, sum.Excepted, sum.Expired, sum.Deferred, sum.Changes, sum.Gone})
	s.o.str("\n}]\n}\n")
	return s.o.flush()
}

// sarifMessage is what an alert shows: the subject and the reason.
func sarifMessage(f *assize.Finding, names map[string]string) string {
	subject := placeText(f, names)
	if f.Resource != nil {
		subject = cutID(clean(f.Resource.ID), 200) + " (" + subject + ")"
	}
	reason := f.Reason
	if reason == "" {
		reason = f.Check.Fails
	}
	text := subject + ": " + cut(paragraph(head(reason, textReason)), textReason)
	if e := exceptionText(f); e != "" {
		text += " [" + e + "]"
	}
	return message(text)
}

// message escapes what has a meaning in a message string of SARIF: placeholders in
// braces, and links (sections 3.11.5 and 3.11.6).
func message(s string) string {
	return strings.NewReplacer("{", "{{", "}", "}}", "](", "] (").Replace(s)
}

func sarifPlace(f *assize.Finding, e *entry, source string) sarifLocation {
	parts := []string{"aws"}
	for _, p := range []string{f.Account, f.Region, strings.ReplaceAll(e.Type, "::", "-")} {
		if p != "" {
			parts = append(parts, segment(p))
		}
	}
	logical := sarifLogical{Qualified: clean(strings.Join(slices.DeleteFunc([]string{e.Account, e.Region}, isEmpty), "/")), Kind: string(f.Check.Subject.Kind)}
	if f.Account == "" && f.Resource == nil && aboutOrganisation(f) {
		logical.Qualified = "organisation"
	}
	if f.Resource != nil {
		parts = append(parts, segment(f.Resource.ID))
		logical.Name, logical.Qualified = clean(e.ID), clean(e.ID)
		if e.ARN != "" {
			logical.Qualified = clean(e.ARN)
		}
	}
	l := sarifLocation{Logical: []sarifLogical{logical}}
	l.Physical.Artifact.URI = strings.Join(parts, "/")
	l.Physical.Region.StartLine = 1
	if origin(f) != nil {
		file, line := sourceFile(f, source)
		l.Physical = sarifFile(file, line)
	}
	return l
}

// sarifFile is a line of a file, as a URI relative to the root of what was read.
func sarifFile(file string, line int) (p sarifPhysical) {
	var parts []string
	for part := range strings.SplitSeq(file, "/") {
		if part != "" && part != "." {
			parts = append(parts, segment(part))
		}
	}
	p.Artifact.URI, p.Region.StartLine = strings.Join(parts, "/"), max(line, 1)
	return p
}

// sarifCall is where the module of a planned resource is called.
func sarifCall(f *assize.Finding) []sarifRelated {
	o := origin(f)
	if o == nil || o.ModuleFile == "" {
		return nil
	}
	return []sarifRelated{{Physical: sarifFile(o.ModuleFile, o.ModuleLine), Message: &sarifText{Text: message("call of " + cutID(clean(o.Module), 200))}}}
}

// sarifSuppressions gives an exception; one that has expired suppresses nothing.
func sarifSuppressions(f *assize.Finding) []sarifSuppressed {
	if !f.Excepted() {
		return nil
	}
	s := sarifSuppressed{Kind: "external", Status: "accepted", Justification: exceptionText(f)}
	if f.Exception.InSource() {
		s.Kind = "inSource"
		s.Location = &sarifRelated{Physical: sarifFile(f.Exception.File, f.Exception.Line)}
	}
	return []sarifSuppressed{s}
}

// segment is one part of a URI's path. No name becomes a step up or an empty part.
func segment(s string) string {
	s = url.PathEscape(cutID(s, 200))
	if strings.Trim(s, ".") == "" {
		return "_" + s
	}
	return s
}

func isEmpty(s string) bool { return s == "" }

func baselineState(c assize.Change) string {
	switch c {
	case assize.New:
		return "new"
	case assize.Changed, assize.Fixed:
		return "updated"
	case assize.Gone:
		return "absent"
	case assize.Unchanged:
	}
	return "unchanged"
}
