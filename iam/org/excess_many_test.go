package org_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

// exceeding is an account of roles that all may call agents and may not run the model behind them: each with policies
// of its own, or all with the same. Those that pass roles get at one another, too.
func exceeding(roles int, own, pass bool) world {
	const services = `{"Service":["bedrock.amazonaws.com","lambda.amazonaws.com","sagemaker.amazonaws.com","ec2.amazonaws.com","ecs-tasks.amazonaws.com"]}`
	w := world{resources: catalog(), roles: map[string]testRole{
		home + "/worker": {trust: services, allow: []string{allow("bedrock:InvokeModel", modelARN("us-east-1"))}},
	}}
	for i := range 20 {
		w.resources = append(w.resources, agentOf("worker", fmt.Sprint("A", i), modelARN("us-east-1"))...)
	}
	for i := range roles {
		list := []string{allow("bedrock:InvokeAgent", "*")}
		if pass {
			list = append(list, allow("iam:PassRole lambda:* sagemaker:* ec2:* ecs:* bedrock:Create* ssm:*", "*"))
		}
		if own {
			list = append(list, allow("s3:GetObject", fmt.Sprintf("arn:aws:s3:::bucket-%d/*", i)))
		}
		w.roles[fmt.Sprintf("%s/app%d", home, i)] = testRole{trust: lambdaTrust, allow: list}
	}
	return w
}

// agentOf is an agent that works under a role, with an alias.
func agentOf(role, id, model string) []*plan.Resource {
	agent := "arn:aws:bedrock:us-east-1:" + home + ":agent/" + id
	return []*plan.Resource{
		{ARN: agent, Kind: plan.Agent, Account: home, Region: "us-east-1", Role: roleARN(home, role), Members: []string{model}},
		{ARN: "arn:aws:bedrock:us-east-1:" + home + ":agent-alias/" + id + "/L", Kind: plan.AgentAlias, Account: home, Region: "us-east-1", Members: []string{agent}},
	}
}

// BenchmarkExcesses finds what every role of an account reaches through others alone, and the policies that end it.
func BenchmarkExcesses(b *testing.B) {
	const roles = 1500
	for _, tt := range []struct {
		name      string
		own, pass bool
	}{{name: "same"}, {name: "own", own: true}, {name: "same and passing", pass: true}, {name: "own and passing", own: true, pass: true}} {
		b.Run(tt.name, func(b *testing.B) {
			w := exceeding(roles, tt.own, tt.pass)
			for b.Loop() {
				a := w.build(b)
				found, err := a.Excesses(org.DefaultDepth)
				if err != nil {
					b.Fatal(err)
				}
				for _, x := range found {
					if len(found) != roles || a.Closes(x) == "" {
						b.Fatalf("got %d roles that reach more through others, want %d and a policy for each", len(found), roles)
					}
				}
			}
		})
	}
}

// TestExcessesOfManyPaths: that a search leaves out paths that add nothing changes nothing of what it finds.
func TestExcessesOfManyPaths(t *testing.T) {
	t.Parallel()
	worlds := map[string]world{"passing": exceeding(60, true, true), "calling": exceeding(10, false, false), "through one of many ways": hub()}
	for seed := range uint64(60) {
		worlds[fmt.Sprint("drawn ", seed)] = drawn(rand.New(rand.NewPCG(seed, 7)))
	}
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, got := w.build(t), w.build(t)
			all, err := want.ExcessesOfAllPaths(org.DefaultDepth)
			if err != nil {
				t.Fatal(err)
			}
			few, err := got.Excesses(org.DefaultDepth)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(told(want, all), told(got, few)); diff != "" {
				t.Errorf("excesses (-of all paths +got):\n%s", diff)
			}
			for p, x := range few {
				closes(t, got, p, x)
			}
		})
	}
}

// told is all that is said of excesses.
func told(a *org.Analysis, found map[*org.Principal]*org.Excess) map[string][]string {
	out := map[string][]string{}
	for p, x := range found {
		list := []string{string(x.Outcome) + " " + x.Call.Target, strings.Join(x.Causes, "; "), a.Closes(x)}
		for _, w := range append([]*org.Path{x.Path}, x.Ways...) {
			line := string(w.Outcome)
			for _, s := range w.Steps {
				line += " > " + s.Principal.ARN
				if s.Route != nil {
					line += " " + s.Route.Why + " " + s.Route.Calls[0].Target
				}
			}
			list = append(list, line)
		}
		out[p.ARN] = list
	}
	return out
}

// closes holds the policy that is proposed against the organisation with it attached.
func closes(t *testing.T, a *org.Analysis, p *org.Principal, x *org.Excess) {
	t.Helper()
	policy := a.Closes(x)
	if policy == "" {
		t.Errorf("%s: no policy is proposed", p.ARN)
		return
	}
	after, err := a.Edited(org.Edit{Layer: iam.LayerIdentity, Policy: "end", Document: []byte(policy), Attach: []string{p.ARN}})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range x.Ways {
		again, err := after.Ask(after.Organisation().Principal(p.ARN), w.Steps[0].Answers[0].Plan.Call)
		if err != nil || again.Outcome != org.Never {
			t.Errorf("%s with %s: got %v, %v of %s, want never", p.ARN, policy, again, err, w.Steps[0].Answers[0].Plan.Call)
		}
	}
}

// hub is a role with more ways than are kept to a model, none of them certain, and one certain way to another model.
// A user gets at the hub alone.
func hub() world {
	west := modelARN("us-west-2")
	w := world{
		resources: append(catalog(), agentOf("worker", "A1", west)...),
		roles: map[string]testRole{
			home + "/host":   {trust: `{"Service":"ec2.amazonaws.com"}`, allow: []string{allow("bedrock:InvokeModel", "*")}},
			home + "/worker": {trust: `{"Service":"bedrock.amazonaws.com"}`, allow: []string{allow("bedrock:InvokeModel", west)}},
			home + "/hub":    {trust: lambdaTrust, allow: []string{allow("ssm:StartSession bedrock:InvokeAgent", "*")}},
		},
		users: map[string][]string{home + "/user": {allow("iam:PassRole", roleARN(home, "hub")), allow("lambda:*", "*")}},
	}
	for i := range 40 {
		arn := fmt.Sprintf("arn:aws:ec2:us-east-1:%s:instance/i-%d", home, i)
		w.resources = append(w.resources, &plan.Resource{ARN: arn, Kind: plan.Instance, Account: home, Region: "us-east-1", Role: roleARN(home, "host")})
	}
	return w
}

// drawn is a small account of roles and users that get at one another in ways drawn by lot.
func drawn(r *rand.Rand) world {
	w := world{resources: catalog(), roles: map[string]testRole{}, users: map[string][]string{}}
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	role := func() string { return roleARN(home, fmt.Sprint("r", r.IntN(8))) }
	statement := func() string {
		switch r.IntN(7) {
		case 0:
			return allow("bedrock:InvokeModel", pick("*", modelARN("us-east-1"), modelARN("us-west-2")))
		case 1:
			return allow("bedrock:InvokeAgent", pick("*", "arn:aws:bedrock:us-east-1:"+home+":agent-alias/A1/L"))
		case 2:
			return allow("iam:PassRole", pick("*", role()), pick(`"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}`, `"Bool":{"aws:MultiFactorAuthPresent":"true"}`))
		case 3:
			return allow("lambda:* sagemaker:*", "*")
		case 4:
			return allow("sts:AssumeRole", pick("*", role()))
		case 5:
			return deny(pick("bedrock:InvokeModel", "iam:PassRole", "bedrock:InvokeAgent"), pick("*", modelARN("us-east-1"), role()), `"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}`)
		}
		return allow("s3:GetObject", "*")
	}
	for i := range 8 {
		trust := pick(lambdaTrust, `{"Service":["sagemaker.amazonaws.com","bedrock.amazonaws.com"]}`, `{"AWS":"`+home+`","Service":"lambda.amazonaws.com"}`, `{"AWS":"`+role()+`"}`)
		w.roles[fmt.Sprint(home, "/r", i)] = testRole{trust: trust, allow: []string{statement(), statement(), statement()}}
	}
	for i := range 3 {
		w.users[fmt.Sprint(home, "/u", i)] = []string{statement(), statement(), statement()}
	}
	for i := range 2 {
		w.resources = append(w.resources, agentOf(fmt.Sprint("r", r.IntN(8)), fmt.Sprint("A", i), modelARN(pick("us-east-1", "us-west-2")))...)
	}
	return w
}
