package gen

import (
	"fmt"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

func endpointArchetype() *Archetype {
	return &Archetype{
		Name:  "endpoint",
		Title: "Policy of a VPC endpoint for bedrock-runtime: callers of one's own, approved models",
		Grants: []string{
			"Converse, ConverseStream, InvokeModel and InvokeModelWithResponseStream on the models and inference profiles, and the guardrails",
			"callers of the organisation of --org only, or of --account without it",
			"nothing else through the endpoint: credentials of other accounts cannot be used to carry data out",
		},
		Needs: []string{"account", "regions"},
		Takes: []string{"models", "profiles", "destinations", "guardrail", "org"},
		Notes: []string{"An endpoint policy allows nobody anything by itself: callers need an identity policy too."},
		write: func(t *targets) ([]paper, error) { return writeEndpoint(general(t)) },
		claim: func(t *targets, p []*iam.Policy) (claims, error) { return claimEndpoint(general(t), p) },
	}
}

// ownCallers is the condition that callers are one's own.
func ownCallers(o *Options) condition {
	if o.OrgID != "" {
		return condition{"StringEquals", "aws:PrincipalOrgID", []string{o.OrgID}}
	}
	return condition{"StringEquals", "aws:PrincipalAccount", []string{o.Account}}
}

func writeEndpoint(a *access) ([]paper, error) {
	allows, named, err := a.allows()
	if err != nil {
		return nil, err
	}
	var out []statement
	for _, s := range allows {
		s.conditions = append([]condition{ownCallers(a.o)}, s.conditions...)
		out = append(out, s.to("*"))
	}
	for _, s := range denyUnguarded(named) {
		out = append(out, s.to("*"))
	}
	return []paper{{kind: Endpoint, about: "Approved models for callers of one's own", statements: out}}, nil
}

func claimEndpoint(a *access, parsed []*iam.Policy) (claims, error) {
	through := iam.Policies{Identity: []*iam.Policy{everything()}, Endpoint: parsed[0]}
	own := a.o.caller(a.o.roleARN(), through)
	out, err := a.claimFor(own, parsed, demands{{ownCallers(a.o)}})
	if err != nil {
		return claims{}, err
	}
	foreign := a.o.caller(fmt.Sprintf("arn:%s:iam::%s:role/Stranger", a.o.Partition, stranger), through)
	if a.o.OrgID != "" {
		foreign.Fixed = map[string][]string{"aws:PrincipalOrgID": {"o-strangers0"}}
	}
	for _, w := range out.wanted {
		for _, x := range w.checks {
			out.exactly = append(out.exactly, expectation{who: foreign, check: sym.Check{Action: x.check.Action, Resource: x.check.Resource, Fixed: x.check.Fixed}, never: true})
		}
	}
	return out, nil
}
