package fakeaws_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	bedrocktypes "github.com/aws/aws-sdk-go-v2/service/bedrock/types"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

// answering is an upstream that always answers with body.
func answering(t *testing.T, body string) string {
	t.Helper()
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	}))
	t.Cleanup(up.Close)
	return up.URL
}

// TestRepair holds that times and a status in moto's form arrive through the SDK,
// and that those in the right form are left alone.
func TestRepair(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, form := range []string{fmt.Sprintf("%d.25", want.Unix()), fmt.Sprint(want.Unix()), `"2026-01-02T03:04:05Z"`} {
		up := answering(t, `{"knowledgeBaseSummaries": [{"knowledgeBaseId": "A", "name": "A", "status": "Active", "updatedAt": `+form+`}]}`)
		srv := fakeaws.Start(t, fakeaws.Config{Upstream: up})
		out, err := bedrockagent.NewFromConfig(srv.AWSConfig("eu-west-1", "")).ListKnowledgeBases(t.Context(), &bedrockagent.ListKnowledgeBasesInput{})
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		got := out.KnowledgeBaseSummaries[0]
		if !aws.ToTime(got.UpdatedAt).Equal(want) || got.Status != types.KnowledgeBaseStatusActive {
			t.Errorf("%s: got %s, %s; want %s, ACTIVE", form, got.UpdatedAt, got.Status, want)
		}
	}
	for _, form := range []string{"2026-01-02 03:04:05", "2026-01-02T03:04:05Z"} {
		up := answering(t, `{"modelSummaries": [{"modelArn": "A", "modelName": "A", "creationTime": "`+form+`"}]}`)
		srv := fakeaws.Start(t, fakeaws.Config{Upstream: up})
		out, err := bedrock.NewFromConfig(srv.AWSConfig("eu-west-1", "")).ListCustomModels(t.Context(), &bedrock.ListCustomModelsInput{})
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		if got := aws.ToTime(out.ModelSummaries[0].CreationTime); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", form, got, want)
		}
	}
}

// TestRepairOfMoto asks moto itself through the SDK for what needs mending.
func TestRepairOfMoto(t *testing.T) {
	t.Parallel()
	cfg := fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL}).AWSConfig("us-east-1", moto.NewAccount())
	agents, models := bedrockagent.NewFromConfig(cfg), bedrock.NewFromConfig(cfg)
	role := aws.String("arn:aws:iam::111122223333:role/service-role")
	if _, err := agents.CreateAgent(t.Context(), &bedrockagent.CreateAgentInput{AgentName: aws.String("a"), AgentResourceRoleArn: role}); err != nil {
		t.Fatal(err)
	}
	out, err := agents.ListAgents(t.Context(), &bedrockagent.ListAgentsInput{})
	if err != nil || len(out.AgentSummaries) != 1 || time.Since(aws.ToTime(out.AgentSummaries[0].UpdatedAt)) > time.Hour {
		t.Errorf("agents: got %+v, %v", out, err)
	}
	_, err = models.CreateModelCustomizationJob(t.Context(), &bedrock.CreateModelCustomizationJobInput{
		JobName: aws.String("job"), CustomModelName: aws.String("model"), RoleArn: role,
		BaseModelIdentifier: aws.String("amazon.titan-text-lite-v1"),
		TrainingDataConfig:  &bedrocktypes.TrainingDataConfig{S3Uri: aws.String("s3://bucket/train")},
		OutputDataConfig:    &bedrocktypes.OutputDataConfig{S3Uri: aws.String("s3://bucket/out")},
		HyperParameters:     map[string]string{"epochCount": "1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := models.ListModelCustomizationJobs(t.Context(), &bedrock.ListModelCustomizationJobsInput{})
	if err != nil || len(jobs.ModelCustomizationJobSummaries) != 1 {
		t.Errorf("jobs: got %+v, %v", jobs, err)
	}
	custom, err := models.ListCustomModels(t.Context(), &bedrock.ListCustomModelsInput{})
	if err != nil || len(custom.ModelSummaries) != 1 {
		t.Errorf("custom models: got %+v, %v", custom, err)
	}
}
