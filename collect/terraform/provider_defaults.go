package terraform

import "github.com/assize-dev/assize"

// providerDefaults are values that the provider fills in and that differ from what the service does when nothing
// is said; a plan shows them, a configuration does not. Of provider 5.100 and 6.x, by plans made with it.
var providerDefaults = map[string]map[string]assize.Value{
	// Without arguments it takes off the protection that new buckets have.
	"aws_s3_bucket_public_access_block": {
		"block_public_acls": false, "block_public_policy": false, "ignore_public_acls": false, "restrict_public_buckets": false,
	},
	"aws_kms_key":        {"is_enabled": true},
	"aws_cloudtrail":     {"enable_logging": true, "include_global_service_events": true},
	"aws_security_group": {"description": "Managed by Terraform"},
	"aws_s3_account_public_access_block": {
		"block_public_acls": false, "block_public_policy": false, "ignore_public_acls": false, "restrict_public_buckets": false,
	},
}

// withProviderDefaults fills in what the provider would.
func withProviderDefaults(typ string, attributes assize.Object) assize.Object {
	for name, v := range providerDefaults[typ] {
		if attributes.Get(name) == nil {
			attributes = attributes.Set(name, v)
		}
	}
	return attributes
}
