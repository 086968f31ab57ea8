package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/comprehend"
	"github.com/aws/aws-sdk-go-v2/service/comprehend/types"
)

const typeAnalysisJob = "AWS::Comprehend::AnalysisJob"

// The lists of the nine kinds of asynchronous jobs. Each describes its jobs in full.
const (
	opListPiiEntitiesDetectionJobs       = "comprehend:ListPiiEntitiesDetectionJobs"
	opListEntitiesDetectionJobs          = "comprehend:ListEntitiesDetectionJobs"
	opListKeyPhrasesDetectionJobs        = "comprehend:ListKeyPhrasesDetectionJobs"
	opListSentimentDetectionJobs         = "comprehend:ListSentimentDetectionJobs"
	opListTargetedSentimentDetectionJobs = "comprehend:ListTargetedSentimentDetectionJobs"
	opListDominantLanguageDetectionJobs  = "comprehend:ListDominantLanguageDetectionJobs"
	opListEventsDetectionJobs            = "comprehend:ListEventsDetectionJobs"
	opListTopicsDetectionJobs            = "comprehend:ListTopicsDetectionJobs"
	opListDocumentClassificationJobs     = "comprehend:ListDocumentClassificationJobs"
)

// analysisLists are all of them.
var analysisLists = []string{
	opListPiiEntitiesDetectionJobs,
	opListEntitiesDetectionJobs,
	opListKeyPhrasesDetectionJobs,
	opListSentimentDetectionJobs,
	opListTargetedSentimentDetectionJobs,
	opListDominantLanguageDetectionJobs,
	opListEventsDetectionJobs,
	opListTopicsDetectionJobs,
	opListDocumentClassificationJobs,
}

// comprehendJobs reads the asynchronous jobs of all kinds, not their results. A job is
// in the list of its kind; the other lists answer that it is none of theirs.
var comprehendJobs = collector{
	Declaration: collect.Declaration{
		Name: "comprehend-jobs", Service: "comprehend", Scope: collect.Regional, Types: []string{typeAnalysisJob},
		Operations: sameAction(analysisLists...),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.comprehend(t.Region)
		for _, read := range analysisReaders {
			if err := read(ctx, t, api); err != nil {
				return err
			}
		}
		t.Complete(typeAnalysisJob)
		return nil
	},
}

// analysisJobs reads the jobs of one kind.
func analysisJobs[T, O, P any](ctx context.Context, t *collect.Task, op string, p pager[O, P], items func(*O) []T, arn func(T) *string) error {
	all, err := pages(ctx, t, op, t.Region, p, items)
	if err != nil {
		t.Gap(op, err, typeAnalysisJob)
	}
	return each(ctx, t, all,
		func(job T) (string, string) { return typeAnalysisJob, lastOf(aws.ToString(arn(job))) },
		func(_ context.Context, b *collect.Builder, job T) {
			b.ARN(aws.ToString(arn(job)))
			for _, list := range analysisLists {
				if list == op {
					b.Answer(op, job)
				} else {
					b.None(list, "AnotherKindOfJob")
				}
			}
		})
}

// analysisReaders read one kind each.
var analysisReaders = []func(context.Context, *collect.Task, *comprehend.Client) error{
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListPiiEntitiesDetectionJobs,
			comprehend.NewListPiiEntitiesDetectionJobsPaginator(api, &comprehend.ListPiiEntitiesDetectionJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListPiiEntitiesDetectionJobsOutput) []types.PiiEntitiesDetectionJobProperties {
				return o.PiiEntitiesDetectionJobPropertiesList
			},
			func(j types.PiiEntitiesDetectionJobProperties) *string { return j.JobArn })
	},
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListEntitiesDetectionJobs,
			comprehend.NewListEntitiesDetectionJobsPaginator(api, &comprehend.ListEntitiesDetectionJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListEntitiesDetectionJobsOutput) []types.EntitiesDetectionJobProperties {
				return o.EntitiesDetectionJobPropertiesList
			},
			func(j types.EntitiesDetectionJobProperties) *string { return j.JobArn })
	},
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListKeyPhrasesDetectionJobs,
			comprehend.NewListKeyPhrasesDetectionJobsPaginator(api, &comprehend.ListKeyPhrasesDetectionJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListKeyPhrasesDetectionJobsOutput) []types.KeyPhrasesDetectionJobProperties {
				return o.KeyPhrasesDetectionJobPropertiesList
			},
			func(j types.KeyPhrasesDetectionJobProperties) *string { return j.JobArn })
	},
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListSentimentDetectionJobs,
			comprehend.NewListSentimentDetectionJobsPaginator(api, &comprehend.ListSentimentDetectionJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListSentimentDetectionJobsOutput) []types.SentimentDetectionJobProperties {
				return o.SentimentDetectionJobPropertiesList
			},
			func(j types.SentimentDetectionJobProperties) *string { return j.JobArn })
	},
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListTargetedSentimentDetectionJobs,
			comprehend.NewListTargetedSentimentDetectionJobsPaginator(api, &comprehend.ListTargetedSentimentDetectionJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListTargetedSentimentDetectionJobsOutput) []types.TargetedSentimentDetectionJobProperties {
				return o.TargetedSentimentDetectionJobPropertiesList
			},
			func(j types.TargetedSentimentDetectionJobProperties) *string { return j.JobArn })
	},
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListDominantLanguageDetectionJobs,
			comprehend.NewListDominantLanguageDetectionJobsPaginator(api, &comprehend.ListDominantLanguageDetectionJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListDominantLanguageDetectionJobsOutput) []types.DominantLanguageDetectionJobProperties {
				return o.DominantLanguageDetectionJobPropertiesList
			},
			func(j types.DominantLanguageDetectionJobProperties) *string { return j.JobArn })
	},
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListEventsDetectionJobs,
			comprehend.NewListEventsDetectionJobsPaginator(api, &comprehend.ListEventsDetectionJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListEventsDetectionJobsOutput) []types.EventsDetectionJobProperties {
				return o.EventsDetectionJobPropertiesList
			},
			func(j types.EventsDetectionJobProperties) *string { return j.JobArn })
	},
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListTopicsDetectionJobs,
			comprehend.NewListTopicsDetectionJobsPaginator(api, &comprehend.ListTopicsDetectionJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListTopicsDetectionJobsOutput) []types.TopicsDetectionJobProperties {
				return o.TopicsDetectionJobPropertiesList
			},
			func(j types.TopicsDetectionJobProperties) *string { return j.JobArn })
	},
	func(ctx context.Context, t *collect.Task, api *comprehend.Client) error {
		return analysisJobs(ctx, t, opListDocumentClassificationJobs,
			comprehend.NewListDocumentClassificationJobsPaginator(api, &comprehend.ListDocumentClassificationJobsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListDocumentClassificationJobsOutput) []types.DocumentClassificationJobProperties {
				return o.DocumentClassificationJobPropertiesList
			},
			func(j types.DocumentClassificationJobProperties) *string { return j.JobArn })
	},
}
