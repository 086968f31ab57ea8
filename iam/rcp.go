package iam

// resourceControlServices are the action prefixes resource control policies apply to
// ("Resource control policies (RCPs)", services that support RCPs). Service
// authorization data of 2026-09-26: no prefix of Bedrock or SageMaker is among them.
var resourceControlServices = map[string]bool{
	"aoss": true, "appconfig": true, "appstream": true, "autoscaling": true, "autoscaling-plans": true,
	"budgets": true, "clouddirectory": true, "cloudfront": true, "cloudsearch": true, "cloudtrail-data": true,
	"codeartifact": true, "codebuild": true, "codecommit": true, "codepipeline": true, "cognito-identity": true,
	"cognito-idp": true, "comprehend": true, "comprehendmedical": true, "compute-optimizer": true,
	"cost-optimization-hub": true, "dax": true, "dsql": true, "dynamodb": true, "ecr": true, "ecr-public": true,
	"events": true, "firehose": true, "fis": true, "fms": true, "gamelift": true, "health": true,
	"inspector-scan": true, "kendra": true, "kinesisvideo": true, "kms": true, "logs": true, "memorydb": true,
	"networkmonitor": true, "notifications": true, "opensearch": true, "pca-connector-ad": true,
	"personalize": true, "polly": true, "pricing": true, "resource-groups": true, "rolesanywhere": true,
	"s3": true, "secretsmanager": true, "servicediscovery": true, "signin": true, "sqs": true, "sts": true,
	"support": true, "swf": true, "textract": true, "timestream-influxdb": true, "transcribe": true,
	"transfer": true, "translate": true, "wafv2": true, "workspaces": true, "xray": true,
}

// resourceControlService says whether resource control policies reach a service.
func resourceControlService(prefix string) bool { return resourceControlServices[prefix] }
