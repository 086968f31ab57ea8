package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

const (
	typeFunction             = "AWS::Lambda::Function"
	opListFunctions          = "lambda:ListFunctions"
	opGetFunctionPolicy      = "lambda:GetPolicy"
	opGetFunctionConcurrency = "lambda:GetFunctionConcurrency"
	opListFunctionURLs       = "lambda:ListFunctionUrlConfigs"
	opListFunctionTags       = "lambda:ListTags"

	typeFunctionURL = "AWS::Lambda::Url"

	functionPage    = 50
	codeNoFunction  = "ResourceNotFoundException" // also where a function has no policy
	urlPageMaximum  = 50
	functionService = "lambda"
)

// lambdaFunctions reads the settings of functions from their list. GetFunction is not
// called: its answer holds an address at which the code can be fetched.
var lambdaFunctions = collector{
	Declaration: collect.Declaration{
		Name: "lambda-functions", Service: functionService, Scope: collect.Regional, Types: []string{typeFunction, typeFunctionURL},
		Operations: []collect.Operation{
			{Name: opListFunctions, Actions: []string{opListFunctions}},
			{Name: opGetFunctionPolicy, Actions: []string{opGetFunctionPolicy}},
			// A function without reserved concurrency has an answer without any field.
			{Name: opGetFunctionConcurrency, Actions: []string{opGetFunctionConcurrency}, MayBeEmpty: true},
			{Name: opListFunctionURLs, Actions: []string{opListFunctionURLs}, MayBeEmpty: true},
			{Name: opListFunctionTags, Actions: []string{opListFunctionTags}, MayBeEmpty: true},
		},
	},
	run: collectFunctions,
}

func (c *clients) lambda(region string) *lambda.Client {
	return client(c, functionService, region, func(cfg aws.Config) *lambda.Client { return lambda.NewFromConfig(cfg) })
}

func collectFunctions(ctx context.Context, c *clients, t *collect.Task) error {
	api := c.lambda(t.Region)
	functions := list(ctx, t, opListFunctions,
		lambda.NewListFunctionsPaginator(api, &lambda.ListFunctionsInput{MaxItems: aws.Int32(functionPage)}),
		func(o *lambda.ListFunctionsOutput) []types.FunctionConfiguration { return o.Functions },
		typeFunction, typeFunctionURL)
	err := each(ctx, t, functions,
		func(f types.FunctionConfiguration) (string, string) {
			return typeFunction, aws.ToString(f.FunctionName)
		},
		func(ctx context.Context, b *collect.Builder, f types.FunctionConfiguration) {
			b.ARN(aws.ToString(f.FunctionArn))
			b.Answer(opListFunctions, f)
			describe(ctx, b, opGetFunctionPolicy, api.GetPolicy, &lambda.GetPolicyInput{FunctionName: f.FunctionName}, codeNoFunction)
			describe(ctx, b, opGetFunctionConcurrency, api.GetFunctionConcurrency, &lambda.GetFunctionConcurrencyInput{FunctionName: f.FunctionName})
			describe(ctx, b, opListFunctionTags, api.ListTags, &lambda.ListTagsInput{Resource: f.FunctionArn})
		})
	if err != nil {
		return err
	}
	return collectFunctionURLs(ctx, api, t, functions)
}

// collectFunctionURLs asks every function for its addresses. Each is a thing of its own:
// one of the function and one of each alias.
func collectFunctionURLs(ctx context.Context, api *lambda.Client, t *collect.Task, functions []types.FunctionConfiguration) error {
	answers := listChildren(ctx, t, opListFunctionURLs, functions,
		func(f types.FunctionConfiguration) *string { return f.FunctionName },
		func(ctx context.Context, f types.FunctionConfiguration) ([]types.FunctionUrlConfig, error) {
			return pages(ctx, t, opListFunctionURLs, t.Region,
				lambda.NewListFunctionUrlConfigsPaginator(api, &lambda.ListFunctionUrlConfigsInput{
					FunctionName: f.FunctionName, MaxItems: aws.Int32(urlPageMaximum),
				}),
				func(o *lambda.ListFunctionUrlConfigsOutput) []types.FunctionUrlConfig { return o.FunctionUrlConfigs })
		}, typeFunctionURL)
	var urls []types.FunctionUrlConfig
	for _, f := range functions {
		urls = append(urls, answers[aws.ToString(f.FunctionName)].items...)
	}
	return each(ctx, t, urls,
		func(u types.FunctionUrlConfig) (string, string) { return typeFunctionURL, aws.ToString(u.FunctionUrl) },
		func(_ context.Context, b *collect.Builder, u types.FunctionUrlConfig) {
			b.Answer(opListFunctionURLs, u)
		})
}
