package aws

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const (
	typeRestAPI      = "AWS::ApiGateway::RestApi"
	typeRestStage    = "AWS::ApiGateway::Stage"
	opGetRestAPIs    = "apigateway:GetRestApis"
	opGetAPIMethods  = "apigateway:GetResources"
	opGetRestStages  = "apigateway:GetStages"
	opGetModels      = "apigateway:GetModels"
	opGetValidators  = "apigateway:GetRequestValidators"
	actionGetGateway = "apigateway:GET" // API Gateway has one action for all that reads

	gatewayPage = 500
)

// restAPIs reads REST APIs, their methods and their stages.
var restAPIs = collector{
	Declaration: collect.Declaration{
		Name: "apigateway-rest-apis", Service: "apigateway", Scope: collect.Regional, Types: []string{typeRestAPI, typeRestStage},
		Operations: []collect.Operation{
			{Name: opGetRestAPIs, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opGetAPIMethods, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opGetRestStages, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opGetModels, Actions: []string{actionGetGateway}, MayBeEmpty: true},
			{Name: opGetValidators, Actions: []string{actionGetGateway}, MayBeEmpty: true},
		},
	},
	run: collectRestAPIs,
}

func (c *clients) apigateway(region string) *apigateway.Client {
	return client(c, "apigateway", region, func(cfg aws.Config) *apigateway.Client { return apigateway.NewFromConfig(cfg) })
}

// restMethods is what the methods of an API ask of callers and where they lead.
type restMethods struct {
	Methods            []restMethod
	Integrations       []integration
	LambdaFunctionArns []string
}

// integration is where an API leads; two that are the same are one.
type integration struct{ URI, Type, ConnectionType string }

// eachOnce are the integrations in order, each once.
func eachOnce(all []integration) []integration {
	slices.SortFunc(all, func(a, b integration) int {
		return cmp.Or(cmp.Compare(a.URI, b.URI), cmp.Compare(a.Type, b.Type), cmp.Compare(a.ConnectionType, b.ConnectionType))
	})
	return slices.Compact(all)
}

type restMethod struct {
	Path, HTTPMethod, AuthorizationType string
	APIKeyRequired                      bool
	// RequestValidatorID and DefaultModel are nil where the method has none; the model is
	// the one that holds whatever the content type is.
	RequestValidatorID, DefaultModel *string
}

// defaultContentType is under which a method keeps the model for all content types that
// it has no other for.
const defaultContentType = "$default"

// restStage is a stage without its variables, which may hold anything.
type restStage struct {
	RestAPIID, StageName, WebACLArn *string

	Tags map[string]string
}

func collectRestAPIs(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.apigateway(t.Region)
	apis := list(ctx, t, opGetRestAPIs,
		apigateway.NewGetRestApisPaginator(api, &apigateway.GetRestApisInput{Limit: aws.Int32(gatewayPage)}),
		func(o *apigateway.GetRestApisOutput) []types.RestApi { return o.Items }, typeRestAPI, typeRestStage)
	err := each(ctx, t, apis,
		func(a types.RestApi) (string, string) { return typeRestAPI, aws.ToString(a.Id) },
		func(ctx context.Context, b *collect.Builder, a types.RestApi) {
			b.ARN(gatewayARN(t, "/restapis/"+aws.ToString(a.Id)))
			b.Answer(opGetRestAPIs, a)
			describeMethods(ctx, b, api, a.Id)
		})
	if err != nil {
		return err
	}
	return collectRestStages(ctx, api, t, apis)
}

// gatewayARN is the ARN of a thing of API Gateway, which names no account.
func gatewayARN(t *collect.Task, path string) string {
	return "arn:" + assize.Partition(t.Region) + ":apigateway:" + t.Region + "::" + path
}

func describeMethods(ctx context.Context, b *collect.Builder, api *apigateway.Client, id *string) {
	found, err := pages(ctx, b.Task(), opGetAPIMethods, b.StandsIn(),
		apigateway.NewGetResourcesPaginator(api, &apigateway.GetResourcesInput{RestApiId: id, Limit: aws.Int32(gatewayPage), Embed: []string{"methods"}}),
		func(o *apigateway.GetResourcesOutput) []types.Resource { return o.Items })
	if err != nil {
		b.Fail(opGetAPIMethods, err)
		b.Fail(opGetValidators, err)
		b.Fail(opGetModels, err)
		return
	}
	methods := methodsOf(found)
	b.Answer(opGetAPIMethods, methods)
	describeValidation(ctx, b, api, id, methods.Methods)
}

// describeValidation reads the validators and models of an API of which a method validates.
func describeValidation(ctx context.Context, b *collect.Builder, api *apigateway.Client, id *string, methods []restMethod) {
	if !slices.ContainsFunc(methods, func(m restMethod) bool { return m.RequestValidatorID != nil && m.DefaultModel != nil }) {
		b.None(opGetValidators, "NotUsed")
		b.None(opGetModels, "NotUsed")
		return
	}
	gather(ctx, b, opGetValidators, &markerPages[apigateway.GetRequestValidatorsOutput, apigateway.Options]{
		ask: func(ctx context.Context, marker *string, optFns ...func(*apigateway.Options)) (*apigateway.GetRequestValidatorsOutput, error) {
			return api.GetRequestValidators(ctx, &apigateway.GetRequestValidatorsInput{RestApiId: id, Limit: aws.Int32(gatewayPage), Position: marker}, optFns...)
		},
		next: func(o *apigateway.GetRequestValidatorsOutput) *string { return o.Position },
	}, "Validators", func(o *apigateway.GetRequestValidatorsOutput) []types.RequestValidator { return o.Items })
	gather(ctx, b, opGetModels, apigateway.NewGetModelsPaginator(api, &apigateway.GetModelsInput{RestApiId: id, Limit: aws.Int32(gatewayPage)}),
		"Models", func(o *apigateway.GetModelsOutput) []types.Model { return o.Items })
}

func methodsOf(found []types.Resource) restMethods {
	out := restMethods{Methods: []restMethod{}, Integrations: []integration{}, LambdaFunctionArns: []string{}}
	for _, r := range found {
		for name, m := range r.ResourceMethods {
			out.Methods = append(out.Methods, methodOf(r.Path, name, m))
			i := m.MethodIntegration
			if i == nil {
				continue
			}
			uri := aws.ToString(i.Uri)
			out.Integrations = append(out.Integrations, integration{uri, string(i.Type), string(i.ConnectionType)})
			if arn := lambdaOfURI(uri); arn != "" {
				out.LambdaFunctionArns = append(out.LambdaFunctionArns, arn)
			}
		}
	}
	slices.SortFunc(out.Methods, func(a, b restMethod) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.HTTPMethod, b.HTTPMethod))
	})
	out.Integrations, out.LambdaFunctionArns = eachOnce(out.Integrations), sortedUnique(out.LambdaFunctionArns)
	return out
}

func methodOf(path *string, verb string, m types.Method) restMethod {
	out := restMethod{
		Path: aws.ToString(path), HTTPMethod: verb, AuthorizationType: aws.ToString(m.AuthorizationType),
		APIKeyRequired: aws.ToBool(m.ApiKeyRequired), RequestValidatorID: m.RequestValidatorId,
	}
	if model, ok := m.RequestModels[defaultContentType]; ok {
		out.DefaultModel = &model
	}
	return out
}

func sortedUnique(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}

// lambdaOfURI takes the function out of arn:...:lambda:path/2015-03-31/functions/<ARN>/invocations.
func lambdaOfURI(uri string) string {
	_, rest, ok := strings.Cut(uri, ":lambda:path/")
	if !ok {
		return ""
	}
	_, rest, ok = strings.Cut(rest, "/functions/")
	if !ok {
		return ""
	}
	arn, _, _ := strings.Cut(rest, "/")
	return arn
}

// collectRestStages asks every API for its stages.
func collectRestStages(ctx context.Context, api *apigateway.Client, t *collect.Task, apis []types.RestApi) error {
	answers := listChildren(ctx, t, opGetRestStages, apis, func(a types.RestApi) *string { return a.Id },
		func(ctx context.Context, a types.RestApi) ([]types.Stage, error) {
			out, err := call(ctx, t, opGetRestStages, api.GetStages, &apigateway.GetStagesInput{RestApiId: a.Id})
			if err != nil {
				return nil, err
			}
			return out.Item, nil
		}, typeRestStage)
	var stages []restStage
	for _, a := range apis {
		for _, s := range answers[aws.ToString(a.Id)].items {
			stages = append(stages, restStage{RestAPIID: a.Id, StageName: s.StageName, WebACLArn: s.WebAclArn, Tags: s.Tags})
		}
	}
	return each(ctx, t, stages,
		func(s restStage) (string, string) {
			return typeRestStage, aws.ToString(s.RestAPIID) + "/" + aws.ToString(s.StageName)
		},
		func(_ context.Context, b *collect.Builder, s restStage) {
			b.ARN(gatewayARN(t, "/restapis/"+aws.ToString(s.RestAPIID)+"/stages/"+aws.ToString(s.StageName)))
			b.Answer(opGetRestStages, s)
		})
}
