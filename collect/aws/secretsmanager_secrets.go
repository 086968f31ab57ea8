package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

const (
	typeSecret        = "AWS::SecretsManager::Secret"
	opListSecrets     = "secretsmanager:ListSecrets"
	opGetSecretPolicy = "secretsmanager:GetResourcePolicy"

	secretPage = 100
)

// secretsManagerSecrets reads about secrets, never their values. The list says what the
// description of each would.
var secretsManagerSecrets = collector{
	Declaration: collect.Declaration{
		Name: "secretsmanager-secrets", Service: "secretsmanager", Scope: collect.Regional, Types: []string{typeSecret},
		Operations: []collect.Operation{
			{Name: opListSecrets, Actions: []string{opListSecrets}},
			{Name: opGetSecretPolicy, Actions: []string{opGetSecretPolicy}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.secretsmanager(t.Region)
		items := list(ctx, t, opListSecrets,
			secretsmanager.NewListSecretsPaginator(api, &secretsmanager.ListSecretsInput{MaxResults: aws.Int32(secretPage)}),
			func(o *secretsmanager.ListSecretsOutput) []types.SecretListEntry { return o.SecretList }, typeSecret)
		return each(ctx, t, items,
			func(s types.SecretListEntry) (string, string) { return typeSecret, aws.ToString(s.Name) },
			func(ctx context.Context, b *collect.Builder, s types.SecretListEntry) {
				b.ARN(aws.ToString(s.ARN))
				b.Answer(opListSecrets, s)
				describe(ctx, b, opGetSecretPolicy, api.GetResourcePolicy, &secretsmanager.GetResourcePolicyInput{SecretId: s.ARN})
			})
	},
}

func (c *clients) secretsmanager(region string) *secretsmanager.Client {
	return client(c, "secretsmanager", region, func(cfg aws.Config) *secretsmanager.Client { return secretsmanager.NewFromConfig(cfg) })
}
