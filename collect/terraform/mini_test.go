package terraform_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform"
)

// obj is a JSON object.
type obj = map[string]any

// mini is a plan of a few resources. Addresses are those of Terraform; the configuration
// stands below "configuration" as it is written.
type mini struct {
	changes []obj
	config  obj
	more    obj
}

// made is a change that makes a resource. What is pending is "?".
func made(address string, after obj) obj { return changed(address, "create", nil, after) }

func changed(address, action string, before, after obj) obj {
	module, rest := "", address
	if i := strings.LastIndex(address, "aws_"); i > 0 {
		module, rest = strings.TrimSuffix(address[:i], "."), address[i:]
	}
	mode := "managed"
	if m, ok := strings.CutSuffix(module, "data"); ok {
		mode, module = "data", strings.TrimSuffix(m, ".")
	}
	typ, name, _ := strings.Cut(rest, ".")
	c := obj{"address": address, "mode": mode, "type": typ, "provider_name": "registry.terraform.io/hashicorp/aws"}
	name, index, indexed := strings.Cut(name, "[")
	c["name"] = name
	if module != "" {
		c["module_address"] = module
	}
	if indexed {
		c["index"] = json.RawMessage(strings.TrimSuffix(index, "]"))
	}
	known, pending := obj{}, obj{}
	for name, v := range after {
		if v == "?" {
			pending[name] = true
			continue
		}
		known[name] = v
	}
	body := obj{"actions": strings.Split(action, "/"), "before": before, "after": known, "after_unknown": pending, "after_sensitive": obj{}}
	if before == nil {
		delete(body, "before")
		body["before"] = nil
	}
	if after == nil {
		body["after"] = nil
	}
	c["change"] = body
	return c
}

// block is a resource as it is written; args are references, or constants after "=".
func block(address string, args obj, more ...obj) obj {
	mode := "managed"
	rest, isData := strings.CutPrefix(address, "data.")
	if isData {
		mode = "data"
	}
	typ, name, _ := strings.Cut(rest, ".")
	b := obj{"address": address, "mode": mode, "type": typ, "name": name, "provider_config_key": "aws", "expressions": expressions(args)}
	for _, m := range more {
		maps.Copy(b, m)
	}
	return b
}

func expressions(args obj) obj {
	out := obj{}
	for name, v := range args {
		out[name] = expression(v)
	}
	return out
}

func expression(v any) any {
	switch x := v.(type) {
	case string:
		if constant, ok := strings.CutPrefix(x, "="); ok {
			return obj{"constant_value": constant}
		}
		return obj{"references": strings.Fields(x)}
	case []obj:
		var list []any
		for _, o := range x {
			list = append(list, expressions(o))
		}
		return list
	}
	return v
}

func (m mini) json(t *testing.T) string {
	t.Helper()
	doc := obj{
		"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": m.changes, "complete": true, "errored": false,
		"configuration": obj{
			"provider_config": obj{"aws": obj{"expressions": obj{"region": obj{"constant_value": "eu-central-1"}}}},
			"root_module":     m.config,
		},
	}
	maps.Copy(doc, m.more)
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (m mini) read(t *testing.T, o terraform.Options) *terraform.Plan {
	t.Helper()
	o.Mapping = mappingOf(t)
	p, err := terraform.Read(strings.NewReader(m.json(t)), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// find returns the resource of an address.
func find(t *testing.T, inv *assize.Inventory, address string) *assize.Resource {
	t.Helper()
	for _, r := range inv.Resources {
		if r.ID == address {
			return r
		}
	}
	t.Fatalf("there is no resource %s", address)
	return nil
}

// status is what is known of a bucket's versioning.
func status(t *testing.T, inv *assize.Inventory, address string) string {
	t.Helper()
	switch v := find(t, inv, address).Properties.At("VersioningConfiguration.Status").(type) {
	case string:
		return v
	case *assize.Unknown:
		return string(v.Cause)
	}
	return "absent"
}

// The parts of plans about versioning.
var (
	pendingBucket = obj{"bucket": "?", "id": "?", "arn": "?", "versioning": "?"}
	versioningOn  = obj{"bucket": "?", "id": "?", "versioning_configuration": []any{obj{"status": "Enabled"}}}
	versioningOff = obj{"bucket": "?", "id": "?", "versioning_configuration": []any{obj{"status": "Suspended"}}}
	enabled       = []obj{{"status": "=Enabled"}}
)

func versioning(link string, more ...obj) obj {
	return block("aws_s3_bucket_versioning.v", obj{"bucket": link, "versioning_configuration": enabled}, more...)
}

// forEach and count repeat a block.
func forEach(refs string) obj { return obj{"for_each_expression": expression(refs)} }
func count(refs string) obj   { return obj{"count_expression": expression(refs)} }

// resources is a module of nothing but resources.
func resources(blocks ...obj) obj { return obj{"resources": blocks} }

// TestLinks holds which side resource belongs to which bucket, by each way in which it can
// name it.
func TestLinks(t *testing.T) {
	t.Parallel()
	bucket := func(name string, more ...obj) obj { return block("aws_s3_bucket."+name, obj{}, more...) }
	tests := []struct {
		name string
		plan mini
		want map[string]string // status by address
	}{
		{"the same name on both sides", mini{
			changes: []obj{
				made("aws_s3_bucket.b", obj{"bucket": "x", "id": "?"}), made("aws_s3_bucket.c", obj{"bucket": "y", "id": "?"}),
				made("aws_s3_bucket_versioning.v", obj{"bucket": "x", "versioning_configuration": []any{obj{"status": "Enabled"}}}),
			}, config: resources(bucket("b"), bucket("c"), versioning("=x")),
		}, map[string]string{"aws_s3_bucket.b": "Enabled", "aws_s3_bucket.c": "absent"}},
		{"a reference", mini{
			changes: []obj{made("aws_s3_bucket.b", pendingBucket), made("aws_s3_bucket.c", pendingBucket), made("aws_s3_bucket_versioning.v", versioningOn)},
			config:  resources(bucket("b"), bucket("c"), versioning("aws_s3_bucket.c.id aws_s3_bucket.c")),
		}, map[string]string{"aws_s3_bucket.b": "absent", "aws_s3_bucket.c": "Enabled"}},
		{"count.index is the same number", mini{
			changes: []obj{
				made("aws_s3_bucket.b[0]", pendingBucket), made("aws_s3_bucket.b[1]", pendingBucket),
				made("aws_s3_bucket_versioning.v[0]", versioningOff), made("aws_s3_bucket_versioning.v[1]", versioningOn),
			}, config: resources(bucket("b", count("var.n")), versioning("aws_s3_bucket.b count.index", count("var.n"))),
		}, map[string]string{"aws_s3_bucket.b[0]": "Suspended", "aws_s3_bucket.b[1]": "Enabled"}},
		{"count.index of fewer may be count.index + 1", mini{
			changes: []obj{
				made("aws_s3_bucket.b[0]", pendingBucket), made("aws_s3_bucket.b[1]", pendingBucket), made("aws_s3_bucket_versioning.v[0]", versioningOn),
			}, config: resources(bucket("b", count("var.n")), versioning("aws_s3_bucket.b count.index", count("var.n"))),
		}, map[string]string{"aws_s3_bucket.b[0]": "unlinked", "aws_s3_bucket.b[1]": "unlinked"}},
		{"count.index of fewer modules may be count.index + 1", mini{
			changes: []obj{
				made("module.m[0].aws_s3_bucket.b", pendingBucket), made("module.m[1].aws_s3_bucket.b", pendingBucket),
				made("aws_s3_bucket_versioning.v[0]", versioningOn),
			}, config: obj{
				"resources": []obj{versioning("module.m count.index", count("var.n"))},
				"module_calls": obj{"m": obj{"count_expression": expression("var.n"), "module": obj{
					"resources": []obj{bucket("b")},
					"outputs":   obj{"id": obj{"expression": expression("aws_s3_bucket.b.id aws_s3_bucket.b")}},
				}}},
			},
		}, map[string]string{"module.m[0].aws_s3_bucket.b": "unlinked", "module.m[1].aws_s3_bucket.b": "unlinked"}},
		{"each.key is the same key", mini{
			changes: []obj{
				made(`aws_s3_bucket.b["a.b"]`, pendingBucket), made(`aws_s3_bucket.b["c\"]"]`, pendingBucket), made(`aws_s3_bucket_versioning.v["c\"]"]`, versioningOn),
			}, config: resources(bucket("b", forEach("var.n")), versioning("aws_s3_bucket.b each.key", forEach("var.n"))),
		}, map[string]string{`aws_s3_bucket.b["a.b"]`: "absent", `aws_s3_bucket.b["c\"]"]`: "Enabled"}},
		{"for_each over the buckets", mini{
			changes: []obj{
				made(`aws_s3_bucket.b["a"]`, pendingBucket), made(`aws_s3_bucket.b["b"]`, pendingBucket), made(`aws_s3_bucket_versioning.v["b"]`, versioningOn),
			}, config: resources(bucket("b", forEach("var.n")), versioning("each.value.id each.value", forEach("aws_s3_bucket.b"))),
		}, map[string]string{`aws_s3_bucket.b["a"]`: "absent", `aws_s3_bucket.b["b"]`: "Enabled"}},
		{"a number for keys that are texts is any of them", mini{
			changes: []obj{
				made(`aws_s3_bucket.b["a"]`, pendingBucket), made(`aws_s3_bucket.b["b"]`, pendingBucket), made("aws_s3_bucket_versioning.v[0]", versioningOn),
			}, config: resources(bucket("b", forEach("var.n")), versioning("aws_s3_bucket.b count.index", count("var.n"))),
		}, map[string]string{`aws_s3_bucket.b["a"]`: "unlinked", `aws_s3_bucket.b["b"]`: "unlinked"}},
		{"a key that is looked up is that of the element", mini{
			changes: []obj{
				made(`aws_s3_bucket.b["a"]`, pendingBucket), made(`aws_s3_bucket.b["b"]`, pendingBucket), made(`aws_s3_bucket_versioning.v["b"]`, versioningOn),
			}, config: resources(bucket("b", forEach("var.n")),
				versioning("aws_s3_bucket.b each.value", obj{"for_each_expression": obj{"constant_value": obj{"b": "a"}}})),
		}, map[string]string{`aws_s3_bucket.b["a"]`: "Enabled", `aws_s3_bucket.b["b"]`: "absent"}},
		{"a key that is looked up in what is not known is any", mini{
			changes: []obj{
				made(`aws_s3_bucket.b["a"]`, pendingBucket), made(`aws_s3_bucket.b["b"]`, pendingBucket), made(`aws_s3_bucket_versioning.v["b"]`, versioningOn),
			}, config: resources(bucket("b", forEach("var.n")), versioning("aws_s3_bucket.b each.value.parent each.value", forEach("var.n"))),
		}, map[string]string{`aws_s3_bucket.b["a"]`: "unlinked", `aws_s3_bucket.b["b"]`: "unlinked"}},
		{"a key that is looked up in a local is any", mini{
			changes: []obj{
				made(`aws_s3_bucket.b["a"]`, pendingBucket), made(`aws_s3_bucket.b["b"]`, pendingBucket), made(`aws_s3_bucket_versioning.v["b"]`, versioningOn),
			}, config: resources(bucket("b", forEach("var.n")), versioning("aws_s3_bucket.b local.parents each.key", forEach("var.n"))),
		}, map[string]string{`aws_s3_bucket.b["a"]`: "unlinked", `aws_s3_bucket.b["b"]`: "unlinked"}},
		{"of two candidates the one that is made", mini{
			changes: []obj{made("aws_s3_bucket.c[0]", pendingBucket), made("aws_s3_bucket_versioning.v", versioningOn)},
			config: resources(bucket("b", count("var.n")), bucket("c", count("var.n")),
				versioning("var.n aws_s3_bucket.b[0].id aws_s3_bucket.b[0] aws_s3_bucket.b aws_s3_bucket.c[0].id aws_s3_bucket.c[0] aws_s3_bucket.c")),
		}, map[string]string{"aws_s3_bucket.c[0]": "Enabled"}},
		{"of two that are made it is not known", mini{
			changes: []obj{made("aws_s3_bucket.b", pendingBucket), made("aws_s3_bucket.c", pendingBucket), made("aws_s3_bucket_versioning.v", versioningOn)},
			config:  resources(bucket("b"), bucket("c"), versioning("aws_s3_bucket.b.id aws_s3_bucket.b aws_s3_bucket.c.id aws_s3_bucket.c")),
		}, map[string]string{"aws_s3_bucket.b": "unlinked", "aws_s3_bucket.c": "unlinked"}},
		{"behind a local it is not known", mini{
			changes: []obj{made("aws_s3_bucket.b", pendingBucket), made("aws_s3_bucket_versioning.v", versioningOn)},
			config:  resources(bucket("b"), versioning("local.bucket")),
		}, map[string]string{"aws_s3_bucket.b": "unlinked"}},
		{"a variable of the module", mini{
			changes: []obj{made("aws_s3_bucket.b", pendingBucket), made("aws_s3_bucket.c", pendingBucket), made("module.m.aws_s3_bucket_versioning.v", versioningOn)},
			config: obj{"resources": []obj{bucket("b"), bucket("c")}, "module_calls": obj{"m": obj{
				"expressions": expressions(obj{"target": "aws_s3_bucket.c"}), "module": resources(versioning("var.target.id var.target")),
			}}},
		}, map[string]string{"aws_s3_bucket.b": "absent", "aws_s3_bucket.c": "Enabled"}},
		{"an output of a module with keys", mini{
			changes: []obj{
				made(`module.m["x.1"].aws_s3_bucket.b`, pendingBucket), made(`module.m["y"].aws_s3_bucket.b`, pendingBucket),
				made("aws_s3_bucket_versioning.v", versioningOn),
			},
			config: obj{
				"resources": []obj{versioning(`module.m["x.1"].id module.m["x.1"]`)},
				"module_calls": obj{"m": obj{"for_each_expression": expression("var.n"), "module": obj{
					"resources": []obj{bucket("b")},
					"outputs":   obj{"id": obj{"expression": expression("aws_s3_bucket.b.id aws_s3_bucket.b")}},
				}}},
			},
		}, map[string]string{`module.m["x.1"].aws_s3_bucket.b`: "Enabled", `module.m["y"].aws_s3_bucket.b`: "absent"}},
		{"what another side resource names", mini{
			changes: []obj{
				made("aws_s3_bucket.b", pendingBucket), made("aws_s3_bucket_policy.p", obj{"bucket": "?", "id": "?", "policy": "{}"}),
				made("aws_s3_bucket_versioning.v", versioningOn),
			},
			config: resources(bucket("b"), block("aws_s3_bucket_policy.p", obj{"bucket": "aws_s3_bucket.b.id aws_s3_bucket.b"}),
				versioning("aws_s3_bucket_policy.p.id aws_s3_bucket_policy.p")),
		}, map[string]string{"aws_s3_bucket.b": "Enabled"}},
		{"references in a circle", mini{
			changes: []obj{
				made("aws_s3_bucket.b", pendingBucket), made("aws_s3_bucket_policy.v", obj{"bucket": "?", "id": "?"}), made("aws_s3_bucket_versioning.v", versioningOn),
			},
			config: resources(bucket("b"), block("aws_s3_bucket_policy.v", obj{"bucket": "aws_s3_bucket_versioning.v.id"}), versioning("aws_s3_bucket_policy.v.id")),
		}, map[string]string{"aws_s3_bucket.b": "absent"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := tt.plan.read(t, terraform.Options{})
			got := map[string]string{}
			for address := range tt.want {
				got[address] = status(t, p.After, address)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("versioning (-want +got):\n%s", diff)
			}
		})
	}
}

// TestChanges holds what side resources that go, stay in AWS or move mean for their bucket.
func TestChanges(t *testing.T) {
	t.Parallel()
	there := obj{"bucket": "x", "id": "x", "arn": "arn:aws:s3:::x", "versioning": []any{obj{"enabled": true}}}
	other := obj{"bucket": "y", "id": "y", "arn": "arn:aws:s3:::y", "versioning": []any{obj{"enabled": false}}}
	on := func(bucket string) obj {
		return obj{"bucket": bucket, "id": bucket, "versioning_configuration": []any{obj{"status": "Enabled"}}}
	}
	config := resources(block("aws_s3_bucket.b", obj{}), block("aws_s3_bucket.c", obj{}))
	tests := []struct {
		name    string
		changes []obj
		want    string // of b
	}{
		{"it stays", []obj{changed("aws_s3_bucket_versioning.v", "no-op", on("x"), on("x"))}, "Enabled"},
		{"none is in the plan: the last reading", nil, "Enabled"},
		{"it is deleted", []obj{changed("aws_s3_bucket_versioning.v", "delete", on("x"), nil)}, "absent"},
		{"it is forgotten", []obj{changed("aws_s3_bucket_versioning.v", "forget", on("x"), nil)}, "Enabled"},
		{"it goes to another bucket", []obj{changed("aws_s3_bucket_versioning.v", "delete/create", on("x"), on("y"))}, "absent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mini{changes: append(tt.changes,
				changed("aws_s3_bucket.b", "no-op", there, there), changed("aws_s3_bucket.c", "no-op", other, other)), config: config}.read(t, terraform.Options{})
			if got := status(t, p.After, "aws_s3_bucket.b"); got != tt.want {
				t.Errorf("after: got %s, want %s", got, tt.want)
			}
			if got := status(t, p.Before, "aws_s3_bucket.b"); got != "Enabled" {
				t.Errorf("before: got %s, want Enabled", got)
			}
		})
	}
}

// TestIncomplete holds that a plan with -target never says that something is absent.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	plan := mini{
		changes: []obj{made("aws_s3_bucket.b", pendingBucket)}, config: resources(block("aws_s3_bucket.b", obj{})), more: obj{"complete": false},
	}
	p := plan.read(t, terraform.Options{AllowIncomplete: true})
	if got, want := status(t, p.After, "aws_s3_bucket.b"), string(assize.UntilApply); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestScope holds where resources go: by the provider's arguments, by ARNs of what is there, by
// the options.
func TestScope(t *testing.T) {
	t.Parallel()
	notebook := func(arn string) obj { return obj{"name": "n", "id": "n", "arn": arn} }
	there := notebook("arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/n")
	config := resources(
		block("aws_sagemaker_notebook_instance.n", obj{}), block("aws_sagemaker_notebook_instance.m", obj{}),
		block("aws_sagemaker_notebook_instance.w", obj{}, obj{"provider_config_key": "aws.west"}),
	)
	plan := mini{
		changes: []obj{
			changed("aws_sagemaker_notebook_instance.n", "no-op", there, there),
			made("aws_sagemaker_notebook_instance.m", obj{"name": "m", "arn": "?"}),
			made("aws_sagemaker_notebook_instance.w", obj{"name": "w", "arn": "?"}),
		}, config: config,
	}
	plan.more = obj{"variables": obj{"region": obj{"value": "us-west-2"}}, "configuration": obj{
		"provider_config": obj{
			"aws":      obj{"expressions": obj{"region": obj{"constant_value": "eu-central-1"}}},
			"aws.west": obj{"expressions": obj{"region": obj{"references": []string{"var.region"}}}},
		}, "root_module": config,
	}}
	p := plan.read(t, terraform.Options{Account: "444455556666"})
	got := map[string]string{}
	for _, r := range p.After.Resources {
		got[r.ID] = r.Account + " " + r.Region
	}
	want := map[string]string{
		"aws_sagemaker_notebook_instance.n": "111122223333 eu-west-1",
		"aws_sagemaker_notebook_instance.m": "111122223333 eu-central-1",
		"aws_sagemaker_notebook_instance.w": "444455556666 us-west-2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("account and Region (-want +got):\n%s", diff)
	}
}
