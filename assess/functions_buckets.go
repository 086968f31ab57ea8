package assess

import (
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
	return policyAnswer(args, func(p *iam.Policy, arn string) iam.Answer { return iam.GrantsOutside(p, arn, account, action) })
}
