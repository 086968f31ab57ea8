package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// leading are the types of resources that InvokeModel is checked on beside the model that they lead to, with the key
// that the check on the model carries then ("Prerequisites for inference profiles", "Prerequisites for intelligent prompt
// routing", Amazon Bedrock User Guide). Whoever may call one of those alone runs nothing.
var leading = map[string]string{
	"inference-profile": profileKey, "application-inference-profile": profileKey,
	"prompt-router": routerKey, "default-prompt-router": routerKey, "project": "bedrock:ProjectArn",
}

// accompanying are the types that are checked beside a model and lead to none.
var accompanying = []string{"async-invoke", "model-invocation-job"}

// reach looks for an allowed request of an action with some keys fixed, on any resource. Where none
// is found although a policy may allow one, the search says that it is undecided.
func (j *Judge) reach(s *search, p *Principal, action string, fixed map[string][]string) *Witness {
	a := j.action(action)
	if a == nil || !mayAllow(&p.Principal, action) {
		return nil
	}
	var tried []sym.Check
	for c := range j.checks(p, a) {
		for k, v := range fixed {
			if j.data.KeyApplies(a, k) {
				c.Fixed[k] = v
			}
		}
		if w := j.runs(s, p, a, c); w != nil {
			return w
		}
		tried = append(tried, c)
	}
	if s.undecided == "" {
		s.undecided = unmatched(&p.Principal, a, tried)
	}
	return nil
}

// runs gives a request that a check is part of, where all checks of the call are allowed: of a call through a profile
// or router that of the model behind it. Both are asked one by one, so that a request that is found may not pass for the
// profile too; where none is found there is none, which is what a principal is cleared by.
func (j *Judge) runs(s *search, p *Principal, a *sar.Action, c sym.Check) *Witness {
	model := slices.Contains(invocations, a.String())
	if !model && a.String() != batchAction {
		return s.allowed(c)
	}
	parts := strings.SplitN(c.Resource, ":", 6)
	kind, _, _ := strings.Cut(parts[len(parts)-1], "/")
	key, leads := leading[kind]
	switch {
	case slices.Contains(accompanying, kind):
		return nil
	case model && kind == "foundation-model":
		c.Fixed[profileKey], c.Fixed[routerKey] = nil, nil
		return s.allowed(c)
	case !model || !leads:
		return s.allowed(c)
	}
	if s.allowed(c) == nil {
		return nil
	}
	region := regionOf(c.Fixed)
	for _, arn := range instances(p.model(region, "${ModelId}"), p.partition(), region, p.Account, namedPatterns(&p.Principal, a.String())) {
		behind := c
		behind.Resource, behind.ResourceAccount = arn, ""
		behind.Fixed = maps.Clone(c.Fixed)
		behind.Fixed[key] = []string{c.Resource}
		if w := s.allowed(behind); w != nil {
			return w
		}
	}
	return nil
}
