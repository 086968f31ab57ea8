package aws

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"
)

const (
	// wafSeenBytes is how much of a body AWS WAF looks at for API Gateway unless more was
	// asked for (AWS WAF Developer Guide, "Considerations for managing body inspection").
	wafSeenBytes = 16 * 1024

	// commonRules has a rule that blocks bodies over 8 KB (AWS WAF Developer Guide,
	// "Baseline rule groups").
	commonRules, commonBodyRule = "AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY"
)

// limitsBodies tells whether a rule blocks every request whose body is over a size. A rule
// that only counts, or that asks for something else of the request too, does not.
func limitsBodies(r types.Rule) bool {
	if r.Statement == nil {
		return false
	}
	if m := r.Statement.ManagedRuleGroupStatement; m != nil {
		counted := r.OverrideAction != nil && r.OverrideAction.Count != nil
		return !counted && m.ScopeDownStatement == nil && blocksLargeBodies(m)
	}
	return r.Action != nil && r.Action.Block != nil && matchesLargeBodies(r.Statement)
}

// matchesLargeBodies tells whether the statement, or one of those that it joins by "or",
// matches every body over a size.
func matchesLargeBodies(s *types.Statement) bool {
	if or := s.OrStatement; or != nil {
		return slices.ContainsFunc(or.Statements, func(s types.Statement) bool { return matchesLargeBodies(&s) })
	}
	size := s.SizeConstraintStatement
	if size == nil || size.FieldToMatch == nil || size.FieldToMatch.Body == nil {
		return false // parts of a body can be small in a large one
	}
	if size.ComparisonOperator != types.ComparisonOperatorGt && size.ComparisonOperator != types.ComparisonOperatorGe {
		return false
	}
	// What lies behind the part that is looked at is judged by the handling alone.
	oversize := size.FieldToMatch.Body.OversizeHandling
	return oversize == types.OversizeHandlingMatch || oversize != types.OversizeHandlingNoMatch && size.Size < wafSeenBytes
}

// blocksLargeBodies tells whether the managed rule group is the one of AWS that blocks large
// bodies, with that rule in force.
func blocksLargeBodies(m *types.ManagedRuleGroupStatement) bool {
	if aws.ToString(m.VendorName) != "AWS" || aws.ToString(m.Name) != commonRules {
		return false
	}
	excluded := slices.ContainsFunc(m.ExcludedRules, func(e types.ExcludedRule) bool { return aws.ToString(e.Name) == commonBodyRule })
	overridden := slices.ContainsFunc(m.RuleActionOverrides, func(o types.RuleActionOverride) bool {
		return aws.ToString(o.Name) == commonBodyRule && (o.ActionToUse == nil || o.ActionToUse.Block == nil)
	})
	return !excluded && !overridden
}
