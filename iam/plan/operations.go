package plan

var (
	runtimeEndpoint  = []string{"bedrock-runtime"}
	agentEndpoint    = []string{"bedrock-agent-runtime"}
	coreEndpoint     = []string{"bedrock-agentcore"}
	modelEndpoint    = []string{"sagemaker.runtime"}
	instanceEndpoint = []string{"sagemaker.api"}
)

const (
	actionInvoke       = "bedrock:InvokeModel"
	actionInvokeStream = "bedrock:InvokeModelWithResponseStream"
)

// operations are the API calls whose checks are not simply one on the action of their name,
// from the API references and the user guides of the services.
var operations = map[string]operation{
	"bedrock:InvokeModel":                        {actionInvoke, runtimeEndpoint, (*builder).runModel},
	"bedrock:Converse":                           {actionInvoke, runtimeEndpoint, (*builder).runModel},
	"bedrock:InvokeModelWithBidirectionalStream": {actionInvoke, runtimeEndpoint, (*builder).runModel},
	"bedrock:StartAsyncInvoke":                   {actionInvoke, runtimeEndpoint, (*builder).startAsync},
	"bedrock:InvokeModelWithResponseStream":      {actionInvokeStream, runtimeEndpoint, (*builder).runModel},
	"bedrock:ConverseStream":                     {actionInvokeStream, runtimeEndpoint, (*builder).runModel},
	"bedrock:ChatCompletions":                    {actionInvoke, runtimeEndpoint, (*builder).compatible},
	"bedrock:Responses":                          {actionInvoke, runtimeEndpoint, (*builder).compatible},
	"bedrock:ApplyGuardrail":                     {"bedrock:ApplyGuardrail", runtimeEndpoint, (*builder).applyGuardrail},

	"bedrock:CreateModelInvocationJob": {"bedrock:CreateModelInvocationJob", []string{"bedrock"}, (*builder).batch},

	"bedrock:InvokeAgent":         {"bedrock:InvokeAgent", agentEndpoint, (*builder).runConfigured},
	"bedrock:InvokeFlow":          {"bedrock:InvokeFlow", agentEndpoint, (*builder).runConfigured},
	"bedrock:StartFlowExecution":  {"bedrock:StartFlowExecution", agentEndpoint, (*builder).runConfigured},
	"bedrock:Retrieve":            {"bedrock:Retrieve", agentEndpoint, (*builder).runConfigured},
	"bedrock:RetrieveAndGenerate": {"bedrock:RetrieveAndGenerate", agentEndpoint, (*builder).retrieveAndGenerate},

	"bedrock-mantle:CreateInference": {"bedrock-mantle:CreateInference", []string{"bedrock-mantle"}, (*builder).mantle},

	"bedrock-agentcore:InvokeAgentRuntime":                    {"bedrock-agentcore:InvokeAgentRuntime", coreEndpoint, (*builder).runProgram},
	"bedrock-agentcore:InvokeAgentRuntimeWithWebSocketStream": {"bedrock-agentcore:InvokeAgentRuntimeWithWebSocketStream", coreEndpoint, (*builder).runProgram},
	"bedrock-agentcore:InvokeHarness":                         {"bedrock-agentcore:InvokeHarness", coreEndpoint, (*builder).runProgram},
	"bedrock-agentcore:InvokeGateway":                         {"bedrock-agentcore:InvokeGateway", []string{"bedrock-agentcore.gateway"}, (*builder).runProgram},
	"bedrock-agentcore:InvokeAgentRuntimeCommand":             {"bedrock-agentcore:InvokeAgentRuntimeCommand", coreEndpoint, (*builder).runShell},
	"bedrock-agentcore:InvokeAgentRuntimeCommandShell":        {"bedrock-agentcore:InvokeAgentRuntimeCommandShell", coreEndpoint, (*builder).runShell},
	"bedrock-agentcore:InvokeCodeInterpreter":                 {"bedrock-agentcore:InvokeCodeInterpreter", coreEndpoint, (*builder).runCode},
	"bedrock-agentcore:StartBrowserSession":                   {"bedrock-agentcore:StartBrowserSession", coreEndpoint, (*builder).runProgram},

	"sagemaker:InvokeEndpoint":                     {"sagemaker:InvokeEndpoint", modelEndpoint, (*builder).runEndpoint},
	"sagemaker:InvokeEndpointWithResponseStream":   {"sagemaker:InvokeEndpointWithResponseStream", modelEndpoint, (*builder).runEndpoint},
	"sagemaker:InvokeEndpointAsync":                {"sagemaker:InvokeEndpointAsync", modelEndpoint, (*builder).runEndpoint},
	"sagemaker:CreateTransformJob":                 {"sagemaker:CreateTransformJob", instanceEndpoint, (*builder).transform},
	"sagemaker:CreatePresignedNotebookInstanceUrl": {"sagemaker:CreatePresignedNotebookInstanceUrl", instanceEndpoint, (*builder).takeOver},
	"sagemaker:CreatePresignedDomainUrl":           {"sagemaker:CreatePresignedDomainUrl", instanceEndpoint, (*builder).takeOver},

	"lambda:InvokeFunction":     {"lambda:InvokeFunction", []string{"lambda"}, (*builder).invokeFunction},
	"lambda:UpdateFunctionCode": {"lambda:UpdateFunctionCode", []string{"lambda"}, (*builder).changeFunction},

	"ssm:StartSession":            {"ssm:StartSession", []string{"ssm"}, (*builder).openInstance},
	"ssm:SendCommand":             {"ssm:SendCommand", []string{"ssm"}, (*builder).commandInstance},
	"ec2:ModifyInstanceAttribute": {"ec2:ModifyInstanceAttribute", []string{"ec2"}, (*builder).changeInstance},
	"ecs:ExecuteCommand":          {"ecs:ExecuteCommand", []string{"ecs"}, (*builder).execute},

	"sts:AssumeRole": {"sts:AssumeRole", []string{"sts"}, (*builder).assume},

	"s3:GetObject":           {"s3:GetObject", []string{"s3", "s3-global.accesspoint"}, (*builder).readObject},
	"s3:GetObjectVersion":    {"s3:GetObjectVersion", []string{"s3", "s3-global.accesspoint"}, (*builder).readObject},
	"s3:PutObject":           {"s3:PutObject", []string{"s3", "s3-global.accesspoint"}, (*builder).writeObject},
	"s3:DeleteObject":        {"s3:DeleteObject", []string{"s3", "s3-global.accesspoint"}, (*builder).one},
	"s3:DeleteObjectVersion": {"s3:DeleteObjectVersion", []string{"s3", "s3-global.accesspoint"}, (*builder).one},
}
