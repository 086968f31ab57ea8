package fakeaws_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/kendra"
	"github.com/aws/aws-sdk-go-v2/service/lexmodelsv2"
	"github.com/aws/aws-sdk-go-v2/service/opensearchserverless"
	aosstypes "github.com/aws/aws-sdk-go-v2/service/opensearchserverless/types"
	"github.com/aws/aws-sdk-go-v2/service/qbusiness"
	"github.com/aws/aws-sdk-go-v2/service/rekognition"
)

// otherOperations are operations of AI services besides Bedrock and SageMaker.
var otherOperations = map[string]sdkCall{
	"kendra/DescribeIndex": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return kendra.NewFromConfig(cfg).DescribeIndex(ctx, &kendra.DescribeIndexInput{Id: in.need("Id")})
	},
	"kendra/ListIndices": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return kendra.NewFromConfig(cfg).ListIndices(ctx, &kendra.ListIndicesInput{NextToken: in["nextToken"]})
	},
	"kendra/ListTagsForResource": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return kendra.NewFromConfig(cfg).ListTagsForResource(ctx, &kendra.ListTagsForResourceInput{ResourceARN: in.need("ResourceARN")})
	},
	"lexv2-models/DescribeBot": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).DescribeBot(ctx, &lexmodelsv2.DescribeBotInput{BotId: in.need("botId")})
	},
	"lexv2-models/DescribeBotAlias": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).DescribeBotAlias(ctx, &lexmodelsv2.DescribeBotAliasInput{BotId: in.need("botId"), BotAliasId: in.need("botAliasId")})
	},
	"lexv2-models/DescribeResourcePolicy": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).DescribeResourcePolicy(ctx, &lexmodelsv2.DescribeResourcePolicyInput{ResourceArn: in.need("resourceArn")})
	},
	"lexv2-models/DescribeSlot": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).DescribeSlot(ctx, &lexmodelsv2.DescribeSlotInput{BotId: in.need("botId"), BotVersion: in.need("botVersion"), LocaleId: in.need("localeId"), IntentId: in.need("intentId"), SlotId: in.need("slotId")})
	},
	"lexv2-models/ListBotAliases": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).ListBotAliases(ctx, &lexmodelsv2.ListBotAliasesInput{BotId: in.need("botId")})
	},
	"lexv2-models/ListBotLocales": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).ListBotLocales(ctx, &lexmodelsv2.ListBotLocalesInput{BotId: in.need("botId"), BotVersion: in.need("botVersion")})
	},
	"lexv2-models/ListBots": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).ListBots(ctx, &lexmodelsv2.ListBotsInput{})
	},
	"lexv2-models/ListIntents": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).ListIntents(ctx, &lexmodelsv2.ListIntentsInput{BotId: in.need("botId"), BotVersion: in.need("botVersion"), LocaleId: in.need("localeId")})
	},
	"lexv2-models/ListSlots": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).ListSlots(ctx, &lexmodelsv2.ListSlotsInput{BotId: in.need("botId"), BotVersion: in.need("botVersion"), LocaleId: in.need("localeId"), IntentId: in.need("intentId")})
	},
	"lexv2-models/ListTagsForResource": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return lexmodelsv2.NewFromConfig(cfg).ListTagsForResource(ctx, &lexmodelsv2.ListTagsForResourceInput{ResourceARN: in.need("resourceARN")})
	},
	"opensearchserverless/GetAccessPolicy": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return opensearchserverless.NewFromConfig(cfg).GetAccessPolicy(ctx, &opensearchserverless.GetAccessPolicyInput{Name: in.need("name"), Type: aosstypes.AccessPolicyTypeData})
	},
	"opensearchserverless/ListAccessPolicies": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return opensearchserverless.NewFromConfig(cfg).ListAccessPolicies(ctx, &opensearchserverless.ListAccessPoliciesInput{Type: aosstypes.AccessPolicyTypeData})
	},
	"qbusiness/GetApplication": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return qbusiness.NewFromConfig(cfg).GetApplication(ctx, &qbusiness.GetApplicationInput{ApplicationId: in.need("applicationId")})
	},
	"qbusiness/GetChatControlsConfiguration": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return qbusiness.NewFromConfig(cfg).GetChatControlsConfiguration(ctx, &qbusiness.GetChatControlsConfigurationInput{ApplicationId: in.need("applicationId")})
	},
	"qbusiness/ListApplications": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return qbusiness.NewFromConfig(cfg).ListApplications(ctx, &qbusiness.ListApplicationsInput{NextToken: in["nextToken"]})
	},
	"qbusiness/ListTagsForResource": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return qbusiness.NewFromConfig(cfg).ListTagsForResource(ctx, &qbusiness.ListTagsForResourceInput{ResourceARN: in.need("resourceARN")})
	},
	"rekognition/DescribeCollection": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return rekognition.NewFromConfig(cfg).DescribeCollection(ctx, &rekognition.DescribeCollectionInput{CollectionId: in.need("CollectionId")})
	},
	"rekognition/DescribeProjectVersions": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return rekognition.NewFromConfig(cfg).DescribeProjectVersions(ctx, &rekognition.DescribeProjectVersionsInput{ProjectArn: in.need("ProjectArn")})
	},
	"rekognition/DescribeProjects": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return rekognition.NewFromConfig(cfg).DescribeProjects(ctx, &rekognition.DescribeProjectsInput{NextToken: in["nextToken"]})
	},
	"rekognition/DescribeStreamProcessor": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return rekognition.NewFromConfig(cfg).DescribeStreamProcessor(ctx, &rekognition.DescribeStreamProcessorInput{Name: in.need("Name")})
	},
	"rekognition/ListCollections": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return rekognition.NewFromConfig(cfg).ListCollections(ctx, &rekognition.ListCollectionsInput{})
	},
	"rekognition/ListProjectPolicies": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return rekognition.NewFromConfig(cfg).ListProjectPolicies(ctx, &rekognition.ListProjectPoliciesInput{ProjectArn: in.need("ProjectArn")})
	},
	"rekognition/ListStreamProcessors": func(ctx context.Context, cfg aws.Config, _ request) (any, error) {
		return rekognition.NewFromConfig(cfg).ListStreamProcessors(ctx, &rekognition.ListStreamProcessorsInput{})
	},
	"rekognition/ListTagsForResource": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return rekognition.NewFromConfig(cfg).ListTagsForResource(ctx, &rekognition.ListTagsForResourceInput{ResourceArn: in.need("ResourceArn")})
	},
	"textract/ListAdapters": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return textract(ctx, cfg, "ListAdapters", request{"NextToken": in["nextToken"]}, &struct {
			Adapters []struct {
				AdapterId, AdapterName *string //nolint:staticcheck // the names of the API
				FeatureTypes           []string
			}
			NextToken *string
		}{})
	},
	"textract/ListAdapterVersions": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return textract(ctx, cfg, "ListAdapterVersions", request{"AdapterId": in.need("AdapterId")}, &struct {
			AdapterVersions []struct {
				AdapterId, AdapterVersion, Status, StatusMessage *string //nolint:staticcheck // the names of the API
				FeatureTypes                                     []string
			}
		}{})
	},
	"textract/GetAdapterVersion": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return textract(ctx, cfg, "GetAdapterVersion", request{"AdapterId": in.need("AdapterId"), "AdapterVersion": aws.String("1")}, &struct {
			AdapterId, AdapterVersion, Status, StatusMessage, KMSKeyId *string //nolint:staticcheck // the names of the API

			FeatureTypes  []string
			DatasetConfig struct {
				ManifestS3Object struct{ Bucket, Name, Version *string }
			}
			OutputConfig struct{ S3Bucket, S3Prefix *string }
			Tags         map[string]string
		}{})
	},
}

// textract calls an operation of Textract, whose module of the SDK is not to be had: the names of the fields are those of its
// API reference.
func textract(ctx context.Context, cfg aws.Config, operation string, in request, out any) (any, error) {
	maps.DeleteFunc(in, func(_ string, value *string) bool { return value == nil })
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, *cfg.BaseEndpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "Textract."+operation)
	credentials, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, credentials, r, hex.EncodeToString(hash[:]), "textract", cfg.Region, time.Now()); err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", operation, answer.StatusCode)
	}
	return out, json.NewDecoder(answer.Body).Decode(out)
}
