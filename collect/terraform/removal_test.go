package terraform_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform"
)

// bucketSettings are side resources of a bucket that is as it should be, as a state has them, with the checks
// that they decide.
var bucketSettings = map[string]struct {
	values obj
	check  string
}{
	"aws_s3_bucket_versioning": {obj{"versioning_configuration": []obj{{"status": "Enabled", "mfa_delete": ""}}}, "s3_bucket_versioning_enabled"},
	"aws_s3_bucket_server_side_encryption_configuration": {obj{"rule": []obj{{
		"apply_server_side_encryption_by_default": []obj{{"sse_algorithm": "aws:kms", "kms_master_key_id": "arn:aws:kms:eu-central-1:111122223333:key/1"}},
		"bucket_key_enabled":                      true,
	}}}, "s3_bucket_encrypted_with_kms"},
	"aws_s3_bucket_public_access_block": {obj{
		"block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true,
	}, "s3_bucket_public_access_blocked"},
	"aws_s3_bucket_policy": {obj{
		"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::acme","arn:aws:s3:::acme/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`,
	}, "s3_bucket_enforces_ssl"},
	"aws_s3_bucket_logging":            {obj{"target_bucket": "logs", "target_prefix": "acme/"}, "s3_bucket_logging_enabled"},
	"aws_s3_bucket_ownership_controls": {obj{"rule": []obj{{"object_ownership": "BucketOwnerEnforced"}}}, "s3_bucket_acl_disabled"},
}

// oldBlocks are what the provider reads back into the bucket itself, and still says where a setting is
// taken away in the same plan.
var oldBlocks = obj{
	"id": "acme", "bucket": "acme", "arn": "arn:aws:s3:::acme", "object_lock_enabled": false,
	"versioning": []obj{{"enabled": true, "mfa_delete": false}},
	"logging":    []obj{{"target_bucket": "logs", "target_prefix": "acme/"}},
	"policy":     bucketSettings["aws_s3_bucket_policy"].values["policy"],
	"server_side_encryption_configuration": []obj{{"rule": []obj{{
		"apply_server_side_encryption_by_default": []obj{{"sse_algorithm": "aws:kms", "kms_master_key_id": "arn:aws:kms:eu-central-1:111122223333:key/1"}},
	}}}},
}

// TestRemovals holds that a bucket turns red when the plan takes one of its settings away, and only for
// that one: what the provider read back into the bucket before is out of date.
func TestRemovals(t *testing.T) {
	t.Parallel()
	lib, _ := loaded(t)
	types := slices.Sorted(maps.Keys(bucketSettings))
	for _, gone := range append([]string{""}, types...) {
		t.Run("without "+gone, func(t *testing.T) {
			t.Parallel()
			m := mini{changes: []obj{changed("aws_s3_bucket.this", "no-op", oldBlocks, oldBlocks)}, config: resources(block("aws_s3_bucket.this", obj{}))}
			want := map[string]assize.Outcome{}
			var checks []string
			for _, typ := range types {
				setting := bucketSettings[typ]
				values := maps.Clone(setting.values)
				values["bucket"], values["id"] = "acme", "acme"
				checks = append(checks, setting.check)
				want[setting.check] = assize.Pass
				after, action := values, "no-op"
				if typ == gone {
					after, action = nil, "delete"
					want[setting.check] = assize.Fail
				}
				m.changes = append(m.changes, changed(typ+".this", action, values, after))
			}
			// S3 encrypts with its own key again when the rule is taken away.
			checks, want["s3_bucket_default_encryption_enabled"] = append(checks, "s3_bucket_default_encryption_enabled"), assize.Pass
			p := m.read(t, terraform.Options{Account: judgedAccount})
			if diff := cmp.Diff(want, verdicts(lib, p.After, checks...)["aws_s3_bucket.this"]); diff != "" {
				t.Errorf("after (-want +got):\n%s", diff)
			}
			for check, outcome := range verdicts(lib, p.Before, checks...)["aws_s3_bucket.this"] {
				if outcome != assize.Pass {
					t.Errorf("before: %s: got %s, want pass", check, outcome)
				}
			}
		})
	}
}
