package gen

import (
	"fmt"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

const assumeRole = "sts:AssumeRole"

func trustArchetype() *Archetype {
	return &Archetype{
		Name:  "trust",
		Title: "A role that others may assume: a service for one's own account, or roles with an external id or of an organisation",
		Grants: []string{
			"with --service: the service, on behalf of --account only, and of --source-arn where given",
			"with --role: these roles (or the accounts, as arn:aws:iam::ACCOUNT:root), with the external id, of the organisation, or both",
			"nobody else",
		},
		Needs: []string{"account"},
		Takes: []string{"service", "source-arn", "role", "external-id", "org"},
		write: func(t *targets) ([]paper, error) { return writeTrust(t.o) },
		claim: func(t *targets, p []*iam.Policy) (claims, error) {
			if t.o.Service != "" {
				return claimTrustService(t.o, p[0], t.o.Service, t.o.SourceARNs), nil
			}
			return claimTrustRoles(t.o, p[0])
		},
	}
}

func writeTrust(o *Options) ([]paper, error) {
	switch {
	case (o.Service == "") == (len(o.Roles) == 0):
		return nil, fmt.Errorf("say who may assume the role: either --service or --role")
	case o.Service != "" && (o.ExternalID != "" || o.OrgID != ""):
		return nil, fmt.Errorf("--external-id and --org are for --role: a service is limited by --account and --source-arn")
	case o.Service == "" && len(o.SourceARNs) > 0:
		return nil, fmt.Errorf("--source-arn is for --service")
	case o.Service == "" && o.ExternalID == "" && o.OrgID == "":
		return nil, fmt.Errorf("--role needs --external-id for a third party, --org for accounts of one's own organisation")
	}
	statements := trustService(o, o.Service, o.SourceARNs)
	if o.Service == "" {
		s := statement{sid: "TrustRoles", effect: "Allow", action: []string{assumeRole}, conditions: callerConditions(o)}
		statements = []statement{s.to("AWS", o.Roles...)}
	}
	return []paper{{kind: Trust, about: "Who may assume the role " + o.Name, statements: statements}}, nil
}

// trustService trusts a service that acts for the account ("The confused deputy problem").
func trustService(o *Options, service string, sources []string) []statement {
	conditions := []condition{{"StringEquals", "aws:SourceAccount", []string{o.Account}}}
	if len(sources) > 0 {
		conditions = append(conditions, condition{"ArnLike", "aws:SourceArn", sources})
	}
	s := statement{sid: "TrustService", effect: "Allow", action: []string{assumeRole}, conditions: conditions}
	return []statement{s.to("Service", service)}
}

func callerConditions(o *Options) []condition {
	var out []condition
	if o.ExternalID != "" {
		out = append(out, condition{"StringEquals", "sts:ExternalId", []string{o.ExternalID}})
	}
	if o.OrgID != "" {
		out = append(out, condition{"StringEquals", "aws:PrincipalOrgID", []string{o.OrgID}})
	}
	return out
}

func (o *Options) roleARN() string {
	return "arn:" + o.Partition + ":iam::" + o.account() + ":role/" + o.Name
}

// claimTrustService: the service may assume the role for the account and its resources, and no
// other service and nobody of the account may.
func claimTrustService(o *Options, trust *iam.Policy, service string, sources []string) claims {
	check := sym.Check{Action: assumeRole, Resource: o.roleARN(), ResourceAccount: o.account()}
	by := func(p iam.Principal, identity ...*iam.Policy) sym.Principal {
		return sym.Principal{Principal: p, Policies: iam.Policies{Identity: identity, Resource: trust}}
	}
	want := demands{{{"StringEquals", "aws:SourceAccount", []string{o.Account}}}}
	if len(sources) > 0 {
		want = append(want, demand{{"ArnLike", "aws:SourceArn", sources}})
	}
	admin := o.caller("arn:"+o.Partition+":iam::"+o.account()+":role/Administrator", iam.Policies{})
	return claims{
		wanted: []wanted{{call: service + " assumes the role", checks: []expectation{{who: by(iam.PrincipalService(service)), check: check, demands: want}}}},
		exactly: []expectation{
			{who: by(iam.PrincipalService("unheard-of.amazonaws.com")), check: check, never: true},
			{who: by(admin.Principal, everything()), check: check, never: true},
		},
	}
}

// claimTrustRoles: each of the roles may assume the role under the conditions, others never.
func claimTrustRoles(o *Options, trust *iam.Policy) (claims, error) {
	check := sym.Check{Action: assumeRole, Resource: o.roleARN(), ResourceAccount: o.account()}
	policies := iam.Policies{Identity: []*iam.Policy{everything()}, Resource: trust}
	out := claims{exactly: []expectation{
		{who: o.caller("arn:"+o.Partition+":iam::"+stranger+":role/Stranger", policies), check: check, never: true},
	}}
	for _, arn := range o.Roles {
		role := arn
		if strings.HasSuffix(arn, ":root") {
			role = strings.TrimSuffix(arn, "root") + "role/AnyRole"
		}
		p, err := iam.ParsePrincipal(role)
		if err != nil {
			return claims{}, fmt.Errorf("--role %q: %w", arn, err)
		}
		who := sym.Principal{Principal: p, Policies: policies}
		out.wanted = append(out.wanted, wanted{call: role + " assumes the role", checks: []expectation{{who: who, check: check, demands: asDemands(callerConditions(o))}}})
	}
	return out, nil
}
