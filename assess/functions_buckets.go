package assess

import (
	"regexp"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize/iam"
)

// callPublicPolicyAllows answers publicPolicyAllows(policy, arn, action): whether the
// policy grants one action on the resource, or on what lies below it, to everyone.
func callPublicPolicyAllows(args []ref.Val) ref.Val {
	action := string(args[3].(types.String))
	return policyAnswer(args, func(p *iam.Policy, arn string) iam.Answer { return iam.PublicAction(p, arn, action) })
}

// callPolicyGrantsOutside answers policyGrantsOutside(policy, arn, action): whether the
// policy grants the action to another account than the subject's, or to everyone.
func callPolicyGrantsOutside(args []ref.Val) ref.Val {
	account, action := args[0].(*evalContext).account, string(args[3].(types.String))
	return policyAnswer(args, func(p *iam.Policy, arn string) iam.Answer { return grantsBeyond(p, arn, account, nil, action) })
}

// accountID is an account within a principal.
var accountID = regexp.MustCompile(`\b\d{12}\b`)

// grantsBeyond is iam.GrantsBeyond of the subject's account and others. When a plan does
// not say the subject's account, it may be any of those that the policy names or none:
// the more accounts count as its own, the less the policy grants beyond them.
func grantsBeyond(p *iam.Policy, arn, account string, others []string, action string) iam.Answer {
	if account != "" {
		return iam.GrantsBeyond(p, arn, append([]string{account}, others...), action)
	}
	most := iam.GrantsBeyond(p, arn, others, action)
	named := slices.Clone(others)
	for i := range p.Len() {
		entries, _ := p.Statement(i).Principals()
		for _, e := range entries {
			named = append(named, accountID.FindAllString(e.Value, -1)...)
		}
	}
	if least := iam.GrantsBeyond(p, arn, named, action); least.Verdict != most.Verdict {
		return iam.Answer{Reason: unknownPlace}
	}
	return most
}
