package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

const (
	typeSecurityGroup        = "AWS::EC2::SecurityGroup"
	opDescribeSecurityGroups = "ec2:DescribeSecurityGroups"
)

var ec2SecurityGroups = collector{
	Declaration: ec2Declaration("ec2-security-groups", typeSecurityGroup, opDescribeSecurityGroups),
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &ec2.DescribeSecurityGroupsInput{MaxResults: aws.Int32(ec2Page)}
		groups := list(ctx, t, opDescribeSecurityGroups, ec2.NewDescribeSecurityGroupsPaginator(c.ec2(t.Region), in),
			func(o *ec2.DescribeSecurityGroupsOutput) []securityGroup { return securityGroups(o.SecurityGroups) },
			typeSecurityGroup)
		return ec2Each(ctx, t, typeSecurityGroup, opDescribeSecurityGroups, groups,
			func(g securityGroup) (id, arn *string) { return g.GroupID, g.ARN })
	},
}

// securityGroup is a group as EC2 describes it, but for its permissions: EC2 puts
// all ranges of one protocol and ports into one permission, CloudFormation has one
// rule for each of them. Nothing is lost on the way.
type securityGroup struct {
	GroupID, GroupName, Description, VpcID, OwnerID, ARN *string

	Tags            []types.Tag
	Ingress, Egress []securityGroupRule
}

// securityGroupRule allows traffic with one range, prefix list or group.
type securityGroupRule struct {
	Protocol, Description *string
	FromPort, ToPort      *int32

	IPv4Range, IPv6Range, PrefixListID             *string
	GroupID, GroupName, GroupOwnerID, PeeringState *string
}

func securityGroups(groups []types.SecurityGroup) []securityGroup {
	out := make([]securityGroup, len(groups))
	for i, g := range groups {
		out[i] = securityGroup{
			GroupID: g.GroupId, GroupName: g.GroupName, Description: g.Description,
			VpcID: g.VpcId, OwnerID: g.OwnerId, ARN: g.SecurityGroupArn, Tags: g.Tags,
			Ingress: securityGroupRules(g.IpPermissions), Egress: securityGroupRules(g.IpPermissionsEgress),
		}
	}
	return out
}

// securityGroupRules takes permissions apart.
func securityGroupRules(permissions []types.IpPermission) []securityGroupRule {
	out := []securityGroupRule{}
	for _, p := range permissions {
		rule := securityGroupRule{Protocol: p.IpProtocol, FromPort: p.FromPort, ToPort: p.ToPort}
		for _, r := range p.IpRanges {
			one := rule
			one.IPv4Range, one.Description = r.CidrIp, r.Description
			out = append(out, one)
		}
		for _, r := range p.Ipv6Ranges {
			one := rule
			one.IPv6Range, one.Description = r.CidrIpv6, r.Description
			out = append(out, one)
		}
		for _, r := range p.PrefixListIds {
			one := rule
			one.PrefixListID, one.Description = r.PrefixListId, r.Description
			out = append(out, one)
		}
		for _, r := range p.UserIdGroupPairs {
			one := rule
			one.GroupID, one.GroupName, one.GroupOwnerID = r.GroupId, r.GroupName, r.UserId
			one.PeeringState, one.Description = r.PeeringStatus, r.Description
			out = append(out, one)
		}
	}
	return out
}
