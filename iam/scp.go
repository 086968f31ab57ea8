package iam

import (
	"slices"
	"strings"
)

// LimitsModels asks whether a service control policy limits which foundation models can be
// run, or in which Regions: a Deny that reaches InvokeModel and is about some resources, or
// about the Region of the request, or about everything. Denies with other conditions
// only (a second factor, a network) limit who may call, not what.
func LimitsModels(p *Policy) Answer {
	if a, bad := p.unread(); bad {
		return a
	}
	if p == nil {
		return answer(No, nil, "there is no policy")
	}
	for i := range p.statements {
		s := &p.statements[i]
		if s.effect != Deny || !s.matchAction("bedrock:invokemodel") {
			continue
		}
		region := slices.ContainsFunc(s.conditions, func(c condition) bool { return strings.EqualFold(c.key, "aws:RequestedRegion") })
		if region || len(s.conditions) == 0 || s.notRes || !s.matchesEveryResource() {
			return answer(Yes, []int{i}, "%s limits which models can be run, or where", s.label())
		}
	}
	return answer(No, nil, "no statement limits which models can be run, or where")
}
