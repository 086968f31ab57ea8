package assess

import (
	"cmp"

	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// callTrustNeedsNoMFA answers trustNeedsNoMFA(role, trust): whether a user or an account can take on the role
// without a second factor, by itself or over roles that it can take on so.
func callTrustNeedsNoMFA(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	p, u := c.wholly(args[2].(*policyVal))
	if u != nil {
		return c.unknown(u)
	}
	if c.account == "" {
		return c.unknown(c.placeUnknown())
	}
	var missing *assize.Unknown
	trust := c.trustOf(args[1], p)
	trust.Control = c.callerLimits
	r := c.accessed.judge.TakenOnWithoutFactor(trust, func(arn string) (rules.Trust, bool) {
		t, u := c.trustIn(arn)
		missing = cmp.Or(missing, u)
		return t, u == nil
	})
	if r.Undecided() && missing != nil {
		return c.unknown(missing)
	}
	return c.resultOf(r)
}

// trustIn looks a role up, planned ones by what stands in for their ARN, and reads its trust policy.
func (c *evalContext) trustIn(arn string) (rules.Trust, *assize.Unknown) {
	role, u := c.lookup(roleType, standIn.ReplaceAllString(arn, assize.PlannedARNPrefix))
	if u != nil {
		return rules.Trust{}, u
	}
	switch v := role.Properties.Get("AssumeRolePolicyDocument").(type) {
	case *assize.Unknown:
		return rules.Trust{}, of(role, v)
	case string:
		d, u := c.document(v, false)
		if u != nil {
			return rules.Trust{}, of(role, u)
		}
		p, u := d.byName()
		return rules.Trust{Role: arn, Account: cmp.Or(role.Account, c.account), Policy: p, Control: c.callerLimits}, u
	}
	return rules.Trust{}, &assize.Unknown{Cause: assize.WrongAnswer, Detail: role.Label() + " has no trust policy"}
}

// callerLimits are the service control policies over the principals of an account, as far as they are known: what
// is not known is taken to allow everything and to deny nothing, so that nobody seems limited who may not be.
func (c *evalContext) callerLimits(account string) [][]*iam.Policy {
	out, ok := c.accessed.callers[account]
	if ok {
		return out
	}
	for _, level := range c.controlOf(account).levels {
		policies := make([]*iam.Policy, len(level))
		for i, s := range level {
			if policies[i] = c.knownPolicy(s); policies[i] == nil {
				policies[i] = c.knownPolicy(source{text: everythingAllowed})
			}
		}
		out = append(out, policies)
	}
	c.accessed.callers[account] = out
	return out
}

// knownPolicy is a policy that is known in full, nil for any other.
func (c *evalContext) knownPolicy(s source) *iam.Policy {
	if s.unknown != nil {
		return nil
	}
	d, u := c.document(s.text, false)
	if u != nil {
		return nil
	}
	p, u := d.byName()
	if u != nil {
		return nil
	}
	if _, ok := p.Readable(); !ok {
		return nil
	}
	return p.Named(s.name)
}
