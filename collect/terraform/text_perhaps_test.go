package terraform_test

import (
	"fmt"
	"testing"

	"github.com/assize-dev/assize"
)

// TestConfiguredPerhaps holds that a side resource counts only where it will be there whenever its parent is: by
// the same condition, word for word, in the same module.
func TestConfiguredPerhaps(t *testing.T) {
	t.Parallel()
	const unknown = string(assize.UntilApply)
	for _, tt := range []struct{ name, bucket, versioning, want string }{
		{"neither is in doubt", "", "", "Enabled"},
		{"only the parent is", "count = var.n > 0 ? 1 : 0", "", "Enabled"},
		{"only the side resource is", "", "count = var.n > 0 ? 1 : 0", unknown},
		{"the same decides", "count = var.n > 0 ? 1 : 0", "count = (var.n > 0 ? 1 : 0)", unknown},
		{"the same in the same words decides", "count = var.n > 0 ? 1 : 0", "count = var.n > 0 ? 1 : 0", "Enabled"},
		{"another number", "count = var.n > 0 ? 1 : 0", "count = var.n > 1 ? 1 : 0", unknown},
		{"another operator", "count = var.n > 0 ? 1 : 0", "count = var.n < 0 ? 1 : 0", unknown},
		{"the other way round", "count = var.n > 0 ? 1 : 0", "count = var.n > 0 ? 0 : 1", unknown},
		{"more than that", "count = var.n > 0 ? 1 : 0", "count = var.n > 0 && var.v ? 1 : 0", unknown},
		{"another attribute", "count = var.o.a ? 1 : 0", "count = var.o.b ? 1 : 0", unknown},
		{"another function", "count = max(var.n, 0)", "count = min(var.n, 0)", unknown},
		{"the same keys", "for_each = toset(var.k)", "for_each = toset(var.k)", "Enabled"},
		{"some of the keys", "for_each = { for k in var.k : k => k }", `for_each = { for k in var.k : k => k if k != "a" }`, unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			address, link := "aws_s3_bucket.b", "aws_s3_bucket.b.id"
			switch {
			case tt.bucket != "" && tt.bucket[0] == 'c':
				address, link = "aws_s3_bucket.b[0]", "aws_s3_bucket.b[0].id"
			case tt.bucket != "":
				address, link = `aws_s3_bucket.b["?"]`, "aws_s3_bucket.b[each.key].id"
			}
			c := configured(t, fmt.Sprintf(`
variable "n" { type = number }
variable "v" { type = bool }
variable "o" { type = object({ a = bool, b = bool }) }
variable "k" { type = list(string) }
resource "aws_s3_bucket" "b" {
  %s
}
resource "aws_s3_bucket_versioning" "v" {
  %s
  bucket = %s
  versioning_configuration { status = "Enabled" }
}
`, tt.bucket, tt.versioning, link))
			if got := status(t, c.After, address); got != tt.want {
				t.Errorf("versioning of %s: got %s, want %s", address, got, tt.want)
			}
		})
	}
}
