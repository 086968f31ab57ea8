package aws

// collectors lists all, in order of their files. A test holds it against the files.
var collectors = []*collector{
	&bedrockCustomModels,
	&bedrockFoundationModels,
	&bedrockGuardrails,
	&bedrockInvocationLogging,
	&bedrockAgents,
	&bedrockKnowledgeBases,
	&agentCoreBrowsers,
	&agentCoreCodeInterpreters,
	&agentCoreGateways,
	&agentCoreMemories,
	&agentCoreRuntimes,
	&sagemakerEndpointConfigs,
	&sagemakerEndpoints,
	&sagemakerFeatureGroups,
	&sagemakerInferenceExperiments,
	&sagemakerDataQualityJobs,
	&sagemakerModelBiasJobs,
	&sagemakerModelExplainabilityJobs,
	&sagemakerModelQualityJobs,
	&sagemakerModels,
	&sagemakerMonitoringSchedules,
	&sagemakerNotebooks,
	&sagemakerTrainingJobs,
}
