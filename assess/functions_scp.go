package assess

import (
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// callSCPLimitsModels answers scpLimitsModels(account): whether a service control policy on the
// account, on the root or on a unit above it limits models or Regions. Those policies do not
// bear on the management account, which is asked about every other account of the tree; the ones
// that nothing limits are evidence.
func callSCPLimitsModels(args []ref.Val) ref.Val {
	c, account := args[0].(*evalContext), string(args[1].(types.String))
	members, rest := c.graph.All(organizationAccountType, account, "")
	switch {
	case len(members) == 0 && rest != nil:
		return c.unknown(rest)
	case len(members) == 0:
		return types.False // in no organization
	}
	management, ok := members[0].Properties.Get("ManagementAccountId").(string)
	if u, unknown := members[0].Properties.Get("ManagementAccountId").(*assize.Unknown); unknown {
		return c.unknown(u)
	}
	if !ok {
		return types.False
	}
	limits := c.limitsOf(management)
	limited, u := limits.on(account)
	if management == account {
		limited, u = limits.everywhere()
	}
	if u != nil {
		return c.unknown(u)
	}
	if !limited && management != account {
		c.accessed.evidence = append(c.accessed.evidence, c.beyondControl(members[0])...)
	}
	return types.Bool(limited)
}

// beyondControl shows a request for a model that nobody approved, by a role of the account that may do everything
// which its service control policies leave open, and a policy that stops it; nothing where that is not known.
func (c *evalContext) beyondControl(member *assize.Resource) []assize.Field {
	control := c.controlOf(member.Account)
	role := &assize.Resource{Type: roleType, Account: member.Account, Region: member.Region, ID: "any"}
	role.ARN = "arn:" + assize.Partition(c.region) + ":iam::" + member.Account + ":role/" + role.ID
	l := &layered{principal: role, identity: []source{{name: "of a role that may do everything", text: everythingAllowed}}, levels: control.levels, units: control.units}
	reply := c.judge(l, question{name: "BeyondControl", ask: (*rules.Judge).BeyondControl})
	for i, f := range reply.evidence {
		if f.Name == "policy to add" {
			reply.evidence[i].Name = "service control policy to attach"
		}
	}
	return reply.evidence
}

// everythingAllowed is the policy of an administrator.
const everythingAllowed = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// modelLimits are the service control policies of an organization as far as they limit models.
type modelLimits struct {
	c          *evalContext
	management string
	// by what it is attached to: whether a policy limits models there, or why that is not known.
	limits  map[string]bool
	unknown map[string]*assize.Unknown
	// missing is why there may be more policies, or more that they are attached to.
	missing *assize.Unknown
}

// limitsOf reads the policies of a management account, once a run.
func (c *evalContext) limitsOf(management string) *modelLimits {
	out := c.accessed.limits[management]
	if out == nil {
		out = c.readLimits(management)
		c.accessed.limits[management] = out
	}
	return out
}

func (c *evalContext) readLimits(management string) *modelLimits {
	out := &modelLimits{c: c, management: management, limits: map[string]bool{}, unknown: map[string]*assize.Unknown{}}
	policies, rest := c.graph.All(organizationPolicyType, management, "")
	attached, u := attachments(policies)
	if out.missing = u; rest != nil {
		out.missing = rest
	}
	for target, sources := range attached {
		for _, s := range sources {
			limits, u := c.sourceLimits(s)
			out.limits[target] = out.limits[target] || limits
			if u != nil {
				out.unknown[target] = u
			}
		}
	}
	return out
}

// sourceLimits says whether a policy limits models, or why that is not known.
func (c *evalContext) sourceLimits(s source) (bool, *assize.Unknown) {
	if s.unknown != nil {
		return false, s.unknown
	}
	if s.text == "" {
		return false, &assize.Unknown{Cause: assize.WrongAnswer, Detail: "policy " + s.name + " came without its content"}
	}
	d, unread := c.document(s.text, false)
	if unread != nil {
		return false, unread
	}
	p, partial := d.byName() // without its Allow a policy limits nothing, and with a wide one neither
	if partial != nil {
		return false, partial
	}
	a := iam.LimitsModels(p)
	return a.Yes(), undecidedBy(a)
}

// on says whether models are limited on a member account. A policy that does decides; without
// one everything above the account must have been read.
func (l *modelLimits) on(account string) (bool, *assize.Unknown) {
	path, known := l.c.unitsAbove(account, l.management)
	missing := l.missing
	for _, target := range l.targets() {
		isUnit, above := target[0] == 'o', target == account || target[0] == 'r' || slices.Contains(path, target)
		switch {
		case above && l.limits[target]:
			return true, nil
		case above && l.unknown[target] != nil:
			missing = l.unknown[target]
		case isUnit && !known && (l.limits[target] || l.unknown[target] != nil) && missing == nil:
			missing = &assize.Unknown{Cause: assize.NotConnected, Detail: "a service control policy stands on unit " + target + ", and in which units account " + account + " is was not read"}
		}
	}
	return false, missing
}

// targets are what policies are attached to, in order: accounts, units, roots.
func (l *modelLimits) targets() []string {
	var out []string
	for target := range l.limits {
		if target != "" {
			out = append(out, target)
		}
	}
	slices.Sort(out)
	return out
}

// everywhere says whether models are limited on every account but the management account.
func (l *modelLimits) everywhere() (bool, *assize.Unknown) {
	for _, target := range l.targets() {
		if target[0] == 'r' && l.limits[target] {
			return true, nil
		}
	}
	units, rest := l.c.graph.All(organizationUnitType, l.management, "")
	missing := rest
	all := true
	for _, unit := range units {
		for _, v := range elements(unit.Properties.Get("AccountIds")) {
			if u, unknown := v.(*assize.Unknown); unknown {
				missing = u
				continue
			}
			account, _ := v.(string)
			if account == "" || account == l.management {
				continue
			}
			switch limited, u := l.on(account); {
			case u != nil:
				missing = u
			case !limited:
				all = false
				l.c.accessed.evidence = append(l.c.accessed.evidence, assize.Field{Name: "not limited", Value: assize.Shown("account " + account + " in " + unit.ID)})
			}
		}
	}
	if all && missing != nil {
		return false, missing
	}
	return all, nil
}
