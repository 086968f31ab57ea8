package main

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	acmtypes "github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/assize-dev/assize"
)

// TestProofGateway proves the checks of REST APIs: one asks who calls, the other
// lets everyone in. The certificate that is made is in no service, and is not judged.
func TestProofGateway(t *testing.T) {
	l := startEmpty(t)
	api := apigateway.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	good, bad := makeAPI(t, api, "AWS_IAM"), makeAPI(t, api, "NONE")
	limited, err := api.CreateUsagePlan(t.Context(), &apigateway.CreateUsagePlanInput{
		Name: sdk.String("limited"), Throttle: &types.ThrottleSettings{RateLimit: 5, BurstLimit: 10},
		Quota: &types.QuotaSettings{Limit: 1000, Period: types.QuotaPeriodTypeDay},
	})
	noError(t, err)
	open, err := api.CreateUsagePlan(t.Context(), &apigateway.CreateUsagePlanInput{Name: sdk.String("open")})
	noError(t, err)
	certificate, err := acm.NewFromConfig(l.AWSConfig(liveRegion, l.account)).RequestCertificate(t.Context(), &acm.RequestCertificateInput{
		DomainName: sdk.String("models.example.com"), KeyAlgorithm: acmtypes.KeyAlgorithmEcPrime256v1,
	})
	noError(t, err)
	unused := sdk.ToString(certificate.CertificateArn)

	r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps",
		"--collectors", "apigateway-rest-apis,apigateway-usage-plans,acm-certificates")
	wantVerdicts(t, r, verdicts{
		"apigateway_rest_api_authorizer_configured": {good: assize.Pass, bad: assize.Fail},
		"apigateway_stage_waf_attached":             {good + "/prod": assize.Fail},
		"apigateway_usage_plan_throttled":           {sdk.ToString(limited.Id): assize.Pass, sdk.ToString(open.Id): assize.Fail},
		"acm_certificate_expiry_not_near":           {unused: assize.NotApplicable},
	})
}

// makeAPI makes an API with one method that asks callers for the authorization.
func makeAPI(t *testing.T, api *apigateway.Client, authorization string) string {
	t.Helper()
	ctx := t.Context()
	made, err := api.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: sdk.String("front " + authorization)})
	noError(t, err)
	roots, err := api.GetResources(ctx, &apigateway.GetResourcesInput{RestApiId: made.Id})
	noError(t, err)
	root := roots.Items[0].Id
	_, err = api.PutMethod(ctx, &apigateway.PutMethodInput{
		RestApiId: made.Id, ResourceId: root, HttpMethod: sdk.String("POST"), AuthorizationType: &authorization,
	})
	noError(t, err)
	_, err = api.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: made.Id, ResourceId: root, HttpMethod: sdk.String("POST"), Type: types.IntegrationTypeHttp,
		IntegrationHttpMethod: sdk.String("POST"), Uri: sdk.String("https://runtime.sagemaker." + liveRegion + ".amazonaws.com/endpoints/chat/invocations"),
	})
	noError(t, err)
	_, err = api.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: made.Id, StageName: sdk.String("prod")})
	noError(t, err)
	return sdk.ToString(made.Id)
}
