package terraform_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

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
