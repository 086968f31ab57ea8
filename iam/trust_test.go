package iam

import "testing"

const sagemaker = "sagemaker.amazonaws.com"

// trustIn gives a trust policy statement for a Principal element and a condition.
func trustIn(principal, condition string) string {
	return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole","Condition":` + condition + `}`
}

const trustedService = `{"Service":["bedrock.amazonaws.com","sagemaker.amazonaws.com"]}`

func TestWildcardTrust(t *testing.T) {
	t.Parallel()
	ask(t, []question{
		{"everyone", trustIn(`"*"`, `{}`), Yes},
		{"AWS star", trustIn(`{"AWS":"*"}`, `{}`), Yes},
		{"with an external id", trustIn(`{"AWS":"*"}`, `{"StringEquals":{"sts:ExternalId":"x"}}`), Yes},
		{"with an organisation", trustIn(`{"AWS":"*"}`, `{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}`), No},
		{"with an organisation where there is one", trustIn(`{"AWS":"*"}`, `{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"}}`), Yes},
		{"denied from other organisations", `[` + trustIn(`"*"`, `{}`) + `,{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}}}]`, No},
		{"denied from other organisations alone", `[` + trustIn(`"*"`, `{}`) + `,{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"ForAnyValue:StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}}}]`, Yes},
		{"roles alone", trustIn(`{"AWS":"*"}`, `{"StringEquals":{"aws:PrincipalType":"AssumedRole"}}`), Yes},
		{"with a role pattern", trustIn(`{"AWS":"*"}`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci-*"}}`), No},
		{"with IfExists", trustIn(`{"AWS":"*"}`, `{"StringEqualsIfExists":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/x"}}`), No},
		{"account", trustIn(`{"AWS":"111122223333"}`, `{}`), No},
		{"service", trustIn(trustedService, `{}`), No},
		{"every provider", `{"Effect":"Allow","Principal":{"Federated":"*"},"Action":"sts:AssumeRoleWithWebIdentity"}`, Yes},
		{"every service", trustIn(`{"Service":"*"}`, `{}`), Yes},
		{"all of STS", `{"Effect":"Allow","Principal":"*","Action":"sts:*"}`, Yes},
		{"only tags", `{"Effect":"Allow","Principal":"*","Action":"sts:TagSession"}`, No},
		{"denied", `[` + trustIn(`"*"`, `{}`) + `,{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]`, No},
	}, WildcardTrust)
}

func TestTrustsService(t *testing.T) {
	t.Parallel()
	ask(t, []question{
		{"named", trustIn(trustedService, `{}`), Yes},
		{"with conditions", trustIn(trustedService, `{"StringEquals":{"aws:SourceAccount":"111122223333"},"ArnLike":{"aws:SourceArn":"arn:aws:sagemaker:*:111122223333:*"}}`), Yes},
		{"other service", trustIn(`{"Service":"ec2.amazonaws.com"}`, `{}`), No},
		{"account", trustIn(`{"AWS":"111122223333"}`, `{}`), No},
		{"everyone", trustIn(`"*"`, `{}`), Yes},
		{"denied", `[` + trustIn(trustedService, `{}`) + `,{"Effect":"Deny","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"*"}]`, No},
		{"impossible", trustIn(trustedService, `{"StringEquals":{"aws:PrincipalServiceName":"ec2.amazonaws.com"},"Bool":{"aws:PrincipalIsAWSService":"false"}}`), No},
		{"unreadable", trustIn(trustedService, `{"Bool":{"x:k":"maybe"}}`), CannotTell},
	}, func(p *Policy) Answer { return TrustsService(p, sagemaker) })
}

func TestConfusedDeputyProtected(t *testing.T) {
	t.Parallel()
	deny := `{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringNotEquals":{"aws:SourceAccount":"111122223333"}}}`
	ask(t, []question{
		{"unlimited", trustIn(trustedService, `{}`), No},
		{"source account", trustIn(trustedService, `{"StringEquals":{"aws:SourceAccount":"111122223333"}}`), Yes},
		{"source account IfExists", trustIn(trustedService, `{"StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}}`), No},
		{"source ARN", trustIn(trustedService, `{"ArnLike":{"aws:SourceArn":"arn:aws:sagemaker:*:111122223333:*"}}`), Yes},
		{"source ARN of any account", trustIn(trustedService, `{"ArnLike":{"aws:SourceArn":"arn:aws:sagemaker:*:*:*"}}`), No},
		{"source ARN with StringLike", trustIn(trustedService, `{"StringLike":{"aws:SourceArn":"arn:aws:sagemaker:us-east-1:111122223333:notebook/*"}}`), Yes},
		{"source bucket", trustIn(trustedService, `{"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::data"}}`), Yes},
		{"source organisation", trustIn(trustedService, `{"StringEquals":{"aws:SourceOrgID":"o-abc"}}`), Yes},
		{"source organisation path", trustIn(trustedService, `{"ForAnyValue:StringLike":{"aws:SourceOrgPaths":"o-abc/r-1/*"}}`), Yes},
		{"open ARN and fixed account", trustIn(trustedService, `{"ArnLike":{"aws:SourceArn":"*"},"StringEquals":{"aws:SourceAccount":"111122223333"}}`), Yes},
		{"unrelated condition", trustIn(trustedService, `{"StringEquals":{"sts:ExternalId":"x"}}`), No},
		{"by a deny", `[` + trustIn(trustedService, `{}`) + `,` + deny + `]`, Yes},
		{"second statement unlimited", `[` + trustIn(trustedService, `{"StringEquals":{"aws:SourceAccount":"111122223333"}}`) + `,` + trustIn(trustedService, `{}`) + `]`, No},
		{"own account by variable", trustIn(trustedService, `{"StringEquals":{"aws:SourceAccount":"${aws:ResourceAccount}"}}`), Yes},
		{"variable", trustIn(trustedService, `{"StringEquals":{"aws:SourceAccount":"${aws:PrincipalTag/account}"}}`), CannotTell},
		{"not trusted", trustIn(`{"Service":"ec2.amazonaws.com"}`, `{}`), Yes},
	}, func(p *Policy) Answer { return ConfusedDeputyProtected(p, sagemaker) })
}
