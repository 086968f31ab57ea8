package aws

import (
	"testing"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/google/go-cmp/cmp"
)

// seedCustomModel trains a model and returns its id.
func seedCustomModel(t *testing.T, s *bedrockStage) string {
	t.Helper()
	out, err := bedrock.NewFromConfig(s.cfg).CreateModelCustomizationJob(t.Context(), &bedrock.CreateModelCustomizationJobInput{
		JobName: aws.String("tune"), CustomModelName: aws.String("support"), RoleArn: aws.String(bedrockRole),
		BaseModelIdentifier: aws.String("amazon.nova-lite-v1:0"), CustomizationType: types.CustomizationTypeFineTuning,
		TrainingDataConfig: &types.TrainingDataConfig{S3Uri: aws.String("s3://corpus/train.jsonl")},
		ValidationDataConfig: &types.ValidationDataConfig{Validators: []types.Validator{
			{S3Uri: aws.String("s3://corpus/check.jsonl")},
		}},
		OutputDataConfig: &types.OutputDataConfig{S3Uri: aws.String("s3://results/")},
		HyperParameters:  map[string]string{"epochCount": "2"},
		CustomModelTags:  []types.Tag{{Key: aws.String("owner"), Value: aws.String("support-team")}},
	})
	must(t, out, err)
	return "support" // real ids hold the base model and a hash
}

func TestCustomModels(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	id := seedCustomModel(t, s)
	got := s.collect(t, &bedrockCustomModels)
	want := map[string]string{opListCustomModels: "value", opGetCustomModel: "value", opBedrockTags: "value", opBedrockPolicy: "none"}
	if diff := cmp.Diff(want, answersOf(recordOf(t, got, typeCustomModel, id))); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeCustomModel, id)), map[string]string{
		"ModelArn":                        `"arn:aws:bedrock:us-east-1:` + s.account + `:custom-model/support"`,
		"BaseModelArn":                    `"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"`,
		"CustomizationType":               `"FINE_TUNING"`,
		"ModelKmsKeyArn":                  `"arn:aws:kms:us-east-1:` + s.account + `:key/support-tune-kms-key"`, // a key of moto's own naming
		"TrainingDataConfig.S3Uri":        `"s3://corpus/train.jsonl"`,
		"ValidationDataConfig.Validators": `[{"S3Uri":"s3://corpus/check.jsonl"}]`,
		"OutputDataConfig.S3Uri":          `"s3://results/"`,
		"Tags":                            `[{"Key":"owner","Value":"support-team"}]`,

		"TrainingDataConfig.InvocationLogsConfig": ``,
	})
	if diff := cmp.Diff(map[string]string{typeCustomModel: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

func TestFoundationModelsAreOneRequest(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	got := s.collect(t, &bedrockFoundationModels)
	want := []string{"amazon.nova-lite-v1:0", "amazon.titan-text-lite-v1"}
	if diff := cmp.Diff(want, idsOf(got, typeFoundationModel)); diff != "" {
		t.Errorf("models (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeFoundationModel, "amazon.titan-text-lite-v1")), map[string]string{
		"ModelArn":                     `"arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-text-lite-v1"`,
		"ModelLifecycle.Status":        `"LEGACY"`,
		"ModelLifecycle.EndOfLifeTime": `"2026-12-15T00:00:00Z"`,
		"InferenceTypesSupported":      `["ON_DEMAND"]`,
	})
	if calls := s.Calls(); len(calls) != 1 || calls[0].Count != 1 {
		t.Errorf("requests: got %v, want one", calls)
	}
}

func TestInvocationLogging(t *testing.T) {
	t.Parallel()
	denied := fakeaws.Fault{Kind: fakeaws.Denied, Service: "bedrock", Operation: "GetModelInvocationLoggingConfiguration"}
	on := &types.LoggingConfig{S3Config: &types.S3Config{BucketName: aws.String("logs")}, TextDataDeliveryEnabled: aws.Bool(true)}
	for _, c := range []struct {
		name   string
		seed   *types.LoggingConfig
		faults []fakeaws.Fault
		want   string
		bucket string
	}{
		{name: "on", seed: on, want: "value", bucket: `"logs"`},
		{name: "off", want: "none"},
		{name: "denied", seed: on, faults: []fakeaws.Fault{denied}, want: "denied", bucket: "unknown: denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newBedrockStage(t)
			if c.seed != nil {
				out, err := bedrock.NewFromConfig(s.cfg).PutModelInvocationLoggingConfiguration(t.Context(),
					&bedrock.PutModelInvocationLoggingConfigurationInput{LoggingConfig: c.seed})
				must(t, out, err)
			}
			s.Inject(c.faults...)
			got := s.collect(t, &bedrockInvocationLogging)
			rec := recordOf(t, got, typeInvocationLogging, idInvocationLogging)
			if diff := cmp.Diff(map[string]string{opGetInvocationLogging: c.want}, answersOf(rec)); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			checkFacts(t, properties(t, rec), map[string]string{"LoggingConfig.S3Config.BucketName": c.bucket})
		})
	}
}
