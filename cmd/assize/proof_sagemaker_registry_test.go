package main

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
)

// sagemakerProfile is what an organisation might have decided.
const sagemakerProfile = `
model_monitoring_required: true
model_registry_required: true
model_cards_required: true
model_lineage_required: true
bias_evaluation_required: true
ml_pipelines_required: true
human_review_required: true
required_tags: [owner]
`

// decided writes the profile and returns the arguments that name it.
func decided(t *testing.T) []string {
	t.Helper()
	if err := os.WriteFile("profile.yaml", []byte(sagemakerProfile), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"--config", "profile.yaml"}
}

// TestProveStudio proves the checks of domains, user profiles, images and what else
// the emulator or the fixtures have of Studio.
func TestProveStudio(t *testing.T) {
	l, p := startProof(t)
	good := p.domain("good", &sagemaker.CreateDomainInput{
		AuthMode: "SSO", AppNetworkAccessType: "VpcOnly", KmsKeyId: p.key, Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("claims")}},
	})
	bad := p.domain("bad", &sagemaker.CreateDomainInput{AuthMode: "IAM", AppNetworkAccessType: "PublicInternetOnly", Tags: []types.Tag{}})
	l.Answer("sagemaker", "ListUserProfiles", fakeaws.Match{}, 200, `{"UserProfiles": [
		{"DomainId": "`+good+`", "UserProfileName": "ana"}, {"DomainId": "`+good+`", "UserProfileName": "ben"}]}`)
	l.Answer("sagemaker", "DescribeUserProfile", fakeaws.Match{Params: map[string]string{"UserProfileName": "ana"}}, 200,
		`{"DomainId": "`+good+`", "UserProfileName": "ana", "UserProfileArn": "arn:ana", "UserSettings": {"ExecutionRole": "arn:aws:iam::111122223333:role/ana"}}`)
	l.Answer("sagemaker", "DescribeUserProfile", fakeaws.Match{Params: map[string]string{"UserProfileName": "ben"}}, 200,
		`{"DomainId": "`+good+`", "UserProfileName": "ben", "UserProfileArn": "arn:ben"}`)
	r := l.judge(t, "sagemaker-domains,sagemaker-user-profiles,sagemaker-spaces,sagemaker-images,sagemaker-app-image-configs,sagemaker-feature-groups,"+
		"sagemaker-lifecycle-configs,sagemaker-flow-definitions,kms-keys", decided(t)...)
	wantVerdicts(t, r, verdicts{
		"sagemaker_domain_vpc_only":                        goodBad(good, bad),
		"sagemaker_domain_sso_auth_mode":                   goodBad(good, bad),
		"sagemaker_domain_encrypted_with_cmk":              goodBad(good, bad),
		"sagemaker_domain_tagged":                          goodBad(good, bad),
		"sagemaker_domain_execution_role_isolated":         goodBad(good+"/ana", good+"/ben"),
		"sagemaker_space_remote_access_disabled":           goodBad("d-good00000001/lab-good", "d-good00000001/lab-bad"),
		"sagemaker_space_tagged":                           goodBad("d-good00000001/lab-good", "d-good00000001/lab-bad"),
		"sagemaker_image_described":                        goodBad("studio-good", "studio-bad"),
		"sagemaker_image_tagged":                           goodBad("studio-good", "studio-bad"),
		"sagemaker_app_image_config_tagged":                goodBad("kernel-good", "kernel-bad"),
		"sagemaker_feature_group_tagged":                   goodBad("customers-good", "customers-bad"),
		"sagemaker_notebook_instance_no_secrets":           goodBad("setup-good", "setup-bad"),
		"sagemaker_flow_definition_output_encrypted":       goodBad("review-good", "review-bad"),
		"sagemaker_human_review_workflow_exists":           {"": assize.Pass},
		"sagemaker_feature_group_offline_store_configured": {"customers-good": assize.Pass, "customers-bad": assize.NotApplicable},
	})
}

// domain makes a domain and returns its id.
func (p *proof) domain(name string, in *sagemaker.CreateDomainInput) string {
	p.t.Helper()
	in.DomainName, in.SubnetIds, in.VpcId = aws.String(name), proofVPC.Subnets, aws.String("vpc-0a1b2c3d")
	in.DefaultUserSettings = &types.UserSettings{ExecutionRole: proofRole}
	out, err := p.api.CreateDomain(p.t.Context(), in)
	p.made(out, err)
	arn := aws.ToString(out.DomainArn)
	return arn[strings.LastIndexByte(arn, '/')+1:]
}

// TestProveRegistry proves the checks of the model registry, of cards, pipelines and clusters.
func TestProveRegistry(t *testing.T) {
	l, p := startProof(t)
	approved := p.versions("shared-good", types.ModelApprovalStatusApproved, types.ModelApprovalStatusApproved)
	pending := p.versions("shared-bad", types.ModelApprovalStatusApproved, types.ModelApprovalStatusPendingManualApproval)
	p.versions("single", types.ModelApprovalStatusApproved)
	for name, version := range map[string]string{"good": approved, "bad": pending} {
		p.made(p.api.CreateModel(t.Context(), &sagemaker.CreateModelInput{
			ModelName: aws.String(name), ExecutionRoleArn: proofRole,
			PrimaryContainer: &types.ContainerDefinition{ModelPackageName: aws.String(version)},
		}))
		p.made(p.api.CreateEndpointConfig(t.Context(), &sagemaker.CreateEndpointConfigInput{
			EndpointConfigName: aws.String(name), ProductionVariants: []types.ProductionVariant{{
				VariantName: aws.String("main"), ModelName: aws.String(name), InitialInstanceCount: aws.Int32(2), InstanceType: "ml.m5.large",
			}},
		}))
		p.made(p.api.CreateEndpoint(t.Context(), &sagemaker.CreateEndpointInput{EndpointName: aws.String(name), EndpointConfigName: aws.String(name)}))
	}
	p.made(p.api.CreateModelCard(t.Context(), &sagemaker.CreateModelCardInput{
		ModelCardName: aws.String("card"), ModelCardStatus: "Approved", Content: aws.String(`{"model_overview": {"model_name": "good"}}`),
	}))
	p.made(p.api.CreateCluster(t.Context(), &sagemaker.CreateClusterInput{ClusterName: aws.String("inside"), VpcConfig: proofVPC, InstanceGroups: proofGroups}))
	p.made(p.api.CreateCluster(t.Context(), &sagemaker.CreateClusterInput{ClusterName: aws.String("outside"), InstanceGroups: proofGroups}))
	r := l.judge(t, "sagemaker-model-packages,sagemaker-model-package-groups,sagemaker-models,sagemaker-model-cards,sagemaker-endpoints,"+
		"sagemaker-endpoint-configs,sagemaker-pipelines,sagemaker-clusters,sagemaker-processing-jobs", decided(t)...)
	wantVerdicts(t, r, verdicts{
		"sagemaker_model_package_approval_required":           goodBad(idOf(approved), idOf(pending)),
		"sagemaker_model_package_group_policy_restricted":     {"shared-good": assize.Pass, "shared-bad": assize.Fail, "single": assize.NotApplicable},
		"sagemaker_model_package_group_rollback_version_kept": {"shared-good": assize.Pass, "shared-bad": assize.Fail, "single": assize.NotApplicable},
		"sagemaker_model_card_exists":                         goodBad("good", "bad"),
		"sagemaker_model_registry_in_use":                     {"": assize.Pass},
		"sagemaker_pipeline_in_use":                           {"": assize.Fail},
		"sagemaker_clarify_in_use":                            {"": assize.Fail},
		"sagemaker_hyperpod_cluster_in_vpc":                   goodBad("inside", "outside"),
	})
}

var proofGroups = []types.ClusterInstanceGroupSpecification{{
	InstanceGroupName: aws.String("workers"), InstanceType: "ml.m5.large", InstanceCount: aws.Int32(1), ThreadsPerCore: aws.Int32(1), ExecutionRole: proofRole,
	LifeCycleConfig: &types.ClusterLifeCycleConfig{SourceS3Uri: aws.String("s3://sagemaker-scripts/"), OnCreate: aws.String("on_create.sh")},
}}

// versions registers versions of a group and returns the ARN of the last.
func (p *proof) versions(group string, states ...types.ModelApprovalStatus) (arn string) {
	p.t.Helper()
	p.made(p.api.CreateModelPackageGroup(p.t.Context(), &sagemaker.CreateModelPackageGroupInput{ModelPackageGroupName: aws.String(group)}))
	for _, state := range states {
		out, err := p.api.CreateModelPackage(p.t.Context(), &sagemaker.CreateModelPackageInput{
			ModelPackageGroupName: aws.String(group), ModelApprovalStatus: state,
		})
		p.made(out, err)
		arn = aws.ToString(out.ModelPackageArn)
	}
	return arn
}

// idOf is the id of a model package: what stands in its ARN.
func idOf(arn string) string {
	_, id, _ := strings.Cut(arn, ":model-package/")
	return id
}

// TestProveMonitors proves the checks of monitors by their runs, and of lineage.
func TestProveMonitors(t *testing.T) {
	l, p := startProof(t)
	p.endpoint("support-endpoint", nil, nil, nil, l.account)
	p.endpoint("claims", nil, nil, nil, l.account)
	p.made(p.api.CreateExperiment(t.Context(), &sagemaker.CreateExperimentInput{ExperimentName: aws.String("claims")}))
	r := l.judge(t, "sagemaker-endpoints,sagemaker-monitoring-schedules,sagemaker-experiments", decided(t)...)
	wantVerdicts(t, r, verdicts{
		"sagemaker_endpoint_data_quality_monitor_passing":  {"support-endpoint": assize.Pass, "claims": assize.NotApplicable},
		"sagemaker_endpoint_model_quality_monitor_passing": {"support-endpoint": assize.NotApplicable},
		"sagemaker_model_monitor_scheduled":                goodBad("support-endpoint", "claims"),
		"sagemaker_lineage_tracked":                        goodBad("claims", "support-endpoint"),
	})
	l.Answer("sagemaker", "ListMonitoringExecutions", fakeaws.Match{}, 200,
		`{"MonitoringExecutionSummaries": [{"MonitoringExecutionStatus": "CompletedWithViolations", "ScheduledTime": 1791210600}]}`)
	r = l.judge(t, "sagemaker-endpoints,sagemaker-monitoring-schedules,sagemaker-experiments")
	wantVerdicts(t, r, verdicts{"sagemaker_endpoint_data_quality_monitor_passing": {"support-endpoint": assize.Fail}})
}

// TestProveNotebooks proves the checks of notebooks.
func TestProveNotebooks(t *testing.T) {
	l, p := startProof(t)
	p.made(p.api.CreateNotebookInstance(t.Context(), &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String("bad"), InstanceType: "ml.t3.medium", RoleArn: p.role("broad", `"sagemaker:*"`, `"*"`),
	}))
	p.made(p.api.CreateNotebookInstance(t.Context(), &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String("good"), InstanceType: "ml.t3.medium", KmsKeyId: p.key, LifecycleConfigName: aws.String("setup-good"),
		RoleArn: p.role("narrow", `"s3:GetObject"`, `"arn:aws:s3:::corpus/*"`),
	}))
	wantVerdicts(t, l.judge(t, "sagemaker-notebooks,iam-authorization"), verdicts{
		"sagemaker_notebook_instance_encrypted_with_kms":        goodBad("good", "bad"),
		"sagemaker_notebook_instance_lifecycle_config_attached": goodBad("good", "bad"),
		"sagemaker_notebook_instance_role_least_privilege":      goodBad("good", "bad"),
		"sagemaker_notebook_instance_imdsv2_required":           {"bad": assize.Fail},
	})
}

// role makes a role that may do the action on the resource, and returns its ARN.
func (p *proof) role(name, action, resource string) *string {
	p.t.Helper()
	out, err := p.iam.CreateRole(p.t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(name),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow",` +
			`"Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}}`),
	})
	p.made(out, err)
	p.made(p.iam.PutRolePolicy(p.t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String(name), PolicyName: aws.String("work"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":` + action + `,"Resource":` + resource + `}}`),
	}))
	return out.Role.Arn
}
