package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

const (
	typeServiceCredential    = "AWS::IAM::ServiceSpecificCredential"
	opListServiceCredentials = "iam:ListServiceSpecificCredentials"

	// bedrockKeys is the service whose credentials are long-term API keys of Bedrock.
	bedrockKeys = "bedrock.amazonaws.com"
)

// iamServiceCredentials lists the long-term API keys of Bedrock of all users at once.
// Short-term keys are made by their user, and no API knows of them.
var iamServiceCredentials = collector{
	Declaration: collect.Declaration{
		Name: "iam-service-credentials", Service: "iam", Scope: collect.Global, Types: []string{typeServiceCredential},
		Operations: []collect.Operation{{Name: opListServiceCredentials, Actions: []string{opListServiceCredentials}, MayBeEmpty: true}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		all := list(ctx, t, opListServiceCredentials, &credentialPages{api: c.iam("")},
			func(o *iam.ListServiceSpecificCredentialsOutput) []types.ServiceSpecificCredentialMetadata {
				return o.ServiceSpecificCredentials
			}, typeServiceCredential)
		key := func(k types.ServiceSpecificCredentialMetadata) (string, string) {
			return typeServiceCredential, aws.ToString(k.ServiceSpecificCredentialId)
		}
		return each(ctx, t, all, key, func(_ context.Context, b *collect.Builder, k types.ServiceSpecificCredentialMetadata) {
			b.Answer(opListServiceCredentials, k)
		})
	},
}

// credentialPages is the paginator that the SDK does not have.
type credentialPages struct {
	api    *iam.Client
	marker *string
	begun  bool
}

// HasMorePages implements pager.
func (p *credentialPages) HasMorePages() bool { return !p.begun || p.marker != nil }

// NextPage implements pager.
func (p *credentialPages) NextPage(ctx context.Context, optFns ...func(*iam.Options)) (*iam.ListServiceSpecificCredentialsOutput, error) {
	out, err := p.api.ListServiceSpecificCredentials(ctx, &iam.ListServiceSpecificCredentialsInput{
		AllUsers: aws.Bool(true), ServiceName: aws.String(bedrockKeys), Marker: p.marker, MaxItems: aws.Int32(iamPage),
	}, optFns...)
	if err != nil {
		return nil, err
	}
	p.begun, p.marker = true, nil
	if out.IsTruncated {
		p.marker = out.Marker
	}
	return out, nil
}
