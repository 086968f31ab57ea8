package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

// seedLatency is a job that makes the buckets, roles and keys of the account behind
// the latency; its arguments are the address and the account.
func seedLatency(ctx context.Context, o options, args []string) ([]figure, error) {
	s := newSeeding(args[0], args[1])
	if err := times(ctx, o.buckets, s.bucket); err != nil {
		return nil, fmt.Errorf("make buckets: %w", err)
	}
	if err := times(ctx, o.roles, s.role); err != nil {
		return nil, fmt.Errorf("make roles: %w", err)
	}
	keys := kms.NewFromConfig(s.cfg)
	err := times(ctx, o.keys, func(ctx context.Context, i int) error {
		return failed(keys.CreateKey(ctx, &kms.CreateKeyInput{Description: aws.String(fmt.Sprintf("key %d", i))}))
	})
	if err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	return nil, nil
}
