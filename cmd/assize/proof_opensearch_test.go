package main

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	ostypes "github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	"github.com/aws/aws-sdk-go-v2/service/opensearchserverless"
	aosstypes "github.com/aws/aws-sdk-go-v2/service/opensearchserverless/types"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
)

// TestProofOpenSearch judges a domain with all protection and one with the defaults.
func TestProofOpenSearch(t *testing.T) {
	l := startEmpty(t)
	ctx, api := context.Background(), opensearch.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	log := ostypes.LogPublishingOption{CloudWatchLogsLogGroupArn: aws.String("arn:aws:logs:eu-west-1:" + l.account + ":log-group:os"), Enabled: aws.Bool(true)}
	proved[*opensearch.CreateDomainOutput](t)(api.CreateDomain(ctx, &opensearch.CreateDomainInput{
		DomainName: aws.String("vectors-good"), EngineVersion: aws.String("OpenSearch_2.19"),
		ClusterConfig: &ostypes.ClusterConfig{
			InstanceCount: aws.Int32(3), ZoneAwarenessEnabled: aws.Bool(true), ZoneAwarenessConfig: &ostypes.ZoneAwarenessConfig{AvailabilityZoneCount: aws.Int32(3)},
		},
		EncryptionAtRestOptions:     &ostypes.EncryptionAtRestOptions{Enabled: aws.Bool(true)},
		NodeToNodeEncryptionOptions: &ostypes.NodeToNodeEncryptionOptions{Enabled: aws.Bool(true)},
		DomainEndpointOptions:       &ostypes.DomainEndpointOptions{EnforceHTTPS: aws.Bool(true), TLSSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10"},
		AdvancedSecurityOptions:     &ostypes.AdvancedSecurityOptionsInput{Enabled: aws.Bool(true)},
		VPCOptions:                  &ostypes.VPCOptions{SubnetIds: []string{"subnet-1"}, SecurityGroupIds: []string{"sg-1"}},
		LogPublishingOptions:        map[string]ostypes.LogPublishingOption{"AUDIT_LOGS": log, "ES_APPLICATION_LOGS": log},
	}))
	proved[*opensearch.CreateDomainOutput](t)(api.CreateDomain(ctx, &opensearch.CreateDomainInput{DomainName: aws.String("vectors-bad"), EngineVersion: aws.String("OpenSearch_2.19")}))
	l.Answer("opensearch", "DescribeDomain", fakeaws.Match{Path: map[string]string{"DomainName": "vectors-old"}}, 200,
		`{"DomainStatus": {"DomainId": "${account}/vectors-old", "DomainName": "vectors-old", "ARN": "arn:aws:es:${region}:${account}:domain/vectors-old", "ClusterConfig": {},
		"ServiceSoftwareOptions": {"UpdateAvailable": true, "NewVersion": "OpenSearch_2_19_R2"}}}`)
	proved[*opensearch.CreateDomainOutput](t)(api.CreateDomain(ctx, &opensearch.CreateDomainInput{DomainName: aws.String("vectors-old"), EngineVersion: aws.String("OpenSearch_2.19")}))
	r := proveOther(t, "opensearch-domains")
	both := passAndFail("vectors-good", "vectors-bad")
	wantVerdicts(t, r, verdicts{
		"opensearch_domain_audit_logging_enabled":           both,
		"opensearch_domain_data_node_fault_tolerance":       both,
		"opensearch_domain_encryption_at_rest_enabled":      both,
		"opensearch_domain_error_logging_enabled":           both,
		"opensearch_domain_fine_grained_access_enabled":     both,
		"opensearch_domain_https_required":                  both,
		"opensearch_domain_in_vpc":                          both,
		"opensearch_domain_node_to_node_encryption_enabled": both,
		"opensearch_domain_software_updated":                passAndFail("vectors-good", "vectors-old"),
	})
}

// TestProofServerless judges two collections by their policies; the data access
// policies are those of the fixtures.
func TestProofServerless(t *testing.T) {
	l := startEmpty(t)
	cfg := l.AWSConfig(liveRegion, l.account)
	ctx, api := context.Background(), opensearchserverless.NewFromConfig(cfg)
	key := aws.ToString(proved[*kms.CreateKeyOutput](t)(kms.NewFromConfig(cfg).CreateKey(ctx, &kms.CreateKeyInput{})).KeyMetadata.Arn)
	policy := func(kind aosstypes.SecurityPolicyType, name, text string) {
		proved[*opensearchserverless.CreateSecurityPolicyOutput](t)(api.CreateSecurityPolicy(ctx, &opensearchserverless.CreateSecurityPolicyInput{
			Name: &name, Type: kind, Policy: &text,
		}))
	}
	collection := func(name, kmsKey, public string, standby aosstypes.StandbyReplicas) string {
		rules := `"Rules": [{"ResourceType": "collection", "Resource": ["collection/` + name + `"]}]`
		policy("encryption", name, `{`+rules+`, "AWSOwnedKey": false, "KmsARN": "`+kmsKey+`"}`)
		out := proved[*opensearchserverless.CreateCollectionOutput](t)(api.CreateCollection(ctx, &opensearchserverless.CreateCollectionInput{
			Name: &name, Type: "VECTORSEARCH", StandbyReplicas: standby, Tags: []aosstypes.Tag{{Key: aws.String("owner"), Value: aws.String("claims")}},
		}))
		policy("network", name, `[{`+rules+`, "AllowFromPublic": `+public+`}]`) // the emulator takes the last policy for that of the key
		return aws.ToString(out.CreateCollectionDetail.Id)
	}
	both := passAndFail(collection("vectors-good", key, "false", "ENABLED"), collection("vectors-bad", "auto", "true", "DISABLED"))
	r := proveOther(t, "opensearchserverless-collections", "opensearchserverless-policies", "kms-keys")
	wantVerdicts(t, r, verdicts{
		"opensearchserverless_collection_encrypted_with_cmk": both,
		"opensearchserverless_collection_not_public":         both,
		"opensearchserverless_access_policy_least_privilege": both,
		"opensearchserverless_standby_replicas_enabled":      both,
	})
}

// TestProofServerlessScope holds that a collection is judged because a knowledge base
// keeps its vectors there, and one that nobody names is not.
func TestProofServerlessScope(t *testing.T) {
	l := startEmpty(t)
	arn := func(id string) string { return "arn:aws:aoss:eu-west-1:" + l.account + ":collection/" + id }
	summary := func(id string) string {
		return `{"id": "` + id + `", "name": "` + id + `", "arn": "` + arn(id) + `", "status": "ACTIVE"`
	}
	l.Answer("opensearchserverless", "ListCollections", fakeaws.Match{}, 200, `{"collectionSummaries": [`+summary("vectors")+`}, `+summary("logs")+`}]}`)
	l.Answer("opensearchserverless", "BatchGetCollection", fakeaws.Match{}, 200,
		`{"collectionDetails": [`+summary("vectors")+`, "kmsKeyArn": "auto"}, `+summary("logs")+`, "kmsKeyArn": "auto"}]}`)
	l.Answer("opensearchserverless", "ListTagsForResource", fakeaws.Match{}, 200, `{"tags": []}`)
	l.Answer("bedrock-agent", "ListKnowledgeBases", fakeaws.Match{}, 200,
		`{"knowledgeBaseSummaries": [{"knowledgeBaseId": "KB00000001", "name": "claims", "status": "ACTIVE", "updatedAt": "2026-03-02T09:15:00Z"}]}`)
	l.Answer("bedrock-agent", "GetKnowledgeBase", fakeaws.Match{}, 200, `{"knowledgeBase": {"knowledgeBaseId": "KB00000001", "name": "claims", "status": "ACTIVE",
		"knowledgeBaseArn": "arn:aws:bedrock:eu-west-1:`+l.account+`:knowledge-base/KB00000001", "roleArn": "arn:aws:iam::`+l.account+`:role/kb",
		"createdAt": "2026-03-02T09:15:00Z", "updatedAt": "2026-03-02T09:15:00Z", "knowledgeBaseConfiguration": {"type": "VECTOR"},
		"storageConfiguration": {"type": "OPENSEARCH_SERVERLESS", "opensearchServerlessConfiguration": {"collectionArn": "`+arn("vectors")+`", "vectorIndexName": "i",
		"fieldMapping": {"vectorField": "v", "textField": "t", "metadataField": "m"}}}}}`)
	r, _ := assessJSON(t, "--fail-on", "none", "--allow-gaps", "--collectors", "bedrock-knowledge-bases,opensearchserverless-collections")
	wantVerdicts(t, r, verdicts{"opensearchserverless_collection_encrypted_with_cmk": {"vectors": assize.Fail, "logs": ""}})
}
