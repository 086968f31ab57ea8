package main

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/assize-dev/assize"
)

// network is what the proof of the network checks has made.
type network struct {
	goodVPC, badVPC       string
	goodSubnet, badSubnet string
	goodGroup, badGroup   string
	goodDoor, badDoor     string
}

// TestProofNetwork proves the checks of VPCs, subnets, groups and endpoints: one
// network is made as they want it, the other as it should not be.
func TestProofNetwork(t *testing.T) {
	l := startEmpty(t)
	api := ec2.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	_, err := cloudwatchlogs.NewFromConfig(l.AWSConfig(liveRegion, l.account)).CreateLogGroup(t.Context(),
		&cloudwatchlogs.CreateLogGroupInput{LogGroupName: sdk.String("flow")})
	noError(t, err)
	n := makeNetwork(t, api)
	closeNetwork(t, api, &n)
	openNetwork(t, api, &n)
	r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps",
		"--collectors", "ec2-vpcs,ec2-subnets,ec2-security-groups,ec2-vpc-endpoints,ec2-flow-logs,ec2-route-tables")
	pair := func(good, bad string) map[string]assize.Outcome {
		return map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
	}
	wantVerdicts(t, r, verdicts{
		"vpc_endpoint_s3_gateway_present":                pair(n.goodVPC, n.badVPC),
		"vpc_flow_logs_enabled":                          pair(n.goodVPC, n.badVPC),
		"vpc_subnet_no_public_ip_by_default":             pair(n.goodSubnet, n.badSubnet),
		"vpc_security_group_no_unrestricted_egress":      pair(n.goodGroup, n.badGroup),
		"vpc_security_group_no_unrestricted_ingress":     pair(n.goodGroup, n.badGroup),
		"bedrock_vpc_endpoint_private_dns_enabled":       pair(n.goodDoor, n.badDoor),
		"bedrock_vpc_endpoint_policy_restricted":         pair(n.goodDoor, n.badDoor),
		"bedrock_vpc_endpoint_security_group_restricted": pair(n.goodDoor, n.badDoor),
	})
}

func makeNetwork(t *testing.T, api *ec2.Client) network {
	t.Helper()
	ctx := t.Context()
	vpc := func(cidr string) string {
		out, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: &cidr})
		noError(t, err)
		return sdk.ToString(out.Vpc.VpcId)
	}
	subnet := func(vpc, cidr string) string {
		out, err := api.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: &vpc, CidrBlock: &cidr})
		noError(t, err)
		return sdk.ToString(out.Subnet.SubnetId)
	}
	group := func(vpc string) string {
		out, err := api.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: &vpc, GroupName: sdk.String("workload"), Description: sdk.String("workload")})
		noError(t, err)
		return sdk.ToString(out.GroupId)
	}
	n := network{goodVPC: vpc("10.1.0.0/16"), badVPC: vpc("10.2.0.0/16")}
	n.goodSubnet, n.badSubnet = subnet(n.goodVPC, "10.1.1.0/24"), subnet(n.badVPC, "10.2.1.0/24")
	n.goodGroup, n.badGroup = group(n.goodVPC), group(n.badVPC)
	return n
}

// door makes an interface endpoint of bedrock-runtime.
func door(t *testing.T, api *ec2.Client, vpc, subnet, group, policy string, dns bool) string {
	t.Helper()
	out, err := api.CreateVpcEndpoint(t.Context(), &ec2.CreateVpcEndpointInput{
		VpcId: &vpc, VpcEndpointType: types.VpcEndpointTypeInterface, ServiceName: sdk.String("com.amazonaws." + liveRegion + ".bedrock-runtime"),
		SubnetIds: []string{subnet}, SecurityGroupIds: []string{group}, PolicyDocument: &policy, PrivateDnsEnabled: &dns,
	})
	noError(t, err)
	return sdk.ToString(out.VpcEndpoint.VpcEndpointId)
}

func closeNetwork(t *testing.T, api *ec2.Client, n *network) {
	t.Helper()
	ctx := t.Context()
	_, err := api.RevokeSecurityGroupEgress(ctx, &ec2.RevokeSecurityGroupEgressInput{GroupId: &n.goodGroup, IpPermissions: permission("-1", 0, "0.0.0.0/0")})
	noError(t, err)
	_, err = api.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &n.goodGroup, IpPermissions: permission("tcp", 443, "10.1.0.0/16")})
	noError(t, err)
	n.goodDoor = door(t, api, n.goodVPC, n.goodSubnet, n.goodGroup, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*",`+
		`"Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-exampleorgid"}}}}`, true)
	tables, err := api.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{
		Filters: []types.Filter{{Name: sdk.String("vpc-id"), Values: []string{n.goodVPC}}},
	})
	noError(t, err)
	_, err = api.CreateVpcEndpoint(ctx, &ec2.CreateVpcEndpointInput{
		VpcId: &n.goodVPC, VpcEndpointType: types.VpcEndpointTypeGateway, ServiceName: sdk.String("com.amazonaws." + liveRegion + ".s3"),
		RouteTableIds: []string{sdk.ToString(tables.RouteTables[0].RouteTableId)},
	})
	noError(t, err)
	_, err = api.CreateFlowLogs(ctx, &ec2.CreateFlowLogsInput{
		ResourceIds: []string{n.goodVPC}, ResourceType: types.FlowLogsResourceTypeVpc, TrafficType: types.TrafficTypeAll,
		LogDestinationType: types.LogDestinationTypeCloudWatchLogs, LogGroupName: sdk.String("flow"),
		DeliverLogsPermissionArn: sdk.String("arn:aws:iam::111122223333:role/flow"),
	})
	noError(t, err)
}

func openNetwork(t *testing.T, api *ec2.Client, n *network) {
	t.Helper()
	ctx := t.Context()
	_, err := api.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &n.badGroup, IpPermissions: permission("tcp", 8888, "0.0.0.0/0")})
	noError(t, err)
	_, err = api.ModifySubnetAttribute(ctx, &ec2.ModifySubnetAttributeInput{SubnetId: &n.badSubnet, MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: sdk.Bool(true)}})
	noError(t, err)
	n.badDoor = door(t, api, n.badVPC, n.badSubnet, n.badGroup,
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`, false)
}

func permission(protocol string, port int32, cidr string) []types.IpPermission {
	p := types.IpPermission{IpProtocol: &protocol, IpRanges: []types.IpRange{{CidrIp: &cidr}}}
	if protocol != "-1" {
		p.FromPort, p.ToPort = &port, &port
	}
	return []types.IpPermission{p}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
