package aws

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/google/go-cmp/cmp"
)

// seedKey makes a key with an alias and returns its id.
func seedKey(t *testing.T, b *coreBench, spec types.KeySpec, usage types.KeyUsageType, alias string) string {
	t.Helper()
	api := kms.NewFromConfig(b.config(t, coreRegion))
	out, err := api.CreateKey(t.Context(), &kms.CreateKeyInput{KeySpec: spec, KeyUsage: usage})
	noError(t, err)
	_, err = api.CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String(alias), TargetKeyId: out.KeyMetadata.KeyId})
	noError(t, err)
	return *out.KeyMetadata.KeyId
}

func TestKeys(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	api := kms.NewFromConfig(b.config(t, coreRegion))
	rotating := seedKey(t, b, types.KeySpecSymmetricDefault, types.KeyUsageTypeEncryptDecrypt, "alias/rotating")
	_, err := api.EnableKeyRotation(t.Context(), &kms.EnableKeyRotationInput{KeyId: &rotating})
	noError(t, err)
	doomed := seedKey(t, b, types.KeySpecSymmetricDefault, types.KeyUsageTypeEncryptDecrypt, "alias/doomed")
	_, err = api.ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: &doomed})
	noError(t, err)
	signing := seedKey(t, b, types.KeySpecRsa2048, types.KeyUsageTypeSignVerify, "alias/signing")
	b.ResetCounts()
	run := b.run(t, []*collector{&kmsKeys})
	run.complete(t, coreRegion, typeKey)

	paths := []string{"KeyId", "Aliases", "KeyManager", "KeyState", "Enabled", "KeySpec", "Origin", "EnableKeyRotation"}
	tests := []struct {
		name, id string
		want     map[string]any
	}{
		{"rotating", rotating, map[string]any{
			"KeyId": rotating, "Aliases": assize.List{"alias/rotating"}, "KeyManager": "CUSTOMER", "KeyState": "Enabled",
			"Enabled": true, "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "EnableKeyRotation": true,
		}},
		{"pending deletion", doomed, map[string]any{
			"KeyId": doomed, "Aliases": assize.List{"alias/doomed"}, "KeyManager": "CUSTOMER", "KeyState": "PendingDeletion",
			"Enabled": false, "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "EnableKeyRotation": false,
		}},
		{"asymmetric", signing, map[string]any{
			"KeyId": signing, "Aliases": assize.List{"alias/signing"}, "KeyManager": "CUSTOMER", "KeyState": "Enabled",
			"Enabled": true, "KeySpec": "RSA_2048", "Origin": "AWS_KMS", "EnableKeyRotation": nil,
		}},
	}
	for _, test := range tests {
		got := run.properties(t, coreRegion, typeKey, test.id)
		if diff := cmp.Diff(test.want, at(got, paths...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if policy, _ := got.At("KeyPolicy").(string); policy == "" {
			t.Errorf("%s: no key policy", test.name)
		}
	}
	if n := b.Count("kms", "GetKeyRotationStatus"); n != 2 {
		t.Errorf("%d calls of GetKeyRotationStatus, want 2: the asymmetric key cannot rotate", n)
	}
	if n := b.Count("kms", "ListAliases"); n != 1 {
		t.Errorf("%d calls of ListAliases, want 1", n)
	}
}

// Keys may refuse single callers, and the list of aliases may be denied: the rest is known.
func TestKeysUnread(t *testing.T) {
	t.Parallel()
	paths := []string{"Aliases", "KeyState", "EnableKeyRotation", "KeyPolicy"}
	tests := []struct {
		operation string
		unknown   []string
	}{
		{"ListAliases", []string{"Aliases"}},
		{"DescribeKey", []string{"KeyState"}},
		{"GetKeyRotationStatus", []string{"EnableKeyRotation"}},
		{"GetKeyPolicy", []string{"KeyPolicy"}},
	}
	for _, test := range tests {
		t.Run(test.operation, func(t *testing.T) {
			t.Parallel()
			b := newCoreBench(t)
			id := seedKey(t, b, types.KeySpecSymmetricDefault, types.KeyUsageTypeEncryptDecrypt, "alias/key")
			b.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "kms", Operation: test.operation})
			run := b.run(t, []*collector{&kmsKeys})
			run.complete(t, coreRegion, typeKey)
			var unknown []string
			for _, path := range paths {
				if at(run.properties(t, coreRegion, typeKey, id), path)[path] == assize.Denied {
					unknown = append(unknown, path)
				}
			}
			if diff := cmp.Diff(test.unknown, unknown); diff != "" {
				t.Errorf("unknown facts (-want +got):\n%s", diff)
			}
		})
	}
}
