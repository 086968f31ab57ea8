package assess_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// line is a finding in short, for comparison.
func line(f *assize.Finding) string {
	s := string(f.Outcome) + " " + f.SubjectLabel()
	if f.Unknown != nil {
		s += " (" + string(f.Unknown.Cause) + ")"
	}
	return s
}

func lines(fs []*assize.Finding) []string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = line(f)
	}
	return out
}

func gapIn(inv *assize.Inventory, typ string, cause assize.Cause) *assize.Inventory {
	i := slices.IndexFunc(inv.Coverage, func(c assize.Coverage) bool { return c.Type == typ })
	c := &inv.Coverage[i]
	c.Complete = false
	c.Gap = &assize.Gap{Account: c.Account, Region: c.Region, Operation: "test:List", Cause: cause, Types: []string{typ}}
	return inv
}

// TestLists holds what a check says about the list of its subjects.
func TestLists(t *testing.T) {
	t.Parallel()
	good := thing("t1", map[string]assize.Value{"Mode": "On"})
	fails := check(`resource.Mode == "On"`)
	fails.Subject.None = assize.NoneFails
	asProfile := check(`resource.Mode == "On"`)
	asProfile.Subject.None, asProfile.Subject.Profile = assize.NoneAsProfile, "wanted"
	profile := func(wanted bool) assess.Options {
		return assess.Options{Profile: &assize.Profile{Values: assize.NewObject(map[string]assize.Value{"wanted": wanted})}}
	}
	notOffered := world()
	for i := range notOffered.Coverage {
		notOffered.Coverage[i].Complete, notOffered.Coverage[i].NotOffered = false, "a table, 2026-05-20"
	}
	neverLooked := world()
	neverLooked.Coverage = nil
	tests := []struct {
		name  string
		check *assize.Check
		inv   *assize.Inventory
		opts  assess.Options
		want  []string
	}{
		{"good", check(`resource.Mode == "On"`), world(good), assess.Options{}, []string{"pass t1"}},
		{"none", check(`resource.Mode == "On"`), world(), assess.Options{}, []string{"not_applicable " + account + " " + region}},
		{"none fails", fails, world(), assess.Options{}, []string{"fail " + account + " " + region}},
		{"none, profile demands", asProfile, world(), profile(true), []string{"fail " + account + " " + region}},
		{"none, profile does not demand", asProfile, world(), profile(false), []string{"not_applicable " + account + " " + region}},
		{"none, profile is silent", asProfile, world(), assess.Options{}, []string{"manual " + account + " " + region}},
		{"list denied", fails, gapIn(world(), "AWS::Test::Thing", assize.Denied), assess.Options{}, []string{"inconclusive " + account + " " + region + " (denied)"}},
		{
			"list broke off", check(`resource.Mode == "On"`), gapIn(world(good), "AWS::Test::Thing", assize.Throttled),
			assess.Options{},
			[]string{"pass t1", "inconclusive " + account + " " + region + " (throttled)"},
		},
		{"not offered", fails, notOffered, assess.Options{}, []string{"not_applicable " + account + " " + region}},
		{"nobody looked", fails, neverLooked, assess.Options{}, []string{"inconclusive " + account + " " + region + " (source not connected)"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := lines(judge(t, tt.check, tt.inv, tt.opts))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTogether holds checks that judge all resources of an account and Region.
func TestTogether(t *testing.T) {
	t.Parallel()
	one := check(`resources.exists(r, r.Mode == "On")`)
	one.Subject.Kind = assize.SubjectAccountRegion
	one.Subject.None = assize.NoneFails
	on, off := thing("t1", map[string]assize.Value{"Mode": "On"}), thing("t2", nil)
	dark := thing("t3", map[string]assize.Value{"Mode": denied})
	here := " " + account + " " + region
	tests := []struct {
		name string
		inv  *assize.Inventory
		want string
	}{
		{"one is good", world(off, on), "pass" + here},
		{"none is good", world(off), "fail" + here},
		{"there is none", world(), "fail" + here},
		{"one is not known", world(off, dark), "inconclusive" + here + " (denied)"},
		{"a good one decides", world(dark, on), "pass" + here},
		{"list broke off, none good", gapIn(world(off), "AWS::Test::Thing", assize.Timeout), "inconclusive" + here + " (timeout)"},
		{"list broke off, one good", gapIn(world(on), "AWS::Test::Thing", assize.Timeout), "pass" + here},
		{"list denied", gapIn(world(), "AWS::Test::Thing", assize.Denied), "inconclusive" + here + " (denied)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(lines(judge(t, one, tt.inv, assess.Options{})), "; ")
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestScope holds what is judged, and what is said about the rest.
func TestScope(t *testing.T) {
	t.Parallel()
	customer := check(`default(resource.KeyManager, "") == "CUSTOMER"`)
	customer.Subject.Type = "AWS::KMS::Key"
	user := thing("t1", map[string]assize.Value{"KmsKeyId": "k1"})
	tests := []struct {
		name string
		inv  *assize.Inventory
		opts assess.Options
		want []string
	}{
		{"a key that is used", world(user, key("k1", "CUSTOMER")), assess.Options{}, []string{"pass " + key("k1", "").ARN}},
		{"another is left out", world(user, key("k1", "CUSTOMER"), key("k2", "AWS")), assess.Options{}, []string{"pass " + key("k1", "").ARN}},
		{
			"the whole account", world(key("k1", "CUSTOMER"), key("k2", "AWS")),
			assess.Options{WholeAccount: true},
			[]string{"pass " + key("k1", "").ARN, "fail " + key("k2", "").ARN},
		},
		{"none belongs to AI", world(key("k1", "AWS")), assess.Options{}, []string{"not_applicable " + account + " " + region}},
		{
			"things could not be listed", gapIn(world(key("k1", "AWS")), "AWS::Test::Thing", assize.Denied),
			assess.Options{},
			[]string{"inconclusive " + account + " (denied)"},
		},
		{
			"what a thing names is not known", world(thing("t1", map[string]assize.Value{"KmsKeyId": denied}), key("k1", "AWS")),
			assess.Options{},
			[]string{"inconclusive " + account + " (denied)"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := lines(judge(t, customer, tt.inv, tt.opts))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestScopeCounts holds that what is out of scope is counted, and why the rest is in.
func TestScopeCounts(t *testing.T) {
	t.Parallel()
	c := check(`has(resource.KeyManager)`)
	c.Subject.Type = "AWS::KMS::Key"
	comp := compiler(t)
	p, err := comp.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	inv := world(thing("t1", map[string]assize.Value{"KmsKeyId": "k1"}), key("k1", "AWS"), key("k2", "AWS"), key("k3", "AWS"))
	run := assess.NewEngine(comp, []*assess.Program{p}).Assess(inv, assess.Options{})
	for f := range run.Findings() {
		if got, want := f.Scope, "AWS::Test::Thing t1 names it in KmsKeyId"; got != want {
			t.Errorf("got scope %q, want %q", got, want)
		}
	}
	if got := run.OutOfScope()["AWS::KMS::Key"]; got != 2 {
		t.Errorf("got %d out of scope, want 2", got)
	}
}

// TestApplies holds checks that do not concern every resource.
func TestApplies(t *testing.T) {
	t.Parallel()
	c := check(`resource.Mode == "On"`)
	c.Applies, c.NotApplicableWhen = `has(resource.Size) && resource.Size > 1`, "it is small"
	for _, tt := range []struct {
		size assize.Value
		want assize.Outcome
	}{
		{int64(2), assize.Fail}, {int64(1), assize.NotApplicable}, {nil, assize.NotApplicable}, {denied, assize.Inconclusive},
	} {
		got := judge(t, c, world(thing("t1", map[string]assize.Value{"Size": tt.size})), assess.Options{})
		if got[0].Outcome != tt.want {
			t.Errorf("size %v: got %s, want %s", tt.size, got[0].Outcome, tt.want)
		}
	}
}

// TestOrder holds that the findings come in the same order however the inventory is shuffled.
func TestOrder(t *testing.T) {
	t.Parallel()
	a, b := thing("a", nil), thing("b", nil)
	other := thing("a", nil)
	other.Account = "222233334444"
	inv := func(rs ...*assize.Resource) *assize.Inventory {
		w := world(rs...)
		w.Accounts = append([]assize.Account{{ID: "222233334444", Regions: []string{region}}}, w.Accounts...)
		return w
	}
	c := check(`resource.Mode == "On"`)
	want := lines(judge(t, c, inv(a, b, other), assess.Options{}))
	got := lines(judge(t, c, inv(other, b, a), assess.Options{}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
