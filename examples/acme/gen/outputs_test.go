package main

import (
	"time"

	atypes "github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	btypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	core "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/comprehend"
	cptypes "github.com/aws/aws-sdk-go-v2/service/comprehend/types"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	cstypes "github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	itypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	intypes "github.com/aws/aws-sdk-go-v2/service/inspector2/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	latypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	mtypes "github.com/aws/aws-sdk-go-v2/service/macie2/types"
	"github.com/aws/aws-sdk-go-v2/service/opensearchserverless"
	ostypes "github.com/aws/aws-sdk-go-v2/service/opensearchserverless/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	otypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	smtypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	sectypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	shtypes "github.com/aws/aws-sdk-go-v2/service/securityhub/types"
)

// moreOutputs are those of what stands in account.yaml and prod-services.yaml.
var moreOutputs = map[string]any{
	"accessanalyzer:ListAnalyzers":               atypes.AnalyzerSummary{},
	"accessanalyzer:ListFindingsV2":              struct{ Findings []struct{} }{},
	"bedrock:GetEvaluationJob":                   bedrock.GetEvaluationJobOutput{},
	"bedrock:ListEvaluationJobs":                 btypes.EvaluationSummary{},
	"bedrock:ListInferenceProfiles":              btypes.InferenceProfileSummary{},
	"sagemaker:ListSpaces":                       struct{ OwnerUserProfileID *string }{},
	"sagemaker:DescribeSpace":                    sagemaker.DescribeSpaceOutput{},
	"sagemaker:DescribeUserProfile":              sagemaker.DescribeUserProfileOutput{},
	"bedrock:ListAutomatedReasoningPolicies":     bedrock.ListAutomatedReasoningPoliciesOutput{},
	"bedrock:GetAutomatedReasoningPolicy":        bedrock.GetAutomatedReasoningPolicyOutput{},
	"bedrock:ListPromptRouters":                  btypes.PromptRouterSummary{},
	"bedrock-agent:GetFlow":                      bedrockagent.GetFlowOutput{},
	"bedrock-agent:GetPrompt":                    bedrockagent.GetPromptOutput{},
	"bedrock-agent:ListPrompts":                  bedrockagent.ListPromptsOutput{},
	"bedrock-agent:ValidateFlowDefinition":       bedrockagent.ValidateFlowDefinitionOutput{},
	"bedrock-agentcore-control:GetGatewayTarget": core.GetGatewayTargetOutput{},
	"comprehend:ListEntityRecognizers":           cptypes.EntityRecognizerProperties{},
	"comprehend:ListTagsForResource":             comprehend.ListTagsForResourceOutput{},
	"config:DescribeConfigurationRecorderStatus": configservice.DescribeConfigurationRecorderStatusOutput{},
	"config:DescribeConfigurationRecorders":      cstypes.ConfigurationRecorder{},
	"ec2:GetEbsDefaultKmsKeyId":                  ec2.GetEbsDefaultKmsKeyIdOutput{},
	"ec2:GetEbsEncryptionByDefault":              ec2.GetEbsEncryptionByDefaultOutput{},
	"ecr:DescribeRepositories":                   ecrtypes.Repository{},
	"ecr:GetLifecyclePolicy":                     ecr.GetLifecyclePolicyOutput{},
	"ecr:GetRegistryScanningConfiguration":       ecr.GetRegistryScanningConfigurationOutput{},
	"ecr:ListTagsForResource":                    ecr.ListTagsForResourceOutput{},
	"guardduty:GetDetector":                      guardduty.GetDetectorOutput{},
	"guardduty:GetFindingsStatistics":            guardduty.GetFindingsStatisticsOutput{},
	"iam:GetAccountPasswordPolicy":               iam.GetAccountPasswordPolicyOutput{},
	"iam:ListOrganizationsFeatures":              iam.ListOrganizationsFeaturesOutput{},
	"iam:ListSAMLProviders":                      itypes.SAMLProviderListEntry{},
	"inspector2:BatchGetAccountStatus":           intypes.AccountState{},
	"lambda:GetFunctionConcurrency":              lambda.GetFunctionConcurrencyOutput{},
	"lambda:GetPolicy":                           lambda.GetPolicyOutput{},
	"lambda:ListFunctions":                       latypes.FunctionConfiguration{},
	"lambda:ListTags":                            lambda.ListTagsOutput{},
	"macie2:DescribeBuckets":                     mtypes.BucketMetadata{},
	"macie2:GetAutomatedDiscoveryConfiguration":  macie2.GetAutomatedDiscoveryConfigurationOutput{},
	"macie2:GetMacieSession":                     macie2.GetMacieSessionOutput{},
	"opensearchserverless:BatchGetCollection":    ostypes.CollectionDetail{},
	"opensearchserverless:ListTagsForResource":   opensearchserverless.ListTagsForResourceOutput{},
	"organizations:DescribePolicy":               organizations.DescribePolicyOutput{},
	"organizations:ListPolicies":                 otypes.PolicySummary{},
	"organizations:ListTargetsForPolicy":         organizations.ListTargetsForPolicyOutput{},
	"s3control:GetPublicAccessBlock":             s3control.GetPublicAccessBlockOutput{},
	"sagemaker:DescribeDomain":                   sagemaker.DescribeDomainOutput{},
	"sagemaker:DescribeModelPackage":             sagemaker.DescribeModelPackageOutput{},
	"sagemaker:ListModelPackageGroups":           smtypes.ModelPackageGroupSummary{},
	"secretsmanager:GetResourcePolicy":           secretsmanager.GetResourcePolicyOutput{},
	"secretsmanager:ListSecrets":                 sectypes.SecretListEntry{},
	"securityhub:DescribeHub":                    securityhub.DescribeHubOutput{},
	"securityhub:GetEnabledStandards":            shtypes.StandardsSubscription{},

	// As collectors put them together.
	"account:GetAlternateContact": struct {
		AlternateContactType       string
		HasEmailAddress, HasNumber bool
	}{},
	"bedrock:ListGuardrails": struct {
		Guardrails []struct {
			Version              string
			Status               btypes.GuardrailStatus
			CreatedAt, UpdatedAt time.Time
			SameAsDraft          bool
		}
	}{},
	"iam:GetAccountAuthorizationDetails": struct { // of an inline policy
		PolicyName, PolicyDocument string
		Roles, Users, Groups       []string
	}{},
	"macie2:GetFindingStatistics":                    struct{ Count int64 }{},
	"opensearchserverless:GetAccessPolicy":           serverlessPolicy{},
	"opensearchserverless:GetSecurityPolicy":         serverlessPolicy{},
	"organizations:ListAccountsForParent":            struct{ Accounts []struct{ ID string } }{},
	"organizations:ListOrganizationalUnitsForParent": struct{ ID, Name, ParentID string }{},
	"organizations:DescribeEffectivePolicy":          struct{ AIServicesOptOut, Bedrock, Tag string }{},
	"organizations:DescribeOrganization": struct {
		OrganizationID, ManagementAccountID, ManagementAccountARN string
		FeatureSet                                                otypes.OrganizationFeatureSet
	}{},
}

type serverlessPolicy struct {
	Statements []struct {
		Description string
		Rules       []struct {
			ResourceType         string
			Resource, Permission []string
		}
		AllowFromPublic                        bool
		SourceVPCEs, SourceServices, Principal []string
	}
}
