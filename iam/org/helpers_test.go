package org_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

const (
	home  = "111122223333"
	other = "444455556666"
	model = "anthropic.claude-v1:0"
)

const (
	identity       = iam.LayerIdentity
	serviceControl = iam.LayerServiceControl
)

// world is an organisation of a test in few words.
type world struct {
	roles     map[string]testRole // by account/name
	users     map[string][]string // statements by account/name
	scps      map[string]string   // statements by target
	rcps      map[string]string   // likewise
	resources []*plan.Resource
	endpoints map[org.Endpoint]string
	noTree    bool
}

type testRole struct {
	trust    string // a principal element
	allow    []string
	boundary string
	tags     string
}

const lambdaTrust = `{"Service":"lambda.amazonaws.com"}`

func statements(list ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

func allow(actions, resources string, conditions ...string) string {
	return grant("Allow", actions, resources, conditions...)
}

func deny(actions, resources string, conditions ...string) string {
	return grant("Deny", actions, resources, conditions...)
}

func grant(effect, actions, resources string, conditions ...string) string {
	quote := func(s string) string { return `["` + strings.ReplaceAll(s, " ", `","`) + `"]` }
	out := fmt.Sprintf(`{"Effect":%q,"Action":%s,"Resource":%s`, effect, quote(actions), quote(resources))
	if len(conditions) > 0 {
		out += `,"Condition":{` + strings.Join(conditions, ",") + `}`
	}
	return out + "}"
}

func (w world) build(t testing.TB) *org.Analysis {
	t.Helper()
	d := org.NewDetails()
	for _, account := range []string{home, other} {
		if err := d.Add(account, strings.NewReader(w.details(account))); err != nil {
			t.Fatal(err)
		}
	}
	if !w.noTree {
		if err := d.Tree(strings.NewReader(w.tree())); err != nil {
			t.Fatal(err)
		}
	}
	for e, policy := range w.endpoints {
		d.AddEndpoint(e, []byte(policy))
	}
	return org.NewAnalysis(d.Build(w.resources), org.Config{})
}

func (w world) details(account string) string {
	var roles, users, policies []string
	for key, r := range w.roles {
		of, name, _ := strings.Cut(key, "/")
		if of != account {
			continue
		}
		boundary := ""
		if r.boundary != "" {
			arn := "arn:aws:iam::" + account + ":policy/" + name
			boundary = fmt.Sprintf(`,"PermissionsBoundary":{"PermissionsBoundaryType":"Policy","PermissionsBoundaryArn":%q}`, arn)
			policies = append(policies, fmt.Sprintf(`{"Arn":%q,"PolicyVersionList":[{"IsDefaultVersion":true,"Document":%s}]}`, arn, statements(r.boundary)))
		}
		tags := ""
		if r.tags != "" {
			tags = `,"Tags":[` + r.tags + `]`
		}
		trust := statements(`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":` + r.trust + `}`)
		roles = append(roles, fmt.Sprintf(`{"RoleName":%q,"RoleId":"AROA1","Arn":"arn:aws:iam::%s:role/%s","AssumeRolePolicyDocument":%s,"RolePolicyList":[{"PolicyName":"p","PolicyDocument":%s}]%s%s}`,
			name, account, name, trust, statements(r.allow...), boundary, tags))
	}
	for key, list := range w.users {
		if of, name, _ := strings.Cut(key, "/"); of == account {
			users = append(users, fmt.Sprintf(`{"UserName":%q,"UserId":"AIDA1","Arn":"arn:aws:iam::%s:user/%s","UserPolicyList":[{"PolicyName":"p","PolicyDocument":%s}]}`,
				name, account, name, statements(list...)))
		}
	}
	return fmt.Sprintf(`{"UserDetailList":[%s],"GroupDetailList":[],"RoleDetailList":[%s],"Policies":[%s],"IsTruncated":false}`,
		strings.Join(users, ","), strings.Join(roles, ","), strings.Join(policies, ","))
}

func (w world) tree() string {
	policies := []string{fmt.Sprintf(`{"name":"FullAWSAccess","type":"SERVICE_CONTROL_POLICY","content":%s,"targets":["r-1","ou-1",%q,%q]}`,
		statements(allow("*", "*")), home, other)}
	for target, list := range w.scps {
		policies = append(policies, fmt.Sprintf(`{"name":"scp-%s","type":"SERVICE_CONTROL_POLICY","content":%s,"targets":[%q]}`, target, statements(list), target))
	}
	for target, list := range w.rcps {
		policies = append(policies, fmt.Sprintf(`{"name":"rcp-%s","type":"RESOURCE_CONTROL_POLICY","content":%s,"targets":[%q]}`, target, statements(list), target))
	}
	return fmt.Sprintf(`{"id":"o-1","management":"999999999999","units":[{"id":"r-1"},{"id":"ou-1","parent":"r-1","accounts":[%q,%q]}],"policies":[%s]}`,
		home, other, strings.Join(policies, ","))
}

func roleARN(account, name string) string { return "arn:aws:iam::" + account + ":role/" + name }

func modelARN(region string) string {
	return "arn:aws:bedrock:" + region + "::foundation-model/" + model
}

func profileARN(name string) string {
	return "arn:aws:bedrock:us-east-1:" + home + ":inference-profile/" + name + "." + model
}

// catalog has the model in two Regions, a geographic and a global profile, a guardrail.
func catalog() []*plan.Resource {
	return []*plan.Resource{
		{ARN: modelARN("us-east-1"), Kind: plan.FoundationModel, Name: model, Region: "us-east-1"},
		{ARN: modelARN("us-west-2"), Kind: plan.FoundationModel, Name: model, Region: "us-west-2"},
		{
			ARN: profileARN("us"), Kind: plan.InferenceProfile, Account: home, Region: "us-east-1",
			Members: []string{modelARN("us-east-1"), modelARN("us-west-2")},
		},
		{
			ARN: profileARN("global"), Kind: plan.InferenceProfile, Account: home, Region: "us-east-1",
			Members: []string{modelARN("us-east-1"), modelARN("")},
		},
		{ARN: guardrailARN, Kind: plan.Guardrail, Account: home, Region: "us-east-1", TagsKnown: true},
	}
}

const guardrailARN = "arn:aws:bedrock:us-east-1:" + home + ":guardrail/g1"

func ask(t testing.TB, a *org.Analysis, arn string, c plan.Call) *org.Answer {
	t.Helper()
	p := a.Organisation().Principal(arn)
	if p == nil {
		t.Fatalf("there is no principal %s", arn)
	}
	answer, err := a.Ask(p, c)
	if err != nil {
		t.Fatal(err)
	}
	replay(t, answer)
	return answer
}

// replay holds an answer against the concrete evaluator.
func replay(t testing.TB, answer *org.Answer) {
	t.Helper()
	context, ok := answer.Witness()
	switch {
	case !ok && answer.Outcome.Can() && len(answer.DependsOn()) == 0:
		t.Errorf("%s for %s: %s without a witness", answer.Principal.ARN, answer.Plan.Call, answer.Outcome)
	case !ok:
	case answer.Outcome == org.Never:
		t.Errorf("%s for %s: never, with the witness %v", answer.Principal.ARN, answer.Plan.Call, context)
	default:
		if err := answer.Replay(context); err != nil {
			t.Errorf("%s for %s: %v", answer.Principal.ARN, answer.Plan.Call, err)
		}
	}
}
