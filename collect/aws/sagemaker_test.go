package aws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
	"github.com/google/go-cmp/cmp"
)

const sagemakerRegion = "us-east-1"

// runSageMaker runs the collectors whose names begin with prefix.
func runSageMaker(t *testing.T, srv *fakeaws.Server, account string, cfg collect.Config, prefix string) *collect.Collection {
	t.Helper()
	cfg.Attempts = 1
	c := newClients(moto.Config(t, srv.URL, sagemakerRegion, account))
	var jobs []collect.Job
	for _, unit := range collectors {
		if strings.HasPrefix(unit.Name, prefix) {
			jobs = append(jobs, job(unit, account, sagemakerRegion, nil, c))
		}
	}
	got := collect.NewCollection("test", time.Unix(0, 0))
	if err := collect.NewRunner(cfg, classify).Run(t.Context(), jobs, nil, got.Sink()); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got.Records, func(a, b *assize.Record) int { return strings.Compare(a.Key(), b.Key()) })
	return got
}

// recordIDs are the types and ids of the records.
func recordIDs(c *collect.Collection) []string {
	var ids []string
	for _, r := range c.Records {
		ids = append(ids, strings.TrimPrefix(r.Type, "AWS::SageMaker::")+" "+r.ID)
	}
	return ids
}

// incompleteTypes are those whose lists were not read to their ends.
func incompleteTypes(c *collect.Collection) []string {
	var types []string
	for _, c := range c.Coverage {
		if !c.Complete {
			types = append(types, c.Type)
		}
	}
	return types
}

// Everything that moto can hold, and fixtures for what it lacks (moto also forgets the
// online store of a feature group): each list is read to
// its end, and each object is asked for once.
func TestSageMakerReadsEverything(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL, Fixtures: []fs.FS{fakeaws.Defaults(), os.DirFS("testdata/sagemaker")}})
	account := moto.NewAccount()
	seedSageMaker(t, moto.Config(t, srv.URL, sagemakerRegion, account))
	srv.ResetCounts()
	got := runSageMaker(t, srv, account, collect.Config{}, "sagemaker-")
	want := []string{
		"AppImageConfig kernel-bad", "AppImageConfig kernel-good",
		"DataQualityJobDefinition drift", "Endpoint live", "EndpointConfig steady",
		"FeatureGroup customers", "FeatureGroup sessions", "FlowDefinition review-bad", "FlowDefinition review-good",
		"Image studio-bad", "Image studio-good", "InferenceExperiment shadow",
		"Model pipeline", "Model single", "ModelBiasJobDefinition bias", "ModelExplainabilityJobDefinition why",
		"ModelQualityJobDefinition quality", "MonitoringSchedule inline", "MonitoringSchedule named",
		"NotebookInstance closed", "NotebookInstance open",
		"NotebookInstanceLifecycleConfig setup-bad", "NotebookInstanceLifecycleConfig setup-good",
		"Space d-good00000001/lab-bad", "Space d-good00000001/lab-good",
		"TrainingJob train", "UserProfile d-good00000001/ana-good", "UserProfile d-good00000001/ben-bad",
	}
	if diff := cmp.Diff(want, recordIDs(got)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if len(incompleteTypes(got)) > 0 || len(got.Gaps) > 0 || len(got.Coverage) != 30 {
		t.Errorf("%d types, incomplete %v, gaps %v; want 30 complete", len(got.Coverage), incompleteTypes(got), got.Gaps)
	}
	described := 0
	for _, c := range srv.Calls() {
		if strings.HasPrefix(c.Operation, "Describe") {
			described += c.Count
		}
	}
	if described != len(want) {
		t.Errorf("%d descriptions of %d objects", described, len(want))
	}
	for _, r := range got.Records {
		if r.ARN == "" || r.Account != account || r.Region != sagemakerRegion {
			t.Errorf("%s: arn %q", r.Key(), r.ARN)
		}
	}
	compareProperties(t, "testdata/sagemaker_resources.json", account, got.Records)
}

// compareProperties derives the records and holds their properties, but for points in
// time, against a file of properties by type and id.
func compareProperties(t *testing.T, file, account string, records []*assize.Record) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := plainJSON(t, bytes.ReplaceAll(data, []byte("${account}"), []byte(account)))
	mapping, err := collect.NewMapping(slices.Collect(maps.Values(sagemakerDefinitions(t))))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	for _, r := range records {
		res, err := mapping.Derive(r)
		if err != nil {
			t.Fatal(err)
		}
		properties, err := json.Marshal(res.Properties)
		if err != nil {
			t.Fatal(err)
		}
		o := plainJSON(t, properties)
		maps.DeleteFunc(o, func(name string, _ any) bool { return strings.HasSuffix(name, "Time") })
		got[strings.TrimPrefix(r.Type, "AWS::SageMaker::")+" "+r.ID] = o
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}

// One object that cannot be described is a gap of its own record and of nothing else.
func TestSageMakerDescribeFails(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	srv.Answer("sagemaker", "ListModels", fakeaws.Match{}, 0, `{"Models": [
		{"ModelName": "open", "ModelArn": "arn:open", "CreationTime": 1},
		{"ModelName": "closed", "ModelArn": "arn:closed", "CreationTime": 1}]}`)
	srv.Answer("sagemaker", "DescribeModel", fakeaws.Match{Params: map[string]string{"ModelName": "open"}}, 0,
		`{"ModelName": "open", "ModelArn": "arn:open", "CreationTime": 1, "EnableNetworkIsolation": true}`)
	srv.AnswerError("sagemaker", "DescribeModel", fakeaws.Match{Params: map[string]string{"ModelName": "closed"}},
		400, "AccessDeniedException", "not you")

	got := runSageMaker(t, srv, "111122223333", collect.Config{}, "sagemaker-models")
	if diff := cmp.Diff([]string{"Model closed", "Model open"}, recordIDs(got)); diff != "" {
		t.Fatalf("records (-want +got):\n%s", diff)
	}
	if len(incompleteTypes(got)) > 0 {
		t.Errorf("incomplete: %v; the list was read", incompleteTypes(got))
	}
	closed, open := got.Records[0].Answers[0], got.Records[1].Answers[0]
	if closed.Gap == nil || closed.Gap.Resource != "closed" || closed.Gap.Code != "AccessDeniedException" {
		t.Errorf("gap %v, want a denial that names closed", closed.Gap)
	}
	if open.Value.Get("EnableNetworkIsolation") != true {
		t.Errorf("the other model was not read: %v", open)
	}
}

// The second of three pages fails: what the first gave is kept, and the type is incomplete.
func TestSageMakerPageFails(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	srv.Answer("sagemaker", "ListNotebookInstances", fakeaws.Match{}, 0,
		`{"NotebookInstances": [{"NotebookInstanceName": "first", "NotebookInstanceArn": "arn:first"}], "NextToken": "2"}`)
	srv.AnswerError("sagemaker", "ListNotebookInstances", fakeaws.Match{Params: map[string]string{"NextToken": "2"}},
		500, "InternalFailure", "later")
	srv.Answer("sagemaker", "DescribeNotebookInstance", fakeaws.Match{}, 0,
		`{"NotebookInstanceName": "${params.NotebookInstanceName}", "RootAccess": "Disabled"}`)

	got := runSageMaker(t, srv, "111122223333", collect.Config{}, "sagemaker-notebooks")
	if diff := cmp.Diff([]string{"NotebookInstance first"}, recordIDs(got)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{typeSageMakerNotebook}, incompleteTypes(got)); diff != "" {
		t.Errorf("incomplete (-want +got):\n%s", diff)
	}
}

// Of more training jobs than the item budget allows, the newest are read.
func TestSageMakerNewestTrainingJobs(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	var newest []string
	for i := 5; i > 0; i-- {
		newest = append(newest, fmt.Sprintf(`{"TrainingJobName": "job-%d", "TrainingJobArn": "arn:%[1]d", "CreationTime": %[1]d}`, i))
	}
	srv.AnswerPaged("sagemaker", "ListTrainingJobs",
		fakeaws.Match{Params: map[string]string{"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": "100"}},
		fakeaws.Paging{Items: "TrainingJobSummaries", Size: 2, TokenIn: "NextToken", TokenOut: "NextToken"},
		`{"TrainingJobSummaries": [`+strings.Join(newest, ",")+`]}`)
	srv.Answer("sagemaker", "DescribeTrainingJob", fakeaws.Match{}, 0,
		`{"TrainingJobName": "${params.TrainingJobName}", "TrainingJobArn": "arn", "TrainingJobStatus": "Completed", "CreationTime": 1}`)

	got := runSageMaker(t, srv, "111122223333", collect.Config{Items: 3}, "sagemaker-training-jobs")
	if diff := cmp.Diff([]string{"TrainingJob job-3", "TrainingJob job-4", "TrainingJob job-5"}, recordIDs(got)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if len(got.Gaps) != 1 || len(incompleteTypes(got)) != 1 {
		t.Errorf("gaps %v, incomplete %v; want one each", got.Gaps, incompleteTypes(got))
	}
}

// A Region without any object is known to have none.
func TestSageMakerNothingThere(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL})
	for op, items := range map[string]string{
		"ListMonitoringSchedules": "MonitoringScheduleSummaries", "ListFeatureGroups": "FeatureGroupSummaries",
		"ListInferenceExperiments": "InferenceExperiments", "ListAppImageConfigs": "AppImageConfigs", "ListImages": "Images",
		"ListFlowDefinitions": "FlowDefinitionSummaries", "ListUserProfiles": "UserProfiles", "ListSpaces": "Spaces",
		"ListNotebookInstanceLifecycleConfigs": "NotebookInstanceLifecycleConfigs",
	} {
		srv.Answer("sagemaker", op, fakeaws.Match{}, 0, `{"`+items+`": []}`)
	}
	got := runSageMaker(t, srv, moto.NewAccount(), collect.Config{}, "sagemaker-")
	if len(got.Records) > 0 || len(incompleteTypes(got)) > 0 || len(got.Coverage) != 30 {
		t.Errorf("records %v, incomplete %v of %d types", recordIDs(got), incompleteTypes(got), len(got.Coverage))
	}
}
