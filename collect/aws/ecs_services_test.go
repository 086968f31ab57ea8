package aws

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/internal/fakeaws"
)

// seedServices makes a cluster with more services than one call describes; each runs the first
// revision of a task definition, whose role the second does not have any more.
func seedServices(t *testing.T, s *bedrockStage, n int) {
	t.Helper()
	api := ecs.NewFromConfig(s.cfg)
	must(t, nil, second(api.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("agents")})))
	for _, role := range []string{"first", "later"} {
		must(t, nil, second(api.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
			Family: aws.String("agent"), TaskRoleArn: aws.String("arn:aws:iam::" + s.account + ":role/" + role),
			ContainerDefinitions: []types.ContainerDefinition{{Name: aws.String("agent"), Image: aws.String("agent:1"), Memory: aws.Int32(64)}},
		})))
	}
	for i := range n {
		must(t, nil, second(api.CreateService(t.Context(), &ecs.CreateServiceInput{
			Cluster: aws.String("agents"), ServiceName: aws.String(fmt.Sprintf("agent-%02d", i)), TaskDefinition: aws.String("agent:1"),
			DesiredCount: aws.Int32(1),
		})))
	}
}

func second[T any](_ T, err error) error { return err }

func TestECSServices(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	seedServices(t, s, 12)
	got := s.collect(t, &ecsServices)
	if n := len(idsOf(got, typeECSService)); n != 12 {
		t.Errorf("services: got %d, want 12", n)
	}
	if diff := cmp.Diff(map[string]string{typeECSService: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	checkFacts(t, properties(t, recordOf(t, got, typeECSService, "agents/agent-00")), map[string]string{
		"ServiceArn":           `"arn:aws:ecs:us-east-1:` + s.account + `:service/agents/agent-00"`,
		"Cluster":              `"arn:aws:ecs:us-east-1:` + s.account + `:cluster/agents"`,
		"TaskDefinition":       `"arn:aws:ecs:us-east-1:` + s.account + `:task-definition/agent:1"`,
		"TaskRoleArn":          `"arn:aws:iam::` + s.account + `:role/first"`,
		"EnableExecuteCommand": `false`,
	})
}

// What cannot be described is unknown, and the list stays whole.
func TestECSServicesDenied(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	seedServices(t, s, 1)
	s.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "ecs", Operation: "DescribeServices"})
	got := s.collect(t, &ecsServices)
	checkFacts(t, properties(t, recordOf(t, got, typeECSService, "agents/agent-00")), map[string]string{
		"TaskRoleArn": "unknown: denied", "EnableExecuteCommand": "unknown: denied",
	})
	if diff := cmp.Diff(map[string]string{typeECSService: "complete"}, coverageOf(got)); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}

// A service that another system deploys runs what its primary task set names; one that was deleted
// since it was listed is unknown.
func TestECSServicesOfTaskSets(t *testing.T) {
	t.Parallel()
	s := newBedrockStage(t)
	seedServices(t, s, 2)
	prefix := "arn:aws:ecs:us-east-1:" + s.account + ":service/agents/agent-0"
	s.Answer("ecs", "DescribeServices", fakeaws.Match{}, 200, `{"services":[{"serviceArn":"`+prefix+`0","serviceName":"agent-00","enableExecuteCommand":true,
		"events":[{"message":"has reached a steady state"}],
		"taskSets":[{"status":"ACTIVE","taskDefinition":"agent:2"},{"status":"PRIMARY","taskDefinition":"agent:1"}]}],
		"failures":[{"arn":"`+prefix+`1","reason":"MISSING"}]}`)
	got := s.collect(t, &ecsServices)
	checkFacts(t, properties(t, recordOf(t, got, typeECSService, "agents/agent-00")), map[string]string{
		"TaskDefinition": ``, "TaskRoleArn": `"arn:aws:iam::` + s.account + `:role/first"`, "EnableExecuteCommand": `true`,
	})
	checkFacts(t, properties(t, recordOf(t, got, typeECSService, "agents/agent-01")), map[string]string{
		"TaskRoleArn": "unknown: wrong answer",
	})
}
