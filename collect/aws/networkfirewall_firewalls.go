package aws

import (
	"context"
	"maps"
	"slices"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall"
	"github.com/aws/aws-sdk-go-v2/service/networkfirewall/types"
)

const (
	typeFirewall            = "AWS::NetworkFirewall::Firewall"
	opListFirewalls         = "network-firewall:ListFirewalls"
	opDescribeFirewall      = "network-firewall:DescribeFirewall"
	opFirewallAssociations  = "network-firewall:ListVpcEndpointAssociations"
	opDescribeFirewallPlace = "network-firewall:DescribeVpcEndpointAssociation"

	firewallPage = 100
)

// networkFirewalls reads firewalls and their endpoints, also those in further VPCs.
var networkFirewalls = collector{
	Declaration: collect.Declaration{
		Name: "networkfirewall-firewalls", Service: "network-firewall", Scope: collect.Regional, Types: []string{typeFirewall},
		Operations: []collect.Operation{
			{Name: opListFirewalls, Actions: []string{opListFirewalls}, MayBeEmpty: true},
			{Name: opDescribeFirewall, Actions: []string{opDescribeFirewall}},
			{Name: opFirewallAssociations, Actions: []string{opFirewallAssociations}, MayBeEmpty: true},
			{Name: opDescribeFirewallPlace, Actions: []string{opDescribeFirewallPlace}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.networkfirewall(t.Region)
		found := list(ctx, t, opListFirewalls,
			networkfirewall.NewListFirewallsPaginator(api, &networkfirewall.ListFirewallsInput{MaxResults: aws.Int32(firewallPage)}),
			func(o *networkfirewall.ListFirewallsOutput) []types.FirewallMetadata { return o.Firewalls }, typeFirewall)
		return each(ctx, t, found,
			func(f types.FirewallMetadata) (string, string) { return typeFirewall, aws.ToString(f.FirewallArn) },
			func(ctx context.Context, b *collect.Builder, f types.FirewallMetadata) {
				b.ARN(aws.ToString(f.FirewallArn))
				describeFirewall(ctx, b, api)
			})
	},
}

func (c *clients) networkfirewall(region string) *networkfirewall.Client {
	return client(c, "network-firewall", region, func(cfg aws.Config) *networkfirewall.Client { return networkfirewall.NewFromConfig(cfg) })
}

// firewallEndpoint is where traffic enters the firewall: the target of a route.
type firewallEndpoint struct{ EndpointID, VPCID, SubnetID, Status string }

func endpointOf(a *types.Attachment, vpc string) (firewallEndpoint, bool) {
	if a == nil || a.EndpointId == nil {
		return firewallEndpoint{}, false
	}
	return firewallEndpoint{EndpointID: *a.EndpointId, VPCID: vpc, SubnetID: aws.ToString(a.SubnetId), Status: string(a.Status)}, true
}

// firewall is a firewall with its endpoints in the VPC that it was made in.
type firewall struct {
	Firewall  *types.Firewall
	Endpoints []firewallEndpoint
}

func describeFirewall(ctx context.Context, b *collect.Builder, api *networkfirewall.Client) {
	arn := aws.String(b.ID())
	out, err := call(ctx, b.Task(), opDescribeFirewall, api.DescribeFirewall, &networkfirewall.DescribeFirewallInput{FirewallArn: arn})
	if err == nil && out.Firewall == nil {
		err = collect.Wrong("the answer holds no firewall")
	}
	if err != nil {
		b.Fail(opDescribeFirewall, err)
		b.Fail(opFirewallAssociations, err)
		return
	}
	answer := firewall{Firewall: out.Firewall, Endpoints: []firewallEndpoint{}}
	if out.FirewallStatus != nil {
		for _, zone := range slices.Sorted(maps.Keys(out.FirewallStatus.SyncStates)) {
			if e, ok := endpointOf(out.FirewallStatus.SyncStates[zone].Attachment, aws.ToString(out.Firewall.VpcId)); ok {
				answer.Endpoints = append(answer.Endpoints, e)
			}
		}
	}
	b.Answer(opDescribeFirewall, answer)
	if aws.ToInt32(out.Firewall.NumberOfAssociations) == 0 {
		b.None(opFirewallAssociations, "NoAssociations")
		return
	}
	further, err := furtherEndpoints(ctx, b, api, arn)
	if err != nil {
		b.Fail(opFirewallAssociations, err)
		return
	}
	b.Answer(opFirewallAssociations, map[string][]firewallEndpoint{"Endpoints": further})
}

// furtherEndpoints reads the endpoints in other VPCs and Availability Zones.
func furtherEndpoints(ctx context.Context, b *collect.Builder, api *networkfirewall.Client, arn *string) ([]firewallEndpoint, error) {
	found, err := pages(ctx, b.Task(), opFirewallAssociations, b.StandsIn(),
		networkfirewall.NewListVpcEndpointAssociationsPaginator(api, &networkfirewall.ListVpcEndpointAssociationsInput{FirewallArn: arn}),
		func(o *networkfirewall.ListVpcEndpointAssociationsOutput) []types.VpcEndpointAssociationMetadata {
			return o.VpcEndpointAssociations
		})
	if err != nil {
		return nil, err
	}
	all := []firewallEndpoint{}
	for _, a := range found {
		out, err := call(ctx, b.Task(), opDescribeFirewallPlace, api.DescribeVpcEndpointAssociation,
			&networkfirewall.DescribeVpcEndpointAssociationInput{VpcEndpointAssociationArn: a.VpcEndpointAssociationArn})
		if err != nil {
			return nil, err
		}
		if out.VpcEndpointAssociation == nil || out.VpcEndpointAssociationStatus == nil {
			return nil, collect.Wrong("the answer holds no association")
		}
		for _, zone := range slices.Sorted(maps.Keys(out.VpcEndpointAssociationStatus.AssociationSyncState)) {
			if e, ok := endpointOf(out.VpcEndpointAssociationStatus.AssociationSyncState[zone].Attachment, aws.ToString(out.VpcEndpointAssociation.VpcId)); ok {
				all = append(all, e)
			}
		}
	}
	return all, nil
}
