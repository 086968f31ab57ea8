package main

import (
	"fmt"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// bucketRules are what the engine is measured with: conditions that people hold
// buckets against, over the facts of the library. Two parse and evaluate policies,
// three look other resources up.
var bucketRules = []string{
	`default(resource.VersioningConfiguration.Status, "Suspended") == "Enabled"`,
	`default(resource.VersioningConfiguration.MFADelete, "Disabled") == "Enabled"`,
	`has(resource.VersioningConfiguration.Status)`,
	`default(resource.VersioningConfiguration.Status, "") != "Suspended"`,
	`resource.BucketEncryption.ServerSideEncryptionConfiguration.size() > 0`,
	`resource.BucketEncryption.ServerSideEncryptionConfiguration.exists(r, default(r.ServerSideEncryptionByDefault.SSEAlgorithm, "") in ["aws:kms", "aws:kms:dsse"])`,
	`resource.BucketEncryption.ServerSideEncryptionConfiguration.exists(r, has(r.ServerSideEncryptionByDefault.SSEAlgorithm))`,
	`resource.BucketEncryption.ServerSideEncryptionConfiguration.all(r, default(r.ServerSideEncryptionByDefault.SSEAlgorithm, "AES256") != "aws:kms" || r.BucketKeyEnabled)`,
	`resource.BucketEncryption.ServerSideEncryptionConfiguration.exists(r, r.BucketKeyEnabled)`,
	`resource.BucketEncryption.ServerSideEncryptionConfiguration.exists(r, has(r.ServerSideEncryptionByDefault.KMSMasterKeyID))`,
	`resource.BucketEncryption.ServerSideEncryptionConfiguration.exists(r, has(r.ServerSideEncryptionByDefault.KMSMasterKeyID) && customerManagedKey(r.ServerSideEncryptionByDefault.KMSMasterKeyID))`,
	`resource.BucketEncryption.ServerSideEncryptionConfiguration.all(r, !has(r.ServerSideEncryptionByDefault.KMSMasterKeyID) || default(kmsKey(r.ServerSideEncryptionByDefault.KMSMasterKeyID).KeyState, "") == "Enabled")`,
	`resource.PublicAccessBlockConfiguration.BlockPublicAcls`,
	`resource.PublicAccessBlockConfiguration.IgnorePublicAcls`,
	`resource.PublicAccessBlockConfiguration.BlockPublicPolicy`,
	`resource.PublicAccessBlockConfiguration.RestrictPublicBuckets`,
	`resource.PublicAccessBlockConfiguration.BlockPublicAcls && resource.PublicAccessBlockConfiguration.IgnorePublicAcls && resource.PublicAccessBlockConfiguration.BlockPublicPolicy && resource.PublicAccessBlockConfiguration.RestrictPublicBuckets`,
	`resource.PublicAccessBlockConfiguration.BlockPublicPolicy || resource.PublicAccessBlockConfiguration.RestrictPublicBuckets`,
	`has(resource.BucketPolicy.PolicyDocument)`,
	`has(resource.BucketPolicy.PolicyDocument) && deniesInsecureTransport(resource.BucketPolicy.PolicyDocument, resource.Arn)`,
	`!has(resource.BucketPolicy.PolicyDocument) || !publicPolicy(resource.BucketPolicy.PolicyDocument, resource.Arn)`,
	`has(resource.LoggingConfiguration.DestinationBucketName)`,
	`default(resource.LoggingConfiguration.DestinationBucketName, "") != resource.BucketName`,
	`default(resource.LoggingConfiguration.LogFilePrefix, "") != ""`,
	`!has(resource.LoggingConfiguration.DestinationBucketName) || s3Bucket(resource.LoggingConfiguration.DestinationBucketName).PublicAccessBlockConfiguration.BlockPublicAcls`,
	`resource.LifecycleConfiguration.Rules.exists(r, default(r.Status, "Disabled") == "Enabled")`,
	`resource.LifecycleConfiguration.Rules.exists(r, default(r.Status, "Disabled") == "Enabled" && default(r.ExpirationInDays, 0) > 0)`,
	`resource.LifecycleConfiguration.Rules.all(r, default(r.ExpirationInDays, 3650) >= 90)`,
	`resource.LifecycleConfiguration.Rules.exists(r, default(r.NoncurrentVersionExpiration.NoncurrentDays, 0) > 0)`,
	`resource.LifecycleConfiguration.Rules.all(r, has(r.Id))`,
	`resource.Tags.exists(t, t.Key == "team")`,
	`resource.Tags.exists(t, t.Key == "data-class" && t.Value in ["public", "internal", "confidential"])`,
	`!resource.Tags.exists(t, t.Key == "temporary")`,
	`resource.Region in ["eu-central-1", "eu-west-1", "us-east-1"]`,
	`glob(resource.BucketName, "data-*")`,
	`!glob(resource.BucketName, "*test*") || resource.Tags.exists(t, t.Key == "environment" && t.Value == "test")`,
}

// bucketPrograms compiles n rules: all of them, over and over, each under an id of
// its own.
func bucketPrograms(c *assess.Compiler, n int) ([]*assess.Program, error) {
	programs := make([]*assess.Program, n)
	for i := range programs {
		p, err := c.Compile(&assize.Check{
			ID: fmt.Sprintf("rule_%03d", i), Service: "s3", Title: "The bucket is as it should be", Severity: assize.Medium,
			Subject: assize.Subject{Kind: assize.SubjectResource, Type: bucketType, None: assize.NoneNotApplicable},
			Rule:    bucketRules[i%len(bucketRules)], Fails: "The bucket is not as it should be.",
		})
		if err != nil {
			return nil, fmt.Errorf("rule %d: %w", i%len(bucketRules), err)
		}
		programs[i] = p
	}
	return programs, nil
}
