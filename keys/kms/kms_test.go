package kms_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/assize-dev/assize/internal/moto"
	"github.com/assize-dev/assize/keys/kms"
)

func newKey(t *testing.T, c *awskms.Client, in awskms.CreateKeyInput) string {
	t.Helper()
	if in.KeyUsage == "" { // AWS's default, which moto does not fill in
		in.KeyUsage, in.KeySpec = types.KeyUsageTypeEncryptDecrypt, types.KeySpecSymmetricDefault
	}
	out, err := c.CreateKey(t.Context(), &in)
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.KeyMetadata.Arn)
}

func TestWrap(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := awskms.NewFromConfig(moto.Config(t, moto.Start(t).URL, "eu-central-1", moto.NewAccount()))
	one, two := newKey(t, c, awskms.CreateKeyInput{}), newKey(t, c, awskms.CreateKeyInput{})
	if _, err := c.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: aws.String("alias/evidence"), TargetKeyId: aws.String(one)}); err != nil {
		t.Fatal(err)
	}
	key, err := kms.New(ctx, c, "alias/evidence")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := key.ID(), "kms:"+one; got != want {
		t.Errorf("got id %s, want %s", got, want)
	}
	plain := bytes.Repeat([]byte{7}, 32)
	wrapped, err := key.Wrap(ctx, plain)
	if err != nil || bytes.Contains(wrapped, plain) {
		t.Fatalf("got %x, %v", wrapped, err)
	}
	if got, err := key.Unwrap(ctx, wrapped); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("got %x, %v, want %x", got, err, plain)
	}
	other, err := kms.New(ctx, c, two)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Unwrap(ctx, wrapped); err == nil {
		t.Error("another key unwraps it")
	}
	wrapped[len(wrapped)-1] ^= 1
	if _, err := key.Unwrap(ctx, wrapped); err == nil {
		t.Error("a wrapped key that was changed is unwrapped")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := awskms.NewFromConfig(moto.Config(t, moto.Start(t).URL, "eu-central-1", moto.NewAccount()))
	signing := newKey(t, c, awskms.CreateKeyInput{KeyUsage: types.KeyUsageTypeSignVerify, KeySpec: types.KeySpecRsa2048})
	disabled := newKey(t, c, awskms.CreateKeyInput{})
	if _, err := c.DisableKey(ctx, &awskms.DisableKeyInput{KeyId: aws.String(disabled[strings.LastIndex(disabled, "/")+1:])}); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{signing: "SIGN_VERIFY", disabled: "Disabled", "alias/none": "alias/none"} {
		if _, err := kms.New(ctx, c, key); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", key, err, want)
		}
	}
	if _, err := kms.Open(ctx, "arn:aws"); err == nil || strings.Contains(err.Error(), "AWS configuration") {
		t.Errorf("got %v, want a fault of the ARN", err)
	}
}
