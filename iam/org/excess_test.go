package org_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

// TestExcesses: what is reached through others and not by a call of one's own, with the policy
// that ends it.
func TestExcesses(t *testing.T) {
	t.Parallel()
	agent := "arn:aws:bedrock:us-east-1:" + home + ":agent/A1"
	alias := "arn:aws:bedrock:us-east-1:" + home + ":agent-alias/A1/L1"
	invoke := allow("bedrock:InvokeModel", modelARN("us-east-1"))
	w := world{
		roles: map[string]testRole{
			home + "/worker": {trust: `{"Service":["bedrock.amazonaws.com","sagemaker.amazonaws.com"]}`, allow: []string{invoke}},
			home + "/taken":  {trust: `{"AWS":"` + home + `"}`, allow: []string{invoke}},
		},
		users: map[string][]string{
			home + "/agent":  {allow("bedrock:InvokeAgent", alias)},
			home + "/both":   {allow("bedrock:InvokeAgent", alias), invoke},
			home + "/passer": {allow("iam:PassRole", roleARN(home, "worker")), allow("sagemaker:CreateTrainingJob", "*")},
			home + "/taker":  {allow("sts:AssumeRole", "*")},
			home + "/none":   {allow("s3:GetObject", "*")},
		},
		resources: append(catalog(),
			&plan.Resource{ARN: agent, Kind: plan.Agent, Account: home, Region: "us-east-1", Role: roleARN(home, "worker"), Members: []string{modelARN("us-east-1")}},
			&plan.Resource{ARN: alias, Kind: plan.AgentAlias, Account: home, Region: "us-east-1", Members: []string{agent}},
		),
	}
	a := w.build(t)
	found, err := a.Excesses(org.DefaultDepth)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for p, x := range found {
		policy := a.Closes(x)
		if !strings.Contains(policy, `"Deny"`) {
			t.Errorf("%s: got %q, want a policy that ends it", p.Name, policy)
		}
		got[p.Name] = string(x.Outcome) + " " + x.Call.Target + " " + policy[strings.Index(policy, `"Action"`):]
	}
	want := map[string]string{
		"agent":  "always " + modelARN("us-east-1") + ` "Action":"bedrock:InvokeAgent","Resource":"` + alias + `"}]}`,
		"passer": "always " + modelARN("us-east-1") + ` "Action":"iam:PassRole","Resource":"` + roleARN(home, "worker") + `"}]}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("excesses (-want +got):\n%s", diff)
	}
}

// TestExcessNotDecided: a way that something unread decides is no excess, and not none.
func TestExcessNotDecided(t *testing.T) {
	t.Parallel()
	w := world{
		roles:     map[string]testRole{home + "/host": {trust: `{"Service":"ec2.amazonaws.com"}`, allow: []string{allow(invokeBoth, "*")}}},
		users:     map[string][]string{home + "/shell": {allow("ssm:StartSession", instanceARN)}},
		resources: append(catalog(), &plan.Resource{ARN: instanceARN, Kind: plan.Instance, Account: home, Region: "us-east-1", Role: roleARN(home, "host")}),
	}
	found, err := w.build(t).Excesses(org.DefaultDepth)
	if err != nil {
		t.Fatal(err)
	}
	for p, x := range found {
		if p.Name != "shell" || x.Outcome != org.Unknown || !strings.Contains(strings.Join(x.Causes, " "), string(assize.NotConnected)) {
			t.Errorf("%s: got %s because of %v, want that it is not known whether the instance is managed", p.Name, x.Outcome, x.Causes)
		}
	}
	if len(found) != 1 {
		t.Errorf("got %d, want that of the user", len(found))
	}
}

// TestExcessOfWhatIsNotListed: an agent is set up with a profile that nobody listed, so that it is not known
// what its callers reach.
func TestExcessOfWhatIsNotListed(t *testing.T) {
	t.Parallel()
	agent := "arn:aws:bedrock:us-east-1:" + home + ":agent/A1"
	profile := "arn:aws:bedrock:us-east-1:" + home + ":inference-profile/us.nobody.listed-v1:0"
	w := world{
		roles: map[string]testRole{home + "/worker": {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: []string{allow("bedrock:InvokeModel", profile)}}},
		users: map[string][]string{
			home + "/agent": {allow("bedrock:InvokeAgent", "arn:aws:bedrock:us-east-1:"+home+":agent-alias/A1/L1")},
			home + "/none":  {allow("s3:GetObject", "*")},
		},
		resources: append(catalog(),
			&plan.Resource{ARN: agent, Kind: plan.Agent, Account: home, Region: "us-east-1", Role: roleARN(home, "worker"), Members: []string{profile}},
			&plan.Resource{ARN: "arn:aws:bedrock:us-east-1:" + home + ":agent-alias/A1/L1", Kind: plan.AgentAlias, Account: home, Region: "us-east-1", Members: []string{agent}},
		),
	}
	found, err := w.build(t).Excesses(org.DefaultDepth)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for p, x := range found {
		got[p.Name] = string(x.Outcome) + " " + strings.Join(x.Causes, "; ")
	}
	want := map[string]string{"agent": "inconclusive unlinked, inference-profile " + profile + " is not in the inventory"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("excesses (-want +got):\n%s", diff)
	}
}

// TestExcessOfSeveralWays: the policy that is proposed ends all of them.
func TestExcessOfSeveralWays(t *testing.T) {
	t.Parallel()
	resources := catalog()
	for _, id := range []string{"A1", "A2"} {
		agent := "arn:aws:bedrock:us-east-1:" + home + ":agent/" + id
		resources = append(resources,
			&plan.Resource{ARN: agent, Kind: plan.Agent, Account: home, Region: "us-east-1", Role: roleARN(home, "worker"), Members: []string{modelARN("us-east-1")}},
			&plan.Resource{ARN: "arn:aws:bedrock:us-east-1:" + home + ":agent-alias/" + id + "/L", Kind: plan.AgentAlias, Account: home, Region: "us-east-1", Members: []string{agent}},
		)
	}
	w := world{
		roles:     map[string]testRole{home + "/worker": {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: []string{allow("bedrock:InvokeModel", modelARN("us-east-1"))}}},
		users:     map[string][]string{home + "/agents": {allow("bedrock:InvokeAgent", "*")}},
		resources: resources,
	}
	a := w.build(t)
	found, err := a.Excesses(org.DefaultDepth)
	if err != nil {
		t.Fatal(err)
	}
	for p, x := range found {
		policy := a.Closes(x)
		after, err := a.Edited(org.Edit{Layer: iam.LayerIdentity, Policy: "end", Document: []byte(policy), Attach: []string{p.ARN}})
		if err != nil {
			t.Fatal(err)
		}
		rest, err := after.Excesses(org.DefaultDepth)
		if err != nil || len(rest) > 0 {
			t.Errorf("with %s: got %d ways left, %v, want none", policy, len(rest), err)
		}
	}
	if len(found) != 1 {
		t.Errorf("got %d, want that of the user", len(found))
	}
}
