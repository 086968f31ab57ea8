package report

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// A finding is at most 1 KB, whatever it is about.
func TestEntryIsBounded(t *testing.T) {
	t.Parallel()
	huge := map[string]string{
		"letters": strings.Repeat("x", 1<<16), "escapes": strings.Repeat("\x1b\u202e<&>\"\\", 1<<12), "broken": strings.Repeat("\xff", 1<<14),
		"wide": strings.Repeat("夏目", 1<<14), "tags": strings.Repeat("\U000e0041", 1<<12), "attack": strings.Repeat(attack, 100),
		"arn": "arn:aws:s3:::" + strings.Repeat("a", 400), "short": "acme",
	}
	for name, s := range huge {
		for _, f := range everywhere(s).findings {
			many := assize.Object{}
			for i := range 20 {
				path := fmt.Sprintf("P%d%s", i, strings.ReplaceAll(s, ".", ""))
				many = many.Set(path, assize.List{s, s, assize.Object{{Name: s, Value: s}}})
				f.Paths = append(f.Paths, path)
			}
			if f.Resource != nil {
				f.Resource.Properties = append(slices.Clone(f.Resource.Properties), many...)
			}
			data, err := new(tables).encode(nil, f)
			if err != nil {
				t.Fatal(err)
			}
			if len(data) > 1024 {
				t.Errorf("%s: %d bytes: %s", name, len(data), data)
			}
			var got entryJSON
			if err := json.Unmarshal(data, &got); err != nil {
				t.Errorf("%s: %v: %s", name, err, data)
			}
			if len(s) > maxEntry && (!got.Cut || !strings.Contains(got.Reason, ellipsis)) {
				t.Errorf("%s: cut, and it does not show: %s", name, data)
			}
		}
	}
}

type entryJSON struct {
	ID, ARN, Reason string
	Cut             bool
	Facts           map[string]any
}

// Whatever a finding cuts stands in full in the tables, under the keys that it names.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long ", 400)
	f := publicFinding(fakeChecks()["public"], assize.Fail, ml, "us-east-1", "b"+long, true, true)
	f.Reason, f.Scope, f.Account = "R"+long, "S"+long, "A"+long
	f.Unknown = &assize.Unknown{Cause: assize.Denied, Operation: "O" + long, Code: "C" + long}
	f.Paths = []string{"P", "Short"}
	f.Resource.Properties = assize.Object{{Name: "P", Value: long}, {Name: "Short", Value: true}}
	for i := range 9 {
		name := fmt.Sprintf("Z%d", i)
		f.Paths = append(f.Paths, name)
		f.Resource.Properties = append(f.Resource.Properties, assize.Field{Name: name, Value: int64(i)})
	}
	f.Resources = []*assize.Resource{{Type: "T", ARN: "L" + long}}
	x := newFake()
	x.findings = []*assize.Finding{f}
	var doc struct {
		Findings []struct {
			Resource string
			Whole    []string
		}
		Resources map[string]struct {
			ID    string
			Facts map[string]any
		}
		Texts map[string]entryField
	}
	if err := json.Unmarshal([]byte(x.render(t, "json", Options{})), &doc); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, k := range doc.Findings[0].Whole {
		got[doc.Texts[k].Name] = doc.Texts[k].Value
	}
	want := map[string]string{"reason": f.Reason, "scope": f.Scope, "account": f.Account, "operation": f.Unknown.Operation, "code": f.Unknown.Code, "resources": f.Resources[0].Label()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	r := doc.Resources[doc.Findings[0].Resource]
	if r.ID != f.Resource.ID || r.Facts["P"] != long || r.Facts["Z8"] != 8.0 {
		t.Errorf("resource: %v", r)
	}
}

// What findings share stands once.
func TestTablesHoldEachOnce(t *testing.T) {
	t.Parallel()
	x := newPlanned()
	shared := []assize.Field{{Name: "by", Value: "statement 0"}, {Name: "policy to add", Value: strings.Repeat("p", 5000)}}
	x.findings[0].Evidence = append([]assize.Field{{Name: "found", Value: "one"}}, shared...)
	x.findings[1].Evidence = append([]assize.Field{{Name: "found", Value: "two"}}, shared...)
	x.findings[2].Evidence, x.findings[2].Resource = x.findings[1].Evidence, x.findings[1].Resource
	x.findings[2].Exception = x.findings[1].Exception
	var doc struct {
		Findings              []references
		Resources, Exceptions map[string]any
		Evidence              map[string][]string
		Texts                 map[string]entryField
	}
	if err := json.Unmarshal([]byte(x.render(t, "json", Options{})), &doc); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"e1": {"t1", "t2", "t3"}, "e2": {"t4", "t2", "t3"}}
	if diff := cmp.Diff(want, doc.Evidence); diff != "" || len(doc.Texts) != 4 || doc.Texts["t3"].Value != shared[1].Value {
		t.Errorf("%d texts, evidence (-want +got):\n%s", len(doc.Texts), diff)
	}
	if len(doc.Resources) != 6 || len(doc.Exceptions) != 2 {
		t.Errorf("%d resources and %d exceptions, want 6 and 2", len(doc.Resources), len(doc.Exceptions))
	}
	if diff := cmp.Diff(doc.Findings[1], doc.Findings[2]); diff != "" || doc.Findings[1].Exception != "x1" {
		t.Errorf("references (-one +other):\n%s", diff)
	}
}

// Names that are cut stay different.
func TestCutNamesStayDifferent(t *testing.T) {
	t.Parallel()
	check := fakeChecks()["public"]
	var ids []string
	for i := range 3 {
		name := strings.Repeat("n", 5000) + fmt.Sprint(i)
		data, err := new(tables).encode(nil, publicFinding(check, assize.Fail, ml, "us-east-1", name, true, true))
		if err != nil {
			t.Fatal(err)
		}
		var got entryJSON
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, got.ID)
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(ids)))); n != 3 {
		t.Errorf("3 names became %d: %q", n, ids)
	}
}

// Values keep their types; a long one is text that shows its start.
func TestFacts(t *testing.T) {
	t.Parallel()
	f := publicFinding(fakeChecks()["public"], assize.Fail, ml, "us-east-1", "b", true, true)
	f.Paths = []string{"A", "B", "C", "D", "E", "F"}
	f.Resource.Properties = assize.Object{
		{Name: "A", Value: int64(3)},
		{Name: "B", Value: assize.List{"x", true}},
		{Name: "C", Value: denied("s3:GetX")},
		{Name: "E", Value: strings.Repeat("é", 200)},
		{Name: "F", Value: slices.Repeat(assize.List{"item"}, 100)},
	}
	data, err := new(tables).encode(nil, f)
	if err != nil {
		t.Fatal(err)
	}
	var got entryJSON
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"A": 3.0, "B": []any{"x", true}, "C": map[string]any{"$unknown": map[string]any{"cause": "denied", "operation": "s3:GetX", "code": "AccessDenied"}}, "D": nil,
		"E": strings.Repeat("é", 58) + ellipsis,
		"F": `["item", "item", "item", "item", "item", "item", "item", "item", "item", "item", "item", "item` + ellipsis,
	}
	if diff := cmp.Diff(want, got.Facts); diff != "" || !got.Cut {
		t.Errorf("cut %v, facts (-want +got):\n%s", got.Cut, diff)
	}
}

// Each finding is a line of its own, so that simple tools can read a large result.
func TestOneFindingALine(t *testing.T) {
	t.Parallel()
	x := newFake()
	line := regexp.MustCompile(`(?m)^\{"check":.*\},?$`)
	if got, want := len(line.FindAllString(x.render(t, "json", Options{}), -1)), len(x.findings); got != want {
		t.Errorf("%d lines with findings, want %d", got, want)
	}
}

// Writing a finding does not grow what a writer holds.
func BenchmarkFindings(b *testing.B) {
	for _, f := range Formats {
		b.Run(f.Name, func(b *testing.B) {
			x := newFake()
			w := f.New(discard{}, Options{})
			if err := w.Begin(x.run); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := w.Finding(x.findings[i%len(x.findings)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// TestEntryAsEncodingJSON holds what is written by hand against encoding/json.
func TestEntryAsEncodingJSON(t *testing.T) {
	t.Parallel()
	full := &entry{
		Check: "a_b", Outcome: assize.Fail, Severity: assize.High, Subject: assize.SubjectResource, Account: "1", Region: "r", Type: "AWS::X::Y",
		ID: "<i>\x1b\u202e\xff", ARN: "arn", Together: 3, Resources: []string{"a&b", "c"}, Reason: `q"\`, Cause: assize.Denied, Operation: "s3:X", Code: "C",
		Facts: assize.Object{{Name: "A", Value: nil}, {Name: "B", Value: assize.List{int64(1), true, "x<", 1.5, assize.Object{}}}, {Name: "U", Value: &assize.Unknown{Cause: assize.Denied}}},
		Scope: "s", Change: assize.New, Cut: true,
		references: references{Resource: "r1", Evidence: "e2", Exception: "x3", Whole: []string{"t4", "t5"}},
	}
	for _, e := range []*entry{full, {Check: "x"}, {Check: "y", Origin: &assize.Origin{}, Exception: &assize.Exception{}}} {
		want, err := encode(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(escape(got))); diff != "" {
			t.Errorf("entry (-encoding/json +ours):\n%s", diff)
		}
	}
}

// TestTableResourceAsEncodingJSON holds the table of resources against encoding/json too.
func TestTableResourceAsEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, origin := range []*assize.Origin{nil, {}, {
		Kind: "plan", Address: "a<\x1b", Action: "create", File: "main.tf", Line: 3, Module: "module.m", ModuleFile: "m.tf", ModuleLine: 4,
	}} {
		r := &assize.Resource{Type: "AWS::X::Y", Account: "1", Region: "r", ID: "i", ARN: "arn", Origin: origin, Properties: assize.Object{{Name: "P", Value: int64(1)}}}
		want, err := encode(struct {
			Type    string         `json:"type"`
			Account string         `json:"account"`
			Region  string         `json:"region"`
			ID      string         `json:"id"`
			ARN     string         `json:"arn"`
			Origin  *assize.Origin `json:"origin,omitempty"`
			Facts   assize.Object  `json:"facts"`
		}{r.Type, r.Account, r.Region, r.ID, r.ARN, origin, r.Properties})
		if err != nil {
			t.Fatal(err)
		}
		row := &tableResource{Resource: r, facts: []string{"P"}}
		got, err := row.append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("resource (-encoding/json +ours):\n%s", diff)
		}
	}
}
