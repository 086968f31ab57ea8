package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	bedrocktypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	agenttypes "github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// kinds are what the account of the comparison has n of each.
var kinds = []string{
	"buckets", "roles", "policies", "users", "notebooks", "models", "endpoint configurations", "training jobs",
	"agents", "knowledge bases",
}

// accountSeeding makes the account of the comparison: n of each kind, half of them
// as they should be, and a trail, a key and the invocation log.
type accountSeeding struct {
	*seeding
	ml     *sagemaker.Client
	agents *bedrockagent.Client
	key    string
}

// seedAccount is a job; its arguments are the address and the account.
func seedAccount(ctx context.Context, o options, args []string) ([]figure, error) {
	s := &accountSeeding{seeding: newSeeding(args[0], args[1])}
	s.ml, s.agents = sagemaker.NewFromConfig(s.cfg), bedrockagent.NewFromConfig(s.cfg)
	if err := s.guards(ctx); err != nil {
		return nil, err
	}
	makers := map[string]func(context.Context, int) error{
		"buckets": s.bucket, "roles": s.role, "policies": s.policy, "users": s.user, "notebooks": s.notebook,
		"models": s.model, "endpoint configurations": s.endpointConfig, "training jobs": s.trainingJob,
		"agents": s.agent, "knowledge bases": s.knowledgeBase,
	}
	for _, kind := range kinds {
		if err := times(ctx, o.n, makers[kind]); err != nil {
			return nil, fmt.Errorf("make %s: %w", kind, err)
		}
	}
	return nil, nil
}

// guards makes what there is one of: the key, the trail with its bucket, the log.
func (s *accountSeeding) guards(ctx context.Context) error {
	out, err := kms.NewFromConfig(s.cfg).CreateKey(ctx, &kms.CreateKeyInput{Description: aws.String("models")})
	if err != nil {
		return fmt.Errorf("make the key: %w", err)
	}
	s.key = aws.ToString(out.KeyMetadata.Arn)
	logs := s.bucketName(9999)
	if err := s.bucket(ctx, 9999); err != nil {
		return fmt.Errorf("make the bucket for logs: %w", err)
	}
	trail := aws.String("all")
	trails := cloudtrail.NewFromConfig(s.cfg)
	err = failed(trails.CreateTrail(ctx, &cloudtrail.CreateTrailInput{
		Name: trail, S3BucketName: &logs, IsMultiRegionTrail: aws.Bool(true), IncludeGlobalServiceEvents: aws.Bool(true),
	}))
	if err == nil {
		err = failed(trails.StartLogging(ctx, &cloudtrail.StartLoggingInput{Name: trail}))
	}
	if err != nil {
		return fmt.Errorf("make the trail: %w", err)
	}
	err = failed(bedrock.NewFromConfig(s.cfg).PutModelInvocationLoggingConfiguration(ctx, &bedrock.PutModelInvocationLoggingConfigurationInput{
		LoggingConfig: &bedrocktypes.LoggingConfig{
			TextDataDeliveryEnabled: aws.Bool(true), S3Config: &bedrocktypes.S3Config{BucketName: &logs},
		},
	}))
	if err != nil {
		return fmt.Errorf("make the invocation log: %w", err)
	}
	return nil
}

func (s *accountSeeding) policy(ctx context.Context, i int) error {
	return failed(s.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String(fmt.Sprintf("policy-%04d", i)), PolicyDocument: aws.String(pick(i, tightPolicy, openPolicy)),
	}))
}

func (s *accountSeeding) user(ctx context.Context, i int) error {
	return failed(s.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String(fmt.Sprintf("user-%04d", i))}))
}

func (s *accountSeeding) notebook(ctx context.Context, i int) error {
	in := &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String(fmt.Sprintf("notebook-%04d", i)), InstanceType: types.InstanceTypeMlT3Medium,
		RoleArn: s.roleARN(i),
	}
	if i%2 == 0 {
		in.SubnetId, in.SecurityGroupIds, in.KmsKeyId = aws.String("subnet-1"), []string{"sg-1"}, &s.key
		in.DirectInternetAccess, in.RootAccess = types.DirectInternetAccessDisabled, types.RootAccessDisabled
	}
	return failed(s.ml.CreateNotebookInstance(ctx, in))
}

func (s *accountSeeding) network(i int) *types.VpcConfig {
	return pick(i, &types.VpcConfig{Subnets: []string{"subnet-1"}, SecurityGroupIds: []string{"sg-1"}}, nil)
}

func (s *accountSeeding) model(ctx context.Context, i int) error {
	return failed(s.ml.CreateModel(ctx, &sagemaker.CreateModelInput{
		ModelName: aws.String(fmt.Sprintf("model-%04d", i)), ExecutionRoleArn: s.roleARN(i),
		EnableNetworkIsolation: aws.Bool(i%2 == 0), VpcConfig: s.network(i),
		PrimaryContainer: &types.ContainerDefinition{
			Image: aws.String("registry.example.com/model:1"), ModelDataUrl: aws.String("s3://" + s.bucketName(i) + "/model.tar.gz"),
		},
	}))
}

func (s *accountSeeding) endpointConfig(ctx context.Context, i int) error {
	return failed(s.ml.CreateEndpointConfig(ctx, &sagemaker.CreateEndpointConfigInput{
		EndpointConfigName: aws.String(fmt.Sprintf("config-%04d", i)), KmsKeyId: pick(i, &s.key, nil),
		ProductionVariants: []types.ProductionVariant{{
			VariantName: aws.String("main"), ModelName: aws.String(fmt.Sprintf("model-%04d", i)),
			InitialInstanceCount: aws.Int32(2), InstanceType: types.ProductionVariantInstanceTypeMlM5Large,
		}},
	}))
}

func (s *accountSeeding) trainingJob(ctx context.Context, i int) error {
	return failed(s.ml.CreateTrainingJob(ctx, &sagemaker.CreateTrainingJobInput{
		TrainingJobName: aws.String(fmt.Sprintf("job-%04d", i)), RoleArn: s.roleARN(i), VpcConfig: s.network(i),
		EnableNetworkIsolation: aws.Bool(i%2 == 0), EnableInterContainerTrafficEncryption: aws.Bool(i%2 == 0),
		AlgorithmSpecification: &types.AlgorithmSpecification{
			TrainingImage: aws.String("registry.example.com/train:1"), TrainingInputMode: types.TrainingInputModeFile,
		},
		OutputDataConfig:  &types.OutputDataConfig{S3OutputPath: aws.String("s3://" + s.bucketName(i) + "/out"), KmsKeyId: pick(i, &s.key, nil)},
		StoppingCondition: &types.StoppingCondition{MaxRuntimeInSeconds: aws.Int32(3600)},
		ResourceConfig: &types.ResourceConfig{
			InstanceCount: aws.Int32(1), InstanceType: types.TrainingInstanceTypeMlM5Large, VolumeSizeInGB: aws.Int32(30),
			VolumeKmsKeyId: pick(i, &s.key, nil),
		},
	}))
}

func (s *accountSeeding) agent(ctx context.Context, i int) error {
	return failed(s.agents.CreateAgent(ctx, &bedrockagent.CreateAgentInput{
		AgentName: aws.String(fmt.Sprintf("agent%04d", i)), AgentResourceRoleArn: s.roleARN(i),
		FoundationModel: aws.String("amazon.nova-lite-v1:0"), Instruction: aws.String("You answer questions about orders and nothing else."),
		CustomerEncryptionKeyArn: pick(i, &s.key, nil),
	}))
}

func (s *accountSeeding) knowledgeBase(ctx context.Context, i int) error {
	return failed(s.agents.CreateKnowledgeBase(ctx, &bedrockagent.CreateKnowledgeBaseInput{
		Name: aws.String(fmt.Sprintf("base%04d", i)), RoleArn: s.roleARN(i),
		KnowledgeBaseConfiguration: &agenttypes.KnowledgeBaseConfiguration{
			Type: agenttypes.KnowledgeBaseTypeVector,
			VectorKnowledgeBaseConfiguration: &agenttypes.VectorKnowledgeBaseConfiguration{
				EmbeddingModelArn: aws.String("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"),
			},
		},
		StorageConfiguration: &agenttypes.StorageConfiguration{
			Type: agenttypes.KnowledgeBaseStorageTypeOpensearchServerless,
			OpensearchServerlessConfiguration: &agenttypes.OpenSearchServerlessConfiguration{
				CollectionArn:   aws.String("arn:aws:aoss:us-east-1:" + s.account + ":collection/abc"),
				VectorIndexName: aws.String("index"),
				FieldMapping: &agenttypes.OpenSearchServerlessFieldMapping{
					MetadataField: aws.String("m"), TextField: aws.String("t"), VectorField: aws.String("v"),
				},
			},
		},
	}))
}
