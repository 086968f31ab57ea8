package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

const (
	typeMLTransform   = "AWS::Glue::MLTransform"
	opGetMLTransforms = "glue:GetMLTransforms"

	transformPage = 100
)

var glueMLTransforms = collector{
	Declaration: collect.Declaration{
		Name: "glue-ml-transforms", Service: "glue", Scope: collect.Regional, Types: []string{typeMLTransform},
		Operations: []collect.Operation{{Name: opGetMLTransforms, Actions: []string{opGetMLTransforms}, MayBeEmpty: true}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &glue.GetMLTransformsInput{MaxResults: aws.Int32(transformPage)}
		transforms := list(ctx, t, opGetMLTransforms, glue.NewGetMLTransformsPaginator(c.glue(t.Region), in),
			func(o *glue.GetMLTransformsOutput) []types.MLTransform { return o.Transforms }, typeMLTransform)
		key := func(x types.MLTransform) (string, string) { return typeMLTransform, aws.ToString(x.TransformId) }
		return each(ctx, t, transforms, key, func(_ context.Context, b *collect.Builder, x types.MLTransform) {
			b.Answer(opGetMLTransforms, x)
		})
	},
}
