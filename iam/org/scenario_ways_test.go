package org_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

const (
	instanceARN = "arn:aws:ec2:us-east-1:" + home + ":instance/i-1"
	clusterARN  = "arn:aws:ecs:us-east-1:" + home + ":cluster/agents"
	serviceARN  = "arn:aws:ecs:us-east-1:" + home + ":service/agents"
)

// TestIndirect: roles that are taken on, passed, or at work.
func TestIndirect(t *testing.T) {
	t.Parallel()
	agent := "arn:aws:bedrock:us-east-1:" + home + ":agent/A1"
	alias := "arn:aws:bedrock:us-east-1:" + home + ":agent-alias/A1/L1"
	harness := "arn:aws:bedrock-agentcore:us-east-1:" + home + ":harness/H1"
	notebook := "arn:aws:sagemaker:us-east-1:" + home + ":notebook-instance/n1"
	invoke := []string{allow(invokeBoth, "*")}
	tests := []struct {
		name  string
		world world
		want  []string
	}{
		{
			"chain across accounts, with a cycle",
			world{roles: map[string]testRole{
				home + "/worker": {trust: `{"AWS":"` + roleARN(home, "bridge") + `"}`, allow: append([]string{allow("sts:AssumeRole", roleARN(home, "bridge"))}, invoke...)},
				home + "/bridge": {trust: `{"AWS":["` + other + `","` + roleARN(home, "worker") + `"]}`, allow: []string{allow("sts:AssumeRole", "*")}},
				other + "/far":   {trust: lambdaTrust, allow: []string{allow("sts:AssumeRole", roleARN(home, "bridge"))}},
				other + "/none":  {trust: lambdaTrust, allow: []string{allow("sts:AssumeRole", roleARN(home, "worker"))}},
			}},
			[]string{"bridge > worker always", "far > bridge > worker always"},
		},
		{
			"an agent of another",
			world{
				roles: map[string]testRole{home + "/agent": {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: invoke}},
				users: map[string][]string{home + "/u": {allow("bedrock:InvokeAgent", alias)}, home + "/v": {allow("bedrock:InvokeAgent", agent)}},
				resources: []*plan.Resource{
					{ARN: agent, Kind: plan.Agent, Account: home, Region: "us-east-1", Role: roleARN(home, "agent"), Members: []string{modelARN("us-east-1")}},
					{ARN: alias, Kind: plan.AgentAlias, Account: home, Region: "us-east-1", Members: []string{agent}},
				},
			},
			[]string{"u > agent always"},
		},
		{
			"a harness of another",
			world{
				roles: map[string]testRole{home + "/harness": {trust: `{"Service":"bedrock-agentcore.amazonaws.com"}`, allow: invoke}},
				users: map[string][]string{
					home + "/u": {allow("bedrock-agentcore:InvokeHarness", harness)},
					home + "/v": {allow("bedrock-agentcore:InvokeHarness", harness+"2")}, home + "/w": {allow("bedrock-agentcore:GetHarness", "*")},
				},
				resources: []*plan.Resource{{ARN: harness, Kind: plan.Harness, Account: home, Region: "us-east-1", Role: roleARN(home, "harness")}},
			},
			[]string{"u > harness always"},
		},
		{
			"an agent that runs another model",
			world{
				roles: map[string]testRole{home + "/agent": {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: invoke}},
				users: map[string][]string{home + "/u": {allow("bedrock:InvokeAgent", alias)}},
				resources: []*plan.Resource{
					{ARN: agent, Kind: plan.Agent, Account: home, Region: "us-east-1", Role: roleARN(home, "agent"), Members: []string{modelARN("us-west-2")}},
					{ARN: alias, Kind: plan.AgentAlias, Account: home, Region: "us-east-1", Members: []string{agent}},
				},
			},
			nil,
		},
		{
			"a role that is passed",
			world{
				roles: map[string]testRole{home + "/job": {trust: `{"Service":"sagemaker.amazonaws.com"}`, allow: invoke}},
				users: map[string][]string{
					home + "/u": {allow("iam:PassRole", "*"), allow("sagemaker:CreateTrainingJob", "*")},
					home + "/v": {allow("sagemaker:CreateTrainingJob", "*")},
					home + "/w": {allow("iam:PassRole", "*", `"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}`), allow("sagemaker:*", "*")},
				},
			},
			[]string{"u > job always"},
		},
		{
			"a role that is passed under a name, in a Region, by a batch job",
			world{
				roles: map[string]testRole{
					home + "/job":   {trust: `{"Service":"sagemaker.amazonaws.com"}`, allow: invoke},
					home + "/batch": {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: invoke},
				},
				users: map[string][]string{
					home + "/named":     {allow("iam:PassRole", roleARN(home, "job")), allow("sagemaker:*", "arn:aws:sagemaker:*:"+home+":notebook-instance/ds-*")},
					home + "/elsewhere": {allow("iam:PassRole", "*"), allow("sagemaker:CreateTrainingJob", "arn:aws:sagemaker:eu-west-1:"+home+":*")},
					home + "/scp":       {allow("iam:PassRole", roleARN(home, "job")), allow("sagemaker:CreateTrainingJob", "*", `"StringEquals":{"aws:RequestedRegion":"us-west-2"}`)},
					home + "/lots":      {allow("bedrock:CreateModelInvocationJob", "*"), allow("iam:PassRole", roleARN(home, "batch"))},
					home + "/half":      {allow("bedrock:CreateAgent bedrock:InvokeAgent", "*"), allow("iam:PassRole", roleARN(home, "batch"))},
					home + "/all":       {allow("bedrock:*Agent", "*"), allow("iam:PassRole", roleARN(home, "batch"))},
				},
			},
			[]string{"all > batch always", "elsewhere > job always", "lots > batch always", "named > job always", "scp > job always"},
		},
		{
			"a flow, which is invoked by an alias",
			world{
				roles: map[string]testRole{home + "/flow": {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: invoke}},
				users: map[string][]string{home + "/u": {allow("bedrock:InvokeFlow", flowARN+"/alias/*")}, home + "/v": {allow("bedrock:InvokeFlow", flowARN)}},
				resources: []*plan.Resource{
					{ARN: flowARN, Kind: plan.Flow, Account: home, Region: "us-east-1", Role: roleARN(home, "flow"), Members: []string{modelARN("us-east-1")}},
					{ARN: flowARN + "/alias/L1", Kind: plan.FlowAlias, Account: home, Region: "us-east-1", Role: roleARN(home, "flow"), Members: []string{flowARN}},
				},
			},
			[]string{"u > flow always"},
		},
		{
			"aliases that lead to versions, which work by themselves",
			world{
				roles: map[string]testRole{
					home + "/draft":   {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: invoke},
					home + "/version": {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: invoke},
				},
				users: map[string][]string{home + "/u": {allow("bedrock:InvokeAgent bedrock:InvokeFlow", "*")}},
				resources: []*plan.Resource{
					{ARN: agent, Kind: plan.Agent, Account: home, Region: "us-east-1", Role: roleARN(home, "draft"), Members: []string{modelARN("us-east-1")}},
					{ARN: alias, Kind: plan.AgentAlias, Account: home, Region: "us-east-1", Role: roleARN(home, "version"), Members: []string{modelARN("us-east-1")}},
					{ARN: flowARN, Kind: plan.Flow, Account: home, Region: "us-east-1", Role: roleARN(home, "draft"), Members: []string{modelARN("us-east-1")}},
					{ARN: flowARN + "/alias/L1", Kind: plan.FlowAlias, Account: home, Region: "us-east-1", Role: roleARN(home, "version"), Members: []string{modelARN("us-west-2")}},
				},
			},
			[]string{"u > version always"},
		},
		{
			"a function that is there",
			world{
				roles: map[string]testRole{home + "/fn": {trust: lambdaTrust, allow: invoke}},
				users: map[string][]string{home + "/u": {allow("lambda:UpdateFunctionCode", "*")}, home + "/v": {allow("lambda:GetFunction", "*")}},
				resources: []*plan.Resource{{
					ARN: "arn:aws:lambda:us-east-1:" + home + ":function:f1", Kind: plan.Function, Account: home, Region: "us-east-1", Role: roleARN(home, "fn"),
				}},
			},
			[]string{"u > fn always"},
		},
		{
			"a model that is there, by a job of a name that is allowed",
			world{
				roles: map[string]testRole{home + "/model": {trust: `{"Service":"sagemaker.amazonaws.com"}`, allow: invoke}},
				users: map[string][]string{
					home + "/any":   {allow("sagemaker:CreateTransformJob", "*")},
					home + "/named": {allow("sagemaker:CreateTransformJob", "arn:aws:sagemaker:us-east-1:"+home+":transform-job/team-*")},
					home + "/away":  {allow("sagemaker:CreateTransformJob", "arn:aws:sagemaker:eu-west-1:"+home+":transform-job/*")},
					home + "/other": {allow("sagemaker:CreateTransformJob", "*", `"StringEquals":{"sagemaker:ModelArn":"arn:aws:sagemaker:us-east-1:`+home+`:model/m2"}`)},
				},
				resources: []*plan.Resource{{ARN: "arn:aws:sagemaker:us-east-1:" + home + ":model/m1", Kind: plan.Model, Account: home, Region: "us-east-1", Role: roleARN(home, "model")}},
			},
			[]string{"any > model always", "named > model always"},
		},
		{
			"an instance that runs",
			world{
				roles: map[string]testRole{home + "/host": {trust: `{"Service":"ec2.amazonaws.com"}`, allow: invoke}},
				users: map[string][]string{
					home + "/admin": {allow("ec2:*Instance*", "*"), allow("ssm:*", "*")},
					home + "/shell": {allow("ssm:StartSession", instanceARN)},
					home + "/run":   {allow("ssm:SendCommand", instanceARN)}, // and no document
					home + "/start": {allow("ec2:StartInstances", "*")},
				},
				resources: []*plan.Resource{{ARN: instanceARN, Kind: plan.Instance, Account: home, Region: "us-east-1", Role: roleARN(home, "host")}},
			},
			[]string{"admin > host always", "shell > host inconclusive"},
		},
		{
			"services of containers that run",
			world{
				roles: map[string]testRole{
					home + "/open":   {trust: `{"Service":"ecs-tasks.amazonaws.com"}`, allow: invoke},
					home + "/closed": {trust: `{"Service":"ecs-tasks.amazonaws.com"}`, allow: invoke},
				},
				users: map[string][]string{
					home + "/exec": {allow("ecs:ExecuteCommand", "*")},
					home + "/both": {allow("ecs:ExecuteCommand ecs:UpdateService", "*")},
					home + "/half": {allow("ecs:ExecuteCommand", clusterARN)},
				},
				resources: []*plan.Resource{
					{ARN: serviceARN + "/open", Kind: plan.ContainerService, Account: home, Region: "us-east-1", Role: roleARN(home, "open"), Members: []string{clusterARN}},
					{ARN: serviceARN + "/closed", Kind: plan.ContainerService, Account: home, Region: "us-east-1", Role: roleARN(home, "closed"), Members: []string{clusterARN}, NoExec: true},
				},
			},
			[]string{"both > closed always", "both > open always", "exec > open always"},
		},
		{
			"a notebook that is there",
			world{
				roles:     map[string]testRole{home + "/book": {trust: `{"Service":"sagemaker.amazonaws.com"}`, allow: invoke}},
				users:     map[string][]string{home + "/u": {allow("sagemaker:CreatePresignedNotebookInstanceUrl", "*", `"Bool":{"aws:MultiFactorAuthPresent":"true"}`)}},
				resources: []*plan.Resource{{ARN: notebook, Kind: plan.Notebook, Account: home, Region: "us-east-1", Role: roleARN(home, "book")}},
			},
			[]string{"u > book conditional"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.world.resources = append(tt.world.resources, catalog()...)
			got := paths(t, tt.world.build(t), plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1")})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("paths (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDiff: an edit is answered without being made, and groups that it leaves alone stay.
func TestDiff(t *testing.T) {
	t.Parallel()
	w := world{roles: map[string]testRole{
		home + "/r":  {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*")}},
		other + "/s": {trust: lambdaTrust, allow: []string{allow("bedrock:*", modelARN("us-east-1"))}},
	}, scps: map[string]string{home: deny("sagemaker:*", "*")}, resources: catalog()}
	a := w.build(t)
	m, err := a.Matrix([]plan.Call{{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1")}, {Operation: "bedrock:InvokeModel", Target: modelARN("us-west-2")}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := m.Diff(org.Edit{Layer: serviceControl, Policy: "scp-" + home, Document: []byte(statements(deny("bedrock:*", modelARN("us-west-2"))))})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range d.Changes {
		got = append(got, c.Principals[0].Name+" "+c.Call.Target+" "+string(c.Before.Outcome)+" to "+string(c.After.Outcome))
		if c.Lost.Empty() || !c.Gained.Empty() {
			t.Errorf("%s: a deny gains nothing and loses something", c.Call)
		}
	}
	if diff := cmp.Diff([]string{"r " + modelARN("us-west-2") + " always to never"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

// TestCallsApart: calls that differ in one member have plans of their own.
func TestCallsApart(t *testing.T) {
	t.Parallel()
	a := world{resources: catalog()}.build(t)
	seen := map[*plan.Plan]plan.Call{}
	base := plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1"), Region: "us-east-1"}
	v := reflect.ValueOf(&base).Elem()
	for i := range v.NumField() {
		changed := base
		switch f := reflect.ValueOf(&changed).Elem().Field(i); {
		case v.Type().Field(i).Name == "Operation":
			f.SetString("bedrock:Converse")
		case v.Type().Field(i).Name == "Target":
			f.SetString(modelARN("us-west-2"))
		case f.Kind() == reflect.String:
			f.SetString("x")
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		default:
			changed.Given = map[string][]string{"aws:SourceIp": {"203.0.113.1"}}
		}
		p, _ := a.Plan(changed) // some are no calls; those have no plan to share
		if p == nil {
			continue
		}
		if other, ok := seen[p]; ok {
			t.Errorf("%+v and %+v: got one plan", changed, other)
		}
		seen[p] = changed
	}
}
