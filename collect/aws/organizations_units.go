package aws

import (
	"context"
	"errors"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

const typeOrgUnit = "AWS::Organizations::OrganizationalUnit"

// organizationsUnits reads the tree of the organization: its root, the units below, and the
// accounts in each. Only the management account may ask; elsewhere there is none to list.
var organizationsUnits = collector{
	Declaration: collect.Declaration{
		Name: "organizations-units", Service: "organizations", Scope: collect.Global, Types: []string{typeOrgUnit},
		Operations: []collect.Operation{
			{Name: opDescribeOrganization, Actions: []string{opDescribeOrganization}},
			{Name: opListRoots, Actions: []string{opListRoots}},
			{Name: opListUnitsForParent, Actions: []string{opListUnitsForParent}, MayBeEmpty: true},
			{Name: opListAccountsForParent, Actions: []string{opListAccountsForParent}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.organizations()
		out, err := call(ctx, t, opDescribeOrganization, api.DescribeOrganization, &organizations.DescribeOrganizationInput{})
		if f := (*collect.Failure)(nil); errors.As(err, &f) && f.Code == codeNoOrganization {
			t.Complete(typeOrgUnit)
			return nil
		}
		if err == nil && out.Organization == nil {
			err = collect.Wrong("there is no organization in the answer")
		}
		if err != nil {
			t.Gap(opDescribeOrganization, err)
			return nil
		}
		if aws.ToString(out.Organization.MasterAccountId) != t.Account {
			t.Complete(typeOrgUnit) // the tree stands in the management account
			return nil
		}
		units := organizationTree(ctx, t, api)
		key := func(u orgUnit) (string, string) { return typeOrgUnit, aws.ToString(u.ID) }
		return each(ctx, t, units, key, func(ctx context.Context, b *collect.Builder, u orgUnit) {
			b.ARN(aws.ToString(u.arn))
			if u.ParentID == nil {
				b.None(opListUnitsForParent, "RootHasNoParent")
			} else {
				b.Answer(opListUnitsForParent, u)
			}
			gather(ctx, b, opListAccountsForParent, organizations.NewListAccountsForParentPaginator(api, &organizations.ListAccountsForParentInput{ParentId: u.ID}),
				"Accounts", func(o *organizations.ListAccountsForParentOutput) []accountRef { return accountRefs(o.Accounts) })
		})
	},
}

// orgUnit is the root or a unit. The root has no parent.
type orgUnit struct {
	ID, Name, ParentID *string
	arn                *string
}

// accountRef is what the tree needs of an account: no names or addresses.
type accountRef struct{ ID *string }

func accountRefs(all []types.Account) []accountRef {
	out := make([]accountRef, len(all))
	for i, a := range all {
		out[i] = accountRef{a.Id}
	}
	return out
}

// organizationTree lists the root and all units below it, level by level. What cannot be
// listed is a gap of the type.
func organizationTree(ctx context.Context, t *collect.Task, api *organizations.Client) []orgUnit {
	roots, err := pages(ctx, t, opListRoots, t.Region, organizations.NewListRootsPaginator(api, &organizations.ListRootsInput{}),
		func(o *organizations.ListRootsOutput) []types.Root { return o.Roots })
	if err != nil {
		t.Gap(opListRoots, err, typeOrgUnit)
		return nil
	}
	var all []orgUnit
	for _, r := range roots {
		all = append(all, orgUnit{ID: r.Id, Name: r.Name, arn: r.Arn})
	}
	for i := 0; i < len(all) && i < maxUnits; i++ {
		parent := all[i].ID
		in := &organizations.ListOrganizationalUnitsForParentInput{ParentId: parent}
		units, err := pages(ctx, t, opListUnitsForParent, t.Region, organizations.NewListOrganizationalUnitsForParentPaginator(api, in),
			func(o *organizations.ListOrganizationalUnitsForParentOutput) []types.OrganizationalUnit {
				return o.OrganizationalUnits
			})
		if err != nil {
			t.Gap(opListUnitsForParent, err, typeOrgUnit)
		}
		for _, u := range units {
			all = append(all, orgUnit{ID: u.Id, Name: u.Name, ParentID: parent, arn: u.Arn})
		}
	}
	if len(all) > maxUnits {
		t.Gap(opListUnitsForParent, collect.Wrong("the organization has more than %d units", maxUnits), typeOrgUnit)
	}
	t.Complete(typeOrgUnit) // unless a gap says otherwise
	return all
}
