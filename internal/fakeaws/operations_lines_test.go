package fakeaws_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// lineOperations are operations of Direct Connect.
var lineOperations = map[string]sdkCall{
	"directconnect/DescribeVirtualInterfaces": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return directconnect.NewFromConfig(cfg).DescribeVirtualInterfaces(ctx, &directconnect.DescribeVirtualInterfacesInput{NextToken: in["nextToken"]})
	},
	"directconnect/DescribeDirectConnectGateways": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return directconnect.NewFromConfig(cfg).DescribeDirectConnectGateways(ctx, &directconnect.DescribeDirectConnectGatewaysInput{NextToken: in["nextToken"]})
	},
	"directconnect/DescribeDirectConnectGatewayAssociations": func(ctx context.Context, cfg aws.Config, in request) (any, error) {
		return directconnect.NewFromConfig(cfg).DescribeDirectConnectGatewayAssociations(ctx,
			&directconnect.DescribeDirectConnectGatewayAssociationsInput{NextToken: in["nextToken"]})
	},
}
