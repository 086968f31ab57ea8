package aws

import (
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

// agentCorePaymentManagers reads each payment manager, which lets agents pay: what the list says of it.
var agentCorePaymentManagers = agentCoreListed("bedrock-agentcore-payment-managers", "AWS::BedrockAgentCore::PaymentManager", "bedrock-agentcore-control:ListPaymentManagers",
	func(api *bedrockagentcorecontrol.Client) pager[bedrockagentcorecontrol.ListPaymentManagersOutput, bedrockagentcorecontrol.Options] {
		return bedrockagentcorecontrol.NewListPaymentManagersPaginator(api, &bedrockagentcorecontrol.ListPaymentManagersInput{MaxResults: aws.Int32(agentCorePage)})
	},
	func(o *bedrockagentcorecontrol.ListPaymentManagersOutput) []types.PaymentManagerSummary {
		return o.PaymentManagers
	},
	func(b *collect.Builder, s types.PaymentManagerSummary) { b.ARN(aws.ToString(s.PaymentManagerArn)) },
	func(s types.PaymentManagerSummary) *string { return s.PaymentManagerId })
