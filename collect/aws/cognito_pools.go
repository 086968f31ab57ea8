package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	identitytypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentity/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

const (
	typeUserPool       = "AWS::Cognito::UserPool"
	opListUserPools    = "cognito-idp:ListUserPools"
	opDescribeUserPool = "cognito-idp:DescribeUserPool"

	typeIdentityPool       = "AWS::Cognito::IdentityPool"
	opListIdentityPools    = "cognito-identity:ListIdentityPools"
	opDescribeIdentityPool = "cognito-identity:DescribeIdentityPool"

	poolPage = 60
)

// cognitoUserPools reads the pools, never their users.
var cognitoUserPools = collector{
	Declaration: collect.Declaration{
		Name: "cognito-user-pools", Service: "cognito-idp", Scope: collect.Regional, Types: []string{typeUserPool},
		Operations: []collect.Operation{
			{Name: opListUserPools, Actions: []string{opListUserPools}},
			{Name: opDescribeUserPool, Actions: []string{opDescribeUserPool}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.cognitoidp(t.Region)
		items := list(ctx, t, opListUserPools,
			cognitoidentityprovider.NewListUserPoolsPaginator(api, &cognitoidentityprovider.ListUserPoolsInput{MaxResults: aws.Int32(poolPage)}),
			func(o *cognitoidentityprovider.ListUserPoolsOutput) []types.UserPoolDescriptionType {
				return o.UserPools
			},
			typeUserPool)
		return each(ctx, t, items,
			func(p types.UserPoolDescriptionType) (string, string) { return typeUserPool, aws.ToString(p.Id) },
			func(ctx context.Context, b *collect.Builder, p types.UserPoolDescriptionType) {
				b.ARN("arn:" + assize.Partition(t.Region) + ":cognito-idp:" + t.Region + ":" + t.Account + ":userpool/" + aws.ToString(p.Id))
				describe(ctx, b, opDescribeUserPool, api.DescribeUserPool, &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: p.Id})
			})
	},
}

var cognitoIdentityPools = collector{
	Declaration: collect.Declaration{
		Name: "cognito-identity-pools", Service: "cognito-identity", Scope: collect.Regional, Types: []string{typeIdentityPool},
		Operations: []collect.Operation{
			{Name: opListIdentityPools, Actions: []string{opListIdentityPools}},
			{Name: opDescribeIdentityPool, Actions: []string{opDescribeIdentityPool}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.cognitoidentity(t.Region)
		items := list(ctx, t, opListIdentityPools,
			cognitoidentity.NewListIdentityPoolsPaginator(api, &cognitoidentity.ListIdentityPoolsInput{MaxResults: aws.Int32(poolPage)}),
			func(o *cognitoidentity.ListIdentityPoolsOutput) []identitytypes.IdentityPoolShortDescription {
				return o.IdentityPools
			},
			typeIdentityPool)
		return each(ctx, t, items,
			func(p identitytypes.IdentityPoolShortDescription) (string, string) {
				return typeIdentityPool, aws.ToString(p.IdentityPoolId)
			},
			func(ctx context.Context, b *collect.Builder, p identitytypes.IdentityPoolShortDescription) {
				b.ARN("arn:" + assize.Partition(t.Region) + ":cognito-identity:" + t.Region + ":" + t.Account + ":identitypool/" + aws.ToString(p.IdentityPoolId))
				describe(ctx, b, opDescribeIdentityPool, api.DescribeIdentityPool, &cognitoidentity.DescribeIdentityPoolInput{IdentityPoolId: p.IdentityPoolId})
			})
	},
}

func (c *clients) cognitoidp(region string) *cognitoidentityprovider.Client {
	return client(c, "cognito-idp", region, func(cfg aws.Config) *cognitoidentityprovider.Client {
		return cognitoidentityprovider.NewFromConfig(cfg)
	})
}

func (c *clients) cognitoidentity(region string) *cognitoidentity.Client {
	return client(c, "cognito-identity", region, func(cfg aws.Config) *cognitoidentity.Client { return cognitoidentity.NewFromConfig(cfg) })
}
