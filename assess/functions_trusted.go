package assess

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// callPolicyGrantsBeyond answers policyGrantsBeyond(policy, arn, action, accounts):
// whether the policy grants the action to an account that is neither the subject's nor
// in the list, or to everyone.
func callPolicyGrantsBeyond(args []ref.Val) ref.Val {
	c, action := args[0].(*evalContext), string(args[3].(types.String))
	var accounts []string
	for it := args[4].(traits.Lister).Iterator(); it.HasNext() == types.True; {
		account, ok := it.Next().(types.String)
		if !ok {
			return c.unknown(&assize.Unknown{Cause: assize.ErrorInRule, Detail: "an account of the list is not known"})
		}
		accounts = append(accounts, string(account))
	}
	return policyAnswer(args, func(p *iam.Policy, arn string) iam.Answer { return grantsBeyond(p, arn, c.account, accounts, action) })
}
