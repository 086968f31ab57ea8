package rules_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/rules"
	"github.com/assize-dev/assize/iam/sar"
)

// sample is one of the published policies that the linter of iam/sar is tested with, too.
func sample(t *testing.T, name string) *iam.Policy {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "sar", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	p, err := iam.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p.Named(name)
}

// under is a role that may do everything, in an account with a control policy.
func under(t *testing.T, control *iam.Policy) *rules.Principal {
	t.Helper()
	p := principal(t, all)
	p.Regions = []string{"us-east-1"}
	p.Policies.ServiceControl = [][]*iam.Policy{{policy(t, all), control}}
	return p
}

// TestPublishedControlPolicies asks what published control policies leave open to a role that may do
// everything.
func TestPublishedControlPolicies(t *testing.T) {
	t.Parallel()
	twoRegions := func(j *rules.Judge, p *rules.Principal) rules.Result {
		return j.OutsideRegions(p, []string{"us-east-1", "us-west-2"}, nil)
	}
	tests := []struct {
		file, name string
		ask        func(*rules.Judge, *rules.Principal) rules.Result
		want       iam.Verdict
		witness    string
	}{
		{"f1-approved-models.scp.json", "InvokeModel runs approved models only", (*rules.Judge).UnnamedModels, iam.No, ""},
		{"f1-approved-models.scp.json", "mantle runs all others", (*rules.Judge).OtherWays, iam.Yes, "bedrock-mantle:CreateInference"},
		{"f2-long-term-keys.scp.json", "keys of mantle and SageMaker", (*rules.Judge).APIKeys, iam.Yes, "CallWithBearerToken"},
		{"f3-all-keys.scp.json", "keys of mantle and SageMaker", (*rules.Judge).APIKeys, iam.Yes, "bedrock-mantle:CallWithBearerToken"},
		{"f4-region-deny.scp.json", "direct calls stay in two Regions", twoRegions, iam.No, ""},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.name, func(t *testing.T) {
			t.Parallel()
			p := under(t, sample(t, tt.file))
			got := tt.ask(rules.New(rules.Config{}), p)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if tt.want == iam.Yes {
				checkFault(t, p, got, tt.ask)
				if w := got.Witnesses[0].String(); !strings.Contains(w, tt.witness) {
					t.Errorf("got witness %s, want it to contain %q", w, tt.witness)
				}
			}
		})
	}
}

// TestBatchEscapes: without mantle, batch jobs are what the sample for approved models leaves open.
func TestBatchEscapes(t *testing.T) {
	t.Parallel()
	p := under(t, sample(t, "f1-approved-models.scp.json"))
	p.Policies.Identity = []*iam.Policy{policy(t, `{"Effect":"Allow","Action":"bedrock:*","Resource":"*"}`)}
	got := rules.New(rules.Config{}).OtherWays(p)
	if !got.Yes() || got.Witnesses[0].Action != "bedrock:CreateModelInvocationJob" {
		t.Errorf("got %v by %v, want a batch job", got.Verdict, got.Witnesses)
	}
}

// TestRegionDenySpares: the sample with an exemption for cross-Region inference lets a profile of its geography
// work, and cuts global inference off, whose Region is "unspecified".
func TestRegionDenySpares(t *testing.T) {
	t.Parallel()
	const model = "foundation-model/anthropic.claude-sonnet-4-20250514-v1:0"
	profile := func(id string, models ...string) *plan.Resource {
		return &plan.Resource{
			ARN: "arn:aws:bedrock:us-east-1:" + account + ":inference-profile/" + id + ".anthropic.claude-sonnet-4-20250514-v1:0", Kind: plan.InferenceProfile,
			Account: account, Region: "us-east-1", Members: models,
		}
	}
	us := profile("us", "arn:aws:bedrock:us-east-1::"+model, "arn:aws:bedrock:us-east-2::"+model, "arn:aws:bedrock:us-west-2::"+model)
	global := profile("global", "arn:aws:bedrock:us-east-1::"+model, "arn:aws:bedrock:::"+model)
	catalog := plan.NewCatalog([]*plan.Resource{us, global})
	for _, tt := range []struct {
		profile *plan.Resource
		want    iam.Verdict
	}{{us, iam.No}, {global, iam.Yes}} {
		call := rules.ProfilePlan(account, tt.profile.ARN, catalog)
		got := rules.New(rules.Config{}).BrokenProfiles(under(t, sample(t, "f4-region-deny.scp.json")), []*plan.Plan{call})
		if got.Verdict != tt.want {
			t.Errorf("%s: got %v (%s), want %v", tt.profile.ARN, got.Verdict, got.Reason, tt.want)
		}
		if got.Guard != "" {
			t.Errorf("%s: got proposal %s, but no identity policy can undo a control policy", tt.profile.ARN, got.Guard)
		}
	}
}

// TestPublishedIdentityPolicies: grants that no request can use are no access, and what AWS's own policies mix.
func TestPublishedIdentityPolicies(t *testing.T) {
	t.Parallel()
	holding := func(t *testing.T, p *iam.Policy) *rules.Principal {
		t.Helper()
		out := principal(t)
		out.Policies.Identity = []*iam.Policy{p}
		return out
	}
	managed := func(t *testing.T, name string) *iam.Policy {
		t.Helper()
		m, ok := sar.FindManagedPolicy(name)
		if !ok {
			t.Fatalf("no managed policy %s", name)
		}
		p, err := m.Policy()
		if err != nil {
			t.Fatal(err)
		}
		return p.Named(name)
	}
	for _, file := range []string{"f6-network.identity.json", "f7-model-id.identity.json"} {
		p := sample(t, file)
		if got := rules.New(rules.Config{}).UnnamedModels(holding(t, p)); !got.No() {
			t.Errorf("%s: got %v (%s), want no access: the grant is dead", file, got.Verdict, got.Reason)
		}
		if got := rules.New(rules.Config{}).Faults(p, iam.LayerIdentity, "dead-statement", "unknown-name"); !got.Yes() || got.Reason == "" {
			t.Errorf("%s: got %v, want the fault", file, got.Verdict)
		}
	}
	for _, name := range []string{"AmazonBedrockFullAccess", "AmazonBedrockLimitedAccess"} {
		for question, ask := range map[string]func(*rules.Judge, *rules.Principal) rules.Result{
			"duties": (*rules.Judge).MixedDuties, "keys": (*rules.Judge).APIKeys, "models": (*rules.Judge).UnnamedModels, "ways": (*rules.Judge).OtherWays,
		} {
			p := holding(t, managed(t, name))
			got := ask(rules.New(rules.Config{}), p)
			if !got.Yes() {
				t.Errorf("%s, %s: got %v (%s), want Yes", name, question, got.Verdict, got.Reason)
				continue
			}
			checkFault(t, p, got, ask)
		}
	}
	if got := rules.New(rules.Config{}).Governs(holding(t, managed(t, "AmazonBedrockReadOnly"))); !got.No() {
		t.Errorf("AmazonBedrockReadOnly governs: %v (%s)", got.Verdict, got.Reason)
	}
}

// TestManagedPoliciesAreAlive: no policy of AWS has conditions that exclude one another.
func TestManagedPoliciesAreAlive(t *testing.T) {
	t.Parallel()
	j := rules.New(rules.Config{})
	for _, m := range sar.ManagedPolicies() {
		p, err := m.Policy()
		if err != nil {
			t.Fatal(err)
		}
		if r := j.Faults(p, iam.LayerIdentity, "dead-statement"); r.Yes() && strings.Contains(r.Reason, "no request meets") {
			t.Errorf("%s: %s", m.Name, r.Reason)
		}
	}
}

// TestCorrectedDocuments: what a finding proposes in place of a document has no fault of the rules any more.
func TestCorrectedDocuments(t *testing.T) {
	t.Parallel()
	const control = "dead-statement namespace-bypass scp-breaks-plan unknown-name wrong-layer"
	const invoke = `"Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"]`
	own := func(statements ...string) *iam.Policy { return policy(t, statements...) }
	tests := map[string]struct {
		policy *iam.Policy
		layer  iam.Layer
		ids    string
	}{
		"approved models":      {sample(t, "f1-approved-models.scp.json"), iam.LayerServiceControl, control},
		"long-term keys":       {sample(t, "f2-long-term-keys.scp.json"), iam.LayerServiceControl, control},
		"all keys":             {sample(t, "f3-all-keys.scp.json"), iam.LayerServiceControl, control},
		"Regions":              {own(`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1","eu-west-1"]}}}`), iam.LayerServiceControl, control},
		"models by one action": {own(`{"Effect":"Deny",` + invoke + `,"NotResource":"arn:aws:bedrock:*::foundation-model/anthropic.*"}`), iam.LayerServiceControl, control},
		"all of Bedrock":       {own(`{"Effect":"Deny","Action":"bedrock:*","Resource":"*"}`), iam.LayerServiceControl, control},
		"two services": {
			own(`{"Effect":"Deny","Principal":"*","Action":["bedrock:InvokeModel","s3:GetObject"],"Resource":"*"}`),
			iam.LayerResourceControl, "rcp-useless",
		},
		"a pattern of five parts": {own(`{"Effect":"Allow",` + invoke + `,"Resource":"arn:aws:bedrock:*:foundation-model/x"}`), iam.LayerIdentity, "reading-sensitive"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := rules.New(rules.Config{})
			got := j.Faults(tt.policy, tt.layer, strings.Fields(tt.ids)...)
			if !got.Yes() || got.Guard == "" {
				t.Fatalf("got %v with %q, want a fault and what could stand instead", got.Verdict, got.Guard)
			}
			text := got.Guard
			if !got.Whole {
				text = withStatement(t, tt.policy, got.Statements[0], text)
			}
			mended, err := iam.Parse([]byte(text))
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if after := j.Faults(mended, tt.layer, strings.Fields(tt.ids)...); !after.No() {
				t.Errorf("after it: %s\n%s", after.Reason, text)
			}
		})
	}
}

// TestFaultsHaveWitnesses: of a key that can be left out, a request without it that the statement decides.
func TestFaultsHaveWitnesses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule, statement string
		denied          bool
	}{
		{"forall-null", `{"Effect":"Allow","Action":"sagemaker:CreateTrainingJob","Resource":"*","Condition":{"ForAllValues:StringEquals":{"sagemaker:VpcSubnets":"subnet-1"}}}`, false},
		{"if-exists-enforces-nothing", `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEqualsIfExists":{"bedrock:GuardrailIdentifier":"g"}}}`, false},
		{"neg-deny-absent", `{"Effect":"Deny","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringNotEqualsIfExists":{"bedrock:ServiceTier":"default"}}}`, true},
	}
	for _, tt := range tests {
		got := rules.New(rules.Config{}).Faults(policy(t, tt.statement), iam.LayerIdentity, tt.rule)
		if !got.Yes() || len(got.Witnesses) != 1 || got.Witnesses[0].Decision.Denied() != tt.denied || !strings.Contains(got.Witnesses[0].String(), ", no ") {
			t.Errorf("%s: got %v with %v, want one request, denied: %v", tt.rule, got.Verdict, got.Witnesses, tt.denied)
		}
	}
}

// TestReadingsAreShown: of a pattern that can be read in two ways, a request on which the readings differ.
func TestReadingsAreShown(t *testing.T) {
	t.Parallel()
	for _, resource := range []string{
		"arn:aws:bedrock:*:foundation-model/x", "arn:aws:bedrock:*::foundation-model/a*0", "arn:aws:bedrock:*::foundation-model/a-v1?0",
	} {
		got := rules.New(rules.Config{}).Faults(policy(t, `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"`+resource+`"}`), iam.LayerIdentity, "reading-sensitive")
		if !got.Yes() || len(got.Witnesses) != 1 || !got.Witnesses[0].Decision.ReadingSensitive() || !strings.Contains(got.Witnesses[0].String(), "depends on: reading-sensitive") {
			t.Errorf("%s: got %v with %v, want a request that depends on the reading", resource, got.Verdict, got.Witnesses)
		}
	}
}

// TestSamplesSayWhatIsOpen: the messages name what the published samples leave out.
func TestSamplesSayWhatIsOpen(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]string{
		"f1-approved-models.scp.json": {"application-inference-profile and inference-profile", "provisioned, custom and imported models and prompt routers", "bedrock:CreateModelInvocationJob", "which another statement approves"},
		"f2-long-term-keys.scp.json":  {"bedrock-mantle:CallWithBearerToken, sagemaker:CallWithBearerToken"},
		"f3-all-keys.scp.json":        {"bedrock-mantle:CallWithBearerToken, sagemaker:CallWithBearerToken"},
		"f6-network.identity.json":    {"aws:SourceIp is a public address"},
		"f7-model-id.identity.json":   {"there is no condition key bedrock:ModelId", "RetrieveAndGenerate"},
	} {
		p := sample(t, file)
		var said strings.Builder
		for _, f := range rules.New(rules.Config{}).Lint(p, sar.GuessLayer(p)) {
			said.WriteString(f.Message + " " + f.Fix + "\n")
		}
		for _, text := range want {
			if !strings.Contains(said.String(), text) {
				t.Errorf("%s: want %q in\n%s", file, text, said.String())
			}
		}
	}
}

// TestRegionDenyHoldsThePrivileged: the second statement of the sample exempts no role.
func TestRegionDenyHoldsThePrivileged(t *testing.T) {
	t.Parallel()
	p := under(t, sample(t, "f4-region-deny.scp.json"))
	p.Issuer = "arn:aws:iam::" + account + ":role/Privileged"
	if got := rules.New(rules.Config{}).OutsideRegions(p, []string{"us-east-1", "us-west-2"}, nil); !got.No() {
		t.Errorf("got %v (%s), want that the privileged role runs no model elsewhere", got.Verdict, got.Reason)
	}
}

// withStatement is the text of a policy with another statement, or a list of them, in place of one.
func withStatement(t *testing.T, p *iam.Policy, n int, by string) string {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	var instead any
	if err := errors.Join(json.Unmarshal(raw, &doc), json.Unmarshal([]byte(by), &instead)); err != nil {
		t.Fatal(err)
	}
	statements, ok := doc["Statement"].([]any)
	if !ok {
		statements = []any{doc["Statement"]}
	}
	list, ok := instead.([]any)
	if !ok {
		list = []any{instead}
	}
	doc["Statement"] = slices.Replace(statements, n, n+1, list...)
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
