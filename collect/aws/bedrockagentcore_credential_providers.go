package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCoreAPIKeyProvider = "AWS::BedrockAgentCore::ApiKeyCredentialProvider"
	opListAPIKeyProviders       = "bedrock-agentcore-control:ListApiKeyCredentialProviders"
	opGetAPIKeyProvider         = "bedrock-agentcore-control:GetApiKeyCredentialProvider"

	typeAgentCoreOAuthProvider = "AWS::BedrockAgentCore::OAuth2CredentialProvider"
	opListOAuthProviders       = "bedrock-agentcore-control:ListOauth2CredentialProviders"
	opGetOAuthProvider         = "bedrock-agentcore-control:GetOauth2CredentialProvider"

	credentialProviderPage = 20
)

// agentCoreCredentialProviders reads what agents authenticate to others with, not the
// credentials: those lie in secrets, which the descriptions name.
var agentCoreCredentialProviders = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-credential-providers", Service: "bedrock-agentcore-control", Scope: collect.Regional,
		Types: []string{typeAgentCoreAPIKeyProvider, typeAgentCoreOAuthProvider},
		Operations: []collect.Operation{
			agentCoreOperation(opListAPIKeyProviders), agentCoreOperation(opGetAPIKeyProvider),
			agentCoreOperation(opListOAuthProviders), agentCoreOperation(opGetOAuthProvider),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		if err := collectAPIKeyProviders(ctx, api, t); err != nil {
			return err
		}
		return collectOAuthProviders(ctx, api, t)
	},
}

func collectAPIKeyProviders(ctx context.Context, api *bedrockagentcorecontrol.Client, t *collect.Task) error {
	items := list(ctx, t, opListAPIKeyProviders,
		bedrockagentcorecontrol.NewListApiKeyCredentialProvidersPaginator(api, &bedrockagentcorecontrol.ListApiKeyCredentialProvidersInput{
			MaxResults: aws.Int32(credentialProviderPage),
		}),
		func(o *bedrockagentcorecontrol.ListApiKeyCredentialProvidersOutput) []types.ApiKeyCredentialProviderItem {
			return o.CredentialProviders
		},
		typeAgentCoreAPIKeyProvider)
	return each(ctx, t, items,
		func(p types.ApiKeyCredentialProviderItem) (string, string) {
			return typeAgentCoreAPIKeyProvider, aws.ToString(p.Name)
		},
		func(ctx context.Context, b *collect.Builder, p types.ApiKeyCredentialProviderItem) {
			b.ARN(aws.ToString(p.CredentialProviderArn))
			describe(ctx, b, opGetAPIKeyProvider, api.GetApiKeyCredentialProvider,
				&bedrockagentcorecontrol.GetApiKeyCredentialProviderInput{Name: p.Name})
		})
}

func collectOAuthProviders(ctx context.Context, api *bedrockagentcorecontrol.Client, t *collect.Task) error {
	items := list(ctx, t, opListOAuthProviders,
		bedrockagentcorecontrol.NewListOauth2CredentialProvidersPaginator(api, &bedrockagentcorecontrol.ListOauth2CredentialProvidersInput{
			MaxResults: aws.Int32(credentialProviderPage),
		}),
		func(o *bedrockagentcorecontrol.ListOauth2CredentialProvidersOutput) []types.Oauth2CredentialProviderItem {
			return o.CredentialProviders
		},
		typeAgentCoreOAuthProvider)
	return each(ctx, t, items,
		func(p types.Oauth2CredentialProviderItem) (string, string) {
			return typeAgentCoreOAuthProvider, aws.ToString(p.Name)
		},
		func(ctx context.Context, b *collect.Builder, p types.Oauth2CredentialProviderItem) {
			b.ARN(aws.ToString(p.CredentialProviderArn))
			describe(ctx, b, opGetOAuthProvider, api.GetOauth2CredentialProvider,
				&bedrockagentcorecontrol.GetOauth2CredentialProviderInput{Name: p.Name})
		})
}
