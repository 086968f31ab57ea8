package iam

import "testing"

// anyone gives an Allow for everyone with a condition.
func anyone(condition string) string {
	return `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*","Condition":` + condition + `}`
}

func TestPublicAccess(t *testing.T) {
	t.Parallel()
	ask(t, []question{
		{"everyone", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`, Yes},
		{"AWS star", `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:*","Resource":"*"}`, Yes},
		{"NotPrincipal", `{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}`, Yes},
		{"an account", naming("Allow", account1), No},
		{"a service", `{"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"*"}`, No},
		{"another bucket", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"}`, No},
		{"any endpoint", anyone(`{"Null":{"aws:SourceVpce":"false"}}`), Yes},
		{"denied without an endpoint", `[` + anyone(`{}`) + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Null":{"aws:SourceVpce":"true"}}}]`, Yes},
		{"denied but through one endpoint", `[` + anyone(`{}`) + `,{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}]`, No},
		{"fixed network", anyone(`{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","10.0.0.0/8"]}}`), No},
		{"sample network", anyone(`{"IpAddress":{"aws:SourceIp":["198.18.0.0/15","8.0.0.0/8"]}}`), No},
		{"whole Internet", anyone(`{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}`), Yes},
		{"half the Internet", anyone(`{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","203.0.113.0/24"]}}`), Yes},
		{"broad IPv6", anyone(`{"IpAddress":{"aws:SourceIp":"2000::/3"}}`), Yes},
		{"not a network", anyone(`{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`), Yes},
		{"source VPC endpoint", anyone(`{"StringEquals":{"aws:SourceVpce":"vpce-1"}}`), No},
		{"source VPC IfExists", anyone(`{"StringEqualsIfExists":{"aws:SourceVpc":"vpc-1"}}`), Yes},
		{"source VPC ForAllValues", anyone(`{"ForAllValues:StringEquals":{"aws:SourceVpc":"vpc-1"}}`), Yes},
		{"source VPC wildcard", anyone(`{"StringLike":{"aws:SourceVpc":"vpc-*"}}`), Yes},
		{"source VPC variable", anyone(`{"StringEquals":{"aws:SourceVpc":"${x:vpc}"}}`), CannotTell},
		{"own organisation by variable", anyone(`{"StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"}}`), No},
		{"source account", anyone(`{"StringEquals":{"aws:SourceAccount":"111122223333"}}`), No},
		{"source ARN", anyone(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:*"}}`), No},
		{"source ARN of any account", anyone(`{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:topic"}}`), Yes},
		{"organisation", anyone(`{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}`), No},
		{"organisation path", anyone(`{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abc/*"}}`), No},
		{"any organisation path", anyone(`{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"*/r-1/*"}}`), Yes},
		{"other organisations", anyone(`{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}}`), Yes},
		{"any organisation", anyone(`{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`), Yes},
		{"principal ARN", anyone(`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}`), No},
		{"principal ARN of any account", anyone(`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}`), Yes},
		{"user id", anyone(`{"StringLike":{"aws:userid":"AROAEXAMPLE:*"}}`), No},
		{"access point", anyone(`{"StringEquals":{"s3:DataAccessPointAccount":"111122223333"}}`), No},
		{"TLS", anyone(`{"Bool":{"aws:SecureTransport":"true"}}`), Yes},
		{"referer", anyone(`{"StringLike":{"aws:Referer":"https://example.com/*"}}`), Yes},
		{"user agent and network", anyone(`{"StringEquals":{"aws:UserAgent":"x"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`), No},
		{"unreadable network", anyone(`{"IpAddress":{"aws:SourceIp":"office"}}`), CannotTell},
		{"contradiction", anyone(`{"StringEquals":{"x:k":"a"},"StringNotEquals":{"x:k":"a"}}`), CannotTell},
		{"denied without TLS", `[` + allowAnyone + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]`, Yes},
		{"denied outside the organisation", `[` + allowAnyone + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}}}]`, No},
		{"denied outside the endpoint", `[` + allowAnyone + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}]`, No},
		{"denied for other actions", `[` + allowAnyone + `,{"Effect":"Deny","Principal":"*","Action":"s3:Put*","Resource":"*"}]`, Yes},
		{"denied but for one action", `[` + allowAnyone + `,{"Effect":"Deny","Principal":"*","NotAction":"s3:GetObject","Resource":"*"}]`, Yes},
		{"denied without a header anyone can send", `[` + allowAnyone + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"s3:x-amz-acl":"private"}}}]`, Yes},
		{"denied to all", `[` + allowAnyone + `,{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]`, No},
		{"variable in the resource", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/${aws:username}/*"}`, Yes},
		{"tag in the resource", `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/${aws:PrincipalTag/team}/*"}`, CannotTell},
		{"nothing", `[]`, No},
	}, func(p *Policy) Answer { return PublicAccess(p, bucket) })
	if got := PublicAccess(Unreadable("p", "denied"), bucket); !got.Undecided() {
		t.Errorf("unreadable: got %s, want undecided", got.Verdict)
	}
	if got := PublicAccess(nil, bucket); !got.No() {
		t.Errorf("no policy: got %s, want no", got.Verdict)
	}
}

func TestDecryptOpenToEveryone(t *testing.T) {
	t.Parallel()
	key := func(statement string) string { return `[` + naming("Allow", account1) + `,` + statement + `]` }
	ask(t, []question{
		{"account only", naming("Allow", account1), No},
		{"everyone", key(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:*","Resource":"*"}`), Yes},
		{"everyone, other action", key(`{"Effect":"Allow","Principal":"*","Action":"kms:Encrypt","Resource":"*"}`), No},
		{"everyone through a service in one account", key(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:Decrypt","Resource":"*",
			"Condition":{"StringEquals":{"kms:CallerAccount":"111122223333","kms:ViaService":"s3.us-east-1.amazonaws.com"}}}`), No},
		{"everyone through a service", key(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:Decrypt","Resource":"*",
			"Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}`), Yes},
	}, DecryptOpenToEveryone)
}

func TestDecryptGrants(t *testing.T) {
	t.Parallel()
	p := mustParse(t, `[`+naming("Allow", account1)+`,{"Sid":"w","Effect":"Allow","Principal":{"AWS":["*"],"Service":"logs.amazonaws.com"},"Action":"kms:De*","Resource":"*","Condition":{"Null":{"k":"true"}}},
		{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"kms:Encrypt","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]`)
	if _, err := DecryptGrants(Unreadable("k", "denied")); err == nil {
		t.Error("unreadable: got no error")
	}
	got, err := DecryptGrants(p)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].Value != account1 || got[0].Everyone || !got[1].Everyone || !got[1].Conditional || got[2].Kind != "Service" || got[2].Sid != "w" {
		t.Errorf("got %+v, want the account, everyone under conditions and the service", got)
	}
}
