package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// TestExceptionAddresses holds what the address of an exception covers, and what a comment does.
func TestExceptionAddresses(t *testing.T) {
	t.Parallel()
	at := func(address, arn string) *assize.Finding {
		return &assize.Finding{Check: &assize.Check{}, Resource: &assize.Resource{ID: address, ARN: arn, Origin: &assize.Origin{Address: address}}}
	}
	const keyed = `module.b["t\"].x[0]"].aws_s3_bucket.this[0]`
	account := &assize.Finding{Check: &assize.Check{}, Account: "111122223333", Region: "eu-central-1"}
	for _, c := range []struct {
		name   string
		covers func(*assize.Finding) bool
		f      *assize.Finding
		want   bool
	}{
		{"the address", byAddress("aws_s3_bucket.b"), at("aws_s3_bucket.b", ""), true},
		{"another address", byAddress("aws_s3_bucket.b"), at("aws_s3_bucket.bb", ""), false},
		{"a pattern", byAddress("module.*.aws_s3_bucket.this[*]"), at(keyed, ""), true},
		{"its end does not fit", byAddress("module.*.this[*]x"), at(keyed, ""), false},
		{"its middle does not fit", byAddress("module.*.aws_kms_key.*"), at(keyed, ""), false},
		{"nothing is left for the end", byAddress("ab*ba"), at("aba", ""), false},
		{"the ARN", byAddress("arn:aws:s3:::b"), at("aws_s3_bucket.b", "arn:aws:s3:::b"), true},
		{"an ARN that is not known", byAddress("arn:*"), at("aws_s3_bucket.b", assize.PlannedARN("aws_s3_bucket.b")), false},
		{"the account", byAddress("111122223333 *"), account, true},
		{"a block in a module", byBlock("aws_s3_bucket.this", [][]string{{"a"}, {"b"}}), at(keyed, ""), true},
		{"a block of another module", byBlock("aws_s3_bucket.this", [][]string{{"a"}, {}}), at(keyed, ""), false},
		{"a call", byBlock("module.b", [][]string{{}}), at(keyed, ""), true},
		{"another call", byBlock("module.bb", [][]string{{}}), at(keyed, ""), false},
		{"a resource is no prefix", byBlock("aws_s3_bucket.this", [][]string{{}}), at("aws_s3_bucket.this.x", ""), false},
		{"no block follows", byBlock("", [][]string{{}}), at("aws_s3_bucket.b", ""), false},
		{"a comment is for no account", byBlock("module.b", [][]string{{}}), account, false},
	} {
		if got := c.covers(c.f); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestWithoutKeys holds that keys may hold anything that ends others.
func TestWithoutKeys(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"aws_s3_bucket.b":      "aws_s3_bucket.b",
		"aws_s3_bucket.b[12]":  "aws_s3_bucket.b",
		`x.v["a.b"]`:           "x.v",
		`module.m["]"].x.v[0]`: "module.m.x.v",
		`module.m["t\"]"].x.v`: "module.m.x.v",
		`module.m["\\"].x.v`:   "module.m.x.v",
	} {
		if got := withoutKeys(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// TestLiveIndex holds which resource of an account a planned one is taken for: never one of several,
// and none of another account or Region.
func TestLiveIndex(t *testing.T) {
	t.Parallel()
	r := func(account, region, id, arn string, names ...string) *assize.Resource {
		return &assize.Resource{Type: "T", Account: account, Region: region, ID: id, ARN: arn, Names: names}
	}
	one, twin, other := r("1", "eu", "n", "arn:1", "n", "alias"), r("1", "us", "n", "arn:2"), r("2", "eu", "m", "arn:3", "")
	x := newLiveIndex(&assize.Inventory{Resources: []*assize.Resource{one, twin, other}})
	for _, c := range []struct {
		name, account, region, arn string
		names                      []string
		want                       *assize.Resource
	}{
		{"by ARN", "", "", "arn:1", nil, one},
		{"by ARN, another account", "2", "", "arn:1", nil, nil},
		{"by name and Region", "1", "us", "", []string{"n"}, twin},
		{"by name, two have it", "1", "", "", []string{"n"}, nil},
		{"by name, Region not known", "1", assize.UnknownRegion, "", []string{"n"}, nil},
		{"by two names of one", "1", "eu", "", []string{"alias", "n"}, one},
		{"another type of name", "1", "eu", "", []string{"m"}, nil},
		{"account not known", "", "", "arn:9", []string{"m"}, other},
		{"nothing is known", "", "", "", nil, nil},
		{"an empty name", "", "", "", []string{""}, nil},
	} {
		if got := x.find("T", c.account, c.region, c.arn, c.names); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	if got := x.find("U", "", "", "arn:1", nil); got != nil {
		t.Errorf("another type: got %v", got)
	}
}

// TestWiden holds that what is taken away keeps a place, and that what was known stays.
func TestWiden(t *testing.T) {
	t.Parallel()
	known := assize.Coverage{Type: "T", Account: "1", Region: "eu", Complete: true}
	inv := &assize.Inventory{Accounts: []assize.Account{{ID: "1", Regions: []string{"eu"}}}, Coverage: []assize.Coverage{known}}
	gap := &assize.Gap{Cause: assize.DeferredToLive}
	by := &assize.Inventory{
		Accounts: []assize.Account{{ID: "1", Regions: []string{"ap", "eu"}}, {ID: "2", Regions: []string{"us"}}},
		Coverage: []assize.Coverage{{Type: "T", Account: "1", Region: "eu", Gap: gap}, {Type: "T", Account: "1", Region: "ap", Gap: gap}},
	}
	widen(inv, by)
	widen(inv, inv)
	want := &assize.Inventory{
		Accounts: []assize.Account{{ID: "1", Regions: []string{"ap", "eu"}}, {ID: "2", Regions: []string{"us"}}},
		Coverage: []assize.Coverage{known, {Type: "T", Account: "1", Region: "ap", Gap: gap}},
	}
	if diff := cmp.Diff(want, inv); diff != "" {
		t.Error(diff)
	}
}

// TestSettingsExist holds that the settings that a plan may delete are types that checks of one
// resource judge: those of whole accounts need no list.
func TestSettingsExist(t *testing.T) {
	t.Parallel()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	for typ := range settings {
		if !slices.ContainsFunc(lib.Checks, func(c *assize.Check) bool {
			return c.Subject.Type == typ && c.Subject.Kind == assize.SubjectResource
		}) {
			t.Errorf("no check judges a resource of %s", typ)
		}
	}
}

// TestCompareJoined holds how verdicts of plan and account compare.
func TestCompareJoined(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		planned, live assize.Outcome
		want          string
	}{
		{assize.Pass, assize.Pass, joinSame},
		{assize.Fail, assize.Fail, joinSame},
		{assize.Pass, assize.Fail, joinDrifted},
		{assize.Fail, assize.Pass, joinDrifted},
		{assize.Pass, assize.NotApplicable, joinDrifted},
		{assize.Inconclusive, assize.Fail, joinSettled},
		{assize.Manual, assize.Pass, joinSettled},
		{assize.Inconclusive, assize.Inconclusive, joinOpen},
		{assize.Pass, assize.Inconclusive, joinOpen},
		{assize.Pass, assize.Manual, joinOpen},
		{assize.Manual, assize.Manual, joinSame},
	} {
		if got := compareJoined(c.planned, c.live); got != c.want {
			t.Errorf("%s, %s: got %s, want %s", c.planned, c.live, got, c.want)
		}
	}
}

// TestInspectLarge holds that a template whose resources stand after much else is found, in a file and on
// standard input, and that nothing else is taken for one.
func TestInspectLarge(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", headSize)
	const resources = `"Resources":{"B":{"Type":"AWS::S3::Bucket"}}`
	for _, tt := range []struct {
		name, text string
		role       planRole
		unclear    bool
	}{
		{"metadata first", `{"Metadata":{"x":"` + long + `"},` + resources + `}`, roleTemplate, false},
		{"mappings first", `{"Mappings":{"x":{"y":{"z":"` + long + `"}}},` + resources + `}`, roleTemplate, false},
		{"parameters that never end", `{"Parameters":{"x":{"Default":"` + strings.Repeat(long, 32) + `"}}}`, roleTemplate, false},
		{"YAML", "Mappings:\n  x: {y: {z: " + long + "}}\nResources:\n  B:\n    Type: AWS::S3::Bucket\n", roleTemplate, false},
		{"a plan", `{"format_version":"1.2","x":"` + long + `","planned_values":{}}`, roleJSON, false},
		{"any JSON", `{"x":"` + long + `"}`, roleJSON, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "input")
			if err := os.WriteFile(file, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{file, standardInput} {
				p, err := inspect(path, strings.NewReader(tt.text))
				if err != nil {
					t.Fatal(err)
				}
				if p.role != tt.role || p.unclear != tt.unclear {
					t.Errorf("%s: got role %d, unclear %v, want %d, %v", path, p.role, p.unclear, tt.role, tt.unclear)
				}
			}
		})
	}
}

// TestPlanPipe holds that a pipe, which can be read only once, is judged as a whole: a shell gives one for
// <(terraform show -json plan.tfplan).
func TestPlanPipe(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/fd"); err != nil {
		t.Skipf("this system names no open files: %v", err)
	}
	for name, want := range map[string]planRole{
		"../../collect/terraform/testdata/plans/s3/plan.json": roleJSON, "../../collect/terraform/testdata/plans/s3/plan.tfplan": roleZip,
	} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		written := make(chan error, 1)
		go func() {
			_, err := w.Write(data)
			written <- errors.Join(err, w.Close())
		}()
		p, err := inspect(fmt.Sprintf("/dev/fd/%d", r.Fd()), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(p.input)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(<-written, r.Close()); err != nil {
			t.Fatal(err)
		}
		if p.role != want || !bytes.Equal(got, data) {
			t.Errorf("%s: got role %d and %d bytes, want role %d and %d bytes", name, p.role, len(got), want, len(data))
		}
	}
}

// TestPlanRegions holds which names of Regions are taken.
func TestPlanRegions(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]bool{
		"eu-central-1": true, "us-gov-west-1": true, "ap-southeast-7": true, "us-isob-east-1": true, "eusc-de-east-1": true, "": true,
		"nowhere": false, "eu-central": false, "EU-central-1": false,
	} {
		s := planSource{region: region}
		if err := s.validate(); (err == nil) != want {
			t.Errorf("%q: got error %v, want taken %v", region, err, want)
		}
	}
}
