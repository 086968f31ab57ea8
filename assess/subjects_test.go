package assess_test

import (
	"slices"
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

// TestSubjectsOnceAnAccount: what an account has once is counted once, whatever Regions list it.
func TestSubjectsOnceAnAccount(t *testing.T) {
	t.Parallel()
	const things = "AWS::Test::Thing"
	elsewhere, other := thing("a", nil), thing("a", nil)
	elsewhere.Region, other.Account = "us-east-1", "222233334444"
	inv := world(thing("a", nil), elsewhere, thing("b", nil), other)
	for once, want := range map[bool]int{true: 3, false: 4} {
		declared := definitions()
		for _, d := range declared {
			d.OnceAnAccount = once && d.Type == things
		}
		c, err := assess.NewCompiler(declared, profileFields())
		if err != nil {
			t.Fatal(err)
		}
		a := assess.NewEngine(c, nil).Assess(inv, assess.Options{WholeAccount: true})
		if got := a.Count(things).Found; got != want {
			t.Errorf("once an account: %t: got %d, want %d", once, got, want)
		}
	}
}

// TestSubjectsAskedWhen: people are asked about what a fact says is there, or does not say is not.
func TestSubjectsAskedWhen(t *testing.T) {
	t.Parallel()
	const things = "AWS::Test::Thing"
	declared := definitions()
	for _, d := range declared {
		if d.Type == things {
			d.AskedWhen = &assize.FactIn{Fact: "Mode", In: []string{"On"}}
		}
	}
	c, err := assess.NewCompiler(declared, profileFields())
	if err != nil {
		t.Fatal(err)
	}
	inv := world(
		thing("on", map[string]assize.Value{"Mode": "On"}), thing("off", map[string]assize.Value{"Mode": "Off"}),
		thing("unknown", map[string]assize.Value{"Mode": denied}), thing("absent", nil),
	)
	var got []string
	for _, r := range assess.NewEngine(c, nil).Assess(inv, assess.Options{WholeAccount: true}).InScope(things) {
		got = append(got, r.ID)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"on", "unknown"}, got); diff != "" {
		t.Errorf("asked about (-want +got):\n%s", diff)
	}
}
