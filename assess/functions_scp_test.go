package assess_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// TestAccountsWithoutLimit: of the management account a failure names the accounts that no
// service control policy above them limits, and passes when there are none.
func TestAccountsWithoutLimit(t *testing.T) {
	t.Parallel()
	const limits = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"bedrock:*","NotResource":"arn:aws:bedrock:*::foundation-model/a.b"}]}`
	definitions := append(accessDefinitions(), &assize.Definition{
		Type: "AWS::Organizations::OrganizationalUnit", List: "organizations:ListRoots", Many: "organizationalUnits", Global: true,
		Facts: []assize.Fact{{Path: "ParentId", Type: assize.String}, {Path: "AccountIds", Type: assize.Strings}},
	})
	resource := func(typ, id string, p map[string]assize.Value) *assize.Resource {
		return &assize.Resource{Type: "AWS::Organizations::" + typ, Account: management, Region: assize.Global, ID: id, Properties: assize.NewObject(p)}
	}
	tests := []struct {
		name    string
		targets assize.List
		want    assize.Outcome
		named   []string
	}{
		{"at the root", assize.List{"r-1"}, assize.Pass, nil},
		{"on every unit", assize.List{"ou-1", "ou-2"}, assize.Pass, nil},
		{"on one unit", assize.List{"ou-1"}, assize.Fail, []string{"account 333344445555 in ou-2", "account 444455556666 in ou-2"}},
		{"on one account of a unit", assize.List{"ou-1", "333344445555"}, assize.Fail, []string{"account 444455556666 in ou-2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := assess.NewCompiler(definitions, profileFields())
			if err != nil {
				t.Fatal(err)
			}
			chk := check(`scpLimitsModels("` + management + `")`)
			chk.Subject.Type = "AWS::Organizations::Account"
			p, err := c.Compile(chk)
			if err != nil {
				t.Fatal(err)
			}
			inv := &assize.Inventory{Accounts: []assize.Account{{ID: management, Regions: []string{region}}}, Resources: []*assize.Resource{
				resource("Account", management, map[string]assize.Value{"ManagementAccountId": management}),
				resource("OrganizationalUnit", "r-1", map[string]assize.Value{"AccountIds": assize.List{management}}),
				resource("OrganizationalUnit", "ou-1", map[string]assize.Value{"ParentId": "r-1", "AccountIds": assize.List{account}}),
				resource("OrganizationalUnit", "ou-2", map[string]assize.Value{"ParentId": "r-1", "AccountIds": assize.List{"333344445555", "444455556666"}}),
				resource("Policy", "p", map[string]assize.Value{"Type": "SERVICE_CONTROL_POLICY", "Content": limits, "TargetIds": tt.targets}),
			}}
			for _, d := range definitions {
				inv.Coverage = append(inv.Coverage, assize.Coverage{Type: d.Type, Account: management, Region: assize.Global, Complete: true})
			}
			for f := range assess.NewEngine(c, []*assess.Program{p}).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
				var named []string
				for _, e := range f.Evidence {
					named = append(named, fmt.Sprint(e.Value))
				}
				if diff := cmp.Diff(tt.named, named); f.Outcome != tt.want || diff != "" {
					t.Errorf("got %s, want %s; named (-want +got):\n%s", f.Outcome, tt.want, diff)
				}
			}
		})
	}
}
