package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

// proofBucket makes a bucket in the live Region.
func proofBucket(t *testing.T, api *s3.Client, name string) {
	t.Helper()
	proved[*s3.CreateBucketOutput](t)(api.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: liveRegion},
	}))
}

// proofGoodBucket gives a bucket every setting that the checks of buckets demand.
func proofGoodBucket(t *testing.T, api *s3.Client, name, logs string) {
	t.Helper()
	ctx, bucket := t.Context(), &name
	proved[*s3.PutPublicAccessBlockOutput](t)(api.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: bucket, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
		},
	}))
	proved[*s3.PutBucketOwnershipControlsOutput](t)(api.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{
		Bucket: bucket, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}}},
	}))
	proved[*s3.PutBucketEncryptionOutput](t)(api.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: bucket, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms},
		}}},
	}))
	proved[*s3.PutBucketLifecycleConfigurationOutput](t)(api.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: aws.String("old"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
			NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(30)},
		}}},
	}))
	proved[*s3.PutBucketNotificationConfigurationOutput](t)(api.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{
		Bucket: bucket, NotificationConfiguration: &types.NotificationConfiguration{EventBridgeConfiguration: &types.EventBridgeConfiguration{}},
	}))
	proved[*s3.PutBucketPolicyOutput](t)(api.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: &logs, Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::` + logs + `/*"}]}`)}))
	proved[*s3.PutBucketLoggingOutput](t)(api.PutBucketLogging(ctx, &s3.PutBucketLoggingInput{
		Bucket: bucket, BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: &types.LoggingEnabled{TargetBucket: &logs, TargetPrefix: aws.String("x/")}},
	}))
}

// TestProofBuckets holds the checks of buckets against a good and a bad one.
func TestProofBuckets(t *testing.T) {
	l := startEmpty(t)
	api := s3.NewFromConfig(l.AWSConfig(liveRegion, l.account), moto.PathStyle)
	good, bad, logs := "guards-good-"+l.account, "guards-bad-"+l.account, "guards-logs-"+l.account
	for _, name := range []string{good, bad, logs} {
		proofBucket(t, api, name)
	}
	proofGoodBucket(t, api, good, logs)
	proved[*s3.PutBucketPolicyOutput](t)(api.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bad, Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::` + bad + `","arn:aws:s3:::` + bad + `/*"]}]}`)}))
	l.Answer("s3", "GetBucketPolicyStatus", fakeaws.Match{Path: map[string]string{"Bucket": bad}}, 200,
		`<PolicyStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsPublic>true</IsPublic></PolicyStatus>`)
	l.Answer("s3", "GetBucketNotificationConfiguration", fakeaws.Match{Path: map[string]string{"Bucket": good}}, 200,
		`<NotificationConfiguration><EventBridgeConfiguration></EventBridgeConfiguration></NotificationConfiguration>`)
	r, _ := assessJSON(t, proofArgs("s3-buckets,s3-account-public-access-block,s3-access-points")...)
	want := verdicts{"s3_account_public_access_blocked": {"": assize.Fail}}
	for _, check := range []string{
		"s3_bucket_public_access_blocked", "s3_bucket_acl_disabled", "s3_bucket_encrypted_with_kms", "s3_bucket_lifecycle_configured",
		"s3_bucket_event_notifications_enabled", "s3_bucket_logging_enabled", "s3_bucket_public_read_prohibited",
		"s3_bucket_public_write_prohibited", "s3_bucket_policy_restricts_cross_account",
	} {
		want[check] = map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
	}
	want["s3_bucket_object_lock_enabled"] = map[string]assize.Outcome{good: assize.Fail}
	wantVerdicts(t, r, want)
	if len(r.Summary.Gaps) > 0 {
		t.Errorf("gaps: %v", r.Summary.Gaps)
	}
	proofAccessPoints(l)
	r, _ = assessJSON(t, proofArgs("s3-buckets,s3-account-public-access-block,s3-access-points")...)
	wantVerdicts(t, r, verdicts{
		"s3_account_public_access_blocked":      {"": assize.Pass},
		"s3_access_point_public_access_blocked": {"closed": assize.Pass, "open": assize.Fail},
		"s3_bucket_public_read_prohibited":      {good: assize.Pass, bad: assize.Pass},
	})
}

// TestProofPredictableNames makes one of the names in the account, and has one in another.
func TestProofPredictableNames(t *testing.T) {
	l := startEmpty(t)
	mine, foreign := "sagemaker-"+liveRegion+"-"+l.account, "aws-glue-assets-"+l.account+"-"+liveRegion
	proofBucket(t, s3.NewFromConfig(l.AWSConfig(liveRegion, l.account), moto.PathStyle), mine)
	proofBucket(t, s3.NewFromConfig(l.AWSConfig(liveRegion, moto.NewAccount()), moto.PathStyle), foreign)
	r, _ := assessJSON(t, proofArgs("s3-buckets,s3-predictable-names")...)
	wantVerdicts(t, r, verdicts{"s3_bucket_predictable_name_not_hijackable": {
		mine: assize.Pass, foreign: assize.Fail, "cdk-hnb659fds-assets-" + l.account + "-" + liveRegion: assize.Pass,
	}})
}

// proofAccessPoints answers for the account's settings of S3, whose host moto does not know:
// everything is blocked but at one access point.
func proofAccessPoints(l *live) {
	const blocked = `<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>`
	setting := func(restrict string) string {
		return `<PublicAccessBlockConfiguration>` + blocked + `<RestrictPublicBuckets>` + restrict + `</RestrictPublicBuckets></PublicAccessBlockConfiguration>`
	}
	point := func(name, inner string) string {
		return `<Name>` + name + `</Name><Bucket>data</Bucket><NetworkOrigin>Internet</NetworkOrigin>` + inner
	}
	l.Answer("s3control", "GetPublicAccessBlock", fakeaws.Match{}, 200, setting("true"))
	l.Answer("s3control", "ListAccessPoints", fakeaws.Match{}, 200, `<ListAccessPointsResult><AccessPointList><AccessPoint>`+
		point("closed", "")+`</AccessPoint><AccessPoint>`+point("open", "")+`</AccessPoint></AccessPointList></ListAccessPointsResult>`)
	for name, restrict := range map[string]string{"closed": "true", "open": "false"} {
		l.Answer("s3control", "GetAccessPoint", fakeaws.Match{Path: map[string]string{"name": name}}, 200,
			`<GetAccessPointResult>`+point(name, setting(restrict))+`</GetAccessPointResult>`)
	}
}
