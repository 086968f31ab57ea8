// Package kms wraps data keys with a key of AWS KMS, which never leaves it.
//
// It calls kms:DescribeKey once, then kms:Encrypt and kms:Decrypt on that key, each with the encryption context
// {"assize": "evidence data key"}: a policy of the key can demand it, and CloudTrail shows it.
package kms

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/assize-dev/assize/keys"
)

// Key is a wrapping key in KMS.
type Key struct {
	client *kms.Client
	arn    string
}

var _ keys.Wrapper = (*Key)(nil)

// encryptionContext is authenticated with each data key.
var encryptionContext = map[string]string{"assize": "evidence data key"}

// New takes a symmetric key that can encrypt: by id, alias or ARN. It is known by its ARN from then on, so that an alias
// which is moved later does not change what was wrapped.
func New(ctx context.Context, client *kms.Client, key string) (*Key, error) {
	out, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(key)})
	if err != nil {
		return nil, fmt.Errorf("wrapping key %s: %w", key, err)
	}
	m := out.KeyMetadata
	switch {
	case m == nil || aws.ToString(m.Arn) == "":
		return nil, fmt.Errorf("wrapping key %s: KMS does not say what it is", key)
	case m.KeyUsage != types.KeyUsageTypeEncryptDecrypt || m.KeySpec != types.KeySpecSymmetricDefault:
		return nil, fmt.Errorf("wrapping key %s: it is a key for %s (%s): want a symmetric one that encrypts", key, m.KeyUsage, m.KeySpec)
	case !m.Enabled:
		return nil, fmt.Errorf("wrapping key %s: it is %s: enable it", key, m.KeyState)
	}
	return &Key{client: client, arn: aws.ToString(m.Arn)}, nil
}

// Open takes a key with the credentials and the Region that the AWS SDK finds; of an ARN the Region is that of the ARN.
func Open(ctx context.Context, key string) (*Key, error) {
	client, err := clientOf(ctx, key)
	if err != nil {
		return nil, err
	}
	return New(ctx, client, key)
}

// Known takes a key by its ARN for what it has wrapped before: KMS is not asked whether it may still encrypt.
func Known(ctx context.Context, key string) (*Key, error) {
	client, err := clientOf(ctx, key)
	if err != nil {
		return nil, err
	}
	return &Key{client: client, arn: key}, nil
}

// clientOf makes the client for a key.
func clientOf(ctx context.Context, key string) (*kms.Client, error) {
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("wrapping key %s: AWS configuration: %w", key, err)
	}
	if a, err := arn.Parse(key); err == nil {
		c.Region = a.Region
	} else if strings.HasPrefix(key, "arn:") {
		return nil, fmt.Errorf("wrapping key %s: %w", key, err)
	}
	return kms.NewFromConfig(c), nil
}

// Prefix stands before the ARN of a key in its ID.
const Prefix = "kms:"

// ID names the key.
func (k *Key) ID() string { return Prefix + k.arn }

// Wrap encrypts a data key.
func (k *Key) Wrap(ctx context.Context, plain []byte) ([]byte, error) {
	out, err := k.client.Encrypt(ctx, &kms.EncryptInput{KeyId: aws.String(k.arn), Plaintext: plain, EncryptionContext: encryptionContext})
	if err != nil {
		return nil, fmt.Errorf("wrap a data key with %s: %w", k.arn, err)
	}
	if len(out.CiphertextBlob) == 0 {
		return nil, fmt.Errorf("wrap a data key with %s: %w", k.arn, errEmpty)
	}
	return out.CiphertextBlob, nil
}

// Unwrap decrypts a data key; with this key only, whatever the wrapped bytes name.
func (k *Key) Unwrap(ctx context.Context, wrapped []byte) ([]byte, error) {
	out, err := k.client.Decrypt(ctx, &kms.DecryptInput{KeyId: aws.String(k.arn), CiphertextBlob: wrapped, EncryptionContext: encryptionContext})
	if err != nil {
		return nil, fmt.Errorf("unwrap a data key with %s: %w", k.arn, err)
	}
	if len(out.Plaintext) == 0 {
		return nil, fmt.Errorf("unwrap a data key with %s: %w", k.arn, errEmpty)
	}
	return out.Plaintext, nil
}

// errEmpty: a key of no bytes would encrypt with what everybody knows.
var errEmpty = errors.New("KMS answered nothing")
