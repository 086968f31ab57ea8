package main

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/assize-dev/assize"
)

// TestProofInstances proves the checks of instances and of the way out of subnets: one
// machine stands as it should, the other in a subnet that leads to the internet.
func TestProofInstances(t *testing.T) {
	l := startEmpty(t)
	api := ec2.NewFromConfig(l.AWSConfig(liveRegion, l.account))
	ctx := t.Context()
	vpc, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: sdk.String("10.7.0.0/16")})
	noError(t, err)
	subnet := func(cidr string) string {
		out, err := api.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: &cidr})
		noError(t, err)
		return sdk.ToString(out.Subnet.SubnetId)
	}
	private, public := subnet("10.7.1.0/24"), subnet("10.7.2.0/24")
	leadOut(t, api, vpc.Vpc.VpcId, public)
	good := startInstance(t, api, private, types.HttpTokensStateRequired, false)
	bad := startInstance(t, api, public, types.HttpTokensStateOptional, true)
	_, err = api.EnableEbsEncryptionByDefault(ctx, &ec2.EnableEbsEncryptionByDefaultInput{})
	noError(t, err)

	r, _ := assessJSON(t, "--scope", "account", "--fail-on", "none", "--allow-gaps",
		"--collectors", "ec2-instances,ec2-ebs-encryption,ec2-subnets,ec2-route-tables,ec2-vpcs")
	wantVerdicts(t, r, verdicts{
		"ec2_ebs_default_encryption_enabled":   {"ebs-encryption-by-default": assize.Pass},
		"ec2_instance_imdsv2_required":         {good: assize.Pass, bad: assize.Fail},
		"ec2_instance_no_public_ip":            {good: assize.Pass, bad: assize.Fail},
		"vpc_subnet_no_internet_gateway_route": {private: assize.Pass, public: assize.Fail},
	})
}

// leadOut gives the subnet a table with a route to an internet gateway.
func leadOut(t *testing.T, api *ec2.Client, vpc *string, subnet string) {
	t.Helper()
	ctx := t.Context()
	gateway, err := api.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})
	noError(t, err)
	_, err = api.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: gateway.InternetGateway.InternetGatewayId, VpcId: vpc})
	noError(t, err)
	table, err := api.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: vpc})
	noError(t, err)
	_, err = api.CreateRoute(ctx, &ec2.CreateRouteInput{
		RouteTableId: table.RouteTable.RouteTableId, DestinationCidrBlock: sdk.String("0.0.0.0/0"), GatewayId: gateway.InternetGateway.InternetGatewayId,
	})
	noError(t, err)
	_, err = api.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: table.RouteTable.RouteTableId, SubnetId: &subnet})
	noError(t, err)
}

func startInstance(t *testing.T, api *ec2.Client, subnet string, tokens types.HttpTokensState, public bool) string {
	t.Helper()
	out, err := api.RunInstances(t.Context(), &ec2.RunInstancesInput{
		ImageId: sdk.String("ami-12c6146b"), MinCount: sdk.Int32(1), MaxCount: sdk.Int32(1),
		MetadataOptions: &types.InstanceMetadataOptionsRequest{HttpTokens: tokens, HttpEndpoint: types.InstanceMetadataEndpointStateEnabled},
		NetworkInterfaces: []types.InstanceNetworkInterfaceSpecification{{
			DeviceIndex: sdk.Int32(0), SubnetId: &subnet, AssociatePublicIpAddress: &public,
		}},
	})
	noError(t, err)
	return sdk.ToString(out.Instances[0].InstanceId)
}
