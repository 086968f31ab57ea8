package aws

import (
	"context"
	"slices"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeVPNGateway           = "AWS::EC2::VPNGateway"
	typeVPNConnection        = "AWS::EC2::VPNConnection"
	opDescribeVPNGateways    = "ec2:DescribeVpnGateways"
	opDescribeVPNConnections = "ec2:DescribeVpnConnections"
)

// ec2VPN reads virtual private gateways and Site-to-Site VPN connections; EC2 gives either
// list in one page. Pre-shared keys, which it names with each connection, are left out.
var ec2VPN = collector{
	Declaration: collect.Declaration{
		Name: "ec2-vpn", Service: "ec2", Scope: collect.Regional, Types: []string{typeVPNGateway, typeVPNConnection},
		Operations: []collect.Operation{
			{Name: opDescribeVPNGateways, Actions: []string{opDescribeVPNGateways}},
			{Name: opDescribeVPNConnections, Actions: []string{opDescribeVPNConnections}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.ec2(t.Region)
		gateways := listOnce(ctx, t, opDescribeVPNGateways, api.DescribeVpnGateways, &ec2.DescribeVpnGatewaysInput{},
			func(o *ec2.DescribeVpnGatewaysOutput) []types.VpnGateway { return o.VpnGateways }, typeVPNGateway)
		err := ec2Each(ctx, t, typeVPNGateway, opDescribeVPNGateways, gateways,
			func(g types.VpnGateway) (id, arn *string) { return g.VpnGatewayId, nil })
		if err != nil {
			return err
		}
		connections := listOnce(ctx, t, opDescribeVPNConnections, api.DescribeVpnConnections, &ec2.DescribeVpnConnectionsInput{},
			func(o *ec2.DescribeVpnConnectionsOutput) []types.VpnConnection { return withoutKeys(o.VpnConnections) }, typeVPNConnection)
		return ec2Each(ctx, t, typeVPNConnection, opDescribeVPNConnections, connections,
			func(v types.VpnConnection) (id, arn *string) { return v.VpnConnectionId, nil })
	},
}

// withoutKeys leaves out the pre-shared keys of the tunnels, and the configuration for
// the customer's device, which holds them too.
func withoutKeys(connections []types.VpnConnection) []types.VpnConnection {
	out := slices.Clone(connections)
	for i := range out {
		out[i].CustomerGatewayConfiguration = nil
		if out[i].Options == nil {
			continue
		}
		options := *out[i].Options
		options.TunnelOptions = slices.Clone(options.TunnelOptions)
		for n := range options.TunnelOptions {
			options.TunnelOptions[n].PreSharedKey = nil
		}
		out[i].Options = &options
	}
	return out
}
