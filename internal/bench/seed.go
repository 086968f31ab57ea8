package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

// region of both accounts.
const region = "us-east-1"

// seeding makes resources in one account of moto.
type seeding struct {
	account string
	cfg     aws.Config
	s3      *s3.Client
	iam     *iam.Client
}

func newSeeding(url, account string) *seeding {
	cfg := aws.Config{
		Region: region, BaseEndpoint: aws.String(url), RetryMaxAttempts: 1, Credentials: fakeaws.Credentials(account),
		HTTPClient: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: seeders}},
	}
	return &seeding{account: account, cfg: cfg, s3: s3.NewFromConfig(cfg, moto.PathStyle), iam: iam.NewFromConfig(cfg)}
}

// seeders are calls under way at once; moto gets no faster with more.
const seeders = 4

// times calls fn for 0 to n-1, some at once, and joins the first errors.
func times(ctx context.Context, n int, fn func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next := make(chan int)
	go func() {
		defer close(next)
		for i := range n {
			select {
			case next <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	errs := make([]error, seeders)
	var wg sync.WaitGroup
	for worker := range seeders {
		wg.Go(func() {
			for i := range next {
				if err := fn(ctx, i); err != nil {
					errs[worker] = fmt.Errorf("number %d: %w", i, err)
					cancel()
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// failed passes the error of a call on whose output is of no use.
func failed(_ any, err error) error { return err }

func (s *seeding) bucketName(i int) string { return fmt.Sprintf("data-%s-%04d", s.account, i) }

// bucket makes a bucket with default encryption, tags, and for every second one
// versions and a block on public access.
func (s *seeding) bucket(ctx context.Context, i int) error {
	name := aws.String(s.bucketName(i))
	if err := failed(s.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: name})); err != nil {
		return err
	}
	err := failed(s.s3.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: name, Tagging: &types.Tagging{
		TagSet: []types.Tag{{Key: aws.String("team"), Value: aws.String("ml")}},
	}}))
	if err != nil || i%2 == 1 {
		return err
	}
	err = failed(s.s3.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}))
	if err != nil {
		return err
	}
	return failed(s.s3.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: name, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true),
			BlockPublicPolicy: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
		},
	}))
}

// Documents of the roles and policies.
const (
	serviceTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["sagemaker.amazonaws.com","bedrock.amazonaws.com"]},"Action":"sts:AssumeRole"}]}`
	tightPolicy  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::data/*"}]}`
	openPolicy   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"bedrock:*","Resource":"*"}]}`
)

func (s *seeding) roleARN(i int) *string {
	return aws.String(fmt.Sprintf("arn:aws:iam::%s:role/role-%04d", s.account, i))
}

// role makes a role that services may take on, with an inline policy.
func (s *seeding) role(ctx context.Context, i int) error {
	name := aws.String(fmt.Sprintf("role-%04d", i))
	err := failed(s.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(serviceTrust)}))
	if err != nil {
		return err
	}
	return failed(s.iam.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: name, PolicyName: aws.String("inline"), PolicyDocument: aws.String(pick(i, tightPolicy, openPolicy)),
	}))
}

// pick returns a for even numbers and b for odd ones.
func pick[T any](i int, a, b T) T {
	if i%2 == 0 {
		return a
	}
	return b
}
