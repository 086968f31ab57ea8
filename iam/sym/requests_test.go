package sym

import (
	"maps"
	"testing"

	"github.com/assize-dev/assize/iam"
)

// TestTheoryHoldsRealRequests: every way in which AWS documents that a request can look is a
// context of the theory. A theory that leaves one out says that nobody can what somebody can.
func TestTheoryHoldsRealRequests(t *testing.T) {
	t.Parallel()
	user, root := iam.Principal{Kind: iam.User, ARN: userARN}, iam.Principal{Kind: iam.RootUser, ARN: "arn:aws:iam::111122223333:root"}
	federated := iam.Principal{Kind: iam.FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/f"}
	token := map[string][]string{"aws:TokenIssueTime": {"2026-01-01T00:00:00Z"}}
	internet := map[string][]string{"aws:SourceIp": {"198.51.100.7"}}
	endpoint := map[string][]string{
		"aws:SourceVpce": {"vpce-1"}, "aws:SourceVpc": {"vpc-1"}, "aws:VpcSourceIp": {"10.0.0.7"}, "aws:VpceAccount": {account1},
		"aws:SourceVpcArn": {"arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"}, "aws:VpceOrgID": {"o-1"}, "aws:VpceOrgPaths": {"o-1/r-1/ou-1/"},
	}
	athena := map[string][]string{
		"aws:ViaAWSService": {"true"}, "aws:CalledVia": {"athena.amazonaws.com"},
		"aws:CalledViaFirst": {"athena.amazonaws.com"}, "aws:CalledViaLast": {"athena.amazonaws.com"},
	}
	unmarked := maps.Clone(athena)
	unmarked["aws:ViaAWSService"] = nil
	tests := map[string]struct {
		caller iam.Principal
		action string
		keys   []map[string][]string
	}{
		"long-term key":                     {user, "s3:GetObject", []map[string][]string{internet}},
		"IPv6":                              {user, "s3:GetObject", []map[string][]string{{"aws:SourceIp": {"2001:db8::7"}}}},
		"plain HTTP":                        {user, "s3:GetObject", []map[string][]string{internet, {"aws:SecureTransport": {"false"}}}},
		"long-term key through an endpoint": {user, "s3:GetObject", []map[string][]string{endpoint}},
		"user in the console":               {user, "s3:GetObject", []map[string][]string{internet, token, {"aws:MultiFactorAuthPresent": {"false"}}}},
		"root with a second factor":         {root, "s3:GetObject", []map[string][]string{internet, token, {"aws:MultiFactorAuthPresent": {"true"}, "aws:MultiFactorAuthAge": {"0"}}}},
		"federated user":                    {federated, "s3:GetObject", []map[string][]string{internet, token}},
		"web identity":                      {app(), "s3:GetObject", []map[string][]string{internet, token, {"aws:FederatedProvider": {"token.actions.githubusercontent.com"}}}},
		"instance through an endpoint": {app(), "s3:GetObject", []map[string][]string{endpoint, token, {
			"aws:Ec2InstanceSourceVpc": {"vpc-1"}, "aws:Ec2InstanceSourcePrivateIPv4": {"10.0.0.7"}, "ec2:RoleDelivery": {"2.0"},
		}}},
		// "AWS Management Console Private Access": aws:SourceVpc alone.
		"console inside of a VPC": {app(), "s3:GetObject", []map[string][]string{token, {"aws:SourceVpc": {"vpc-1"}}}},
		// "Forward access sessions": no network of the caller.
		"a service for a user":     {user, "s3:GetObject", []map[string][]string{athena}},
		"a service for a session":  {app(), "s3:GetObject", []map[string][]string{athena, token, internet}},
		"a service with no name":   {app(), "s3:GetObject", []map[string][]string{token, {"aws:ViaAWSService": {"true"}}}},
		"a user's temporary token": {user, "s3:GetObject", []map[string][]string{athena, token, {"aws:MultiFactorAuthPresent": {"false"}}}},
		// "AWS global condition context keys": EC2, Glue, Lake Formation and OpsWorks do not support aws:ViaAWSService.
		"EC2":                {user, "ec2:RunInstances", []map[string][]string{internet, {"aws:ViaAWSService": nil}}},
		"EC2 for a user":     {user, "ec2:RunInstances", []map[string][]string{unmarked}},
		"Glue":               {app(), "glue:GetTable", []map[string][]string{internet, token, {"aws:ViaAWSService": nil}}},
		"Lake Formation":     {app(), "lakeformation:GetDataAccess", []map[string][]string{internet, token, {"aws:ViaAWSService": nil}}},
		"unsigned":           {iam.AnonymousPrincipal(), "s3:GetObject", []map[string][]string{internet}},
		"AWS service":        {iam.PrincipalService("logs.amazonaws.com"), "kms:Decrypt", []map[string][]string{{"aws:SourceArn": {"arn:aws:logs:eu-west-1:111122223333:log-group:x"}, "aws:SourceAccount": {account1}}}},
		"key of an API":      {user, "bedrock:CallWithBearerToken", []map[string][]string{internet, {"bedrock:BearerTokenType": {"LONG_TERM"}}}},
		"several tags":       {app(), "bedrock:CreateAgent", []map[string][]string{internet, token, {"aws:TagKeys": {"a", "b"}, "aws:RequestTag/a": {"1"}, "aws:RequestTag/b": {"2"}}}},
		"MCP server":         {app(), "bedrock:InvokeModel", []map[string][]string{internet, token, {"aws:ViaAWSMCPService": {"true"}, "aws:CalledViaAWSMCP": {"aws-mcp.amazonaws.com"}}}},
		"model with a guard": {app(), "bedrock:InvokeModel", []map[string][]string{endpoint, token, {"bedrock:GuardrailIdentifier": {"arn:aws:bedrock:eu-west-1:111122223333:guardrail/g:1"}}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := New(Config{Theory: Theory{Endpoints: theoryEndpoints, OnlyEndpoints: true}})
			open := parse(t, `[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]`)
			p := Principal{Principal: tt.caller, Policies: iam.Policies{Resource: open}}
			c := Check{Action: tt.action, Resource: "arn:aws:x:eu-west-1:111122223333:y/z", ResourceAccount: account1}
			context := map[string][]string{
				"aws:SecureTransport": {"true"}, "aws:ViaAWSService": {"false"}, "aws:UserAgent": {"aws-cli/2"},
				"aws:CurrentTime": {"2026-01-01T00:10:00Z"}, "aws:EpochTime": {"1767226200"},
			}
			for _, keys := range tt.keys {
				maps.Copy(context, keys)
			}
			policies, q, err := e.Request(p, c, context)
			if err != nil {
				t.Fatal(err)
			}
			set := e.Access(p, c)
			if d := policies.Decide(q); !d.Allowed() || !set.Holds(q) {
				t.Errorf("%v: got decision %s and in the set %v, want allowed and true", context, d, set.Holds(q))
			}
		})
	}
}
