package sar_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
)

func managedPolicies(t *testing.T) []*iam.Policy {
	t.Helper()
	var out []*iam.Policy
	for _, m := range sar.ManagedPolicies() {
		p, err := m.Policy()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func TestManagedPoliciesRoundTrip(t *testing.T) {
	t.Parallel()
	for _, m := range sar.ManagedPolicies() {
		p, err := m.Policy()
		if err != nil {
			t.Fatal(err)
		}
		again, err := iam.Parse([]byte(p.String()))
		if err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		if diff := cmp.Diff(p.String(), again.String()); diff != "" {
			t.Errorf("%s (-first +second):\n%s", m.Name, diff)
		}
		if diff := cmp.Diff(plain(t, m.Document), plain(t, []byte(p.String()))); diff != "" {
			t.Errorf("%s printed is another document (-AWS +printed):\n%s", m.Name, diff)
		}
	}
}

func plain(t *testing.T, doc []byte) any {
	t.Helper()
	var v any
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The shapes that real policies have, counted.
func TestManagedPolicyCounts(t *testing.T) {
	t.Parallel()
	got, operators := map[string]int{}, map[string]int{}
	for i, p := range managedPolicies(t) {
		got["policies"]++
		if p.Version() == iam.Version2012 {
			got["of 2012"]++
		}
		var doc struct{ Statement json.RawMessage }
		if err := json.Unmarshal(sar.ManagedPolicies()[i].Document, &doc); err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(doc.Statement, []byte("{")) {
			got["single statement"]++
		}
		for i := range p.Len() {
			countStatement(p.Statement(i), got, operators)
		}
	}
	want := map[string]int{
		"policies": 1485, "of 2012": 1485, "single statement": 16, "statements": 7860, "NotResource": 13, "NotAction": 11,
		"Condition": 3276, "variables": 886,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if len(operators) != 26 {
		t.Errorf("got %d operator forms, want 26: %v", len(operators), operators)
	}
	wantOperators := map[string]int{
		"StringEquals": 2038, "StringLike": 638, "Null": 456, "ForAnyValue:StringEquals": 288, "ForAllValues:StringEquals": 166,
		"ArnLike": 126, "Bool": 105, "StringNotEquals": 79, "ForAllValues:StringLike": 67,
	}
	for name, n := range wantOperators {
		if operators[name] != n {
			t.Errorf("%s: got %d, want %d", name, operators[name], n)
		}
	}
}

func countStatement(s *iam.Statement, got, operators map[string]int) {
	got["statements"]++
	resources, notResource := s.Resources()
	if notResource {
		got["NotResource"]++
	}
	if _, notAction := s.Actions(); notAction {
		got["NotAction"]++
	}
	conditions := s.Conditions()
	if len(conditions) > 0 {
		got["Condition"]++
	}
	text := strings.Join(resources, " ")
	seen := map[string]bool{}
	for _, c := range conditions {
		text += strings.Join(c.Values, " ")
		if !seen[c.Operator] {
			operators[c.Operator]++
			seen[c.Operator] = true
		}
	}
	if strings.Contains(text, "${") {
		got["variables"]++
	}
}

// Who may run models by AWS's own policies, Allow statements alone.
func TestManagedPoliciesThatInvoke(t *testing.T) {
	t.Parallel()
	var grant, unconditional []string
	mixed := map[string]int{}
	for _, p := range managedPolicies(t) {
		grants, _ := iam.ResourcesFor([]*iam.Policy{p}, "bedrock:InvokeModel")
		if len(grants) == 0 {
			continue
		}
		grant = append(grant, p.Name())
		if slices.ContainsFunc(grants, func(g iam.Grant) bool {
			return !g.Conditional && !g.Negated && slices.Contains(g.Resources, "*")
		}) {
			unconditional = append(unconditional, p.Name())
		}
		for _, a := range sar.Default().OfClass("bedrock", sar.Admin, sar.Governance) {
			if allows, _ := iam.ResourcesFor([]*iam.Policy{p}, a.String()); len(allows) > 0 {
				mixed[p.Name()]++
			}
		}
	}
	if len(grant) != 23 {
		t.Errorf("got %d policies that grant InvokeModel, want 23: %v", len(grant), grant)
	}
	want := []string{
		"AdministratorAccess", "AmazonBedrockFullAccess", "AmazonBedrockLimitedAccess", "AmazonSageMakerCanvasAIServicesAccess",
		"PowerUserAccess", "SageMakerStudioAdminIAMDefaultExecutionPolicy", "SageMakerStudioAdminIAMPermissiveExecutionPolicy",
		"SageMakerStudioUserIAMDefaultExecutionPolicy", "SageMakerStudioUserIAMPermissiveExecutionPolicy",
	}
	if diff := cmp.Diff(want, unconditional); diff != "" {
		t.Errorf("policies that grant it on everything (-want +got):\n%s", diff)
	}
	wantMixed := map[string]int{
		"AdministratorAccess": 104, "PowerUserAccess": 104, "AmazonBedrockFullAccess": 104, "AWSMcpServiceActionsFullAccess": 104,
		"SageMakerStudioAdminIAMDefaultExecutionPolicy": 104, "SageMakerStudioAdminIAMPermissiveExecutionPolicy": 104,
		"SageMakerStudioUserIAMDefaultExecutionPolicy": 104, "SageMakerStudioUserIAMPermissiveExecutionPolicy": 104,
		"AmazonBedrockLimitedAccess": 29, "SageMakerStudioProjectUserRolePolicy": 15,
		"SageMakerStudioProjectUserRolePermissionsBoundary": 8, "AmazonBedrockStudioPermissionsBoundary": 4,
		"AmazonSageMakerCanvasAIServicesAccess": 4,
	}
	if diff := cmp.Diff(wantMixed, mixed); diff != "" {
		t.Errorf("administrative actions beside InvokeModel (-want +got):\n%s", diff)
	}
}

func TestManagedPoliciesSource(t *testing.T) {
	t.Parallel()
	want := sar.ManagedSource{
		Package: "moto", Version: "5.2.1", Date: "2026-05-01", Policies: len(sar.ManagedPolicies()),
		SHA256: "57a9ba93a796dc25cda5553bdc780f84aeb683e95af481a8ec00b57c6377a6e9",
	}
	if diff := cmp.Diff(want, sar.ManagedPoliciesSource()); diff != "" {
		t.Errorf("source (-want +got):\n%s", diff)
	}
	if _, ok := sar.FindManagedPolicy("arn:aws:iam::111122223333:policy/AdministratorAccess"); ok {
		t.Error("a customer's policy was taken for one of AWS")
	}
}

// No policy of AWS makes Lint fail, and none proposes what does not parse.
func TestLintManagedPolicies(t *testing.T) {
	t.Parallel()
	n := 0
	for _, p := range managedPolicies(t) {
		n += len(faultsOf(t, p, iam.LayerIdentity))
	}
	if n == 0 {
		t.Error("no fault in 1,485 policies: Lint has lost sight of something")
	}
}
