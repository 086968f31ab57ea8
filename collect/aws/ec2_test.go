package aws

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
)

var ec2Collectors = []*collector{&ec2FlowLogs, &ec2RouteTables, &ec2SecurityGroups, &ec2Subnets, &ec2VPCEndpoints, &ec2VPCs}

// network is what seedNetwork has made, by id.
type network struct{ vpc, public, private, group, peer, endpoint, table, flowLog string }

func seedNetwork(t *testing.T, b *coreBench) network {
	t.Helper()
	api, ctx := ec2.NewFromConfig(b.config(t, coreRegion)), t.Context()
	vpc, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	noError(t, err)
	n := network{vpc: *vpc.Vpc.VpcId}
	subnet := func(cidr string) string {
		out, err := api.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: &n.vpc, CidrBlock: &cidr})
		noError(t, err)
		return *out.Subnet.SubnetId
	}
	n.public, n.private = subnet("10.0.1.0/24"), subnet("10.0.2.0/24")
	_, err = api.ModifySubnetAttribute(ctx, &ec2.ModifySubnetAttributeInput{
		SubnetId: &n.public, MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	noError(t, err)
	group := func(name string) string {
		out, err := api.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: &name, Description: &name, VpcId: &n.vpc})
		noError(t, err)
		return *out.GroupId
	}
	n.group, n.peer = group("workload"), group("clients")
	_, err = api.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &n.group, IpPermissions: []types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443),
			IpRanges:         []types.IpRange{{CidrIp: aws.String("0.0.0.0/0"), Description: aws.String("everyone")}, {CidrIp: aws.String("10.0.0.0/8")}},
			Ipv6Ranges:       []types.Ipv6Range{{CidrIpv6: aws.String("::/0")}},
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &n.peer}},
		}},
	})
	noError(t, err)
	endpoint, err := api.CreateVpcEndpoint(ctx, &ec2.CreateVpcEndpointInput{
		VpcId: &n.vpc, VpcEndpointType: types.VpcEndpointTypeInterface, ServiceName: aws.String("com.amazonaws.us-east-1.bedrock-runtime"),
		SubnetIds: []string{n.private}, SecurityGroupIds: []string{n.group}, PrivateDnsEnabled: aws.Bool(true),
		PolicyDocument: aws.String(tlsPolicy),
	})
	noError(t, err)
	n.endpoint = *endpoint.VpcEndpoint.VpcEndpointId
	table, err := api.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: &n.vpc})
	noError(t, err)
	n.table = *table.RouteTable.RouteTableId
	_, err = api.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: &n.table, SubnetId: &n.public})
	noError(t, err)
	gateway, err := api.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})
	noError(t, err)
	_, err = api.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: gateway.InternetGateway.InternetGatewayId, VpcId: &n.vpc})
	noError(t, err)
	_, err = api.CreateRoute(ctx, &ec2.CreateRouteInput{
		RouteTableId: &n.table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: gateway.InternetGateway.InternetGatewayId,
	})
	noError(t, err)
	seedBareBucket(t, b, "flow-"+b.account, coreRegion)
	logs, err := api.CreateFlowLogs(ctx, &ec2.CreateFlowLogsInput{
		ResourceIds: []string{n.vpc}, ResourceType: types.FlowLogsResourceTypeVpc, TrafficType: types.TrafficTypeReject,
		LogDestinationType: types.LogDestinationTypeS3, LogDestination: aws.String("arn:aws:s3:::flow-" + b.account),
	})
	noError(t, err)
	n.flowLog = logs.FlowLogIds[0]
	return n
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	n := seedNetwork(t, b)
	b.ResetCounts()
	run := b.run(t, ec2Collectors)
	run.complete(t, coreRegion, typeFlowLog, typeRouteTable, typeSecurityGroup, typeSubnet, typeVPCEndpoint, typeVPC)
	tests := []struct {
		typ, id string
		want    map[string]any
	}{
		{typeVPC, n.vpc, map[string]any{"VpcId": n.vpc, "CidrBlock": "10.0.0.0/16", "IsDefault": false}},
		{typeSubnet, n.public, map[string]any{"SubnetId": n.public, "VpcId": n.vpc, "MapPublicIpOnLaunch": true}},
		{typeSubnet, n.private, map[string]any{"SubnetId": n.private, "VpcId": n.vpc, "MapPublicIpOnLaunch": false}},
		{typeVPCEndpoint, n.endpoint, map[string]any{
			"Id": n.endpoint, "VpcId": n.vpc, "VpcEndpointType": "Interface", "ServiceName": "com.amazonaws.us-east-1.bedrock-runtime",
			"PrivateDnsEnabled": true, "PolicyDocument": tlsPolicy, "SubnetIds": assize.List{n.private},
			"SecurityGroupIds": assize.List{n.group},
		}},
		{typeFlowLog, n.flowLog, map[string]any{
			"Id": n.flowLog, "ResourceId": n.vpc, "TrafficType": "REJECT", "FlowLogStatus": "ACTIVE",
			"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::flow-" + b.account, "LogGroupName": nil,
		}},
	}
	for _, test := range tests {
		got := run.properties(t, coreRegion, test.typ, test.id)
		if diff := cmp.Diff(test.want, at(got, slices.Collect(maps.Keys(test.want))...)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.typ, test.id, diff)
		}
	}
	for _, c := range b.Calls() {
		if c.Service == "ec2" && c.Count != 1 {
			t.Errorf("%d calls of %s, want one page", c.Count, c.Operation)
		}
	}
}

// EC2 puts ranges with one protocol together; CloudFormation has a rule for each.
func TestSecurityGroupRules(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	n := seedNetwork(t, b)
	got := b.run(t, ec2Collectors).properties(t, coreRegion, typeSecurityGroup, n.group)
	rule := func(name, value string) assize.Object {
		return assize.NewObject(map[string]assize.Value{
			"IpProtocol": "tcp", "FromPort": int64(443), "ToPort": int64(443), name: value,
		})
	}
	want := assize.List{
		rule("CidrIp", "0.0.0.0/0").Set("Description", "everyone"), rule("CidrIp", "10.0.0.0/8"),
		rule("CidrIpv6", "::/0"), rule("SourceSecurityGroupId", n.peer),
	}
	byText := func(list assize.Value) []string {
		var lines []string
		for _, o := range list.(assize.List) {
			data, err := o.(assize.Object).MarshalJSON()
			noError(t, err)
			lines = append(lines, string(data))
		}
		slices.Sort(lines)
		return lines
	}
	if diff := cmp.Diff(byText(want), byText(got.At("SecurityGroupIngress"))); diff != "" {
		t.Errorf("ingress (-want +got):\n%s", diff)
	}
	egress := assize.List{assize.NewObject(map[string]assize.Value{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"})}
	if diff := cmp.Diff(byText(egress), byText(got.At("SecurityGroupEgress"))); diff != "" {
		t.Errorf("egress (-want +got):\n%s", diff)
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	n := seedNetwork(t, b)
	got := b.run(t, ec2Collectors).properties(t, coreRegion, typeRouteTable, n.table)
	var open []string
	for _, r := range got.At("Routes").(assize.List) {
		route := r.(assize.Object)
		if gateway, _ := route.Get("GatewayId").(string); strings.HasPrefix(gateway, "igw-") {
			open = append(open, route.Get("DestinationCidrBlock").(string))
		}
	}
	if diff := cmp.Diff([]string{"0.0.0.0/0"}, open); diff != "" {
		t.Errorf("routes to the internet (-want +got):\n%s", diff)
	}
	want := assize.List{assize.NewObject(map[string]assize.Value{"Main": false, "SubnetId": n.public})}
	if diff := cmp.Diff(want, got.At("Associations")); diff != "" {
		t.Errorf("associations (-want +got):\n%s", diff)
	}
}

// A denied list is a gap of its type and of no other.
func TestNetworkDenied(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	b.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "ec2", Operation: "DescribeVpcEndpoints"})
	run := b.run(t, ec2Collectors)
	run.complete(t, coreRegion, typeFlowLog, typeRouteTable, typeSecurityGroup, typeSubnet, typeVPC)
	c := run.coverage[coreRegion+" "+typeVPCEndpoint]
	if c.Complete || c.Gap == nil || c.Gap.Cause != assize.Denied {
		t.Errorf("coverage = %+v, want a gap: denied", c)
	}
}
