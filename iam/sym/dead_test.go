package sym

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
)

var deadTests = map[string]struct {
	statements string
	theory     Theory
	want       []string
}{
	"private address, as a published guide has it": {
		`[{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"},"Bool":{"aws:SecureTransport":"true"}}}]`,
		Theory{},
		[]string{`identity policy "", statement 0 at line 0, column 0: Allow never applies: no request meets IpAddress aws:SourceIp 10.0.0.0/8; aws:SourceIp is never a private address: use aws:VpcSourceIp together with aws:SourceVpce or aws:SourceVpc`},
	},
	"the same with private addresses": {
		`[` + allowIf(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`) + `]`, Theory{PrivateSourceIP: true}, nil,
	},
	"address and endpoint": {
		`[` + allowAll + `,` + denyIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"StringEquals":{"aws:SourceVpce":"vpce-1","x:a":"b"}`) + `]`,
		Theory{},
		[]string{`identity policy "", statement 1 at line 0, column 0: Deny never applies: no request meets IpAddress aws:SourceIp 203.0.113.0/24 and StringEquals aws:SourceVpce vpce-1; a request through a VPC endpoint has no aws:SourceIp: use aws:VpcSourceIp beside aws:SourceVpce or aws:SourceVpc`},
	},
	"key that does not exist": {
		`[` + allowIf(`"StringEquals":{"bedrock:ModelId":"anthropic.claude-v1:0"}`) + `]`,
		Theory{},
		[]string{`identity policy "", statement 0 at line 0, column 0: Allow never applies: no request meets StringEquals bedrock:ModelId anthropic.claude-v1:0; bedrock:ModelId does not exist: name the models in Resource`},
	},
	"negated on a key that does not exist": {
		`[` + allowIf(`"StringNotEquals":{"bedrock:ModelId":"a"}`) + `]`, Theory{}, nil,
	},
	"another caller": {
		`[` + allowIf(`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/other"}`) + `]`,
		Theory{},
		[]string{`identity policy "", statement 0 at line 0, column 0: Allow never applies: no request meets ArnEquals aws:PrincipalArn arn:aws:iam::111122223333:role/other`},
	},
	"contradiction": {
		`[` + allowIf(`"StringLike":{"x:a":"a*"},"StringNotLike":{"x:a":"*"},"Null":{"x:b":"true"}`) + `]`,
		Theory{},
		[]string{`identity policy "", statement 0 at line 0, column 0: Allow never applies: no request meets StringLike x:a a* and StringNotLike x:a *`},
	},
	"covered by denies that share the work": {
		`[` + allowAll + `,` + denyIf(`"Bool":{"aws:SecureTransport":"true"}`) + `,` + denyIf(`"Bool":{"aws:SecureTransport":"false"}`) + `]`,
		Theory{},
		[]string{`identity policy "", statement 0 at line 0, column 0: Allow never applies: a Deny covers it on everything it was asked for`},
	},
	"alive": {`[` + allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`) + `]`, Theory{}, nil},
}

func TestDeadStatements(t *testing.T) {
	t.Parallel()
	for name, tt := range deadTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dead, undecided := New(Config{Theory: tt.theory}).DeadStatements(withIdentity(t, tt.statements), invoke)
			var got []string
			for _, d := range dead {
				if d.Position.Line != 1 || d.Position.Column < 30 {
					t.Errorf("got %s at %s, want it inside of the document", d, d.Position)
				}
				d.Position = iam.Position{}
				got = append(got, d.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("dead statements (-want +got):\n%s", diff)
			}
			if len(undecided) > 0 {
				t.Errorf("got undecided %q, want none", undecided)
			}
		})
	}
}

func TestDeadStatementOfControlPolicy(t *testing.T) {
	t.Parallel()
	p := withIdentity(t, `[`+allowAll+`]`)
	p.Policies.ServiceControl = [][]*iam.Policy{{parse(t, `[`+allowAll+`]`)}, {parse(t, `[`+allowAll+`,`+denyIf(`"Null":{"aws:SecureTransport":"true"}`)+`]`)}}
	dead, _ := New(Config{}).DeadStatements(p)
	if len(dead) != 1 || dead[0].Layer != iam.LayerServiceControl || dead[0].Level != 1 || dead[0].Statement != 1 {
		t.Errorf("got %v, want the second statement of the second level", dead)
	}
}
