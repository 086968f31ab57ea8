package terraform_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform"
)

// configured evaluates a main.tf.
func configured(t *testing.T, text string) *terraform.Configured {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := terraform.ReadDir(dir, terraform.DirOptions{Options: terraform.Options{Mapping: mappingOf(t), Account: "111122223333"}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// resource finds one by its id.
func resource(t *testing.T, inv *assize.Inventory, typ, id string) *assize.Resource {
	t.Helper()
	for _, r := range inv.Resources {
		if r.Type == typ && r.ID == id {
			return r
		}
	}
	t.Fatalf("%s %s is not in the inventory: %v", typ, id, ids(inv))
	return nil
}

// TestPartsOfConfigurations holds to which bucket a part is joined, and what follows where it may be any.
func TestPartsOfConfigurations(t *testing.T) {
	t.Parallel()
	c := configured(t, `
provider "aws" {
  region = "eu-west-1"
}
variable "somewhere" {}
resource "aws_s3_bucket" "by_reference" {}
resource "aws_s3_bucket" "by_part" {}
resource "aws_s3_bucket" "by_name" { bucket = "acme-named" }
resource "aws_s3_bucket" "without" { bucket = "acme-without" }
resource "aws_s3_bucket_versioning" "by_reference" {
  bucket = aws_s3_bucket.by_reference.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_public_access_block" "by_part" { bucket = aws_s3_bucket.by_part.id }
resource "aws_s3_bucket_versioning" "by_part" {
  bucket = aws_s3_bucket_public_access_block.by_part.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_versioning" "by_name" {
  bucket = "acme-named"
  versioning_configuration { status = "Suspended" }
}
resource "aws_s3_bucket_lifecycle_configuration" "any" {
  bucket = var.somewhere
  rule {
    id     = "r"
    status = "Enabled"
  }
}
`)
	for id, want := range map[string]assize.Value{
		"aws_s3_bucket.by_reference": "Enabled", "aws_s3_bucket.by_part": "Enabled",
		"aws_s3_bucket.by_name": "Suspended", "aws_s3_bucket.without": nil,
	} {
		r := resource(t, c.After, "AWS::S3::Bucket", id)
		if diff := cmp.Diff(want, r.Properties.At("VersioningConfiguration.Status")); diff != "" {
			t.Errorf("%s: versioning (-want +got):\n%s", id, diff)
		}
		if r.Account != "111122223333" || r.Origin.File != "main.tf" || r.Origin.Kind != "configuration" {
			t.Errorf("%s: account %s, origin %+v", id, r.Account, r.Origin)
		}
		rules, ok := r.Properties.At("LifecycleConfiguration.Rules").(*assize.Unknown)
		if !ok || rules.Cause != assize.Unlinked {
			t.Errorf("%s: lifecycle rules: got %v, want unlinked", id, r.Properties.At("LifecycleConfiguration.Rules"))
		}
	}
	for _, cover := range c.After.Coverage {
		if cover.Complete || cover.Gap == nil || cover.Gap.Cause != assize.DeferredToLive {
			t.Fatalf("coverage of %s: got %+v, want a gap that is deferred to live", cover.Type, cover)
		}
	}
}

// TestConfiguredSays holds what the result says beside resources.
func TestConfiguredSays(t *testing.T) {
	t.Parallel()
	c := configured(t, `
variable "on" {}
variable "password" {
  sensitive = true
  default   = "dummy"
}
resource "aws_kms_key" "k" { count = var.on ? 1 : 0 }
resource "aws_unheard_of" "u" { password = "${var.password}!" }
resource "random_id" "r" {}
module "m" { source = "acme/m/aws" }
`)
	if diff := cmp.Diff(map[string][]string{"aws_kms_key.k[0]": {"count depends on var.on"}}, c.IfCreated); diff != "" {
		t.Errorf("if created (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"aws_unheard_of": 1}, c.Unmapped); diff != "" {
		t.Errorf("unmapped (-want +got):\n%s", diff)
	}
	if c.Missing["module.m"] == "" || c.Note == "" || !c.Complete || !strings.HasPrefix(c.Digest, "sha256:") || c.After.Digest != c.Digest {
		t.Errorf("missing %v, note %q, complete %t, digest %q", c.Missing, c.Note, c.Complete, c.Digest)
	}
}

// TestExceptionsOfText holds that exceptions name the calls that lead to their module.
func TestExceptionsOfText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "m"), 0o750); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"main.tf":   "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m\"\n}\n",
		"m/main.tf": "# assize:except kms_key_rotation_enabled until=2027-01-31 reason=\"imported key\"\nresource \"aws_kms_key\" \"k\" {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := terraform.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []terraform.Exception{{
		Check: "kms_key_rotation_enabled", Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Reason: "imported key",
		File: "m/main.tf", Line: 1, Block: "aws_kms_key.k", Modules: [][]string{{"a"}, {"b"}},
	}}
	if diff := cmp.Diff(want, text.Exceptions()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBinaryPlansRefused holds which files are no binary plans, and that none of them fills the memory.
func TestBinaryPlansRefused(t *testing.T) {
	t.Parallel()
	bomb := func(name string, size int64) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for n, r := range map[string]io.Reader{
			"tfconfig/modules.json": strings.NewReader(`[{"Key":"","Dir":"."}]`),
			name:                    io.LimitReader(zeros{}, size),
		} {
			w, err := z.Create(n)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(w, r); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, tt := range []struct {
		name, want string
		data       []byte
	}{
		{"nothing", "not a valid zip file", nil},
		{"no zip", "not a valid zip file", []byte("{}")},
		{"a zip of something else", "file does not exist", bomb("x", 1)},
		{"a file that unpacks to much", "not a plain file of at most", bomb("tfconfig/m-/main.tf", 64<<20)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := terraform.OpenZip(bytes.NewReader(tt.data), int64(len(tt.data)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestStateAgrees holds that a state file and the plan against it say the same of what there is now.
func TestStateAgrees(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"changes", "nothing"} {
		folder := filepath.Join("testdata/plans", name)
		o := terraform.Options{Mapping: mappingOf(t)}
		plan, err := terraform.ReadFile(filepath.Join(folder, "plan.json"), o)
		if err != nil {
			t.Fatal(err)
		}
		state, err := terraform.ReadFile(filepath.Join(folder, "terraform.tfstate"), o)
		if err != nil {
			t.Fatal(err)
		}
		both := compareByARN(t, plan.Before, state.After)
		if both == 0 {
			t.Errorf("%s: nothing that plan and state both know", name)
		}
	}
}

// compareByARN compares where addresses and Regions may differ: a state has no providers, and a plan moves.
func compareByARN(t *testing.T, plan, state *assize.Inventory) int {
	t.Helper()
	by := map[string]*assize.Resource{}
	for _, r := range state.Resources {
		by[r.Type+r.ARN] = r
	}
	both := 0
	for _, r := range plan.Resources {
		s := by[r.Type+r.ARN]
		if s == nil {
			t.Errorf("%s %s of the plan's before is not in the state", r.Type, r.ARN)
			continue
		}
		d := &difference{defaults: defaultsOf(t)[r.Type], visit: func(path string, a, b assize.Value) {
			t.Errorf("%s %s: %s: before %#v, state %#v", r.Type, r.ARN, path, a, b)
		}}
		d.objects(r.Properties, s.Properties, "")
		both += d.both
	}
	return both
}

// FuzzBinaryPlan reads whatever is given as a binary plan.
func FuzzBinaryPlan(f *testing.F) {
	for _, name := range []string{"s3", "s3-modules"} {
		data, err := os.ReadFile(filepath.Join("testdata/plans", name, "plan.tfplan"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	m := mappingOf(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := terraform.OpenZip(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		if _, err := text.Evaluate(terraform.DirOptions{Options: terraform.Options{Mapping: m}}); err != nil {
			t.Log(err)
		}
	})
}
