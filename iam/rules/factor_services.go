package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

// generating is the call of Bedrock that runs a model with the permissions of its caller ("Forward access sessions",
// IAM User Guide; the permissions of RetrieveAndGenerate, Amazon Bedrock User Guide).
const generating = "bedrock:RetrieveAndGenerate"

// throughServices reads a result of [Judge.withoutFactor] again where calls that services make for the principal are
// the only hole. A service makes them after a call that the principal itself made, for which its permissions were
// checked: where each such call demands a factor, so do those. Elsewhere the result says what is open.
func (j *Judge) throughServices(p *Principal, r Result) Result {
	own := make([]map[string][]string, len(withoutFactor))
	for i, fixed := range withoutFactor {
		own[i] = maps.Clone(fixed)
		own[i][throughKey] = []string{"false"}
	}
	if !j.runsWith(p, own, "", "").No() {
		return r
	}
	if beginsWithFactor(&p.Principal) {
		return Result{Answer: iam.Answer{Verdict: iam.No, Reason: "it makes every call after a second factor only, and services call models for it after one of those"}}
	}
	r.Reason += ", in calls alone that a service makes for it (aws:ViaAWSService): its own calls of models demand one. "
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	for _, fixed := range own {
		if w := j.reach(s, p, generating, fixed); w != nil {
			r.Reason += generating + ", which makes such calls, demands none"
			r.Witnesses = append(r.Witnesses[:1:1], *w)
			return r
		}
	}
	r.Reason += generating + ", which makes such calls, was not found open without one; other services that call models for it were not tried"
	return r
}

// beginsWithFactor says whether a Deny refuses every call of the principal's own without a second factor, to whatever
// service, but for those of IAM and STS, which run no models.
//
// Both conditions have to be with IfExists: calls with long-term keys have no sign of a factor, and calls of some services
// do not say whether a service made them ("AWS global condition context keys", aws:ViaAWSService).
func beginsWithFactor(p *sym.Principal) bool {
	if p.ServiceLinked {
		return false
	}
	identity, limits := layers(p)
	for _, policy := range slices.Concat(identity, limits) {
		for i := range policy.Len() {
			if s := policy.Statement(i); s.Effect() == iam.Deny && everyResource(s) && everyAction(s) && demandsFactor(s) {
				return true
			}
		}
	}
	return false
}

// everyAction says whether a statement is about all actions, or all but some of IAM and STS.
func everyAction(s *iam.Statement) bool {
	patterns, negated := s.Actions()
	if !negated {
		return slices.Contains(patterns, anything)
	}
	return !slices.ContainsFunc(patterns, func(pattern string) bool {
		service, _, _ := strings.Cut(strings.ToLower(pattern), ":")
		return service != "iam" && service != "sts"
	})
}

// demandsFactor says whether a Deny holds for exactly the calls without a factor that no service made.
func demandsFactor(s *iam.Statement) bool {
	conditions := s.Conditions()
	var keys []string
	for _, c := range conditions {
		if !strings.EqualFold(c.Operator, "BoolIfExists") || len(c.Values) != 1 || !strings.EqualFold(c.Values[0], "false") {
			return false
		}
		keys = append(keys, strings.ToLower(c.Key))
	}
	slices.Sort(keys)
	return slices.Equal(keys, []string{strings.ToLower(factorKey), strings.ToLower(throughKey)})
}
