package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

const (
	opDescribeBalancers = "elbv2:DescribeLoadBalancers"
	opBalancerTags      = "elbv2:DescribeTags"

	balancerPage = 400
	// balancerTagPage is the most ARNs of one DescribeTags.
	balancerTagPage = 20
)

// elbOperations declares operations of Elastic Load Balancing, whose actions have another prefix.
func elbOperations(names ...string) []collect.Operation {
	return prefixedAction("elasticloadbalancing", names...)
}

func (c *clients) elbv2(region string) *elb.Client {
	return client(c, "elbv2", region, func(cfg aws.Config) *elb.Client {
		return elb.NewFromConfig(cfg, func(o *elb.Options) { o.APIOptions = append(o.APIOptions, checkRoots(judgeQuery)) })
	})
}

// balancerTag is what is known of the tags of one thing, or why they are not.
type balancerTag struct {
	tags []types.Tag
	err  error
}

// answer adds the tags to the record.
func (g balancerTag) answer(b *collect.Builder) {
	if g.err != nil {
		b.Fail(opBalancerTags, g.err)
		return
	}
	b.Answer(opBalancerTags, map[string][]types.Tag{"Tags": g.tags})
}

// balancerTags reads the tags of many things, twenty with one call, by their ARNs.
func balancerTags(ctx context.Context, t *collect.Task, api *elb.Client, arns []string) map[string]balancerTag {
	found := map[string]balancerTag{}
	for start := 0; start < len(arns); start += balancerTagPage {
		part := arns[start:min(start+balancerTagPage, len(arns))]
		out, err := call(ctx, t, opBalancerTags, api.DescribeTags, &elb.DescribeTagsInput{ResourceArns: part})
		for _, arn := range part {
			found[arn] = balancerTag{err: err}
			if err == nil {
				found[arn] = balancerTag{err: collect.Wrong("the answer leaves the tags of %s out", arn)}
			}
		}
		if err != nil {
			continue
		}
		for _, d := range out.TagDescriptions {
			found[aws.ToString(d.ResourceArn)] = balancerTag{tags: d.Tags}
		}
	}
	return found
}
