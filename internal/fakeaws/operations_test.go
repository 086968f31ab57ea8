package fakeaws_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	bedrocktypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	agenttypes "github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	guarddutytypes "github.com/aws/aws-sdk-go-v2/service/guardduty/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/macie2"
	macietypes "github.com/aws/aws-sdk-go-v2/service/macie2/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/securityhub"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"
	"github.com/aws/aws-sdk-go-v2/service/xray"
)

// operations calls every operation that has a shipped fixture, by its path there.
var operations = map[string]sdkCall{
	"accessanalyzer/ListAnalyzers": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return accessanalyzer.NewFromConfig(cfg).ListAnalyzers(ctx, &accessanalyzer.ListAnalyzersInput{NextToken: in["nextToken"]})
	},
	"accessanalyzer/ListFindingsV2": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return accessanalyzer.NewFromConfig(cfg).ListFindingsV2(ctx, &accessanalyzer.ListFindingsV2Input{AnalyzerArn: aws.String("arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/outside")})
	},
	"ce/GetAnomalyMonitors": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return costexplorer.NewFromConfig(cfg).GetAnomalyMonitors(ctx, &costexplorer.GetAnomalyMonitorsInput{})
	},
	"ce/GetAnomalySubscriptions": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return costexplorer.NewFromConfig(cfg).GetAnomalySubscriptions(ctx, &costexplorer.GetAnomalySubscriptionsInput{})
	},
	"glue/GetMLTransforms": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return glue.NewFromConfig(cfg).GetMLTransforms(ctx, &glue.GetMLTransformsInput{})
	},
	"service-quotas/ListAWSDefaultServiceQuotas": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return servicequotas.NewFromConfig(cfg).ListAWSDefaultServiceQuotas(ctx, &servicequotas.ListAWSDefaultServiceQuotasInput{ServiceCode: aws.String("bedrock")})
	},
	"service-quotas/ListServiceQuotas": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return servicequotas.NewFromConfig(cfg).ListServiceQuotas(ctx, &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String("bedrock")})
	},
	"iam/GenerateServiceLastAccessedDetails": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return iam.NewFromConfig(cfg).GenerateServiceLastAccessedDetails(ctx, &iam.GenerateServiceLastAccessedDetailsInput{Arn: aws.String("arn:aws:iam::111122223333:role/r")})
	},
	"iam/GetServiceLastAccessedDetails": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return iam.NewFromConfig(cfg).GetServiceLastAccessedDetails(ctx, &iam.GetServiceLastAccessedDetailsInput{JobId: aws.String("examplea-1234-b567-cde8-90fg123abcd4")})
	},
	"iam/ListOrganizationsFeatures": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return iam.NewFromConfig(cfg).ListOrganizationsFeatures(ctx, &iam.ListOrganizationsFeaturesInput{})
	},
	"iam/ListServiceSpecificCredentials": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return iam.NewFromConfig(cfg).ListServiceSpecificCredentials(ctx, &iam.ListServiceSpecificCredentialsInput{AllUsers: aws.Bool(true)})
	},
	"organizations/DescribeEffectivePolicy": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return organizations.NewFromConfig(cfg).DescribeEffectivePolicy(ctx, &organizations.DescribeEffectivePolicyInput{PolicyType: orgtypes.EffectivePolicyType(*in.need("PolicyType"))})
	},
	"bedrock-agent/GetAgentActionGroup": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).GetAgentActionGroup(ctx, &bedrockagent.GetAgentActionGroupInput{AgentId: in.need("agentId"), AgentVersion: in.need("agentVersion"), ActionGroupId: in.need("actionGroupId")})
	},
	"bedrock-agent/GetDataSource": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).GetDataSource(ctx, &bedrockagent.GetDataSourceInput{KnowledgeBaseId: in.need("knowledgeBaseId"), DataSourceId: in.need("dataSourceId")})
	},
	"bedrock-agent/GetAgentVersion": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).GetAgentVersion(ctx, &bedrockagent.GetAgentVersionInput{AgentId: in.need("agentId"), AgentVersion: in.need("agentVersion")})
	},
	"bedrock-agent/GetFlowVersion": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).GetFlowVersion(ctx, &bedrockagent.GetFlowVersionInput{FlowIdentifier: in.need("flowIdentifier"), FlowVersion: in.need("flowVersion")})
	},
	"bedrock-agent/GetFlow": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).GetFlow(ctx, &bedrockagent.GetFlowInput{FlowIdentifier: in.need("flowIdentifier")})
	},
	"bedrock-agent/GetIngestionJob": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).GetIngestionJob(ctx, &bedrockagent.GetIngestionJobInput{KnowledgeBaseId: in.need("knowledgeBaseId"), DataSourceId: in.need("dataSourceId"), IngestionJobId: in.need("ingestionJobId")})
	},
	"bedrock-agent/GetPrompt": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).GetPrompt(ctx, &bedrockagent.GetPromptInput{PromptIdentifier: in.need("promptIdentifier"), PromptVersion: in["promptVersion"]})
	},
	"bedrock-agent/ListAgentActionGroups": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListAgentActionGroups(ctx, &bedrockagent.ListAgentActionGroupsInput{AgentId: in.need("agentId"), AgentVersion: in.need("agentVersion"), NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListAgentAliases": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListAgentAliases(ctx, &bedrockagent.ListAgentAliasesInput{AgentId: in.need("agentId"), NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListAgentCollaborators": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListAgentCollaborators(ctx, &bedrockagent.ListAgentCollaboratorsInput{AgentId: in.need("agentId"), AgentVersion: in.need("agentVersion"), NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListAgentKnowledgeBases": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListAgentKnowledgeBases(ctx, &bedrockagent.ListAgentKnowledgeBasesInput{AgentId: in.need("agentId"), AgentVersion: in.need("agentVersion"), NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListAgentVersions": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListAgentVersions(ctx, &bedrockagent.ListAgentVersionsInput{AgentId: in.need("agentId"), NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListDataSources": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListDataSources(ctx, &bedrockagent.ListDataSourcesInput{KnowledgeBaseId: in.need("knowledgeBaseId"), NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListFlowAliases": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListFlowAliases(ctx, &bedrockagent.ListFlowAliasesInput{FlowIdentifier: in.need("flowIdentifier"), NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListFlows": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListFlows(ctx, &bedrockagent.ListFlowsInput{NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListIngestionJobs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListIngestionJobs(ctx, &bedrockagent.ListIngestionJobsInput{KnowledgeBaseId: in.need("knowledgeBaseId"), DataSourceId: in.need("dataSourceId"), NextToken: in["nextToken"]})
	},
	"bedrock-agent/ListPrompts": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagent.NewFromConfig(cfg).ListPrompts(ctx, &bedrockagent.ListPromptsInput{PromptIdentifier: in["promptIdentifier"], NextToken: in["nextToken"]})
	},
	"bedrock-agent/ValidateFlowDefinition": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		connections := []agenttypes.FlowConnection{}
		if in["definition.connections"] == nil {
			connections = append(connections, agenttypes.FlowConnection{Name: aws.String("one"), Source: aws.String("in"), Target: aws.String("out"), Type: agenttypes.FlowConnectionTypeData})
		}
		return bedrockagent.NewFromConfig(cfg).ValidateFlowDefinition(ctx, &bedrockagent.ValidateFlowDefinitionInput{Definition: &agenttypes.FlowDefinition{Connections: connections}})
	},
	"bedrock-agentcore-control/GetApiKeyCredentialProvider": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetApiKeyCredentialProvider(ctx, &bedrockagentcorecontrol.GetApiKeyCredentialProviderInput{Name: in.need("name")})
	},
	"bedrock-agentcore-control/GetBrowser": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetBrowser(ctx, &bedrockagentcorecontrol.GetBrowserInput{BrowserId: in.need("browserId")})
	},
	"bedrock-agentcore-control/GetCodeInterpreter": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetCodeInterpreter(ctx, &bedrockagentcorecontrol.GetCodeInterpreterInput{CodeInterpreterId: in.need("codeInterpreterId")})
	},
	"bedrock-agentcore-control/GetOauth2CredentialProvider": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetOauth2CredentialProvider(ctx, &bedrockagentcorecontrol.GetOauth2CredentialProviderInput{Name: in.need("name")})
	},
	"bedrock-agentcore-control/GetResourcePolicy": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetResourcePolicy(ctx, &bedrockagentcorecontrol.GetResourcePolicyInput{ResourceArn: in.need("resourceArn")})
	},
	"bedrock-agentcore-control/GetOnlineEvaluationConfig": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetOnlineEvaluationConfig(ctx, &bedrockagentcorecontrol.GetOnlineEvaluationConfigInput{OnlineEvaluationConfigId: in.need("onlineEvaluationConfigId")})
	},
	"bedrock-agentcore-control/ListPolicies": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListPolicies(ctx, &bedrockagentcorecontrol.ListPoliciesInput{PolicyEngineId: in.need("policyEngineId"), NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/ListOnlineEvaluationConfigs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListOnlineEvaluationConfigs(ctx, &bedrockagentcorecontrol.ListOnlineEvaluationConfigsInput{NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/GetHarness": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetHarness(ctx, &bedrockagentcorecontrol.GetHarnessInput{HarnessId: in.need("harnessId")})
	},
	"bedrock-agentcore-control/ListHarnesses": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListHarnesses(ctx, &bedrockagentcorecontrol.ListHarnessesInput{NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/ListBrowserProfiles": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListBrowserProfiles(ctx, &bedrockagentcorecontrol.ListBrowserProfilesInput{})
	},
	"bedrock-agentcore-control/ListRegistries": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListRegistries(ctx, &bedrockagentcorecontrol.ListRegistriesInput{})
	},
	"bedrock-agentcore-control/ListConfigurationBundles": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListConfigurationBundles(ctx, &bedrockagentcorecontrol.ListConfigurationBundlesInput{})
	},
	"bedrock-agentcore-control/ListPaymentManagers": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListPaymentManagers(ctx, &bedrockagentcorecontrol.ListPaymentManagersInput{})
	},
	"bedrock-agentcore-control/GetTokenVault": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetTokenVault(ctx, &bedrockagentcorecontrol.GetTokenVaultInput{TokenVaultId: in["tokenVaultId"]})
	},
	"bedrock-agentcore-control/GetWorkloadIdentity": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).GetWorkloadIdentity(ctx, &bedrockagentcorecontrol.GetWorkloadIdentityInput{Name: in.need("name")})
	},
	"bedrock-agentcore-control/ListWorkloadIdentities": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListWorkloadIdentities(ctx, &bedrockagentcorecontrol.ListWorkloadIdentitiesInput{NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/ListApiKeyCredentialProviders": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListApiKeyCredentialProviders(ctx, &bedrockagentcorecontrol.ListApiKeyCredentialProvidersInput{NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/ListBrowsers": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListBrowsers(ctx, &bedrockagentcorecontrol.ListBrowsersInput{NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/ListCodeInterpreters": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListCodeInterpreters(ctx, &bedrockagentcorecontrol.ListCodeInterpretersInput{NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/ListEvaluators": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListEvaluators(ctx, &bedrockagentcorecontrol.ListEvaluatorsInput{NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/ListOauth2CredentialProviders": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListOauth2CredentialProviders(ctx, &bedrockagentcorecontrol.ListOauth2CredentialProvidersInput{NextToken: in["nextToken"]})
	},
	"bedrock-agentcore-control/ListPolicyEngines": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrockagentcorecontrol.NewFromConfig(cfg).ListPolicyEngines(ctx, &bedrockagentcorecontrol.ListPolicyEnginesInput{NextToken: in["nextToken"]})
	},
	"bedrock/GetEvaluationJob": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).GetEvaluationJob(ctx, &bedrock.GetEvaluationJobInput{JobIdentifier: in.need("jobIdentifier")})
	},
	"bedrock/GetFoundationModel": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).GetFoundationModel(ctx, &bedrock.GetFoundationModelInput{ModelIdentifier: in.need("modelIdentifier")})
	},
	"bedrock/GetFoundationModelAvailability": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).GetFoundationModelAvailability(ctx, &bedrock.GetFoundationModelAvailabilityInput{ModelId: in.need("modelId")})
	},
	"bedrock/GetGuardrail": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).GetGuardrail(ctx, &bedrock.GetGuardrailInput{GuardrailIdentifier: in.need("guardrailIdentifier"), GuardrailVersion: in["guardrailVersion"]})
	},
	"bedrock/GetAutomatedReasoningPolicy": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).GetAutomatedReasoningPolicy(ctx, &bedrock.GetAutomatedReasoningPolicyInput{PolicyArn: in.need("policyArn")})
	},
	"bedrock/ListAutomatedReasoningPolicies": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListAutomatedReasoningPolicies(ctx, &bedrock.ListAutomatedReasoningPoliciesInput{PolicyArn: in["policyArn"], NextToken: in["nextToken"]})
	},
	"bedrock/ListPromptRouters": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListPromptRouters(ctx, &bedrock.ListPromptRoutersInput{Type: bedrocktypes.PromptRouterType(*in.need("type")), NextToken: in["nextToken"]})
	},
	"bedrock/GetResourcePolicy": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).GetResourcePolicy(ctx, &bedrock.GetResourcePolicyInput{ResourceArn: in.need("resourceArn")})
	},
	"bedrock/ListCustomModelDeployments": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListCustomModelDeployments(ctx, &bedrock.ListCustomModelDeploymentsInput{NextToken: in["nextToken"]})
	},
	"bedrock/GetImportedModel": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).GetImportedModel(ctx, &bedrock.GetImportedModelInput{ModelIdentifier: in.need("modelIdentifier")})
	},
	"bedrock/GetModelInvocationJob": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).GetModelInvocationJob(ctx, &bedrock.GetModelInvocationJobInput{JobIdentifier: in.need("jobIdentifier")})
	},
	"bedrock/ListEnforcedGuardrailsConfiguration": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListEnforcedGuardrailsConfiguration(ctx, &bedrock.ListEnforcedGuardrailsConfigurationInput{NextToken: in["nextToken"]})
	},
	"bedrock/ListEvaluationJobs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListEvaluationJobs(ctx, &bedrock.ListEvaluationJobsInput{NextToken: in["nextToken"]})
	},
	"bedrock/ListFoundationModelAgreementOffers": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListFoundationModelAgreementOffers(ctx, &bedrock.ListFoundationModelAgreementOffersInput{ModelId: in.need("modelId")})
	},
	"bedrock/ListFoundationModels": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListFoundationModels(ctx, &bedrock.ListFoundationModelsInput{})
	},
	"bedrock/ListGuardrails": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListGuardrails(ctx, &bedrock.ListGuardrailsInput{GuardrailIdentifier: in["guardrailIdentifier"], NextToken: in["nextToken"]})
	},
	"bedrock/ListImportedModels": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListImportedModels(ctx, &bedrock.ListImportedModelsInput{NextToken: in["nextToken"]})
	},
	"bedrock/ListInferenceProfiles": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListInferenceProfiles(ctx, &bedrock.ListInferenceProfilesInput{NextToken: in["nextToken"]})
	},
	"bedrock/ListModelInvocationJobs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListModelInvocationJobs(ctx, &bedrock.ListModelInvocationJobsInput{NextToken: in["nextToken"]})
	},
	"bedrock/ListProvisionedModelThroughputs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListProvisionedModelThroughputs(ctx, &bedrock.ListProvisionedModelThroughputsInput{NextToken: in["nextToken"]})
	},
	"bedrock/ListTagsForResource": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return bedrock.NewFromConfig(cfg).ListTagsForResource(ctx, &bedrock.ListTagsForResourceInput{ResourceARN: in.need("resourceARN")})
	},
	"lambda/ListFunctionUrlConfigs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lambda.NewFromConfig(cfg).ListFunctionUrlConfigs(ctx, &lambda.ListFunctionUrlConfigsInput{FunctionName: in.need("FunctionName")})
	},
	"logs/DescribeAccountPolicies": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return cloudwatchlogs.NewFromConfig(cfg).DescribeAccountPolicies(ctx, &cloudwatchlogs.DescribeAccountPoliciesInput{PolicyType: logtypes.PolicyType(*in.need("policyType"))})
	},
	"logs/GetDataProtectionPolicy": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return cloudwatchlogs.NewFromConfig(cfg).GetDataProtectionPolicy(ctx, &cloudwatchlogs.GetDataProtectionPolicyInput{LogGroupIdentifier: in.need("logGroupIdentifier")})
	},
	"sagemaker/DescribeFeatureGroup": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeFeatureGroup(ctx, &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: in.need("FeatureGroupName")})
	},
	"sagemaker/DescribeInferenceExperiment": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeInferenceExperiment(ctx, &sagemaker.DescribeInferenceExperimentInput{Name: in.need("Name")})
	},
	"sagemaker/DescribeMonitoringSchedule": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeMonitoringSchedule(ctx, &sagemaker.DescribeMonitoringScheduleInput{MonitoringScheduleName: in.need("MonitoringScheduleName")})
	},
	"sagemaker/ListFeatureGroups": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListFeatureGroups(ctx, &sagemaker.ListFeatureGroupsInput{NextToken: in["nextToken"]})
	},
	"sagemaker/ListInferenceExperiments": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListInferenceExperiments(ctx, &sagemaker.ListInferenceExperimentsInput{NextToken: in["nextToken"]})
	},
	"sagemaker/ListMonitoringSchedules": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListMonitoringSchedules(ctx, &sagemaker.ListMonitoringSchedulesInput{NextToken: in["nextToken"]})
	},
	"sagemaker/DescribeAppImageConfig": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeAppImageConfig(ctx, &sagemaker.DescribeAppImageConfigInput{AppImageConfigName: in.need("AppImageConfigName")})
	},
	"sagemaker/DescribeFlowDefinition": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeFlowDefinition(ctx, &sagemaker.DescribeFlowDefinitionInput{FlowDefinitionName: in.need("FlowDefinitionName")})
	},
	"sagemaker/DescribeImage": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeImage(ctx, &sagemaker.DescribeImageInput{ImageName: in.need("ImageName")})
	},
	"sagemaker/DescribeNotebookInstanceLifecycleConfig": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeNotebookInstanceLifecycleConfig(ctx, &sagemaker.DescribeNotebookInstanceLifecycleConfigInput{NotebookInstanceLifecycleConfigName: in.need("NotebookInstanceLifecycleConfigName")})
	},
	"sagemaker/DescribeSpace": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeSpace(ctx, &sagemaker.DescribeSpaceInput{DomainId: in.need("DomainId"), SpaceName: in.need("SpaceName")})
	},
	"sagemaker/ListSpaces": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListSpaces(ctx, &sagemaker.ListSpacesInput{NextToken: in["nextToken"]})
	},
	"sagemaker/DescribeUserProfile": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).DescribeUserProfile(ctx, &sagemaker.DescribeUserProfileInput{DomainId: in.need("DomainId"), UserProfileName: in.need("UserProfileName")})
	},
	"sagemaker/GetModelPackageGroupPolicy": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).GetModelPackageGroupPolicy(ctx, &sagemaker.GetModelPackageGroupPolicyInput{ModelPackageGroupName: in.need("ModelPackageGroupName")})
	},
	"sagemaker/ListAppImageConfigs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListAppImageConfigs(ctx, &sagemaker.ListAppImageConfigsInput{NextToken: in["nextToken"]})
	},
	"sagemaker/ListFlowDefinitions": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListFlowDefinitions(ctx, &sagemaker.ListFlowDefinitionsInput{NextToken: in["nextToken"]})
	},
	"sagemaker/ListImages": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListImages(ctx, &sagemaker.ListImagesInput{NextToken: in["nextToken"]})
	},
	"sagemaker/ListMonitoringExecutions": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListMonitoringExecutions(ctx, &sagemaker.ListMonitoringExecutionsInput{MonitoringScheduleName: in.need("MonitoringScheduleName")})
	},
	"sagemaker/ListNotebookInstanceLifecycleConfigs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListNotebookInstanceLifecycleConfigs(ctx, &sagemaker.ListNotebookInstanceLifecycleConfigsInput{NextToken: in["nextToken"]})
	},
	"sagemaker/ListTags": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListTags(ctx, &sagemaker.ListTagsInput{ResourceArn: in.need("ResourceArn")})
	},
	"sagemaker/ListUserProfiles": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListUserProfiles(ctx, &sagemaker.ListUserProfilesInput{NextToken: in["nextToken"]})
	},
	"wafv2/ListResourcesForWebACL": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		typ := waftypes.ResourceTypeApplicationLoadBalancer
		if t := in["ResourceType"]; t != nil {
			typ = waftypes.ResourceType(*t)
		}
		return wafv2.NewFromConfig(cfg).ListResourcesForWebACL(ctx, &wafv2.ListResourcesForWebACLInput{WebACLArn: aws.String("arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/ai/1"), ResourceType: typ})
	},
	"xray/GetTraceSegmentDestination": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return xray.NewFromConfig(cfg).GetTraceSegmentDestination(ctx, &xray.GetTraceSegmentDestinationInput{})
	},
	"sagemaker/ListAssociations": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListAssociations(ctx, &sagemaker.ListAssociationsInput{SourceArn: in.need("SourceArn")})
	},
	"sagemaker/ListContexts": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return sagemaker.NewFromConfig(cfg).ListContexts(ctx, &sagemaker.ListContextsInput{SourceUri: in.need("SourceUri")})
	},
	"guardduty/GetFindingsStatistics": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return guardduty.NewFromConfig(cfg).GetFindingsStatistics(ctx, &guardduty.GetFindingsStatisticsInput{DetectorId: in.need("DetectorId"), GroupBy: guarddutytypes.GroupByTypeSeverity})
	},
	"macie2/GetAutomatedDiscoveryConfiguration": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return macie2.NewFromConfig(cfg).GetAutomatedDiscoveryConfiguration(ctx, &macie2.GetAutomatedDiscoveryConfigurationInput{})
	},
	"macie2/DescribeBuckets": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return macie2.NewFromConfig(cfg).DescribeBuckets(ctx, &macie2.DescribeBucketsInput{NextToken: in["nextToken"]})
	},
	"macie2/GetFindingStatistics": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return macie2.NewFromConfig(cfg).GetFindingStatistics(ctx, &macie2.GetFindingStatisticsInput{GroupBy: macietypes.GroupByResourcesAffectedS3BucketName})
	},
	"backup/ListRecoveryPointsByBackupVault": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return backup.NewFromConfig(cfg).ListRecoveryPointsByBackupVault(ctx, &backup.ListRecoveryPointsByBackupVaultInput{BackupVaultName: in.need("BackupVaultName"), NextToken: in["nextToken"]})
	},
	"backup/ListProtectedResources": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return backup.NewFromConfig(cfg).ListProtectedResources(ctx, &backup.ListProtectedResourcesInput{NextToken: in["nextToken"]})
	},
	"backup/ListBackupSelections": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return backup.NewFromConfig(cfg).ListBackupSelections(ctx, &backup.ListBackupSelectionsInput{BackupPlanId: in.need("BackupPlanId"), NextToken: in["nextToken"]})
	},
	"backup/ListRestoreJobs": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return backup.NewFromConfig(cfg).ListRestoreJobs(ctx, &backup.ListRestoreJobsInput{NextToken: in["nextToken"]})
	},
	"backup/ListRestoreTestingPlans": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return backup.NewFromConfig(cfg).ListRestoreTestingPlans(ctx, &backup.ListRestoreTestingPlansInput{NextToken: in["nextToken"]})
	},
	"securityhub/GetEnabledStandards": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return securityhub.NewFromConfig(cfg).GetEnabledStandards(ctx, &securityhub.GetEnabledStandardsInput{NextToken: in["NextToken"]})
	},
	"s3/GetBucketPolicyStatus": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).GetBucketPolicyStatus(ctx, &s3.GetBucketPolicyStatusInput{Bucket: in.need("Bucket")})
	},
}
