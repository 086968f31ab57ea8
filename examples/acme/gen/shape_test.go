package main

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	btypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	atypes "github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
	core "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	ttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	ltypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	etypes "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	itypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	stypes "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"github.com/assize-dev/assize"
)

// outputs are what collectors keep of each operation: by the operation, or by it and
// the type where one operation answers for several. The last ones are what collectors
// put together themselves.
var outputs = map[string]any{
	"bedrock:GetCustomModel":                             bedrock.GetCustomModelOutput{},
	"bedrock:GetGuardrail":                               bedrock.GetGuardrailOutput{},
	"bedrock:GetModelInvocationLoggingConfiguration":     bedrock.GetModelInvocationLoggingConfigurationOutput{},
	"bedrock:ListCustomModels":                           btypes.CustomModelSummary{},
	"bedrock:ListFoundationModels":                       btypes.FoundationModelSummary{},
	"bedrock:ListTagsForResource":                        bedrock.ListTagsForResourceOutput{},
	"bedrock-agent:GetAgent":                             bedrockagent.GetAgentOutput{},
	"bedrock-agent:GetAgentActionGroup":                  struct{ AgentActionGroups []atypes.AgentActionGroup }{},
	"bedrock-agent:GetDataSource":                        bedrockagent.GetDataSourceOutput{},
	"bedrock-agent:GetKnowledgeBase":                     bedrockagent.GetKnowledgeBaseOutput{},
	"bedrock:ListCustomModelDeployments":                 btypes.CustomModelDeploymentSummary{},
	"bedrock-agent:GetAgentVersion":                      bedrockagent.GetAgentVersionOutput{},
	"bedrock-agent:GetFlowVersion":                       bedrockagent.GetFlowVersionOutput{},
	"bedrock-agent:ListFlowAliases":                      atypes.FlowAliasSummary{},
	"bedrock-agent:ListAgentAliases":                     agentAlias{},
	"bedrock-agent:ListAgentCollaborators":               bedrockagent.ListAgentCollaboratorsOutput{},
	"bedrock-agent:ListAgentKnowledgeBases":              bedrockagent.ListAgentKnowledgeBasesOutput{},
	"bedrock-agent:ListAgentVersions":                    bedrockagent.ListAgentVersionsOutput{},
	"bedrock-agent:ListDataSources":                      bedrockagent.ListDataSourcesOutput{},
	"bedrock-agent:ListIngestionJobs":                    bedrockagent.ListIngestionJobsOutput{},
	"bedrock-agent:ListTagsForResource":                  bedrockagent.ListTagsForResourceOutput{},
	"bedrock-agentcore-control:GetAgentRuntime":          core.GetAgentRuntimeOutput{},
	"bedrock-agentcore-control:GetBrowser":               core.GetBrowserOutput{},
	"bedrock-agentcore-control:GetCodeInterpreter":       core.GetCodeInterpreterOutput{},
	"bedrock-agentcore-control:GetGateway":               core.GetGatewayOutput{},
	"bedrock-agentcore-control:GetMemory":                core.GetMemoryOutput{},
	"cloudtrail:DescribeTrails":                          ttypes.Trail{},
	"cloudtrail:GetEventSelectors":                       cloudtrail.GetEventSelectorsOutput{},
	"cloudtrail:GetTrailStatus":                          cloudtrail.GetTrailStatusOutput{},
	"ec2:DescribeFlowLogs":                               etypes.FlowLog{},
	"ec2:DescribeRouteTables":                            etypes.RouteTable{},
	"ec2:DescribeSubnets":                                etypes.Subnet{},
	"ec2:DescribeVpcEndpoints":                           etypes.VpcEndpoint{},
	"ec2:DescribeVpcs":                                   etypes.Vpc{},
	"iam:GetAccountAuthorizationDetails AWS::IAM::Group": itypes.GroupDetail{},
	"iam:GetAccountAuthorizationDetails AWS::IAM::Role":  itypes.RoleDetail{},
	"iam:GetAccountAuthorizationDetails AWS::IAM::User":  itypes.UserDetail{},
	"iam:GetServiceLastAccessedDetails":                  serviceAccesses{},
	"iam:ListRoles":                                      itypes.Role{},
	"s3:GetBucketAcl":                                    s3.GetBucketAclOutput{},
	"s3:GetBucketNotificationConfiguration":              notification{},
	"s3:GetBucketOwnershipControls":                      s3.GetBucketOwnershipControlsOutput{},
	"s3:GetBucketPolicyStatus":                           s3.GetBucketPolicyStatusOutput{},
	"sagemaker:ListAssociations":                         sagemaker.ListAssociationsOutput{},
	"sagemaker:ListContexts":                             sagemaker.ListContextsOutput{},
	"sagemaker:ListMonitoringExecutions":                 sagemaker.ListMonitoringExecutionsOutput{},
	"sagemaker:ListTags":                                 sagemaker.ListTagsOutput{},
	"iam:GetAccountSummary":                              iam.GetAccountSummaryOutput{},
	"iam:ListVirtualMFADevices":                          iam.ListVirtualMFADevicesOutput{},
	"kms:DescribeKey":                                    kms.DescribeKeyOutput{},
	"kms:GetKeyPolicy":                                   kms.GetKeyPolicyOutput{},
	"kms:GetKeyRotationStatus":                           kms.GetKeyRotationStatusOutput{},
	"kms:ListAliases":                                    kms.ListAliasesOutput{},
	"logs:DescribeAccountPolicies":                       ltypes.AccountPolicy{},
	"logs:DescribeLogGroups":                             ltypes.LogGroup{},
	"logs:GetDataProtectionPolicy":                       cloudwatchlogs.GetDataProtectionPolicyOutput{},
	"s3:GetBucketEncryption":                             s3.GetBucketEncryptionOutput{},
	"s3:GetBucketLifecycleConfiguration":                 s3.GetBucketLifecycleConfigurationOutput{},
	"s3:GetBucketLogging":                                s3.GetBucketLoggingOutput{},
	"s3:GetBucketPolicy":                                 s3.GetBucketPolicyOutput{},
	"s3:GetBucketTagging":                                s3.GetBucketTaggingOutput{},
	"s3:GetBucketVersioning":                             s3.GetBucketVersioningOutput{},
	"s3:GetPublicAccessBlock":                            s3.GetPublicAccessBlockOutput{},
	"s3:ListBuckets":                                     stypes.Bucket{},
	"sagemaker:DescribeDataQualityJobDefinition":         sagemaker.DescribeDataQualityJobDefinitionOutput{},
	"sagemaker:DescribeEndpoint":                         sagemaker.DescribeEndpointOutput{},
	"sagemaker:DescribeEndpointConfig":                   sagemaker.DescribeEndpointConfigOutput{},
	"sagemaker:DescribeFeatureGroup":                     sagemaker.DescribeFeatureGroupOutput{},
	"sagemaker:DescribeInferenceExperiment":              sagemaker.DescribeInferenceExperimentOutput{},
	"sagemaker:DescribeModel":                            sagemaker.DescribeModelOutput{},
	"sagemaker:DescribeModelBiasJobDefinition":           sagemaker.DescribeModelBiasJobDefinitionOutput{},
	"sagemaker:DescribeModelExplainabilityJobDefinition": sagemaker.DescribeModelExplainabilityJobDefinitionOutput{},
	"sagemaker:DescribeModelQualityJobDefinition":        sagemaker.DescribeModelQualityJobDefinitionOutput{},
	"sagemaker:DescribeMonitoringSchedule":               sagemaker.DescribeMonitoringScheduleOutput{},
	"sagemaker:DescribeNotebookInstance":                 sagemaker.DescribeNotebookInstanceOutput{},
	"sagemaker:DescribeTrainingJob":                      sagemaker.DescribeTrainingJobOutput{},

	"iam:GetAccountAuthorizationDetails AWS::IAM::ManagedPolicy": managedPolicy{},
	"iam:GetCredentialReport":                                    credentials{},
	"ec2:DescribeSecurityGroups":                                 securityGroup{},
}

// What collectors put together, in their names.
type (
	agentAlias struct {
		AgentId           string //nolint:staticcheck // as collectors name it
		AgentAliasSummary atypes.AgentAliasSummary
	}
	managedPolicy struct {
		Arn, PolicyName, Path, Description, PolicyDocument string
		DefaultVersionId                                   string //nolint:staticcheck // as the SDK names it
		AttachmentCount, PermissionsBoundaryUsageCount     int
		CreateDate, UpdateDate                             time.Time
	}
	serviceAccesses struct {
		Services []struct {
			ServiceNamespace  string
			LastAuthenticated time.Time
		}
	}
	notification struct {
		EventBridgeEnabled           bool
		LambdaFunctionConfigurations []stypes.LambdaFunctionConfiguration
		QueueConfigurations          []stypes.QueueConfiguration
		TopicConfigurations          []stypes.TopicConfiguration
	}
	credentials struct {
		GeneratedTime, PasswordLastUsed, PasswordLastChanged time.Time
		User, Arn                                            string
		PasswordEnabled, MFAActive                           bool
		AccessKeys                                           []struct {
			Active                    bool
			LastRotated, LastUsedDate time.Time
		}
	}
	securityGroup struct {
		GroupID, GroupName, Description, VpcID, OwnerID, ARN string
		Tags                                                 []etypes.Tag
		Ingress, Egress                                      []struct {
			Protocol, Description, IPv4Range, IPv6Range, PrefixListID string
			GroupID, GroupName, GroupOwnerID, PeeringState            string
			FromPort, ToPort                                          int
		}
	}
)

// unlisted are values that services give and the SDK's enums do not list.
var unlisted = []string{"INFERENCE_PROFILE", "VIDEO", "available"}

// Answers have the fields, the kinds and the enums of the SDK.
func TestAnswersHaveTheShapeOfTheSDK(t *testing.T) {
	t.Parallel()
	_, c := example(t)
	for _, r := range c.Records {
		for _, a := range r.Answers {
			if a.Value == nil {
				continue
			}
			want, ok := outputs[a.Operation]
			if !ok {
				want, ok = outputs[a.Operation+" "+r.Type]
			}
			if !ok {
				want, ok = moreOutputs[a.Operation]
			}
			if !ok {
				t.Errorf("%s: no output is named for the operation", a.Operation)
				continue
			}
			for _, fault := range misshapen(a.Value, reflect.TypeOf(want), a.Operation) {
				t.Errorf("%s: %s", r.Key(), fault)
			}
		}
	}
}

var timeType = reflect.TypeFor[time.Time]()

// misshapen returns a sentence for each value that the SDK cannot have given.
func misshapen(v assize.Value, t reflect.Type, path string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	fault := func() []string { return []string{fmt.Sprintf("%s: %v is no %s", path, v, t)} }
	switch {
	case t == timeType:
		s, _ := v.(string)
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			return fault()
		}
		return nil
	case t.Kind() == reflect.Interface: // a union, whose members reflection does not know
		if o, ok := v.(assize.Object); !ok || len(o) != 1 {
			return fault()
		}
		return nil
	}
	switch v := v.(type) {
	case string:
		if t.Kind() != reflect.String || !enumHas(t, v) {
			return fault()
		}
	case bool:
		if t.Kind() != reflect.Bool {
			return fault()
		}
	case int64:
		if !reflect.Zero(t).CanInt() && !reflect.Zero(t).CanFloat() {
			return fault()
		}
	case float64:
		if !reflect.Zero(t).CanFloat() {
			return fault()
		}
	case assize.List:
		if t.Kind() != reflect.Slice {
			return fault()
		}
		var faults []string
		for i := range v {
			faults = append(faults, misshapen(v[i], t.Elem(), fmt.Sprintf("%s[%d]", path, i))...)
		}
		return faults
	case assize.Object:
		return misshapenFields(v, t, path)
	default:
		return fault()
	}
	return nil
}

func misshapenFields(o assize.Object, t reflect.Type, path string) []string {
	if t.Kind() != reflect.Map && t.Kind() != reflect.Struct {
		return []string{fmt.Sprintf("%s: an object is no %s", path, t)}
	}
	var faults []string
	for _, f := range o {
		below := path + "." + f.Name
		if t.Kind() == reflect.Map {
			if !enumHas(t.Key(), f.Name) {
				faults = append(faults, below+": no key of "+t.String())
			}
			faults = append(faults, misshapen(f.Value, t.Elem(), below)...)
			continue
		}
		field, ok := t.FieldByName(f.Name)
		if !ok {
			faults = append(faults, below+": no field of "+t.String())
			continue
		}
		faults = append(faults, misshapen(f.Value, field.Type, below)...)
	}
	return faults
}

// enumHas tells whether an enum of the SDK knows the value; a plain string knows all.
func enumHas(t reflect.Type, s string) bool {
	values, ok := t.MethodByName("Values")
	if !ok || t.Kind() != reflect.String {
		return true
	}
	known := values.Func.Call([]reflect.Value{reflect.Zero(t)})[0]
	var names []string
	for i := range known.Len() {
		names = append(names, known.Index(i).String())
	}
	return slices.Contains(names, s) || slices.Contains(unlisted, s)
}
