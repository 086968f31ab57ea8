package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

const (
	typeTopic            = "AWS::SNS::Topic"
	opListTopics         = "sns:ListTopics"
	opGetTopicAttributes = "sns:GetTopicAttributes"
	opListTopicTags      = "sns:ListTagsForResource"
)

var snsTopics = collector{
	Declaration: collect.Declaration{
		Name: "sns-topics", Service: "sns", Scope: collect.Regional, Types: []string{typeTopic},
		Operations: []collect.Operation{
			{Name: opListTopics, Actions: []string{opListTopics}, MayBeEmpty: true},
			{Name: opGetTopicAttributes, Actions: []string{opGetTopicAttributes}},
			{Name: opListTopicTags, Actions: []string{opListTopicTags}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sns(t.Region)
		topics := list(ctx, t, opListTopics, sns.NewListTopicsPaginator(api, &sns.ListTopicsInput{}),
			func(o *sns.ListTopicsOutput) []types.Topic { return o.Topics }, typeTopic)
		key := func(x types.Topic) (string, string) { return typeTopic, aws.ToString(x.TopicArn) }
		return each(ctx, t, topics, key, func(ctx context.Context, b *collect.Builder, x types.Topic) {
			b.ARN(aws.ToString(x.TopicArn))
			describe(ctx, b, opGetTopicAttributes, api.GetTopicAttributes, &sns.GetTopicAttributesInput{TopicArn: x.TopicArn})
			describe(ctx, b, opListTopicTags, api.ListTagsForResource, &sns.ListTagsForResourceInput{ResourceArn: x.TopicArn})
		})
	},
}

func (c *clients) sns(region string) *sns.Client {
	return client(c, "sns", region, func(cfg aws.Config) *sns.Client {
		return sns.NewFromConfig(cfg, func(o *sns.Options) { o.APIOptions = append(o.APIOptions, checkRoots(judgeQuery)) })
	})
}
