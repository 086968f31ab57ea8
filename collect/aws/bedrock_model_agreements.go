package aws

import (
	"context"
	"slices"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
)

const (
	typeModelAgreement     = "AWS::Bedrock::FoundationModelAgreement"
	opGetModelAvailability = "bedrock:GetFoundationModelAvailability"
	opListAgreementOffers  = "bedrock:ListFoundationModelAgreementOffers"
)

// bedrockModelAgreements reads for which models of third parties the account has an
// agreement: one request a model, and one more for those that have one. Models of Amazon
// need none, and variants that are only for provisioned throughput have that of their model.
var bedrockModelAgreements = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-model-agreements", Service: "bedrock", Scope: collect.Regional, Types: []string{typeModelAgreement},
		Operations: []collect.Operation{
			bedrockOperation(opListFoundationModels),
			bedrockOperation(opGetModelAvailability),
			bedrockOperation(opListAgreementOffers),
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.bedrock(t.Region)
		models := listOnce(ctx, t, opListFoundationModels, api.ListFoundationModels, &bedrock.ListFoundationModelsInput{},
			func(o *bedrock.ListFoundationModelsOutput) []types.FoundationModelSummary {
				return slices.DeleteFunc(o.ModelSummaries, needsNoAgreement)
			},
			typeModelAgreement)
		return each(ctx, t, models,
			func(s types.FoundationModelSummary) (string, string) {
				return typeModelAgreement, aws.ToString(s.ModelId)
			},
			func(ctx context.Context, b *collect.Builder, s types.FoundationModelSummary) {
				b.Answer(opListFoundationModels, s)
				describeAgreement(ctx, b, api, s.ModelId)
			})
	},
}

func needsNoAgreement(s types.FoundationModelSummary) bool {
	onlyProvisioned := len(s.InferenceTypesSupported) > 0 &&
		!slices.ContainsFunc(s.InferenceTypesSupported, func(i types.InferenceType) bool { return i != types.InferenceTypeProvisioned })
	return aws.ToString(s.ProviderName) == "Amazon" || onlyProvisioned
}

// describeAgreement adds whether there is an agreement, and what is offered: a model
// without offers is open to every account and needs none.
func describeAgreement(ctx context.Context, b *collect.Builder, api *bedrock.Client, model *string) {
	out := describe(ctx, b, opGetModelAvailability, api.GetFoundationModelAvailability,
		&bedrock.GetFoundationModelAvailabilityInput{ModelId: model})
	if out != nil && (out.AgreementAvailability == nil || out.AgreementAvailability.Status == types.AgreementStatusNotAvailable) {
		b.None(opListAgreementOffers, "no agreement")
		return
	}
	describe(ctx, b, opListAgreementOffers, api.ListFoundationModelAgreementOffers,
		&bedrock.ListFoundationModelAgreementOffersInput{ModelId: model}, "ValidationException", "ResourceNotFoundException")
}
