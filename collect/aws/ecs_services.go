package aws

import (
	"context"
	"slices"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

const (
	typeECSService        = "AWS::ECS::Service"
	opListECSClusters     = "ecs:ListClusters"
	opListECSServices     = "ecs:ListServices"
	opDescribeECSServices = "ecs:DescribeServices"

	ecsPage        = 100
	servicesAtOnce = 10 // of one call of DescribeServices
)

// ecsServices reads what runs in the clusters without end, each service with the task
// definition that it runs now: which may be an older revision than the family's latest.
var ecsServices = collector{
	Declaration: collect.Declaration{
		Name: "ecs-services", Service: "ecs", Scope: collect.Regional, Types: []string{typeECSService},
		Operations: []collect.Operation{
			{Name: opListECSClusters, Actions: []string{opListECSClusters}, MayBeEmpty: true},
			{Name: opListECSServices, Actions: []string{opListECSServices}, MayBeEmpty: true},
			{Name: opDescribeECSServices, Actions: []string{opDescribeECSServices}},
			{Name: opDescribeTaskDefinition, Actions: []string{opDescribeTaskDefinition}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.ecs(t.Region)
		clusters := list(ctx, t, opListECSClusters, ecs.NewListClustersPaginator(api, &ecs.ListClustersInput{MaxResults: aws.Int32(ecsPage)}),
			func(o *ecs.ListClustersOutput) []string { return o.ClusterArns }, typeECSService)
		answers := listChildren(ctx, t, opListECSServices, clusters,
			func(cluster string) *string { return &cluster },
			func(ctx context.Context, cluster string) ([]string, error) {
				p := ecs.NewListServicesPaginator(api, &ecs.ListServicesInput{Cluster: &cluster, MaxResults: aws.Int32(ecsPage)})
				return pages(ctx, t, opListECSServices, t.Region, p, func(o *ecs.ListServicesOutput) []string { return o.ServiceArns })
			}, typeECSService)
		var batches []serviceBatch
		for _, cluster := range clusters {
			for some := range slices.Chunk(answers[cluster].items, servicesAtOnce) {
				batches = append(batches, serviceBatch{cluster, some})
			}
		}
		return eachService(ctx, t, api, batches)
	},
}

// serviceBatch is services of one cluster that are described together.
type serviceBatch struct {
	cluster string
	arns    []string
}

// ecsService is a service with what was answered about it.
type ecsService struct {
	arn    string
	detail *types.Service
	err    error
}

// eachService describes the services of the batches and makes a record of each.
func eachService(ctx context.Context, t *collect.Task, api *ecs.Client, batches []serviceBatch) error {
	var all []ecsService
	for _, batch := range batches {
		out, err := call(ctx, t, opDescribeECSServices, api.DescribeServices, &ecs.DescribeServicesInput{
			Cluster: &batch.cluster, Services: batch.arns, Include: []types.ServiceField{types.ServiceFieldTags},
		})
		for _, arn := range batch.arns {
			all = append(all, serviceOf(arn, out, err))
		}
	}
	return each(ctx, t, all,
		func(s ecsService) (string, string) { return typeECSService, serviceID(s.arn) },
		func(ctx context.Context, b *collect.Builder, s ecsService) {
			b.ARN(s.arn)
			if s.err != nil {
				b.Fail(opDescribeECSServices, s.err)
				b.Fail(opDescribeTaskDefinition, s.err)
				return
			}
			b.Answer(opDescribeECSServices, s.detail)
			definition := runs(s.detail)
			if definition == nil {
				b.None(opDescribeTaskDefinition, "the service has no task set yet")
				return
			}
			describe(ctx, b, opDescribeTaskDefinition, api.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: definition})
		})
}

// runs is the task definition that a service runs: its own, or that of its primary task set where
// another system deploys. Nil where there is none.
func runs(s *types.Service) *string {
	if aws.ToString(s.TaskDefinition) != "" {
		return s.TaskDefinition
	}
	for _, set := range s.TaskSets {
		if aws.ToString(set.Status) == "PRIMARY" {
			return set.TaskDefinition
		}
	}
	return nil
}

// serviceOf finds a service in an answer. The past events of a service, up to a hundred lines
// that differ at each reading, are left out.
func serviceOf(arn string, out *ecs.DescribeServicesOutput, err error) ecsService {
	if err != nil {
		return ecsService{arn: arn, err: err}
	}
	for i := range out.Services {
		if s := &out.Services[i]; aws.ToString(s.ServiceArn) == arn {
			s.Events = nil
			return ecsService{arn: arn, detail: s}
		}
	}
	for _, f := range out.Failures {
		if aws.ToString(f.Arn) == arn {
			return ecsService{arn: arn, err: collect.Wrong("DescribeServices failed for it: %s %s", aws.ToString(f.Reason), aws.ToString(f.Detail))}
		}
	}
	return ecsService{arn: arn, err: collect.Wrong("DescribeServices left it out, though ListServices names it")}
}

// serviceID is what follows service/ in the ARN: cluster and name, or in ARNs of the old format
// the name alone.
func serviceID(arn string) string {
	if _, id, ok := strings.Cut(arn, ":service/"); ok {
		return id
	}
	return arn
}
