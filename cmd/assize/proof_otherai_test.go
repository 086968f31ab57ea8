package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/comprehend"
	ctypes "github.com/aws/aws-sdk-go-v2/service/comprehend/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/transcribe"
	transcribetypes "github.com/aws/aws-sdk-go-v2/service/transcribe/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

// otherProfile are the choices that the proofs of the other AI services ask for.
const otherProfile = `required_tags: [owner]
biometric_tags: [owner, purpose, retention]
transcript_redaction_required: true
`

// proveOther judges the whole account with the collectors named.
func proveOther(t *testing.T, collectors ...string) result {
	t.Helper()
	if err := os.WriteFile("profile.yaml", []byte(otherProfile), 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ := assessJSON(t, proofArgs(strings.Join(collectors, ","), "--config", "profile.yaml")...)
	return r
}

// passAndFail wants the good one to pass and the bad one to fail.
func passAndFail(good, bad string) map[string]assize.Outcome {
	return map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
}

// TestProofOtherFixtures judges what the emulator cannot make: one good and one bad
// resource of the fixtures each.
func TestProofOtherFixtures(t *testing.T) {
	l := startEmpty(t)
	l.Answer("kms", "ListKeys", fakeaws.Match{}, 200, `{"Keys": [{"KeyId": "`+fixtureKey+`", "KeyArn": "arn:aws:kms:${region}:${account}:key/`+fixtureKey+`"}]}`)
	l.Answer("kms", "DescribeKey", fakeaws.Match{}, 200, `{"KeyMetadata": {"KeyId": "`+fixtureKey+`", "KeyManager": "CUSTOMER", "KeyState": "Enabled", "Enabled": true}}`)
	r := proveOther(t, "kendra-indices", "qbusiness-applications", "rekognition-collections", "rekognition-projects", "rekognition-stream-processors", "textract-adapters", "kms-keys")
	index := passAndFail("0d1f2a3b-1111-4222-8333-444455556601", "0d1f2a3b-1111-4222-8333-444455556602")
	application := passAndFail("0d1f2a3b-2222-4222-8333-444455556601", "0d1f2a3b-2222-4222-8333-444455556602")
	wantVerdicts(t, r, verdicts{
		"kendra_index_encrypted_with_cmk":                       index,
		"kendra_index_user_context_enforced":                    index,
		"qbusiness_application_encrypted_with_cmk":              application,
		"qbusiness_application_identity_center":                 application,
		"qbusiness_guardrail_topics_configured":                 application,
		"rekognition_collection_tagged":                         passAndFail("faces-good", "faces-bad"),
		"rekognition_project_encrypted_with_cmk":                passAndFail("parts-good", "parts-bad"),
		"rekognition_project_policy_restricted":                 passAndFail("parts-good", "parts-bad"),
		"rekognition_stream_processor_encrypted":                passAndFail("door-good", "door-bad"),
		"rekognition_stream_processor_notifications_configured": passAndFail("door-good", "door-bad"),
		"textract_adapter_encrypted_with_cmk":                   passAndFail("0a1b2c3d4e5f/1", "0f1e2d3c4b5a/1"),
	})
}

// TestProofComprehend judges models, flywheels, endpoints and jobs made through the SDK.
func TestProofComprehend(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	ctx, api := context.Background(), comprehend.NewFromConfig(cfg)
	key := proved[*kms.CreateKeyOutput](t)(kms.NewFromConfig(cfg).CreateKey(ctx, &kms.CreateKeyInput{})).KeyMetadata.Arn
	role := aws.String("arn:aws:iam::" + l.account + ":role/comprehend")
	vpc := &ctypes.VpcConfig{SecurityGroupIds: []string{"sg-1"}, Subnets: []string{"subnet-1"}}
	model := func(name string, key *string, vpc *ctypes.VpcConfig) (classifier string) {
		proved[*comprehend.CreateEntityRecognizerOutput](t)(api.CreateEntityRecognizer(ctx, &comprehend.CreateEntityRecognizerInput{
			RecognizerName: &name, DataAccessRoleArn: role, LanguageCode: "en", ModelKmsKeyId: key, VolumeKmsKeyId: key, VpcConfig: vpc,
			InputDataConfig: &ctypes.EntityRecognizerInputDataConfig{EntityTypes: []ctypes.EntityTypesListItem{{Type: aws.String("POLICY")}}},
		}))
		proved[*comprehend.CreateFlywheelOutput](t)(api.CreateFlywheel(ctx, &comprehend.CreateFlywheelInput{
			FlywheelName: &name, DataAccessRoleArn: role, DataLakeS3Uri: aws.String("s3://lake/" + name),
			DataSecurityConfig: &ctypes.DataSecurityConfig{DataLakeKmsKeyId: key, ModelKmsKeyId: key, VpcConfig: vpc},
		}))
		out := proved[*comprehend.CreateDocumentClassifierOutput](t)(api.CreateDocumentClassifier(ctx, &comprehend.CreateDocumentClassifierInput{
			DocumentClassifierName: &name, DataAccessRoleArn: role, LanguageCode: "en", ModelKmsKeyId: key, VolumeKmsKeyId: key, VpcConfig: vpc,
			InputDataConfig: &ctypes.DocumentClassifierInputDataConfig{S3Uri: aws.String("s3://lake/train.csv")},
		}))
		return resourceAfter(out.DocumentClassifierArn, "document-classifier/")
	}
	good, bad := model("good", key, vpc), model("bad", nil, nil)
	proofJobs(t, l, api, aws.ToString(key))
	r := proveOther(t, "comprehend-models", "comprehend-flywheels", "comprehend-jobs", "kms-keys")
	wantVerdicts(t, r, verdicts{
		"comprehend_document_classifier_encrypted":      passAndFail(good, bad),
		"comprehend_document_classifier_in_vpc":         passAndFail(good, bad),
		"comprehend_entity_recognizer_in_vpc":           passAndFail("good", "bad"),
		"comprehend_entity_recognizer_model_encrypted":  passAndFail("good", "bad"),
		"comprehend_entity_recognizer_volume_encrypted": passAndFail("good", "bad"),
		"comprehend_flywheel_data_lake_encrypted":       passAndFail("good", "bad"),
		"comprehend_flywheel_in_vpc":                    passAndFail("good", "bad"),
		"comprehend_analysis_job_output_encrypted":      passAndFail("good", "bad"),
		"comprehend_analysis_job_volume_encrypted":      passAndFail("good", "bad"),
		"comprehend_endpoint_tagged":                    passAndFail("tagged/m", "untagged/m"),
	})
}

// proofJobs makes the endpoints, and answers with a job with keys and one without:
// the emulator lists jobs with times that AWS does not send.
func proofJobs(t *testing.T, l *live, api *comprehend.Client, key string) {
	t.Helper()
	for name, tags := range map[string][]ctypes.Tag{"tagged": {{Key: aws.String("owner"), Value: aws.String("claims")}}, "untagged": nil} {
		proved[*comprehend.CreateEndpointOutput](t)(api.CreateEndpoint(context.Background(), &comprehend.CreateEndpointInput{
			EndpointName: &name, DesiredInferenceUnits: aws.Int32(1), Tags: tags, ModelArn: aws.String("m"),
		}))
	}
	job := func(id, keys string) string {
		return `{"JobId": "` + id + `", "JobArn": "arn:aws:comprehend:${region}:${account}:entities-detection-job/` + id + `", "JobStatus": "COMPLETED", "SubmitTime": 1772442900` + keys + `}`
	}
	l.Answer("comprehend", "ListEntitiesDetectionJobs", fakeaws.Match{}, 200, `{"EntitiesDetectionJobPropertiesList": [`+
		job("good", `, "VolumeKmsKeyId": "`+key+`", "OutputDataConfig": {"S3Uri": "s3://lake/out", "KmsKeyId": "`+key+`"}`)+","+
		job("bad", `, "OutputDataConfig": {"S3Uri": "s3://lake/out"}`)+`]}`)
}

// resourceAfter is what follows the mark in an ARN.
func resourceAfter(arn *string, mark string) string {
	_, after, _ := strings.Cut(aws.ToString(arn), mark)
	return after
}

// TestProofLex judges the bots of the fixtures with their aliases and slots.
func TestProofLex(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	key := proved[*kms.CreateKeyOutput](t)(kms.NewFromConfig(cfg).CreateKey(context.Background(), &kms.CreateKeyInput{})).KeyMetadata.Arn
	proved[*cloudwatchlogs.CreateLogGroupOutput](t)(cloudwatchlogs.NewFromConfig(cfg).CreateLogGroup(context.Background(), &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName: aws.String("/lex/good"), KmsKeyId: key,
	}))
	r := proveOther(t, "lex-bots", "logs-log-groups")
	slot, alias := "BOTGOOD001|1|en_US|INTENT0001|", passAndFail("ALIAS00001|BOTGOOD001", "ALIAS00001|BOTBAD0001")
	wantVerdicts(t, r, verdicts{
		"lex_bot_data_privacy_declared":       passAndFail("BOTGOOD001", "BOTBAD0001"),
		"lex_bot_resource_policy_restricted":  passAndFail("BOTGOOD001", "BOTBAD0001"),
		"lex_bot_conversation_logs_enabled":   alias,
		"lex_bot_conversation_logs_encrypted": alias,
		"lex_bot_slot_obfuscation_enabled":    passAndFail(slot+"SLOTGOOD01", slot+"SLOTBAD001"),
	})
}

// TestProofTranscribe judges a job into a bucket with a KMS key, with redaction, and
// one into the bucket of the service.
func TestProofTranscribe(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	ctx, api, buckets := context.Background(), transcribe.NewFromConfig(cfg), s3.NewFromConfig(cfg, moto.PathStyle)
	proved[*s3.CreateBucketOutput](t)(buckets.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: aws.String(bucketOf(t)), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: liveRegion},
	}))
	proved[*s3.PutBucketEncryptionOutput](t)(buckets.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: aws.String(bucketOf(t)), ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{
			Rules: []s3types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: "aws:kms"}}},
		},
	}))
	start := func(name string, bucket *string, redaction *transcribetypes.ContentRedaction) {
		proved[*transcribe.StartTranscriptionJobOutput](t)(api.StartTranscriptionJob(ctx, &transcribe.StartTranscriptionJobInput{
			TranscriptionJobName: &name, LanguageCode: "en-US", OutputBucketName: bucket, ContentRedaction: redaction,
			Media: &transcribetypes.Media{MediaFileUri: aws.String("s3://calls/" + name + ".wav")},
		}))
		for range 4 { // the emulator goes a step further with each look
			proved[*transcribe.GetTranscriptionJobOutput](t)(api.GetTranscriptionJob(ctx, &transcribe.GetTranscriptionJobInput{TranscriptionJobName: &name}))
		}
	}
	start("good", aws.String(bucketOf(t)), &transcribetypes.ContentRedaction{RedactionType: "PII", RedactionOutput: "redacted"})
	start("bad", nil, nil)
	// The emulator does not tell of redaction.
	l.Answer("transcribe", "GetTranscriptionJob", fakeaws.Match{Params: map[string]string{"TranscriptionJobName": "good"}}, 200,
		`{"TranscriptionJob": {"TranscriptionJobName": "good", "TranscriptionJobStatus": "COMPLETED", "ContentRedaction": {"RedactionType": "PII", "RedactionOutput": "redacted"},
		"Transcript": {"RedactedTranscriptFileUri": "https://s3.eu-west-1.amazonaws.com/`+bucketOf(t)+`/redacted-good.json"}}}`)
	r := proveOther(t, "transcribe-jobs", "s3-buckets")
	wantVerdicts(t, r, verdicts{
		"transcribe_job_output_encrypted":  passAndFail("good", "bad"),
		"transcribe_pii_redaction_enabled": passAndFail("good", "bad"),
	})
}
