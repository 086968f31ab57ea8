// Package plangen writes plans as Terraform's `show -json` does, of any size, with the
// verdicts that are true of their resources. Four fifths are buckets in a module
// with for_each, whose count-indexed side resources name their bucket by nothing but a
// reference; the rest stands at the root: notebooks, keys, roles, trails.
package plangen

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/assize-dev/assize"
)

// The checks of which the truth is known.
const (
	Versioning   = "s3_bucket_versioning_enabled"
	Encryption   = "s3_bucket_encrypted_with_kms"
	EnforcesSSL  = "s3_bucket_enforces_ssl"
	PublicAccess = "s3_bucket_public_access_blocked"
	Internet     = "sagemaker_notebook_instance_direct_internet_access_disabled"
	RootAccess   = "sagemaker_notebook_instance_root_access_disabled"
	Rotation     = "kms_key_rotation_enabled"
)

// Checks lists them.
var Checks = []string{Versioning, Encryption, EnforcesSSL, PublicAccess, Internet, RootAccess, Rotation}

// Truth is what is true of the resources of a plan: outcomes by address and check.
type Truth map[string]map[string]assize.Outcome

// object is a JSON object as it is written.
type object = map[string]any

// generator writes one plan.
type generator struct {
	w     *bufio.Writer
	enc   *json.Encoder
	truth Truth
	left  int
	first bool
}

// Write writes a plan of n resource changes and returns what is true of it. The same n gives the
// same plan.
func Write(w io.Writer, n int) (Truth, error) {
	g := &generator{w: bufio.NewWriter(w), truth: Truth{}, left: n, first: true}
	g.enc = json.NewEncoder(g.w)
	g.enc.SetEscapeHTML(false)
	fmt.Fprint(g.w, `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[`)
	if err := g.root(n / 5); err != nil {
		return nil, err
	}
	for i := 0; g.left > 0; i++ {
		if err := g.bucket(i); err != nil {
			return nil, err
		}
	}
	fmt.Fprint(g.w, `],"configuration":`)
	if err := g.enc.Encode(configuration(n / 5)); err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	fmt.Fprint(g.w, `,"timestamp":"2026-01-02T03:04:05Z","applyable":true,"complete":true,"errored":false}`)
	if err := g.w.Flush(); err != nil {
		return nil, fmt.Errorf("write plan: %w", err)
	}
	return g.truth, nil
}

// expect notes a verdict.
func (g *generator) expect(address, check string, good bool) {
	if g.truth[address] == nil {
		g.truth[address] = map[string]assize.Outcome{}
	}
	outcome := assize.Fail
	if good {
		outcome = assize.Pass
	}
	g.truth[address][check] = outcome
}

// change writes one change, as long as there are some left.
func (g *generator) change(c change) error {
	if g.left == 0 {
		return nil
	}
	g.left--
	if !g.first {
		g.w.WriteByte(',') //nolint:errcheck // Flush says it
	}
	g.first = false
	if err := g.enc.Encode(c.json()); err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	return nil
}

// change is one resource to be made, or a document to be read.
type change struct {
	module, mode, typ, name string
	index                   any
	after                   object
	unknown                 object
}

func (c change) json() object {
	address := c.typ + "." + c.name
	action := "create"
	if c.mode == "data" {
		address, action = "data."+address, "read"
	}
	o := object{"mode": c.mode, "type": c.typ, "name": c.name, "provider_name": "registry.terraform.io/hashicorp/aws"}
	if c.index != nil {
		o["index"] = c.index
		address += fmt.Sprintf("[%v]", c.index)
	}
	if c.module != "" {
		o["module_address"] = c.module
		address = c.module + "." + address
	}
	o["address"] = address
	o["change"] = object{
		"actions": []string{action}, "before": nil, "after": c.after, "after_unknown": c.unknown,
		"before_sensitive": false, "after_sensitive": object{},
	}
	return o
}

// unknown marks attributes as known after apply.
func unknown(names ...string) object {
	o := object{}
	for _, name := range names {
		o[name] = true
	}
	return o
}

// root writes the resources outside of modules.
func (g *generator) root(n int) error {
	for i := range n {
		if err := g.change(g.atRoot(i)); err != nil {
			return err
		}
	}
	return nil
}

// atRoot is the resource of a number.
func (g *generator) atRoot(i int) change {
	good := i/len(rootTypes)%3 != 0
	name := fmt.Sprintf("r%05d", i)
	c := change{mode: "managed", typ: rootType(i), name: name}
	address := c.typ + "." + name
	switch c.typ {
	case "aws_sagemaker_notebook_instance":
		c.after = object{
			"name": name, "instance_type": "ml.t3.medium", "volume_size": 5, "direct_internet_access": onOff(!good),
			"root_access": onOff(i%2 == 0), "kms_key_id": nil, "lifecycle_config_name": nil, "tags": nil, "subnet_id": nil,
			"instance_metadata_service_configuration": []any{},
		}
		c.unknown = unknown("arn", "id", "network_interface_id", "platform_identifier", "role_arn", "security_groups", "tags_all", "url")
		g.expect(address, Internet, good)
		g.expect(address, RootAccess, i%2 != 0)
	case "aws_kms_key":
		c.after = object{
			"customer_master_key_spec": "SYMMETRIC_DEFAULT", "enable_key_rotation": good, "is_enabled": true, "key_usage": "ENCRYPT_DECRYPT",
			"deletion_window_in_days": nil, "tags": nil,
		}
		c.unknown = unknown("arn", "description", "id", "key_id", "multi_region", "policy", "rotation_period_in_days", "tags_all")
		g.expect(address, Rotation, good)
	case "aws_iam_role":
		c.after = object{
			"name": name, "path": "/", "max_session_duration": 3600, "permissions_boundary": nil, "description": nil, "tags": nil,
			"assume_role_policy": trustPolicy,
		}
		c.unknown = unknown("arn", "create_date", "id", "inline_policy", "managed_policy_arns", "name_prefix", "tags_all", "unique_id")
	case "aws_cloudtrail":
		c.after = object{
			"name": name, "enable_log_file_validation": good, "enable_logging": true, "include_global_service_events": true,
			"is_multi_region_trail": true, "is_organization_trail": false, "event_selector": []any{}, "advanced_event_selector": []any{},
			"insight_selector": []any{}, "s3_bucket_name": "acme-trail", "kms_key_id": nil, "s3_key_prefix": nil, "tags": nil,
		}
		c.unknown = unknown("arn", "home_region", "id", "sns_topic_arn", "tags_all")
	}
	return c
}

// rootTypes take turns at the root. Buckets name the first key.
var rootTypes = []string{"aws_kms_key", "aws_sagemaker_notebook_instance", "aws_iam_role"}

// rootType is the type of the resource of a number. An account has few trails.
func rootType(i int) string {
	if i == 7 || i == 19 {
		return "aws_cloudtrail"
	}
	return rootTypes[i%len(rootTypes)]
}

const trustPolicy = `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"}}],"Version":"2012-10-17"}`

func onOff(on bool) string {
	if on {
		return "Enabled"
	}
	return "Disabled"
}

// key is the for_each key of a bucket; some hold what an address does not split at.
func key(i int) string {
	switch i % 10 {
	case 3:
		return fmt.Sprintf("team.%05d", i)
	case 7:
		return fmt.Sprintf(`q"uote[%d]`, i)
	}
	return fmt.Sprintf("data-%05d", i)
}

// bucket writes one instance of the module.
func (g *generator) bucket(i int) error {
	quoted, err := json.Marshal(key(i))
	if err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	module := "module.buckets[" + string(quoted) + "]"
	all := g.bucketParts(i, module)
	if len(all) > g.left { // a module that is cut off is another one: fill up with roles
		for range g.left {
			c := change{mode: "managed", typ: "aws_iam_role", name: fmt.Sprintf("fill%02d", g.left), unknown: unknown("arn", "id")}
			c.after = object{"name": c.name, "path": "/", "assume_role_policy": trustPolicy}
			if err := g.change(c); err != nil {
				return err
			}
		}
		return nil
	}
	address := module + ".aws_s3_bucket.this[0]"
	g.expect(address, Versioning, versioned(i) && versioningStatus(i) == "Enabled")
	g.expect(address, PublicAccess, i%4 != 1)
	g.expect(address, EnforcesSSL, i%3 == 0)
	g.expect(address, Encryption, i%2 == 0)
	for _, c := range all {
		if err := g.change(c); err != nil {
			return err
		}
	}
	return nil
}

// versioned buckets have a versioning resource; the others never had one.
func versioned(i int) bool { return i%5 != 0 }

func versioningStatus(i int) string {
	if i%7 == 0 {
		return "Suspended"
	}
	return "Enabled"
}

// bucketParts are the resources of one instance of the module, the bucket first.
func (g *generator) bucketParts(i int, module string) []change {
	part := func(typ string, after object, more ...string) change {
		return change{module: module, mode: "managed", typ: typ, name: "this", index: 0, after: after, unknown: unknown(append(more, "bucket", "id")...)}
	}
	bucket := part("aws_s3_bucket", object{"bucket_prefix": "acme-", "force_destroy": false, "tags": nil},
		"acceleration_status", "acl", "arn", "bucket_domain_name", "cors_rule", "grant", "lifecycle_rule", "logging", "policy", "region",
		"replication_configuration", "server_side_encryption_configuration", "tags_all", "versioning", "website")
	open := i%4 == 1
	all := []change{bucket, part("aws_s3_bucket_public_access_block", object{
		"block_public_acls": !open, "block_public_policy": !open, "ignore_public_acls": !open, "restrict_public_buckets": !open,
	})}
	if versioned(i) {
		all = append(all, part("aws_s3_bucket_versioning", object{
			"expected_bucket_owner": nil, "mfa": nil, "versioning_configuration": []any{object{"status": versioningStatus(i)}},
		}))
		all[len(all)-1].unknown["versioning_configuration"] = []any{object{"mfa_delete": true}}
	}
	if i%2 == 0 {
		sse := part("aws_s3_bucket_server_side_encryption_configuration", object{"rule": []any{object{
			"apply_server_side_encryption_by_default": []any{object{"sse_algorithm": "aws:kms"}}, "bucket_key_enabled": true,
		}}})
		sse.unknown["rule"] = []any{object{"apply_server_side_encryption_by_default": []any{object{"kms_master_key_id": true}}}}
		all = append(all, sse)
	}
	if i%3 == 0 {
		all = append(all, policyDocument(module), part("aws_s3_bucket_policy", object{}, "policy"))
	}
	return all
}

// policyDocument is the deferred document that denies requests without TLS.
func policyDocument(module string) change {
	return change{
		module: module, mode: "data", typ: "aws_iam_policy_document", name: "tls", index: 0,
		after: object{"statement": []any{object{
			"sid": "tls", "effect": "Deny", "actions": []any{"s3:*"}, "resources": []any{nil, nil},
			"principals": []any{object{"type": "*", "identifiers": []any{"*"}}},
			"condition":  []any{object{"test": "Bool", "variable": "aws:SecureTransport", "values": []any{"false"}}},
		}}},
		unknown: object{"id": true, "json": true, "minified_json": true, "statement": []any{object{"resources": []any{true, true}}}},
	}
}

// refs is an expression that refers to something, with the prefixes that a plan lists.
func refs(references ...string) object {
	var all []string
	for _, ref := range references {
		all = append(all, ref)
		for _, cut := range []string{".", "["} {
			if i := strings.LastIndex(ref, cut); i > 0 && strings.Count(ref[:i], ".") > 0 {
				all = append(all, ref[:i])
				ref = ref[:i]
			}
		}
	}
	return object{"references": all}
}

func constant(v any) object { return object{"constant_value": v} }

// configuration is what the plan says of the configuration.
func configuration(root int) object {
	resources := []any{}
	for i := range root {
		typ := rootType(i)
		args := object{"name": constant(fmt.Sprintf("r%05d", i))}
		switch typ {
		case "aws_sagemaker_notebook_instance":
			args["role_arn"] = refs(fmt.Sprintf("aws_iam_role.r%05d.arn", i+1))
		case "aws_kms_key":
			args = object{"enable_key_rotation": constant(true)}
		}
		resources = append(resources, block("managed", typ, fmt.Sprintf("r%05d", i), args, nil))
	}
	return object{
		"provider_config": object{"aws": object{
			"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "expressions": object{"region": constant("eu-central-1")},
		}},
		"root_module": object{
			"resources": resources,
			"module_calls": object{"buckets": object{
				"source": "./bucket", "for_each_expression": refs("var.buckets"),
				"expressions": object{"kms_key_arn": refs("aws_kms_key.r00000.arn")}, "module": bucketModule(),
			}},
			"variables": object{"buckets": object{}},
		},
	}
}

func block(mode, typ, name string, args object, count any) object {
	o := object{
		"address": typ + "." + name, "mode": mode, "type": typ, "name": name, "provider_config_key": "aws", "expressions": args, "schema_version": 0,
	}
	if mode == "data" {
		o["address"] = "data." + typ + "." + name
	}
	if count != nil {
		o["count_expression"] = count
	}
	return o
}

// bucketModule is the module of the buckets: each side resource has a count, and names the
// bucket by its first instance.
func bucketModule() object {
	count := refs("local.create")
	bucket := refs("aws_s3_bucket.this[0].id")
	with := func(more object) object {
		more["bucket"] = bucket
		return more
	}
	return object{
		"resources": []any{
			block("managed", "aws_s3_bucket", "this", object{"bucket_prefix": constant("acme-")}, count),
			block("managed", "aws_s3_bucket_public_access_block", "this", with(object{}), count),
			block("managed", "aws_s3_bucket_versioning", "this", with(object{
				"versioning_configuration": []any{object{"status": refs("var.versioning")}},
			}), count),
			block("managed", "aws_s3_bucket_server_side_encryption_configuration", "this", with(object{
				"rule": []any{object{"apply_server_side_encryption_by_default": []any{object{
					"sse_algorithm": constant("aws:kms"), "kms_master_key_id": refs("var.kms_key_arn"),
				}}, "bucket_key_enabled": constant(true)}},
			}), count),
			block("managed", "aws_s3_bucket_policy", "this", with(object{"policy": refs("data.aws_iam_policy_document.tls[0].json")}), count),
			block("data", "aws_iam_policy_document", "tls", object{"statement": []any{object{
				"resources": refs("aws_s3_bucket.this[0].arn", "aws_s3_bucket.this[0].arn"), "actions": constant([]any{"s3:*"}),
			}}}, count),
		},
		"variables": object{"kms_key_arn": object{}, "versioning": object{}},
	}
}
