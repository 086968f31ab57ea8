package org_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

const invokeBoth = "bedrock:InvokeModel bedrock:InvokeModelWithResponseStream"

// TestPlansOfProfiles: every destination of a profile is a check of its own.
func TestPlansOfProfiles(t *testing.T) {
	t.Parallel()
	anyModel := "arn:aws:bedrock:*::foundation-model/*"
	anyProfile := "arn:aws:bedrock:*:*:inference-profile/*"
	onlyUS := `"StringNotEquals":{"aws:RequestedRegion":["us-east-1","us-west-2"]}`
	exempt := `"ArnNotLike":{"bedrock:InferenceProfileArn":"arn:aws:bedrock:*:*:inference-profile/us.*"}`
	tests := []struct {
		name    string
		allow   []string
		scp     string
		call    plan.Call
		want    org.Outcome
		missing []string
	}{
		{"direct", []string{allow(invokeBoth, anyModel)}, "", plan.Call{Operation: "bedrock:Converse", Target: modelARN("us-east-1")}, org.Always, nil},
		{"profile", []string{allow(invokeBoth, anyModel+" "+anyProfile)}, "", plan.Call{Operation: "bedrock:Converse", Target: profileARN("us")}, org.Always, nil},
		{
			"one destination is missing",
			[]string{allow(invokeBoth, modelARN("us-east-1")+" "+anyProfile)},
			"",
			plan.Call{Operation: "bedrock:ConverseStream", Target: profileARN("us")},
			org.Never,
			[]string{modelARN("us-west-2")},
		},
		{"no right on the profile", []string{allow(invokeBoth, anyModel)}, "", plan.Call{Operation: "bedrock:Converse", Target: profileARN("us")}, org.Never, []string{profileARN("us")}},
		{
			"models through the profile only",
			[]string{
				allow(invokeBoth, anyProfile),
				allow(invokeBoth, anyModel, `"ArnLike":{"bedrock:InferenceProfileArn":"`+anyProfile+`"}`),
			},
			"",
			plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN("us-west-2")},
			org.Never, nil,
		},
		{
			"Region deny lets a profile of its Regions be",
			[]string{allow(invokeBoth, "*")},
			deny("bedrock:*", "*", onlyUS),
			plan.Call{Operation: "bedrock:Converse", Target: profileARN("us")},
			org.Always, nil,
		},
		{
			"Region deny breaks a profile that leads elsewhere",
			[]string{allow(invokeBoth, "*")},
			deny("bedrock:*", "*", `"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}`),
			plan.Call{Operation: "bedrock:Converse", Target: profileARN("us")},
			org.Never,
			[]string{modelARN("us-west-2")},
		},
		{
			"Region deny breaks a global profile",
			[]string{allow(invokeBoth, "*")},
			deny("bedrock:*", "*", onlyUS),
			plan.Call{Operation: "bedrock:Converse", Target: profileARN("global")},
			org.Never,
			[]string{modelARN("")},
		},
		{
			"the exemption by profile",
			[]string{allow(invokeBoth, "*")},
			deny(invokeBoth, "*", `"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}`, exempt),
			plan.Call{Operation: "bedrock:Converse", Target: profileARN("us")},
			org.Always, nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := world{roles: map[string]testRole{home + "/r": {trust: lambdaTrust, allow: tt.allow}}, resources: catalog()}
			if tt.scp != "" {
				w.scps = map[string]string{"ou-1": tt.scp}
			}
			answer := ask(t, w.build(t), roleARN(home, "r"), tt.call)
			var missing []string
			for _, c := range answer.Missing() {
				missing = append(missing, c.Resource)
			}
			if answer.Outcome != tt.want {
				t.Errorf("got %s (%v), want %s", answer.Outcome, answer.Conditions(), tt.want)
			}
			if diff := cmp.Diff(tt.missing, missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
}

// TestConditions: from where and how, in words.
func TestConditions(t *testing.T) {
	t.Parallel()
	vpce := `"StringEquals":{"aws:SourceVpce":"vpce-1"}`
	guarded := deny("bedrock:InvokeModel", "*", `"StringNotEquals":{"bedrock:GuardrailIdentifier":"`+guardrailARN+`"}`)
	direct := plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1")}
	with := func(guardrail string) plan.Call {
		c := direct
		c.Guardrail = guardrail
		return c
	}
	tests := []struct {
		name  string
		allow []string
		call  plan.Call
		want  org.Outcome
		words string
	}{
		{"through an endpoint", []string{allow("bedrock:*", "*", vpce)}, direct, org.Conditional, "vpce-1"},
		{"with a second factor", []string{allow("bedrock:*", "*", `"Bool":{"aws:MultiFactorAuthPresent":"true"}`)}, direct, org.Conditional, "MultiFactorAuthPresent"},
		{"private address", []string{allow("bedrock:*", "*", `"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`)}, direct, org.Never, ""},
		{"guardrail left open", []string{allow("bedrock:*", "*"), guarded}, direct, org.Conditional, "GuardrailIdentifier"},
		{"guardrail left open without ApplyGuardrail", []string{allow("bedrock:InvokeModel", "*"), guarded}, direct, org.Never, ""},
		{"no guardrail", []string{allow("bedrock:*", "*"), guarded}, with(plan.NoGuardrail), org.Never, ""},
		{"the guardrail", []string{allow("bedrock:*", "*"), guarded}, with(guardrailARN), org.Always, "always"},
		{"the guardrail without ApplyGuardrail", []string{allow("bedrock:InvokeModel", "*"), guarded}, with(guardrailARN), org.Never, ""},
		{"unknown key", []string{allow("bedrock:*", "*", `"StringEquals":{"bedrock:ModelId":"x"}`)}, direct, org.Never, ""},
		{"key that is not in the data", []string{allow("bedrock:*", "*", `"StringEquals":{"bedrock:NewerThanTheData":"x"}`)}, direct, org.Conditional, ""},
		{"denied by a key that is not in the data", []string{allow("bedrock:*", "*"), deny("bedrock:*", "*", `"StringNotEquals":{"bedrock:NewerThanTheData":"x"}`)}, direct, org.Conditional, ""},
		{"key without a prefix", []string{allow("bedrock:*", "*", `"StringEquals":{"ModelId":"x"}`)}, direct, org.Conditional, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := world{roles: map[string]testRole{home + "/r": {trust: lambdaTrust, allow: tt.allow}}, resources: catalog()}
			answer := ask(t, w.build(t), roleARN(home, "r"), tt.call)
			got := strings.Join(answer.Conditions(), "; ")
			if answer.Outcome != tt.want || !strings.Contains(got, tt.words) {
				t.Errorf("got %s %q, want %s with %q", answer.Outcome, got, tt.want, tt.words)
			}
		})
	}
}

// TestAPIKeys: each namespace has a gate of its own.
func TestAPIKeys(t *testing.T) {
	t.Parallel()
	noLong := deny("bedrock:CallWithBearerToken", "*", `"StringEquals":{"bedrock:BearerTokenType":"LONG_TERM"}`)
	project := "arn:aws:bedrock-mantle:us-east-1:" + home + ":project/default"
	w := world{
		users:     map[string][]string{home + "/u": {allow("bedrock:* bedrock-mantle:*", "*"), noLong}},
		resources: catalog(),
	}
	a := w.build(t)
	tests := []struct {
		call plan.Call
		want org.Outcome
	}{
		{plan.Call{Operation: "bedrock:Converse", Target: modelARN("us-east-1"), Key: plan.LongTermKey}, org.Never},
		{plan.Call{Operation: "bedrock:Converse", Target: modelARN("us-east-1"), Key: plan.ShortTermKey}, org.Always},
		{plan.Call{Operation: "bedrock-mantle:CreateInference", Target: project, Model: model, Key: plan.LongTermKey}, org.Always},
	}
	for _, tt := range tests {
		if got := ask(t, a, "arn:aws:iam::"+home+":user/u", tt.call); got.Outcome != tt.want {
			t.Errorf("%s with a key %s: got %s, want %s", tt.call, tt.call.Key, got.Outcome, tt.want)
		}
	}
}

// TestUnknown: what could not be read is never "nobody can".
func TestUnknown(t *testing.T) {
	t.Parallel()
	w := world{roles: map[string]testRole{
		home + "/can":    {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*")}},
		home + "/cannot": {trust: lambdaTrust, allow: []string{allow("s3:*", "*")}},
	}, resources: catalog(), noTree: true}
	a := w.build(t)
	call := plan.Call{Operation: "bedrock:Converse", Target: modelARN("us-east-1")}
	got := ask(t, a, roleARN(home, "can"), call)
	if got.Outcome != org.Unknown || !strings.Contains(strings.Join(got.Causes, " "), "no organisation file") {
		t.Errorf("control policies unknown: got %s because of %v, want inconclusive with the cause", got.Outcome, got.Causes)
	}
	if got := ask(t, a, roleARN(home, "cannot"), call); got.Outcome != org.Never {
		t.Errorf("no policy allows: got %s, want never, whatever the control policies say", got.Outcome)
	}
	unlisted := ask(t, a, roleARN(home, "can"), plan.Call{Operation: "bedrock:Converse", Target: strings.Replace(profileARN("us"), "us.", "eu.", 1)})
	if unlisted.Outcome != org.Unknown {
		t.Errorf("profile that is not in the catalog: got %s, want inconclusive", unlisted.Outcome)
	}
}

// TestTags: tags of the principal and of the resource are known, whatever their letter case.
func TestTags(t *testing.T) {
	t.Parallel()
	custom := "arn:aws:bedrock:us-east-1:" + home + ":imported-model/m1"
	same := `"StringEquals":{"aws:ResourceTag/Team":"${aws:PrincipalTag/Team}"}`
	w := world{roles: map[string]testRole{
		home + "/red":  {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*", same)}, tags: `{"Key":"Team","Value":"red"}`},
		home + "/blue": {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*", same)}, tags: `{"Key":"Team","Value":"blue"}`},
		home + "/none": {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*", same)}},
	}, resources: []*plan.Resource{{ARN: custom, Kind: plan.ImportedModel, Account: home, Region: "us-east-1", TagsKnown: true, Tags: map[string]string{"Team": "red"}}}}
	a := w.build(t)
	for name, want := range map[string]org.Outcome{"red": org.Always, "blue": org.Never, "none": org.Never} {
		got := ask(t, a, roleARN(home, name), plan.Call{Operation: "bedrock:InvokeModel", Target: custom})
		if got.Outcome != want || got.Ambiguity != 0 {
			t.Errorf("%s: got %s depending on %v, want %s", name, got.Outcome, got.Ambiguity.Codes(), want)
		}
	}
	if groups := len(a.Organisation().Groups()); groups != 3 {
		t.Errorf("got %d groups, want 3: their tags differ", groups)
	}
}

// TestAbroad: a resource of an account that nobody read may let callers in.
func TestAbroad(t *testing.T) {
	t.Parallel()
	w := world{roles: map[string]testRole{
		home + "/r": {trust: lambdaTrust, allow: []string{allow("*", "*")}},
		home + "/s": {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*")}},
	}, resources: catalog()}
	a := w.build(t)
	far := plan.Call{Operation: "sts:AssumeRole", Target: roleARN("777788889999", "far")}
	if got := ask(t, a, roleARN(home, "r"), far); got.Outcome != org.Unknown || len(got.Causes) == 0 {
		t.Errorf("role of an account that was not read: got %s %v, want inconclusive", got.Outcome, got.Causes)
	}
	if got := ask(t, a, roleARN(home, "s"), far); got.Outcome != org.Never {
		t.Errorf("no policy of the caller allows: got %s, want never", got.Outcome)
	}
	knowledge := plan.Call{Operation: "bedrock:Retrieve", Target: "arn:aws:bedrock:us-east-1:" + other + ":knowledge-base/K1"}
	if got := ask(t, a, roleARN(home, "r"), knowledge); got.Outcome != org.Unknown {
		t.Errorf("knowledge base of another account, whose policy was not read: got %s, want inconclusive", got.Outcome)
	}
}

// TestWithoutUnknownControls: at most, what the policies that could be read allow.
func TestWithoutUnknownControls(t *testing.T) {
	t.Parallel()
	w := world{roles: map[string]testRole{home + "/r": {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*")}}}, resources: catalog(), noTree: true}
	o := w.build(t).Organisation().WithoutUnknownControls()
	call := plan.Call{Operation: "bedrock:Converse", Target: modelARN("us-east-1")}
	if got := ask(t, org.NewAnalysis(o, org.Config{}), roleARN(home, "r"), call); got.Outcome != org.Always {
		t.Errorf("got %s, want always", got.Outcome)
	}
}

// TestEndpoints: the policy of an endpoint limits what comes through it.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	through := allow("bedrock:*", "*", `"StringEquals":{"aws:SourceVpce":"vpce-1"}`)
	policy := statements(`{"Effect":"Allow","Principal":"*","Action":"bedrock:*","Resource":"arn:aws:bedrock:*::foundation-model/amazon.*"}`)
	w := world{
		roles:     map[string]testRole{home + "/r": {trust: lambdaTrust, allow: []string{through}}},
		resources: catalog(),
		endpoints: map[org.Endpoint]string{{ID: "vpce-1", VPC: "vpc-1", Account: home, Region: "us-east-1", Service: "bedrock-runtime"}: policy},
	}
	if got := ask(t, w.build(t), roleARN(home, "r"), plan.Call{Operation: "bedrock:Converse", Target: modelARN("us-east-1")}); got.Outcome != org.Never {
		t.Errorf("the only endpoint refuses: got %s %v, want never", got.Outcome, got.Conditions())
	}
	w.endpoints = map[org.Endpoint]string{{ID: "vpce-1", VPC: "vpc-1", Account: home, Region: "us-east-1", Service: "s3"}: policy}
	if got := ask(t, w.build(t), roleARN(home, "r"), plan.Call{Operation: "bedrock:Converse", Target: modelARN("us-east-1")}); got.Outcome != org.Conditional {
		t.Errorf("an endpoint of another service: got %s, want conditional", got.Outcome)
	}
}

const flowARN = "arn:aws:bedrock:us-east-1:" + home + ":flow/F1"

func paths(t *testing.T, a *org.Analysis, c plan.Call) []string {
	t.Helper()
	got, err := a.Indirect(c, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range got.Paths {
		var names []string
		for _, s := range p.Steps {
			names = append(names, s.Principal.Name)
			for _, answer := range s.Answers {
				replay(t, answer)
			}
		}
		out = append(out, strings.Join(names, " > ")+" "+string(p.Outcome))
	}
	return out
}
