package aws

import (
	"cmp"
	"context"

	"github.com/assize-dev/assize"
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
	opGetBucketOwnership  = "s3:GetBucketOwnershipControls"
	opGetBucketACL        = "s3:GetBucketAcl"
	opGetPolicyStatus     = "s3:GetBucketPolicyStatus"
	opGetObjectLock       = "s3:GetObjectLockConfiguration"
	opGetReplication      = "s3:GetBucketReplication"
	opGetNotification     = "s3:GetBucketNotificationConfiguration"

	noBucketPolicy = "NoSuchBucketPolicy"
	bucketPage     = 1000
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
			{Name: opGetBucketOwnership, Actions: []string{"s3:GetBucketOwnershipControls"}},
			{Name: opGetBucketACL, Actions: []string{"s3:GetBucketAcl"}},
			{Name: opGetPolicyStatus, Actions: []string{"s3:GetBucketPolicyStatus"}},
			{Name: opGetObjectLock, Actions: []string{"s3:GetBucketObjectLockConfiguration"}},
			{Name: opGetReplication, Actions: []string{"s3:GetReplicationConfiguration"}},
			{Name: opGetNotification, Actions: []string{"s3:GetBucketNotification"}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		// Only a list that is asked for with a parameter names the Regions of the buckets.
		in := &s3.ListBucketsInput{MaxBuckets: aws.Int32(bucketPage)}
		buckets := list(ctx, t, opListBuckets, s3.NewListBucketsPaginator(c.s3(t.Region), in),
			func(o *s3.ListBucketsOutput) []types.Bucket { return o.Buckets }, typeBucket)
		key := func(bucket types.Bucket) (string, string) { return typeBucket, aws.ToString(bucket.Name) }
		return each(ctx, t, buckets, key, func(ctx context.Context, b *collect.Builder, bucket types.Bucket) {
			b.ARN("arn:" + assize.Partition(c.home) + ":s3:::" + b.ID())
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
	opGetBucketLogging, opGetBucketLifecycle, opGetBucketTagging, opGetBucketOwnership, opGetBucketACL,
	opGetPolicyStatus, opGetObjectLock, opGetReplication, opGetNotification,
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
	describePolicy(ctx, b, api, name)
	describe(ctx, b, opGetBucketLogging, api.GetBucketLogging, &s3.GetBucketLoggingInput{Bucket: name})
	describe(ctx, b, opGetBucketLifecycle, api.GetBucketLifecycleConfiguration,
		&s3.GetBucketLifecycleConfigurationInput{Bucket: name}, "NoSuchLifecycleConfiguration")
	describe(ctx, b, opGetBucketTagging, api.GetBucketTagging, &s3.GetBucketTaggingInput{Bucket: name},
		"NoSuchTagSet")
	describe(ctx, b, opGetBucketOwnership, api.GetBucketOwnershipControls, &s3.GetBucketOwnershipControlsInput{Bucket: name},
		"OwnershipControlsNotFoundError")
	describe(ctx, b, opGetBucketACL, api.GetBucketAcl, &s3.GetBucketAclInput{Bucket: name})
	describe(ctx, b, opGetObjectLock, api.GetObjectLockConfiguration, &s3.GetObjectLockConfigurationInput{Bucket: name},
		"ObjectLockConfigurationNotFoundError")
	describe(ctx, b, opGetReplication, api.GetBucketReplication, &s3.GetBucketReplicationInput{Bucket: name},
		"ReplicationConfigurationNotFoundError")
	describeNotification(ctx, b, api, name)
}

// describePolicy asks for S3's own view of the policy only where there is one: most
// buckets have none.
func describePolicy(ctx context.Context, b *collect.Builder, api *s3.Client, name *string) {
	out, err := callIn(ctx, b.Task(), opGetBucketPolicy, b.StandsIn(), api.GetBucketPolicy, &s3.GetBucketPolicyInput{Bucket: name})
	switch {
	case err == nil:
		b.Answer(opGetBucketPolicy, out)
	case failedWith(err, noBucketPolicy):
		b.None(opGetBucketPolicy, noBucketPolicy)
		b.None(opGetPolicyStatus, noBucketPolicy)
		return
	default:
		b.Fail(opGetBucketPolicy, err)
	}
	describe(ctx, b, opGetPolicyStatus, api.GetBucketPolicyStatus, &s3.GetBucketPolicyStatusInput{Bucket: name}, noBucketPolicy)
}

// bucketNotification is the answer of GetBucketNotificationConfiguration; S3 says by an
// element without content that events go to EventBridge.
type bucketNotification struct {
	EventBridgeEnabled           bool
	LambdaFunctionConfigurations []types.LambdaFunctionConfiguration
	QueueConfigurations          []types.QueueConfiguration
	TopicConfigurations          []types.TopicConfiguration
}

func describeNotification(ctx context.Context, b *collect.Builder, api *s3.Client, name *string) {
	out, err := callIn(ctx, b.Task(), opGetNotification, b.StandsIn(), api.GetBucketNotificationConfiguration,
		&s3.GetBucketNotificationConfigurationInput{Bucket: name})
	if err != nil {
		b.Fail(opGetNotification, err)
		return
	}
	b.Answer(opGetNotification, bucketNotification{
		EventBridgeEnabled:           out.EventBridgeConfiguration != nil,
		LambdaFunctionConfigurations: out.LambdaFunctionConfigurations,
		QueueConfigurations:          out.QueueConfigurations,
		TopicConfigurations:          out.TopicConfigurations,
	})
}
