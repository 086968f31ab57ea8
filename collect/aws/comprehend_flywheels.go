package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/comprehend"
	"github.com/aws/aws-sdk-go-v2/service/comprehend/types"
)

const (
	typeFlywheel       = "AWS::Comprehend::Flywheel"
	opListFlywheels    = "comprehend:ListFlywheels"
	opDescribeFlywheel = "comprehend:DescribeFlywheel"
)

// comprehendFlywheels reads each flywheel; the list leaves out how its data is protected.
var comprehendFlywheels = collector{
	Declaration: collect.Declaration{
		Name: "comprehend-flywheels", Service: "comprehend", Scope: collect.Regional, Types: []string{typeFlywheel},
		Operations: sameAction(opListFlywheels, opDescribeFlywheel, opComprehendTags),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.comprehend(t.Region)
		items := list(ctx, t, opListFlywheels,
			comprehend.NewListFlywheelsPaginator(api, &comprehend.ListFlywheelsInput{MaxResults: aws.Int32(comprehendPage)}),
			func(o *comprehend.ListFlywheelsOutput) []types.FlywheelSummary { return o.FlywheelSummaryList },
			typeFlywheel)
		return each(ctx, t, items,
			func(s types.FlywheelSummary) (string, string) { return typeFlywheel, resourceOf(s.FlywheelArn) },
			func(ctx context.Context, b *collect.Builder, s types.FlywheelSummary) {
				b.ARN(aws.ToString(s.FlywheelArn))
				describe(ctx, b, opDescribeFlywheel, api.DescribeFlywheel, &comprehend.DescribeFlywheelInput{FlywheelArn: s.FlywheelArn})
				comprehendTags(ctx, b, api, s.FlywheelArn)
			})
	},
}
