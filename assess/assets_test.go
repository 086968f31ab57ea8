package assess_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// The assets are what belongs to AI, also when the whole account is judged, in order,
// with what they name.
func TestAssets(t *testing.T) {
	t.Parallel()
	c, err := assess.NewCompiler(append(definitions(), &assize.Definition{Type: "AWS::Test::Guard", List: "test:ListGuards", AccountWide: true}), profileFields())
	if err != nil {
		t.Fatal(err)
	}
	resource := func(typ, id string, properties map[string]assize.Value) *assize.Resource {
		return &assize.Resource{Type: typ, Account: account, Region: region, ID: id, Properties: assize.NewObject(properties)}
	}
	inv := &assize.Inventory{
		Accounts: []assize.Account{{ID: account, Regions: []string{region}}},
		Resources: []*assize.Resource{
			resource("AWS::Test::Thing", "b", map[string]assize.Value{"KmsKeyId": "used"}),
			resource("AWS::Test::Thing", "a", map[string]assize.Value{"KmsKeyId": "elsewhere"}),
			resource("AWS::KMS::Key", "used", nil), resource("AWS::KMS::Key", "other", nil), resource("AWS::Test::Guard", "trail", nil),
		},
	}
	want := []string{"AWS::KMS::Key used ai=false", "AWS::Test::Thing a ai=true KmsKeyId=elsewhere not found", "AWS::Test::Thing b ai=true KmsKeyId=used found"}
	for _, whole := range []bool{false, true} {
		var got []string
		for _, a := range assess.NewEngine(c, nil).Assess(inv, assess.Options{WholeAccount: whole}).Assets() {
			line := a.Resource.Type + " " + a.Resource.ID + map[bool]string{true: " ai=true", false: " ai=false"}[a.AI]
			for _, l := range a.Links {
				line += " " + l.Path + "=" + l.Ref + map[bool]string{true: " found", false: " not found"}[l.To != nil]
				if l.To == nil && l.Unknown == nil {
					t.Errorf("%s: not found, and no word why", line)
				}
			}
			if a.Scope == "" {
				t.Errorf("%s: no word why it belongs to AI", line)
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("whole account %v (-want +got):\n%s", whole, diff)
		}
	}
}
