package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	bedrocktypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	smtypes "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
	"github.com/assize-dev/assize/library"
)

const liveRegion = "eu-west-1"

// live is an account on the emulator, with fakeaws in front of it.
type live struct {
	*fakeaws.Server
	account string
}

// startLive makes an account with AI resources, good and bad, and points the
// environment of the command at it.
func startLive(t *testing.T) *live {
	t.Helper()
	l := startEmpty(t)
	seed(t, l.AWSConfig(liveRegion, l.account))
	l.ResetCounts()
	return l
}

// startEmpty makes an account with nothing in it but what the fixtures answer, and
// points the environment of the command at it.
func startEmpty(t *testing.T) *live {
	t.Helper()
	l := &live{account: moto.NewAccount()}
	l.Server = fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL, Fixtures: []fs.FS{fakeaws.Defaults()}})
	for key, value := range map[string]string{
		"AWS_ENDPOINT_URL": l.URL, "AWS_ACCESS_KEY_ID": fakeaws.AccessKey(l.account), "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN": "", "AWS_REGION": liveRegion, "AWS_PROFILE": "", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(key, value)
	}
	t.Chdir(t.TempDir())
	return l
}

// seed creates, through the SDK: a bucket of training data, the role and the job
// that read it, a notebook with both defaults, a model without isolation, a key,
// and the logging of model invocations.
func seed(t *testing.T, cfg aws.Config) {
	t.Helper()
	ctx := context.Background()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	buckets := s3.NewFromConfig(cfg, moto.PathStyle)
	must(buckets.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket:                    aws.String(bucketOf(t)),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: liveRegion},
	}))
	must(buckets.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: aws.String(bucketOf(t)), VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled},
	}))
	role, err := iam.NewFromConfig(cfg).CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("training"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow",` +
			`"Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}}`),
	})
	must(nil, err)
	must(kms.NewFromConfig(cfg).CreateKey(ctx, &kms.CreateKeyInput{}))
	seedSageMaker(t, sagemaker.NewFromConfig(cfg), aws.ToString(role.Role.Arn))
	must(bedrock.NewFromConfig(cfg).PutModelInvocationLoggingConfiguration(ctx, &bedrock.PutModelInvocationLoggingConfigurationInput{
		LoggingConfig: &bedrocktypes.LoggingConfig{
			S3Config: &bedrocktypes.S3Config{BucketName: aws.String(bucketOf(t))}, TextDataDeliveryEnabled: aws.Bool(true),
		},
	}))
}

func seedSageMaker(t *testing.T, api *sagemaker.Client, role string) {
	t.Helper()
	ctx := context.Background()
	_, err := api.CreateNotebookInstance(ctx, &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: aws.String("exploration"), InstanceType: "ml.t3.medium", RoleArn: &role,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.CreateModel(ctx, &sagemaker.CreateModelInput{
		ModelName: aws.String("claims"), ExecutionRoleArn: &role,
		PrimaryContainer: &smtypes.ContainerDefinition{Image: aws.String("123456789012.dkr.ecr.eu-west-1.amazonaws.com/claims:1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.CreateTrainingJob(ctx, &sagemaker.CreateTrainingJobInput{
		TrainingJobName: aws.String("claims-1"), RoleArn: &role,
		AlgorithmSpecification: &smtypes.AlgorithmSpecification{TrainingInputMode: "File", TrainingImage: aws.String("image")},
		InputDataConfig: []smtypes.Channel{{ChannelName: aws.String("train"), DataSource: &smtypes.DataSource{
			S3DataSource: &smtypes.S3DataSource{S3DataType: "S3Prefix", S3Uri: aws.String("s3://" + bucketOf(t) + "/train/")},
		}}},
		OutputDataConfig:  &smtypes.OutputDataConfig{S3OutputPath: aws.String("s3://" + bucketOf(t) + "/out/")},
		ResourceConfig:    &smtypes.ResourceConfig{InstanceCount: aws.Int32(1), InstanceType: "ml.m5.large", VolumeSizeInGB: aws.Int32(10)},
		StoppingCondition: &smtypes.StoppingCondition{MaxRuntimeInSeconds: aws.Int32(3600)},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// bucketOf is a name of its own for each test: bucket names are global.
func bucketOf(t *testing.T) string {
	return "training-" + strings.ToLower(strings.NewReplacer("/", "-", "_", "-").Replace(t.Name()))
}

// result is as much of the JSON report as the tests read.
type result struct {
	Findings []struct {
		Check   string         `json:"check"`
		Outcome assize.Outcome `json:"outcome"`
		ID      string         `json:"id"`
		Cause   assize.Cause   `json:"cause"`
		Region  string         `json:"region"`
		// Evidence shows a failure where facts do not: a key of the table.
		Evidence string `json:"evidence"`
	} `json:"findings"`
	Evidence map[string][]string `json:"evidence"`
	Texts    map[string]struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"texts"`
	Summary struct {
		Groups []struct {
			Controls []struct {
				ID      string         `json:"id"`
				Outcome assize.Outcome `json:"outcome"`
			} `json:"controls"`
		} `json:"groups"`
		Gaps []assize.Gap `json:"gaps"`
	} `json:"summary"`
}

// assessJSON runs "assize assess --format json" with further arguments, over all checks:
// controls of the framework "all" are checks.
func assessJSON(t *testing.T, args ...string) (result, int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), append([]string{"assess", "--format", "json", "--framework", "all"}, args...), &stdout, &stderr)
	var r result
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatalf("exit %d, no JSON: %v\n%s", code, err, stderr.String())
	}
	return r, code
}

// rows maps each control of the framework "all", which is a check, to its outcome.
func (r *result) rows() map[string]assize.Outcome {
	rows := map[string]assize.Outcome{}
	for _, g := range r.Summary.Groups {
		for _, c := range g.Controls {
			rows[c.ID] = c.Outcome
		}
	}
	return rows
}

// needs lists the checks that cannot be answered without any of the operations:
// the one that lists their subjects, and those that all facts of their rule come from.
func needs(t *testing.T, operations func(string) bool) []string {
	t.Helper()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range lib.Programs {
		i := slices.IndexFunc(lib.Definitions, func(d *assize.Definition) bool { return d.Type == p.Check.Subject.Type })
		d := lib.Definitions[i]
		// A check of all together may be decided by those that were read.
		needed := operations(d.List) && p.Check.Subject.Kind == assize.SubjectResource
		for _, f := range d.Facts {
			if f.From != "" && slices.Contains(p.Paths(), f.Path) && operations(f.From) {
				needed = true
			}
		}
		if needed {
			ids = append(ids, p.Check.ID)
		}
	}
	if len(ids) == 0 {
		t.Fatal("no check needs what is missing: the test proves nothing")
	}
	return ids
}

// wantNoneDecided fails for every check of the list whose row reads pass or not applicable.
func wantNoneDecided(t *testing.T, r result, checks []string) {
	t.Helper()
	rows := r.rows()
	for _, id := range checks {
		if o := rows[id]; o == assize.Pass || o == assize.NotApplicable || o == "" {
			t.Errorf("%s reads %q although what it needs was not read", id, o)
		}
	}
}

// verdicts are the outcomes wanted of a check, by the id of its subject.
type verdicts map[string]map[string]assize.Outcome

// wantVerdicts compares the outcomes of a live assessment with those wanted. It is
// how a check is proved against resources that the SDK created.
func wantVerdicts(t *testing.T, r result, want verdicts) {
	t.Helper()
	got := verdicts{}
	for _, f := range r.Findings {
		if got[f.Check] == nil {
			got[f.Check] = map[string]assize.Outcome{}
		}
		got[f.Check][f.ID] = f.Outcome
	}
	for check, subjects := range want {
		for id, outcome := range subjects {
			if o := got[check][id]; o != outcome {
				t.Errorf("%s on %q: got %q, want %q", check, id, o, outcome)
			}
		}
	}
}

// TestLiveAccount is the story in which all goes well.
func TestLiveAccount(t *testing.T) {
	l := startLive(t)
	r, code := assessJSON(t)
	if code != exitFail {
		t.Errorf("got exit %d, want %d", code, exitFail)
	}
	rows := r.rows()
	for id, want := range map[string]assize.Outcome{
		"s3_bucket_versioning_enabled":                                assize.Pass,
		"sagemaker_notebook_instance_root_access_disabled":            assize.Fail,
		"sagemaker_notebook_instance_direct_internet_access_disabled": assize.Fail,
		"sagemaker_model_network_isolation_enabled":                   assize.Fail,
		"bedrock_model_invocation_logging_enabled":                    assize.Pass,
		"bedrock_guardrail_content_filters_complete":                  assize.Fail,
	} {
		if rows[id] != want {
			t.Errorf("%s: got %s, want %s", id, rows[id], want)
		}
	}
	for _, c := range l.Calls() {
		if c.Operation == "GetBucketVersioning" && c.Count != 1 {
			t.Errorf("GetBucketVersioning was called %d times, want once", c.Count)
		}
	}
}

// TestSnapshotJudgesTheSame holds that live account and snapshot give the same result.
func TestSnapshotJudgesTheSame(t *testing.T) {
	startLive(t)
	liveResult, _ := assessJSON(t, "--save", "x.assize")
	first, _ := assessJSON(t, "--from", "x.assize")
	second, _ := assessJSON(t, "--from", "x.assize")
	a, _ := json.Marshal(liveResult.Findings)
	b, _ := json.Marshal(first.Findings)
	c, _ := json.Marshal(second.Findings)
	if !bytes.Equal(a, b) || !bytes.Equal(b, c) {
		t.Errorf("the findings differ between the live account and its snapshot")
	}
	left, err := filepath.Glob(".*")
	if err != nil || len(left) > 0 {
		t.Errorf("files left behind: %v %v", left, err)
	}
}
