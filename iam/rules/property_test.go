package rules_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
)

// drawStatement draws a statement from small overlapping pools.
func drawStatement(t *rapid.T, effect string) string {
	pick := func(name string, pool ...string) string { return rapid.SampledFrom(pool).Draw(t, name) }
	actions := pick("actions", `"*"`, `"bedrock:*"`, `"bedrock:Invoke*"`, `"bedrock:InvokeModel"`, `["bedrock:InvokeModel","bedrock:UpdateGuardrail"]`,
		`"bedrock:CreateModelInvocationJob"`, `"bedrock-mantle:*"`, `"iam:*"`, `"iam:PassRole"`, `"s3:GetObject"`)
	resource := pick("resource", `"Resource":"*"`, `"Resource":`+claude, `"Resource":"arn:aws:bedrock:eu-central-1::foundation-model/*"`, `"NotResource":`+claude,
		`"Resource":"arn:aws:bedrock:*:111122223333:guardrail/test-*"`, `"Resource":"arn:aws:iam::111122223333:role/ml-*"`)
	condition := pick("condition", "", "", `,"Condition":{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}`, `,"Condition":{"Null":{"bedrock:GuardrailIdentifier":"true"}}`,
		`,"Condition":{"StringLike":{"bedrock-mantle:Model":"anthropic.*"}}`, `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`,
		`,"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}`, `,"Condition":{"StringEqualsIfExists":{"iam:PassedToService":"sagemaker.amazonaws.com"}}`,
		`,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`, `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}`,
		`,"Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`)
	return `{"Effect":"` + effect + `","Action":` + actions + `,` + resource + condition + `}`
}

func drawStatements(t *rapid.T, effect string, most int) []string {
	var out []string
	for range rapid.IntRange(0, most).Draw(t, effect) {
		out = append(out, drawStatement(t, effect))
	}
	return out
}

// TestAnswersAreProved: of random policies, a Yes comes with requests that the concrete evaluator allows, and with a
// policy that turns it into No; one more Allow never makes a Yes a No, and one more Deny never a No a Yes.
func TestAnswersAreProved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		statements := append(drawStatements(t, "Allow", 3), drawStatements(t, "Deny", 2)...)
		ask := func(question string, statements ...string) rules.Result {
			p, err := iam.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			who := &rules.Principal{Regions: []string{"eu-central-1"}, Approved: []string{"anthropic.*"}}
			who.Kind, who.Issuer, who.Account = iam.RoleSession, roleARN, account
			who.Policies.Identity = []*iam.Policy{p}
			return questions[question](rules.New(rules.Config{}), who)
		}
		allow, deny := drawStatement(t, "Allow"), drawStatement(t, "Deny")
		question := rapid.SampledFrom(slices.Sorted(maps.Keys(questions))).Draw(t, "question")
		got := ask(question, statements...)
		if more := ask(question, append(statements[:len(statements):len(statements)], allow)...); got.Yes() && more.No() {
			t.Fatalf("%s: one more Allow makes %s No", question, got.Reason)
		}
		if more := ask(question, append(statements[:len(statements):len(statements)], deny)...); got.No() && more.Yes() {
			t.Fatalf("%s: one more Deny makes it Yes: %s", question, more.Reason)
		}
		if !got.Yes() {
			return
		}
		for _, w := range got.Witnesses {
			if !w.Decision.Allowed() {
				t.Fatalf("%s: witness %s is %s", question, w, w.Decision)
			}
		}
		if got.Guard == "" {
			t.Fatalf("%s: %s, and nothing mends it", question, got.Reason)
		}
		guard := strings.TrimSuffix(got.Guard[strings.Index(got.Guard, "[")+1:], "]}")
		if after := ask(question, append(statements[:len(statements):len(statements)], guard)...); !after.No() {
			t.Fatalf("%s: with %s: %v (%s)", question, got.Guard, after.Verdict, after.Reason)
		}
	})
}
