package collect_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// thing defines a type of one fact beside its identity.
func thing(fact assize.Fact) *assize.Definition {
	return &assize.Definition{
		Type: "AWS::Test::Thing",
		Terraform: []assize.TerraformSource{{
			Resource: "aws_thing", ID: "name", ARN: "arn:${partition}:test:${region}:${account}:thing/${name}",
			Parts: []assize.TerraformPart{{Resource: "aws_thing_part", Link: "thing"}}, JSON: []string{"json"},
		}},
		Template: assize.TemplateSource{ID: "Name", Parts: map[string]string{"AWS::Test::ThingPart": "Thing"}},
		Facts: []assize.Fact{
			{Path: "Name", Type: assize.String, At: "$id"},
			{Path: "Arn", Type: assize.String, At: "$arn"},
			fact,
		},
	}
}

func at(paths ...string) assize.TerraformPaths {
	var out assize.TerraformPaths
	for _, p := range paths {
		out = append(out, assize.TerraformPath{At: p})
	}
	return out
}

func attributes(t *testing.T, text string) assize.Object {
	t.Helper()
	v, err := assize.ParseValue([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.(assize.Object)
}

func part(t *testing.T, address, text string) *collect.Planned {
	t.Helper()
	return &collect.Planned{Type: "aws_thing_part", Attributes: attributes(t, text), Origin: assize.Origin{Kind: "plan", Address: address, Action: "create"}}
}

// TestPlannedFacts holds what each form of a place finds.
func TestPlannedFacts(t *testing.T) {
	t.Parallel()
	pending := &assize.Unknown{Cause: assize.UntilApply, Detail: "block"}
	live := &assize.Unknown{Cause: assize.DeferredToLive, Detail: "only the live resource says it"}
	unlinked := &assize.Unknown{Cause: assize.Unlinked, Detail: "some part"}
	one := func(t *testing.T, p *collect.Planned) {
		p.Parts = map[string][]*collect.Planned{"aws_thing_part": {part(t, "aws_thing_part.a", `{"x":"of a"}`)}}
	}
	tests := []struct {
		name    string
		fact    assize.Fact
		text    string
		prepare func(*testing.T, *collect.Planned)
		want    assize.Value
	}{
		{name: "a block that is a list of one", fact: assize.Fact{Path: "A.B", Type: assize.Bool, Terraform: at("a.b")}, text: `{"a":[{"b":true}]}`, want: true},
		{name: "a block that is an object", fact: assize.Fact{Path: "A.B", Type: assize.Bool, Terraform: at("a.b")}, text: `{"a":{"b":"true"}}`, want: true},
		{name: "an empty block", fact: assize.Fact{Path: "A.B", Type: assize.Bool, Terraform: at("a.b")}, text: `{"a":[]}`, want: nil},
		{
			name: "several blocks where one is wanted", fact: assize.Fact{Path: "A.B", Type: assize.Bool, Terraform: at("a.b")}, text: `{"a":[{"b":true},{"b":false}]}`,
			want: &assize.Unknown{Cause: assize.WrongAnswer, Detail: "b is not in one block, there are several"},
		},
		{name: "a text that is not set", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("a", "b")}, text: `{"a":"","b":"x"}`, want: "x"},
		{name: "a number as text", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("a")}, text: `{"a":7}`, want: "7"},
		{
			name: "of another kind", fact: assize.Fact{Path: "A", Type: assize.Int, Terraform: at("a")}, text: `{"a":"x"}`,
			want: &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a is not of type int"},
		},
		{name: "a translated value", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: assize.TerraformPaths{{At: "a", Values: map[string]assize.Value{"true": "Enabled"}}}}, text: `{"a":true}`, want: "Enabled"},
		{name: "a value that is not translated", fact: assize.Fact{Path: "A", Type: assize.Int, Terraform: assize.TerraformPaths{{At: "a", Values: map[string]assize.Value{"0": 9}}}}, text: `{"a":5}`, want: int64(5)},
		{name: "a day", fact: assize.Fact{Path: "A", Type: assize.Timestamp, Terraform: at("a")}, text: `{"a":"2030-01-02"}`, want: "2030-01-02T00:00:00Z"},
		{name: "a constant", fact: assize.Fact{Path: "A", Type: assize.Bool, Terraform: at("=true")}, text: `{}`, want: true},
		{name: "a constant list of one", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("=x")}, text: `{}`, want: assize.List{assize.Object{{Name: "B", Value: "x"}}}},
		{name: "what the service gives", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("new=x")}, text: `{}`, want: "x"},
		{name: "what it gave", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("new=x")}, text: `{}`, prepare: func(_ *testing.T, p *collect.Planned) { p.Origin.Action = "update" }, want: live},
		{
			name: "what it gave, after the part is taken away", fact: assize.Fact{Path: "A", Type: assize.Bool, Terraform: at("aws_thing_part:x", "new=true")}, text: `{}`,
			prepare: func(_ *testing.T, p *collect.Planned) {
				p.Origin.Action, p.Removed = "no-op", []string{"aws_thing_part"}
			}, want: nil,
		},
		{name: "none", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("none")}, text: `{}`, want: nil},
		{name: "live", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("live")}, text: `{}`, want: live},
		{name: "not declared", fact: assize.Fact{Path: "A", Type: assize.String}, text: `{}`, want: live},
		{
			name: "entries of a map", fact: assize.Fact{Path: "A[].Key", Type: assize.String, Terraform: at("a{}.@key")}, text: `{"a":{"x":"1","y":"2"}}`,
			want: assize.List{assize.Object{{Name: "Key", Value: "x"}}, assize.Object{{Name: "Key", Value: "y"}}},
		},
		{
			name: "a list that is known in part", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("a[].b")}, text: `{"a":[{"b":"x"},{"$unknown":{"cause":"unknown until apply","detail":"block"}}]}`,
			want: assize.List{assize.Object{{Name: "B", Value: "x"}}, pending},
		},
		{name: "an unknown block", fact: assize.Fact{Path: "A.B", Type: assize.String, Terraform: at("a.b")}, text: `{"a":{"$unknown":{"cause":"unknown until apply","detail":"block"}}}`, want: pending},
		{
			name: "an attribute that nothing sets", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("a")}, text: `{"a":{"$unknown":{"cause":"unknown until apply","detail":"block"}}}`,
			prepare: func(_ *testing.T, p *collect.Planned) { p.Unwritten = []string{"a"} }, want: nil,
		},
		{
			name: "a block that nothing is seen to set", fact: assize.Fact{Path: "A.B", Type: assize.String, Terraform: at("a.b")}, text: `{"a":{"$unknown":{"cause":"unknown until apply","detail":"block"}}}`,
			prepare: func(_ *testing.T, p *collect.Planned) { p.Unwritten = []string{"a"} }, want: pending,
		},
		{
			name: "an old block", fact: assize.Fact{Path: "A.B", Type: assize.String, Terraform: at("aws_thing_part:x", "a.b")}, text: `{"a":{"$unknown":{"cause":"unknown until apply","detail":"block"}}}`,
			prepare: func(_ *testing.T, p *collect.Planned) { p.Unwritten = []string{"a"} }, want: nil,
		},
		{name: "the part decides", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_thing_part:x", "a")}, text: `{"a":"own"}`, prepare: one, want: "of a"},
		{name: "a part without the attribute decides, too", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_thing_part:y", "a")}, text: `{"a":"own"}`, prepare: one, want: nil},
		{name: "no part", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_thing_part:x", "a")}, text: `{"a":"own"}`, want: "own"},
		{
			name: "a part that is taken away", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_thing_part:x", "a")}, text: `{"a":"own"}`,
			prepare: func(_ *testing.T, p *collect.Planned) { p.Removed = []string{"aws_thing_part"} }, want: nil,
		},
		{
			name: "a part that may be there", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_thing_part:x", "a")}, text: `{"a":"own"}`,
			prepare: func(_ *testing.T, p *collect.Planned) {
				p.Unlinked = map[string]*assize.Unknown{"aws_thing_part": unlinked}
			}, want: unlinked,
		},
		{
			name: "what comes back when a part is taken away", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_thing_part:x", "a", "reset=old")}, text: `{"a":"own"}`,
			prepare: func(_ *testing.T, p *collect.Planned) {
				p.Removed, p.Origin.Action = []string{"aws_thing_part"}, "no-op"
			}, want: "old",
		},
		{
			name: "a list that comes back when a part is taken away", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("aws_thing_part:x[].b", "reset=old")}, text: `{}`,
			prepare: func(_ *testing.T, p *collect.Planned) {
				p.Removed, p.Origin.Action = []string{"aws_thing_part"}, "no-op"
			}, want: assize.List{assize.Object{{Name: "B", Value: "old"}}},
		},
		{
			name: "a list that does not come back", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("aws_thing_part:x[].b", "new=old")}, text: `{}`,
			prepare: func(_ *testing.T, p *collect.Planned) {
				p.Removed, p.Origin.Action = []string{"aws_thing_part"}, "no-op"
			}, want: nil,
		},
		{
			name: "a list of what was there before the plan", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("aws_thing_part:x[].b", "reset=old")}, text: `{}`,
			prepare: func(_ *testing.T, p *collect.Planned) { p.Origin.Action = "no-op" }, want: live,
		},
		{name: "two parts that differ", fact: assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_thing_part:x")}, text: `{}`, prepare: func(t *testing.T, p *collect.Planned) {
			p.Parts = map[string][]*collect.Planned{"aws_thing_part": {part(t, "p.a", `{"x":"1"}`), part(t, "p.b", `{"x":"2"}`)}}
		}, want: &assize.Unknown{Cause: assize.Unlinked, Detail: "several aws_thing_part belong to it: p.a, p.b"}},
		{name: "each part", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("aws_thing_part[]:x")}, text: `{}`, prepare: func(t *testing.T, p *collect.Planned) {
			p.Parts = map[string][]*collect.Planned{"aws_thing_part": {part(t, "p.a", `{"x":"1"}`), part(t, "p.b", `{}`)}}
		}, want: assize.List{assize.Object{{Name: "B", Value: "1"}}, assize.Object{}}},
		{name: "texts of each part", fact: assize.Fact{Path: "A", Type: assize.Strings, Terraform: at("aws_thing_part[]:x", "a")}, text: `{}`, prepare: func(t *testing.T, p *collect.Planned) {
			p.Parts = map[string][]*collect.Planned{"aws_thing_part": {part(t, "p.a", `{"x":["1","2"]}`), part(t, "p.b", `{"x":"3"}`)}}
		}, want: assize.List{"1", "2", "3"}},
		{name: "a secret", fact: assize.Fact{Path: "A", Type: assize.Bool, Terraform: at("a@masked")}, text: `{"a":{"DB_PASSWORD":"hunter2hunter2"}}`, want: true},
		{name: "a secret of a variable", fact: assize.Fact{Path: "A", Type: assize.Bool, Terraform: at("a@masked")}, text: `{"a":[{"name":"DB_PASSWORD","value":"hunter2hunter2"}]}`, want: true},
		{name: "no secret of a variable", fact: assize.Fact{Path: "A", Type: assize.Bool, Terraform: at("a@masked")}, text: `{"a":[{"name":"LOG_LEVEL","value":"debug"}]}`, want: false},
		{name: "a list as JSON", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("json[].b")}, text: `{"json":"[{\"b\":\"x\"},{\"b\":null}]"}`, want: assize.List{assize.Object{{Name: "B", Value: "x"}}, assize.Object{}}},
		{name: "JSON that is known in part", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("json[].b")}, text: `{"json":"[{\"b\":\"${assize:unknown}/x\"}]"}`, want: assize.List{assize.Object{{Name: "B", Value: &assize.Unknown{Cause: assize.UntilApply, Detail: "json.b"}}}}},
		{name: "JSON that is broken", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("json[].b")}, text: `{"json":"[{"}`, want: &assize.Unknown{Cause: assize.WrongAnswer, Detail: "json is not JSON"}},
		{name: "JSON that is not known", fact: assize.Fact{Path: "A[].B", Type: assize.String, Terraform: at("json[].b")}, text: `{"json":{"$unknown":{"cause":"unknown until apply"}}}`, want: &assize.Unknown{Cause: assize.UntilApply}},
		{name: "no secret", fact: assize.Fact{Path: "A", Type: assize.Bool, Terraform: at("a@masked")}, text: `{"a":{"LOG_LEVEL":"debug"}}`, want: false},
		{name: "a document", fact: assize.Fact{Path: "A", Type: assize.Policy, Terraform: at("a")}, text: `{"a":{"Resource":["x",{"$unknown":{"cause":"unknown until apply"}}]}}`, want: `{"Resource":["x","${assize:unknown}"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := collect.NewTerraformMapping([]*assize.Definition{thing(tt.fact)})
			if err != nil {
				t.Fatal(err)
			}
			p := &collect.Planned{Type: "aws_thing", Attributes: attributes(t, tt.text), Origin: assize.Origin{Kind: "plan", Address: "aws_thing.t", Action: "create"}}
			if tt.prepare != nil {
				tt.prepare(t, p)
			}
			r, ok := m.Resource(p)
			if !ok {
				t.Fatal("it is not mapped")
			}
			if diff := cmp.Diff(tt.want, r.Properties.At(strings.SplitN(tt.fact.Path, "[]", 2)[0])); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlannedIdentity holds what a resource is called before and after its names are known.
func TestPlannedIdentity(t *testing.T) {
	t.Parallel()
	m, err := collect.NewTerraformMapping([]*assize.Definition{thing(assize.Fact{Path: "A", Type: assize.String, Terraform: at("a")})})
	if err != nil {
		t.Fatal(err)
	}
	p := &collect.Planned{Type: "aws_thing", Region: "cn-north-1", Account: "111122223333", Origin: assize.Origin{Kind: "plan", Address: `aws_thing.t["*"]`}}
	self := &assize.Reference{Type: "AWS::Test::Thing", Account: "111122223333", Region: "cn-north-1", ID: p.Origin.Address}
	r, _ := m.Resource(p)
	want := &assize.Resource{
		Type: "AWS::Test::Thing", Account: "111122223333", Region: "cn-north-1", ID: p.Origin.Address, ARN: assize.PlannedARN(p.Origin.Address), Origin: &p.Origin,
		Properties: assize.Object{
			{Name: "Arn", Value: &assize.Unknown{Cause: assize.UntilApply, Refers: self}},
			{Name: "Name", Value: &assize.Unknown{Cause: assize.UntilApply, Refers: self}},
		},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("without a name (-want +got):\n%s", diff)
	}
	p.Attributes = assize.Object{{Name: "name", Value: "x"}}
	r, _ = m.Resource(p)
	want.ARN, want.Names = "arn:aws-cn:test:cn-north-1:111122223333:thing/x", []string{"x"}
	want.Properties = assize.Object{{Name: "Arn", Value: want.ARN}, {Name: "Name", Value: "x"}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("with a name (-want +got):\n%s", diff)
	}
}

// TestPlannedNames holds that types and attributes of hashicorp/awscc are found by rule.
func TestPlannedNames(t *testing.T) {
	t.Parallel()
	def := thing(assize.Fact{Path: "KMSMasterKeyID", Type: assize.String})
	def.Type = "AWS::SageMaker::VPCThing2Config"
	def.Facts = append(def.Facts, assize.Fact{Path: "PartSays", Type: assize.String, CloudFormation: "AWS::Test::ThingPart#S3Uri"},
		assize.Fact{Path: "Rules[].SubnetIDs", Type: assize.Strings}, assize.Fact{Path: "State", Type: assize.String, Extension: "state of the live thing"})
	m, err := collect.NewTerraformMapping([]*assize.Definition{def})
	if err != nil {
		t.Fatal(err)
	}
	p := &collect.Planned{Type: "awscc_sagemaker_vpc_thing_2_config", Attributes: attributes(t, `{"kms_master_key_id":"k","rules":[{"subnet_i_ds":["s"]}]}`)}
	p.Parts = map[string][]*collect.Planned{"awscc_test_thing_part": {{Type: "awscc_test_thing_part", Attributes: attributes(t, `{"s3_uri":"u","thing":"x"}`)}}}
	r, ok := m.Resource(p)
	if !ok {
		t.Fatalf("%s is not mapped; these are: %v", p.Type, m.Types())
	}
	for path, want := range map[string]assize.Value{
		"KMSMasterKeyID": "k", "PartSays": "u", "Rules": assize.List{assize.Object{{Name: "SubnetIDs", Value: assize.List{"s"}}}},
		"State": &assize.Unknown{Cause: assize.DeferredToLive, Detail: "only the live resource says it"},
	} {
		if diff := cmp.Diff(want, r.Properties.Get(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if diff := cmp.Diff([]collect.PlannedPart{{Type: "awscc_test_thing_part", Link: "thing"}}, m.Parts(p.Type)); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

// TestPlannedTemplate holds that facts of templates are found at their paths.
func TestPlannedTemplate(t *testing.T) {
	t.Parallel()
	m, err := collect.NewTemplateMapping([]*assize.Definition{thing(assize.Fact{Path: "A.B", Type: assize.Int})})
	if err != nil {
		t.Fatal(err)
	}
	r, ok := m.Resource(&collect.Planned{Type: "AWS::Test::Thing", Attributes: attributes(t, `{"Name":"x","A":{"B":"7"}}`)})
	if !ok || r.Properties.At("A.B") != int64(7) || r.Properties.Get("Name") != "x" {
		t.Errorf("got %v, %v", ok, r)
	}
}

// TestPlannedRefuses holds that a place that finds nothing is said when definitions are loaded.
func TestPlannedRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fact assize.Fact
		want string
	}{
		"a part that is not declared":     {assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_other:x")}, "aws_other is not among the type's parts"},
		"too many lists":                  {assize.Fact{Path: "A", Type: assize.String, Terraform: at("a[].b")}, "the fact's path has 0 lists, this has 1"},
		"too few lists":                   {assize.Fact{Path: "A[].B[].C", Type: assize.String, Terraform: at("a[].b")}, "the fact's path has 2 lists, this has 1"},
		"no step":                         {assize.Fact{Path: "A", Type: assize.String, Terraform: at("a..b")}, "is no step"},
		"a secret that is no bool":        {assize.Fact{Path: "A", Type: assize.String, Terraform: at("a@masked")}, "@masked is of type bool"},
		"a part's attribute without name": {assize.Fact{Path: "A", Type: assize.String, Terraform: at("aws_thing_part:")}, "want type:attribute"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := collect.NewTerraformMapping([]*assize.Definition{thing(tt.fact)})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
	def := thing(assize.Fact{Path: "L[].A", Type: assize.String, Terraform: at("a[].x")})
	def.Facts = append(def.Facts, assize.Fact{Path: "L[].B", Type: assize.String, Terraform: at("b[].x")})
	if _, err := collect.NewTerraformMapping([]*assize.Definition{def}); err == nil || !strings.Contains(err.Error(), "from which another fact of the same list comes") {
		t.Errorf("elements of two lists: got %v", err)
	}
}

// TestPlannedInventory holds that the list of every type is deferred, and that what no
// definition knows is counted.
func TestPlannedInventory(t *testing.T) {
	t.Parallel()
	m, err := collect.NewTerraformMapping([]*assize.Definition{thing(assize.Fact{Path: "A", Type: assize.String, Terraform: at("a")})})
	if err != nil {
		t.Fatal(err)
	}
	objects := []*collect.Planned{
		{Type: "aws_thing", Origin: assize.Origin{Address: "aws_thing.t"}},
		{Type: "aws_thing_part", Origin: assize.Origin{Address: "aws_thing_part.p"}},
		{Type: "aws_lb", Origin: assize.Origin{Address: "aws_lb.l"}},
	}
	inv, unmapped := m.Inventory(objects, collect.PlannedScope{Account: "111122223333", Regions: []string{"eu-central-1"}})
	if diff := cmp.Diff(map[string]int{"aws_lb": 1}, unmapped); diff != "" {
		t.Errorf("unmapped (-want +got):\n%s", diff)
	}
	var got []string
	for _, c := range inv.Coverage {
		got = append(got, c.Account+" "+c.Region+" "+string(c.Gap.Cause))
	}
	if diff := cmp.Diff([]string{" unknown deferred to live", "111122223333 eu-central-1 deferred to live"}, got); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}
