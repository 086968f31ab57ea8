package aws

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
)

// bucketFacts are the facts of a bucket that are no lists.
var bucketFacts = []string{
	"BucketName", "Arn", "Region", "VersioningConfiguration.Status", "VersioningConfiguration.MFADelete",
	"PublicAccessBlockConfiguration.BlockPublicAcls", "PublicAccessBlockConfiguration.RestrictPublicBuckets",
	"BucketPolicy.PolicyDocument", "LoggingConfiguration.DestinationBucketName",
}

const tlsPolicy = `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}`

// seedBucket makes a bucket with every setting that is collected.
func seedBucket(t *testing.T, b *coreBench, name, region string) {
	t.Helper()
	api := s3.NewFromConfig(b.config(t, region), moto.PathStyle)
	ctx, bucket := t.Context(), aws.String(name)
	seedBareBucket(t, b, name, region)
	_, err := api.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{
		Status: types.BucketVersioningStatusEnabled,
	}})
	noError(t, err)
	_, err = api.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: bucket,
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			BucketKeyEnabled: aws.Bool(true),
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{
				SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String("alias/data"),
			},
		}}},
	})
	noError(t, err)
	_, err = api.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: bucket,
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true),
			IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
		},
	})
	noError(t, err)
	_, err = api.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: bucket, Policy: aws.String(tlsPolicy)})
	noError(t, err)
	_, err = api.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: bucket, Tagging: &types.Tagging{
		TagSet: []types.Tag{{Key: aws.String("data-class"), Value: aws.String("internal")}},
	}})
	noError(t, err)
	_, err = api.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: bucket,
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: aws.String("expire"), Status: types.ExpirationStatusEnabled,
			Filter:     &types.LifecycleRuleFilter{Prefix: aws.String("logs/")},
			Expiration: &types.LifecycleExpiration{Days: aws.Int32(400)},
		}}},
	})
	noError(t, err)
}

func seedBareBucket(t *testing.T, b *coreBench, name, region string) {
	t.Helper()
	in := &s3.CreateBucketInput{Bucket: aws.String(name)}
	if region != coreRegion {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}
	}
	_, err := s3.NewFromConfig(b.config(t, region), moto.PathStyle).CreateBucket(t.Context(), in)
	noError(t, err)
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	good, bare := "good-"+b.account, "bare-"+b.account
	seedBucket(t, b, good, "eu-west-1")
	seedBareBucket(t, b, bare, coreRegion)
	b.ResetCounts()
	run := b.run(t, []*collector{&s3Buckets})
	run.complete(t, assize.Global, typeBucket)

	got := run.properties(t, "eu-west-1", typeBucket, good)
	want := map[string]any{
		"BucketName": good, "Arn": "arn:aws:s3:::" + good, "Region": "eu-west-1",
		"VersioningConfiguration.Status": "Enabled", "VersioningConfiguration.MFADelete": nil,
		"PublicAccessBlockConfiguration.BlockPublicAcls": true, "PublicAccessBlockConfiguration.RestrictPublicBuckets": true,
		"BucketPolicy.PolicyDocument": tlsPolicy, "LoggingConfiguration.DestinationBucketName": nil,
	}
	if diff := cmp.Diff(want, at(got, bucketFacts...)); diff != "" {
		t.Errorf("good bucket (-want +got):\n%s", diff)
	}
	wantLists := map[string]any{
		"Tags": assize.List{assize.NewObject(map[string]assize.Value{"Key": "data-class", "Value": "internal"})},
		"LifecycleConfiguration.Rules": assize.List{assize.NewObject(map[string]assize.Value{
			"Id": "expire", "Status": "Enabled", "ExpirationInDays": int64(400),
			"Filter": assize.NewObject(map[string]assize.Value{"Prefix": "logs/"}),
		})},
		"BucketEncryption.ServerSideEncryptionConfiguration": assize.List{assize.NewObject(map[string]assize.Value{
			"BucketKeyEnabled": true,
			"ServerSideEncryptionByDefault": assize.NewObject(map[string]assize.Value{
				"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/data",
			}),
		})},
	}
	if diff := cmp.Diff(wantLists, at(got, "Tags", "LifecycleConfiguration.Rules", "BucketEncryption.ServerSideEncryptionConfiguration")); diff != "" {
		t.Errorf("lists of the good bucket (-want +got):\n%s", diff)
	}

	// What S3 answers with NoSuch... is absent; the engine knows what that means.
	got = run.properties(t, coreRegion, typeBucket, bare)
	want = map[string]any{
		"BucketName": bare, "Arn": "arn:aws:s3:::" + bare, "Region": coreRegion,
		"VersioningConfiguration.Status": nil, "VersioningConfiguration.MFADelete": nil,
		"PublicAccessBlockConfiguration.BlockPublicAcls": nil, "PublicAccessBlockConfiguration.RestrictPublicBuckets": nil,
		"BucketPolicy.PolicyDocument": nil, "LoggingConfiguration.DestinationBucketName": nil,
	}
	if diff := cmp.Diff(want, at(got, bucketFacts...)); diff != "" {
		t.Errorf("bare bucket (-want +got):\n%s", diff)
	}
}

// What one call could not say hides its facts and nothing else.
func TestBucketSettingsUnread(t *testing.T) {
	t.Parallel()
	const versioning, policy, access = "VersioningConfiguration.Status", "BucketPolicy.PolicyDocument", "PublicAccessBlockConfiguration.BlockPublicAcls"
	tests := []struct {
		name  string
		fault fakeaws.Fault
		want  map[string]any
	}{
		{
			"denied",
			fakeaws.Fault{Kind: fakeaws.Denied, Operation: "GetBucketPolicy"},
			map[string]any{versioning: "Enabled", policy: assize.Denied, access: true},
		},
		{
			"throttled",
			fakeaws.Fault{Kind: fakeaws.Throttled, Operation: "GetPublicAccessBlock"},
			map[string]any{versioning: "Enabled", policy: tlsPolicy, access: assize.Throttled},
		},
		{
			"the list of objects in place of the versioning",
			fakeaws.Fault{Kind: fakeaws.WrongAnswer, Operation: "GetBucketVersioning"},
			map[string]any{versioning: assize.WrongAnswer, policy: tlsPolicy, access: true},
		},
		{
			"the list of objects in place of the policy",
			fakeaws.Fault{Kind: fakeaws.WrongAnswer, Operation: "GetBucketPolicy"},
			map[string]any{versioning: "Enabled", policy: assize.WrongAnswer, access: true},
		},
		{
			"nothing in place of the versioning",
			fakeaws.Fault{Kind: fakeaws.WrongAnswer, Operation: "GetBucketVersioning", Body: " "},
			map[string]any{versioning: assize.WrongAnswer, policy: tlsPolicy, access: true},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newCoreBench(t)
			name := "bucket-" + b.account
			seedBucket(t, b, name, coreRegion)
			test.fault.Service = "s3"
			b.Inject(test.fault)
			run := b.run(t, []*collector{&s3Buckets})
			run.complete(t, assize.Global, typeBucket)
			got := at(run.properties(t, coreRegion, typeBucket, name), versioning, policy, access)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

// Where the list does not say where a bucket stands, the bucket is asked.
func TestBucketRegionAsked(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	b.Answer("s3", "ListBuckets", fakeaws.Match{}, http.StatusOK,
		`<ListAllMyBucketsResult><Buckets><Bucket><Name>old</Name></Bucket><Bucket><Name>lost</Name></Bucket></Buckets></ListAllMyBucketsResult>`)
	location := func(bucket, body string) {
		b.Answer("s3", "GetBucketLocation", fakeaws.Match{Path: map[string]string{"Bucket": bucket}}, http.StatusOK, body)
	}
	location("old", `<LocationConstraint>EU</LocationConstraint>`)
	b.AnswerError("s3", "GetBucketLocation", fakeaws.Match{Path: map[string]string{"Bucket": "lost"}}, http.StatusForbidden, "AccessDenied", "no")
	run := b.run(t, []*collector{&s3Buckets})
	if got := run.properties(t, "eu-west-1", typeBucket, "old").At("Region"); got != "eu-west-1" {
		t.Errorf("Region = %v", got)
	}
	got := at(run.properties(t, assize.Global, typeBucket, "lost"), "VersioningConfiguration.Status", "BucketPolicy.PolicyDocument")
	want := map[string]any{"VersioningConfiguration.Status": assize.Denied, "BucketPolicy.PolicyDocument": assize.Denied}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a bucket in an unknown place (-want +got):\n%s", diff)
	}
}

// A second page that fails leaves the first one, and says that there may be more.
func TestBucketListCut(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	b.Answer("s3", "ListBuckets", fakeaws.Match{}, http.StatusOK, `<ListAllMyBucketsResult><Buckets><Bucket><Name>first</Name>`+
		`<BucketRegion>us-east-1</BucketRegion></Bucket></Buckets><ContinuationToken>more</ContinuationToken></ListAllMyBucketsResult>`)
	b.AnswerError("s3", "ListBuckets", fakeaws.Match{Params: map[string]string{"continuation-token": "more"}}, http.StatusForbidden, "AccessDenied", "no")
	run := b.run(t, []*collector{&s3Buckets})
	c := run.coverage[assize.Global+" "+typeBucket]
	if c.Complete || c.Gap == nil || c.Gap.Cause != assize.Denied {
		t.Errorf("coverage = %+v, want a gap: denied", c)
	}
	if len(run.records) != 1 {
		t.Errorf("records %v, want the one of the first page", run.ids())
	}
}

// moto answers 200 with the list of objects to what it does not know.
func TestUnknownSettingOfMoto(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	name := "plain-" + b.account
	seedBareBucket(t, b, name, coreRegion)
	api := newClients(b.config(t, coreRegion)).s3(coreRegion)
	_, err := api.GetBucketRequestPayment(t.Context(), &s3.GetBucketRequestPaymentInput{Bucket: &name})
	if f := (*collect.Failure)(nil); !errors.As(err, &f) || f.Cause != assize.WrongAnswer {
		t.Errorf("GetBucketRequestPayment: %v, want a wrong answer", err)
	}
	if _, err := api.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &name}); err != nil {
		t.Errorf("ListObjectsV2: %v", err)
	}
}

// Each operation of S3 has its root element, or the check would let everything pass.
func TestS3RootsComplete(t *testing.T) {
	t.Parallel()
	for _, unit := range collectors {
		for _, op := range unit.Operations {
			if strings.HasPrefix(op.Name, "s3:") && s3Roots[op.Name] == "" {
				t.Errorf("%s: no root element", op.Name)
			}
		}
	}
}
