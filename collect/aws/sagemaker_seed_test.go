package aws

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// sagemakerSeed makes objects of every type that moto can create.
type sagemakerSeed struct {
	t    *testing.T
	api  *sagemaker.Client
	role *string
	vpc  *types.VpcConfig
}

func seedSageMaker(t *testing.T, cfg aws.Config) {
	t.Helper()
	s := sagemakerSeed{
		t: t, api: sagemaker.NewFromConfig(cfg), role: aws.String("arn:aws:iam::123456789012:role/ml"),
		vpc: &types.VpcConfig{Subnets: []string{"subnet-1"}, SecurityGroupIds: []string{"sg-1"}},
	}
	s.notebooks()
	s.models()
	s.hosting()
	s.training()
	s.jobDefinitions()
	s.modelQuality()
}

// made fails the test when something could not be made.
func (s *sagemakerSeed) made(_ any, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *sagemakerSeed) notebooks() {
	s.made(s.api.CreateNotebookInstance(s.t.Context(), &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String("closed"), InstanceType: types.InstanceTypeMlT3Medium, RoleArn: s.role,
		SubnetId: aws.String("subnet-1"), SecurityGroupIds: []string{"sg-1"}, KmsKeyId: aws.String("key-1"),
		DirectInternetAccess: types.DirectInternetAccessDisabled, RootAccess: types.RootAccessDisabled,
	}))
	s.made(s.api.CreateNotebookInstance(s.t.Context(), &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String("open"), InstanceType: types.InstanceTypeMlT3Medium, RoleArn: s.role,
	}))
}

func (s *sagemakerSeed) models() {
	s.made(s.api.CreateModel(s.t.Context(), &sagemaker.CreateModelInput{
		ModelName: aws.String("single"), ExecutionRoleArn: s.role, EnableNetworkIsolation: aws.Bool(true), VpcConfig: s.vpc,
		PrimaryContainer: &types.ContainerDefinition{
			Image: aws.String("registry.example.com/model:1"), ModelDataUrl: aws.String("s3://models/single.tar.gz"),
			ImageConfig: &types.ImageConfig{RepositoryAccessMode: types.RepositoryAccessModeVpc},
			Environment: map[string]string{"LEVEL": "info"},
		},
	}))
	s.made(s.api.CreateModel(s.t.Context(), &sagemaker.CreateModelInput{
		ModelName: aws.String("pipeline"), ExecutionRoleArn: s.role,
		Containers: []types.ContainerDefinition{
			{Image: aws.String("first:1"), Environment: map[string]string{"DB_PASSWORD": "correct-horse-7"}},
			{Image: aws.String("second:1"), ImageConfig: &types.ImageConfig{RepositoryAccessMode: types.RepositoryAccessModePlatform}},
		},
	}))
}

func (s *sagemakerSeed) hosting() {
	s.made(s.api.CreateEndpointConfig(s.t.Context(), &sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: aws.String("steady"), KmsKeyId: aws.String("key-1"),
		ProductionVariants: []types.ProductionVariant{{
			VariantName: aws.String("main"), ModelName: aws.String("single"), InitialInstanceCount: aws.Int32(2),
			InstanceType: types.ProductionVariantInstanceTypeMlM5Large, InitialVariantWeight: aws.Float32(0.5),
		}},
		DataCaptureConfig: &types.DataCaptureConfig{
			CaptureOptions:   []types.CaptureOption{{CaptureMode: types.CaptureModeInput}},
			DestinationS3Uri: aws.String("s3://captured/here"), InitialSamplingPercentage: aws.Int32(10),
		},
	}))
	s.made(s.api.CreateEndpoint(s.t.Context(), &sagemaker.CreateEndpointInput{
		EndpointName: aws.String("live"), EndpointConfigName: aws.String("steady"),
	}))
}

func (s *sagemakerSeed) training() {
	s.made(s.api.CreateTrainingJob(s.t.Context(), &sagemaker.CreateTrainingJobInput{
		TrainingJobName: aws.String("train"), RoleArn: s.role, VpcConfig: s.vpc,
		EnableInterContainerTrafficEncryption: aws.Bool(true), EnableNetworkIsolation: aws.Bool(true),
		AlgorithmSpecification: &types.AlgorithmSpecification{
			TrainingImage: aws.String("train:1"), TrainingInputMode: types.TrainingInputModeFile,
		},
		HyperParameters: map[string]string{"epochs": "3"},
		InputDataConfig: []types.Channel{{ChannelName: aws.String("text"), DataSource: &types.DataSource{
			S3DataSource: &types.S3DataSource{S3DataType: types.S3DataTypeS3Prefix, S3Uri: aws.String("s3://corpus/text/")},
		}}},
		OutputDataConfig: &types.OutputDataConfig{S3OutputPath: aws.String("s3://models/out"), KmsKeyId: aws.String("key-2")},
		ResourceConfig: &types.ResourceConfig{
			InstanceCount: aws.Int32(2), InstanceType: types.TrainingInstanceTypeMlM5Large,
			VolumeSizeInGB: aws.Int32(30), VolumeKmsKeyId: aws.String("key-3"),
		},
		StoppingCondition: &types.StoppingCondition{MaxRuntimeInSeconds: aws.Int32(3600)},
	}))
}

// The parts that the kinds of monitoring job definitions have in common.
var (
	seedResources = &types.MonitoringResources{ClusterConfig: &types.MonitoringClusterConfig{
		InstanceCount: aws.Int32(2), InstanceType: types.ProcessingInstanceTypeMlM5Large,
		VolumeSizeInGB: aws.Int32(20), VolumeKmsKeyId: aws.String("key-4"),
	}}
	seedOutput = &types.MonitoringOutputConfig{KmsKeyId: aws.String("key-5"), MonitoringOutputs: []types.MonitoringOutput{
		{S3Output: &types.MonitoringS3Output{LocalPath: aws.String("/out"), S3Uri: aws.String("s3://reports/here")}},
	}}
	seedEndpoint = &types.EndpointInput{EndpointName: aws.String("live"), LocalPath: aws.String("/in")}
	seedTruth    = &types.MonitoringGroundTruthS3Input{S3Uri: aws.String("s3://truth/here")}
)

func (s *sagemakerSeed) jobDefinitions() {
	network := &types.MonitoringNetworkConfig{
		EnableInterContainerTrafficEncryption: aws.Bool(true), EnableNetworkIsolation: aws.Bool(true), VpcConfig: s.vpc,
	}
	s.made(s.api.CreateDataQualityJobDefinition(s.t.Context(), &sagemaker.CreateDataQualityJobDefinitionInput{
		JobDefinitionName: aws.String("drift"), RoleArn: s.role, JobResources: seedResources, NetworkConfig: network,
		DataQualityJobOutputConfig:  seedOutput,
		DataQualityJobInput:         &types.DataQualityJobInput{EndpointInput: seedEndpoint},
		DataQualityAppSpecification: &types.DataQualityAppSpecification{ImageUri: aws.String("monitor:1")},
	}))
	s.made(s.api.CreateModelBiasJobDefinition(s.t.Context(), &sagemaker.CreateModelBiasJobDefinitionInput{
		JobDefinitionName: aws.String("bias"), RoleArn: s.role, JobResources: seedResources, NetworkConfig: network,
		ModelBiasJobOutputConfig: seedOutput,
		ModelBiasJobInput:        &types.ModelBiasJobInput{EndpointInput: seedEndpoint, GroundTruthS3Input: seedTruth},
		ModelBiasAppSpecification: &types.ModelBiasAppSpecification{
			ImageUri: aws.String("monitor:1"), ConfigUri: aws.String("s3://config/bias.json"),
		},
	}))
	s.made(s.api.CreateModelExplainabilityJobDefinition(s.t.Context(), &sagemaker.CreateModelExplainabilityJobDefinitionInput{
		JobDefinitionName: aws.String("why"), RoleArn: s.role, JobResources: seedResources, NetworkConfig: network,
		ModelExplainabilityJobOutputConfig: seedOutput,
		ModelExplainabilityJobInput:        &types.ModelExplainabilityJobInput{EndpointInput: seedEndpoint},
		ModelExplainabilityAppSpecification: &types.ModelExplainabilityAppSpecification{
			ImageUri: aws.String("monitor:1"), ConfigUri: aws.String("s3://config/why.json"),
		},
	}))
}

// modelQuality makes a job definition without a network configuration.
func (s *sagemakerSeed) modelQuality() {
	s.made(s.api.CreateModelQualityJobDefinition(s.t.Context(), &sagemaker.CreateModelQualityJobDefinitionInput{
		JobDefinitionName: aws.String("quality"), RoleArn: s.role, JobResources: seedResources,
		ModelQualityJobOutputConfig: seedOutput,
		ModelQualityJobInput:        &types.ModelQualityJobInput{EndpointInput: seedEndpoint, GroundTruthS3Input: seedTruth},
		ModelQualityAppSpecification: &types.ModelQualityAppSpecification{
			ImageUri: aws.String("monitor:1"), ProblemType: types.MonitoringProblemTypeRegression,
		},
	}))
}
