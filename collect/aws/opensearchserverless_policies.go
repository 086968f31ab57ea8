package aws

import (
	"context"
	"encoding/json"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearchserverless"
	"github.com/aws/aws-sdk-go-v2/service/opensearchserverless/document"
	"github.com/aws/aws-sdk-go-v2/service/opensearchserverless/types"
)

const (
	typeServerlessNetworkPolicy = "AWS::OpenSearchServerless::SecurityPolicy"
	typeServerlessAccessPolicy  = "AWS::OpenSearchServerless::AccessPolicy"
	opListSecurityPolicies      = "opensearchserverless:ListSecurityPolicies"
	opGetSecurityPolicy         = "opensearchserverless:GetSecurityPolicy"
	opListAccessPolicies        = "opensearchserverless:ListAccessPolicies"
	opGetAccessPolicy           = "opensearchserverless:GetAccessPolicy"
)

// serverlessPolicies reads who reaches collections of OpenSearch Serverless over
// which network, and who may read and write them. Of the encryption policies nothing
// is read: a collection says itself which key it has.
var serverlessPolicies = collector{
	Declaration: collect.Declaration{
		Name: "opensearchserverless-policies", Service: "opensearchserverless", Scope: collect.Regional,
		Types:      []string{typeServerlessNetworkPolicy, typeServerlessAccessPolicy},
		Operations: prefixedAction("aoss", opListSecurityPolicies, opGetSecurityPolicy, opListAccessPolicies, opGetAccessPolicy),
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.opensearchserverless(t.Region)
		network := list(ctx, t, opListSecurityPolicies,
			opensearchserverless.NewListSecurityPoliciesPaginator(api, &opensearchserverless.ListSecurityPoliciesInput{
				Type: types.SecurityPolicyTypeNetwork, MaxResults: aws.Int32(aossPage),
			}),
			func(o *opensearchserverless.ListSecurityPoliciesOutput) []types.SecurityPolicySummary {
				return o.SecurityPolicySummaries
			},
			typeServerlessNetworkPolicy)
		err := each(ctx, t, network,
			func(s types.SecurityPolicySummary) (string, string) {
				return typeServerlessNetworkPolicy, string(s.Type) + "|" + aws.ToString(s.Name)
			},
			func(ctx context.Context, b *collect.Builder, s types.SecurityPolicySummary) {
				out, err := call(ctx, t, opGetSecurityPolicy, api.GetSecurityPolicy, &opensearchserverless.GetSecurityPolicyInput{Name: s.Name, Type: s.Type})
				if err != nil {
					b.Fail(opGetSecurityPolicy, err)
					return
				}
				if out.SecurityPolicyDetail != nil {
					answerPolicy(b, opGetSecurityPolicy, out.SecurityPolicyDetail.Policy)
				}
			})
		if err != nil {
			return err
		}
		return accessPolicies(ctx, t, api)
	},
}

func accessPolicies(ctx context.Context, t *collect.Task, api *opensearchserverless.Client) error {
	access := list(ctx, t, opListAccessPolicies,
		opensearchserverless.NewListAccessPoliciesPaginator(api, &opensearchserverless.ListAccessPoliciesInput{
			Type: types.AccessPolicyTypeData, MaxResults: aws.Int32(aossPage),
		}),
		func(o *opensearchserverless.ListAccessPoliciesOutput) []types.AccessPolicySummary {
			return o.AccessPolicySummaries
		},
		typeServerlessAccessPolicy)
	return each(ctx, t, access,
		func(s types.AccessPolicySummary) (string, string) {
			return typeServerlessAccessPolicy, string(s.Type) + "|" + aws.ToString(s.Name)
		},
		func(ctx context.Context, b *collect.Builder, s types.AccessPolicySummary) {
			out, err := call(ctx, t, opGetAccessPolicy, api.GetAccessPolicy, &opensearchserverless.GetAccessPolicyInput{Name: s.Name, Type: s.Type})
			if err != nil {
				b.Fail(opGetAccessPolicy, err)
				return
			}
			if out.AccessPolicyDetail != nil {
				answerPolicy(b, opGetAccessPolicy, out.AccessPolicyDetail.Policy)
			}
		})
}

// serverlessStatement is a statement of a network or data access policy: rules on
// collections and indexes, with who may reach them.
type serverlessStatement struct {
	Description     string
	Rules           []serverlessRule
	AllowFromPublic *bool
	SourceVPCEs     []string
	SourceServices  []string
	Principal       []string
}

type serverlessRule struct {
	ResourceType string
	Resource     []string
	Permission   []string
}

// answerPolicy adds the statements of a policy.
func answerPolicy(b *collect.Builder, op string, policy document.Interface) {
	var statements []serverlessStatement
	if err := decodeDocument(policy, &statements); err != nil {
		b.Fail(op, err)
		return
	}
	b.Answer(op, map[string][]serverlessStatement{"Statements": statements})
}

// decodeDocument reads a document of the SDK into a value.
func decodeDocument(d document.Interface, into any) error {
	if d == nil {
		return collect.Wrong("the answer holds no policy")
	}
	text, err := d.MarshalSmithyDocument()
	if err != nil {
		return collect.Wrong("the policy cannot be read: %v", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return collect.Wrong("the policy cannot be read: %v", err)
	}
	return nil
}
