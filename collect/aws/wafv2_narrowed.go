package aws

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"
)

// narrowedRule is a rule, or a group of Firewall Manager, whose group looks at some
// requests only, or of which some rules do not act.
type narrowedRule struct {
	Rule       *string
	ScopedDown bool
	Relaxed    []string
}

// narrowedRules are those of the web ACL and of Firewall Manager.
func narrowedRules(acl *types.WebACL) []narrowedRule {
	found := []narrowedRule{}
	add := func(n narrowedRule) {
		if n.ScopedDown || len(n.Relaxed) > 0 {
			found = append(found, n)
		}
	}
	managed := func(name *string, s *types.ManagedRuleGroupStatement) {
		if s != nil {
			add(narrowedRule{Rule: name, ScopedDown: s.ScopeDownStatement != nil, Relaxed: relaxedRules(s.ExcludedRules, s.RuleActionOverrides)})
		}
	}
	for _, r := range acl.Rules {
		if r.Statement == nil {
			continue
		}
		managed(r.Name, r.Statement.ManagedRuleGroupStatement)
		if s := r.Statement.RuleGroupReferenceStatement; s != nil {
			add(narrowedRule{Rule: r.Name, Relaxed: relaxedRules(s.ExcludedRules, s.RuleActionOverrides)})
		}
	}
	for _, groups := range [][]types.FirewallManagerRuleGroup{acl.PreProcessFirewallManagerRuleGroups, acl.PostProcessFirewallManagerRuleGroups} {
		for _, g := range groups {
			if g.FirewallManagerStatement != nil {
				managed(g.Name, g.FirewallManagerStatement.ManagedRuleGroupStatement)
			}
		}
	}
	return found
}

// relaxedRules names the rules of the group that only count, or let the request in.
// Excluded rules are the older way to say Count.
func relaxedRules(excluded []types.ExcludedRule, overrides []types.RuleActionOverride) []string {
	names := []string{}
	for _, e := range excluded {
		names = append(names, aws.ToString(e.Name))
	}
	for _, o := range overrides {
		if o.ActionToUse != nil && (o.ActionToUse.Count != nil || o.ActionToUse.Allow != nil) {
			names = append(names, aws.ToString(o.Name))
		}
	}
	return names
}
