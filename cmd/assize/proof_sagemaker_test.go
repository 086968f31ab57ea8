package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
)

// goodBad are the verdicts of a check on the good and on the bad one.
func goodBad(good, bad string) map[string]assize.Outcome {
	return map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
}

// proof makes resources for a proof and stops the test when one cannot be made.
type proof struct {
	t   *testing.T
	api *sagemaker.Client
	iam *iam.Client
	key *string
}

func startProof(t *testing.T) (*live, *proof) {
	t.Helper()
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	key, err := kms.NewFromConfig(cfg).CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	return l, &proof{t: t, api: sagemaker.NewFromConfig(cfg), iam: iam.NewFromConfig(cfg), key: key.KeyMetadata.Arn}
}

func (p *proof) made(_ any, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// judge assesses what the collectors read.
func (l *live) judge(t *testing.T, collectors string, more ...string) result {
	t.Helper()
	args := append([]string{"--scope", "account", "--fail-on", "none", "--allow-gaps", "--collectors", collectors}, more...)
	r, _ := assessJSON(t, args...)
	return r
}

var (
	proofRole = aws.String("arn:aws:iam::111122223333:role/ml")
	proofVPC  = &types.VpcConfig{Subnets: []string{"subnet-0a1b2c3d"}, SecurityGroupIds: []string{"sg-0a1b2c3d"}}
	yes       = aws.Bool(true)
)

// TestProveTrainingJobs proves the checks of training jobs.
func TestProveTrainingJobs(t *testing.T) {
	l, p := startProof(t)
	for _, in := range []*sagemaker.CreateTrainingJobInput{
		{
			TrainingJobName: aws.String("good"), VpcConfig: proofVPC, EnableNetworkIsolation: yes, EnableInterContainerTrafficEncryption: yes,
			CheckpointConfig: &types.CheckpointConfig{S3Uri: aws.String("s3://models/checkpoints")},
			OutputDataConfig: &types.OutputDataConfig{S3OutputPath: aws.String("s3://models/out"), KmsKeyId: p.key},
			ResourceConfig:   &types.ResourceConfig{InstanceCount: aws.Int32(2), InstanceType: "ml.m5.large", VolumeSizeInGB: aws.Int32(10), VolumeKmsKeyId: p.key},
		},
		{
			TrainingJobName:  aws.String("bad"),
			OutputDataConfig: &types.OutputDataConfig{S3OutputPath: aws.String("s3://models/out"), KmsKeyId: aws.String("")},
			ResourceConfig:   &types.ResourceConfig{InstanceCount: aws.Int32(2), InstanceType: "ml.m5.large", VolumeSizeInGB: aws.Int32(10), VolumeKmsKeyId: p.key},
		},
	} {
		in.RoleArn, in.StoppingCondition = proofRole, &types.StoppingCondition{MaxRuntimeInSeconds: aws.Int32(86400)}
		in.AlgorithmSpecification = &types.AlgorithmSpecification{TrainingInputMode: "File", TrainingImage: aws.String("image")}
		p.made(p.api.CreateTrainingJob(t.Context(), in))
	}
	wantVerdicts(t, l.judge(t, "sagemaker-training-jobs"), verdicts{
		"sagemaker_training_job_in_vpc":                      goodBad("good", "bad"),
		"sagemaker_training_job_network_isolation":           goodBad("good", "bad"),
		"sagemaker_training_job_traffic_encryption":          goodBad("good", "bad"),
		"sagemaker_training_job_volume_and_output_encrypted": goodBad("good", "bad"),
		"sagemaker_training_job_checkpoint_configured":       goodBad("good", "bad"),
	})
}

// TestProveOtherJobs proves the checks of processing, transform, tuning, AutoML and
// compilation jobs.
func TestProveOtherJobs(t *testing.T) {
	l, p := startProof(t)
	p.otherJob("good", p.key, true)
	p.otherJob("bad", nil, false)
	// the emulator cannot list compilation jobs, and forgets the instances of processing jobs
	l.Answer("sagemaker", "ListCompilationJobs", fakeaws.Match{}, 200, `{"CompilationJobSummaries": [
		{"CompilationJobName": "good", "CompilationJobArn": "arn:good"}, {"CompilationJobName": "bad", "CompilationJobArn": "arn:bad"}]}`)
	l.Answer("sagemaker", "DescribeProcessingJob", fakeaws.Match{Params: map[string]string{"ProcessingJobName": "good"}}, 200,
		`{"ProcessingJobName": "good", "NetworkConfig": {"EnableNetworkIsolation": true, "EnableInterContainerTrafficEncryption": true},
		"ProcessingResources": {"ClusterConfig": {"InstanceCount": 2, "InstanceType": "ml.m5.large", "VolumeKmsKeyId": "key-1"}},
		"ProcessingOutputConfig": {"KmsKeyId": "key-1", "Outputs": [{"OutputName": "out", "S3Output": {"S3Uri": "s3://clean/good"}}]}}`)
	wantVerdicts(t, l.judge(t, "sagemaker-processing-jobs,sagemaker-transform-jobs,sagemaker-tuning-jobs,sagemaker-automl-jobs,sagemaker-compilation-jobs"), verdicts{
		"sagemaker_processing_job_encrypted":                    goodBad("good", "bad"),
		"sagemaker_processing_job_network_isolation":            goodBad("good", "bad"),
		"sagemaker_transform_job_encrypted":                     goodBad("good", "bad"),
		"sagemaker_hyperparameter_tuning_job_encrypted":         goodBad("good", "bad"),
		"sagemaker_hyperparameter_tuning_job_network_isolation": goodBad("good", "bad"),
		"sagemaker_automl_job_network_isolation":                goodBad("good", "bad"),
		"sagemaker_compilation_job_encrypted":                   goodBad("good", "bad"),
	})
}

// otherJob makes one job of each kind, with the key and the isolation given.
func (p *proof) otherJob(name string, key *string, isolated bool) {
	p.t.Helper()
	ctx, id, on := p.t.Context(), aws.String(name), aws.Bool(isolated)
	security := &types.AutoMLSecurityConfig{EnableInterContainerTrafficEncryption: on}
	if isolated {
		security.VpcConfig = proofVPC
	}
	p.made(p.api.CreateProcessingJob(ctx, &sagemaker.CreateProcessingJobInput{
		ProcessingJobName: id, RoleArn: proofRole, AppSpecification: &types.AppSpecification{ImageUri: aws.String("clean:1")},
		NetworkConfig: &types.NetworkConfig{EnableNetworkIsolation: on, EnableInterContainerTrafficEncryption: on},
		ProcessingResources: &types.ProcessingResources{ClusterConfig: &types.ProcessingClusterConfig{
			InstanceCount: aws.Int32(2), InstanceType: "ml.m5.large", VolumeSizeInGB: aws.Int32(10), VolumeKmsKeyId: key,
		}},
		ProcessingOutputConfig: &types.ProcessingOutputConfig{KmsKeyId: key, Outputs: []types.ProcessingOutput{{
			OutputName: id, S3Output: &types.ProcessingS3Output{S3Uri: aws.String("s3://clean/" + name), S3UploadMode: "EndOfJob"},
		}}},
	}))
	p.made(p.api.CreateTransformJob(ctx, &sagemaker.CreateTransformJobInput{
		TransformJobName: id, ModelName: aws.String("claims"),
		TransformInput: &types.TransformInput{DataSource: &types.TransformDataSource{
			S3DataSource: &types.TransformS3DataSource{S3DataType: "S3Prefix", S3Uri: aws.String("s3://requests/")},
		}},
		TransformOutput:    &types.TransformOutput{S3OutputPath: aws.String("s3://answers/"), KmsKeyId: key},
		TransformResources: &types.TransformResources{InstanceCount: aws.Int32(1), InstanceType: "ml.m5.large", VolumeKmsKeyId: key},
	}))
	p.made(p.api.CreateHyperParameterTuningJob(ctx, &sagemaker.CreateHyperParameterTuningJobInput{
		HyperParameterTuningJobName: id,
		HyperParameterTuningJobConfig: &types.HyperParameterTuningJobConfig{
			Strategy: "Random", ResourceLimits: &types.ResourceLimits{MaxParallelTrainingJobs: aws.Int32(1)},
		},
		TrainingJobDefinition: &types.HyperParameterTrainingJobDefinition{
			RoleArn: proofRole, EnableNetworkIsolation: on, StoppingCondition: &types.StoppingCondition{},
			AlgorithmSpecification: &types.HyperParameterAlgorithmSpecification{TrainingInputMode: "File", TrainingImage: aws.String("image")},
			OutputDataConfig:       &types.OutputDataConfig{S3OutputPath: aws.String("s3://models/"), KmsKeyId: key},
			ResourceConfig:         &types.ResourceConfig{InstanceCount: aws.Int32(1), InstanceType: "ml.m5.large", VolumeSizeInGB: aws.Int32(10), VolumeKmsKeyId: key},
		},
	}))
	p.made(p.api.CreateAutoMLJobV2(ctx, &sagemaker.CreateAutoMLJobV2Input{
		AutoMLJobName: id, RoleArn: proofRole, SecurityConfig: security,
		AutoMLJobInputDataConfig: []types.AutoMLJobChannel{{ChannelType: "training", DataSource: &types.AutoMLDataSource{
			S3DataSource: &types.AutoMLS3DataSource{S3DataType: "S3Prefix", S3Uri: aws.String("s3://requests/")},
		}}},
		AutoMLProblemTypeConfig: &types.AutoMLProblemTypeConfigMemberTextClassificationJobConfig{
			Value: types.TextClassificationJobConfig{
				ContentColumn: id, TargetLabelColumn: id, CompletionCriteria: &types.AutoMLJobCompletionCriteria{MaxCandidates: aws.Int32(1)},
			},
		},
		OutputDataConfig: &types.AutoMLOutputDataConfig{S3OutputPath: aws.String("s3://models/")},
	}))
	p.made(p.api.CreateCompilationJob(ctx, &sagemaker.CreateCompilationJobInput{
		CompilationJobName: id, RoleArn: proofRole, StoppingCondition: &types.StoppingCondition{},
		InputConfig:  &types.InputConfig{S3Uri: aws.String("s3://models/model.tar.gz"), Framework: "PYTORCH", DataInputConfig: aws.String("{}")},
		OutputConfig: &types.OutputConfig{S3OutputLocation: aws.String("s3://models/"), KmsKeyId: key},
	}))
}

// TestProveEndpoints proves the checks of endpoints, their configurations and models.
func TestProveEndpoints(t *testing.T) {
	l, p := startProof(t)
	p.endpoint("good", p.key, &types.DataCaptureConfig{
		EnableCapture: yes, DestinationS3Uri: aws.String("s3://captured/"), KmsKeyId: p.key, InitialSamplingPercentage: aws.Int32(100),
		CaptureOptions: []types.CaptureOption{{CaptureMode: "Input"}, {CaptureMode: "Output"}},
	}, proofVPC, l.account)
	p.endpoint("bad", nil, &types.DataCaptureConfig{
		EnableCapture: yes, DestinationS3Uri: aws.String("s3://captured/"), InitialSamplingPercentage: aws.Int32(100),
		CaptureOptions: []types.CaptureOption{{CaptureMode: "Input"}},
	}, nil, "999988887777")
	_, err := applicationautoscaling.NewFromConfig(l.AWSConfig(liveRegion, l.account)).RegisterScalableTarget(t.Context(),
		&applicationautoscaling.RegisterScalableTargetInput{
			ServiceNamespace: scalingtypes.ServiceNamespaceSagemaker, ResourceId: aws.String("endpoint/good/variant/main"),
			ScalableDimension: "sagemaker:variant:DesiredInstanceCount", MinCapacity: aws.Int32(2), MaxCapacity: aws.Int32(4),
		})
	p.made(nil, err)
	r := l.judge(t, "sagemaker-endpoints,sagemaker-endpoint-configs,sagemaker-monitoring-schedules,sagemaker-models,application-autoscaling-targets")
	wantVerdicts(t, r, verdicts{
		"sagemaker_endpoint_autoscaling_configured":        goodBad("good", "bad"),
		"sagemaker_endpoint_config_encrypted_with_kms":     goodBad("good", "bad"),
		"sagemaker_endpoint_config_data_capture_enabled":   goodBad("good", "bad"),
		"sagemaker_endpoint_config_data_capture_encrypted": goodBad("good", "bad"),
		"sagemaker_endpoint_config_async_output_encrypted": {"good": assize.NotApplicable},
		"sagemaker_model_in_vpc":                           goodBad("good", "bad"),
		"sagemaker_model_container_image_approved_source":  {"good": assize.Pass, "bad": assize.Manual},
		"sagemaker_endpoint_deployment_safeguards":         {"good": assize.Fail},
		"sagemaker_model_monitor_scheduled":                {"good": assize.Manual},
	})
}

func (p *proof) endpoint(name string, key *string, capture *types.DataCaptureConfig, vpc *types.VpcConfig, registry string) {
	p.t.Helper()
	ctx, id := p.t.Context(), aws.String(name)
	p.made(p.api.CreateModel(ctx, &sagemaker.CreateModelInput{
		ModelName: id, ExecutionRoleArn: proofRole, VpcConfig: vpc,
		PrimaryContainer: &types.ContainerDefinition{Image: aws.String(registry + ".dkr.ecr." + liveRegion + ".amazonaws.com/claims:1")},
	}))
	p.made(p.api.CreateEndpointConfig(ctx, &sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: id, KmsKeyId: key, DataCaptureConfig: capture,
		ProductionVariants: []types.ProductionVariant{{
			VariantName: aws.String("main"), ModelName: id, InitialInstanceCount: aws.Int32(2), InstanceType: "ml.m5.large", InitialVariantWeight: aws.Float32(1),
		}},
	}))
	p.made(p.api.CreateEndpoint(ctx, &sagemaker.CreateEndpointInput{EndpointName: id, EndpointConfigName: id}))
}
