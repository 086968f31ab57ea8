package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

const (
	bucketType = "AWS::S3::Bucket"
	keyType    = "AWS::KMS::Key"

	engineAccount = "777788889999"
	engineKeys    = 100
)

// asOf is the moment of the made-up collection.
var asOf = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

// bucketInventory derives n buckets, and the keys that they name, from answers in
// the SDK's own types, as a collection does, and lets the answers go.
func bucketInventory(m *collect.Mapping, defs []*assize.Definition, n int) (*assize.Inventory, error) {
	inv := &assize.Inventory{AsOf: asOf, Accounts: []assize.Account{{ID: engineAccount, Regions: []string{region}, Partition: "aws"}}}
	asked := operations(defs)
	derive := func(rec *assize.Record) error {
		answerRest(rec, asked[rec.Type])
		r, err := m.Derive(rec)
		inv.Resources = append(inv.Resources, r)
		return err
	}
	for i := range engineKeys {
		if err := derive(keyRecord(i)); err != nil {
			return nil, err
		}
	}
	for i := range n {
		if err := derive(bucketRecord(i)); err != nil {
			return nil, err
		}
	}
	inv.Coverage = []assize.Coverage{
		{Type: bucketType, Account: engineAccount, Region: assize.Global, Complete: true},
		{Type: keyType, Account: engineAccount, Region: region, Complete: true},
	}
	return inv, nil
}

// operations are those that the facts of each type come from.
func operations(defs []*assize.Definition) map[string][]string {
	asked := map[string][]string{}
	for _, d := range defs {
		for i := range d.Facts {
			if from := d.Facts[i].From; from != "" && !slices.Contains(asked[d.Type], from) {
				asked[d.Type] = append(asked[d.Type], from)
			}
		}
	}
	return asked
}

// answerRest answers "there is none" to what the record was not asked.
func answerRest(rec *assize.Record, asked []string) {
	for _, operation := range asked {
		if rec.Answer(operation) == nil {
			rec.Answers = append(rec.Answers, assize.Answer{Operation: operation, None: "NoSuchConfiguration"})
		}
	}
}

func answer(operation string, output any) assize.Answer {
	value, masked := collect.Encode(output)
	return assize.Answer{Operation: operation, Value: value, Masked: masked}
}

func keyARN(i int) string {
	return fmt.Sprintf("arn:aws:kms:%s:%s:key/00000000-0000-4000-8000-%012d", region, engineAccount, i)
}

func keyRecord(i int) *assize.Record {
	arn := keyARN(i)
	return &assize.Record{
		Type: keyType, Account: engineAccount, Region: region, ID: arn[len(arn)-36:], ARN: arn,
		Answers: []assize.Answer{answer("kms:DescribeKey", &kms.DescribeKeyOutput{KeyMetadata: &kmstypes.KeyMetadata{
			KeyId: aws.String(arn[len(arn)-36:]), Enabled: true, KeyManager: kmstypes.KeyManagerTypeCustomer,
			KeyState: kmstypes.KeyStateEnabled, KeySpec: kmstypes.KeySpecSymmetricDefault,
		}})},
	}
}

func engineBucket(i int) string { return fmt.Sprintf("data-%s-%06d", engineAccount, i) }

// transportPolicy denies calls without TLS; every other bucket has it.
const transportPolicy = `{"Version":"2012-10-17","Statement":[{"Sid":"tls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::%[1]s","arn:aws:s3:::%[1]s/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`

// bucketRecord makes a bucket with most of what a bucket can have. Of a hundred, one
// could not be asked for its encryption, and one has a policy nobody can parse.
func bucketRecord(i int) *assize.Record {
	name := engineBucket(i)
	rec := &assize.Record{
		Type: bucketType, Account: engineAccount, Region: region, ID: name, ARN: "arn:aws:s3:::" + name,
		Answers: []assize.Answer{
			answer("s3:GetBucketVersioning", &s3.GetBucketVersioningOutput{Status: pick(i, types.BucketVersioningStatusEnabled, types.BucketVersioningStatusSuspended)}),
			answer("s3:GetPublicAccessBlock", &s3.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
				BlockPublicAcls: aws.Bool(i%3 > 0), IgnorePublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(i%5 > 0), RestrictPublicBuckets: aws.Bool(true),
			}}),
			answer("s3:GetBucketLogging", &s3.GetBucketLoggingOutput{LoggingEnabled: &types.LoggingEnabled{
				TargetBucket: aws.String(engineBucket(0)), TargetPrefix: aws.String(name + "/"),
			}}),
			answer("s3:GetBucketLifecycleConfiguration", &s3.GetBucketLifecycleConfigurationOutput{Rules: []types.LifecycleRule{{
				ID: aws.String("old"), Status: types.ExpirationStatusEnabled,
				NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(int32(30 + i%60))},
			}}}),
			answer("s3:GetBucketTagging", &s3.GetBucketTaggingOutput{TagSet: []types.Tag{
				{Key: aws.String("team"), Value: aws.String(fmt.Sprintf("team-%d", i%50))},
				{Key: aws.String("data-class"), Value: aws.String("internal")},
			}}),
		},
	}
	rec.Answers = append(rec.Answers, bucketEncryption(i), bucketPolicy(i))
	return rec
}

func bucketEncryption(i int) assize.Answer {
	const operation = "s3:GetBucketEncryption"
	if i%100 == 1 {
		return assize.Answer{Operation: operation, Gap: &assize.Gap{
			Account: engineAccount, Region: region, Operation: operation, Cause: assize.Denied, Code: "AccessDenied",
		}}
	}
	by := &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}
	if i%2 == 0 {
		by = &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String(keyARN(i % engineKeys))}
	}
	return answer(operation, &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
		Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled: aws.Bool(i%2 == 0)}},
	}})
}

func bucketPolicy(i int) assize.Answer {
	const operation = "s3:GetBucketPolicy"
	switch {
	case i%100 == 2:
		return answer(operation, &s3.GetBucketPolicyOutput{Policy: aws.String(`{"Version":`)})
	case i%2 == 1:
		return assize.Answer{Operation: operation, None: "NoSuchBucketPolicy"}
	}
	return answer(operation, &s3.GetBucketPolicyOutput{Policy: aws.String(fmt.Sprintf(transportPolicy, engineBucket(i)))})
}

// errEmpty says that nothing was judged.
var errEmpty = errors.New("no finding was made")
