package terraform

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// providerDefaults are values that the provider fills in and that differ from what the service does when nothing
// is said: a plan shows them, a configuration does not. By path; blocks that are not there are not made. They
// are those of provider 5.100, from plans made with it: TestReadingsAgree finds those that are missing for what
// testdata/plans have.
var providerDefaults = map[string]map[string]assize.Value{
	"aws_api_gateway_method": {"api_key_required": false},
	"aws_bedrock_model_invocation_logging_configuration": {
		"logging_config.embedding_data_delivery_enabled": true, "logging_config.image_data_delivery_enabled": true,
		"logging_config.text_data_delivery_enabled": true, "logging_config.video_data_delivery_enabled": true,
	},
	"aws_cloudfront_distribution": {"viewer_certificate.minimum_protocol_version": "TLSv1"},
	"aws_cloudtrail":              {"enable_logging": true, "include_global_service_events": true},
	"aws_cloudwatch_log_group":    {"retention_in_days": int64(0)},
	"aws_config_configuration_recorder": {
		"name": "default", "recording_group.all_supported": true,
	},
	"aws_ebs_encryption_by_default":   {"enabled": true},
	"aws_eks_cluster":                 {"vpc_config.endpoint_public_access": true},
	"aws_iam_account_password_policy": {"minimum_password_length": int64(6)},
	"aws_kendra_index":                {"edition": "ENTERPRISE_EDITION"},
	"aws_kms_key":                     {"is_enabled": true},
	"aws_lambda_function":             {"reserved_concurrent_executions": int64(-1)},
	"aws_memorydb_cluster":            {"tls_enabled": true},
	"aws_opensearch_domain":           {"domain_endpoint_options.enforce_https": true},
	"aws_s3_access_point": {
		"public_access_block_configuration.block_public_acls": true, "public_access_block_configuration.block_public_policy": true,
		"public_access_block_configuration.ignore_public_acls": true, "public_access_block_configuration.restrict_public_buckets": true,
	},
	"aws_s3_account_public_access_block": {
		"block_public_acls": false, "block_public_policy": false, "ignore_public_acls": false, "restrict_public_buckets": false,
	},
	"aws_s3_bucket_object_lock_configuration": {"object_lock_enabled": "Enabled"},
	// Without arguments it takes off the protection that new buckets have.
	"aws_s3_bucket_public_access_block": {
		"block_public_acls": false, "block_public_policy": false, "ignore_public_acls": false, "restrict_public_buckets": false,
	},
	"aws_sagemaker_feature_group": {"offline_store_config.table_format": "Glue"},
	"aws_sagemaker_domain":        {"default_user_settings.sharing_settings.notebook_output_option": "Disabled"},
	"aws_securityhub_account":     {"auto_enable_controls": true},
	"aws_security_group":          {"description": "Managed by Terraform"},
}

// withProviderDefaults fills in what the provider would.
func withProviderDefaults(typ string, attributes assize.Object) assize.Object {
	for path, v := range providerDefaults[typ] {
		attributes = withDefault(attributes, strings.Split(path, "."), v)
	}
	return attributes
}

// withDefault sets the value at a path where there is none.
func withDefault(o assize.Object, path []string, v assize.Value) assize.Object {
	own := o.Get(path[0])
	if len(path) == 1 {
		if own == nil {
			return slices.Clone(o).Set(path[0], v)
		}
		return o
	}
	blocks, ok := own.(assize.List)
	if !ok {
		return o
	}
	blocks = slices.Clone(blocks)
	for i, b := range blocks {
		if object, ok := b.(assize.Object); ok {
			blocks[i] = withDefault(object, path[1:], v)
		}
	}
	return slices.Clone(o).Set(path[0], blocks)
}
