package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

const (
	typeHTTPAPI       = "AWS::ApiGatewayV2::Api"
	typeHTTPRoute     = "AWS::ApiGatewayV2::Route"
	opGetAPIs         = "apigatewayv2:GetApis"
	opGetRoutes       = "apigatewayv2:GetRoutes"
	opGetIntegrations = "apigatewayv2:GetIntegrations"
)

// httpAPIs reads HTTP and WebSocket APIs, where they lead, and their routes.
var httpAPIs = collector{
	Declaration: collect.Declaration{
		Name: "apigatewayv2-apis", Service: "apigatewayv2", Scope: collect.Regional, Types: []string{typeHTTPAPI, typeHTTPRoute},
		Operations: []collect.Operation{
			{Name: opGetAPIs, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opGetRoutes, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opGetIntegrations, Actions: []string{actionGetGateway}, MayBeEmpty: true},
		},
	},
	run: collectHTTPAPIs,
}

func (c *clients) apigatewayv2(region string) *apigatewayv2.Client {
	return client(c, "apigatewayv2", region, func(cfg aws.Config) *apigatewayv2.Client { return apigatewayv2.NewFromConfig(cfg) })
}

// httpIntegrations is where an API leads.
type httpIntegrations struct {
	Integrations []integration
	LambdaArns   []string
	ListenerArns []string
}

func httpIntegrationsOf(found []types.Integration) httpIntegrations {
	out := httpIntegrations{Integrations: []integration{}, LambdaArns: []string{}, ListenerArns: []string{}}
	for _, i := range found {
		uri := aws.ToString(i.IntegrationUri)
		out.Integrations = append(out.Integrations, integration{uri, string(i.IntegrationType), string(i.ConnectionType)})
		switch {
		case lambdaOfURI(uri) != "":
			out.LambdaArns = append(out.LambdaArns, lambdaOfURI(uri))
		case strings.Contains(uri, ":lambda:"):
			out.LambdaArns = append(out.LambdaArns, uri)
		case strings.Contains(uri, ":listener/"):
			out.ListenerArns = append(out.ListenerArns, uri)
		}
	}
	out.Integrations = eachOnce(out.Integrations)
	out.LambdaArns, out.ListenerArns = sortedUnique(out.LambdaArns), sortedUnique(out.ListenerArns)
	return out
}

// httpRoute is a route with the API that it is of.
type httpRoute struct {
	APIID, RouteID, RouteKey, AuthorizationType, AuthorizerID, Target string
	APIKeyRequired                                                    bool
}

func collectHTTPAPIs(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.apigatewayv2(t.Region)
	apis := list(ctx, t, opGetAPIs, &markerPages[apigatewayv2.GetApisOutput, apigatewayv2.Options]{
		ask: func(ctx context.Context, marker *string, optFns ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApisOutput, error) {
			return api.GetApis(ctx, &apigatewayv2.GetApisInput{MaxResults: aws.String(gatewayV2Page), NextToken: marker}, optFns...)
		},
		next: func(o *apigatewayv2.GetApisOutput) *string { return o.NextToken },
	}, func(o *apigatewayv2.GetApisOutput) []types.Api { return o.Items }, typeHTTPAPI, typeHTTPRoute)
	err := each(ctx, t, apis,
		func(a types.Api) (string, string) { return typeHTTPAPI, aws.ToString(a.ApiId) },
		func(ctx context.Context, b *collect.Builder, a types.Api) {
			b.ARN(gatewayARN(t, "/apis/"+b.ID()))
			b.Answer(opGetAPIs, a)
			found, err := integrations(ctx, b, api)
			if err != nil {
				b.Fail(opGetIntegrations, err)
				return
			}
			b.Answer(opGetIntegrations, httpIntegrationsOf(found))
		})
	if err != nil {
		return err
	}
	return collectRoutes(ctx, api, t, apis)
}

// integrations reads where the API of the record leads.
func integrations(ctx context.Context, b *collect.Builder, api *apigatewayv2.Client) ([]types.Integration, error) {
	return pages(ctx, b.Task(), opGetIntegrations, b.StandsIn(), &markerPages[apigatewayv2.GetIntegrationsOutput, apigatewayv2.Options]{
		ask: func(ctx context.Context, marker *string, optFns ...func(*apigatewayv2.Options)) (*apigatewayv2.GetIntegrationsOutput, error) {
			return api.GetIntegrations(ctx, &apigatewayv2.GetIntegrationsInput{
				ApiId: aws.String(b.ID()), MaxResults: aws.String(gatewayV2Page), NextToken: marker,
			}, optFns...)
		},
		next: func(o *apigatewayv2.GetIntegrationsOutput) *string { return o.NextToken },
	}, func(o *apigatewayv2.GetIntegrationsOutput) []types.Integration { return o.Items })
}

// collectRoutes asks every API for its routes.
func collectRoutes(ctx context.Context, api *apigatewayv2.Client, t *collect.Task, apis []types.Api) error {
	answers := listChildren(ctx, t, opGetRoutes, apis, func(a types.Api) *string { return a.ApiId },
		func(ctx context.Context, a types.Api) ([]types.Route, error) {
			return pages(ctx, t, opGetRoutes, t.Region, &markerPages[apigatewayv2.GetRoutesOutput, apigatewayv2.Options]{
				ask: func(ctx context.Context, marker *string, optFns ...func(*apigatewayv2.Options)) (*apigatewayv2.GetRoutesOutput, error) {
					return api.GetRoutes(ctx, &apigatewayv2.GetRoutesInput{ApiId: a.ApiId, MaxResults: aws.String(gatewayV2Page), NextToken: marker}, optFns...)
				},
				next: func(o *apigatewayv2.GetRoutesOutput) *string { return o.NextToken },
			}, func(o *apigatewayv2.GetRoutesOutput) []types.Route { return o.Items })
		}, typeHTTPRoute)
	var routes []httpRoute
	for _, a := range apis {
		for _, r := range answers[aws.ToString(a.ApiId)].items {
			routes = append(routes, httpRoute{
				APIID: aws.ToString(a.ApiId), RouteID: aws.ToString(r.RouteId), RouteKey: aws.ToString(r.RouteKey),
				AuthorizationType: string(r.AuthorizationType), AuthorizerID: aws.ToString(r.AuthorizerId),
				Target: aws.ToString(r.Target), APIKeyRequired: aws.ToBool(r.ApiKeyRequired),
			})
		}
	}
	return each(ctx, t, routes,
		func(r httpRoute) (string, string) { return typeHTTPRoute, r.APIID + "/" + r.RouteID },
		func(_ context.Context, b *collect.Builder, r httpRoute) {
			b.ARN(gatewayARN(t, "/apis/"+r.APIID+"/routes/"+r.RouteID))
			b.Answer(opGetRoutes, r)
		})
}
