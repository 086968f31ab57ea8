package org_test

import (
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/internal/bench/orgcase"
)

// TestEditedMatrix: what is kept of the matrix before an edit is what a new one says, one edit at
// a time and one on top of another.
func TestEditedMatrix(t *testing.T) {
	t.Parallel()
	o, err := orgcase.Make(300).Organisation()
	if err != nil {
		t.Fatal(err)
	}
	a := org.NewAnalysis(o, org.Config{})
	var calls []plan.Call
	for i, c := range a.Calls() {
		if i%23 == 0 {
			calls = append(calls, c)
		}
	}
	m, err := a.Matrix(calls)
	if err != nil {
		t.Fatal(err)
	}
	atRoot := func(name, statement string) org.Edit {
		return org.Edit{Layer: serviceControl, Policy: name, Document: []byte(statements(statement)), Attach: []string{"r-root"}}
	}
	bedrock := func(condition string) string { return deny("bedrock:*", "*", condition) }
	edits := []struct {
		name string
		idle bool // changes no outcome of these calls
		edit org.Edit
	}{
		{"models of a path", false, org.Edit{Layer: serviceControl, Policy: "models-3", Document: orgcase.ModelControl(40)}},
		{"no Regions of a path", false, org.Edit{Layer: serviceControl, Policy: "regions-5"}},
		{"a model", false, atRoot("new", deny("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/anthropic.*"))},
		{"what is nowhere", true, atRoot("new", deny("ec2:*", "*"))},
		{"nothing any more", false, org.Edit{Layer: serviceControl, Policy: "FullAWSAccess", Document: []byte(statements(deny("ec2:*", "*")))}},
		{"a second factor", false, atRoot("new", bedrock(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`))},
		{"a key that nobody spoke of", false, atRoot("new", bedrock(`"StringNotEqualsIfExists":{"aws:SourceVpcArn":"arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"}`))},
		{"a key of a service that nobody spoke of", false, atRoot("new", deny("bedrock:InvokeModel", "*", `"StringNotEqualsIfExists":{"bedrock:ServiceTier":"flex"}`))},
		{"a key of another service", true, atRoot("new", deny("s3:*", "*", `"StringNotEquals":{"s3:x-amz-acl":"private"}`))},
		{"an organisation", true, atRoot("new", bedrock(`"StringNotEquals":{"aws:PrincipalOrgID":"o-bench"}`))},
		{"an organisation of resources", true, atRoot("new", bedrock(`"StringNotEqualsIfExists":{"aws:ResourceOrgID":"o-bench"}`))},
		{"a tag that nobody spoke of", false, atRoot("new", bedrock(`"StringNotEquals":{"aws:PrincipalTag/unit":"x"}`))},
		{"a guardrail", true, atRoot("new", deny("bedrock:ApplyGuardrail", "*"))},
		{"all but one role", false, atRoot("new", bedrock(`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/r1*"}`))},
		{"all but one account", false, atRoot("new", bedrock(`"StringNotEquals":{"aws:PrincipalAccount":"`+orgcase.Account(4)+`"}`))},
		{"what callers are called", true, atRoot("new", `{"Effect":"Deny","Action":"bedrock:*","Resource":"arn:aws:bedrock:*::foundation-model/${aws:PrincipalTag/team}*"}`)},
		{"one account", false, org.Edit{Layer: serviceControl, Policy: "new", Document: []byte(statements(deny("bedrock:*", "*"))), Attach: []string{orgcase.Account(2)}}},
		{"a policy less", true, org.Edit{Layer: identity, Policy: "r1/" + o.Principal(firstRole(t, o, "r1")).Identity[0].Name[len("r1/"):]}},
		{"a policy more", true, org.Edit{Layer: identity, Policy: "new", Document: []byte(statements(allow("bedrock:*", "*", `"StringEquals":{"aws:PrincipalTag/new":"x"}`))), Attach: []string{o.Principals[7].ARN}}},
	}
	chain, last := m, a
	for _, e := range edits {
		after, kept := edited(t, a, m, e.edit)
		same(t, e.name, after, kept, m, e.idle)
		if e.edit.Policy != "FullAWSAccess" { // nothing is left to see behind it
			was := chain
			last, chain = edited(t, last, chain, e.edit)
			same(t, e.name+" after those before", last, chain, was, true)
		}
	}
}

// TestEditedCalls: calls of several checks, calls that need a guardrail and calls on what an account
// owns are answered again where control policies bear on any of their checks.
func TestEditedCalls(t *testing.T) {
	t.Parallel()
	rcp := func(condition string) string {
		return `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{` + condition + `}}`
	}
	bucket := "arn:aws:s3:::" + home + "-bucket"
	w := world{
		roles: map[string]testRole{
			home + "/all": {trust: lambdaTrust, allow: []string{allow("*", "*")}},
			home + "/careful": {trust: lambdaTrust, allow: []string{
				allow("bedrock:InvokeModel", "*", `"StringEquals":{"bedrock:GuardrailIdentifier":"`+guardrailARN+`"}`), allow("bedrock:ApplyGuardrail", "*"),
			}},
			home + "/one":   {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*"), allow("s3:GetObject", bucket+"/*")}},
			other + "/same": {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*"), allow("s3:GetObject", bucket+"/*")}},
		},
		scps:      map[string]string{home: deny("ec2:*", "*")},
		rcps:      map[string]string{"r-1": rcp(`"StringEquals":{"aws:PrincipalAccount":"000000000000"}`)},
		resources: append(catalog(), &plan.Resource{ARN: bucket, Kind: plan.Bucket, Account: home, TagsKnown: true}),
	}
	a := w.build(t)
	m, err := a.Matrix([]plan.Call{
		{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1")},
		{Operation: "bedrock:InvokeModel", Target: profileARN("us")},
		{Operation: "bedrock:InvokeModel", Target: profileARN("global")},
		{Operation: "s3:GetObject", Target: bucket + "/x"},
	})
	if err != nil {
		t.Fatal(err)
	}
	edits := map[string]org.Edit{
		"the model of a profile":     {Layer: serviceControl, Policy: "scp-" + home, Document: []byte(statements(deny("bedrock:InvokeModel", modelARN("us-west-2"))))},
		"the guardrail":              {Layer: serviceControl, Policy: "scp-" + home, Document: []byte(statements(deny("bedrock:ApplyGuardrail", "*")))},
		"objects":                    {Layer: serviceControl, Policy: "scp-" + home, Document: []byte(statements(deny("s3:*", "*", `"Bool":{"aws:SecureTransport":"false"}`)))},
		"resource control":           {Layer: iam.LayerResourceControl, Policy: "rcp-r-1", Document: []byte(statements(rcp(`"Bool":{"aws:SecureTransport":"false"}`)))},
		"resource control by caller": {Layer: iam.LayerResourceControl, Policy: "rcp-r-1", Document: []byte(statements(rcp(`"StringEquals":{"aws:PrincipalArn":"` + roleARN(home, "one") + `"}`)))},
	}
	for name, edit := range edits {
		after, kept := edited(t, a, m, edit)
		same(t, name, after, kept, m, false)
	}
}

// TestFirstGuardrail: an edit that is the first to speak of guardrails makes calls need one.
func TestFirstGuardrail(t *testing.T) {
	t.Parallel()
	w := world{roles: map[string]testRole{
		home + "/both": {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*")}},
		home + "/runs": {trust: lambdaTrust, allow: []string{allow("bedrock:InvokeModel", "*")}},
	}, resources: catalog()}
	a := w.build(t)
	m, err := a.Matrix([]plan.Call{{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1")}})
	if err != nil {
		t.Fatal(err)
	}
	after, kept := edited(t, a, m, org.Edit{Layer: serviceControl, Policy: "new", Attach: []string{"r-1"}, Document: []byte(statements(
		deny("bedrock:InvokeModel*", "*", `"StringNotEquals":{"bedrock:GuardrailIdentifier":"`+guardrailARN+`"}`)))})
	same(t, "guardrail", after, kept, m, false)
	want := map[string]org.Outcome{"both": org.Conditional, "runs": org.Never}
	for i, unit := range kept.Units {
		for _, p := range unit {
			if got := kept.Accesses[kept.Cell(i, 0)].Outcome; got != want[p.Name] {
				t.Errorf("%s: got %s, want %s", p.Name, got, want[p.Name])
			}
		}
	}
}

// TestExceptions: an exception for some roles makes two groups of those with the same policies, in
// an organisation that has it from the beginning and in one that is edited, but one for each role
// where the ARN itself counts.
func TestExceptions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		condition string
		groups    int
		want      map[string]org.Outcome
	}{
		"like":     {`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/r1*"}`, 2, map[string]org.Outcome{"r1": org.Always, "r10": org.Always, "r2": org.Never, "r3": org.Never}},
		"one":      {`"StringEquals":{"aws:PrincipalArn":"` + roleARN(home, "r3") + `"}`, 2, map[string]org.Outcome{"r1": org.Always, "r10": org.Always, "r2": org.Always, "r3": org.Never}},
		"none":     {`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x*"}`, 1, map[string]org.Outcome{"r1": org.Always, "r10": org.Always, "r2": org.Always, "r3": org.Always}},
		"variable": {`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::${aws:PrincipalAccount}:role/r2"}`, 4, map[string]org.Outcome{"r1": org.Never, "r10": org.Never, "r2": org.Always, "r3": org.Never}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			control := deny("bedrock:*", "*", tt.condition)
			w := world{roles: map[string]testRole{}, resources: catalog(), scps: map[string]string{home: deny("ec2:*", "*")}}
			for role := range tt.want {
				w.roles[home+"/"+role] = testRole{trust: lambdaTrust, allow: []string{allow("bedrock:*", "*")}}
			}
			a := w.build(t)
			m, err := a.Matrix([]plan.Call{{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1")}})
			if err != nil {
				t.Fatal(err)
			}
			after, kept := edited(t, a, m, org.Edit{Layer: serviceControl, Policy: "scp-" + home, Document: []byte(statements(control))})
			w.scps[home] = control
			fresh := w.build(t)
			for _, x := range []*org.Analysis{after, fresh} {
				if got := len(x.Organisation().Groups()); got != tt.groups {
					t.Errorf("got %d groups, want %d", got, tt.groups)
				}
				for role, want := range tt.want {
					if got := ask(t, x, roleARN(home, role), m.Calls[0]).Outcome; got != want {
						t.Errorf("%s: got %s, want %s", role, got, want)
					}
				}
			}
			same(t, name, after, kept, m, name == "none")
		})
	}
}

func edited(t *testing.T, a *org.Analysis, m *org.Matrix, edit org.Edit) (*org.Analysis, *org.Matrix) {
	t.Helper()
	after, err := a.Edited(edit)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := m.Update(after)
	if err != nil {
		t.Fatal(err)
	}
	return after, kept
}

// same holds a matrix after an edit against a new one, and its cells against answers.
func same(t *testing.T, name string, after *org.Analysis, kept, before *org.Matrix, idle bool) {
	t.Helper()
	fresh, err := org.NewAnalysis(after.Organisation(), org.Config{}).Matrix(kept.Calls)
	if err != nil {
		t.Fatal(err)
	}
	want, were := outcomes(fresh), outcomes(before)
	changed := 0
	for key, got := range outcomes(kept) {
		if got != want[key] {
			t.Fatalf("%s, %s: got %s, a new matrix says %s", name, key, got, want[key])
		}
		if got != were[key] {
			changed++
		}
	}
	if changed == 0 && !idle {
		t.Errorf("%s: changes nothing, so that the test shows nothing", name)
	}
	for unit := range kept.Units {
		for call := range kept.Calls {
			if (unit+call)%17 != 0 || kept.Cell(unit, call) == 0 {
				continue
			}
			if got, want := kept.Accesses[kept.Cell(unit, call)].Set, kept.Answer(unit, call).Access; got != want {
				t.Fatalf("%s, %s for %s: got %v, the answer is %v", name, kept.Units[unit][0].ARN, kept.Calls[call], got, want)
			}
		}
	}
}
