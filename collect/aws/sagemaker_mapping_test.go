package aws

import (
	"encoding/json"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/google/go-cmp/cmp"
)

// What a description becomes, where names differ or absence has a meaning.
func TestSageMakerMapping(t *testing.T) {
	t.Parallel()
	defs := sagemakerDefinitions(t)
	for name, test := range sagemakerMappings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			def := defs["AWS::SageMaker::"+test.typ]
			value, masked := collect.Encode(test.output)
			res, err := collect.Derive(def, &assize.Record{
				Type: def.Type, Account: "111122223333", Region: sagemakerRegion, ID: "it",
				Answers: []assize.Answer{
					{Operation: "sagemaker:Describe" + test.typ, Value: value, Masked: masked},
					{Operation: opSageMakerTags, None: "none"},
					{Operation: opListMonitoringExecutions, None: "none"},
					{Operation: opListContexts, None: "none"},
					{Operation: opListAssociations, None: "none"},
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			want := plainJSON(t, []byte(test.want))
			properties, err := json.Marshal(res.Properties)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, plainJSON(t, properties)); diff != "" {
				t.Errorf("properties (-want +got):\n%s", diff)
			}
		})
	}
}

// plainJSON decodes an object to be compared.
func plainJSON(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return v
}

var sagemakerMappings = map[string]struct {
	typ    string
	output any
	want   string
}{
	"notebook in a subnet": {"NotebookInstance", &sagemaker.DescribeNotebookInstanceOutput{
		SubnetId: aws.String("subnet-1"), SecurityGroups: []string{"sg-1"}, PlatformIdentifier: aws.String("notebook-al2-v3"),
		NotebookInstanceLifecycleConfigName: aws.String("setup"), RootAccess: types.RootAccessDisabled,
		InstanceMetadataServiceConfiguration: &types.InstanceMetadataServiceConfiguration{MinimumInstanceMetadataServiceVersion: aws.String("2")},
	}, `{"NotebookInstanceName": "it", "SubnetId": "subnet-1", "SecurityGroupIds": ["sg-1"], "PlatformIdentifier": "notebook-al2-v3",
		"LifecycleConfigName": "setup", "RootAccess": "Disabled",
		"InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"}}`},

	"pipeline: no primary container, a secret in the first": {"Model", &sagemaker.DescribeModelOutput{
		Containers: []types.ContainerDefinition{
			{Image: aws.String("a"), Environment: map[string]string{"DB_PASSWORD": "correct-horse-7"}},
			{
				ModelPackageName: aws.String("package"), Environment: map[string]string{"LEVEL": "info"},
				ImageConfig: &types.ImageConfig{RepositoryAccessMode: types.RepositoryAccessModeVpc},
			},
		},
	}, `{"ModelName": "it", "Containers": [{"Image": "a", "EnvironmentHoldsSecret": true},
		{"ModelPackageName": "package", "EnvironmentHoldsSecret": false, "ImageConfig": {"RepositoryAccessMode": "Vpc"}}]}`},

	"empty primary container and network are absent": {"Model", &sagemaker.DescribeModelOutput{
		PrimaryContainer: &types.ContainerDefinition{}, VpcConfig: &types.VpcConfig{}, Containers: []types.ContainerDefinition{{Image: aws.String("a")}},
	}, `{"ModelName": "it", "Containers": [{"Image": "a"}]}`},

	"serverless beside instances": {"EndpointConfig", &sagemaker.DescribeEndpointConfigOutput{
		ProductionVariants: []types.ProductionVariant{
			{VariantName: aws.String("a"), ServerlessConfig: &types.ProductionVariantServerlessConfig{MaxConcurrency: aws.Int32(5), MemorySizeInMB: aws.Int32(2048)}},
			{VariantName: aws.String("b"), InitialInstanceCount: aws.Int32(1), ModelName: aws.String("m")},
			{VariantName: aws.String("c"), InstancePools: []types.InstancePool{{InstanceType: types.ProductionVariantInstanceTypeMlM5Large, Priority: aws.Int32(1)}}},
		},
	}, `{"EndpointConfigName": "it", "ProductionVariants": [
		{"VariantName": "a", "ServerlessConfig": {"MaxConcurrency": 5, "MemorySizeInMB": 2048}},
		{"VariantName": "b", "InitialInstanceCount": 1, "ModelName": "m"},
		{"VariantName": "c", "InstancePools": [{"InstanceType": "ml.m5.large", "Priority": 1}]}]}`},

	"capture that does not say whether it is on": {"EndpointConfig", &sagemaker.DescribeEndpointConfigOutput{
		DataCaptureConfig: &types.DataCaptureConfig{DestinationS3Uri: aws.String("s3://captured/here")},
	}, `{"EndpointConfigName": "it", "DataCaptureConfig": {"DestinationS3Uri": "s3://captured/here"}}`},

	"the last deployment": {"Endpoint", &sagemaker.DescribeEndpointOutput{
		EndpointConfigName: aws.String("config"), EndpointStatus: types.EndpointStatusInService,
		LastDeploymentConfig: &types.DeploymentConfig{
			AutoRollbackConfiguration: &types.AutoRollbackConfig{Alarms: []types.Alarm{{AlarmName: aws.String("errors")}}},
			BlueGreenUpdatePolicy:     &types.BlueGreenUpdatePolicy{TrafficRoutingConfiguration: &types.TrafficRoutingConfig{Type: types.TrafficRoutingConfigTypeCanary}},
		},
	}, `{"EndpointName": "it", "EndpointConfigName": "config", "EndpointStatus": "InService", "DeploymentConfig": {
		"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]},
		"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {"Type": "CANARY"}}}}`},

	"training: a mixed cluster, a secret among hyperparameters": {"TrainingJob", &sagemaker.DescribeTrainingJobOutput{
		HyperParameters: map[string]string{"epochs": "3", "db_password": "correct-horse-7"},
		InputDataConfig: []types.Channel{
			{ChannelName: aws.String("s3"), DataSource: &types.DataSource{S3DataSource: &types.S3DataSource{S3Uri: aws.String("s3://corpus/a")}}},
			{ChannelName: aws.String("efs"), DataSource: &types.DataSource{FileSystemDataSource: &types.FileSystemDataSource{FileSystemId: aws.String("fs-1")}}},
		},
		ResourceConfig: &types.ResourceConfig{InstanceGroups: []types.InstanceGroup{{InstanceGroupName: aws.String("g"), InstanceCount: aws.Int32(2)}}},
	}, `{"TrainingJobName": "it", "HyperParametersHoldSecret": true, "InputDataConfig": [
		{"ChannelName": "s3", "DataSource": {"S3DataSource": {"S3Uri": "s3://corpus/a"}}},
		{"ChannelName": "efs", "DataSource": {"FileSystemDataSource": {"FileSystemId": "fs-1"}}}],
		"ResourceConfig": {"InstanceGroups": [{"InstanceGroupName": "g", "InstanceCount": 2}]}}`},

	"job definition without network": {"ModelQualityJobDefinition", &sagemaker.DescribeModelQualityJobDefinitionOutput{
		JobResources: &types.MonitoringResources{ClusterConfig: &types.MonitoringClusterConfig{InstanceCount: aws.Int32(1)}},
	}, `{"JobDefinitionName": "it", "JobResources": {"ClusterConfig": {"InstanceCount": 1}}}`},

	"schedule of a named definition": {"MonitoringSchedule", &sagemaker.DescribeMonitoringScheduleOutput{
		MonitoringScheduleConfig: &types.MonitoringScheduleConfig{
			MonitoringJobDefinitionName: aws.String("drift"), MonitoringType: types.MonitoringTypeDataQuality,
		},
	}, `{"MonitoringScheduleName": "it", "MonitoringScheduleConfig": {"MonitoringJobDefinitionName": "drift", "MonitoringType": "DataQuality"}}`},

	"schedule with its definition within": {"MonitoringSchedule", &sagemaker.DescribeMonitoringScheduleOutput{
		MonitoringScheduleConfig: &types.MonitoringScheduleConfig{MonitoringJobDefinition: &types.MonitoringJobDefinition{
			NetworkConfig:       &types.NetworkConfig{EnableNetworkIsolation: aws.Bool(true)},
			MonitoringResources: &types.MonitoringResources{ClusterConfig: &types.MonitoringClusterConfig{InstanceCount: aws.Int32(2)}},
			MonitoringInputs:    []types.MonitoringInput{{EndpointInput: &types.EndpointInput{EndpointName: aws.String("live")}}},
		}},
	}, `{"MonitoringScheduleName": "it", "MonitoringScheduleConfig": {"MonitoringJobDefinition": {
		"NetworkConfig": {"EnableNetworkIsolation": true}, "MonitoringResources": {"ClusterConfig": {"InstanceCount": 2}},
		"MonitoringInputs": [{"EndpointInput": {"EndpointName": "live"}}]}}}`},

	"feature group with an offline store only": {"FeatureGroup", &sagemaker.DescribeFeatureGroupOutput{
		OfflineStoreConfig: &types.OfflineStoreConfig{S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://features/a"), KmsKeyId: aws.String("key-1")}},
	}, `{"FeatureGroupName": "it", "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://features/a", "KmsKeyId": "key-1"}}}`},

	"feature group in memory": {"FeatureGroup", &sagemaker.DescribeFeatureGroupOutput{
		OnlineStoreConfig: &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true), StorageType: types.StorageTypeInMemory},
	}, `{"FeatureGroupName": "it", "OnlineStoreConfig": {"EnableOnlineStore": true, "StorageType": "InMemory"}}`},

	"experiment: the endpoint is in its metadata": {"InferenceExperiment", &sagemaker.DescribeInferenceExperimentOutput{
		Name: aws.String("it"), KmsKey: aws.String("key-1"), EndpointMetadata: &types.EndpointMetadata{EndpointName: aws.String("live")},
		DataStorageConfig: &types.InferenceExperimentDataStorageConfig{Destination: aws.String("s3://captured/here"), KmsKey: aws.String("key-2")},
	}, `{"Name": "it", "KmsKey": "key-1", "EndpointName": "live",
		"DataStorageConfig": {"Destination": "s3://captured/here", "KmsKey": "key-2"}}`},
}
