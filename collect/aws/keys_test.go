package aws

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	direct "github.com/aws/aws-sdk-go-v2/service/directconnect/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"
	"github.com/google/go-cmp/cmp"
)

// TestKeysAreLeftOut holds that keys which answers name are not kept, and that the rest is.
func TestKeysAreLeftOut(t *testing.T) {
	t.Parallel()
	secret := aws.String("key-of-nobody")
	answer := []ec2types.VpnConnection{{
		VpnConnectionId: aws.String("vpn-1"), CustomerGatewayConfiguration: secret,
		Options: &ec2types.VpnConnectionOptions{TunnelOptions: []ec2types.TunnelOption{{OutsideIpAddress: aws.String("203.0.113.1"), PreSharedKey: secret}}},
	}, {VpnConnectionId: aws.String("vpn-2")}}
	got := withoutKeys(answer)
	if got[0].CustomerGatewayConfiguration != nil || got[0].Options.TunnelOptions[0].PreSharedKey != nil {
		t.Errorf("got %+v, want no keys", got[0])
	}
	if diff := cmp.Diff("203.0.113.1 vpn-2", aws.ToString(got[0].Options.TunnelOptions[0].OutsideIpAddress)+" "+aws.ToString(got[1].VpnConnectionId)); diff != "" {
		t.Errorf("what is no key (-want +got):\n%s", diff)
	}
	if answer[0].Options.TunnelOptions[0].PreSharedKey == nil {
		t.Error("the answer itself was changed")
	}
	line := withoutAuthKeys(direct.VirtualInterface{
		VirtualInterfaceId: aws.String("dxvif-1"), AuthKey: secret, CustomerRouterConfig: secret, BgpPeers: []direct.BGPPeer{{BgpPeerId: aws.String("p"), AuthKey: secret}},
	})
	if line.AuthKey != nil || line.CustomerRouterConfig != nil || line.BgpPeers[0].AuthKey != nil {
		t.Errorf("got %+v, want no keys", line)
	}
	if aws.ToString(line.BgpPeers[0].BgpPeerId) != "p" {
		t.Errorf("got peer %q, want p", aws.ToString(line.BgpPeers[0].BgpPeerId))
	}
}

// TestNarrowedRules holds which managed groups do not act in full.
func TestNarrowedRules(t *testing.T) {
	t.Parallel()
	override := func(name string, action *waftypes.RuleAction) waftypes.RuleActionOverride {
		return waftypes.RuleActionOverride{Name: &name, ActionToUse: action}
	}
	rule := func(name string, s *waftypes.ManagedRuleGroupStatement) waftypes.Rule {
		return waftypes.Rule{Name: &name, Statement: &waftypes.Statement{ManagedRuleGroupStatement: s}}
	}
	acl := &waftypes.WebACL{
		Rules: []waftypes.Rule{
			rule("full", &waftypes.ManagedRuleGroupStatement{RuleActionOverrides: []waftypes.RuleActionOverride{
				override("blocks", &waftypes.RuleAction{Block: &waftypes.BlockAction{}}),
			}}),
			rule("part", &waftypes.ManagedRuleGroupStatement{ScopeDownStatement: &waftypes.Statement{}}),
			rule("relaxed", &waftypes.ManagedRuleGroupStatement{
				ExcludedRules: []waftypes.ExcludedRule{{Name: aws.String("old")}},
				RuleActionOverrides: []waftypes.RuleActionOverride{
					override("counts", &waftypes.RuleAction{Count: &waftypes.CountAction{}}), override("lets", &waftypes.RuleAction{Allow: &waftypes.AllowAction{}}),
				},
			}),
			{Name: aws.String("own"), Statement: &waftypes.Statement{RuleGroupReferenceStatement: &waftypes.RuleGroupReferenceStatement{
				RuleActionOverrides: []waftypes.RuleActionOverride{override("flood", &waftypes.RuleAction{Count: &waftypes.CountAction{}})},
			}}},
			{Name: aws.String("plain")},
		},
		PreProcessFirewallManagerRuleGroups: []waftypes.FirewallManagerRuleGroup{{
			Name: aws.String("manager"), FirewallManagerStatement: &waftypes.FirewallManagerStatement{
				ManagedRuleGroupStatement: &waftypes.ManagedRuleGroupStatement{ScopeDownStatement: &waftypes.Statement{}},
			},
		}},
	}
	want := []narrowedRule{
		{Rule: aws.String("part"), ScopedDown: true, Relaxed: []string{}},
		{Rule: aws.String("relaxed"), Relaxed: []string{"old", "counts", "lets"}},
		{Rule: aws.String("own"), Relaxed: []string{"flood"}},
		{Rule: aws.String("manager"), ScopedDown: true, Relaxed: []string{}},
	}
	if diff := cmp.Diff(want, narrowedRules(acl)); diff != "" {
		t.Errorf("narrowed rules (-want +got):\n%s", diff)
	}
}
