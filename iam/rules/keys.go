package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

const (
	makeKeyAction  = "iam:CreateServiceSpecificCredential"
	keyServiceName = "iam:ServiceSpecificCredentialServiceName"
	bedrockService = "bedrock.amazonaws.com"
	passAction     = "iam:PassRole"
	passedTo       = "iam:PassedToService"
	// unnamedService is the principal of no service.
	unnamedService = "zz-unnamed.amazonaws.com"
)

// bearerActions use an API key, in each namespace another.
var bearerActions = []string{"bedrock:" + bearer, "bedrock-mantle:" + bearer, "sagemaker:" + bearer}

// aiServices take roles for what the builders of AI workloads make.
var aiServices = []string{"bedrock.amazonaws.com", "bedrock-agentcore.amazonaws.com", "sagemaker.amazonaws.com"}

// APIKeys asks whether the principal can use an API key of Bedrock, mantle or SageMaker, or make
// a long-term key of Bedrock.
func (j *Judge) APIKeys(p *Principal) Result {
	j.begin()
	r := j.apiKeys(p)
	if r.Yes() {
		r.Guard = j.mend(p, []statement{
			deny(bearerActions...), deny(makeKeyAction).when("StringEquals", keyServiceName, bedrockService),
		}, j.apiKeys, p.newModelChecks(invocations...)...)
	}
	return r
}

func (j *Judge) apiKeys(p *Principal) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	var w *Witness
	for _, action := range append(slices.Clone(bearerActions), makeKeyAction) {
		if w == nil {
			w = j.reach(s, p, action, map[string][]string{keyServiceName: {bedrockService}})
		}
	}
	return s.answer(w, "it can use or make API keys by "+actionOf(w), "it can neither use nor make API keys")
}

// PassesToAnyService asks whether the principal can pass a role to a service that no policy names.
func (j *Judge) PassesToAnyService(p *Principal) Result {
	j.begin()
	r := j.passesToAny(p)
	if r.Yes() {
		services := p.passedServices()
		var keep []sym.Check
		for _, c := range services {
			check := sym.Check{Action: passAction, Resource: r.Witnesses[0].Resource, ResourceAccount: p.Account, Fixed: map[string][]string{passedTo: {c}}}
			keep = append(keep, check)
		}
		r.Guard = j.mend(p, []statement{deny(passAction).when("StringNotEquals", passedTo, services)}, j.passesToAny, keep...)
	}
	return r
}

func (j *Judge) passesToAny(p *Principal) Result {
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	w := j.reach(s, p, passAction, map[string][]string{passedTo: {unnamedService}})
	return s.answer(w, "it can pass a role to any service", "it passes roles to named services only")
}

// passedServices are the services of AI, and those that the policies name.
func (p *Principal) passedServices() []string {
	out := slices.Clone(aiServices)
	for _, policy := range p.Policies.Identity {
		for i := range policy.Len() {
			s := policy.Statement(i)
			for _, c := range s.Conditions() {
				for _, v := range c.Values {
					if s.Effect() == iam.Allow && strings.EqualFold(c.Key, passedTo) && !slices.Contains(out, v) {
						out = append(out, v)
					}
				}
			}
		}
	}
	return out
}
