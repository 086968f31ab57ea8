package rules_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
	"github.com/assize-dev/assize/iam/sym"
)

const (
	account  = "111122223333"
	roleARN  = "arn:aws:iam::" + account + ":role/app"
	claude   = `"arn:aws:bedrock:*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"`
	invoking = `{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],"Resource":` + claude + `}`
	all      = `{"Effect":"Allow","Action":"*","Resource":"*"}`
)

func policy(t *testing.T, statements ...string) *iam.Policy {
	t.Helper()
	p, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return p.Named("own")
}

// principal is a role with one identity policy.
func principal(t *testing.T, statements ...string) *rules.Principal {
	t.Helper()
	return &rules.Principal{
		Principal: sym.Principal{
			Principal: iam.Principal{Kind: iam.RoleSession, Issuer: roleARN, Account: account},
			Policies:  iam.Policies{Identity: []*iam.Policy{policy(t, statements...)}},
		},
		Regions:  []string{"eu-central-1"},
		Approved: []string{"anthropic.*"},
	}
}

// questions are the questions about a principal, by name.
var questions = map[string]func(*rules.Judge, *rules.Principal) rules.Result{
	"unnamed":    (*rules.Judge).UnnamedModels,
	"other ways": (*rules.Judge).OtherWays,
	"regions": func(j *rules.Judge, p *rules.Principal) rules.Result {
		return j.OutsideRegions(p, []string{"eu-central-1", "eu-west-1"}, nil)
	},
	"unguarded": (*rules.Judge).Unguarded,
	"network":   (*rules.Judge).FromAnywhere,
	"TLS":       (*rules.Judge).WithoutTLS,
	"factor": func(j *rules.Judge, p *rules.Principal) rules.Result {
		user := *p
		user.Principal.Principal = iam.Principal{Kind: iam.User, ARN: userARN, Account: account}
		return j.WithoutFactor(&user)
	},
	"duties":  (*rules.Judge).MixedDuties,
	"governs": (*rules.Judge).Governs,
	"keys":    (*rules.Judge).APIKeys,
	"passes":  (*rules.Judge).PassesToAnyService,
	"unbound": (*rules.Judge).UnboundRoles,
}

// makingRoles is an Allow of making roles under a condition.
func makingRoles(condition string) string {
	return `{"Effect":"Allow","Action":"iam:CreateRole","Resource":"*","Condition":` + condition + `}`
}

const ownBoundary = `{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/boundary"}`

const guarded = `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEquals":{"bedrock:GuardrailIdentifier":"g"}}}`

// throughAny allows calls of every inference profile of Bedrock, and nothing of the models behind.
func throughAny(actions, condition string) string {
	return `{"Effect":"Allow","Action":` + actions + `,"Resource":"arn:aws:bedrock:*:111122223333:inference-profile/*"` + condition + `}`
}

const (
	guardedModel        = `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":` + claude + `,"Condition":{"StringEquals":{"bedrock:GuardrailIdentifier":"g"}}}`
	modelThroughProfile = `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":` + claude + `,"Condition":{"StringLike":{"bedrock:InferenceProfileArn":"arn:aws:bedrock:*:*:inference-profile/*"}}}`
)

// questionTests are policies that have a fault, and policies that have not.
var questionTests = []struct {
	name, question string
	statements     []string
	want           iam.Verdict
	witness        string
}{
	{"every model", "unnamed", []string{`{"Effect":"Allow","Action":"bedrock:Invoke*","Resource":"*"}`}, iam.Yes, "bedrock:InvokeModel on arn:aws:bedrock:eu-central-1::foundation-model/zz-unnamed"},
	{"one model", "unnamed", []string{invoking}, iam.No, ""},
	{"every model from a private address", "unnamed", []string{
		`{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`,
	}, iam.No, ""},
	{"every model but a Deny", "unnamed", []string{
		all, `{"Effect":"Deny","Action":"bedrock:InvokeModel*","NotResource":` + claude + `}`,
	}, iam.No, ""},
	{"streaming alone", "unnamed", []string{`{"Effect":"Allow","Action":"bedrock:InvokeModelWithResponseStream","Resource":"arn:aws:bedrock:eu-west-3::foundation-model/*"}`}, iam.Yes, "eu-west-3"},
	{"mantle beside named models", "other ways", []string{invoking, `{"Effect":"Allow","Action":"bedrock-mantle:*","Resource":"*"}`}, iam.Yes, "bedrock-mantle:CreateInference"},
	{"mantle limited", "other ways", []string{
		invoking, `{"Effect":"Allow","Action":"bedrock-mantle:*","Resource":"*","Condition":{"StringLike":{"bedrock-mantle:Model":"anthropic.*"}}}`,
	}, iam.No, ""},
	{"batch jobs", "other ways", []string{invoking, `{"Effect":"Allow","Action":"bedrock:CreateModelInvocationJob","Resource":"*"}`}, iam.Yes, "bedrock:CreateModelInvocationJob"},
	{"any Region", "regions", []string{invoking}, iam.Yes, "us-east-1"},
	{"another Region by name", "regions", []string{`{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"}`}, iam.Yes, "us-east-1"},
	{"approved Region", "regions", []string{
		`{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}`,
	}, iam.No, ""},
	{"no guardrail", "unguarded", []string{invoking}, iam.Yes, "no guardrail"},
	{"guardrail demanded", "unguarded", []string{guarded}, iam.No, ""},
	{"guardrail demanded where a key is", "unguarded", []string{
		`{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEqualsIfExists":{"bedrock:GuardrailIdentifier":"g"}}}`,
	}, iam.Yes, "no guardrail"},
	{"guardrail demanded, batch jobs free", "unguarded", []string{
		guarded, `{"Effect":"Allow","Action":"bedrock:CreateModelInvocationJob","Resource":"*"}`,
	}, iam.Yes, "bedrock:CreateModelInvocationJob"},
	{"a profile alone", "unguarded", []string{throughAny(`"bedrock:InvokeModel"`, "")}, iam.No, ""},
	{"one profile alone, with a version", "unguarded", []string{
		`{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.anthropic.claude-v1:0"}`,
	}, iam.No, ""},
	{"a profile, and models with a guardrail", "unguarded", []string{throughAny(`"bedrock:InvokeModel"`, ""), guardedModel}, iam.No, ""},
	{"a profile with a guardrail, and models through it", "unguarded", []string{
		throughAny(`"bedrock:InvokeModel"`, `,"Condition":{"StringEquals":{"bedrock:GuardrailIdentifier":"g"}}`), modelThroughProfile,
	}, iam.No, ""},
	{"a profile, and models through it", "unguarded", []string{throughAny(`"bedrock:InvokeModel"`, ""), modelThroughProfile}, iam.Yes, "bedrock:InferenceProfileArn = arn:aws:bedrock:eu-central-1:111122223333:inference-profile/"},
	{"the profile from anywhere, models through an endpoint", "network", []string{
		throughAny(`"bedrock:InvokeModel"`, ""), `{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":` + claude + `,"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`,
	}, iam.No, ""},
	{"a profile without models, and administration", "duties", []string{throughAny(`"bedrock:InvokeModel"`, ""), `{"Effect":"Allow","Action":"bedrock:UpdateGuardrail","Resource":"*"}`}, iam.No, ""},
	{"the results of batch jobs without models", "unguarded", []string{`{"Effect":"Allow","Action":"bedrock:CreateModelInvocationJob","Resource":"arn:aws:bedrock:*:*:model-invocation-job/*"}`}, iam.No, ""},
	{"from anywhere", "network", []string{invoking}, iam.Yes, "aws:SourceIp = 198.18.77.77"},
	{"one endpoint", "network", []string{`{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`}, iam.No, ""},
	{"addresses of the office", "network", []string{`{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}`}, iam.No, ""},
	{"an endpoint where there is one", "network", []string{`{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}}}`}, iam.Yes, "foundation-model"},
	{"plain HTTP", "TLS", []string{invoking}, iam.Yes, "aws:SecureTransport = false"},
	{"TLS demanded", "TLS", []string{allowWhen(`"Bool":{"aws:SecureTransport":"true"}`)}, iam.No, ""},
	{"plain HTTP denied", "TLS", []string{all, `{"Effect":"Deny","Action":["bedrock:*","bedrock-mantle:*"],"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`}, iam.No, ""},
	{"plain HTTP denied, mantle free", "TLS", []string{all, `{"Effect":"Deny","Action":"bedrock:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`}, iam.Yes, "bedrock-mantle:CreateInference"},
	{"plain HTTP denied of what services do not send", "TLS", []string{invoking, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false","aws:ViaAWSService":"false"}}}`}, iam.No, ""},
	{"TLS denied by mistake", "TLS", []string{invoking, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`}, iam.Yes, "aws:SecureTransport = false"},
	{"both duties", "duties", []string{invoking, `{"Effect":"Allow","Action":"bedrock:Update*","Resource":"*"}`}, iam.Yes, "bedrock:InvokeModel"},
	{"administrator", "duties", []string{all}, iam.Yes, "bedrock:"},
	{"one duty", "duties", []string{invoking}, iam.No, ""},
	{"other duty", "duties", []string{`{"Effect":"Allow","Action":["bedrock:Create*","bedrock:CreateAgent"],"NotResource":"*"}`}, iam.No, ""},
	{"agents by alias and their making", "duties", []string{
		`{"Effect":"Allow","Action":["bedrock:InvokeAgent","bedrock:UpdateAgent"],"Resource":["arn:aws:bedrock:eu-central-1:111122223333:agent-alias/A/B","arn:aws:bedrock:eu-central-1:111122223333:agent/A"]}`,
	}, iam.Yes, "agent-alias/A/B"},
	{"logging off", "governs", []string{`{"Effect":"Allow","Action":"bedrock:DeleteModelInvocationLoggingConfiguration","Resource":"*"}`}, iam.Yes, "bedrock:DeleteModelInvocationLoggingConfiguration"},
	{"logging off, by ARN", "governs", []string{`{"Effect":"Allow","Action":"bedrock:DeleteModelInvocationLoggingConfiguration","Resource":"arn:aws:bedrock:*:*:*"}`}, iam.No, ""},
	{"guardrails of one name", "governs", []string{`{"Effect":"Allow","Action":"bedrock:DeleteGuardrail","Resource":"arn:aws:bedrock:*:*:guardrail/test-*"}`}, iam.Yes, "guardrail/test-"},
	{"reads only", "governs", []string{`{"Effect":"Allow","Action":["bedrock:Get*","bedrock:List*"],"Resource":"*"}`}, iam.No, ""},
	{"API keys", "keys", []string{`{"Effect":"Allow","Action":"bedrock-mantle:*","Resource":"*"}`}, iam.Yes, "bedrock-mantle:CallWithBearerToken"},
	{"makes API keys", "keys", []string{`{"Effect":"Allow","Action":"iam:*","Resource":"*"}`}, iam.Yes, "iam:CreateServiceSpecificCredential"},
	{"makes keys of another service", "keys", []string{
		`{"Effect":"Allow","Action":"iam:CreateServiceSpecificCredential","Resource":"*","Condition":{"StringEquals":{"iam:ServiceSpecificCredentialServiceName":"codecommit.amazonaws.com"}}}`,
	}, iam.No, ""},
	{"no API keys", "keys", []string{invoking}, iam.No, ""},
	{"passes to any", "passes", []string{`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/ml-*"}`}, iam.Yes, "role/ml-"},
	{"makes any role", "unbound", []string{`{"Effect":"Allow","Action":"iam:CreateRole","Resource":"*"}`}, iam.Yes, "iam:CreateRole"},
	{"makes roles with the boundary", "unbound", []string{makingRoles(`{"StringEquals":` + ownBoundary + `}`)}, iam.No, ""},
	{"the boundary may be left out", "unbound", []string{makingRoles(`{"StringEqualsIfExists":` + ownBoundary + `}`)}, iam.Yes, "iam:CreateRole"},
	{"whatever boundary", "unbound", []string{makingRoles(`{"Null":{"iam:PermissionsBoundary":"false"}}`)}, iam.Yes, "policy/AdministratorAccess"},
	{"makes roles with the boundary and takes it off", "unbound", []string{
		makingRoles(`{"StringEquals":` + ownBoundary + `}`), `{"Effect":"Allow","Action":"iam:Delete*","Resource":"*"}`,
	}, iam.Yes, "iam:DeleteRolePermissionsBoundary"},
	{"takes boundaries off and makes no role", "unbound", []string{`{"Effect":"Allow","Action":"iam:Delete*","Resource":"*"}`}, iam.No, ""},
	{"passes to one", "passes", []string{
		`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"sagemaker.amazonaws.com"}}}`,
	}, iam.No, ""},
}

// TestQuestions asks each question of policies that have the fault and of policies that have not.
// Whoever has it gets a request that the policies allow and a policy that mends it.
func TestQuestions(t *testing.T) {
	t.Parallel()
	for _, tt := range questionTests {
		t.Run(tt.question+"/"+tt.name, func(t *testing.T) {
			t.Parallel()
			p := principal(t, tt.statements...)
			got := questions[tt.question](rules.New(rules.Config{}), p)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if tt.want != iam.Yes {
				return
			}
			checkFault(t, p, got, questions[tt.question])
			if w := got.Witnesses[0].String(); !strings.Contains(w, tt.witness) {
				t.Errorf("got witness %s, want it to contain %q", w, tt.witness)
			}
		})
	}
}

// checkFault: witnesses are allowed, and the policy that is proposed takes the fault away.
func checkFault(t *testing.T, p *rules.Principal, got rules.Result, ask func(*rules.Judge, *rules.Principal) rules.Result) {
	t.Helper()
	for _, w := range got.Witnesses {
		if !w.Decision.Allowed() || !strings.Contains(w.Because, "Allow applies") {
			t.Errorf("witness %s is %s by %q, want it allowed", w, w.Decision, w.Because)
		}
	}
	if got.Guard == "" {
		t.Fatal("got no policy that mends it")
	}
	guard, err := iam.Parse([]byte(got.Guard))
	if err != nil {
		t.Fatalf("the proposed policy: %v\n%s", err, got.Guard)
	}
	mended := *p
	mended.Policies.Identity = append([]*iam.Policy{guard}, p.Policies.Identity...)
	if after := ask(rules.New(rules.Config{}), &mended); !after.No() {
		t.Errorf("with %s the answer is %v (%s), want No", got.Guard, after.Verdict, after.Reason)
	}
}

// TestLayers: boundary and service control policies count, and one that could not be read leaves
// only what no policy could change.
func TestLayers(t *testing.T) {
	t.Parallel()
	const allowAll, denyModels = all, `{"Effect":"Deny","Action":["bedrock:InvokeModel*"],"NotResource":` + claude + `}`
	unread := iam.Unreadable("scp", "")
	tests := []struct {
		name     string
		boundary *iam.Policy
		control  [][]*iam.Policy
		extra    *iam.Policy
		want     iam.Verdict
	}{
		{name: "identity alone", want: iam.Yes},
		{name: "boundary allows one model", boundary: policy(t, invoking), want: iam.No},
		{name: "boundary not read", boundary: unread, want: iam.CannotTell},
		{name: "control policy limits models", control: [][]*iam.Policy{{policy(t, allowAll)}, {policy(t, allowAll, denyModels)}}, want: iam.No},
		{name: "control policy not read", control: [][]*iam.Policy{{policy(t, allowAll)}, {unread}}, want: iam.CannotTell},
		{name: "control policy not read, another limits", control: [][]*iam.Policy{{unread}, {policy(t, allowAll, denyModels)}}, want: iam.No},
		{name: "identity policy not read", extra: unread, want: iam.CannotTell},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := principal(t, all)
			p.Policies.Boundary, p.Policies.ServiceControl = tt.boundary, tt.control
			if tt.extra != nil {
				p.Policies.Identity = append(p.Policies.Identity, tt.extra)
			}
			if got := rules.New(rules.Config{}).UnnamedModels(p); got.Verdict != tt.want {
				t.Errorf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
		})
	}
}

// TestNothingFoundProvesNothing: a grant that no request was found for is not taken for none.
func TestNothingFoundProvesNothing(t *testing.T) {
	t.Parallel()
	p := principal(t, `{"Effect":"Allow","Action":"bedrock:DeleteGuardrail","Resource":"arn:aws:bedrock:*:*:guardrail/${aws:PrincipalTag/team}"}`)
	if got := rules.New(rules.Config{}).Governs(p); got.Verdict != iam.CannotTell {
		t.Errorf("got %v (%s), want CannotTell", got.Verdict, got.Reason)
	}
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	trust := func(principal, condition string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"` + condition + `}`
	}
	const other = `{"AWS":"arn:aws:iam::444455556666:root"}`
	tests := []struct {
		name      string
		statement string
		want      iam.Verdict
	}{
		{"another account", trust(other, ""), iam.Yes},
		{"one role of another account, beside a service", trust(`{"AWS":"arn:aws:iam::444455556666:role/x","Service":"lambda.amazonaws.com"}`, ""), iam.Yes},
		{"external id", trust(other, `,"Condition":{"StringEquals":{"sts:ExternalId":"s3cr3t"}}`), iam.No},
		{"external id where there is one", trust(other, `,"Condition":{"StringEqualsIfExists":{"sts:ExternalId":"s3cr3t"}}`), iam.Yes},
		{"organization", trust(other, `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}`), iam.No},
		{"organization, where there is one", trust(other, `,"Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"}}`), iam.Yes},
		{"one role of an account, by a condition", trust(other, `,"Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/ci"}}`), iam.Yes},
		{"one user of an account, by its name", trust(other, `,"Condition":{"StringEquals":{"aws:username":"ann"}}`), iam.Yes},
		{"external id but of one role", trust(other, "") + `,{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"Null":{"sts:ExternalId":"true"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ci"}}}`, iam.Yes},
		{"external id of everybody", trust(other, "") + `,{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"Null":{"sts:ExternalId":"true"}}}`, iam.No},
		{"own account", trust(`{"AWS":"arn:aws:iam::111122223333:root"}`, ""), iam.No},
		{"known account", trust(`{"AWS":"777788889999"}`, ""), iam.No},
		{"service", trust(`{"Service":"bedrock.amazonaws.com"}`, ""), iam.No},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			asked := rules.Trust{Role: roleARN, Account: account, Policy: policy(t, tt.statement)}
			known := []string{"777788889999"}
			got := rules.New(rules.Config{}).Strangers(asked, known)
			if got.Verdict != tt.want {
				t.Fatalf("got %v (%s), want %v", got.Verdict, got.Reason, tt.want)
			}
			if tt.want != iam.Yes {
				return
			}
			mended, err := iam.Parse([]byte(got.Guard))
			if err != nil {
				t.Fatalf("the proposed policy %q: %v", got.Guard, err)
			}
			asked.Policy = mended
			if after := rules.New(rules.Config{}).Strangers(asked, known); !after.No() {
				t.Errorf("with %s the answer is %v (%s), want No", got.Guard, after.Verdict, after.Reason)
			}
			if strings.Contains(tt.statement, "Service") && !iam.TrustsService(mended, "lambda.amazonaws.com").Yes() {
				t.Errorf("%s no longer trusts the service", got.Guard)
			}
		})
	}
}

func TestDeletedPrincipals(t *testing.T) {
	t.Parallel()
	for principal, want := range map[string]iam.Verdict{
		`"AROAEXAMPLEID1234567X"`: iam.Yes, `["arn:aws:iam::111122223333:role/x","AIDAEXAMPLEID1234567X"]`: iam.Yes, `"arn:aws:iam::111122223333:role/AROAX"`: iam.No,
	} {
		p := policy(t, `{"Effect":"Allow","Principal":{"AWS":`+principal+`},"Action":"sts:AssumeRole"}`)
		if got := rules.DeletedPrincipals(p); got.Verdict != want {
			t.Errorf("%s: got %v (%s), want %v", principal, got.Verdict, got.Reason, want)
		}
	}
}
