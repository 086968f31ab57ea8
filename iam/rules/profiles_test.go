package rules_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/rules"
)

func TestBrokenProfile(t *testing.T) {
	t.Parallel()
	const profile = "arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0"
	model := func(region string) string {
		return "arn:aws:bedrock:" + region + "::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
	}
	catalog := plan.NewCatalog([]*plan.Resource{{
		ARN: profile, Kind: plan.InferenceProfile, Region: "eu-central-1", Account: account,
		Members: []string{model("eu-central-1"), model("eu-west-1")},
	}})
	allow := func(resources ...string) string {
		return `{"Effect":"Allow","Action":"bedrock:InvokeModel*","Resource":["` + strings.Join(resources, `","`) + `"]}`
	}
	tests := []struct {
		name string
		own  string
		want iam.Verdict
	}{
		{"every destination", allow(profile, model("*")), iam.No},
		{"one destination lacks", allow(profile, model("eu-central-1")), iam.Yes},
		{"profile not allowed", allow(model("*")), iam.No},
		{"profile and model never by one request", allow(profile, model("eu-central-1")) + "," +
			`{"Effect":"Allow","Action":"bedrock:InvokeModel*","Resource":"` + model("eu-west-1") + `","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}},` +
			`{"Effect":"Deny","Action":"bedrock:InvokeModel*","Resource":"` + profile + `","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, iam.Yes},
		{"profile and model from the same network alone", `{"Effect":"Allow","Action":"bedrock:InvokeModel*","Resource":["` + profile + `","` + model("*") + `"],"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`, iam.No},
		{"a wildcard takes in a profile of models that are not allowed", allow(profile, "arn:aws:bedrock:*::foundation-model/amazon.*"), iam.No},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			call := rules.ProfilePlan(account, profile, catalog)
			got := rules.New(rules.Config{}).BrokenProfiles(principal(t, tt.own), []*plan.Plan{call})
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if tt.want != iam.Yes {
				return
			}
			if w := got.Witnesses[0]; !w.Decision.Denied() || w.Resource != model("eu-west-1") {
				t.Errorf("got witness %s %s, want the model of eu-west-1 denied", w, w.Decision)
			}
			if !strings.Contains(got.Guard, model("eu-west-1")) {
				t.Errorf("got proposal %q, want it to name the model", got.Guard)
			}
		})
	}
}

// TestRoutedOutside: a profile leads to Regions that are not approved, with a request there and a policy that
// leaves calls within them alone.
func TestRoutedOutside(t *testing.T) {
	t.Parallel()
	const id = "anthropic.claude-3-haiku-20240307-v1:0"
	profile := func(geography string) string {
		return "arn:aws:bedrock:eu-central-1:" + account + ":inference-profile/" + geography + "." + id
	}
	model := func(region string) string { return "arn:aws:bedrock:" + region + "::foundation-model/" + id }
	catalog := plan.NewCatalog([]*plan.Resource{
		{ARN: profile("eu"), Kind: plan.InferenceProfile, Region: "eu-central-1", Account: account, Members: []string{model("eu-central-1"), model("eu-west-1")}},
		{ARN: profile("global"), Kind: plan.InferenceProfile, Region: "eu-central-1", Account: account, Members: []string{model("eu-central-1"), model("")}},
	})
	plans := []*plan.Plan{rules.ProfilePlan(account, profile("eu"), catalog), rules.ProfilePlan(account, profile("global"), catalog)}
	through := func(action, geography string) []string {
		return []string{
			`{"Effect":"Allow","Action":"` + action + `","Resource":"` + profile(geography) + `"}`,
			`{"Effect":"Allow","Action":"` + action + `","Resource":"arn:aws:bedrock:*::foundation-model/` + id + `","Condition":{"StringEquals":{"bedrock:InferenceProfileArn":"` + profile(geography) + `"}}}`,
		}
	}
	const stay = `{"Effect":"Deny","Action":"bedrock:InvokeModel*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1"]}}}`
	tests := []struct {
		name     string
		own      []string
		approved []string
		want     iam.Verdict
		witness  string
	}{
		{"within the geography", through("bedrock:InvokeModel", "eu"), []string{"eu-central-1", "eu-west-1"}, iam.No, ""},
		{"one Region of the geography is not approved", through("bedrock:InvokeModel", "eu"), []string{"eu-central-1"}, iam.Yes, "aws:RequestedRegion = eu-west-1"},
		{"streaming alone", through("bedrock:InvokeModelWithResponseStream", "eu"), []string{"eu-central-1"}, iam.Yes, "bedrock:InvokeModelWithResponseStream on " + model("eu-west-1")},
		{"a global profile", through("bedrock:InvokeModel", "global"), []string{"eu-central-1", "eu-west-1"}, iam.Yes, "aws:RequestedRegion = unspecified"},
		{"a global profile, denied", append(through("bedrock:InvokeModel", "global"), stay), []string{"eu-central-1", "eu-west-1"}, iam.No, ""},
		{"the models and no profile", through("bedrock:InvokeModel", "global")[1:], []string{"eu-central-1"}, iam.No, ""},
		{"everything", []string{all}, []string{"eu-central-1"}, iam.Yes, "us-east-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := principal(t, tt.own...)
			ask := func(j *rules.Judge, p *rules.Principal) rules.Result { return j.OutsideRegions(p, tt.approved, plans) }
			got := ask(rules.New(rules.Config{}), p)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if tt.want != iam.Yes {
				return
			}
			checkFault(t, p, got, ask)
			if w := got.Witnesses[0].String(); !strings.Contains(w, tt.witness) {
				t.Errorf("got witness %s, want it to contain %q", w, tt.witness)
			}
		})
	}
}

// TestBrokenProfileOfStreams: whoever may only stream is asked for streams.
func TestBrokenProfileOfStreams(t *testing.T) {
	t.Parallel()
	const profile, id = "arn:aws:bedrock:eu-central-1:" + account + ":inference-profile/eu.x", "::foundation-model/x"
	catalog := plan.NewCatalog([]*plan.Resource{{
		ARN: profile, Kind: plan.InferenceProfile, Region: "eu-central-1", Account: account,
		Members: []string{"arn:aws:bedrock:eu-central-1" + id, "arn:aws:bedrock:eu-west-1" + id},
	}})
	p := principal(t, `{"Effect":"Allow","Action":"bedrock:InvokeModelWithResponseStream","Resource":["`+profile+`","arn:aws:bedrock:eu-central-1`+id+`"]}`)
	got := rules.New(rules.Config{}).BrokenProfiles(p, []*plan.Plan{rules.ProfilePlan(account, profile, catalog)})
	if !got.Yes() || got.Witnesses[0].Action != "bedrock:InvokeModelWithResponseStream" {
		t.Errorf("got %v (%s) %v, want a stream that is denied", got.Verdict, got.Reason, got.Witnesses)
	}
}

// TestBeyondControl: what a control policy leaves open to an administrator, and one that closes it.
func TestBeyondControl(t *testing.T) {
	t.Parallel()
	p := principal(t, all)
	p.Policies.ServiceControl = [][]*iam.Policy{{policy(t, all)}}
	got := rules.New(rules.Config{}).BeyondControl(p)
	if !got.Yes() || len(got.Witnesses) != 1 {
		t.Fatalf("got %v (%s), want a model that nobody approved", got.Verdict, got.Reason)
	}
	control, err := iam.Parse([]byte(got.Guard))
	if err != nil {
		t.Fatalf("the proposed policy %q: %v", got.Guard, err)
	}
	p.Policies.ServiceControl = append(p.Policies.ServiceControl, []*iam.Policy{policy(t, all), control})
	j := rules.New(rules.Config{})
	if after := j.BeyondControl(p); !after.No() || !j.OtherWays(p).No() || !iam.LimitsModels(control).Yes() {
		t.Errorf("with %s the answer is %v (%s), want No, by whatever way", got.Guard, after.Verdict, after.Reason)
	}
	if faults := j.Faults(control, iam.LayerServiceControl, "dead-statement", "namespace-bypass", "scp-breaks-plan", "unknown-name", "wrong-layer"); !faults.No() {
		t.Errorf("%s: %s", got.Guard, faults.Reason)
	}
}
