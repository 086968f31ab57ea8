package main

import (
	"slices"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/rules"
	"github.com/assize-dev/assize/report"
)

// violations are the questions about access that are not answered no.
func (c *canFlags) violations(a *org.Analysis, p *org.Principal) []report.AccessViolation {
	judge := rules.New(rules.Config{Data: a.Organisation().Catalog.Reference()})
	subject := &rules.Principal{Principal: a.Symbolic(p), Regions: []string{c.region}}
	for _, r := range a.Organisation().Catalog.Of(plan.FoundationModel) {
		if r.Region != "" && !slices.Contains(subject.Regions, r.Region) {
			subject.Regions = append(subject.Regions, r.Region)
		}
	}
	var profiles []*plan.Plan
	for _, r := range a.Organisation().Catalog.Of(plan.InferenceProfile, plan.ApplicationProfile) {
		if made := rules.ProfilePlan(p.Account, r.ARN, a.Organisation().Catalog); made != nil && r.Account == p.Account {
			profiles = append(profiles, made)
		}
	}
	var out []report.AccessViolation
	for _, q := range []struct {
		rule string
		ask  func(*rules.Principal) rules.Result
	}{
		{"model-scope", judge.UnnamedModels},
		{"guardrail-gap", judge.Unguarded},
		{"namespace-bypass", judge.OtherWays},
		{"sod-inference-admin", judge.MixedDuties},
		{"governance-off", judge.Governs},
		{"api-key", judge.APIKeys},
		{"passrole", judge.PassesToAnyService},
		{"boundary-missing", judge.UnboundRoles},
		{"cris", func(p *rules.Principal) rules.Result { return judge.BrokenProfiles(p, profiles) }},
	} {
		answer := q.ask(subject)
		if answer.No() {
			continue
		}
		v := report.AccessViolation{Rule: q.rule, Decided: answer.Yes(), Reason: answer.Reason, Guard: answer.Guard}
		for _, w := range answer.Witnesses {
			text := w.String()
			if w.Decision.Denied() {
				text += " (denied)"
			}
			v.Requests = append(v.Requests, text)
		}
		out = append(out, v)
	}
	return out
}
