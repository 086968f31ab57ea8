package assess_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize"
)

// holeValues are what a hole may turn out to be, by the element that it stands in.
var holeValues = map[string][]string{
	"Resource":  {"*", own, own + "/*", "arn:aws:s3:::other/*", "arn:aws:bedrock:*::foundation-model/a.b"},
	"Action":    {"*", "s3:*", "s3:GetObject", "iam:PassRole", "sts:AssumeRole", "bedrock:InvokeModel", "bedrock:UpdateGuardrail"},
	"Principal": {"*", account, "999999999999", "arn:aws:iam::" + account + ":role/r"},
	"Condition": {"false", "vpc-1", account},
}

// statements combines the elements of statements, with and without holes.
func statements(principals, actions, resources, conditions []string) []string {
	var out []string
	for _, effect := range []string{"Allow", "Deny"} {
		for _, principal := range principals {
			for _, action := range actions {
				for _, resource := range resources {
					for _, condition := range conditions {
						out = append(out, `{"Effect":"`+effect+`"`+principal+`,"Action":`+action+resource+condition+`}`)
					}
				}
			}
		}
	}
	return out
}

// TestCompletions replaces every hole by many values: what a document with holes
// decides, each completion has to decide alike.
func TestCompletions(t *testing.T) {
	t.Parallel()
	const asked = `has(resource.Policy) && has(resource.Arn) && `
	const role = `has(resource.RoleArn) && `
	all, allOwn := `,"Principal":"*"`, `,"Resource":["`+own+`","`+own+`/*"]`
	aws, awsHole := `,"Principal":{"AWS":"`+account+`"}`, `,"Principal":{"AWS":"HOLE Principal"}`
	service := `,"Principal":{"Service":"bedrock.amazonaws.com"}`
	resource, condition := `,"Resource":"HOLE Resource"`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"HOLE Condition"}}`
	tls, vpc := `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`, `,"Condition":{"StringEquals":{"aws:SourceVpc":"HOLE Condition"}}`
	tests := []struct {
		name         string
		rules        []string
		shapes, with []string
	}{
		{
			"of resources",
			[]string{
				asked + `deniesInsecureTransport(resource.Policy, resource.Arn)`, asked + `publicPolicy(resource.Policy, resource.Arn)`,
				asked + `publicPolicyAllows(resource.Policy, resource.Arn, "s3:GetObject")`, asked + `policyGrantsOutside(resource.Policy, resource.Arn, "s3:GetObject")`,
				asked + `endpointPolicyOpen(resource.Policy, "s3")`, asked + `decryptByNamedOnly(resource.Policy)`,
			},
			statements([]string{all, aws, awsHole}, []string{`"s3:*"`, `"HOLE Action"`}, []string{allOwn, resource}, []string{"", tls, vpc}),
			[]string{"", `,{"Effect":"Allow"` + all + `,"Action":"s3:GetObject"` + allOwn + `}`, `,{"Effect":"Deny"` + all + `,"Action":"s3:*"` + allOwn + tls + `}`},
		},
		{
			"of trust",
			[]string{
				asked + `trustsService(resource.Policy, "bedrock.amazonaws.com")`, asked + `trustProtected(resource.Policy, "bedrock.amazonaws.com")`,
				asked + `trustOpen(resource.Policy)`, asked + `trustsAccounts(resource.Policy)`, asked + `keyUseByAIScoped(resource.Policy)`, asked + `accountsTrusted(resource.Policy).exists(a, a == "999999999999")`,
			},
			statements([]string{all, service, awsHole}, []string{`"sts:AssumeRole"`, `"kms:*"`, `"HOLE Action"`}, []string{"", resource}, []string{"", condition}),
			[]string{"", `,{"Effect":"Allow"` + service + `,"Action":"sts:AssumeRole"}`},
		},
		{
			"of identities",
			[]string{
				role + `roleHasWildcard(resource.RoleArn)`, role + `principalAllows(resource.RoleArn, "s3:GetObject")`, role + `roleAllowsEverywhere(resource.RoleArn, "s3:GetObject")`,
				role + `principalEscalates(resource.RoleArn)`, role + `principalPassesRolesFreely(resource.RoleArn)`, role + `principalAllowsAllOf(resource.RoleArn, "s3")`,
				role + `principalNames(resource.RoleArn, "s3")`, role + `customerPolicyAllowsAllOf(resource.RoleArn, "s3")`, role + `principalBuildsAI(resource.RoleArn)`,
			},
			statements([]string{""}, []string{`"s3:*"`, `["s3:GetObject","HOLE Action"]`, `"HOLE Action"`}, []string{`,"Resource":"*"`, allOwn, resource, `,"NotResource":"HOLE Resource"`}, []string{"", condition}),
			[]string{"", `,{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}`, `,{"Effect":"Deny","Action":"s3:*","Resource":"*"}`},
		},
		{
			"of access",
			[]string{
				role + `principalRunsUnnamedModels(resource.RoleArn)`, role + `principalPassesToAnyService(resource.RoleArn)`,
				role + `principalMixesDuties(resource.RoleArn)`, role + `principalUsesAPIKeys(resource.RoleArn)`,
				role + `principalRunsWithoutMFA(resource.RoleArn)`, role + `principalRunsWithoutTLS(resource.RoleArn)`,
			},
			statements([]string{""}, []string{`"bedrock:*"`, `["bedrock:InvokeModel","HOLE Action"]`}, []string{`,"Resource":"*"`, resource}, []string{"", condition}),
			[]string{"", `,{"Effect":"Allow","Action":["bedrock:*","iam:PassRole"],"Resource":"*"}`, `,{"Effect":"Deny","Action":["bedrock:*","bedrock-mantle:*"],"Resource":"*"}`},
		},
	}
	for _, tt := range tests {
		for _, rule := range tt.rules {
			t.Run(tt.name+" "+rule, func(t *testing.T) {
				t.Parallel()
				checkCompletions(t, rule, tt.shapes, tt.with)
			})
		}
	}
}

func checkCompletions(t *testing.T, rule string, shapes, beside []string) {
	t.Helper()
	engine, decided := plannedEngine(t, rule), 0
	judge := func(policy string) *assize.Finding {
		return judgePlanned(t, engine, map[string]assize.Value{"Policy": policy, "RoleArn": reference("AWS::IAM::Role", assize.Global, roleAddress)}, policy)
	}
	for _, with := range beside {
		for _, s := range shapes {
			text := `{"Version":"2012-10-17","Statement":[` + s + with + `]}`
			if !strings.Contains(text, "HOLE") {
				continue
			}
			open := text
			for kind := range holeValues {
				open = strings.ReplaceAll(open, "HOLE "+kind, assize.Hole)
			}
			got := judge(open)
			if got.Outcome == assize.Inconclusive {
				continue
			}
			decided++
			for _, full := range complete(text, holeValues) {
				if f := judge(full); f.Outcome != got.Outcome && f.Outcome != assize.Inconclusive {
					t.Fatalf("%s\ngives %s, but with\n%s\nit is %s", open, got.Outcome, full, f.Outcome)
				}
			}
		}
	}
	byName := strings.Contains(rule, "accountsTrusted") || strings.Contains(rule, "principalNames")
	if byName != (decided == 0) {
		t.Errorf("%d documents with holes are decided", decided)
	}
}

// complete puts every value into the holes, one kind after the other.
func complete(text string, values map[string][]string) []string {
	texts := []string{text}
	for _, kind := range []string{"Resource", "Action", "Principal", "Condition"} {
		var next []string
		for _, x := range texts {
			if !strings.Contains(x, "HOLE "+kind) {
				next = append(next, x)
				continue
			}
			for _, v := range values[kind] {
				next = append(next, strings.ReplaceAll(x, "HOLE "+kind, v))
			}
		}
		texts = next
	}
	return texts
}
