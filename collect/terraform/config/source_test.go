package config_test

import (
	"testing"

	"github.com/assize-dev/assize/collect/terraform/config"
)

// TestPublicSource holds that the address of a module is shown without what lets one in.
func TestPublicSource(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"./modules/bucket":                  "./modules/bucket",
		"terraform-aws-modules/kms/aws":     "terraform-aws-modules/kms/aws",
		"git@github.com:acme/x.git?ref=v1":  "git@github.com:acme/x.git?ref=v1",
		"git::ssh://git@host/x.git//a":      "git::ssh://git@host/x.git//a",
		"git::ssh://git:pw@host/x.git":      "git::ssh://…@host/x.git",
		"git::https://token@host/x?ref=v1":  "git::https://…@host/x?ref=v1",
		"git::https://u:p@ss@host:8443/x@y": "git::https://…@host:8443/x@y",
		"s3::https://s3.amazonaws.com/b/m.zip?aws_access_key_id=AK&aws_access_key_secret=S": "s3::https://s3.amazonaws.com/b/m.zip?aws_access_key_id=…&aws_access_key_secret=…",
		"git::https://host/x?ref=v1&sshkey=AAAA":                                            "git::https://host/x?ref=v1&sshkey=…",
	} {
		if got := config.PublicSource(source); got != want {
			t.Errorf("%s: got %s, want %s", source, got, want)
		}
	}
}
