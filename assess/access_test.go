package assess_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

const management = "999900001111"

// accessDefinitions declare what access rests on.
func accessDefinitions() []*assize.Definition {
	text, list := assize.String, assize.Strings
	return []*assize.Definition{
		{Type: "AWS::IAM::Role", List: "iam:ListRoles", One: "role", Many: "roles", Global: true, Facts: []assize.Fact{
			{Path: "Arn", Type: text, Default: ""},
			{Path: "Policies[].PolicyName", Type: text, Default: ""},
			{Path: "Policies[].PolicyDocument", Type: assize.Policy},
			{Path: "ManagedPolicyArns", Type: list},
			{Path: "PermissionsBoundary", Type: text},
		}},
		{Type: "AWS::IAM::ManagedPolicy", List: "iam:ListPolicies", Many: "managedPolicies", Global: true, Facts: []assize.Fact{{Path: "PolicyDocument", Type: assize.Policy}}},
		{Type: "AWS::Organizations::Account", List: "organizations:DescribeOrganization", Many: "organizationAccounts", Global: true, Facts: []assize.Fact{
			{Path: "ManagementAccountId", Type: text}, {Path: "FeatureSet", Type: text},
		}},
		{Type: "AWS::Organizations::Policy", List: "organizations:ListPolicies", Many: "organizationPolicies", Global: true, Facts: []assize.Fact{
			{Path: "Type", Type: text}, {Path: "Content", Type: text}, {Path: "TargetIds", Type: list},
		}},
	}
}

// accessVerdicts judges roles by a rule: outcome and evidence of each by its name.
func accessVerdicts(t *testing.T, rule string, resources ...*assize.Resource) map[string]*assize.Finding {
	t.Helper()
	c, err := assess.NewCompiler(accessDefinitions(), profileFields())
	if err != nil {
		t.Fatal(err)
	}
	chk := check(rule)
	chk.Subject.Type = "AWS::IAM::Role"
	p, err := c.Compile(chk)
	if err != nil {
		t.Fatal(err)
	}
	inv := &assize.Inventory{Accounts: []assize.Account{{ID: account, Regions: []string{region}}, {ID: management, Regions: []string{region}}}, Resources: resources}
	for _, d := range accessDefinitions() {
		for _, a := range inv.Accounts {
			inv.Coverage = append(inv.Coverage, assize.Coverage{Type: d.Type, Account: a.ID, Region: assize.Global, Complete: true})
		}
	}
	out := map[string]*assize.Finding{}
	for f := range assess.NewEngine(c, []*assess.Program{p}).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
		if f.Resource != nil {
			out[f.Resource.ID] = f
		}
	}
	return out
}

func roleWith(name, document string, more ...assize.Field) *assize.Resource {
	arn := "arn:aws:iam::" + account + ":role/" + name
	props := assize.Object{
		{Name: "Arn", Value: arn},
		{Name: "Policies", Value: assize.List{assize.Object{{Name: "PolicyName", Value: "own"}, {Name: "PolicyDocument", Value: document}}}},
	}
	return &assize.Resource{Type: "AWS::IAM::Role", Account: account, Region: assize.Global, ID: name, ARN: arn, Properties: append(props, more...)}
}

func statementsOf(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

const (
	invokeAll  = `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*"}`
	namedModel = `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"arn:aws:bedrock:*::foundation-model/a.b"}`
	unnamed    = `!principalRunsUnnamedModels(resource.Arn)`
)

// TestEvidence: a failure shows what was found; what passes shows nothing, also after one that failed.
func TestEvidence(t *testing.T) {
	t.Parallel()
	got := accessVerdicts(t, unnamed, roleWith("a", statementsOf(invokeAll)), roleWith("b", statementsOf(namedModel)), roleWith("c", statementsOf(invokeAll)))
	if f := got["b"]; f.Outcome != assize.Pass || f.Evidence != nil {
		t.Errorf("b: got %s with evidence %v, want pass without", f.Outcome, f.Evidence)
	}
	for _, name := range []string{"a", "c"} {
		f := got[name]
		var names []string
		for _, e := range f.Evidence {
			names = append(names, e.Name)
		}
		if diff := cmp.Diff([]string{"found", "allowed request", "by"}, names); f.Outcome != assize.Fail || diff != "" {
			t.Errorf("%s: got %s, evidence (-want +got):\n%s", name, f.Outcome, diff)
		}
	}
}

// TestCallersAreToldApart: equal policies that speak of the caller are not equal access.
func TestCallersAreToldApart(t *testing.T) {
	t.Parallel()
	const onlyA = `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/a"}}}`
	got := accessVerdicts(t, unnamed, roleWith("a", statementsOf(onlyA)), roleWith("b", statementsOf(onlyA)))
	if got["a"].Outcome != assize.Fail || got["b"].Outcome != assize.Pass {
		t.Errorf("got %s and %s, want fail and pass", got["a"].Outcome, got["b"].Outcome)
	}
}

// TestControlPolicies: which service control policies count, and what is not known of them.
func TestControlPolicies(t *testing.T) {
	t.Parallel()
	member := func(manager string) *assize.Resource {
		return &assize.Resource{Type: "AWS::Organizations::Account", Account: account, Region: assize.Global, ID: account, Properties: assize.Object{{Name: "ManagementAccountId", Value: manager}}}
	}
	n := 0
	control := func(content assize.Value, targets ...any) *assize.Resource {
		n++
		list := assize.List{}
		for _, target := range targets {
			list = append(list, target)
		}
		return &assize.Resource{Type: "AWS::Organizations::Policy", Account: management, Region: assize.Global, ID: fmt.Sprintf("p-%d", n), Properties: assize.Object{
			{Name: "Type", Value: "SERVICE_CONTROL_POLICY"}, {Name: "Content", Value: content}, {Name: "TargetIds", Value: list},
		}}
	}
	full := statementsOf(`{"Effect":"Allow","Action":"*","Resource":"*"}`)
	limit := statementsOf(`{"Effect":"Deny","Action":"bedrock:*","NotResource":"arn:aws:bedrock:*::foundation-model/a.*"}`)
	other := statementsOf(`{"Effect":"Deny","Action":"s3:*","Resource":"*"}`)
	unread := &assize.Unknown{Cause: assize.Denied, Operation: "organizations:DescribePolicy"}
	role := roleWith("r", statementsOf(invokeAll))
	tests := []struct {
		name      string
		resources []*assize.Resource
		want      assize.Outcome
	}{
		{"no organization", nil, assize.Fail},
		{"no policies", []*assize.Resource{member(management)}, assize.Fail},
		{"only full access", []*assize.Resource{member(management), control(full, "r-1", account)}, assize.Fail},
		{"at the root", []*assize.Resource{member(management), control(full, "r-1"), control(limit, "r-1")}, assize.Pass},
		{"at the account", []*assize.Resource{member(management), control(full, "r-1", account), control(limit, account)}, assize.Pass},
		{"at another account", []*assize.Resource{member(management), control(full, "r-1"), control(limit, "555566667777")}, assize.Fail},
		{"at a unit, the tree not read", []*assize.Resource{member(management), control(full, "r-1", "ou-1"), control(limit, "ou-1")}, assize.Inconclusive},
		{"about something else at a unit", []*assize.Resource{member(management), control(full, "r-1", "ou-1"), control(other, "ou-1")}, assize.Fail},
		{"the management account itself", []*assize.Resource{member(account), control(limit, "r-1")}, assize.Fail},
		{"a policy was not read", []*assize.Resource{member(management), control(full, "r-1"), control(unread, "r-1")}, assize.Inconclusive},
		{"a policy was not read, another limits", []*assize.Resource{member(management), control(full, "r-1"), control(unread, "r-1"), control(limit, "r-1")}, assize.Pass},
		{"its targets were not read", []*assize.Resource{member(management), control(limit, unread)}, assize.Inconclusive},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := accessVerdicts(t, unnamed, append([]*assize.Resource{role}, tt.resources...)...)["r"]
			if got.Outcome != tt.want {
				t.Errorf("got %s (%s), want %s", got.Outcome, got.Reason, tt.want)
			}
		})
	}
}

// TestLargePoliciesAreLeftOpen: a policy that the linter did not look at whole is not without fault.
func TestLargePoliciesAreLeftOpen(t *testing.T) {
	t.Parallel()
	large := statementsOf(slices.Repeat([]string{namedModel}, 1001)...)
	got := map[string]assize.Outcome{}
	for id, f := range accessVerdicts(t, `resource.Policies.all(p, has(p.PolicyDocument) && !policyHasFault(p.PolicyDocument, "not-allow"))`, roleWith("small", statementsOf(namedModel)), roleWith("large", large)) {
		got[id] = f.Outcome
	}
	if diff := cmp.Diff(map[string]assize.Outcome{"small": assize.Pass, "large": assize.Inconclusive}, got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}
