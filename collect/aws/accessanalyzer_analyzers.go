package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
)

const (
	typeAnalyzer   = "AWS::AccessAnalyzer::Analyzer"
	opListAnalyzer = "accessanalyzer:ListAnalyzers"
	opListFindings = "accessanalyzer:ListFindingsV2"
)

// analyzedTypes are the resources whose external access is asked for: what holds or
// opens the data of AI workloads.
var analyzedTypes = []string{"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::IAM::Role"}

// externalFinding is as much of a finding as says what is open, and no more.
type externalFinding struct {
	ID                             string
	Resource, ResourceOwnerAccount *string
	ResourceType                   types.ResourceType
	Status                         types.FindingStatus
}

var accessAnalyzers = collector{
	Declaration: collect.Declaration{
		Name: "accessanalyzer-analyzers", Service: "accessanalyzer", Scope: collect.Regional, Types: []string{typeAnalyzer},
		Operations: []collect.Operation{
			{Name: opListAnalyzer, Actions: []string{"access-analyzer:ListAnalyzers"}, MayBeEmpty: true},
			{Name: opListFindings, Actions: []string{"access-analyzer:ListFindings"}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.accessanalyzer(t.Region)
		all := list(ctx, t, opListAnalyzer, accessanalyzer.NewListAnalyzersPaginator(api, &accessanalyzer.ListAnalyzersInput{}),
			func(o *accessanalyzer.ListAnalyzersOutput) []types.AnalyzerSummary { return o.Analyzers }, typeAnalyzer)
		key := func(a types.AnalyzerSummary) (string, string) { return typeAnalyzer, aws.ToString(a.Name) }
		return each(ctx, t, all, key, func(ctx context.Context, b *collect.Builder, a types.AnalyzerSummary) {
			b.ARN(aws.ToString(a.Arn))
			b.Answer(opListAnalyzer, a)
			if a.Type != types.TypeAccount && a.Type != types.TypeOrganization {
				b.None(opListFindings, "NotExternal") // analyzers of unused access have findings of another kind
				return
			}
			in := &accessanalyzer.ListFindingsV2Input{AnalyzerArn: a.Arn, MaxResults: aws.Int32(100), Filter: map[string]types.Criterion{
				"status": {Eq: []string{string(types.FindingStatusActive)}}, "resourceType": {Eq: analyzedTypes},
			}}
			gather(ctx, b, opListFindings, accessanalyzer.NewListFindingsV2Paginator(api, in), "Findings",
				func(o *accessanalyzer.ListFindingsV2Output) []externalFinding {
					var out []externalFinding
					for _, f := range o.Findings {
						out = append(out, externalFinding{aws.ToString(f.Id), f.Resource, f.ResourceOwnerAccount, f.ResourceType, f.Status})
					}
					return out
				})
		})
	},
}

func (c *clients) accessanalyzer(region string) *accessanalyzer.Client {
	return client(c, "accessanalyzer", region, func(cfg aws.Config) *accessanalyzer.Client { return accessanalyzer.NewFromConfig(cfg) })
}
