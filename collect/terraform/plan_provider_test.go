package terraform_test

import (
	"testing"

	"github.com/assize-dev/assize/collect/terraform"
)

// TestInheritedProvider holds that a module whose provider comes down through one that does not use it goes where
// that provider goes, and is linked: Terraform gives it a key of its own.
func TestInheritedProvider(t *testing.T) {
	t.Parallel()
	inner := obj{"provider_config_key": "module.m.module.n:aws"}
	config := obj{
		"resources": []obj{versioning("module.m.name module.m")},
		"module_calls": obj{"m": obj{"module": obj{
			"outputs": obj{"name": obj{"expression": expression("module.n.names module.n")}},
			"module_calls": obj{"n": obj{"module": obj{
				"resources": []obj{block("aws_s3_bucket.b", obj{}, inner), block("aws_s3_bucket.c", obj{}, inner)},
				"outputs": obj{"names": obj{"expression": expression(
					"aws_s3_bucket.b.id aws_s3_bucket.b aws_s3_bucket.c.id aws_s3_bucket.c")}},
			}}},
		}}},
	}
	region := func(name string) obj { return obj{"expressions": obj{"region": obj{"constant_value": name}}} }
	key := obj{"module_address": "module.m.module.n"}
	tests := []struct {
		name      string
		providers obj
		want      string
	}{
		{"of one", obj{"aws": region("eu-central-1"), "module.m.module.n:aws": key}, "eu-central-1"},
		{"of a Region with a long name", obj{"aws": region("eusc-de-east-1"), "module.m.module.n:aws": key}, "eusc-de-east-1"},
		{"of one that the environment sets", obj{"aws": obj{}, "module.m.module.n:aws": key}, "us-east-1"},
		{"of none that is written", obj{"module.m.module.n:aws": key}, "us-east-1"},
		{"of several", obj{"aws": region("eu-central-1"), "aws.west": region("us-west-2"), "module.m.module.n:aws": key}, "us-east-1"},
		{"others do not count", obj{"aws": region("eu-central-1"), "awscc.west": region("us-west-2"), "module.m.module.n:aws": key}, "eu-central-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			plan := mini{changes: []obj{
				made("aws_s3_bucket_versioning.v", versioningOn),
				made("module.m.module.n.aws_s3_bucket.b", pendingBucket), made("module.m.module.n.aws_s3_bucket.c", pendingBucket),
			}, more: obj{"configuration": obj{"provider_config": tt.providers, "root_module": config}}}
			p := plan.read(t, terraform.Options{Region: "us-east-1"})
			for _, name := range []string{"b", "c"} {
				address := "module.m.module.n.aws_s3_bucket." + name
				if got := find(t, p.After, address).Region; got != tt.want {
					t.Errorf("Region of %s: got %q, want %q", name, got, tt.want)
				}
				if got := status(t, p.After, address); got != "unlinked" {
					t.Errorf("versioning of %s: got %s, want unlinked", name, got)
				}
			}
		})
	}
}
