package sar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// lintControl judges statements that are meant to keep something from happening.
func (l *linter) lintControl(s *statement) {
	if s.Effect() != iam.Deny {
		return
	}
	l.rcpUseless(s)
	l.bearerBypass(s)
	if s.covers(invokeModel) && !s.notAction {
		l.inferenceBypass(s)
		l.batchBypass(s)
	}
	l.deniesProfiles(s)
	l.deniesGlobal(s)
	l.deniesApproved(s)
}

// denied says whether some Deny of the policy is about an action.
func (l *linter) denied(action string) bool {
	return slices.ContainsFunc(l.statements, func(s *statement) bool { return s.Effect() == iam.Deny && s.covers(action) })
}

// matters says whether it matters that a Deny leaves an action out: in a control policy or boundary
// always, elsewhere where the policy itself allows it.
func (l *linter) matters(action string) bool {
	if l.layer == iam.LayerServiceControl || l.layer == iam.LayerBoundary {
		return true
	}
	return slices.ContainsFunc(l.statements, func(s *statement) bool { return s.Effect() == iam.Allow && s.covers(action) })
}

// inferenceBypass: a Deny of bedrock's model invocation leaves the other namespaces open.
func (l *linter) inferenceBypass(s *statement) {
	others := []string{mantleInfer}
	if s.covers("bedrock:InvokeAgent") { // it is about all of Bedrock, not about models
		others = append(others, "bedrock-agentcore:InvokeAgentRuntime", "bedrock-websearch:InvokeSearch")
	}
	others = slices.DeleteFunc(others, func(a string) bool { return l.denied(a) || !l.matters(a) })
	if len(others) == 0 {
		return
	}
	l.add(s, Fault{
		Rule: ruleBypass, Severity: assize.High,
		Message:   fmt.Sprintf("%s is limited and %s is not: another namespace, which bedrock:* does not cover", invokeModel, strings.Join(others, ", ")),
		Fix:       "limit them too; models of bedrock-mantle by the key bedrock-mantle:Model, since its resource is the project",
		Corrected: s.limitedToo(others),
	})
}

// limitedToo is a Deny of model invocation with another that does the same in other namespaces; "" where what it
// limits has no counterpart there.
func (s *statement) limitedToo(others []string) string {
	d := s.draft().named("ElsewhereToo")
	d.Action, d.NotAction, d.Resource, d.NotResource = others, nil, []string{"*"}, nil
	for _, c := range s.conditions {
		if strings.HasPrefix(strings.ToLower(c.Key), "bedrock:") {
			return "" // a key that no request there carries
		}
	}
	switch {
	case s.anyResource():
		return corrected(s.draft(), d)
	case !s.notResource || !slices.Equal(others, []string{mantleInfer}):
		return ""
	}
	var models []string
	for _, r := range s.resources {
		if _, id, ok := strings.Cut(r, ":foundation-model/"); ok {
			models = append(models, id)
		}
	}
	if len(models) == 0 {
		return ""
	}
	d.Action = []string{"bedrock-mantle:CountTokens", "bedrock-mantle:CreateFineTuningJob", mantleInfer}
	return corrected(s.draft(), d.set("StringNotLike", mantleModel, models...))
}

// batchBypass: jobs run models under a role of their own, on the same resource types.
func (l *linter) batchBypass(s *statement) {
	if s.anyResource() || s.covers(invokeBatch) || l.denied(invokeBatch) || !l.matters(invokeBatch) {
		return
	}
	d := s.draft()
	d.Action = append(d.Action, invokeBatch)
	if s.notResource {
		d.NotResource = append(d.NotResource, "arn:aws:bedrock:*:*:model-invocation-job/*") // the job is checked beside the model
	}
	l.add(s, Fault{
		Rule: ruleBypass, Severity: assize.High,
		Message:   "the models are limited for " + invokeModel + " and not for " + invokeBatch + ": batch jobs run the others",
		Fix:       "deny " + invokeBatch + " in the same way",
		Corrected: corrected(d),
	})
}

// bearerBypass: each namespace has a gate of its own for API keys.
func (l *linter) bearerBypass(s *statement) {
	covered := slices.IndexFunc(bearers, s.covers)
	meant := slices.ContainsFunc(s.lower, func(p string) bool { return strings.HasSuffix(p, ":callwithbearertoken") })
	if covered < 0 || s.notAction || !meant {
		return
	}
	open := slices.DeleteFunc(slices.Clone(bearers), func(b string) bool { return l.denied(b) || !l.matters(b) })
	if len(open) == 0 {
		return
	}
	first, _, _ := strings.Cut(bearers[covered], ":")
	drafts := []*draft{s.draft()}
	for _, o := range open {
		service, _, _ := strings.Cut(o, ":")
		d := s.draft().named(strings.ReplaceAll(service, "-", ""))
		d.Action = []string{o}
		for _, c := range s.conditions {
			if strings.EqualFold(c.Key, first+":BearerTokenType") {
				d.remove(c.Operator, c.Key).set(c.Operator, service+":BearerTokenType", c.Values...)
			}
		}
		drafts = append(drafts, d)
	}
	l.add(s, Fault{
		Rule: ruleBypass, Severity: assize.High,
		Message:   fmt.Sprintf("%s is denied and %s is not: the same key works there", bearers[covered], strings.Join(open, ", ")),
		Fix:       "deny it in each namespace, each with its own BearerTokenType key in a statement of its own",
		Corrected: corrected(drafts...),
	})
}

// deniesProfiles: a Deny of all but some foundation models also denies every inference profile and
// whatever else InvokeModel takes.
func (l *linter) deniesProfiles(s *statement) {
	if !s.covers(invokeModel) || !s.notResource || s.has("bedrock:InferenceProfileArn") {
		return
	}
	a, ok := l.d.Action("bedrock", "InvokeModel")
	if !ok {
		return
	}
	var denied []string
	models := false
	for _, r := range a.Resources {
		t, ok := l.d.Resource("bedrock", r.Type)
		if !ok {
			continue
		}
		matched := slices.ContainsFunc(s.resources, func(p string) bool {
			return slices.ContainsFunc(t.ARNs, func(f string) bool { return canMatch(p, f, true) })
		})
		models = models || matched && r.Type == "foundation-model"
		if !matched && strings.Contains(r.Type, "profile") {
			denied = append(denied, r.Type)
		}
	}
	if !models || len(denied) == 0 {
		return
	}
	d := s.draft()
	for _, kind := range denied {
		d.NotResource = append(d.NotResource, "arn:aws:bedrock:*:*:"+kind+"/*")
	}
	l.add(s, Fault{
		Rule: ruleBreaks, Severity: assize.High,
		Message:   fmt.Sprintf("only foundation models are exempt, so every %s is denied, as are provisioned, custom and imported models and prompt routers: cross-Region inference fails", strings.Join(denied, " and ")),
		Fix:       "exempt the profiles of the approved models too; the models behind a profile are checked one by one all the same",
		Corrected: corrected(d),
	})
}

// deniesGlobal: global inference profiles are checked with the Region "unspecified".
func (l *linter) deniesGlobal(s *statement) {
	if !s.covers(invokeModel) || s.has("bedrock:InferenceProfileArn") {
		return
	}
	for c := range s.each {
		if c.fold != "aws:requestedregion" || !c.negated || slices.Contains(c.Values, "unspecified") || slices.Contains(c.Values, "*") {
			continue
		}
		l.add(s, Fault{
			Rule: ruleBreaks, Severity: assize.Medium, Position: s.ConditionPosition(c.index),
			Message:   "cross-Region inference fails where a destination Region is not listed, and global profiles always: their models are checked with the Region \"unspecified\"",
			Fix:       "deny model invocation in a statement of its own, with ArnNotLike bedrock:InferenceProfileArn for the profiles that are approved",
			Corrected: s.sparingProfiles(c.Values),
		})
	}
}

// geographies are the starts of the ids of inference profiles by the starts of the Regions of their geography
// ("Supported Regions and models for inference profiles", Amazon Bedrock User Guide).
var geographies = []struct{ region, profile string }{
	{"us-gov-", "us-gov"}, {"us-", "us"}, {"ca-", "us"}, {"eu-", "eu"}, {"ap-", "apac"},
}

// sparingProfiles is a Deny outside some Regions that leaves the profiles of their geographies alone; requests of
// other actions carry no such key, so that it denies them as before. "" where the geography is not known.
func (s *statement) sparingProfiles(regions []string) string {
	var profiles []string
	for _, r := range regions {
		i := slices.IndexFunc(geographies, func(g struct{ region, profile string }) bool { return strings.HasPrefix(r, g.region) })
		if i < 0 {
			return ""
		}
		arn := "arn:aws:bedrock:*:*:inference-profile/" + geographies[i].profile + ".*"
		if !slices.Contains(profiles, arn) {
			profiles = append(profiles, arn)
		}
	}
	if len(profiles) == 0 {
		return ""
	}
	return corrected(s.draft().set("ArnNotLike", "bedrock:InferenceProfileArn", profiles...))
}

// deniesApproved: a Deny with a positive condition on the model denies what it names, while another
// statement exempts just that.
func (l *linter) deniesApproved(s *statement) {
	if !s.covers(mantleInfer) {
		return
	}
	for c := range s.each {
		if c.fold != strings.ToLower(mantleModel) || c.negated || c.base == "null" || !l.exempts(s, c.Values) {
			continue
		}
		operator := "StringNotLike"
		if c.base == "stringequals" {
			operator = "StringNotEquals"
		}
		l.add(s, Fault{
			Rule: ruleBreaks, Severity: assize.High, Position: s.ConditionPosition(c.index),
			Message:   fmt.Sprintf("it denies %s, which another statement approves, and nothing else", strings.Join(c.Values, ", ")),
			Fix:       "negate the condition, on the actions that carry the key",
			Corrected: corrected(mantleDeny(s, c, operator)),
		})
	}
}

// mantleDeny is the Deny of every model but those named, on the actions that carry the key: the
// negated condition would hold on all others.
func mantleDeny(s *statement, c condition, operator string) *draft {
	d := s.draft().remove(c.Operator, c.Key).set(operator, c.Key, c.Values...)
	d.Action, d.NotAction = []string{"bedrock-mantle:CountTokens", "bedrock-mantle:CreateFineTuningJob", mantleInfer}, nil
	return d
}

// exempts says whether another Deny leaves out models of the same names.
func (l *linter) exempts(s *statement, models []string) bool {
	stem := func(m string) string { return strings.TrimRight(m[strings.LastIndexByte(m, '/')+1:], "*.") }
	for _, other := range l.statements {
		if other == s || other.Effect() != iam.Deny || !other.notResource {
			continue
		}
		for _, r := range other.resources {
			if slices.ContainsFunc(models, func(m string) bool { return stem(m) != "" && stem(m) == stem(r) }) {
				return true
			}
		}
	}
	return false
}

// rcpUseless: resource control policies apply to few services.
func (l *linter) rcpUseless(s *statement) {
	if l.layer != iam.LayerResourceControl || s.notAction || s.everything() {
		return
	}
	seen := map[string]bool{}
	for _, a := range s.actions {
		if !l.d.RCP(a.Service) {
			seen[a.Service] = true
		}
	}
	if len(seen) == 0 {
		return
	}
	severity := assize.Medium
	if slices.ContainsFunc(Classified(), func(c string) bool { return seen[c] }) {
		severity = assize.High
	}
	l.add(s, Fault{
		Rule: ruleRCP, Severity: severity,
		Message:   fmt.Sprintf("resource control policies do not apply to %s, so nothing is denied there", someText(sortedKeys(seen))),
		Fix:       "use a service control policy for callers of the organisation, and resource or endpoint policies for others",
		Corrected: l.withoutUseless(s),
	})
}

// withoutUseless is the statement with the actions alone to which such policies apply; "" where there are none, or
// where one pattern takes in both.
func (l *linter) withoutUseless(s *statement) string {
	d := s.draft()
	d.Action = nil
	for i, pattern := range s.patterns {
		applies := slices.ContainsFunc(s.matched[i], func(a *Action) bool { return l.d.RCP(a.Service) })
		if applies && slices.ContainsFunc(s.matched[i], func(a *Action) bool { return !l.d.RCP(a.Service) }) {
			return ""
		}
		if applies {
			d.Action = append(d.Action, pattern)
		}
	}
	if len(d.Action) == 0 {
		return ""
	}
	return corrected(d)
}
