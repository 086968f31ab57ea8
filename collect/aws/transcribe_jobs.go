package aws

import (
	"context"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/transcribe"
	"github.com/aws/aws-sdk-go-v2/service/transcribe/types"
)

const (
	typeTranscriptionJob    = "AWS::Transcribe::TranscriptionJob"
	opListTranscriptionJobs = "transcribe:ListTranscriptionJobs"
	opGetTranscriptionJob   = "transcribe:GetTranscriptionJob"

	transcribePage = 100
)

func (c *clients) transcribe(region string) *transcribe.Client {
	return client(c, "transcribe", region, func(cfg aws.Config) *transcribe.Client { return transcribe.NewFromConfig(cfg) })
}

// transcribeJobs reads the transcription jobs, newest first, not their transcripts.
var transcribeJobs = collector{
	Declaration: collect.Declaration{
		Name: "transcribe-jobs", Service: "transcribe", Scope: collect.Regional, Types: []string{typeTranscriptionJob},
		Operations: []collect.Operation{
			{Name: opListTranscriptionJobs, Actions: []string{opListTranscriptionJobs}, MayBeEmpty: true},
			{Name: opGetTranscriptionJob, Actions: []string{opGetTranscriptionJob}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.transcribe(t.Region)
		items := list(ctx, t, opListTranscriptionJobs,
			transcribe.NewListTranscriptionJobsPaginator(api, &transcribe.ListTranscriptionJobsInput{MaxResults: aws.Int32(transcribePage)}),
			func(o *transcribe.ListTranscriptionJobsOutput) []types.TranscriptionJobSummary {
				return o.TranscriptionJobSummaries
			},
			typeTranscriptionJob)
		return each(ctx, t, items,
			func(s types.TranscriptionJobSummary) (string, string) {
				return typeTranscriptionJob, aws.ToString(s.TranscriptionJobName)
			},
			func(ctx context.Context, b *collect.Builder, s types.TranscriptionJobSummary) {
				b.ARN("arn:" + assize.Partition(t.Region) + ":transcribe:" + t.Region + ":" + t.Account + ":transcription-job/" + b.ID())
				b.Answer(opListTranscriptionJobs, s)
				describe(ctx, b, opGetTranscriptionJob, api.GetTranscriptionJob, &transcribe.GetTranscriptionJobInput{
					TranscriptionJobName: s.TranscriptionJobName,
				})
			})
	},
}
