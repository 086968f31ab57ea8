package assess_test

import (
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

const (
	account = "111122223333"
	region  = "eu-central-1"
)

// definitions declares a type with one fact of each kind, and two that it refers to.
func definitions() []*assize.Definition {
	return []*assize.Definition{
		{
			Type: "AWS::Test::Thing", List: "test:ListThings", One: "thing", Many: "things", AI: true,
			Facts: []assize.Fact{
				{Path: "Name", Type: assize.String},
				{Path: "Mode", Type: assize.String, Default: "Off", Values: []string{"Off", "On"}},
				{Path: "Size", Type: assize.Int},
				{Path: "Ratio", Type: assize.Double},
				{Path: "Open", Type: assize.Bool, Default: false},
				{Path: "Made", Type: assize.Timestamp},
				{Path: "Names", Type: assize.Strings},
				{Path: "Nested.Deep.Flag", Type: assize.Bool, Default: true},
				{Path: "Nested.Deep.Level", Type: assize.String},
				{Path: "Filters[].Kind", Type: assize.String},
				{Path: "Filters[].Strength", Type: assize.String, Default: "NONE"},
				{Path: "Filters[].Tags", Type: assize.Strings},
				{Path: "KmsKeyId", Type: assize.String, Ref: "AWS::KMS::Key"},
			},
		},
		{
			Type: "AWS::KMS::Key", List: "kms:ListKeys", One: "kmsKey", Many: "kmsKeys",
			Facts: []assize.Fact{{Path: "KeyManager", Type: assize.String}},
		},
	}
}

func profileFields() []assize.ProfileField {
	return []assize.ProfileField{
		{Name: "approved", Type: assize.Strings},
		{Name: "wanted", Type: assize.Bool},
		{Name: "limit", Type: assize.Int, Default: 10},
	}
}

func compiler(t *testing.T) *assess.Compiler {
	t.Helper()
	c, err := assess.NewCompiler(definitions(), profileFields())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func check(rule string) *assize.Check {
	return &assize.Check{
		ID: "test_thing_good", Title: "Good", Fails: "Bad", Rule: rule,
		Subject: assize.Subject{Kind: assize.SubjectResource, Type: "AWS::Test::Thing", None: assize.NoneNotApplicable},
	}
}

// world is an inventory in the making: everything is completely listed.
func world(resources ...*assize.Resource) *assize.Inventory {
	inv := &assize.Inventory{
		AsOf:      time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Accounts:  []assize.Account{{ID: account, Regions: []string{region}}},
		Resources: resources,
	}
	for _, d := range definitions() {
		inv.Coverage = append(inv.Coverage, assize.Coverage{Type: d.Type, Account: account, Region: region, Complete: true})
	}
	return inv
}

func thing(id string, props map[string]assize.Value) *assize.Resource {
	return &assize.Resource{Type: "AWS::Test::Thing", Account: account, Region: region, ID: id, Properties: assize.NewObject(props)}
}

func key(id, manager string) *assize.Resource {
	return &assize.Resource{
		Type: "AWS::KMS::Key", Account: account, Region: region, ID: id, ARN: "arn:aws:kms:" + region + ":" + account + ":key/" + id,
		Properties: assize.NewObject(map[string]assize.Value{"KeyManager": manager}),
	}
}

var denied = &assize.Unknown{Cause: assize.Denied, Operation: "test:GetThing", Code: "AccessDenied"}

// judge compiles the check and returns its findings over the inventory.
func judge(t *testing.T, c *assize.Check, inv *assize.Inventory, o assess.Options) []*assize.Finding {
	t.Helper()
	comp := compiler(t)
	p, err := comp.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	var out []*assize.Finding
	for f := range assess.NewEngine(comp, []*assess.Program{p}).Assess(inv, o).Findings() {
		out = append(out, f)
	}
	return out
}
