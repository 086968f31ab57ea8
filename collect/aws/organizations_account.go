package aws

import (
	"context"
	"errors"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

const (
	typeOrgAccount = "AWS::Organizations::Account"
	typeOrgPolicy  = "AWS::Organizations::Policy"

	opDescribeOrganization = "organizations:DescribeOrganization"
	opEffectivePolicy      = "organizations:DescribeEffectivePolicy"
	opListPolicies         = "organizations:ListPolicies"
	opDescribePolicy       = "organizations:DescribePolicy"
	opListPolicyTargets    = "organizations:ListTargetsForPolicy"
	opListRootFeatures     = "iam:ListOrganizationsFeatures"

	codeNoOrganization    = "AWSOrganizationsNotInUseException"
	codeNoEffectivePolicy = "EffectivePolicyNotFoundException"
	// codeNoPolicyType is how a partition answers that does not have a kind of policy yet;
	// the kind is all that the request says.
	codeNoPolicyType = "InvalidInputException"
)

// policyTypes are the kinds of policy that say something of AI.
var policyTypes = []types.PolicyType{
	types.PolicyTypeServiceControlPolicy, types.PolicyTypeResourceControlPolicy, types.PolicyTypeAiservicesOptOutPolicy,
	types.PolicyTypeBedrockPolicy, types.PolicyTypeTagPolicy,
}

// organizationsAccount reads the account's place in its organization and the policies in
// force for it, which each account may ask for; and, from the management account, the
// policies themselves, which stand there and in no other account.
var organizationsAccount = collector{
	Declaration: collect.Declaration{
		Name: "organizations-account", Service: "organizations", Scope: collect.Global, Types: []string{typeOrgAccount, typeOrgPolicy},
		Operations: []collect.Operation{
			{Name: opDescribeOrganization, Actions: []string{opDescribeOrganization}},
			{Name: opEffectivePolicy, Actions: []string{opEffectivePolicy}},
			{Name: opListPolicies, Actions: []string{opListPolicies}, MayBeEmpty: true},
			{Name: opDescribePolicy, Actions: []string{opDescribePolicy}},
			{Name: opListPolicyTargets, Actions: []string{opListPolicyTargets}, MayBeEmpty: true},
			{Name: opListRootFeatures, Actions: []string{opListRootFeatures}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.organizations()
		out, err := call(ctx, t, opDescribeOrganization, api.DescribeOrganization, &organizations.DescribeOrganizationInput{})
		if f := (*collect.Failure)(nil); errors.As(err, &f) && f.Code == codeNoOrganization {
			t.Complete(typeOrgAccount, typeOrgPolicy)
			return nil
		}
		if err == nil && out.Organization == nil {
			err = collect.Wrong("there is no organization in the answer")
		}
		if err != nil {
			t.Gap(opDescribeOrganization, err)
			return nil
		}
		manages := aws.ToString(out.Organization.MasterAccountId) == t.Account
		if b := t.New(typeOrgAccount, t.Account); b != nil {
			describeMembership(ctx, b, c, out.Organization, manages)
			t.Emit(b)
		}
		t.Complete(typeOrgAccount)
		if !manages {
			t.Complete(typeOrgPolicy) // they stand in the management account
			return nil
		}
		return organizationPolicies(ctx, t, api)
	},
}

// membership is what is kept of the organization: no addresses.
type membership struct {
	OrganizationID, ManagementAccountID, ManagementAccountARN *string
	FeatureSet                                                types.OrganizationFeatureSet
}

func describeMembership(ctx context.Context, b *collect.Builder, c *clients, o *types.Organization, manages bool) {
	b.ARN("arn:" + assize.Partition(c.home) + ":organizations::" + aws.ToString(o.MasterAccountId) + ":account/" + aws.ToString(o.Id) + "/" + b.ID())
	b.Answer(opDescribeOrganization, membership{o.Id, o.MasterAccountId, o.MasterAccountArn, o.FeatureSet})
	effectivePolicies(ctx, b, c.organizations())
	if !manages {
		b.None(opListRootFeatures, "AccountNotManagement")
		return
	}
	describe(ctx, b, opListRootFeatures, c.iam("").ListOrganizationsFeatures, &iam.ListOrganizationsFeaturesInput{}, "ServiceAccessNotEnabledException", "ServiceAccessNotEnabled")
}

// effective holds the content of the policies in force; nil where there is none.
type effective struct{ AIServicesOptOut, Bedrock, Tag *string }

// effectivePolicies asks for each kind. One that cannot be had leaves all unknown,
// because an operation answers once.
func effectivePolicies(ctx context.Context, b *collect.Builder, api *organizations.Client) {
	var found effective
	for _, k := range []struct {
		kind types.EffectivePolicyType
		to   **string
	}{
		{types.EffectivePolicyTypeAiservicesOptOutPolicy, &found.AIServicesOptOut},
		{types.EffectivePolicyTypeBedrockPolicy, &found.Bedrock},
		{types.EffectivePolicyTypeTagPolicy, &found.Tag},
	} {
		out, err := call(ctx, b.Task(), opEffectivePolicy, api.DescribeEffectivePolicy, &organizations.DescribeEffectivePolicyInput{PolicyType: k.kind})
		if f := (*collect.Failure)(nil); errors.As(err, &f) && (f.Code == codeNoEffectivePolicy || f.Code == codeNoPolicyType) {
			continue
		}
		if err == nil && out.EffectivePolicy == nil {
			err = collect.Wrong("there is no policy in the answer")
		}
		if err != nil {
			b.Fail(opEffectivePolicy, err)
			return
		}
		*k.to = out.EffectivePolicy.PolicyContent
	}
	b.Answer(opEffectivePolicy, found)
}

func organizationPolicies(ctx context.Context, t *collect.Task, api *organizations.Client) error {
	var all []types.PolicySummary
	for _, kind := range policyTypes {
		in := &organizations.ListPoliciesInput{Filter: kind}
		found, err := pages(ctx, t, opListPolicies, t.Region, organizations.NewListPoliciesPaginator(api, in),
			func(o *organizations.ListPoliciesOutput) []types.PolicySummary { return o.Policies })
		if f := (*collect.Failure)(nil); errors.As(err, &f) && f.Code == codeNoPolicyType {
			continue
		}
		if err != nil {
			t.Gap(opListPolicies, err, typeOrgPolicy)
		}
		all = append(all, found...)
	}
	t.Complete(typeOrgPolicy) // unless a gap says otherwise
	key := func(p types.PolicySummary) (string, string) { return typeOrgPolicy, aws.ToString(p.Id) }
	return each(ctx, t, all, key, func(ctx context.Context, b *collect.Builder, p types.PolicySummary) {
		b.ARN(aws.ToString(p.Arn))
		b.Answer(opListPolicies, p)
		describe(ctx, b, opDescribePolicy, api.DescribePolicy, &organizations.DescribePolicyInput{PolicyId: p.Id})
		gather(ctx, b, opListPolicyTargets, organizations.NewListTargetsForPolicyPaginator(api, &organizations.ListTargetsForPolicyInput{PolicyId: p.Id}),
			"Targets", func(o *organizations.ListTargetsForPolicyOutput) []types.PolicyTargetSummary { return o.Targets })
	})
}
