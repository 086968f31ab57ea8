package terraform_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform"
)

// TestLinksBySource holds what only the text of a configuration shows of a link: that a name is
// made of another one, and which instance an index leads to. Without a plan the answer is the same.
func TestLinksBySource(t *testing.T) {
	t.Parallel()
	const text = `
resource "aws_s3_bucket" "b" {
  count = 2
}
resource "aws_s3_bucket_versioning" "v" {
  count  = 1
  bucket = %s
  versioning_configuration { status = "Enabled" }
}`
	tests := []struct {
		name, link, references string
		want                   map[string]string
	}{
		{
			"arithmetic", "aws_s3_bucket.b[count.index + 1].id", "aws_s3_bucket.b count.index",
			map[string]string{"aws_s3_bucket.b[0]": "absent", "aws_s3_bucket.b[1]": "Enabled"},
		},
		{
			"a name that is made of another's", `"${aws_s3_bucket.b[0].id}-logs"`, "aws_s3_bucket.b[0].id aws_s3_bucket.b[0] aws_s3_bucket.b",
			map[string]string{"aws_s3_bucket.b[0]": "unlinked", "aws_s3_bucket.b[1]": "unlinked"},
		},
		{
			"one of two by a condition", "count.index == 0 ? aws_s3_bucket.b[1].id : aws_s3_bucket.b[0].id",
			"count.index aws_s3_bucket.b[1].id aws_s3_bucket.b[1] aws_s3_bucket.b[0].id aws_s3_bucket.b[0] aws_s3_bucket.b",
			map[string]string{"aws_s3_bucket.b[0]": "absent", "aws_s3_bucket.b[1]": "Enabled"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "main.tf"), []byte(fmt.Sprintf(text, tt.link)), 0o600); err != nil {
				t.Fatal(err)
			}
			source, err := terraform.OpenDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			p := mini{
				changes: []obj{made("aws_s3_bucket.b[0]", pendingBucket), made("aws_s3_bucket.b[1]", pendingBucket), made("aws_s3_bucket_versioning.v[0]", versioningOn)},
				config:  resources(block("aws_s3_bucket.b", obj{}, count("var.n")), versioning(tt.references, count("var.n"))),
			}.read(t, terraform.Options{Source: source})
			alone, err := source.Evaluate(terraform.DirOptions{Options: terraform.Options{Mapping: mappingOf(t)}})
			if err != nil {
				t.Fatal(err)
			}
			got, without := map[string]string{}, map[string]string{}
			for address := range tt.want {
				got[address], without[address] = status(t, p.After, address), status(t, alone.After, address)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("versioning, plan and source (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, without); diff != "" {
				t.Errorf("versioning, configuration (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNameOfPart holds that what names a side resource names what that belongs to, wherever the two stand
// in the plan: attributes of what is translated are let go.
func TestNameOfPart(t *testing.T) {
	t.Parallel()
	bucket := made("aws_s3_bucket.b", obj{"bucket": "acme", "id": "?"})
	part := made("aws_s3_bucket_versioning.v", obj{"bucket": "acme", "id": "?", "versioning_configuration": []any{obj{"status": "Enabled"}}})
	trail := made("aws_cloudtrail.t", obj{"name": "t", "s3_bucket_name": "?"})
	config := resources(block("aws_s3_bucket.b", obj{"bucket": "=acme"}), block("aws_s3_bucket_versioning.v", obj{"bucket": "=acme"}),
		block("aws_cloudtrail.t", obj{"s3_bucket_name": "aws_s3_bucket_versioning.v.id aws_s3_bucket_versioning.v"}))
	for name, changes := range map[string][]obj{"before it": {trail, bucket, part}, "after it": {bucket, part, trail}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := mini{changes: changes, config: config}.read(t, terraform.Options{})
			u, _ := find(t, p.After, "aws_cloudtrail.t").Properties.Get("S3BucketName").(*assize.Unknown)
			if u == nil || u.Refers == nil || u.Refers.ID != "aws_s3_bucket.b" {
				t.Errorf("the trail's bucket: got %+v, want what names aws_s3_bucket.b", u)
			}
		})
	}
}
