package assess_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// TestSubjects holds that resources of which people must show something are counted in scope,
// and that a count is complete only where everything could be read.
func TestSubjects(t *testing.T) {
	t.Parallel()
	const things, keys = "AWS::Test::Thing", "AWS::KMS::Key"
	per := func(types ...string) *assize.Framework {
		c := assize.Control{}
		for _, typ := range types {
			c.Expectations = append(c.Expectations, assize.Expectation{Kind: assize.ByFile, Per: typ})
		}
		return &assize.Framework{Groups: []assize.Group{{Controls: []assize.Control{c, c}}}}
	}
	unread := world(thing("a", nil))
	for i := range unread.Coverage {
		if c := &unread.Coverage[i]; c.Type == things {
			c.Complete, c.Gap = false, &assize.Gap{Account: account, Region: region, Operation: "test:ListThings", Cause: assize.Denied}
		}
	}
	tests := []struct {
		name  string
		inv   *assize.Inventory
		whole bool
		want  assize.Subjects
	}{
		{
			"in scope", world(thing("a", map[string]assize.Value{"KmsKeyId": "used"}), key("used", "CUSTOMER"), key("other", "CUSTOMER")), false,
			assize.Subjects{{Type: keys, Found: 1, Complete: true}, {Type: things, Found: 1, Complete: true}},
		},
		{
			"the whole account", world(thing("a", nil), key("other", "CUSTOMER")), true,
			assize.Subjects{{Type: keys, Found: 1, Complete: true}, {Type: things, Found: 1, Complete: true}},
		},
		{"none", world(), false, assize.Subjects{{Type: keys, Complete: true}, {Type: things, Complete: true}}},
		{"not read", unread, true, assize.Subjects{{Type: keys, Complete: true}, {Type: things, Found: 1}}},
		{
			"perhaps in scope", world(thing("a", map[string]assize.Value{"KmsKeyId": denied}), key("other", "CUSTOMER")), false,
			assize.Subjects{{Type: keys}, {Type: things, Found: 1, Complete: true}},
		},
		{"no account", &assize.Inventory{}, false, assize.Subjects{{Type: keys}, {Type: things}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := assess.NewEngine(compiler(t), nil).Assess(tt.inv, assess.Options{WholeAccount: tt.whole})
			if diff := cmp.Diff(tt.want, a.Subjects(per(things, keys))); diff != "" {
				t.Errorf("subjects (-want +got):\n%s", diff)
			}
		})
	}
}
