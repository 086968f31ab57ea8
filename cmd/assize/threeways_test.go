package main

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	smtypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/cloudformation"
	"github.com/assize-dev/assize/collect/terraform"
	"github.com/assize-dev/assize/internal/moto"
	"github.com/assize-dev/assize/library"
)

// intended are the resources of the intent, by what each of the three ways calls them: logical id of
// the template, address of the plan. The live names come from making them.
var intended = map[string]string{
	"Data":         "aws_s3_bucket.data",
	"Key":          "aws_kms_key.key",
	"Notebook":     "aws_sagemaker_notebook_instance.notebook",
	"TrailLogs":    "aws_cloudwatch_log_group.trail",
	"NotebookRole": "aws_iam_role.notebook",
}

// TestThreeWays holds that one intent, built with Terraform, with CloudFormation and through the API, has
// the same verdicts: of each check that two of them decide.
func TestThreeWays(t *testing.T) {
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../../collect")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		name string
		make func(*builder) map[string]string
		// decided is how many verdicts at least two ways must share.
		decided int
	}{{"good", (*builder).good, 60}, {"bad", (*builder).bad, 60}} {
		t.Run(w.name, func(t *testing.T) {
			ways := map[string]outcomes{
				"plan":     byLogical(planVerdicts(t, lib, filepath.Join(root, "terraform/testdata/plans/intent-"+w.name)), intended),
				"template": templateVerdicts(t, lib, filepath.Join(root, "cloudformation/testdata/intent", w.name+".yaml")),
			}
			l := startEmpty(t)
			names := w.make(newBuilder(t, l))
			r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps")
			live := outcomes{}
			for _, f := range r.Findings {
				live[subject{f.Check, f.ID}] = f.Outcome
			}
			// The emulator does not keep which metadata service a notebook asks for.
			delete(live, subject{"sagemaker_notebook_instance_imdsv2_required", names["Notebook"]})
			ways["live"] = byLogical(live, names)
			if n := sameVerdicts(t, ways); n < w.decided {
				t.Errorf("%d verdicts are decided in more than one way, want %d", n, w.decided)
			}
		})
	}
}

// subject is what a verdict is about.
type subject struct{ check, id string }

type outcomes map[subject]assize.Outcome

// byLogical keeps the verdicts on the named resources, under their logical ids.
func byLogical(all outcomes, names map[string]string) outcomes {
	out := outcomes{}
	for s, o := range all {
		for logical, id := range names {
			if s.id == id && (o == assize.Pass || o == assize.Fail) {
				out[subject{s.check, logical}] = o
			}
		}
	}
	return out
}

func planVerdicts(t *testing.T, lib *library.Library, folder string) outcomes {
	t.Helper()
	m, err := collect.NewTerraformMapping(lib.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	text, err := terraform.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	p, err := terraform.ReadFile(filepath.Join(folder, "plan.json"), terraform.Options{Mapping: m, Account: "111122223333", Source: text})
	if err != nil {
		t.Fatal(err)
	}
	return judgeAll(lib, p.After)
}

func templateVerdicts(t *testing.T, lib *library.Library, file string) outcomes {
	t.Helper()
	m, err := collect.NewTemplateMapping(lib.Definitions)
	if err != nil {
		t.Fatal(err)
	}
	tpl, err := cloudformation.ReadFile(file, cloudformation.Options{Mapping: m, Account: "111122223333", Region: liveRegion})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for logical := range intended {
		names[logical] = filepath.Base(file) + ":" + logical
	}
	return byLogical(judgeAll(lib, tpl.After), names)
}

func judgeAll(lib *library.Library, inv *assize.Inventory) outcomes {
	out := outcomes{}
	for f := range assess.NewEngine(lib.Compiler, lib.Programs).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
		if f.Resource != nil {
			out[subject{f.Check.ID, f.Resource.ID}] = f.Outcome
		}
	}
	return out
}

// sameVerdicts reports where two ways decide and differ, and counts the verdicts that two ways share.
func sameVerdicts(t *testing.T, ways map[string]outcomes) int {
	t.Helper()
	shared := 0
	names := slices.Sorted(maps.Keys(ways))
	all := map[subject]bool{}
	for _, way := range ways {
		for s := range way {
			all[s] = true
		}
	}
	for s := range all {
		first, by := assize.Outcome(""), ""
		for _, name := range names {
			switch o := ways[name][s]; {
			case o == "":
			case first == "":
				first, by = o, name
			case o != first:
				t.Errorf("%s of %s: %s by %s, %s by %s", s.check, s.id, first, by, o, name)
			default:
				shared++
			}
		}
	}
	for _, name := range names {
		t.Logf("%s decides %d", name, len(ways[name]))
	}
	t.Logf("%d verdicts are shared", shared)
	return shared
}

// builder makes the intent through the API.
type builder struct {
	t       *testing.T
	account string
	bucket  string
	keys    *kms.Client
	buckets *s3.Client
	roles   *iam.Client
	logs    *cloudwatchlogs.Client
	trails  *cloudtrail.Client
	studio  *sagemaker.Client
}

func newBuilder(t *testing.T, l *live) *builder {
	cfg := l.AWSConfig(liveRegion, l.account)
	return &builder{
		t: t, account: l.account, bucket: bucketOf(t),
		keys: kms.NewFromConfig(cfg), buckets: s3.NewFromConfig(cfg, moto.PathStyle), roles: iam.NewFromConfig(cfg),
		logs: cloudwatchlogs.NewFromConfig(cfg), trails: cloudtrail.NewFromConfig(cfg), studio: sagemaker.NewFromConfig(cfg),
	}
}

// must is what an operation answers, which has to succeed.
func must[T any](b *builder) func(T, error) T {
	return func(out T, err error) T {
		b.t.Helper()
		if err != nil {
			b.t.Fatal(err)
		}
		return out
	}
}

// makeBucket makes a bucket with what AWS gives each new one, and the emulator does not: encryption with
// a key of S3, and no access lists.
func (b *builder) makeBucket(name string) *string {
	ctx := b.t.Context()
	must[*s3.CreateBucketOutput](b)(b.buckets.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: liveRegion},
	}))
	b.encryption(&name, &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: "AES256"})
	must[*s3.PutBucketOwnershipControlsOutput](b)(b.buckets.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{
		Bucket: &name, OwnershipControls: &s3types.OwnershipControls{Rules: []s3types.OwnershipControlsRule{{ObjectOwnership: "BucketOwnerEnforced"}}},
	}))
	return &name
}

func (b *builder) encryption(bucket *string, by *s3types.ServerSideEncryptionByDefault) {
	must[*s3.PutBucketEncryptionOutput](b)(b.buckets.PutBucketEncryption(b.t.Context(), &s3.PutBucketEncryptionInput{
		Bucket: bucket, ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{{
			BucketKeyEnabled: aws.Bool(true), ApplyServerSideEncryptionByDefault: by,
		}}},
	}))
}

// key makes a key and returns its id.
func (b *builder) key(policy string, rotation bool) *string {
	out := must[*kms.CreateKeyOutput](b)(b.keys.CreateKey(b.t.Context(), &kms.CreateKeyInput{Policy: &policy}))
	if rotation {
		must[*kms.EnableKeyRotationOutput](b)(b.keys.EnableKeyRotation(b.t.Context(), &kms.EnableKeyRotationInput{KeyId: out.KeyMetadata.KeyId}))
	}
	return out.KeyMetadata.KeyId
}

// bucketSettings gives the bucket its versioning, block of public access and policy.
func (b *builder) bucketSettings(bucket *string, versioning s3types.BucketVersioningStatus, closed bool, policy string) {
	ctx := b.t.Context()
	must[*s3.PutBucketVersioningOutput](b)(b.buckets.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: bucket, VersioningConfiguration: &s3types.VersioningConfiguration{Status: versioning},
	}))
	must[*s3.PutBucketPolicyOutput](b)(b.buckets.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: bucket, Policy: &policy}))
	must[*s3.PutPublicAccessBlockOutput](b)(b.buckets.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: bucket, PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{
			BlockPublicAcls: &closed, BlockPublicPolicy: &closed, IgnorePublicAcls: &closed, RestrictPublicBuckets: &closed,
		},
	}))
}

// role makes the notebook's role with one inline policy.
func (b *builder) role(name, trust, policyName, policy string) *string {
	ctx := b.t.Context()
	out := must[*iam.CreateRoleOutput](b)(b.roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust}))
	must[*iam.PutRolePolicyOutput](b)(b.roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: &policyName, PolicyDocument: &policy}))
	return out.Role.Arn
}

// trail makes a trail that logs.
func (b *builder) trail(in *cloudtrail.CreateTrailInput) {
	must[*cloudtrail.CreateTrailOutput](b)(b.trails.CreateTrail(b.t.Context(), in))
	must[*cloudtrail.StartLoggingOutput](b)(b.trails.StartLogging(b.t.Context(), &cloudtrail.StartLoggingInput{Name: in.Name}))
}

// good makes what intent/good.yaml says and returns the names by logical id.
func (b *builder) good() map[string]string {
	ctx := b.t.Context()
	account := b.account
	key := b.key(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::`+account+`:root"}, "Action": "kms:*", "Resource": "*"},
		{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"},
		{"Effect": "Allow", "Principal": {"Service": "logs.eu-west-1.amazonaws.com"}, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}]}`, true)
	keyARN := aws.String("arn:aws:kms:" + liveRegion + ":" + account + ":key/" + *key)
	logs, data := b.makeBucket(b.bucket+"-logs"), b.makeBucket(b.bucket)
	b.bucketSettings(data, s3types.BucketVersioningStatusEnabled, true, `{"Version": "2012-10-17", "Statement": [{
		"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::`+*data+`", "arn:aws:s3:::`+*data+`/*"],
		"Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}`)
	b.encryption(data, &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyARN})
	must[*s3.PutBucketPolicyOutput](b)(b.buckets.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: logs, Policy: aws.String(`{"Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::` + *logs + `/*"}]}`)}))
	must[*s3.PutBucketLoggingOutput](b)(b.buckets.PutBucketLogging(ctx, &s3.PutBucketLoggingInput{
		Bucket: data, BucketLoggingStatus: &s3types.BucketLoggingStatus{LoggingEnabled: &s3types.LoggingEnabled{TargetBucket: logs, TargetPrefix: aws.String("data/")}},
	}))
	group := aws.String("trail-good")
	must[*cloudwatchlogs.CreateLogGroupOutput](b)(b.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group, KmsKeyId: keyARN}))
	must[*cloudwatchlogs.PutRetentionPolicyOutput](b)(b.logs.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: group, RetentionInDays: aws.Int32(365)}))
	role := b.role("notebook-good", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"},
		"Action": "sts:AssumeRole", "Condition": {"StringEquals": {"aws:SourceAccount": "`+account+`"}}}]}`,
		"data", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::`+*data+`/training/*"}]}`)
	b.trail(&cloudtrail.CreateTrailInput{
		Name: aws.String("trail-good"), S3BucketName: logs, IsMultiRegionTrail: aws.Bool(true), IncludeGlobalServiceEvents: aws.Bool(true),
		EnableLogFileValidation: aws.Bool(true), KmsKeyId: keyARN,
	})
	must[*sagemaker.CreateNotebookInstanceOutput](b)(b.studio.CreateNotebookInstance(ctx, &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String("notebook-good"), InstanceType: "ml.t3.medium", RoleArn: role, KmsKeyId: key,
		SubnetId: aws.String("subnet-0123456789abcdef0"), SecurityGroupIds: []string{"sg-0123456789abcdef0"},
		DirectInternetAccess: "Disabled", RootAccess: "Disabled",
		InstanceMetadataServiceConfiguration: &smtypes.InstanceMetadataServiceConfiguration{MinimumInstanceMetadataServiceVersion: aws.String("2")},
	}))
	return map[string]string{"Data": *data, "Key": *key, "Notebook": "notebook-good", "TrailLogs": *group, "NotebookRole": "notebook-good"}
}

// bad makes what intent/bad.yaml says and returns the names by logical id.
func (b *builder) bad() map[string]string {
	ctx := b.t.Context()
	key := b.key(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}`, false)
	logs, data := b.makeBucket(b.bucket+"-logs"), b.makeBucket(b.bucket)
	b.bucketSettings(data, s3types.BucketVersioningStatusSuspended, false, `{"Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::`+*data+`/*"}]}`)
	group := aws.String("trail-bad")
	must[*cloudwatchlogs.CreateLogGroupOutput](b)(b.logs.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group}))
	role := b.role("notebook-bad", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`,
		"everything", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`)
	b.trail(&cloudtrail.CreateTrailInput{Name: aws.String("trail-bad"), S3BucketName: logs})
	must[*sagemaker.CreateNotebookInstanceOutput](b)(b.studio.CreateNotebookInstance(ctx, &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String("notebook-bad"), InstanceType: "ml.t3.medium", RoleArn: role,
	}))
	return map[string]string{"Data": *data, "Key": *key, "Notebook": "notebook-bad", "TrailLogs": *group, "NotebookRole": "notebook-bad"}
}
