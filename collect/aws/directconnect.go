package aws

import (
	"context"
	"slices"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

const (
	typeDirectConnection = "AWS::DirectConnect::Connection"
	typeDirectInterface  = "AWS::DirectConnect::VirtualInterface"
	opDirectConnections  = "directconnect:DescribeConnections"
	opDirectInterfaces   = "directconnect:DescribeVirtualInterfaces"

	// directConnectPage is the largest page of its lists.
	directConnectPage = 100
)

func (c *clients) directconnect(region string) *directconnect.Client {
	return client(c, "directconnect", region, func(cfg aws.Config) *directconnect.Client { return directconnect.NewFromConfig(cfg) })
}

// directConnectLines reads the connections of Direct Connect and the virtual interfaces on
// them. Keys of BGP, and the configuration for the customer's router, which holds them too,
// are left out.
var directConnectLines = collector{
	Declaration: collect.Declaration{
		Name: "directconnect-connections", Service: "directconnect", Scope: collect.Regional,
		Types: []string{typeDirectConnection, typeDirectInterface},
		Operations: []collect.Operation{
			{Name: opDirectConnections, Actions: []string{opDirectConnections}},
			{Name: opDirectInterfaces, Actions: []string{opDirectInterfaces}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.directconnect(t.Region)
		connections := list(ctx, t, opDirectConnections, connectionPages(api),
			func(o *directconnect.DescribeConnectionsOutput) []types.Connection { return o.Connections }, typeDirectConnection)
		err := each(ctx, t, connections,
			func(x types.Connection) (string, string) { return typeDirectConnection, aws.ToString(x.ConnectionId) },
			func(_ context.Context, b *collect.Builder, x types.Connection) { b.Answer(opDirectConnections, x) })
		if err != nil {
			return err
		}
		interfaces := list(ctx, t, opDirectInterfaces, interfacePages(api),
			func(o *directconnect.DescribeVirtualInterfacesOutput) []types.VirtualInterface {
				return o.VirtualInterfaces
			}, typeDirectInterface)
		return each(ctx, t, interfaces,
			func(v types.VirtualInterface) (string, string) {
				return typeDirectInterface, aws.ToString(v.VirtualInterfaceId)
			},
			func(_ context.Context, b *collect.Builder, v types.VirtualInterface) {
				b.Answer(opDirectInterfaces, withoutAuthKeys(v))
			})
	},
}

func connectionPages(api *directconnect.Client) *markerPages[directconnect.DescribeConnectionsOutput, directconnect.Options] {
	return &markerPages[directconnect.DescribeConnectionsOutput, directconnect.Options]{
		ask: func(ctx context.Context, token *string, optFns ...func(*directconnect.Options)) (*directconnect.DescribeConnectionsOutput, error) {
			return api.DescribeConnections(ctx, &directconnect.DescribeConnectionsInput{NextToken: token, MaxResults: aws.Int32(directConnectPage)}, optFns...)
		},
		next: func(o *directconnect.DescribeConnectionsOutput) *string { return o.NextToken },
	}
}

func interfacePages(api *directconnect.Client) *markerPages[directconnect.DescribeVirtualInterfacesOutput, directconnect.Options] {
	return &markerPages[directconnect.DescribeVirtualInterfacesOutput, directconnect.Options]{
		ask: func(ctx context.Context, token *string, optFns ...func(*directconnect.Options)) (*directconnect.DescribeVirtualInterfacesOutput, error) {
			return api.DescribeVirtualInterfaces(ctx, &directconnect.DescribeVirtualInterfacesInput{NextToken: token, MaxResults: aws.Int32(directConnectPage)}, optFns...)
		},
		next: func(o *directconnect.DescribeVirtualInterfacesOutput) *string { return o.NextToken },
	}
}

func withoutAuthKeys(v types.VirtualInterface) types.VirtualInterface {
	v.AuthKey, v.CustomerRouterConfig = nil, nil
	v.BgpPeers = slices.Clone(v.BgpPeers)
	for i := range v.BgpPeers {
		v.BgpPeers[i].AuthKey = nil
	}
	return v
}
