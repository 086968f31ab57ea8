package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	v2types "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

const (
	typeAPIDomain      = "AWS::ApiGateway::DomainName"
	opGetDomainNames   = "apigateway:GetDomainNames"
	opBasePathMappings = "apigateway:GetBasePathMappings"
	opAPIMappings      = "apigatewayv2:GetApiMappings"
	opRoutingRules     = "apigatewayv2:ListRoutingRules"

	gatewayV2Page = "500"
)

// apiDomainNames reads the custom domain names of API Gateway, those of REST, HTTP and
// WebSocket APIs alike, and the APIs that they lead to.
var apiDomainNames = collector{
	Declaration: collect.Declaration{
		Name: "apigateway-domain-names", Service: "apigateway", Scope: collect.Regional, Types: []string{typeAPIDomain},
		Operations: []collect.Operation{
			{Name: opGetDomainNames, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opBasePathMappings, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opAPIMappings, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opRoutingRules, Actions: []string{actionGetGateway, "apigateway:ListRoutingRules"}, MayBeEmpty: true},
		},
	},
	run: collectAPIDomains,
}

func collectAPIDomains(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.apigateway(t.Region)
	names := list(ctx, t, opGetDomainNames,
		apigateway.NewGetDomainNamesPaginator(api, &apigateway.GetDomainNamesInput{Limit: aws.Int32(gatewayPage), ResourceOwner: types.ResourceOwnerSelf}),
		func(o *apigateway.GetDomainNamesOutput) []types.DomainName { return o.Items }, typeAPIDomain)
	return each(ctx, t, names,
		func(d types.DomainName) (string, string) {
			// Private names need not be unique; their id is a part of the key.
			if id := aws.ToString(d.DomainNameId); id != "" {
				return typeAPIDomain, aws.ToString(d.DomainName) + "+" + id
			}
			return typeAPIDomain, aws.ToString(d.DomainName)
		},
		func(ctx context.Context, b *collect.Builder, d types.DomainName) {
			b.ARN(gatewayARN(t, "/domainnames/"+b.ID()))
			if d.DomainNameArn != nil {
				b.ARN(*d.DomainNameArn)
			}
			b.Answer(opGetDomainNames, d)
			describeMappings(ctx, b, c, d)
		})
}

// describeMappings reads where a name leads. The second version of the API knows all
// mappings of regional names, those to REST APIs too; the first knows those of the others.
func describeMappings(ctx context.Context, b *collect.Builder, c *clients, d types.DomainName) {
	if regionalName(d) {
		b.None(opBasePathMappings, "Regional")
		describeRegionalMappings(ctx, b, c.apigatewayv2(b.Task().Region), d)
		return
	}
	gather(ctx, b, opBasePathMappings, apigateway.NewGetBasePathMappingsPaginator(c.apigateway(b.Task().Region),
		&apigateway.GetBasePathMappingsInput{DomainName: d.DomainName, DomainNameId: d.DomainNameId, Limit: aws.Int32(gatewayPage)}),
		"Mappings", func(o *apigateway.GetBasePathMappingsOutput) []types.BasePathMapping { return o.Items })
	b.None(opAPIMappings, "NotRegional")
	b.None(opRoutingRules, "NotRegional")
}

func describeRegionalMappings(ctx context.Context, b *collect.Builder, api *apigatewayv2.Client, d types.DomainName) {
	gather(ctx, b, opAPIMappings, &markerPages[apigatewayv2.GetApiMappingsOutput, apigatewayv2.Options]{
		ask: func(ctx context.Context, marker *string, optFns ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApiMappingsOutput, error) {
			return api.GetApiMappings(ctx, &apigatewayv2.GetApiMappingsInput{DomainName: d.DomainName, MaxResults: aws.String(gatewayV2Page), NextToken: marker}, optFns...)
		},
		next: func(o *apigatewayv2.GetApiMappingsOutput) *string { return o.NextToken },
	}, "Mappings", func(o *apigatewayv2.GetApiMappingsOutput) []v2types.ApiMapping { return o.Items })
	if d.RoutingMode == "" || d.RoutingMode == types.RoutingModeBasePathMappingOnly {
		b.None(opRoutingRules, string(types.RoutingModeBasePathMappingOnly))
		return
	}
	gather(ctx, b, opRoutingRules, apigatewayv2.NewListRoutingRulesPaginator(api, &apigatewayv2.ListRoutingRulesInput{DomainName: d.DomainName}),
		"Rules", func(o *apigatewayv2.ListRoutingRulesOutput) []v2types.RoutingRule { return o.RoutingRules })
}

// regionalName tells whether the second version of the API knows the name.
func regionalName(d types.DomainName) bool {
	if d.EndpointConfiguration == nil {
		return false
	}
	for _, t := range d.EndpointConfiguration.Types {
		if t == types.EndpointTypeRegional {
			return true
		}
	}
	return false
}
