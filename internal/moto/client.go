package moto

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// keys are credentials that moto takes for one account.
type keys struct{ id, secret, token string }

// Config returns a client configuration for a region of an account at an
// endpoint: moto's URL, or that of a fakeaws in front of it. It tries each call
// once. Empty account means [DefaultAccount]; another one is entered through
// sts AssumeRole, which moto grants for any account and role. S3 clients need
// [PathStyle] on top.
func Config(tb TB, endpoint, region, account string) aws.Config {
	tb.Helper()
	cfg, err := NewConfig(context.Background(), endpoint, region, account)
	if err != nil {
		tb.Fatalf("moto: %v", err)
	}
	return cfg
}

// NewConfig is [Config] outside of a test.
func NewConfig(ctx context.Context, endpoint, region, account string) (aws.Config, error) {
	cfg := config(endpoint, region, keys{id: "AKIAMOTODEFAULT00000", secret: "moto"})
	if account == "" || account == DefaultAccount {
		return cfg, nil
	}
	k, err := enter(ctx, cfg, account)
	if err != nil {
		return aws.Config{}, err
	}
	return config(endpoint, region, k), nil
}

func config(endpoint, region string, k keys) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(endpoint), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(k.id, k.secret, k.token),
	}
}

// enter assumes a role of an account.
func enter(ctx context.Context, cfg aws.Config, account string) (keys, error) {
	out, err := sts.NewFromConfig(cfg).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + account + ":role/assize"), RoleSessionName: aws.String("assize"),
	})
	if err != nil {
		return keys{}, fmt.Errorf("enter account %s: %w", account, err)
	}
	if out.Credentials == nil {
		return keys{}, fmt.Errorf("enter account %s: %w", account, errors.New("no credentials in the answer"))
	}
	c := out.Credentials
	return keys{aws.ToString(c.AccessKeyId), aws.ToString(c.SecretAccessKey), aws.ToString(c.SessionToken)}, nil
}

// PathStyle is the option S3 clients need: s3.NewFromConfig(cfg, moto.PathStyle).
func PathStyle(o *s3.Options) { o.UsePathStyle = true }
