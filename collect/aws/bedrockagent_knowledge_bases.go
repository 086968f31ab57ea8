package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent/types"
)

const (
	typeKnowledgeBase    = "AWS::Bedrock::KnowledgeBase"
	typeDataSource       = "AWS::Bedrock::DataSource"
	opListKnowledgeBases = "bedrock-agent:ListKnowledgeBases"
	opGetKnowledgeBase   = "bedrock-agent:GetKnowledgeBase"
	opListDataSources    = "bedrock-agent:ListDataSources"
	opGetDataSource      = "bedrock-agent:GetDataSource"
	opListIngestionJobs  = "bedrock-agent:ListIngestionJobs"
)

// bedrockKnowledgeBases reads the knowledge bases and their data sources, each with its
// latest ingestion job.
var bedrockKnowledgeBases = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-knowledge-bases", Service: "bedrock-agent", Scope: collect.Regional,
		Types: []string{typeKnowledgeBase, typeDataSource},
		Operations: []collect.Operation{
			bedrockOperation(opListKnowledgeBases), bedrockOperation(opGetKnowledgeBase),
			bedrockOperation(opListDataSources), bedrockOperation(opGetDataSource),
			bedrockOperation(opListIngestionJobs),
			mayBeEmpty(bedrockOperation(opBedrockAgentTags)),
			bedrockPolicyOperation,
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api, policies := c.bedrockagent(t.Region), c.bedrock(t.Region)
		bases := list(ctx, t, opListKnowledgeBases,
			bedrockagent.NewListKnowledgeBasesPaginator(api, &bedrockagent.ListKnowledgeBasesInput{MaxResults: aws.Int32(bedrockPage)}),
			func(o *bedrockagent.ListKnowledgeBasesOutput) []types.KnowledgeBaseSummary {
				return o.KnowledgeBaseSummaries
			},
			typeKnowledgeBase, typeDataSource)
		sources := dataSources(ctx, t, api, bases)
		err := each(ctx, t, bases,
			func(s types.KnowledgeBaseSummary) (string, string) {
				return typeKnowledgeBase, aws.ToString(s.KnowledgeBaseId)
			},
			func(ctx context.Context, b *collect.Builder, s types.KnowledgeBaseSummary) {
				describeKnowledgeBase(ctx, b, api, s.KnowledgeBaseId, sources[b.ID()])
				bedrockPolicy(ctx, b, policies, aws.String(bedrockARN(t, "knowledge-base/"+b.ID())))
			})
		if err != nil {
			return err
		}
		return eachDataSource(ctx, t, api, bases, sources)
	},
}

// dataSources lists the data sources of every knowledge base, by its id.
func dataSources(ctx context.Context, t *collect.Task, api *bedrockagent.Client, bases []types.KnowledgeBaseSummary) map[string]children[types.DataSourceSummary] {
	return listChildren(ctx, t, opListDataSources, bases,
		func(s types.KnowledgeBaseSummary) *string { return s.KnowledgeBaseId },
		func(ctx context.Context, s types.KnowledgeBaseSummary) ([]types.DataSourceSummary, error) {
			p := bedrockagent.NewListDataSourcesPaginator(api, &bedrockagent.ListDataSourcesInput{
				KnowledgeBaseId: s.KnowledgeBaseId, MaxResults: aws.Int32(bedrockPage),
			})
			return pages(ctx, t, opListDataSources, t.Region, p,
				func(o *bedrockagent.ListDataSourcesOutput) []types.DataSourceSummary { return o.DataSourceSummaries })
		}, typeDataSource)
}

func describeKnowledgeBase(ctx context.Context, b *collect.Builder, api *bedrockagent.Client, id *string, sources children[types.DataSourceSummary]) {
	arn := bedrockARN(b.Task(), "knowledge-base/"+b.ID())
	b.ARN(arn)
	describe(ctx, b, opGetKnowledgeBase, api.GetKnowledgeBase, &bedrockagent.GetKnowledgeBaseInput{KnowledgeBaseId: id})
	if sources.err != nil {
		b.Fail(opListDataSources, sources.err)
	} else {
		items := append([]types.DataSourceSummary{}, sources.items...)
		b.Answer(opListDataSources, map[string][]types.DataSourceSummary{"DataSourceSummaries": items})
	}
	describe(ctx, b, opBedrockAgentTags, api.ListTagsForResource, &bedrockagent.ListTagsForResourceInput{ResourceArn: &arn})
}

func eachDataSource(ctx context.Context, t *collect.Task, api *bedrockagent.Client, bases []types.KnowledgeBaseSummary, sources map[string]children[types.DataSourceSummary]) error {
	var all []types.DataSourceSummary
	for _, s := range bases {
		all = append(all, sources[aws.ToString(s.KnowledgeBaseId)].items...)
	}
	return each(ctx, t, all,
		func(s types.DataSourceSummary) (string, string) {
			return typeDataSource, aws.ToString(s.KnowledgeBaseId) + "|" + aws.ToString(s.DataSourceId)
		},
		func(ctx context.Context, b *collect.Builder, s types.DataSourceSummary) {
			describe(ctx, b, opGetDataSource, api.GetDataSource, &bedrockagent.GetDataSourceInput{
				KnowledgeBaseId: s.KnowledgeBaseId, DataSourceId: s.DataSourceId,
			})
			latestIngestionJob(ctx, b, api, s)
		})
}

// latestIngestionJob adds the newest ingestion job. One item is asked for and the pages
// after it are not: a busy data source has thousands of older jobs.
func latestIngestionJob(ctx context.Context, b *collect.Builder, api *bedrockagent.Client, s types.DataSourceSummary) {
	describe(ctx, b, opListIngestionJobs, api.ListIngestionJobs, &bedrockagent.ListIngestionJobsInput{
		KnowledgeBaseId: s.KnowledgeBaseId, DataSourceId: s.DataSourceId, MaxResults: aws.Int32(1),
		SortBy: &types.IngestionJobSortBy{
			Attribute: types.IngestionJobSortByAttributeStartedAt, Order: types.SortOrderDescending,
		},
	})
}
