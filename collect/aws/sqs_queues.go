package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	typeQueue            = "AWS::SQS::Queue"
	opListQueues         = "sqs:ListQueues"
	opGetQueueAttributes = "sqs:GetQueueAttributes"
	opListQueueTags      = "sqs:ListQueueTags"

	queuePage = 1000
)

var sqsQueues = collector{
	Declaration: collect.Declaration{
		Name: "sqs-queues", Service: "sqs", Scope: collect.Regional, Types: []string{typeQueue},
		Operations: []collect.Operation{
			{Name: opListQueues, Actions: []string{opListQueues}, MayBeEmpty: true},
			{Name: opGetQueueAttributes, Actions: []string{opGetQueueAttributes}},
			{Name: opListQueueTags, Actions: []string{opListQueueTags}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sqs(t.Region)
		urls := list(ctx, t, opListQueues, sqs.NewListQueuesPaginator(api, &sqs.ListQueuesInput{MaxResults: aws.Int32(queuePage)}),
			func(o *sqs.ListQueuesOutput) []string { return o.QueueUrls }, typeQueue)
		// The address ends in the name, by which ARNs and other services call the queue.
		key := func(url string) (string, string) { return typeQueue, url[strings.LastIndexByte(url, '/')+1:] }
		return each(ctx, t, urls, key, func(ctx context.Context, b *collect.Builder, url string) {
			out := describe(ctx, b, opGetQueueAttributes, api.GetQueueAttributes, &sqs.GetQueueAttributesInput{
				QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
			})
			if out != nil {
				b.ARN(out.Attributes[string(types.QueueAttributeNameQueueArn)])
			}
			describe(ctx, b, opListQueueTags, api.ListQueueTags, &sqs.ListQueueTagsInput{QueueUrl: &url})
		})
	},
}

func (c *clients) sqs(region string) *sqs.Client {
	return client(c, "sqs", region, func(cfg aws.Config) *sqs.Client { return sqs.NewFromConfig(cfg) })
}
