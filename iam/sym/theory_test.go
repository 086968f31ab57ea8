package sym

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
)

// TestTheory: which conditions some request can meet, by who makes it.
func TestTheory(t *testing.T) {
	t.Parallel()
	user := iam.Principal{Kind: iam.User, ARN: userARN}
	service := iam.PrincipalService("x.amazonaws.com")
	known := Theory{Endpoints: theoryEndpoints, OnlyEndpoints: true}
	tests := map[string]struct {
		caller     iam.Principal
		conditions string
		theory     Theory
		fixed      map[string][]string
		want       bool
	}{
		"public address":                   {user, `"IpAddress":{"aws:SourceIp":"203.0.113.7"}`, Theory{}, nil, true},
		"shared address":                   {user, `"IpAddress":{"aws:SourceIp":"100.64.0.0/10"}`, Theory{}, nil, false},
		"private address, theory off":      {user, `"IpAddress":{"aws:SourceIp":"10.0.0.1"}`, Theory{Off: true}, nil, true},
		"neither address nor VPC":          {user, `"Null":{"aws:SourceIp":"true","aws:SourceVpc":"true"},"Bool":{"aws:ViaAWSService":"false"}`, Theory{}, nil, false},
		"endpoint without VPC":             {user, `"Null":{"aws:SourceVpce":"false","aws:SourceVpc":"true"}`, Theory{}, nil, false},
		"endpoint and public address":      {user, `"Null":{"aws:SourceVpce":"false","aws:SourceIp":"false"}`, Theory{}, nil, false},
		"made by a service or not, untold": {user, `"Null":{"aws:ViaAWSService":"true"}`, Theory{}, nil, false},
		"a service has neither":            {service, `"Null":{"aws:SourceIp":"true","aws:SourceVpce":"true"}`, Theory{}, nil, true},
		"address inside of an endpoint":    {user, `"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"},"Null":{"aws:SourceVpc":"false"}`, Theory{}, nil, true},
		"inside address without endpoint":  {user, `"Null":{"aws:VpcSourceIp":"false","aws:SourceVpce":"true"}`, Theory{}, nil, false},
		"VPC of the endpoint":              {user, `"StringEquals":{"aws:SourceVpce":"vpce-1","aws:SourceVpc":"vpc-1"}`, known, nil, true},
		"VPC of another endpoint":          {user, `"StringEquals":{"aws:SourceVpce":"vpce-1","aws:SourceVpc":"vpc-2"}`, known, nil, false},
		"account of another endpoint":      {user, `"StringEquals":{"aws:SourceVpce":"vpce-1","aws:VpceAccount":"444455556666"}`, known, nil, false},
		"endpoint of somebody else":        {user, `"StringEquals":{"aws:SourceVpce":"vpce-9"}`, Theory{Endpoints: theoryEndpoints}, nil, true},
		"only known endpoints":             {user, `"StringEquals":{"aws:SourceVpce":"vpce-9"}`, known, nil, false},
		"long-term key":                    {user, `"Null":{"aws:TokenIssueTime":"true"}`, Theory{}, nil, true},
		"long-term key with second factor": {user, `"Null":{"aws:TokenIssueTime":"true"},"Bool":{"aws:MultiFactorAuthPresent":"true"}`, Theory{}, nil, false},
		"role without token":               {app(), `"Null":{"aws:TokenIssueTime":"true"}`, Theory{}, nil, false},
		"age without second factor":        {app(), `"NumericLessThan":{"aws:MultiFactorAuthAge":"300"},"Bool":{"aws:MultiFactorAuthPresent":"false"}`, Theory{}, nil, false},
		"age below zero":                   {app(), `"NumericLessThan":{"aws:MultiFactorAuthAge":"0"}`, Theory{}, nil, false},
		"one time by two names":            {app(), `"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"},"NumericGreaterThan":{"aws:EpochTime":"1767225600"}`, Theory{}, nil, false},
		"time fixed by its other name":     {app(), `"DateLessThan":{"aws:EpochTime":"2027-01-01T00:00:00Z"}`, Theory{}, map[string][]string{"aws:CurrentTime": {"2028-01-01T00:00:00Z"}}, false},
		"neither true nor false":           {app(), `"StringNotEquals":{"aws:SecureTransport":["true","false"]}`, Theory{}, nil, false},
		"called through, not by a service": {app(), `"Null":{"aws:CalledVia":"false"},"Bool":{"aws:ViaAWSService":"false"}`, Theory{}, nil, false},
		"model without profile":            {app(), `"Null":{"bedrock:InferenceProfileArn":"false"}`, Theory{}, nil, false},
		"model through a profile":          {app(), `"ArnLike":{"bedrock:InferenceProfileArn":"arn:aws:bedrock:*:*:inference-profile/us.*"}`, Theory{}, map[string][]string{"bedrock:InferenceProfileArn": {"arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.x"}}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := New(Config{Theory: tt.theory})
			p := Principal{Principal: tt.caller, Policies: iam.Policies{Identity: []*iam.Policy{parse(t, `[`+allowIf(tt.conditions)+`]`)}}}
			if tt.caller.Kind == iam.ServicePrincipal {
				p.Policies = iam.Policies{Resource: parse(t, `[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{`+tt.conditions+`}}]`)}
			}
			c := invoke
			c.Fixed = tt.fixed
			set := e.Access(p, c)
			if !set.Decided() || set.Empty() == tt.want {
				t.Fatalf("got %q, want some request: %v", e.Conditions(set), tt.want)
			}
			witness, ok := e.Witness(set)
			if ok != tt.want {
				t.Fatalf("got witness %v, want one: %v", witness, tt.want)
			}
			if !ok {
				return
			}
			if d, err := e.Replay(p, c, witness); err != nil || !d.Allowed() {
				t.Errorf("witness %v: got %s %v, want allowed", witness, d, err)
			}
		})
	}
}

// TestFixedAgainstTheTheory: keys that no request has together prove nothing about access.
func TestFixedAgainstTheTheory(t *testing.T) {
	t.Parallel()
	p, c := withIdentity(t, `[`+allowAll+`]`), invoke
	for _, fixed := range []map[string][]string{
		{"aws:SourceIp": {"10.0.0.7"}},
		{"aws:SourceIp": {"198.51.100.7"}, "aws:SourceVpce": {"vpce-1"}},
		{"aws:TokenIssueTime": nil},
	} {
		c.Fixed = fixed
		if set := New(Config{}).Access(p, c); set.Decided() || set.Empty() {
			t.Errorf("%v: got a decision, want inconclusive", fixed)
		}
		p.Fixed = fixed
		if dead, undecided := New(Config{}).DeadStatements(p); dead != nil || len(undecided) != 1 {
			t.Errorf("%v: got dead %v, undecided %v, want the statement undecided", fixed, dead, undecided)
		}
		p.Fixed = nil
	}
}

// TestKeyTypes: what the caller knows of keys decides how they are read.
func TestKeyTypes(t *testing.T) {
	t.Parallel()
	types := func(name string) (KeyType, bool) {
		switch name {
		case "x:list":
			return KeyType{List: true}, true
		case "x:gone":
			return KeyType{Missing: true}, true
		case "x:count":
			return KeyType{Values: iam.NumberValues}, true
		default:
			return KeyType{}, false
		}
	}
	got := map[string][]string{}
	for name, conditions := range map[string]string{
		"list":    `"ForAnyValue:StringEquals":{"x:list":"a"}`,
		"missing": `"StringEquals":{"x:gone":"a"}`,
		"number":  `"Null":{"x:count":"false"},"NumericLessThan":{"x:count":"10"}`,
		"mixed":   `"StringLike":{"x:count":"1*"}`,
		"unknown": `"ForAnyValue:StringEquals":{"x:new":"a"},"ForAnyValue:StringLike":{"x:new":"b"}`,
		"one":     `"StringEquals":{"x:new":"a"}`,
	} {
		e := New(Config{Keys: types})
		got[name] = e.Conditions(e.Access(withIdentity(t, `[`+allowIf(conditions)+`]`), invoke))
	}
	want := map[string][]string{
		"list":    {`x:list has a value = "a"`},
		"missing": nil,
		"number":  {"x:count is below 10"},
		"mixed":   {`(StringLike x:count ["1*"]) holds`},
		"unknown": {`(ForAnyValue:StringEquals x:new ["a"]) holds and (ForAnyValue:StringLike x:new ["b"]) holds`},
		"one":     {`x:new = "a"`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
}
