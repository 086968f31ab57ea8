package gen

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
)

// spoiled is one way to get documents wrong.
type spoiled struct {
	name  string
	from  string // case
	spoil func([]statement) []statement
	want  string
}

// TestVerificationRefuses spoils documents, each in a way that an error in a builder could, and
// wants each to be refused.
func TestVerificationRefuses(t *testing.T) {
	t.Parallel()
	at := func(sid string, change func(*statement)) func([]statement) []statement {
		return func(list []statement) []statement {
			for i := range list {
				if list[i].sid == sid {
					change(&list[i])
				}
			}
			return list
		}
	}
	drop := func(sid string) func([]statement) []statement {
		return func(list []statement) []statement {
			return slices.DeleteFunc(list, func(s statement) bool { return s.sid == sid })
		}
	}
	for _, test := range []spoiled{
		{"another model", "general", at("InvokeModels", func(s *statement) {
			s.resource = append(s.resource, "arn:aws:bedrock:us-east-1::foundation-model/other.model")
		}), "which was not asked for"},
		{"every version of a model", "general", at("InvokeModels", func(s *statement) {
			s.resource = []string{"arn:aws:bedrock:us-east-1::foundation-model/" + haiku + "*", s.resource[1]}
		}), "which was not asked for"},
		{"an action more", "general", at("InvokeModels", func(s *statement) { s.action = append(s.action, "bedrock:CountTokens") }), "which was not asked for"},
		{"a Region less", "general", at("InvokeModels", func(s *statement) { s.resource = s.resource[:1] }), "not allowed in every context"},
		{"direct use of destinations", "general-profiles", at("InvokeThroughProfile2", func(s *statement) { s.conditions = nil }), "allowed where it must not be"},
		{"a destination less", "general-profiles", at("InvokeThroughProfile2", func(s *statement) { s.resource = s.resource[1:] }), "not allowed"},
		{"another profile's key", "general-profiles", at("InvokeThroughProfile1", func(s *statement) {
			s.conditions[0].values = []string{"arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.x"}
		}), "not allowed"},
		{"no guardrail", "general-profiles", drop("DenyWithoutGuardrail"), "allowed beyond what was asked for"},
		{"a guardrail only where one is named", "general-profiles", at("DenyWithoutGuardrail", func(s *statement) {
			s.conditions = append(s.conditions, condition{"Null", keyGuardrail, []string{"false"}})
		}), "allowed beyond what was asked for"},
		{"guardrails of a like name", "general-profiles", at("DenyWithoutGuardrail", func(s *statement) { s.conditions[0].values = []string{guard + "*"} }), "allowed beyond what was asked for"},
		{"a guardrail without versions", "general-profiles", at("DenyWithoutGuardrail", func(s *statement) { s.conditions[0].values = []string{guard} }), "not allowed"},
		{"any network", "general-profiles", drop("DenyOtherNetworks"), "allowed beyond what was asked for"},
		{"any tier", "general-profiles", drop("DenyOtherTiers"), "allowed beyond what was asked for"},
		{"other units", "evaluation", drop("DenyOtherUnits"), "allowed beyond what was asked for"},
		{"customer data", "evaluation", drop("DenyCustomerData"), "allowed where it must not be"},
		{"the default tier only when named", "evaluation", at("DenyOtherTiers", func(s *statement) { s.conditions = s.conditions[:1] }), "not allowed"},
		{"no tag", "fine-tuned", at("InvokeModels", func(s *statement) { s.conditions = nil }), "allowed beyond what was asked for"},
		{"tags can be changed", "fine-tuned", drop("DenyRetagging"), "allowed where it must not be"},
		{"no second factor", "specialised", func(list []statement) []statement {
			list = drop("DenyWithoutSecondFactor")(list)
			return at("DenyOldSecondFactor", func(s *statement) { s.conditions[0].operator = "NumericGreaterThan" })(list)
		}, "allowed beyond what was asked for"},
		{"an old second factor", "specialised", drop("DenyOldSecondFactor"), "allowed beyond what was asked for"},
		{"a key that does not exist", "general", at("InvokeModels", func(s *statement) { s.conditions = []condition{{"StringEquals", "bedrock:ModelId", []string{haiku}}} }), "unknown-name"},
		{"a Deny that no request meets", "general", func(list []statement) []statement {
			return append(list, statement{sid: "DenyBothWays", effect: "Deny", action: []string{"bedrock:InvokeModel"}, resource: []string{"*"}, conditions: []condition{
				{"Null", "aws:SourceVpce", []string{"false"}}, {"Null", "aws:SourceIp", []string{"false"}},
			}})
		}, "dead-statement"},
		{"a Region too many", "scp-profiles", at("DenyInferenceInOtherRegions", func(s *statement) { s.conditions[0].values = append(slices.Clone(s.conditions[0].values), elsewhere) }), "allowed where it must not be"},
		{"any profile", "scp-profiles", at("DenyInferenceInOtherRegions", func(s *statement) { s.conditions[1].values = []string{"*"} }), "allowed where it must not be"},
		{"cross-Region inference broken", "scp-profiles", at("DenyOtherRegions", func(s *statement) { s.notAction = s.notAction[:len(s.notAction)-2] }), "not allowed in every context"},
		{"profiles denied", "scp-profiles", at("DenyOtherModels", func(s *statement) {
			s.notRes = slices.DeleteFunc(s.notRes, func(r string) bool { return strings.Contains(r, "us."+sonnet) })
		}), "not allowed in every context"},
		{"batch jobs of any model", "scp", at("DenyOtherModels", func(s *statement) { s.action = s.action[1:] }), "allowed where it must not be"},
		{"mantle with any model", "scp", drop("DenyOtherMantleModels"), "allowed beyond what was asked for"},
		{"a global service denied", "scp", at("DenyOtherRegions", func(s *statement) { s.notAction = without(s.notAction, "iam:*") }), "not allowed in every context"},
		{"callers of everywhere", "endpoint", at("InvokeModels", func(s *statement) { s.conditions = nil }), "allowed beyond what was asked for"},
		{"grants to anybody", "key", at("LetServicesUseForRoles", func(s *statement) { s.conditions = nil }), "allowed beyond what was asked for"},
		{"the account decides", "key", at("RepairByRootUser", func(s *statement) { s.conditions, s.action = nil, []string{"kms:*"} }), "allowed where it must not be"},
		{"administrators decrypt", "key", at("Manage", func(s *statement) { s.action = append(slices.Clone(s.action), "kms:Decrypt") }), "allowed where it must not be"},
		{"any account of the service", "trust-service", at("TrustService", func(s *statement) { s.conditions = s.conditions[1:] }), "allowed beyond what was asked for"},
		{"no external id", "trust-third-party", at("TrustRoles", func(s *statement) { s.conditions = nil }), "allowed beyond what was asked for"},
		{"everybody with the external id", "trust-third-party", at("TrustRoles", func(s *statement) { s.principals = []principals{{"*", nil}} }), "allowed where it must not be"},
		{"roles without the boundary", "ml-engineer-boundary", at("ChangeRolesUnderBoundary", func(s *statement) { s.conditions = nil }), "allowed beyond what was asked for"},
		{"roles for every service", "ml-engineer-boundary", at("PassRoles", func(s *statement) { s.conditions = nil }), "allowed beyond what was asked for"},
		{"governance", "ml-engineer-boundary", drop("DenyGovernance"), "allowed where it must not be"},
		{"notebooks on the internet", "ml-engineer-boundary", drop("DenyNotebooksOnInternet"), "allowed beyond what was asked for"},
		{"jobs outside of the VPC", "ml-engineer-boundary", drop("DenyWithoutSubnets"), "allowed beyond what was asked for"},
		{"another bucket", "sagemaker-training", at("ReadObjects", func(s *statement) { s.resource = append(s.resource, "arn:aws:s3:::other/*") }), "which was not asked for"},
		{"grants on keys", "sagemaker-training", at("LetServicesUseKeys", func(s *statement) { s.conditions = nil }), "allowed beyond what was asked for"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := cases[test.from]
			a, ok := FindArchetype(o.Archetype)
			if !ok {
				t.Fatalf("no archetype %s", o.Archetype)
			}
			write := a.write
			a.write = func(targets *targets) ([]paper, error) {
				papers, err := write(targets)
				before := printed(papers)
				for i := range papers {
					papers[i].statements = test.spoil(slices.Clone(papers[i].statements))
				}
				if printed(papers) == before {
					t.Error("nothing was spoiled")
				}
				return papers, err
			}
			r, err := a.generate(o, sar.Default())
			if r != nil || !errors.Is(err, ErrNotProved) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a refusal that says %q", err, test.want)
			}
		})
	}
}

func printed(papers []paper) string {
	var b strings.Builder
	for _, p := range papers {
		b.WriteString(policyNode(p.statements).compact())
	}
	return b.String()
}

// TestDecisions asks the concrete evaluator, which the verification does not rest on alone.
func TestDecisions(t *testing.T) {
	t.Parallel()
	parsed := func(from string) []*iam.Policy {
		var out []*iam.Policy
		for _, p := range generate(t, cases[from]).Policies {
			policy, err := iam.Parse([]byte(p.JSON()))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, policy)
		}
		return out
	}
	profiles, evaluation, specialised := parsed("general-profiles"), parsed("evaluation"), parsed("specialised")
	viaUS := "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us." + sonnet
	inside := map[string]string{"aws:SourceVpce": "vpce-0a1b2c3d", keyGuardrail: guard + ":7", keyTier: "priority", keyProfile: viaUS, "aws:ViaAWSService": "false"}
	with := func(changes ...string) map[string]string {
		out := map[string]string{}
		for k, v := range inside {
			out[k] = v
		}
		for i := 0; i < len(changes); i += 2 {
			out[changes[i]] = changes[i+1]
			if changes[i+1] == "" {
				delete(out, changes[i])
			}
		}
		return out
	}
	destination := "arn:aws:bedrock:us-west-2::foundation-model/" + sonnet
	unit := map[string]string{"aws:SourceIp": "203.0.113.9", "aws:ViaAWSService": "false", "aws:PrincipalOrgPaths": "o-abcdefghij/r-abcd/ou-abcd-12345678/ou-abcd-87654321/"}
	factor := map[string]string{"aws:SourceVpce": "vpce-0a1b2c3d", "aws:ViaAWSService": "false", "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "900"}
	model := "arn:aws:bedrock:us-east-1::foundation-model/"
	for _, test := range []struct {
		name     string
		policies []*iam.Policy
		resource string
		context  map[string]string
		want     bool
	}{
		{"through the profile, the endpoint and the guardrail", profiles, destination, inside, true},
		{"from the network", profiles, destination, with("aws:SourceVpce", "", "aws:SourceIp", "203.0.113.9"), true},
		{"from another network", profiles, destination, with("aws:SourceVpce", "", "aws:SourceIp", "198.51.100.9"), false},
		{"through another endpoint", profiles, destination, with("aws:SourceVpce", "vpce-1"), false},
		{"without a guardrail", profiles, destination, with(keyGuardrail, ""), false},
		{"the draft of the guardrail", profiles, destination, with(keyGuardrail, guard), true},
		{"a guardrail with a longer id", profiles, destination, with(keyGuardrail, guard+"4"), false},
		{"without the profile", profiles, destination, with(keyProfile, ""), false},
		{"on the default tier", profiles, destination, with(keyTier, ""), false},
		{"another model of the profile", profiles, model + haiku, inside, false},
		{"in the unit", evaluation, model + haiku, unit, true},
		{"without organisation", evaluation, model + haiku, map[string]string{"aws:SourceIp": "203.0.113.9", "aws:ViaAWSService": "false"}, false},
		{"with a second factor", specialised, model + sonnet, factor, true},
		{"without one", specialised, model + sonnet, map[string]string{"aws:SourceVpce": "vpce-0a1b2c3d", "aws:ViaAWSService": "false"}, false},
		{"with an old one", specialised, model + sonnet, map[string]string{"aws:SourceVpce": "vpce-0a1b2c3d", "aws:ViaAWSService": "false", "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "901"}, false},
	} {
		context := iam.NewContext(nil)
		for k, v := range test.context {
			context = context.With(k, v)
			if iam.MultiValued(k) {
				context = context.WithList(k, v)
			}
		}
		q, err := iam.Prepare(iam.Request{
			Principal: iam.Principal{Kind: iam.RoleSession, Issuer: trainer},
			Action:    "bedrock:InvokeModel", Resource: test.resource, Context: context,
		})
		if err != nil {
			t.Fatal(err)
		}
		policies := iam.Policies{Identity: test.policies}
		if got := policies.Decide(q); got.Allowed() != test.want || got.Ambiguity != 0 {
			t.Errorf("%s: got %v, want allowed %v", test.name, got, test.want)
		}
	}
}

// TestJobRole asks what a training job may do with storage, and a pipeline with roles.
func TestJobRole(t *testing.T) {
	t.Parallel()
	role := func(from string) iam.Policies {
		p, ok := generate(t, cases[from]).find(Inline)
		if !ok {
			t.Fatalf("%s has no inline policy", from)
		}
		policy, err := iam.Parse([]byte(p.JSON()))
		if err != nil {
			t.Fatal(err)
		}
		return iam.Policies{Identity: []*iam.Policy{policy}}
	}
	training, pipeline := role("sagemaker-training"), role("sagemaker-pipeline")
	for _, test := range []struct {
		policies         iam.Policies
		action, resource string
		context          map[string][]string
		want             bool
	}{
		{training, "s3:GetObject", "arn:aws:s3:::acme-data/in/2026/a.csv", nil, true},
		{training, "s3:GetObject", "arn:aws:s3:::acme-data/input/a.csv", nil, false},
		{training, "s3:PutObject", "arn:aws:s3:::acme-data/out/model.tar.gz", nil, true},
		{training, "s3:PutObject", "arn:aws:s3:::acme-data/in/a.csv", nil, false},
		{training, "s3:DeleteObject", "arn:aws:s3:::acme-data/out/model.tar.gz", nil, false},
		{training, "s3:ListBucket", "arn:aws:s3:::acme-data", map[string][]string{"s3:prefix": {"in/2026/"}}, true},
		{training, "s3:ListBucket", "arn:aws:s3:::acme-data", nil, false},
		{training, "logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/sagemaker/TrainingJobs:log-stream:job/algo-1", nil, true},
		{training, "logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/sagemaker/Endpoints:log-stream:x", nil, false},
		{training, "iam:PassRole", trainer, map[string][]string{"iam:PassedToService": {sageMakerService}}, false},
		{pipeline, "iam:PassRole", trainer, map[string][]string{"iam:PassedToService": {sageMakerService}}, true},
		{pipeline, "iam:PassRole", trainer, map[string][]string{"iam:PassedToService": {"lambda.amazonaws.com"}}, false},
		{pipeline, "iam:PassRole", keyRole, map[string][]string{"iam:PassedToService": {sageMakerService}}, false},
		{pipeline, "sagemaker:CreateTrainingJob", "arn:aws:sagemaker:us-east-1:111122223333:training-job/x", nil, true},
		{pipeline, "sagemaker:CreateTrainingJob", "arn:aws:sagemaker:eu-west-1:111122223333:training-job/x", nil, false},
	} {
		q, err := iam.Prepare(iam.Request{
			Principal: iam.Principal{Kind: iam.RoleSession, Issuer: trainer},
			Action:    test.action, Resource: test.resource, ResourceAccount: account, Context: iam.NewContext(test.context),
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := test.policies.Decide(q); got.Allowed() != test.want || got.Ambiguity != 0 {
			t.Errorf("%s on %s: got %v, want allowed %v", test.action, test.resource, got, test.want)
		}
	}
}
