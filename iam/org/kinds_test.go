package org_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

// TestCatalog: resources of an inventory by the ARNs, roles and keys that plans need.
func TestCatalog(t *testing.T) {
	t.Parallel()
	const region = "us-east-1"
	in := "arn:aws:bedrock:" + region + ":" + home + ":"
	maker := "arn:aws:sagemaker:" + region + ":" + home + ":"
	worker := roleARN(home, "worker")
	resource := func(typ, id, arn string, p map[string]assize.Value) *assize.Resource {
		return &assize.Resource{Type: typ, Account: home, Region: region, ID: id, ARN: arn, Properties: assize.NewObject(p)}
	}
	object := func(p map[string]assize.Value) assize.Value { return assize.NewObject(p) }
	routed := func(model string) map[string]assize.Value {
		return map[string]assize.Value{"Models": assize.List{object(map[string]assize.Value{"ModelArn": "arn:aws:bedrock:us-east-1::foundation-model/" + model})}}
	}
	inv := &assize.Inventory{
		Accounts: []assize.Account{{ID: home, Partition: "aws", Regions: []string{region}}},
		Resources: []*assize.Resource{
			resource("AWS::Bedrock::FoundationModel", "zai.glm-4.6", "arn:aws:bedrock:us-east-1::foundation-model/zai.glm-4.6", nil),
			resource("AWS::Bedrock::Agent", "A1", in+"agent/A1", map[string]assize.Value{
				"AgentResourceRoleArn": worker, "FoundationModel": "zai.glm-4.6",
				"KnowledgeBases":         assize.List{object(map[string]assize.Value{"KnowledgeBaseId": "K1"})},
				"GuardrailConfiguration": object(map[string]assize.Value{"GuardrailIdentifier": "g1"}),
			}),
			resource("AWS::Bedrock::Flow", "F1", flowARN, map[string]assize.Value{"ExecutionRoleArn": worker}),
			resource("AWS::Bedrock::FlowAlias", "F1|FA1", flowARN+"/alias/FA1", nil),
			resource("AWS::Bedrock::FlowAlias", "F1|FA2", flowARN+"/alias/FA2", map[string]assize.Value{
				"RoutingConfiguration": assize.List{object(map[string]assize.Value{"FlowVersion": "2"})},
				"Version": object(map[string]assize.Value{
					"ExecutionRoleArn": roleARN(home, "old"),
					"Definition": object(map[string]assize.Value{"Nodes": assize.List{object(map[string]assize.Value{"Configuration": object(map[string]assize.Value{
						"KnowledgeBase": object(map[string]assize.Value{"KnowledgeBaseId": "K1"}),
					})})}}),
				}),
			}),
			resource("AWS::Bedrock::AgentAlias", "A1|L2", in+"agent-alias/A1/L2", map[string]assize.Value{
				"AgentId": "A1", "RoutingConfiguration": assize.List{object(map[string]assize.Value{"AgentVersion": "3"})},
				"Version": object(map[string]assize.Value{
					"AgentResourceRoleArn": roleARN(home, "old"), "FoundationModel": "zai.glm-4.6",
					"GuardrailConfiguration": object(map[string]assize.Value{"GuardrailIdentifier": "g2"}),
				}),
			}),
			resource("AWS::Bedrock::AgentAlias", "A1|L3", in+"agent-alias/A1/L3", map[string]assize.Value{
				"AgentId": "A1", "RoutingConfiguration": assize.List{object(map[string]assize.Value{"AgentVersion": "4"})},
				"Version": &assize.Unknown{Cause: assize.NotConnected},
			}),
			resource("AWS::Bedrock::FlowAlias", "F9|FA9", in+"flow/F9/alias/FA9", nil),
			resource("AWS::Bedrock::CustomModelDeployment", "d1", in+"custom-model-deployment/d1", map[string]assize.Value{"ModelArn": in + "custom-model/m"}),
			resource("AWS::Bedrock::Guardrail", "g1", in+"guardrail/g1", map[string]assize.Value{"ResourcePolicy": statements(allow("bedrock:ApplyGuardrail", "*"))}),
			resource("AWS::Bedrock::Guardrail", "g2", in+"guardrail/g2", map[string]assize.Value{"ResourcePolicy": &assize.Unknown{Cause: assize.Denied}}),
			resource("AWS::Bedrock::Guardrail", "g3", in+"guardrail/g3", nil),
			resource("AWS::Bedrock::IntelligentPromptRouter", "r1", in+"prompt-router/r1", routed("zai.glm-4.6")),
			resource("AWS::Bedrock::IntelligentPromptRouter", "r2", in+"default-prompt-router/r2", routed("zai.glm-4.6")),
			resource("AWS::IAM::Role", "worker", worker, map[string]assize.Value{"InstanceProfiles": assize.List{object(map[string]assize.Value{"Arn": "arn:aws:iam::" + home + ":instance-profile/p"})}}),
			resource("AWS::EC2::Instance", "i-1", instanceARN, map[string]assize.Value{
				"State": object(map[string]assize.Value{"Name": "running"}), "IamInstanceProfile": "arn:aws:iam::" + home + ":instance-profile/p",
			}),
			resource("AWS::EC2::Instance", "i-2", instanceARN+"2", map[string]assize.Value{"State": object(map[string]assize.Value{"Name": "stopped"})}),
			resource("AWS::EC2::Instance", "i-3", instanceARN+"3", map[string]assize.Value{
				"State": object(map[string]assize.Value{"Name": "running"}), "IamInstanceProfile": "arn:aws:iam::" + home + ":instance-profile/gone",
			}),
			resource("AWS::ECS::Service", "agents/s", serviceARN+"/s", map[string]assize.Value{"TaskRoleArn": worker, "Cluster": clusterARN, "EnableExecuteCommand": false}),
			resource("AWS::Bedrock::AgentAlias", "L1", in+"agent-alias/A1/L1", map[string]assize.Value{"AgentId": "A1"}),
			resource("AWS::Bedrock::Prompt", "P1", in+"prompt/P1", map[string]assize.Value{
				"Variants": assize.List{object(map[string]assize.Value{"ModelId": "eu.amazon.nova-lite-v1:0"})},
			}),
			resource("AWS::BedrockAgentCore::Gateway", "G1", strings.Replace(in, "bedrock", "bedrock-agentcore", 1)+"gateway/G1", map[string]assize.Value{
				"RoleArn": worker, "AuthorizerType": "CUSTOM_JWT",
			}),
			resource("AWS::BedrockAgentCore::Harness", "H1", strings.Replace(in, "bedrock", "bedrock-agentcore", 1)+"harness/H1", map[string]assize.Value{
				"ExecutionRoleArn": worker, "AuthorizerConfiguration": object(map[string]assize.Value{
					"CustomJWTAuthorizer": object(map[string]assize.Value{"DiscoveryUrl": "https://id.example.com/.well-known/openid-configuration"}),
				}),
			}),
			resource("AWS::SageMaker::Endpoint", "e1", maker+"endpoint/e1", map[string]assize.Value{"EndpointConfigName": "c1"}),
			resource("AWS::SageMaker::EndpointConfig", "c1", maker+"endpoint-config/c1", map[string]assize.Value{
				"ProductionVariants": assize.List{object(map[string]assize.Value{"ModelName": "m1"})},
			}),
			resource("AWS::SageMaker::Model", "m1", maker+"model/m1", map[string]assize.Value{"ExecutionRoleArn": worker}),
			resource("AWS::SageMaker::Domain", "d1", maker+"domain/d1", map[string]assize.Value{"DefaultUserSettings": object(map[string]assize.Value{"ExecutionRole": worker})}),
			resource("AWS::SageMaker::UserProfile", "u1", maker+"user-profile/d1/u1", map[string]assize.Value{"DomainId": "d1"}),
			resource("AWS::S3::Bucket", "data", "", map[string]assize.Value{
				"BucketEncryption": object(map[string]assize.Value{"ServerSideEncryptionConfiguration": assize.List{object(map[string]assize.Value{
					"BucketKeyEnabled": true, "ServerSideEncryptionByDefault": object(map[string]assize.Value{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/data"}),
				})}}),
				"VersioningConfiguration": object(map[string]assize.Value{"Status": "Enabled"}),
				"BucketPolicy":            &assize.Unknown{Cause: assize.Denied},
			}),
			resource("AWS::Logs::LogGroup", "/ai", "arn:aws:logs:us-east-1:"+home+":log-group:/ai:*", nil),
			resource("AWS::EC2::VPCEndpoint", "vpce-1", "", map[string]assize.Value{
				"ServiceName": "com.amazonaws.us-east-1.bedrock-runtime", "VpcId": "vpc-1",
				"PolicyDocument": `{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}`,
			}),
			resource("AWS::EC2::VPCEndpoint", "vpce-2", "", map[string]assize.Value{
				"ServiceName": "com.amazonaws.us-east-1.s3", "VpcId": "vpc-1", "PolicyDocument": &assize.Unknown{Cause: assize.Denied},
			}),
		},
	}
	o := org.FromInventory(inv)
	type facts struct {
		Role, Key, Guardrail string
		Members              []string
		JWT, Policy          bool
		NoExec, RoleUnknown  bool
	}
	want := map[string]facts{
		in + "agent/A1": {Role: worker, Guardrail: in + "guardrail/g1", Members: []string{
			"arn:aws:bedrock:us-east-1::foundation-model/zai.glm-4.6", in + "knowledge-base/K1",
		}},
		in + "agent-alias/A1/L1":          {Members: []string{in + "agent/A1"}},
		flowARN + "/alias/FA1":            {Role: worker, Members: []string{flowARN}},
		in + "flow/F9/alias/FA9":          {Members: []string{in + "flow/F9"}, RoleUnknown: true},
		flowARN + "/alias/FA2":            {Role: roleARN(home, "old"), Members: []string{in + "knowledge-base/K1"}},
		in + "agent-alias/A1/L2":          {Role: roleARN(home, "old"), Guardrail: in + "guardrail/g2", Members: []string{"arn:aws:bedrock:us-east-1::foundation-model/zai.glm-4.6"}},
		in + "agent-alias/A1/L3":          {RoleUnknown: true},
		in + "custom-model-deployment/d1": {Members: []string{in + "custom-model/m"}},
		in + "guardrail/g1":               {Policy: true},
		in + "guardrail/g2":               {Policy: true}, // one that nobody could read
		in + "guardrail/g3":               {},
		in + "prompt-router/r1":           {Members: []string{"arn:aws:bedrock:us-east-1::foundation-model/zai.glm-4.6"}},
		in + "default-prompt-router/r2":   {Members: []string{"arn:aws:bedrock:us-east-1::foundation-model/zai.glm-4.6"}},
		instanceARN:                       {Role: worker},
		instanceARN + "3":                 {RoleUnknown: true},
		serviceARN + "/s":                 {Role: worker, Members: []string{clusterARN}, NoExec: true},
		flowARN + "/alias/TSTALIASID":     {Role: worker, Members: []string{flowARN}},
		in + "prompt/P1":                  {Members: []string{in + "inference-profile/eu.amazon.nova-lite-v1:0"}},
		"arn:aws:bedrock-agentcore:us-east-1:" + home + ":gateway/G1": {Role: worker, JWT: true},
		"arn:aws:bedrock-agentcore:us-east-1:" + home + ":harness/H1": {Role: worker, JWT: true},
		maker + "endpoint/e1":                               {Role: worker},
		maker + "user-profile/d1/u1":                        {Role: worker},
		"arn:aws:s3:::data":                                 {Key: "alias/data", Policy: true},
		"arn:aws:logs:us-east-1:" + home + ":log-group:/ai": {},
	}
	for arn, w := range want {
		r := o.Catalog.Find(arn)
		if r == nil {
			t.Errorf("%s: not in the catalog", arn)
			continue
		}
		got := facts{r.Role, r.Key, r.Guardrail, r.Members, r.JWT, r.Policy != nil, r.NoExec, r.RoleUnknown != nil}
		if diff := cmp.Diff(w, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", arn, diff)
		}
	}
	if r := o.Catalog.Find(instanceARN + "2"); r != nil {
		t.Errorf("an instance that does not run is in the catalog: %+v", r)
	}
	for _, k := range []plan.Kind{plan.FlowAlias, plan.PromptRouter, plan.DefaultRouter} {
		if o.Catalog.Unlisted[k] == nil {
			t.Errorf("%s was not listed: got a complete list", k)
		}
	}
	var endpoints []string
	for _, e := range o.Endpoints {
		limits := "limits nothing"
		if e.Policy != nil {
			limits = "has a policy"
		}
		endpoints = append(endpoints, e.ID+" "+e.Service+" "+limits)
	}
	if diff := cmp.Diff([]string{"vpce-1 bedrock-runtime limits nothing", "vpce-2 s3 has a policy"}, endpoints); diff != "" {
		t.Errorf("endpoints (-want +got):\n%s", diff)
	}
}

// TestUnreadWays: a list that breaks off, and work under a role that nobody knows, leave ways open.
func TestUnreadWays(t *testing.T) {
	t.Parallel()
	agents := plan.Resource{ARN: "arn:aws:bedrock:us-east-1:" + home + ":agent-alias/A1/L1", Kind: plan.AgentAlias, MembersUnknown: &assize.Unknown{Cause: assize.Denied}}
	hosts := plan.Resource{ARN: instanceARN, Kind: plan.Instance, RoleUnknown: &assize.Unknown{Cause: assize.Unlinked}}
	profile := plan.Resource{ARN: profileARN("us"), Kind: plan.InferenceProfile, MembersUnknown: &assize.Unknown{Cause: assize.Denied}}
	a := world{resources: []*plan.Resource{&agents, &hosts, &profile}}.build(t)
	a.Organisation().Catalog.Unlisted[plan.Notebook] = &assize.Unknown{Cause: assize.Throttled}
	a.Organisation().Catalog.Unlisted[plan.Bucket] = &assize.Unknown{Cause: assize.Throttled}
	got := map[plan.Kind]assize.Cause{}
	for k, u := range a.UnreadWays() {
		got[k] = u.Cause
	}
	want := map[plan.Kind]assize.Cause{
		plan.AgentAlias: assize.Denied, plan.Instance: assize.Unlinked, plan.Notebook: assize.Throttled, plan.InferenceProfile: assize.Denied,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ways (-want +got):\n%s", diff)
	}
	if nothing := org.NewAnalysis(org.NewDetails().Build(nil), org.Config{}).UnreadWays(); nothing[plan.Agent] == nil || nothing[plan.Instance] == nil || nothing[plan.Bucket] != nil {
		t.Errorf("without resources: got %v, want every kind that leads to a role", nothing)
	}
}
