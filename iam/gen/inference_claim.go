package gen

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sym"
)

// inside is the demand that outside is the opposite of.
func inside(o *Options) demands {
	var out demand
	if len(o.Endpoints) > 0 {
		out = append(out, condition{"StringEquals", "aws:SourceVpce", o.Endpoints})
	}
	if len(o.Networks) > 0 {
		out = append(out, condition{"IpAddress", "aws:SourceIp", o.Networks})
	}
	if len(out) == 0 {
		return nil
	}
	return demands{append(out, condition{"Bool", "aws:ViaAWSService", []string{"true"}})}
}

// always is demanded of every call, forModels of those that run a model besides.
func (a *access) always() demands {
	out := inside(a.o)
	if len(a.o.OrgPaths) > 0 {
		out = append(out, demand{{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", a.o.OrgPaths}})
	}
	if a.mfa > 0 {
		out = append(out,
			demand{{"Bool", "aws:MultiFactorAuthPresent", []string{"true"}}},
			demand{{"NumericLessThanEquals", "aws:MultiFactorAuthAge", []string{fmt.Sprint(a.mfa)}}})
	}
	return out
}

func (a *access) forModels(guardrails []string) demands {
	var out demands
	if len(guardrails) > 0 {
		out = append(out, demand{{"ArnLike", keyGuardrail, guardrailValues(guardrails)}})
	}
	if len(a.tiers) > 0 {
		d := demand{{"StringEquals", keyTier, a.tiers}}
		if slices.Contains(a.tiers, "default") {
			d = append(d, condition{"Null", keyTier, []string{"true"}})
		}
		out = append(out, d)
	}
	return out
}

// role is a session of the role that the policies are for. Resources with a policy of their own
// are taken to leave the decision to the account, as KMS keys do: what the role may do then
// depends on its own policies alone.
func (o *Options) role(p iam.Policies) sym.Principal {
	if p.Resource == nil {
		p.Resource = o.delegation()
	}
	return o.caller(o.roleARN(), p)
}

// delegation is a resource policy that leaves the decision to the account's identity policies.
func (o *Options) delegation() *iam.Policy {
	s := statement{effect: "Allow", action: []string{"*"}}.to("AWS", "arn:"+o.Partition+":iam::"+o.account()+":root")
	p, err := iam.Parse([]byte(policyNode([]statement{s}).compact()))
	if err != nil {
		return iam.Unreadable("delegation", err.Error())
	}
	return p
}

func (o *Options) caller(arn string, p iam.Policies) sym.Principal {
	return sym.Principal{Principal: iam.Principal{Kind: iam.RoleSession, Issuer: arn}, Policies: p}
}

func (a *access) claim(parsed []*iam.Policy) (claims, error) {
	out, err := a.claimFor(a.o.role(iam.Policies{Identity: parsed}), parsed, nil)
	if err != nil {
		return claims{}, err
	}
	strong := a.o.role(iam.Policies{Identity: append([]*iam.Policy{everything()}, parsed...)})
	for _, action := range a.never {
		out.exactly = append(out.exactly, expectation{who: strong, check: sym.Check{Action: action, Resource: "*"}, never: true})
	}
	return out, nil
}

// claimFor says what a caller with the policies may do, all of it under further demands.
func (a *access) claimFor(who sym.Principal, parsed []*iam.Policy, further demands) (claims, error) {
	named, resources, err := a.o.guardrails()
	if err != nil {
		return claims{}, err
	}
	var out claims
	for _, target := range slices.Concat(a.own(), a.profileARNs()) {
		target = strings.ReplaceAll(target, "*", "example")
		for _, operation := range invocations {
			w, never, err := a.wantedCall(who, plan.Call{Operation: operation, Target: target, Account: a.o.account()}, named, further)
			if err != nil {
				return claims{}, err
			}
			out.wanted = append(out.wanted, w)
			out.exactly = append(out.exactly, never...)
		}
	}
	for _, r := range resources {
		out.exactly = append(out.exactly, expectation{
			who: who, check: sym.Check{Action: applyGuardrail, Resource: r}, demands: slices.Concat(further, a.always()),
		})
	}
	out.closed = []closed{{who: who, allows: parsed, grants: slices.Concat(
		grantsOf(invokeActions, a.own()), grantsOf(invokeActions, a.profileARNs()),
		grantsOf(invokeActions, a.memberARNs()), grantsOf([]string{applyGuardrail}, resources))}}
	return out, nil
}

// everything is AdministratorAccess: what a control does shows on a caller who may do all else.
var everything = sync.OnceValue(func() *iam.Policy {
	p, err := iam.Parse([]byte(policyNode([]statement{allow("", []string{"*"}, []string{"*"})}).compact()))
	if err != nil {
		panic(err) // the statement is fixed
	}
	return p
})

func (a *access) memberARNs() []string {
	var out []string
	for _, p := range a.profiles {
		out = append(out, p.members...)
	}
	return sorted(out)
}

// wantedCall is what a call demands, and what must not pass although it looks like it: a model
// behind a profile that is named itself, or reached through a profile of somebody else.
func (a *access) wantedCall(who sym.Principal, call plan.Call, guardrails []string, further demands) (wanted, []expectation, error) {
	if len(guardrails) > 0 {
		parts, _, _ := arnParts(call.Target)
		i := slices.IndexFunc(guardrails, func(g string) bool { p, _, _ := arnParts(g); return p[3] == parts[3] })
		if i < 0 {
			return wanted{}, nil, fmt.Errorf("--guardrail: none is of Region %s, so that no call of %s could name one", parts[3], call.Target)
		}
		call.Guardrail = guardrails[i]
	}
	p, err := plan.Build(call, a.catalog)
	if err != nil {
		return wanted{}, nil, fmt.Errorf("plan what is wanted: %w", err)
	}
	if len(p.Unknown) > 0 {
		return wanted{}, nil, fmt.Errorf("%w: plan of %s: %s", ErrNotProved, call, p.Unknown[0].Detail)
	}
	w := wanted{call: call.String()}
	var never []expectation
	for _, c := range p.Checks {
		x := expectation{who: who, check: c.Check, demands: slices.Concat(further, a.always())}
		if c.Action != applyGuardrail {
			// The guardrail is left open: what it must be is part of what is proved.
			delete(x.check.Fixed, keyGuardrail)
			x.demands = append(x.demands, a.forModels(guardrails)...)
			if slices.Contains(a.direct, c.Resource) || a.tag {
				x.demands = append(x.demands, asDemands(a.tagCondition())...)
			} else if via := x.check.Fixed[keyProfile]; len(via) > 0 {
				for _, other := range [][]string{nil, {via[0] + "-other"}} {
					n := x
					n.never, n.check.Fixed = true, replaced(x.check.Fixed, keyProfile, other)
					never = append(never, n)
				}
			}
		}
		w.checks = append(w.checks, x)
	}
	return w, never, nil
}

func asDemands(conditions []condition) demands {
	var out demands
	for _, c := range conditions {
		out = append(out, demand{c})
	}
	return out
}

func replaced(m map[string][]string, key string, values []string) map[string][]string {
	out := map[string][]string{}
	for k, v := range m {
		out[k] = v
	}
	out[key] = values
	return out
}
