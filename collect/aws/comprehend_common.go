package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/comprehend"
)

// comprehendPage is the largest page that Comprehend's lists give.
const comprehendPage = 500

const opComprehendTags = "comprehend:ListTagsForResource"

func (c *clients) comprehend(region string) *comprehend.Client {
	return client(c, "comprehend", region, func(cfg aws.Config) *comprehend.Client { return comprehend.NewFromConfig(cfg) })
}

// sameAction declares operations whose IAM actions have their own names.
func sameAction(names ...string) []collect.Operation {
	var out []collect.Operation
	for _, name := range names {
		out = append(out, collect.Operation{Name: name, Actions: []string{name}})
	}
	return out
}

// prefixedAction declares operations whose IAM actions have another prefix than
// the service that is called.
func prefixedAction(prefix string, names ...string) []collect.Operation {
	var out []collect.Operation
	for _, name := range names {
		_, operation, _ := strings.Cut(name, ":")
		out = append(out, collect.Operation{Name: name, Actions: []string{prefix + ":" + operation}})
	}
	return out
}

// resourceOf is what stands behind the first slash of an ARN's resource: the name, and
// the version where there is one.
func resourceOf(arn *string) string {
	_, id, _ := strings.Cut(aws.ToString(arn), "/")
	return id
}

// comprehendEach emits what a list has described in full already, with its tags.
func comprehendEach[T any](ctx context.Context, t *collect.Task, api *comprehend.Client, typ, op string, items []T, arn func(T) *string) error {
	return each(ctx, t, items,
		func(item T) (string, string) { return typ, resourceOf(arn(item)) },
		func(ctx context.Context, b *collect.Builder, item T) {
			b.ARN(aws.ToString(arn(item)))
			b.Answer(op, item)
			comprehendTags(ctx, b, api, arn(item))
		})
}

func comprehendTags(ctx context.Context, b *collect.Builder, api *comprehend.Client, arn *string) {
	describe(ctx, b, opComprehendTags, api.ListTagsForResource, &comprehend.ListTagsForResourceInput{ResourceArn: arn})
}
