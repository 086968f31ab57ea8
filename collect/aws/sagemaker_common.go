package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

// sagemakerPage is the largest page that SageMaker's lists give; left to itself the
// service gives ten items a page, and ten times the requests.
const sagemakerPage = 100

const opSageMakerTags = "sagemaker:ListTags"

// sagemakerDeclaration declares what all collectors of SageMaker have in common: one
// type, one list, and one description of each object, each under the IAM action of
// its own name.
func sagemakerDeclaration(name, typ, list, describe string) collect.Declaration {
	return collect.Declaration{
		Name: name, Service: "sagemaker", Scope: collect.Regional, Types: []string{typ},
		Operations: []collect.Operation{
			{Name: list, Actions: []string{list}},
			{Name: describe, Actions: []string{describe}},
		},
	}
}

// sagemakerEach describes what a list has named. The name is the id; ref gives it
// with the ARN, which is nil where the list has none.
func sagemakerEach[T any](ctx context.Context, t *collect.Task, typ string, items []T,
	ref func(T) (name, arn *string), fn func(ctx context.Context, b *collect.Builder, name *string),
) error {
	key := func(item T) (string, string) {
		name, _ := ref(item)
		return typ, aws.ToString(name)
	}
	return each(ctx, t, items, key, func(ctx context.Context, b *collect.Builder, item T) {
		name, arn := ref(item)
		b.ARN(aws.ToString(arn))
		fn(ctx, b, name)
	})
}

// sagemakerTagged adds the tags to what a collector asks of each object.
func sagemakerTagged(d collect.Declaration) collect.Declaration {
	d.Operations = append(d.Operations, collect.Operation{Name: opSageMakerTags, Actions: []string{opSageMakerTags}})
	return d
}

// sagemakerEachTagged is sagemakerEach, and reads the tags of each object.
func sagemakerEachTagged[T any](ctx context.Context, t *collect.Task, api *sagemaker.Client, typ string, items []T,
	ref func(T) (name, arn *string), fn func(ctx context.Context, b *collect.Builder, name *string),
) error {
	key := func(item T) (string, string) {
		name, _ := ref(item)
		return typ, aws.ToString(name)
	}
	return each(ctx, t, items, key, func(ctx context.Context, b *collect.Builder, item T) {
		name, arn := ref(item)
		b.ARN(aws.ToString(arn))
		fn(ctx, b, name)
		gather(ctx, b, opSageMakerTags, sagemaker.NewListTagsPaginator(api, &sagemaker.ListTagsInput{ResourceArn: arn}), "Tags",
			func(o *sagemaker.ListTagsOutput) []types.Tag { return o.Tags })
	})
}
