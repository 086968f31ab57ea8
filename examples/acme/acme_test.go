package acme_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/examples/acme"
	"github.com/assize-dev/assize/graph"
	"github.com/assize-dev/assize/library"
)

// inventory reads the example.
func inventory(t *testing.T, lib *library.Library) *assize.Inventory {
	t.Helper()
	c, err := snapshot.Decode("acme.assize", bytes.NewReader(acme.Snapshot))
	if err != nil {
		t.Fatal(err)
	}
	mapping, err := collect.NewMapping(lib.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := c.Inventory(mapping)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// findings judges the example as "assize demo" does.
func findings(t *testing.T) []*assize.Finding {
	t.Helper()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := lib.ParseProfile("assize.yaml", acme.Profile)
	if err != nil {
		t.Fatal(err)
	}
	inv := inventory(t, lib)
	framework, err := lib.Framework(library.AllChecks)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(lib.Engine(framework).Assess(inv, assess.Options{Profile: profile}).Findings())
}

// unreadStores is what checks say of the vector buckets of the laboratory: Assize
// does not read them yet, wherever they are.
const unreadStores = "vector buckets are not read"

// The example shows everything that a result can hold.
func TestEveryOutcomeOccurs(t *testing.T) {
	t.Parallel()
	var counts assize.Counts
	causes := map[assize.Cause]bool{}
	for _, f := range findings(t) {
		counts.Add(f.Outcome)
		if f.Unknown == nil {
			continue
		}
		causes[f.Unknown.Cause] = true
		switch f.Unknown.Cause { //nolint:exhaustive // these mean that the example lacks something
		case assize.ErrorInRule, assize.WrongAnswer:
			t.Errorf("%s: %s, which the example does not mean", f.Check.ID, f.Unknown.Detail)
		case assize.NotConnected:
			if f.Unknown.Detail != unreadStores {
				t.Errorf("%s: %s, which the example does not mean", f.Check.ID, f.Unknown.Detail)
			}
		}
	}
	for _, o := range assize.Outcomes {
		if counts.Of(o) == 0 {
			t.Errorf("no finding is %s", o)
		}
	}
	for _, cause := range []assize.Cause{assize.Denied, assize.Throttled, assize.Unlinked} {
		if !causes[cause] {
			t.Errorf("nothing is inconclusive because of %q", cause)
		}
	}
}

// What hangs together is linked: a space with its owner and domain, a router with its models.
func TestLinks(t *testing.T) {
	t.Parallel()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	inv := inventory(t, lib)
	g := graph.New(inv, lib.Definitions)
	got := map[string][]string{}
	for _, r := range inv.Resources {
		if r.ID != "d-lab2222aa0001/fraud-notebooks" && r.ID != "pr5questions" {
			continue
		}
		for _, l := range g.Links(r) {
			if l.To != nil {
				got[r.ID] = append(got[r.ID], l.Path+" "+l.To.ID)
			}
		}
	}
	want := map[string][]string{
		"d-lab2222aa0001/fraud-notebooks": {"DomainId d-lab2222aa0001", "OwnerUserProfileID d-lab2222aa0001/jonas"},
		"pr5questions":                    {"Models[].ModelArn amazon.nova-lite-v1:0", "FallbackModel.ModelArn amazon.nova-lite-v1:0"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// The points of the story, by check and subject.
func TestStory(t *testing.T) {
	t.Parallel()
	want := map[string]assize.Outcome{
		// Production: the guardrail is complete but for one filter.
		"bedrock_guardrail_content_filters_complete 7qk2v9x4m1pd":                     assize.Pass,
		"bedrock_guardrail_filters_apply_to_input_and_output 7qk2v9x4m1pd":            assize.Pass,
		"bedrock_guardrail_content_filter_strength_sufficient 7qk2v9x4m1pd":           assize.Fail,
		"bedrock_guardrail_exists 333344445555 eu-central-1":                          assize.Pass,
		"bedrock_guardrail_exists 333344445555 us-east-1":                             assize.Manual,
		"bedrock_model_invocation_logging_enabled 333344445555 eu-central-1":          assize.Pass,
		"bedrockagentcore_gateway_inbound_authorization claims-tools-demo-q1w8e3r7t5": assize.Fail,
		"bedrockagentcore_gateway_inbound_authorization claims-tools-z9x4c6v2b8":      assize.Pass,
		"bedrockagentcore_code_interpreter_network_private damage_sums-L3m7N1p5Q8":    assize.Fail,
		"bedrockagentcore_runtime_vpc_mode adjuster_copilot-K3v8Xq2ZtB":               assize.Pass,
		"sagemaker_model_network_isolation_enabled claims-triage-2026-09":             assize.Pass,
		"sagemaker_endpoint_config_instance_count claims-triage-2026-09":              assize.Pass,
		"sagemaker_endpoint_config_instance_count damage-photos-serverless":           assize.NotApplicable,
		"bedrock_flow_guardrail_attached FLLETTER01":                                  assize.Fail,
		"bedrock_prompt_router_models_approved pr5questions":                          assize.Pass,
		"bedrock_automated_reasoning_policy_encrypted_with_cmk ar2entitled0":          assize.Fail,
		"bedrock_knowledge_base_vector_store_encrypted KBCLAIMS01":                    assize.Pass,
		"bedrock_knowledge_base_evaluation_exists KBCLAIMS01":                         assize.Pass,
		"lambda_function_runtime_supported claims-status":                             assize.Fail,
		// What watches over the accounts, and what does not.
		"guardduty_enabled 333344445555 eu-central-1":    assize.Pass,
		"guardduty_enabled 222233334444 eu-central-1":    assize.Fail,
		"config_recorder_enabled 222233334444 us-east-1": assize.Fail,
		// Experiments, and what nobody was to see.
		"sagemaker_notebook_instance_root_access_disabled fraud-sandbox":              assize.Fail,
		"sagemaker_notebook_instance_direct_internet_access_disabled mh-playground":   assize.Fail,
		"sagemaker_notebook_instance_direct_internet_access_disabled triage-research": assize.Pass,
		"sagemaker_space_remote_access_disabled d-lab2222aa0001/fraud-notebooks":      assize.Fail,
		"s3_bucket_versioning_enabled acme-claims-dev-training":                       assize.Fail,
		// Where there is no Bedrock, and where nobody could look.
		"bedrock_guardrail_exists 222233334444 ap-east-1": assize.NotApplicable,
	}
	got := map[string]assize.Outcome{}
	for _, f := range findings(t) {
		subject := f.Account + " " + f.Region
		if f.Resource != nil {
			subject = f.Resource.ID
		}
		if key := f.Check.ID + " " + subject; want[key] != "" {
			got[key] = f.Outcome
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the story (-want +got):\n%s", diff)
	}
}
