package plan

// The readings that AWS's documentation does not settle.
var (
	noteApplication = Note{
		"application-profile-key",
		"the checks of an application profile on its models carry the ARN of that profile in bedrock:InferenceProfileArn; AWS does not say which profile it is",
	}
	noteRouter = Note{
		"prompt-router-checks",
		"a prompt router asks for every model that it may choose; AWS does not list the checks",
	}
	noteAsync = Note{
		"async-invoke-check",
		"StartAsyncInvoke asks for bedrock:InvokeModel on the model; AWS does not say whether it also asks for the async-invoke resource",
	}
	noteMarketplace = Note{
		"marketplace-endpoint-check",
		"Bedrock asks for sagemaker:InvokeEndpoint in the caller's name on the endpoint of a marketplace model",
	}
	noteProject = Note{
		"project-checks",
		"an OpenAI-compatible call asks for the project and for the model by the same action",
	}
	noteGuardrailProfile = Note{
		"guardrail-profile-checks",
		"a guardrail across Regions asks for its profile in each destination Region",
	}
	noteRetrieve = Note{
		"retrieve-and-generate-split",
		"the caller runs the generation model, the role of the knowledge base embeds and reranks; AWS does not say who runs what",
	}
	noteRuntimeEndpoint = Note{
		"runtime-endpoint-check",
		"a call that names an endpoint of a runtime asks for the runtime and the endpoint",
	}
	noteComponent = Note{
		"inference-component-check",
		"a call that names an inference component asks for the endpoint and the component",
	}
	noteExec = Note{
		"ecs-exec-checks",
		"a command in a container of ECS asks for the task and for its cluster; that the role of the task may open the channel of Systems Manager is taken for granted",
	}
	noteForwarded = Note{
		"forwarded-network-keys",
		"a service that decrypts in the caller's name passes on the network keys of the caller's request; AWS does not promise it for every service",
	}
)
