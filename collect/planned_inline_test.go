package collect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// TestInlinePolicies holds that an inline policy that is written within a role is a policy of its own, as it
// is in AWS, and one that the source has beside the role is not counted twice.
func TestInlinePolicies(t *testing.T) {
	t.Parallel()
	m, err := collect.NewTerraformMapping([]*assize.Definition{
		{Type: "AWS::IAM::Role", Global: true, Terraform: []assize.TerraformSource{{
			Resource: "aws_iam_role", Parts: []assize.TerraformPart{{Resource: "aws_iam_role_policy", Link: "role", Names: "name"}},
		}}},
		{
			Type: "AWS::IAM::Policy", Global: true, Terraform: []assize.TerraformSource{{Resource: "aws_iam_role_policy", ARN: "-"}},
			Facts: []assize.Fact{{Path: "PolicyName", Type: assize.String, Terraform: at("name")}, {Path: "Roles", Type: assize.Strings, Terraform: at("role")}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	object := func(typ, address, text string) *collect.Planned {
		return &collect.Planned{Type: typ, Attributes: attributes(t, text), Origin: assize.Origin{Kind: "plan", Address: address, Action: "update"}}
	}
	role := object("aws_iam_role", "aws_iam_role.r", `{"name":"r","inline_policy":[{"name":"","policy":""},{"name":"own","policy":"{}"},{"name":"beside","policy":"{}"},{"name":"linked","policy":"{ }"}]}`)
	linked := object("aws_iam_role_policy", "aws_iam_role_policy.linked", `{"name":"linked","policy":"{\"a\":1}","role":"r"}`)
	role.Parts = map[string][]*collect.Planned{linked.Type: {linked}}
	beside := object("aws_iam_role_policy", "aws_iam_role_policy.beside", `{"name":"beside","policy":"{}","role":"s"}`)
	inv, _ := m.Inventory([]*collect.Planned{role, linked, beside}, collect.PlannedScope{})
	var got []string
	for _, r := range inv.Resources {
		got = append(got, r.Type+" "+r.ID)
		if r.ID != "aws_iam_role.r.inline_policy[1]" {
			continue
		}
		holder, _ := r.Properties.At("Roles").(assize.List)
		if u, ok := holder[0].(*assize.Unknown); !ok || u.Refers == nil || u.Refers.ID != "aws_iam_role.r" {
			t.Errorf("holder: got %v, want what names the role", holder)
		}
	}
	want := []string{
		"AWS::IAM::Policy aws_iam_role.r.inline_policy[1]", "AWS::IAM::Policy aws_iam_role_policy.beside",
		"AWS::IAM::Policy aws_iam_role_policy.linked", "AWS::IAM::Role aws_iam_role.r",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
}
