package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
)

const (
	typeAccountBlock  = "AWS::S3::AccountPublicAccessBlock"
	opGetAccountBlock = "s3control:GetPublicAccessBlock"
	idAccountBlock    = "account"
)

// s3AccountBlock reads the one setting of the account. Its record is there whether the
// setting was made or not: not made is a None, what cannot be read is a gap in it.
var s3AccountBlock = collector{
	Declaration: collect.Declaration{
		Name: "s3-account-public-access-block", Service: "s3", Scope: collect.Global, Types: []string{typeAccountBlock},
		Operations: []collect.Operation{{Name: opGetAccountBlock, Actions: []string{"s3:GetAccountPublicAccessBlock"}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		t.Complete(typeAccountBlock)
		b := t.New(typeAccountBlock, idAccountBlock)
		if b == nil {
			return nil
		}
		describe(ctx, b, opGetAccountBlock, c.s3control(t.Region).GetPublicAccessBlock,
			&s3control.GetPublicAccessBlockInput{AccountId: aws.String(t.Account)}, "NoSuchPublicAccessBlockConfiguration")
		t.Emit(b)
		return nil
	},
}
