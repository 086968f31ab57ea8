package aws

import (
	"testing"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"
)

// TestOrganizationUnits holds that the tree is read to its leaves with the accounts of each unit.
func TestOrganizationUnits(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	api := organizations.NewFromConfig(s.cfg)
	ctx := t.Context()
	_, err := api.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetAll})
	must(t, nil, err)
	roots, err := api.ListRoots(ctx, &organizations.ListRootsInput{})
	must(t, nil, err)
	root := roots.Roots[0].Id
	upper, err := api.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: root, Name: aws.String("workloads")})
	must(t, nil, err)
	lower, err := api.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: upper.OrganizationalUnit.Id, Name: aws.String("ai")})
	must(t, nil, err)
	made, err := api.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("ai"), Email: aws.String("ai-" + s.account + "@example.com")})
	must(t, nil, err)
	member := made.CreateAccountStatus.AccountId
	_, err = api.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: member, SourceParentId: root, DestinationParentId: lower.OrganizationalUnit.Id})
	must(t, nil, err)

	got := s.collect(t, &organizationsUnits)
	if diff := cmp.Diff(map[string]string{typeOrgUnit: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeOrgUnit, *root)), map[string]string{"AccountIds[0]": `"` + s.account + `"`})
	checkFacts(t, properties(t, recordOf(t, got, typeOrgUnit, *upper.OrganizationalUnit.Id)), map[string]string{"ParentId": `"` + *root + `"`, "Name": `"workloads"`})
	checkFacts(t, properties(t, recordOf(t, got, typeOrgUnit, *lower.OrganizationalUnit.Id)), map[string]string{
		"ParentId": `"` + *upper.OrganizationalUnit.Id + `"`, "AccountIds[0]": `"` + *member + `"`,
	})

	s.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "organizations", Operation: "ListOrganizationalUnitsForParent"})
	if got := coverageOf(s.collect(t, &organizationsUnits)); got[typeOrgUnit] == "complete" {
		t.Error("units that may not be listed: got complete, want a gap")
	}
}

// TestNoOrganization: an account in no organization has no units, and that is known.
func TestNoOrganization(t *testing.T) {
	t.Parallel()
	got := newBedrockStage(t).collect(t, &organizationsUnits)
	if diff := cmp.Diff(map[string]string{typeOrgUnit: "complete"}, coverageOf(got)); diff != "" || len(got.Records) != 0 {
		t.Errorf("got %d units and coverage (-want +got):\n%s", len(got.Records), diff)
	}
}
