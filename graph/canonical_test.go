package graph

import "testing"

// TestCanonical holds how references of other services become ARNs.
func TestCanonical(t *testing.T) {
	t.Parallel()
	const fn = "arn:aws:lambda:eu-central-1:111122223333:function:tools"
	for _, tt := range []struct{ typ, ref, want string }{
		{repositoryType, "444455556666.dkr.ecr.eu-west-1.amazonaws.com/ml/agent:1", "arn:aws:ecr:eu-west-1:444455556666:repository/ml/agent"},
		{repositoryType, "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/agent@sha256:ab", "arn:aws-cn:ecr:cn-north-1:444455556666:repository/agent"},
		{repositoryType, "docker.io/library/python:3", "docker.io/library/python:3"},
		{userPoolType, "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC/.well-known/openid-configuration", "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbC"},
		{userPoolType, "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC", "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbC"},
		{userPoolType, "https://id.example.com/.well-known/openid-configuration", "https://id.example.com/.well-known/openid-configuration"},
		{functionType, fn, fn},
		{functionType, fn + ":live", fn},
		{functionType, "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/" + fn + "/invocations", fn},
		{functionType, "tools", "tools"},
		{reasoningType, "arn:aws:bedrock:eu-central-1:111122223333:automated-reasoning-policy/abc123def456:3", "arn:aws:bedrock:eu-central-1:111122223333:automated-reasoning-policy/abc123def456"},
		{reasoningType, "arn:aws:bedrock:eu-central-1:111122223333:automated-reasoning-policy/abc123def456", "arn:aws:bedrock:eu-central-1:111122223333:automated-reasoning-policy/abc123def456"},
		{balancerType, "dualstack.Chat-1.eu-central-1.elb.amazonaws.com", "chat-1.eu-central-1.elb.amazonaws.com"},
	} {
		if got := canonical(tt.typ, tt.ref, "111122223333"); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.typ, tt.ref, got, tt.want)
		}
	}
}

// TestLocate holds in which Region a reference stands.
func TestLocate(t *testing.T) {
	t.Parallel()
	for ref, want := range map[string]location{
		"arn:aws:kms:us-east-1:444455556666:key/1":     {"444455556666", "us-east-1"},
		"arn:aws:apigateway:us-east-1::/restapis/a1":   {"111122223333", "us-east-1"},
		"chat-1.eu-central-1.elb.amazonaws.com":        {"111122223333", "eu-central-1"},
		"chat-1.elb.eu-central-1.amazonaws.com":        {"111122223333", "eu-central-1"},
		"chat-1.cn-north-1.elb.amazonaws.com.cn":       {"111122223333", "cn-north-1"},
		"chat.example.com":                             {"111122223333", "global"},
		"chat-1.eu-central-1.elb.amazonaws.com.evil.x": {"111122223333", "global"},
	} {
		if got := locate(ref, "111122223333", "global"); got != want {
			t.Errorf("%s: got %+v, want %+v", ref, got, want)
		}
	}
}
