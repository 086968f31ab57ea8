package main

import (
	"fmt"
	"os"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
)

// factsProfile demands what only some organisations want of their networks.
const factsProfile = "network_acls_restricted: true\nprivate_lines_encrypted: true\ncustomer_managed_keys_required: true\n"

// TestProofNetworkFacts proves the checks of network ACLs, volumes, the default key of EBS,
// instance profiles, and groups that open the internet by halves or by a prefix list.
func TestProofNetworkFacts(t *testing.T) {
	l := startEmpty(t)
	api, ctx := ec2.NewFromConfig(l.AWSConfig(liveRegion, l.account)), t.Context()
	vpc, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: sdk.String("10.9.0.0/16")})
	noError(t, err)
	subnet, err := api.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: sdk.String("10.9.1.0/24")})
	noError(t, err)
	closed := networkACL(t, api, vpc.Vpc.VpcId, "10.9.0.0/16")
	opened := networkACL(t, api, vpc.Vpc.VpcId, "0.0.0.0/0")
	key, err := kms.NewFromConfig(l.AWSConfig(liveRegion, l.account)).CreateKey(ctx, &kms.CreateKeyInput{})
	noError(t, err)
	own := proofVolume(t, api, true, key.KeyMetadata.Arn)
	plain := proofVolume(t, api, false, nil)
	_, err = api.EnableEbsEncryptionByDefault(ctx, &ec2.EnableEbsEncryptionByDefaultInput{})
	noError(t, err)
	defaultKey(l, sdk.ToString(key.KeyMetadata.Arn))
	halves := proofGroup(t, api, vpc.Vpc.VpcId, "halves", []types.IpPermission{{
		IpProtocol: sdk.String("tcp"), FromPort: sdk.Int32(22), ToPort: sdk.Int32(22),
		IpRanges: []types.IpRange{{CidrIp: sdk.String("0.0.0.0/1")}, {CidrIp: sdk.String("128.0.0.0/1")}},
	}})
	listed := proofGroup(t, api, vpc.Vpc.VpcId, "listed", byPrefixList(prefixList(t, api, "everywhere", "0.0.0.0/0")))
	named := proofGroup(t, api, vpc.Vpc.VpcId, "named", byPrefixList(prefixList(t, api, "office", "198.51.100.0/24")))
	bare := startInstance(t, api, sdk.ToString(subnet.Subnet.SubnetId), types.HttpTokensStateRequired, false)
	noError(t, os.WriteFile("profile.yaml", []byte(factsProfile), 0o600))

	r, _ := assessJSON(t, proofArgs("ec2-network-acls,ec2-volumes,ec2-ebs-encryption,ec2-instances,ec2-security-groups,ec2-prefix-lists,"+
		"ec2-vpcs,ec2-subnets,ec2-nat-gateways,ec2-internet-gateways,kms-keys", "--config", "profile.yaml")...)
	pair := func(good, bad string) map[string]assize.Outcome {
		return map[string]assize.Outcome{good: assize.Pass, bad: assize.Fail}
	}
	wantVerdicts(t, r, verdicts{
		"vpc_network_acl_inbound_restricted":         pair(closed, opened),
		"vpc_network_acl_admin_ports_restricted":     pair(closed, opened),
		"ec2_volume_encrypted":                       pair(own, plain),
		"ec2_volume_encrypted_with_customer_key":     pair(own, plain),
		"ec2_ebs_default_key_customer_managed":       {"ebs-encryption-by-default": assize.Pass},
		"ec2_instance_profile_attached":              {bare: assize.Fail},
		"vpc_security_group_no_unrestricted_ingress": {halves: assize.Fail, listed: assize.Fail, named: assize.Pass},
	})
	l.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "ec2", Operation: "GetManagedPrefixListEntries"})
	defaultKey(l, "alias/aws/ebs")
	r, _ = assessJSON(t, proofArgs("ec2-security-groups,ec2-prefix-lists,ec2-ebs-encryption", "--config", "profile.yaml")...)
	wantVerdicts(t, r, verdicts{
		"ec2_ebs_default_key_customer_managed":       {"ebs-encryption-by-default": assize.Fail},
		"vpc_security_group_no_unrestricted_ingress": {halves: assize.Fail, listed: assize.Inconclusive, named: assize.Inconclusive},
	})
}

// defaultKey answers which key new volumes get; the emulator does not know the question.
func defaultKey(l *live, key string) {
	l.Answer("ec2", "GetEbsDefaultKmsKeyId", fakeaws.Match{}, 200, `<GetEbsDefaultKmsKeyIdResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">`+
		`<requestId>1</requestId><kmsKeyId>`+key+`</kmsKeyId></GetEbsDefaultKmsKeyIdResponse>`)
}

// networkACL makes one that lets everything in from a range.
func networkACL(t *testing.T, api *ec2.Client, vpc *string, cidr string) string {
	t.Helper()
	out, err := api.CreateNetworkAcl(t.Context(), &ec2.CreateNetworkAclInput{VpcId: vpc})
	noError(t, err)
	_, err = api.CreateNetworkAclEntry(t.Context(), &ec2.CreateNetworkAclEntryInput{
		NetworkAclId: out.NetworkAcl.NetworkAclId, RuleNumber: sdk.Int32(100), Protocol: sdk.String("-1"),
		RuleAction: types.RuleActionAllow, Egress: sdk.Bool(false), CidrBlock: &cidr,
	})
	noError(t, err)
	return sdk.ToString(out.NetworkAcl.NetworkAclId)
}

func proofVolume(t *testing.T, api *ec2.Client, encrypted bool, key *string) string {
	t.Helper()
	out, err := api.CreateVolume(t.Context(), &ec2.CreateVolumeInput{
		AvailabilityZone: sdk.String(liveRegion + "a"), Size: sdk.Int32(10), Encrypted: &encrypted, KmsKeyId: key,
	})
	noError(t, err)
	return sdk.ToString(out.VolumeId)
}

func proofGroup(t *testing.T, api *ec2.Client, vpc *string, name string, ingress []types.IpPermission) string {
	t.Helper()
	out, err := api.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{VpcId: vpc, GroupName: &name, Description: &name})
	noError(t, err)
	_, err = api.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{GroupId: out.GroupId, IpPermissions: ingress})
	noError(t, err)
	return sdk.ToString(out.GroupId)
}

func prefixList(t *testing.T, api *ec2.Client, name, cidr string) *string {
	t.Helper()
	out, err := api.CreateManagedPrefixList(t.Context(), &ec2.CreateManagedPrefixListInput{
		PrefixListName: &name, AddressFamily: sdk.String("IPv4"), MaxEntries: sdk.Int32(5), Entries: []types.AddPrefixListEntry{{Cidr: &cidr}},
	})
	noError(t, err)
	return out.PrefixList.PrefixListId
}

func byPrefixList(id *string) []types.IpPermission {
	return []types.IpPermission{{
		IpProtocol: sdk.String("tcp"), FromPort: sdk.Int32(22), ToPort: sdk.Int32(22), PrefixListIds: []types.PrefixListId{{PrefixListId: id}},
	}}
}

// vpnTunnel and vpnAnswer are what EC2 answers of VPN connections; the emulator knows
// neither tunnels nor their state.
const (
	vpnTunnel = `<item><outsideIpAddress>203.0.113.%[1]d</outsideIpAddress><preSharedKey>shared-key-of-nobody</preSharedKey>
<ikeVersionSet><item><value>%[2]s</value></item></ikeVersionSet>
<phase1IntegrityAlgorithmSet><item><value>SHA2-256</value></item></phase1IntegrityAlgorithmSet>
<phase2IntegrityAlgorithmSet><item><value>SHA2-256</value></item></phase2IntegrityAlgorithmSet>
<phase1DHGroupNumberSet><item><value>20</value></item></phase1DHGroupNumberSet>
<phase2DHGroupNumberSet><item><value>20</value></item></phase2DHGroupNumberSet>
<logOptions><cloudWatchLogOptions><logEnabled>%[3]t</logEnabled></cloudWatchLogOptions></logOptions></item>`
	vpnAnswer = `<item><vpnConnectionId>%[1]s</vpnConnectionId><state>available</state><type>ipsec.1</type><vpnGatewayId>vgw-1</vpnGatewayId>
<customerGatewayConfiguration>shared-key-of-nobody</customerGatewayConfiguration><options><tunnelOptionSet>%[2]s</tunnelOptionSet></options>
<vgwTelemetry><item><outsideIpAddress>203.0.113.1</outsideIpAddress><status>UP</status></item>
<item><outsideIpAddress>203.0.113.2</outsideIpAddress><status>%[3]s</status></item></vgwTelemetry></item>`
)

// TestProofLines proves the checks of VPN connections and of Direct Connect.
func TestProofLines(t *testing.T) {
	l := startEmpty(t)
	tunnels := func(version string, logs bool) string {
		return fmt.Sprintf(vpnTunnel, 1, version, logs) + fmt.Sprintf(vpnTunnel, 2, version, logs)
	}
	l.Answer("ec2", "DescribeVpnConnections", fakeaws.Match{}, 200, `<DescribeVpnConnectionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><vpnConnectionSet>`+
		fmt.Sprintf(vpnAnswer, "vpn-good", tunnels("ikev2", true), "UP")+fmt.Sprintf(vpnAnswer, "vpn-bad", tunnels("ikev1", false), "DOWN")+
		`</vpnConnectionSet></DescribeVpnConnectionsResponse>`)
	l.Answer("directconnect", "DescribeConnections", fakeaws.Match{}, 200, `{"connections": [
		{"connectionId": "dxcon-good", "connectionState": "available", "macSecCapable": true, "encryptionMode": "must_encrypt", "portEncryptionStatus": "Encryption Up"},
		{"connectionId": "dxcon-bad", "connectionState": "available", "macSecCapable": true, "encryptionMode": "should_encrypt", "portEncryptionStatus": "Encryption Down"}]}`)
	noError(t, os.WriteFile("profile.yaml", []byte(factsProfile), 0o600))
	r, _ := assessJSON(t, proofArgs("ec2-vpn,directconnect-connections,directconnect-gateways", "--config", "profile.yaml")...)
	pair := map[string]assize.Outcome{"vpn-good": assize.Pass, "vpn-bad": assize.Fail}
	wantVerdicts(t, r, verdicts{
		"vpc_vpn_connection_tunnels_up":        pair,
		"vpc_vpn_connection_parameters_strong": pair,
		"vpc_vpn_connection_logging_enabled":   pair,
		"directconnect_connection_encrypted":   {"dxcon-good": assize.Pass, "dxcon-bad": assize.Fail},
	})
	if len(r.Summary.Gaps) > 0 {
		t.Errorf("gaps: %v", r.Summary.Gaps)
	}
}
