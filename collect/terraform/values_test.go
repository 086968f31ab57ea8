package terraform_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform"
)

// refersTo is the address that a value will name, or what else it is.
func refersTo(v assize.Value) string {
	switch x := v.(type) {
	case nil:
		return "absent"
	case string:
		return "=" + x
	case *assize.Unknown:
		if x.Refers != nil {
			return x.Refers.ID
		}
		return string(x.Cause)
	case assize.List:
		var all []string
		for _, e := range x {
			if u, ok := e.(*assize.Unknown); ok && u.Rest {
				all = append(all, "…")
				continue
			}
			all = append(all, refersTo(e))
		}
		return strings.Join(all, " ")
	}
	return "something else"
}

// TestOrigins holds which resource an argument will name that is known only after apply.
func TestOrigins(t *testing.T) {
	t.Parallel()
	key := obj{"arn": "?", "id": "?", "key_id": "?", "description": "?"}
	tests := []struct {
		name    string
		written any
		changes []obj
		blocks  []obj
		want    string
	}{
		{"not written: not set", nil, nil, nil, "absent"},
		{"an ARN", "aws_kms_key.k.arn aws_kms_key.k", []obj{made("aws_kms_key.k", key)}, []obj{block("aws_kms_key.k", obj{})}, "aws_kms_key.k"},
		{"an attribute that may be null", "aws_kms_key.k.description aws_kms_key.k", []obj{made("aws_kms_key.k", key)}, []obj{block("aws_kms_key.k", obj{})}, "unknown until apply"},
		{"an alias stands for its key", "aws_kms_alias.a.arn aws_kms_alias.a", []obj{
			made("aws_kms_key.k", key), made("aws_kms_alias.a", obj{"name": "alias/a", "arn": "?", "target_key_id": "?"}),
		}, []obj{block("aws_kms_key.k", obj{}), block("aws_kms_alias.a", obj{"target_key_id": "aws_kms_key.k.key_id aws_kms_key.k"})}, "aws_kms_key.k"},
		{"an argument of another resource", "aws_sns_topic.t.kms_master_key_id aws_sns_topic.t", []obj{
			made("aws_kms_key.k", key), made("aws_sns_topic.t", obj{"name": "t", "kms_master_key_id": "?"}),
		}, []obj{block("aws_kms_key.k", obj{}), block("aws_sns_topic.t", obj{"kms_master_key_id": "aws_kms_key.k.arn aws_kms_key.k"})}, "aws_kms_key.k"},
		{"beside what is known", "var.create aws_kms_key.k[0].arn aws_kms_key.k[0] aws_kms_key.k var.key", []obj{made("aws_kms_key.k[0]", key)}, []obj{block("aws_kms_key.k", obj{}, count("var.n"))}, "aws_kms_key.k[0]"},
		{"one of two", "aws_kms_key.k.arn aws_kms_key.k aws_kms_key.l.arn aws_kms_key.l", []obj{made("aws_kms_key.k", key), made("aws_kms_key.l", key)}, []obj{block("aws_kms_key.k", obj{}), block("aws_kms_key.l", obj{})}, "unknown until apply"},
		{"a local", "local.key", []obj{made("aws_kms_key.k", key)}, []obj{block("aws_kms_key.k", obj{})}, "unknown until apply"},
		{"a data source", "data.aws_kms_key.d.arn data.aws_kms_key.d", []obj{changed("data.aws_kms_key.d", "read", nil, obj{"arn": "?", "key_id": "?"})}, []obj{block("data.aws_kms_key.d", obj{})}, "unknown until apply"},
		{"a type that no definition knows", "aws_lb.l.arn aws_lb.l", []obj{made("aws_lb_listener_rule.l", obj{"arn": "?"})}, []obj{block("aws_lb_listener_rule.l", obj{})}, "unknown until apply"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			args := obj{}
			if tt.written != nil {
				args["kms_key_id"] = tt.written
			}
			p := mini{
				changes: append(tt.changes, made("aws_sagemaker_notebook_instance.n", obj{"name": "n", "kms_key_id": "?"})),
				config:  resources(append(tt.blocks, block("aws_sagemaker_notebook_instance.n", args))...),
			}.read(t, terraform.Options{})
			if got := refersTo(find(t, p.After, "aws_sagemaker_notebook_instance.n").Properties.Get("KmsKeyId")); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestListOrigins holds what lists name that are known only after apply, as a whole or by element.
func TestListOrigins(t *testing.T) {
	t.Parallel()
	group := obj{"id": "?", "arn": "?", "name": "g"}
	base := []obj{made("aws_security_group.a", group), made("aws_security_group.b", group)}
	blocks := []obj{block("aws_security_group.a", obj{}), block("aws_security_group.b", obj{})}
	both := "aws_security_group.a.id aws_security_group.a aws_security_group.b.id aws_security_group.b"
	tests := []struct {
		name, refs string
		after      any
		marks      any
		want       string
	}{
		{"as a whole, two", both, nil, true, "aws_security_group.a aws_security_group.b …"},
		{"by element", both, []any{nil, nil}, []any{true, true}, "aws_security_group.a aws_security_group.b"},
		{"one element known", "aws_security_group.a.id aws_security_group.a", []any{"sg-1", nil}, []any{false, true}, "=sg-1 aws_security_group.a"},
		{"more elements than references", both, []any{nil, nil, nil}, []any{true, true, true}, "unknown until apply unknown until apply unknown until apply"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			notebook := made("aws_sagemaker_notebook_instance.n", obj{"name": "n"})
			change := notebook["change"].(obj)
			if tt.after != nil {
				change["after"].(obj)["security_groups"] = tt.after
			}
			change["after_unknown"].(obj)["security_groups"] = tt.marks
			p := mini{
				changes: append([]obj{notebook}, base...),
				config:  resources(append(blocks, block("aws_sagemaker_notebook_instance.n", obj{"security_groups": tt.refs}))...),
			}.read(t, terraform.Options{})
			if got := refersTo(find(t, p.After, "aws_sagemaker_notebook_instance.n").Properties.Get("SecurityGroupIds")); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestDocuments holds what is known of the policy of a bucket that has no name yet.
func TestDocuments(t *testing.T) {
	t.Parallel()
	p, err := terraform.ReadFile(filepath.Join("testdata", "plans", "s3-modules", "plan.json"), terraform.Options{Mapping: mappingOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	b := find(t, p.After, `module.buckets["models.eu-1"].aws_s3_bucket.this[0]`)
	arn := assize.PlannedARN(b.ID)
	want := `{"Statement":[{"Action":["s3:*"],"Condition":{"Bool":{"aws:SecureTransport":["false"]}},"Effect":"Deny","Principal":"*",` +
		`"Resource":["` + arn + `","` + arn + `/*"],"Sid":"denyInsecureTransport"}],"Version":"2012-10-17"}`
	if diff := cmp.Diff(want, b.Properties.At("BucketPolicy.PolicyDocument")); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if b.ARN != arn {
		t.Errorf("ARN: got %s, want %s", b.ARN, arn)
	}
}

// TestDynamicBlock holds that a block that is unknown as a whole is not taken for absent: a
// dynamic block is not among a plan's expressions.
func TestDynamicBlock(t *testing.T) {
	t.Parallel()
	p, err := terraform.ReadFile(filepath.Join("testdata", "plans", "s3-modules", "plan.json"), terraform.Options{Mapping: mappingOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	b := find(t, p.After, `module.buckets["models.eu-1"].aws_s3_bucket.this[0]`)
	if got := refersTo(b.Properties.At("BucketEncryption.ServerSideEncryptionConfiguration")); got != string(assize.UntilApply) {
		t.Errorf("encryption: got %s, want %s", got, assize.UntilApply)
	}
}

// TestSensitive holds that a sensitive value is judged, and its path is kept so that it is
// never shown.
func TestSensitive(t *testing.T) {
	t.Parallel()
	c := made("aws_s3_bucket.b", obj{"bucket": "secret-name", "tags": obj{"a": "b"}})
	c["change"].(obj)["after_sensitive"] = obj{"bucket": true}
	p := mini{changes: []obj{c}, config: resources(block("aws_s3_bucket.b", obj{}))}.read(t, terraform.Options{})
	b := find(t, p.After, "aws_s3_bucket.b")
	if got := b.Properties.Get("BucketName"); got != "secret-name" {
		t.Errorf("name: got %v", got)
	}
	if diff := cmp.Diff([]string{"Arn", "BucketName"}, b.Sensitive); diff != "" {
		t.Errorf("sensitive (-want +got):\n%s", diff)
	}
}

// TestTags holds that what a provider gives to all is among a resource's tags.
func TestTags(t *testing.T) {
	t.Parallel()
	config := resources(block("aws_s3_bucket.b", obj{}))
	plan := mini{changes: []obj{made("aws_s3_bucket.b", obj{"bucket": "b", "tags": obj{"own": "1"}, "tags_all": "?"})}, config: config}
	for want, tags := range map[string]obj{
		"=all =own":           {"constant_value": obj{"all": "2"}},
		"unknown until apply": {"references": []string{"local.tags"}},
	} {
		plan.more = obj{"configuration": obj{"root_module": config, "provider_config": obj{"aws": obj{"expressions": obj{"default_tags": []any{obj{"tags": tags}}}}}}}
		p := plan.read(t, terraform.Options{})
		v := find(t, p.After, "aws_s3_bucket.b").Properties.Get("Tags")
		got := refersTo(v)
		if list, ok := v.(assize.List); ok {
			var keys assize.List
			for _, e := range list {
				keys = append(keys, e.(assize.Object).Get("Key"))
			}
			got = refersTo(keys)
		}
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestStates holds that a state file and its JSON say the same, and that all of it is known.
func TestStates(t *testing.T) {
	t.Parallel()
	file, err := terraform.ReadFile(filepath.Join("testdata", "plans", "changes", "terraform.tfstate"), terraform.Options{Mapping: mappingOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	if got := status(t, file.After, "aws_s3_bucket.stays"); got != "Enabled" {
		t.Errorf("versioning: got %s, want Enabled", got)
	}
	data, err := os.ReadFile(filepath.Join("testdata", "plans", "changes", "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	// The JSON of the same state stands in the plan that was made from it.
	_, prior, _ := strings.Cut(string(data), `"prior_state":`)
	end := strings.Index(prior, `,"configuration":`)
	if end < 0 {
		t.Fatal("the plan has no prior state")
	}
	asJSON, err := terraform.Read(strings.NewReader(prior[:end]), terraform.Options{Mapping: mappingOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	if file.Kind != terraform.KindState || asJSON.Kind != terraform.KindState {
		t.Errorf("kinds: got %q and %q", file.Kind, asJSON.Kind)
	}
	addresses := func(p *terraform.Plan) (all []string) {
		for _, r := range p.After.Resources {
			if r.Origin.Kind != "state" {
				t.Errorf("%s: origin %q", r.ID, r.Origin.Kind)
			}
			all = append(all, r.Type+" "+strings.Replace(r.ID, "aws_kms_key.before", "aws_kms_key.renamed", 1))
		}
		return all
	}
	if diff := cmp.Diff(addresses(file), addresses(asJSON)); diff != "" {
		t.Errorf("resources (-file +JSON):\n%s", diff)
	}
}
