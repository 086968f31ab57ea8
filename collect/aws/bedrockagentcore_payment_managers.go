package aws

import (
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

const (
	typeAgentCorePaymentManager = "AWS::BedrockAgentCore::PaymentManager"
	opListPaymentManagers       = "bedrock-agentcore-control:ListPaymentManagers"
)

// agentCorePaymentManagers reads each payment manager, which lets agents pay: what the list says of it.
var agentCorePaymentManagers = collector{
	Declaration: collect.Declaration{
		Name: "bedrock-agentcore-payment-managers", Service: "bedrock-agentcore-control", Scope: collect.Regional, Types: []string{typeAgentCorePaymentManager},
		Operations: []collect.Operation{agentCoreOperation(opListPaymentManagers)},
	},
	run: agentCoreListed(typeAgentCorePaymentManager, opListPaymentManagers,
		func(api *bedrockagentcorecontrol.Client) pager[bedrockagentcorecontrol.ListPaymentManagersOutput, bedrockagentcorecontrol.Options] {
			return bedrockagentcorecontrol.NewListPaymentManagersPaginator(api, &bedrockagentcorecontrol.ListPaymentManagersInput{MaxResults: aws.Int32(agentCorePage)})
		},
		func(o *bedrockagentcorecontrol.ListPaymentManagersOutput) []types.PaymentManagerSummary {
			return o.PaymentManagers
		},
		func(s types.PaymentManagerSummary) (id, arn *string) { return s.PaymentManagerId, s.PaymentManagerArn }),
}
