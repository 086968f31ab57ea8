package aws

import (
	"context"
	"slices"
	"strings"

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

	typeAgentCoreTokenVault = "AWS::BedrockAgentCore::TokenVault"
	opGetTokenVault         = "bedrock-agentcore-control:GetTokenVault"

	credentialProviderPage = 20
)

// agentCoreCredentialProviders reads what agents authenticate to others with, not the
// credentials: those lie in secrets, which the descriptions name. Vaults cannot be listed;
// they are known by the providers in them.
var agentCoreCredentialProviders = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-credential-providers", Service: "bedrock-agentcore-control", Scope: collect.Regional,
		Types: []string{typeAgentCoreAPIKeyProvider, typeAgentCoreOAuthProvider, typeAgentCoreTokenVault},
		Operations: []collect.Operation{
			agentCoreOperation(opListAPIKeyProviders), agentCoreOperation(opGetAPIKeyProvider),
			agentCoreOperation(opListOAuthProviders), agentCoreOperation(opGetOAuthProvider),
			agentCoreOperation(opGetTokenVault),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrockagentcorecontrol(t.Region)
		inKeys, err := collectAPIKeyProviders(ctx, api, t)
		if err != nil {
			return err
		}
		inTokens, err := collectOAuthProviders(ctx, api, t)
		if err != nil {
			return err
		}
		return collectTokenVaults(ctx, api, t, append(inKeys, inTokens...))
	},
}

// vaultOf takes the ARN of the vault out of that of a provider:
// arn:…:token-vault/default/apikeycredentialprovider/name.
func vaultOf(arn string) (string, bool) {
	head, rest, ok := strings.Cut(arn, ":token-vault/")
	id, _, inside := strings.Cut(rest, "/")
	return head + ":token-vault/" + id, ok && inside && id != ""
}

// collectTokenVaults reads the vaults in which providers stand. A provider without one in
// its ARN would hide its vault.
func collectTokenVaults(ctx context.Context, api *bedrockagentcorecontrol.Client, t *collect.Task, providers []string) error {
	var vaults []string
	for _, arn := range providers {
		vault, ok := vaultOf(arn)
		if !ok {
			t.Gap(opGetTokenVault, collect.Wrong("the provider %s names no token vault", arn), typeAgentCoreTokenVault)
			continue
		}
		if !slices.Contains(vaults, vault) {
			vaults = append(vaults, vault)
		}
	}
	return each(ctx, t, vaults,
		func(arn string) (string, string) { return typeAgentCoreTokenVault, lastOf(arn) },
		func(ctx context.Context, b *collect.Builder, arn string) {
			b.ARN(arn)
			describe(ctx, b, opGetTokenVault, api.GetTokenVault, &bedrockagentcorecontrol.GetTokenVaultInput{TokenVaultId: aws.String(lastOf(arn))})
		})
}

// collectAPIKeyProviders returns the ARNs of the providers.
func collectAPIKeyProviders(ctx context.Context, api *bedrockagentcorecontrol.Client, t *collect.Task) ([]string, error) {
	items := list(ctx, t, opListAPIKeyProviders,
		bedrockagentcorecontrol.NewListApiKeyCredentialProvidersPaginator(api, &bedrockagentcorecontrol.ListApiKeyCredentialProvidersInput{
			MaxResults: aws.Int32(credentialProviderPage),
		}),
		func(o *bedrockagentcorecontrol.ListApiKeyCredentialProvidersOutput) []types.ApiKeyCredentialProviderItem {
			return o.CredentialProviders
		},
		typeAgentCoreAPIKeyProvider, typeAgentCoreTokenVault)
	var arns []string
	for _, p := range items {
		arns = append(arns, aws.ToString(p.CredentialProviderArn))
	}
	return arns, each(ctx, t, items,
		func(p types.ApiKeyCredentialProviderItem) (string, string) {
			return typeAgentCoreAPIKeyProvider, aws.ToString(p.Name)
		},
		func(ctx context.Context, b *collect.Builder, p types.ApiKeyCredentialProviderItem) {
			b.ARN(aws.ToString(p.CredentialProviderArn))
			describe(ctx, b, opGetAPIKeyProvider, api.GetApiKeyCredentialProvider,
				&bedrockagentcorecontrol.GetApiKeyCredentialProviderInput{Name: p.Name})
		})
}

// collectOAuthProviders returns the ARNs of the providers.
func collectOAuthProviders(ctx context.Context, api *bedrockagentcorecontrol.Client, t *collect.Task) ([]string, error) {
	items := list(ctx, t, opListOAuthProviders,
		bedrockagentcorecontrol.NewListOauth2CredentialProvidersPaginator(api, &bedrockagentcorecontrol.ListOauth2CredentialProvidersInput{
			MaxResults: aws.Int32(credentialProviderPage),
		}),
		func(o *bedrockagentcorecontrol.ListOauth2CredentialProvidersOutput) []types.Oauth2CredentialProviderItem {
			return o.CredentialProviders
		},
		typeAgentCoreOAuthProvider, typeAgentCoreTokenVault)
	var arns []string
	for _, p := range items {
		arns = append(arns, aws.ToString(p.CredentialProviderArn))
	}
	return arns, each(ctx, t, items,
		func(p types.Oauth2CredentialProviderItem) (string, string) {
			return typeAgentCoreOAuthProvider, aws.ToString(p.Name)
		},
		func(ctx context.Context, b *collect.Builder, p types.Oauth2CredentialProviderItem) {
			b.ARN(aws.ToString(p.CredentialProviderArn))
			describe(ctx, b, opGetOAuthProvider, api.GetOauth2CredentialProvider,
				&bedrockagentcorecontrol.GetOauth2CredentialProviderInput{Name: p.Name})
		})
}
