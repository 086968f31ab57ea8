package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const (
	typeUsagePlan   = "AWS::ApiGateway::UsagePlan"
	opGetUsagePlans = "apigateway:GetUsagePlans"
)

// usagePlans reads usage plans from their list; the keys of callers are not asked for.
var usagePlans = collector{
	Declaration: collect.Declaration{
		Name: "apigateway-usage-plans", Service: "apigateway", Scope: collect.Regional, Types: []string{typeUsagePlan},
		Operations: []collect.Operation{{Name: opGetUsagePlans, Actions: []string{actionGetGateway}, MayBeEmpty: true}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		plans := list(ctx, t, opGetUsagePlans,
			apigateway.NewGetUsagePlansPaginator(c.apigateway(t.Region), &apigateway.GetUsagePlansInput{Limit: aws.Int32(gatewayPage)}),
			func(o *apigateway.GetUsagePlansOutput) []types.UsagePlan { return o.Items }, typeUsagePlan)
		return each(ctx, t, plans,
			func(p types.UsagePlan) (string, string) { return typeUsagePlan, aws.ToString(p.Id) },
			func(_ context.Context, b *collect.Builder, p types.UsagePlan) {
				b.ARN(gatewayARN(t, "/usageplans/"+aws.ToString(p.Id)))
				b.Answer(opGetUsagePlans, p)
			})
	},
}
