package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

const (
	typeScalableTarget        = "AWS::ApplicationAutoScaling::ScalableTarget"
	opDescribeScalableTargets = "application-autoscaling:DescribeScalableTargets"
)

func (c *clients) applicationautoscaling(region string) *applicationautoscaling.Client {
	return client(c, "application-autoscaling", region, func(cfg aws.Config) *applicationautoscaling.Client {
		return applicationautoscaling.NewFromConfig(cfg)
	})
}

// scalableTargets reads the targets of SageMaker, the only service whose scaling is
// judged; a list asks for one service at a time.
var scalableTargets = collector{
	Declaration: collect.Declaration{
		Name: "application-autoscaling-targets", Service: "application-autoscaling", Scope: collect.Regional, Types: []string{typeScalableTarget},
		Operations: []collect.Operation{{Name: opDescribeScalableTargets, Actions: []string{opDescribeScalableTargets}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: types.ServiceNamespaceSagemaker}
		targets := list(ctx, t, opDescribeScalableTargets,
			applicationautoscaling.NewDescribeScalableTargetsPaginator(c.applicationautoscaling(t.Region), in),
			func(o *applicationautoscaling.DescribeScalableTargetsOutput) []types.ScalableTarget {
				return o.ScalableTargets
			},
			typeScalableTarget)
		key := func(s types.ScalableTarget) (string, string) {
			return typeScalableTarget, aws.ToString(s.ResourceId) + "|" + string(s.ScalableDimension)
		}
		return each(ctx, t, targets, key, func(_ context.Context, b *collect.Builder, s types.ScalableTarget) {
			b.ARN(aws.ToString(s.ScalableTargetARN))
			b.Answer(opDescribeScalableTargets, s)
		})
	},
}
