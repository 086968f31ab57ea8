package sar

import (
	"strings"
	"sync"
)

// roleTaking lists the actions whose API takes a role, which the caller must be allowed to pass
// (iam:PassRole), by service. It comes from the API models of the services: the reference leaves
// dependent actions empty for them.
var roleTaking = map[string]string{
	"bedrock": `
		CreateAgent CreateCustomModel CreateEvaluationJob CreateFlow CreateKnowledgeBase CreateMarketplaceModelEndpoint
		CreateModelCustomizationJob CreateModelImportJob CreateModelInvocationJob PutModelInvocationLoggingConfiguration
		UpdateAgent UpdateFlow UpdateKnowledgeBase UpdateMarketplaceModelEndpoint`,
	"bedrock-agentcore": `
		CreateABTest CreateAgentRuntime CreateBrowser CreateCodeInterpreter CreateGateway CreateHarness CreateMemory
		CreateOnlineEvaluationConfig CreatePaymentManager CreateRegistryRecord UpdateABTest UpdateAgentRuntime UpdateGateway
		UpdateHarness UpdateMemory UpdateOnlineEvaluationConfig UpdatePaymentManager UpdateRegistryRecord`,
	"sagemaker": `
		CreateAIBenchmarkJob CreateAIRecommendationJob CreateAlgorithm CreateAutoMLJob CreateAutoMLJobV2 CreateCluster
		CreateCompilationJob CreateDataQualityJobDefinition CreateDeviceFleet CreateDomain CreateEdgePackagingJob
		CreateEndpointConfig CreateFeatureGroup CreateFlowDefinition CreateHyperParameterTuningJob CreateImage
		CreateInferenceExperiment CreateInferenceRecommendationsJob CreateLabelingJob CreateMlflowApp
		CreateMlflowTrackingServer CreateModel CreateModelBiasJobDefinition CreateModelExplainabilityJobDefinition
		CreateModelPackage CreateModelQualityJobDefinition CreateMonitoringSchedule CreateNotebookInstance
		CreateOptimizationJob CreatePartnerApp CreatePipeline CreateProcessingJob CreateProject CreateTrainingJob
		CreateUserProfile RenderUiTemplate UpdateCluster UpdateDeviceFleet UpdateDomain UpdateImage
		UpdateMonitoringSchedule UpdateNotebookInstance UpdatePipeline UpdateUserProfile`,
}

var roleTakers = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for service, names := range roleTaking {
		for name := range strings.FieldsSeq(names) {
			out[service+":"+name] = true
		}
	}
	return out
})

// TakesRole says whether the API of an action of an AI service takes a role, so that its caller
// needs iam:PassRole on that role.
func (a *Action) TakesRole() bool { return roleTakers()[a.String()] }

// passedTo names the service principal that AI services take roles for: the value of
// iam:PassedToService.
var passedTo = map[string]string{
	"bedrock":           "bedrock.amazonaws.com",
	"bedrock-agentcore": "bedrock-agentcore.amazonaws.com",
	"sagemaker":         "sagemaker.amazonaws.com",
}
