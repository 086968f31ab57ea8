package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

const (
	typeDirectGateway    = "AWS::DirectConnect::DirectConnectGateway"
	opDirectGateways     = "directconnect:DescribeDirectConnectGateways"
	opDirectAssociations = "directconnect:DescribeDirectConnectGatewayAssociations"
)

// directConnectGateways reads the gateways of Direct Connect, which belong to no Region, and
// where each leads.
var directConnectGateways = collector{
	Declaration: collect.Declaration{
		Name: "directconnect-gateways", Service: "directconnect", Scope: collect.Global, Types: []string{typeDirectGateway},
		Operations: []collect.Operation{
			{Name: opDirectGateways, Actions: []string{opDirectGateways}},
			{Name: opDirectAssociations, Actions: []string{opDirectAssociations}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.directconnect(t.Region)
		gateways := list(ctx, t, opDirectGateways, gatewayPages(api),
			func(o *directconnect.DescribeDirectConnectGatewaysOutput) []types.DirectConnectGateway {
				return o.DirectConnectGateways
			}, typeDirectGateway)
		key := func(g types.DirectConnectGateway) (string, string) {
			return typeDirectGateway, aws.ToString(g.DirectConnectGatewayId)
		}
		return each(ctx, t, gateways, key, func(ctx context.Context, b *collect.Builder, g types.DirectConnectGateway) {
			b.Answer(opDirectGateways, g)
			gather(ctx, b, opDirectAssociations, associationPages(api, g.DirectConnectGatewayId), "Associations",
				func(o *directconnect.DescribeDirectConnectGatewayAssociationsOutput) []types.DirectConnectGatewayAssociation {
					return o.DirectConnectGatewayAssociations
				})
		})
	},
}

func gatewayPages(api *directconnect.Client) *markerPages[directconnect.DescribeDirectConnectGatewaysOutput, directconnect.Options] {
	return &markerPages[directconnect.DescribeDirectConnectGatewaysOutput, directconnect.Options]{
		ask: func(ctx context.Context, token *string, optFns ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewaysOutput, error) {
			return api.DescribeDirectConnectGateways(ctx, &directconnect.DescribeDirectConnectGatewaysInput{
				NextToken: token, MaxResults: aws.Int32(directConnectPage),
			}, optFns...)
		},
		next: func(o *directconnect.DescribeDirectConnectGatewaysOutput) *string { return o.NextToken },
	}
}

func associationPages(api *directconnect.Client, gateway *string) *markerPages[directconnect.DescribeDirectConnectGatewayAssociationsOutput, directconnect.Options] {
	return &markerPages[directconnect.DescribeDirectConnectGatewayAssociationsOutput, directconnect.Options]{
		ask: func(ctx context.Context, token *string, optFns ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewayAssociationsOutput, error) {
			return api.DescribeDirectConnectGatewayAssociations(ctx, &directconnect.DescribeDirectConnectGatewayAssociationsInput{
				DirectConnectGatewayId: gateway, NextToken: token, MaxResults: aws.Int32(directConnectPage),
			}, optFns...)
		},
		next: func(o *directconnect.DescribeDirectConnectGatewayAssociationsOutput) *string { return o.NextToken },
	}
}
