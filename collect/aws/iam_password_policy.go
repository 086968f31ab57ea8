package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

const (
	typePasswordPolicy  = "AWS::IAM::AccountPasswordPolicy"
	opGetPasswordPolicy = "iam:GetAccountPasswordPolicy"
)

// iamPasswordPolicy reads the one password policy of the account. Where none was set,
// the default of IAM is in force, so there is a record all the same.
var iamPasswordPolicy = collector{
	Declaration: collect.Declaration{
		Name: "iam-password-policy", Service: "iam", Scope: collect.Global, Types: []string{typePasswordPolicy},
		Operations: []collect.Operation{{Name: opGetPasswordPolicy, Actions: []string{opGetPasswordPolicy}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		if b := t.New(typePasswordPolicy, "password-policy"); b != nil {
			describe(ctx, b, opGetPasswordPolicy, c.iam("").GetAccountPasswordPolicy, &iam.GetAccountPasswordPolicyInput{}, "NoSuchEntity")
			t.Emit(b)
		}
		t.Complete(typePasswordPolicy)
		return nil
	},
}
