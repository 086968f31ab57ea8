package aws

import (
	"cmp"
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const (
	typeBucket            = "AWS::S3::Bucket"
	opListBuckets         = "s3:ListBuckets"
	opGetBucketLocation   = "s3:GetBucketLocation"
	opGetBucketVersioning = "s3:GetBucketVersioning"
	opGetBucketEncryption = "s3:GetBucketEncryption"
	opGetPublicAccess     = "s3:GetPublicAccessBlock"
	opGetBucketPolicy     = "s3:GetBucketPolicy"
	opGetBucketLogging    = "s3:GetBucketLogging"
	opGetBucketLifecycle  = "s3:GetBucketLifecycleConfiguration"
	opGetBucketTagging    = "s3:GetBucketTagging"

	bucketPage = 1000
)

// s3Buckets lists the buckets of the account once and describes each in the Region
// where it stands: another Region answers with a redirection.
var s3Buckets = collector{
	Declaration: collect.Declaration{
		Name: "s3-buckets", Service: "s3", Scope: collect.Global, Types: []string{typeBucket},
		Operations: []collect.Operation{
			{Name: opListBuckets, Actions: []string{"s3:ListAllMyBuckets"}},
			{Name: opGetBucketLocation, Actions: []string{"s3:GetBucketLocation"}, MayBeEmpty: true},
			{Name: opGetBucketVersioning, Actions: []string{"s3:GetBucketVersioning"}, MayBeEmpty: true},
			{Name: opGetBucketEncryption, Actions: []string{"s3:GetEncryptionConfiguration"}},
			{Name: opGetPublicAccess, Actions: []string{"s3:GetBucketPublicAccessBlock"}},
			{Name: opGetBucketPolicy, Actions: []string{"s3:GetBucketPolicy"}},
			{Name: opGetBucketLogging, Actions: []string{"s3:GetBucketLogging"}, MayBeEmpty: true},
			{Name: opGetBucketLifecycle, Actions: []string{"s3:GetLifecycleConfiguration"}},
			{Name: opGetBucketTagging, Actions: []string{"s3:GetBucketTagging"}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		// Only a list that is asked for with a parameter names the Regions of the buckets.
		in := &s3.ListBucketsInput{MaxBuckets: aws.Int32(bucketPage)}
		buckets := list(ctx, t, opListBuckets, s3.NewListBucketsPaginator(c.s3(t.Region), in),
			func(o *s3.ListBucketsOutput) []types.Bucket { return o.Buckets }, typeBucket)
		key := func(bucket types.Bucket) (string, string) { return typeBucket, aws.ToString(bucket.Name) }
		return each(ctx, t, buckets, key, func(ctx context.Context, b *collect.Builder, bucket types.Bucket) {
			b.ARN("arn:" + partitionOf(c.home) + ":s3:::" + b.ID())
			b.Answer(opListBuckets, bucket)
			region, err := bucketRegion(ctx, b, c, bucket)
			if err != nil {
				for _, op := range bucketOperations {
					b.Fail(op, err)
				}
				return
			}
			b.Region(region)
			describeBucket(ctx, b, c.s3(region), bucket.Name)
		})
	},
}

// bucketOperations are those of describeBucket.
var bucketOperations = []string{
	opGetBucketVersioning, opGetBucketEncryption, opGetPublicAccess, opGetBucketPolicy,
	opGetBucketLogging, opGetBucketLifecycle, opGetBucketTagging,
}

// bucketRegion asks where the bucket stands when the list did not say.
func bucketRegion(ctx context.Context, b *collect.Builder, c *clients, bucket types.Bucket) (string, error) {
	if region := aws.ToString(bucket.BucketRegion); region != "" {
		return region, nil
	}
	t := b.Task()
	out, err := call(ctx, t, opGetBucketLocation, c.s3(t.Region).GetBucketLocation, &s3.GetBucketLocationInput{Bucket: bucket.Name})
	if err != nil {
		b.Fail(opGetBucketLocation, err)
		return "", err
	}
	b.Answer(opGetBucketLocation, out)
	if out.LocationConstraint == types.BucketLocationConstraintEu {
		return "eu-west-1", nil
	}
	return cmp.Or(string(out.LocationConstraint), "us-east-1"), nil
}

func describeBucket(ctx context.Context, b *collect.Builder, api *s3.Client, name *string) {
	describe(ctx, b, opGetBucketVersioning, api.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: name})
	describe(ctx, b, opGetBucketEncryption, api.GetBucketEncryption, &s3.GetBucketEncryptionInput{Bucket: name},
		"ServerSideEncryptionConfigurationNotFoundError")
	describe(ctx, b, opGetPublicAccess, api.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: name},
		"NoSuchPublicAccessBlockConfiguration")
	describe(ctx, b, opGetBucketPolicy, api.GetBucketPolicy, &s3.GetBucketPolicyInput{Bucket: name},
		"NoSuchBucketPolicy")
	describe(ctx, b, opGetBucketLogging, api.GetBucketLogging, &s3.GetBucketLoggingInput{Bucket: name})
	describe(ctx, b, opGetBucketLifecycle, api.GetBucketLifecycleConfiguration,
		&s3.GetBucketLifecycleConfigurationInput{Bucket: name}, "NoSuchLifecycleConfiguration")
	describe(ctx, b, opGetBucketTagging, api.GetBucketTagging, &s3.GetBucketTaggingInput{Bucket: name},
		"NoSuchTagSet")
}
