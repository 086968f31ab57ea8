package plan_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
)

const (
	account  = "111122223333"
	model    = "arn:aws:bedrock:us-east-1::foundation-model/vendor.m-v1:0"
	prefix   = "arn:aws:bedrock:us-east-1:" + account + ":"
	maker    = "arn:aws:sagemaker:us-east-1:" + account + ":"
	core     = "arn:aws:bedrock-agentcore:us-east-1:" + account + ":"
	function = "arn:aws:lambda:us-east-1:" + account + ":function:f1"
	role     = "arn:aws:iam::" + account + ":role/worker"
	instance = "arn:aws:ec2:us-east-1:" + account + ":instance/i-1"
	service  = "arn:aws:ecs:us-east-1:" + account + ":service/agents/support"
)

func in(region string) string { return strings.Replace(model, "us-east-1", region, 1) }

func catalog() *plan.Catalog {
	at := func(r plan.Resource) *plan.Resource {
		r.Account, r.Region = account, "us-east-1"
		return &r
	}
	return plan.NewCatalog([]*plan.Resource{
		{ARN: model, Kind: plan.FoundationModel, Region: "us-east-1"},
		at(plan.Resource{ARN: prefix + "inference-profile/us.vendor.m-v1:0", Kind: plan.InferenceProfile, Members: []string{model, in("us-west-2")}}),
		at(plan.Resource{ARN: prefix + "inference-profile/global.vendor.m-v1:0", Kind: plan.InferenceProfile, Members: []string{in("")}}),
		at(plan.Resource{ARN: prefix + "application-inference-profile/a1", Kind: plan.ApplicationProfile, Members: []string{in("us-west-2"), model}}),
		at(plan.Resource{ARN: prefix + "prompt-router/r1", Kind: plan.PromptRouter, Members: []string{model, prefix + "inference-profile/us.vendor.m-v1:0"}}),
		at(plan.Resource{ARN: prefix + "prompt/p1", Kind: plan.Prompt, Members: []string{model}}),
		at(plan.Resource{ARN: prefix + "guardrail/g1", Kind: plan.Guardrail, Members: []string{prefix + "guardrail-profile/us.v1"}}),
		at(plan.Resource{ARN: prefix + "guardrail-profile/us.v1", Kind: plan.GuardrailProfile, Members: []string{"us-east-1", "us-west-2"}}),
		at(plan.Resource{ARN: "arn:aws:bedrock:us-west-2:" + account + ":guardrail-profile/us.v1", Kind: plan.GuardrailProfile}),
		at(plan.Resource{ARN: prefix + "agent/A1", Kind: plan.Agent, Role: role, Members: []string{model, prefix + "knowledge-base/K1"}}),
		at(plan.Resource{ARN: prefix + "knowledge-base/K1", Kind: plan.KnowledgeBase, Role: role, Members: []string{model}}),
		at(plan.Resource{ARN: instance, Kind: plan.Instance, Role: role, Tags: map[string]string{"env": "prod"}, TagsKnown: true}),
		at(plan.Resource{ARN: service, Kind: plan.ContainerService, Role: role, Members: []string{"arn:aws:ecs:us-east-1:" + account + ":cluster/agents"}}),
		at(plan.Resource{ARN: service + "-closed", Kind: plan.ContainerService, Role: role, NoExec: true}),
		at(plan.Resource{ARN: core + "runtime/r1", Kind: plan.Runtime, Role: role, JWT: true}),
		at(plan.Resource{ARN: core + "code-interpreter-custom/c1", Kind: plan.CodeInterpreter, Role: role}),
		at(plan.Resource{ARN: maker + "endpoint/e1", Kind: plan.Endpoint, Role: role}),
		at(plan.Resource{ARN: maker + "inference-component/i1", Kind: plan.InferenceComponent, Members: []string{maker + "endpoint/e1"}}),
		at(plan.Resource{ARN: maker + "model/m1", Kind: plan.Model, Role: role}),
		at(plan.Resource{ARN: maker + "notebook-instance/n1", Kind: plan.Notebook, Role: role}),
		at(plan.Resource{ARN: function, Kind: plan.Function, Role: role}),
		at(plan.Resource{ARN: "arn:aws:s3:::data", Kind: plan.Bucket, Key: "alias/data", BucketKey: true, Versioned: true}),
		at(plan.Resource{ARN: "arn:aws:kms:us-east-1:" + account + ":key/k1", Kind: plan.Key, Members: []string{"alias/data"}}),
	})
}

// spell writes a check in short: action, resource, and the keys that are its own.
func spell(c plan.Check) string {
	out := c.Action + " " + strings.NewReplacer(prefix, "~", maker, "~", core, "~", "arn:aws:bedrock:", "").Replace(c.Resource)
	for _, key := range slices.Sorted(maps.Keys(c.Fixed)) {
		if value := strings.Join(c.Fixed[key], ","); key != "aws:RequestedRegion" || value != "us-east-1" {
			out += fmt.Sprintf(" %s=%s", key, strings.ReplaceAll(value, prefix, "~"))
		}
	}
	return out
}

// TestChecks is the table of checks by call.
func TestChecks(t *testing.T) {
	t.Parallel()
	const invoke, id = "bedrock:InvokeModel ", "foundation-model/vendor.m-v1:0"
	us := "~inference-profile/us.vendor.m-v1:0"
	viaUS := " bedrock:InferenceProfileArn=" + us
	tests := []struct {
		name string
		call plan.Call
		want []string
	}{
		{"model", plan.Call{Operation: "bedrock:Converse", Target: model}, []string{invoke + "us-east-1::" + id}},
		{"stream", plan.Call{Operation: "bedrock:ConverseStream", Target: model}, []string{"bedrock:InvokeModelWithResponseStream us-east-1::" + id}},
		{"both ways", plan.Call{Operation: "bedrock:InvokeModelWithBidirectionalStream", Target: model}, []string{invoke + "us-east-1::" + id}},
		{
			"guardrail",
			plan.Call{Operation: "bedrock:Converse", Target: model, Guardrail: prefix + "guardrail/g1:2"},
			[]string{
				invoke + "us-east-1::" + id + " bedrock:GuardrailIdentifier=~guardrail/g1:2", "bedrock:ApplyGuardrail ~guardrail/g1",
				"bedrock:ApplyGuardrail ~guardrail-profile/us.v1",
				"bedrock:ApplyGuardrail us-west-2:" + account + ":guardrail-profile/us.v1 aws:RequestedRegion=us-west-2",
			},
		},
		{
			"command in a container",
			plan.Call{Operation: "ecs:ExecuteCommand", Target: service},
			[]string{"ecs:ExecuteCommand arn:aws:ecs:us-east-1:" + account + ":task/agents/assize-any", "ecs:ExecuteCommand arn:aws:ecs:us-east-1:" + account + ":cluster/agents"},
		},
		{
			"user data of an instance", plan.Call{Operation: "ec2:ModifyInstanceAttribute", Target: instance}, []string{"ec2:ModifyInstanceAttribute " + instance},
		},
		{
			"geographic profile",
			plan.Call{Operation: "bedrock:InvokeModel", Target: prefix + "inference-profile/us.vendor.m-v1:0"},
			[]string{invoke + us, invoke + "us-east-1::" + id + viaUS, invoke + "us-west-2::" + id + " aws:RequestedRegion=us-west-2" + viaUS},
		},
		{
			"global profile",
			plan.Call{Operation: "bedrock:InvokeModel", Target: prefix + "inference-profile/global.vendor.m-v1:0"},
			[]string{
				invoke + "~inference-profile/global.vendor.m-v1:0", invoke + "us-east-1::" + id + " bedrock:InferenceProfileArn=~inference-profile/global.vendor.m-v1:0",
				invoke + "::" + id + " aws:RequestedRegion=unspecified bedrock:InferenceProfileArn=~inference-profile/global.vendor.m-v1:0",
			},
		},
		{
			"application profile",
			plan.Call{Operation: "bedrock:InvokeModel", Target: prefix + "application-inference-profile/a1"},
			[]string{
				invoke + "~application-inference-profile/a1", invoke + us,
				invoke + "us-west-2::" + id + " aws:RequestedRegion=us-west-2 bedrock:InferenceProfileArn=~application-inference-profile/a1",
				invoke + "us-east-1::" + id + " bedrock:InferenceProfileArn=~application-inference-profile/a1",
			},
		},
		{
			"router",
			plan.Call{Operation: "bedrock:InvokeModel", Target: prefix + "prompt-router/r1"},
			[]string{
				invoke + "~prompt-router/r1", invoke + "us-east-1::" + id + " bedrock:PromptRouterArn=~prompt-router/r1",
				invoke + us + " bedrock:PromptRouterArn=~prompt-router/r1",
				invoke + "us-east-1::" + id + viaUS + " bedrock:PromptRouterArn=~prompt-router/r1",
				invoke + "us-west-2::" + id + " aws:RequestedRegion=us-west-2" + viaUS + " bedrock:PromptRouterArn=~prompt-router/r1",
			},
		},
		{"prompt version", plan.Call{Operation: "bedrock:Converse", Target: prefix + "prompt/p1:3"}, []string{"bedrock:RenderPrompt ~prompt/p1:3", invoke + "us-east-1::" + id}},
		{
			"project and key",
			plan.Call{Operation: "bedrock:ChatCompletions", Target: model, Account: account, Key: plan.LongTermKey},
			[]string{invoke + "~project/default", invoke + "us-east-1::" + id, "bedrock:CallWithBearerToken * bedrock:BearerTokenType=LONG_TERM"},
		},
		{
			"mantle",
			plan.Call{Operation: "bedrock-mantle:CreateInference", Target: "arn:aws:bedrock-mantle:us-east-1:1:project/p", Model: "vendor.m", Key: plan.AnyKey},
			[]string{"bedrock-mantle:CreateInference arn:aws:bedrock-mantle:us-east-1:1:project/p bedrock-mantle:Model=vendor.m", "bedrock-mantle:CallWithBearerToken *"},
		},
		{
			"batch",
			plan.Call{Operation: "bedrock:CreateModelInvocationJob", Target: model, Role: role},
			[]string{"bedrock:CreateModelInvocationJob us-east-1::" + id, "iam:PassRole " + role + " iam:PassedToService=bedrock.amazonaws.com"},
		},
		{"agent", plan.Call{Operation: "bedrock:InvokeAgent", Target: prefix + "agent-alias/A1/L1"}, []string{"bedrock:InvokeAgent ~agent-alias/A1/L1"}},
		{
			"retrieve and generate",
			plan.Call{Operation: "bedrock:RetrieveAndGenerate", Target: prefix + "knowledge-base/K1", Model: model},
			[]string{"bedrock:RetrieveAndGenerate *", "bedrock:Retrieve ~knowledge-base/K1", invoke + "us-east-1::" + id},
		},
		{
			"code interpreter",
			plan.Call{Operation: "bedrock-agentcore:InvokeCodeInterpreter", Target: core + "code-interpreter-custom/c1"},
			[]string{"bedrock-agentcore:StartCodeInterpreterSession ~code-interpreter-custom/c1", "bedrock-agentcore:InvokeCodeInterpreter ~code-interpreter-custom/c1"},
		},
		{
			"runtime endpoint",
			plan.Call{Operation: "bedrock-agentcore:InvokeAgentRuntime", Target: core + "runtime/r1/runtime-endpoint/DEFAULT"},
			[]string{"bedrock-agentcore:InvokeAgentRuntime ~runtime/r1", "bedrock-agentcore:InvokeAgentRuntime ~runtime/r1/runtime-endpoint/DEFAULT"},
		},
		{
			"component",
			plan.Call{Operation: "sagemaker:InvokeEndpoint", Target: maker + "inference-component/i1", Key: plan.ShortTermKey},
			[]string{
				"sagemaker:InvokeEndpoint ~inference-component/i1", "sagemaker:InvokeEndpoint ~endpoint/e1",
				"sagemaker:CallWithBearerToken * sagemaker:BearerTokenType=SHORT_TERM",
			},
		},
		{"transform", plan.Call{Operation: "sagemaker:CreateTransformJob", Target: maker + "model/m1"}, []string{"sagemaker:CreateTransformJob ~transform-job/assize-any sagemaker:ModelArn=" + maker + "model/m1"}},
		{
			"training with a role",
			plan.Call{Operation: "sagemaker:CreateTrainingJob", Target: maker + "training-job/j", Role: role},
			[]string{"sagemaker:CreateTrainingJob ~training-job/j", "iam:PassRole " + role + " iam:PassedToService=sagemaker.amazonaws.com"},
		},
		{
			"object",
			plan.Call{Operation: "s3:GetObject", Target: "arn:aws:s3:::data/x", Region: "us-east-1"},
			[]string{
				"s3:GetObject arn:aws:s3:::data/x",
				"kms:Decrypt arn:aws:kms:us-east-1:" + account + ":key/k1 aws:CalledVia=s3.amazonaws.com aws:CalledViaFirst=s3.amazonaws.com aws:CalledViaLast=s3.amazonaws.com aws:ViaAWSService=true" +
					" kms:EncryptionContext:aws:s3:arn=arn:aws:s3:::data kms:ViaService=s3.us-east-1.amazonaws.com",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := plan.Build(tt.call, catalog())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range p.Checks {
				got = append(got, spell(c))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
			if len(p.Unknown) > 0 {
				t.Errorf("unknown: got %v, want nothing: all of it is in the catalog", p.Unknown[0])
			}
		})
	}
}

// TestRuns: what works under another role, and how far the caller decides.
func TestRuns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		call    plan.Call
		control plan.Control
		calls   []string
		notIAM  bool
	}{
		{plan.Call{Operation: "bedrock:InvokeAgent", Target: prefix + "agent-alias/A1/L1"}, plan.Configured, []string{"bedrock:InvokeModel on " + model, "bedrock:Retrieve on " + prefix + "knowledge-base/K1"}, false},
		{plan.Call{Operation: "bedrock:Retrieve", Target: prefix + "knowledge-base/K1"}, plan.Configured, []string{"bedrock:InvokeModel on " + model}, false},
		{plan.Call{Operation: "bedrock-agentcore:InvokeAgentRuntime", Target: core + "runtime/r1"}, plan.Program, nil, true},
		{plan.Call{Operation: "bedrock-agentcore:InvokeAgentRuntimeCommand", Target: core + "runtime/r1"}, plan.Full, nil, true},
		{plan.Call{Operation: "bedrock-agentcore:InvokeCodeInterpreter", Target: core + "code-interpreter-custom/c1"}, plan.Full, nil, false},
		{plan.Call{Operation: "sagemaker:CreatePresignedNotebookInstanceUrl", Target: maker + "notebook-instance/n1"}, plan.Full, nil, false},
		{plan.Call{Operation: "sagemaker:InvokeEndpoint", Target: maker + "endpoint/e1"}, plan.Program, nil, false},
		{plan.Call{Operation: "sts:AssumeRole", Target: role}, plan.Full, nil, false},
		{plan.Call{Operation: "lambda:InvokeFunction", Target: function}, plan.Program, nil, false},
		{plan.Call{Operation: "lambda:UpdateFunctionCode", Target: function}, plan.Full, nil, false},
		{plan.Call{Operation: "ec2:ModifyInstanceAttribute", Target: instance}, plan.Full, nil, false},
		{plan.Call{Operation: "ssm:SendCommand", Target: instance}, plan.Full, nil, false},
		{plan.Call{Operation: "ecs:ExecuteCommand", Target: service}, plan.Full, nil, false},
		{plan.Call{Operation: "ecs:ExecuteCommand", Target: service + "-closed", Created: true}, plan.Full, nil, false},
	}
	for _, tt := range tests {
		p, err := plan.Build(tt.call, catalog())
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Runs) != 1 || p.Runs[0].Role != role || p.Runs[0].Control != tt.control || (p.NotIAM != "") != tt.notIAM {
			t.Errorf("%s: got %+v %q, want the role %s under control %s", tt.call, p.Runs, p.NotIAM, role, tt.control)
			continue
		}
		var got []string
		for _, c := range p.Runs[0].Calls {
			got = append(got, c.String())
		}
		if diff := cmp.Diff(tt.calls, got); diff != "" {
			t.Errorf("%s: calls (-want +got):\n%s", tt.call, diff)
		}
	}
}

// TestUnknown: what the catalog lacks is said, and what is no call is an error.
func TestUnknown(t *testing.T) {
	t.Parallel()
	missing := []plan.Call{
		{Operation: "bedrock:Converse", Target: prefix + "inference-profile/eu.vendor.m-v1:0"},
		{Operation: "bedrock:Converse", Target: model, Guardrail: prefix + "guardrail/none"},
		{Operation: "bedrock:InvokeAgent", Target: prefix + "agent-alias/NONE/L1"},
		{Operation: "bedrock:RetrieveAndGenerate", Target: prefix + "knowledge-base/K1"},
		{Operation: "s3:GetObject", Target: "arn:aws:s3:::unknown/x"},
		{Operation: "ssm:StartSession", Target: instance},
		{Operation: "ec2:ModifyInstanceAttribute", Target: instance + "0"},
		{Operation: "ecs:ExecuteCommand", Target: strings.Replace(service, "support", "nobody", 1)},
		{Operation: "bedrock:Converse", Target: prefix + "custom-model/unknown"},
		{Operation: "bedrock:DeleteGuardrail", Target: prefix + "guardrail/unknown"},
	}
	for _, c := range missing {
		p, err := plan.Build(c, catalog())
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Unknown) == 0 {
			t.Errorf("%s: got a plan without gaps, want what is missing", c)
		}
	}
	wrong := []struct {
		call plan.Call
		want error
	}{
		{plan.Call{Operation: "bedrock:Nothing", Target: model}, plan.ErrUnknownOperation},
		{plan.Call{Operation: "bedrock:Converse", Target: "vendor.m-v1:0"}, plan.ErrTarget},
		{plan.Call{Operation: "bedrock:Converse", Target: prefix + "guardrail/g1"}, plan.ErrTarget},
		{plan.Call{Operation: "bedrock:InvokeAgent", Target: model}, plan.ErrTarget},
		{plan.Call{Operation: "ecs:ExecuteCommand", Target: service + "-closed"}, plan.ErrTarget},
		{plan.Call{Operation: "ecs:ExecuteCommand", Target: "arn:aws:ecs:us-east-1:111122223333:task/0123"}, plan.ErrTarget},
		{plan.Call{Operation: "s3:GetObject", Target: "arn:aws:s3:::data/x", Key: plan.AnyKey}, plan.ErrTarget},
	}
	for _, tt := range wrong {
		if _, err := plan.Build(tt.call, catalog()); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.call, err, tt.want)
		}
	}
}

// TestActionsExist: a plan asks for actions and service keys that AWS knows.
func TestActionsExist(t *testing.T) {
	t.Parallel()
	targets := []string{
		model, prefix + "inference-profile/us.vendor.m-v1:0", prefix + "agent-alias/A1/L1", prefix + "flow/F1/alias/L1", prefix + "knowledge-base/K1",
		prefix + "guardrail/g1", core + "runtime/r1", core + "code-interpreter-custom/c1", maker + "endpoint/e1", maker + "notebook-instance/n1",
		maker + "model/m1", role, function, instance, service, "arn:aws:s3:::data/x", "arn:aws:bedrock-mantle:us-east-1:1:project/p",
	}
	built := map[string]bool{}
	for _, operation := range plan.Operations() {
		for _, target := range targets {
			p, err := plan.Build(plan.Call{Operation: operation, Target: target, Account: account, Guardrail: prefix + "guardrail/g1", Key: ""}, catalog())
			if err != nil {
				continue // not a target of it
			}
			built[operation] = true
			for _, c := range p.Checks {
				service, name, _ := strings.Cut(c.Action, ":")
				a, ok := sar.Default().Action(service, name)
				if !ok {
					t.Errorf("%s: %s is no action", p.Call, c.Action)
					continue
				}
				for key := range c.Fixed {
					if !sar.Default().KeyApplies(a, key) {
						t.Errorf("%s: requests for %s carry no %s", p.Call, c.Action, key)
					}
				}
			}
		}
		if !built[operation] {
			t.Errorf("%s: no target of the test is one of it", operation)
		}
	}
}

// TestOwnTags: the key of a service for tags says what the tags are, as aws:ResourceTag does.
func TestOwnTags(t *testing.T) {
	t.Parallel()
	c := catalog()
	c.Mentioned = []string{"ec2:resourcetag/env", "ec2:resourcetag/owner", "ssm:resourcetag/env", "aws:resourcetag/env"}
	for operation, want := range map[string]string{
		"ec2:ModifyInstanceAttribute": "ec2:ModifyInstanceAttribute " + instance + " aws:ResourceTag/env=prod ec2:ResourceTag/env=prod ec2:ResourceTag/owner=",
		"ssm:StartSession":            "ssm:StartSession " + instance + " aws:ResourceTag/env=prod ssm:ResourceTag/env=prod",
	} {
		p, err := plan.Build(plan.Call{Operation: operation, Target: instance}, c)
		if err != nil {
			t.Fatal(err)
		}
		if got := spell(p.Checks[0]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
