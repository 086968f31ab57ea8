package org_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

const manager = "999988887777"

// inventory is one of two accounts: the role "r" of home may invoke, below the unit ou-1. A
// test changes resources by type and id, and takes away what was listed.
func inventory(change map[string]func(*assize.Resource), unlisted map[string]bool) *assize.Inventory {
	object := assize.NewObject
	resource := func(typ, account, id, arn string, p map[string]assize.Value) *assize.Resource {
		r := &assize.Resource{Type: typ, Account: account, Region: assize.Global, ID: id, ARN: arn, Properties: object(p)}
		if f := change[typ+" "+id]; f != nil {
			f(r)
		}
		return r
	}
	policy := func(name, content string, targets ...assize.Value) *assize.Resource {
		return resource("AWS::Organizations::Policy", manager, name, "", map[string]assize.Value{
			"Name": name, "Type": "SERVICE_CONTROL_POLICY", "Content": content, "TargetIds": assize.List(targets),
		})
	}
	member := map[string]assize.Value{"OrganizationId": "o-1", "ManagementAccountId": manager}
	inv := &assize.Inventory{
		Accounts: []assize.Account{{ID: home, Partition: "aws"}, {ID: manager, Partition: "aws"}},
		Resources: []*assize.Resource{
			resource("AWS::IAM::Role", home, "r", roleARN(home, "r"), map[string]assize.Value{
				"AssumeRolePolicyDocument": statements(`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":` + lambdaTrust + `}`),
				"ManagedPolicyArns":        assize.List{"arn:aws:iam::aws:policy/AmazonBedrockFullAccess"},
			}),
			resource("AWS::Organizations::Account", home, home, "", member),
			resource("AWS::Organizations::Account", manager, manager, "", member),
			resource("AWS::Organizations::OrganizationalUnit", manager, "r-1", "", map[string]assize.Value{"AccountIds": assize.List{manager}}),
			resource("AWS::Organizations::OrganizationalUnit", manager, "ou-1", "", map[string]assize.Value{"ParentId": "r-1", "AccountIds": assize.List{home}}),
			policy("full", statements(allow("*", "*")), "r-1", "ou-1", home, manager),
			policy("regions", statements(deny("*", "*", `"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}`)), "ou-1"),
		},
	}
	for _, typ := range []string{
		"AWS::IAM::Role", "AWS::IAM::User", "AWS::Organizations::Account", "AWS::Organizations::Policy", "AWS::Organizations::OrganizationalUnit",
	} {
		for _, a := range inv.Accounts {
			c := assize.Coverage{Type: typ, Account: a.ID, Region: assize.Global, Complete: true}
			if unlisted[typ] {
				c.Complete, c.Gap = false, &assize.Gap{Account: a.ID, Cause: assize.Denied, Operation: "test:List", Types: []string{typ}}
			}
			inv.Coverage = append(inv.Coverage, c)
		}
	}
	return inv
}

// TestInventory: control policies stand where the tree puts them, and each gap shows where it matters.
func TestInventory(t *testing.T) {
	t.Parallel()
	hide := func(path string) func(*assize.Resource) {
		return func(r *assize.Resource) {
			r.Properties = r.Properties.Set(path, &assize.Unknown{Cause: assize.Denied, Operation: "test:Get"})
		}
	}
	none := func(r *assize.Resource) { r.Properties = r.Properties.Set("ManagedPolicyArns", assize.List{}) }
	tests := []struct {
		name         string
		change       map[string]func(*assize.Resource)
		unlisted     map[string]bool
		inside, away org.Outcome // in us-east-1 and in us-west-2
	}{
		{"all is known", nil, nil, org.Always, org.Never},
		{"attached policies", map[string]func(*assize.Resource){"AWS::IAM::Role r": hide("ManagedPolicyArns")}, nil, org.Unknown, org.Never},
		{"permissions boundary", map[string]func(*assize.Resource){"AWS::IAM::Role r": hide("PermissionsBoundary")}, nil, org.Unknown, org.Never},
		{"content of a control policy", map[string]func(*assize.Resource){"AWS::Organizations::Policy regions": hide("Content")}, nil, org.Unknown, org.Unknown},
		{"targets of a control policy", map[string]func(*assize.Resource){"AWS::Organizations::Policy regions": hide("TargetIds")}, nil, org.Unknown, org.Unknown},
		{"units", nil, map[string]bool{"AWS::Organizations::OrganizationalUnit": true}, org.Unknown, org.Unknown},
		{"control policies", nil, map[string]bool{"AWS::Organizations::Policy": true}, org.Unknown, org.Unknown},
		{"nothing is allowed, so that nothing else matters", map[string]func(*assize.Resource){"AWS::IAM::Role r": none}, map[string]bool{"AWS::Organizations::Policy": true}, org.Never, org.Never},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := org.NewAnalysis(org.FromInventory(inventory(tt.change, tt.unlisted)), org.Config{})
			for region, want := range map[string]org.Outcome{"us-east-1": tt.inside, "us-west-2": tt.away} {
				got := ask(t, a, roleARN(home, "r"), plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN(region)})
				if got.Outcome != want {
					t.Errorf("%s: got %s %v, want %s", region, got.Outcome, got.Causes, want)
				}
				if got.Outcome == org.Unknown && len(got.Causes) == 0 {
					t.Errorf("%s: inconclusive without a cause", region)
				}
			}
		})
	}
}

// TestPrincipalsUnread: of an account whose roles could not be listed nobody is said to be nobody.
func TestPrincipalsUnread(t *testing.T) {
	t.Parallel()
	a := org.NewAnalysis(org.FromInventory(inventory(nil, map[string]bool{"AWS::IAM::User": true})), org.Config{})
	who, err := a.WhoCan(plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN("us-west-2")})
	if err != nil {
		t.Fatal(err)
	}
	if who.Nobody() || len(who.Rows) != 0 || who.Never != 1 || !strings.Contains(who.Unknown[0].Operation, "test:List") {
		t.Errorf("got %+v, want nobody known, and that users were not read", who)
	}
}

// TestManagementPath: no control policy limits the management account, and policies still ask
// for its place.
func TestManagementPath(t *testing.T) {
	t.Parallel()
	o := org.FromInventory(inventory(nil, nil))
	for _, a := range o.Accounts {
		if a.Management != (a.ID == manager) || len(a.Path) == 0 || a.Path[0] != "r-1" || a.Management && a.Service != nil {
			t.Errorf("account %s: got management %v, path %v, %d levels of policies", a.ID, a.Management, a.Path, len(a.Service))
		}
	}
}
