package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"
)

const (
	typeStreamProcessor       = "AWS::Rekognition::StreamProcessor"
	opListStreamProcessors    = "rekognition:ListStreamProcessors"
	opDescribeStreamProcessor = "rekognition:DescribeStreamProcessor"
)

// rekognitionStreamProcessors reads what watches live video, and where it writes.
var rekognitionStreamProcessors = collector{
	Declaration: collect.Declaration{
		Name: "rekognition-stream-processors", Service: "rekognition", Scope: collect.Regional, Types: []string{typeStreamProcessor},
		Operations: append(sameAction(opListStreamProcessors, opDescribeStreamProcessor), tagsOfRekognition),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.rekognition(t.Region)
		items := list(ctx, t, opListStreamProcessors,
			rekognition.NewListStreamProcessorsPaginator(api, &rekognition.ListStreamProcessorsInput{MaxResults: aws.Int32(rekognitionPage)}),
			func(o *rekognition.ListStreamProcessorsOutput) []types.StreamProcessor { return o.StreamProcessors },
			typeStreamProcessor)
		return each(ctx, t, items,
			func(s types.StreamProcessor) (string, string) { return typeStreamProcessor, aws.ToString(s.Name) },
			func(ctx context.Context, b *collect.Builder, s types.StreamProcessor) {
				arn := rekognitionARN(t, "streamprocessor/"+b.ID())
				b.ARN(arn)
				describe(ctx, b, opDescribeStreamProcessor, api.DescribeStreamProcessor, &rekognition.DescribeStreamProcessorInput{Name: s.Name})
				describe(ctx, b, opRekognitionTags, api.ListTagsForResource, &rekognition.ListTagsForResourceInput{ResourceArn: &arn})
			})
	},
}
