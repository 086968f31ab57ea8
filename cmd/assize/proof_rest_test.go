package main

import (
	"os"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	ekstypes "github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/memorydb"
	"github.com/aws/aws-sdk-go-v2/service/neptune"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/assize-dev/assize"
)

// goodAndBad are the verdicts on the good and on the bad one of two.
func goodAndBad(good, bad string) map[string]assize.Outcome {
	return map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
}

// TestProofStores proves the checks of tables, databases, file systems, topics and
// queues on one of each that is right and one that is not.
func TestProofStores(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	key, err := kms.NewFromConfig(cfg).CreateKey(t.Context(), &kms.CreateKeyInput{})
	noError(t, err)
	makeTables(t, dynamodb.NewFromConfig(cfg), sdk.ToString(key.KeyMetadata.Arn))
	makeDatabases(t, cfg)
	good, bad := makeFileSystems(t, efs.NewFromConfig(cfg))
	topics := makeTopics(t, cfg)
	r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps", "--collectors",
		"kms-keys,dynamodb-tables,rds-clusters,rds-instances,neptune-clusters,memorydb-clusters,efs-file-systems,sns-topics,sqs-queues")
	wantVerdicts(t, r, verdicts{
		"dynamodb_table_encrypted_with_cmk": goodAndBad("good", "bad"),
		"dynamodb_table_pitr_enabled":       goodAndBad("good", "bad"),
		"rds_cluster_storage_encrypted":     goodAndBad("good", "bad"),
		"rds_instance_not_public":           goodAndBad("good", "bad"),
		"neptune_cluster_encrypted":         goodAndBad("good-graph", "bad-graph"),
		// The emulator refuses IAM authentication for every engine but Aurora.
		"neptune_cluster_iam_authentication_enabled": {"good-graph": assize.Fail, "bad-graph": assize.Fail},
		"memorydb_cluster_encrypted_in_transit":      goodAndBad("good", "bad"),
		"efs_file_system_encrypted":                  goodAndBad(good, bad),
		"sns_topic_encrypted":                        goodAndBad(topics[0], topics[1]),
		"sqs_queue_encrypted":                        goodAndBad("good", "bad"),
	})
	for _, f := range r.Findings {
		if f.Check == "rds_cluster_storage_encrypted" && (f.ID == "good-graph" || f.ID == "bad-graph") {
			t.Errorf("%s, which is of Neptune, is judged as a cluster of RDS", f.ID)
		}
	}
}

func makeTables(t *testing.T, api *dynamodb.Client, key string) {
	t.Helper()
	for _, name := range []string{"good", "bad"} {
		in := &dynamodb.CreateTableInput{
			TableName: &name, BillingMode: dynamodbtypes.BillingModePayPerRequest,
			AttributeDefinitions: []dynamodbtypes.AttributeDefinition{{AttributeName: sdk.String("session"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}},
			KeySchema:            []dynamodbtypes.KeySchemaElement{{AttributeName: sdk.String("session"), KeyType: dynamodbtypes.KeyTypeHash}},
		}
		if name == "good" {
			in.SSESpecification = &dynamodbtypes.SSESpecification{Enabled: sdk.Bool(true), SSEType: dynamodbtypes.SSETypeKms, KMSMasterKeyId: &key}
		}
		_, err := api.CreateTable(t.Context(), in)
		noError(t, err)
	}
	_, err := api.UpdateContinuousBackups(t.Context(), &dynamodb.UpdateContinuousBackupsInput{
		TableName:                        sdk.String("good"),
		PointInTimeRecoverySpecification: &dynamodbtypes.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: sdk.Bool(true)},
	})
	noError(t, err)
}

func makeDatabases(t *testing.T, cfg sdk.Config) {
	t.Helper()
	databases, graphs, caches := rds.NewFromConfig(cfg), neptune.NewFromConfig(cfg), memorydb.NewFromConfig(cfg)
	for _, name := range []string{"good", "bad"} {
		good := name == "good"
		_, err := databases.CreateDBCluster(t.Context(), &rds.CreateDBClusterInput{
			DBClusterIdentifier: &name, Engine: sdk.String("aurora-postgresql"), MasterUsername: sdk.String("admin1"),
			MasterUserPassword: sdk.String("not-a-real-one-1"), StorageEncrypted: &good,
		})
		noError(t, err)
		_, err = databases.CreateDBInstance(t.Context(), &rds.CreateDBInstanceInput{
			DBInstanceIdentifier: &name, DBInstanceClass: sdk.String("db.t4g.medium"), Engine: sdk.String("postgres"), AllocatedStorage: sdk.Int32(20),
			MasterUsername: sdk.String("admin1"), MasterUserPassword: sdk.String("not-a-real-one-1"), PubliclyAccessible: sdk.Bool(!good),
		})
		noError(t, err)
		_, err = graphs.CreateDBCluster(t.Context(), &neptune.CreateDBClusterInput{
			DBClusterIdentifier: sdk.String(name + "-graph"), Engine: sdk.String("neptune"), StorageEncrypted: &good,
		})
		noError(t, err)
		_, err = caches.CreateCluster(t.Context(), &memorydb.CreateClusterInput{
			ClusterName: &name, ACLName: sdk.String("open-access"), NodeType: sdk.String("db.r7g.large"), TLSEnabled: &good,
		})
		noError(t, err)
	}
}

func makeFileSystems(t *testing.T, api *efs.Client) (good, bad string) {
	t.Helper()
	ids := make([]string, 2)
	for i, encrypted := range []bool{true, false} {
		out, err := api.CreateFileSystem(t.Context(), &efs.CreateFileSystemInput{CreationToken: sdk.String([]string{"good", "bad"}[i]), Encrypted: &encrypted})
		noError(t, err)
		ids[i] = sdk.ToString(out.FileSystemId)
	}
	return ids[0], ids[1]
}

// makeTopics makes topics, whose ARNs it returns, and queues.
func makeTopics(t *testing.T, cfg sdk.Config) [2]string {
	t.Helper()
	var arns [2]string
	for i, name := range []string{"good", "bad"} {
		topic, queue := map[string]string{}, map[string]string{"SqsManagedSseEnabled": "false"}
		if name == "good" {
			topic["KmsMasterKeyId"], queue["SqsManagedSseEnabled"] = "alias/aws/sns", "true"
		}
		out, err := sns.NewFromConfig(cfg).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: &name, Attributes: topic})
		noError(t, err)
		_, err = sqs.NewFromConfig(cfg).CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: queue})
		noError(t, err)
		arns[i] = sdk.ToString(out.TopicArn)
	}
	return arns
}

// TestProofCompute proves the checks of containers and clusters that host agents and
// models, and of what Glue learns.
func TestProofCompute(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	tasks, clusters := ecs.NewFromConfig(cfg), eks.NewFromConfig(cfg)
	for _, name := range []string{"good", "bad"} {
		good := name == "good"
		c := ecstypes.ContainerDefinition{Name: sdk.String("agent"), Image: sdk.String("agent:1"), Memory: sdk.Int32(512), User: sdk.String("1000")}
		vpc := &ekstypes.VpcConfigRequest{SubnetIds: []string{"subnet-1"}, EndpointPublicAccess: sdk.Bool(!good), EndpointPrivateAccess: &good}
		in := &eks.CreateClusterInput{Name: &name, RoleArn: sdk.String("arn:aws:iam::" + l.account + ":role/eks"), ResourcesVpcConfig: vpc}
		if good {
			in.EncryptionConfig = []ekstypes.EncryptionConfig{{Resources: []string{"secrets"}, Provider: &ekstypes.Provider{KeyArn: sdk.String("arn:aws:kms:" + liveRegion + ":" + l.account + ":key/1")}}}
		} else {
			c.User, c.Environment = nil, []ecstypes.KeyValuePair{{Name: sdk.String("DB_PASSWORD"), Value: sdk.String("Tr0ub4dor-and-3")}}
		}
		_, err := tasks.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{Family: &name, ContainerDefinitions: []ecstypes.ContainerDefinition{c}})
		noError(t, err)
		_, err = clusters.CreateCluster(t.Context(), in)
		noError(t, err)
	}
	r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps", "--collectors",
		"ecs-task-definitions,eks-clusters,glue-ml-transforms,glue-catalogs")
	wantVerdicts(t, r, verdicts{
		"ecs_task_definition_no_environment_secrets": goodAndBad("good", "bad"),
		"ecs_task_definition_nonroot_user":           goodAndBad("good", "bad"),
		"eks_cluster_endpoint_not_public":            goodAndBad("good", "bad"),
		"eks_cluster_secrets_encrypted":              goodAndBad("good", "bad"),
		"glue_ml_transform_encrypted":                goodAndBad("tfm-good", "tfm-bad"),
		"glue_data_catalog_metadata_encrypted":       {l.account: assize.Fail},
	})
}

// TestProofCosts proves the checks that the profile asks for: quotas and anomalies.
func TestProofCosts(t *testing.T) {
	startEmpty(t)
	for pattern, want := range map[string]assize.Outcome{"*tokens per minute": assize.Pass, "*requests per minute": assize.Fail} {
		profile := "ai_budget_required: true\ncost_anomaly_detection_required: true\nreviewed_quotas: [\"" + pattern + "\"]\n"
		noError(t, os.WriteFile("assize.yaml", []byte(profile), 0o600))
		r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps", "--collectors", "service-quotas,ce-anomaly-monitors,budgets-budgets")
		wantVerdicts(t, r, verdicts{
			"bedrock_service_quota_token_limits_reviewed": {"": want},
			"cost_anomaly_detection_covers_ai_services":   {"": assize.Pass},
			"budget_covers_ai_services":                   {"": assize.Fail},
		})
	}
}
