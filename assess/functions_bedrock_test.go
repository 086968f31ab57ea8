package assess_test

import (
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// roleWorld has one role with a policy, one bucket and the thing that a rule judges.
func roleWorld(policy string, incomplete ...string) ([]*assize.Definition, *assize.Inventory) {
	defs := []*assize.Definition{
		{Type: "AWS::Test::Thing", List: "test:ListThings", Facts: []assize.Fact{{Path: "Name", Type: assize.String, Default: "thing"}}},
		{Type: "AWS::S3::Bucket", List: "s3:ListBuckets", Global: true},
	}
	for _, typ := range []string{"Role", "User", "Group", "ManagedPolicy"} {
		defs = append(defs, &assize.Definition{Type: "AWS::IAM::" + typ, List: "iam:GetAccountAuthorizationDetails", Global: true})
	}
	object := func(m map[string]assize.Value) assize.Object { return assize.NewObject(m) }
	inv := &assize.Inventory{
		AsOf:     time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Accounts: []assize.Account{{ID: account, Regions: []string{region}}},
		Resources: []*assize.Resource{
			{Type: "AWS::Test::Thing", Account: account, Region: region, ID: "thing", Properties: object(nil)},
			{Type: "AWS::S3::Bucket", Account: account, Region: region, ID: "own", Properties: object(nil)},
			{
				Type: "AWS::IAM::Role", Account: account, Region: assize.Global, ID: "role", ARN: "arn:aws:iam::111122223333:role/role",
				Properties: object(map[string]assize.Value{"Policies": assize.List{object(map[string]assize.Value{"PolicyDocument": policy})}}),
			},
		},
	}
	for _, d := range defs {
		c := assize.Coverage{Type: d.Type, Account: account, Region: region, Complete: true}
		if d.Global {
			c.Region = assize.Global
		}
		for _, typ := range incomplete {
			if typ == d.Type {
				c.Complete, c.Gap = false, &assize.Gap{Account: account, Region: c.Region, Operation: d.List, Cause: assize.Denied}
			}
		}
		inv.Coverage = append(inv.Coverage, c)
	}
	return defs, inv
}

func verdictOf(t *testing.T, rule, policy string, incomplete ...string) assize.Outcome {
	t.Helper()
	defs, inv := roleWorld(policy, incomplete...)
	return judgeIn(t, rule, defs, inv)
}

// judgeIn judges the one thing of an inventory.
func judgeIn(t *testing.T, rule string, defs []*assize.Definition, inv *assize.Inventory) assize.Outcome {
	t.Helper()
	comp, err := assess.NewCompiler(defs, profileFields())
	if err != nil {
		t.Fatal(err)
	}
	p, err := comp.Compile(check(rule))
	if err != nil {
		t.Fatal(err)
	}
	for f := range assess.NewEngine(comp, []*assess.Program{p}).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
		return f.Outcome
	}
	t.Fatal("no finding")
	return ""
}

func allow(action, resource string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}}`
}

func TestRoleAllowsEverywhere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, action, policy string
		incomplete           []string
		want                 assize.Outcome // pass: everywhere
	}{
		{"star", "s3:GetObject", allow("s3:GetObject", "*"), nil, assize.Pass},
		{"every bucket", "s3:GetObject", allow("s3:Get*", "arn:aws:s3:::*"), nil, assize.Pass},
		{"objects of every bucket", "s3:GetObject", allow("s3:GetObject", "arn:aws:s3:::*/*"), nil, assize.Pass},
		{"buckets with a prefix", "s3:GetObject", allow("s3:GetObject", "arn:aws:s3:::data-*"), nil, assize.Fail},
		{"another action", "s3:GetObject", allow("s3:ListBucket", "*"), nil, assize.Fail},
		{"a condition limits it", "s3:GetObject", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":"111122223333"}}}}`, nil, assize.Fail},
		{"all but one", "s3:GetObject", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::x/*"}}`, nil, assize.Pass},
		{"keys of the Region", "kms:Decrypt", allow("kms:*", "arn:aws:kms:eu-central-1:111122223333:key/*"), nil, assize.Pass},
		{"keys of another Region", "kms:Decrypt", allow("kms:*", "arn:aws:kms:us-east-1:111122223333:key/*"), nil, assize.Fail},
		{"every foundation model", "bedrock:InvokeModel", allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/*"), nil, assize.Pass},
		{"models of one provider", "bedrock:InvokeModel", allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/amazon.*"), nil, assize.Fail},
		{"every secret", "secretsmanager:GetSecretValue", allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*"), nil, assize.Pass},
		{"no policy that can be read", "s3:GetObject", `{`, nil, assize.Inconclusive},
		{"roles were not read", "s3:GetObject", allow("s3:GetObject", "*"), []string{"AWS::IAM::Role"}, assize.Pass},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := verdictOf(t, `roleAllowsEverywhere("arn:aws:iam::111122223333:role/role", "`+test.action+`")`, test.policy, test.incomplete...)
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestBucketOwnedBy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, rule string
		incomplete []string
		want       assize.Outcome
	}{
		{"own", `bucketOwnedBy("s3://own/key", "111122223333")`, nil, assize.Pass},
		{"own, and not of the other", `bucketOwnedBy("arn:aws:s3:::own/key", "444455556666")`, nil, assize.Fail},
		{"not among the own", `bucketOwnedBy("s3://other/key", "111122223333")`, nil, assize.Fail},
		{"of an account that was not read", `bucketOwnedBy("s3://other/key", "444455556666")`, nil, assize.Inconclusive},
		{"the list is not complete", `bucketOwnedBy("s3://other/key", "111122223333")`, []string{"AWS::S3::Bucket"}, assize.Inconclusive},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := verdictOf(t, test.rule, allow("s3:GetObject", "*"), test.incomplete...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestNotRead(t *testing.T) {
	t.Parallel()
	if got := verdictOf(t, `notRead("vector buckets")`, allow("s3:GetObject", "*")); got != assize.Inconclusive {
		t.Errorf("got %s, want %s", got, assize.Inconclusive)
	}
}

func TestAPIConfirms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, schema string
		want         assize.Outcome
	}{
		{"reads only", `{"paths":{"/a":{"get":{},"summary":"text","parameters":[]}}}`, assize.Pass},
		{"writes and asks", `{"paths":{"/a":{"post":{"x-requireConfirmation":"ENABLED"}}}}`, assize.Pass},
		{"one of two asks", `{"paths":{"/a":{"post":{"x-requireConfirmation":"ENABLED"}},"/b":{"PATCH":{}}}}`, assize.Fail},
		{"says no", `{"paths":{"/a":{"delete":{"x-requireConfirmation":"DISABLED"}}}}`, assize.Fail},
		{"YAML", `openapi: 3.0.0`, assize.Inconclusive},
		{"elsewhere", ``, assize.Inconclusive},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := verdictOf(t, `apiConfirms('`+test.schema+`')`, allow("s3:GetObject", "*")); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestGuardrailInPolicies(t *testing.T) {
	t.Parallel()
	named := `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"bedrock:InvokeModel","Resource":"*",` +
		`"Condition":{"StringNotLike":{"Bedrock:guardrailidentifier":["arn:aws:bedrock:*:*:guardrail/gr1234567890:*"]}}}}`
	tests := []struct {
		name, policy string
		incomplete   []string
		want         assize.Outcome
	}{
		{"named, whatever the case of the key", named, nil, assize.Pass},
		{"named, though more was not read", named, []string{"AWS::IAM::ManagedPolicy"}, assize.Pass},
		{"not named", allow("bedrock:InvokeModel", "*"), nil, assize.Fail},
		{"not named in what was read", allow("bedrock:InvokeModel", "*"), []string{"AWS::IAM::ManagedPolicy"}, assize.Inconclusive},
		{"in a policy that cannot be read", `{"bedrock:GuardrailIdentifier":`, nil, assize.Inconclusive},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := verdictOf(t, `guardrailInPolicies("gr1234567890")`, test.policy, test.incomplete...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestModelMatchesWhatStandsBehind: a profile of the account and bought throughput
// count as the model that they say they stand for.
func TestModelMatchesWhatStandsBehind(t *testing.T) {
	t.Parallel()
	const behind = "arn:aws:bedrock:eu-central-1:111122223333:"
	tests := []struct {
		name, rule string
		want       assize.Outcome
	}{
		{"profile", `modelMatches("` + behind + `application-inference-profile/p1", "amazon.*")`, assize.Pass},
		{"profile by its id", `modelMatches("p1", "amazon.*")`, assize.Pass},
		{"profile of another model", `modelMatches("` + behind + `application-inference-profile/p1", "anthropic.*")`, assize.Fail},
		{"profile that is not there", `modelMatches("` + behind + `application-inference-profile/p2", "amazon.*")`, assize.Inconclusive},
		{"throughput", `modelMatches("` + behind + `provisioned-model/t1", "amazon.*")`, assize.Pass},
		{"throughput that does not say", `modelMatches("` + behind + `provisioned-model/t2", "amazon.*")`, assize.Inconclusive},
		{"prompt router", `modelMatches("` + behind + `default-prompt-router/x:1", "amazon.*")`, assize.Inconclusive},
	}
	model := map[string]assize.Value{"ModelArn": "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0"}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			defs, inv := roleWorld(allow("s3:GetObject", "*"))
			for typ, resources := range map[string]map[string]map[string]assize.Value{
				"AWS::Bedrock::ApplicationInferenceProfile": {"application-inference-profile/p1": {"Models": assize.List{assize.NewObject(model)}}},
				"AWS::Bedrock::ProvisionedModelThroughput":  {"provisioned-model/t1": model, "provisioned-model/t2": nil},
			} {
				defs = append(defs, &assize.Definition{Type: typ, List: "bedrock:List"})
				inv.Coverage = append(inv.Coverage, assize.Coverage{Type: typ, Account: account, Region: region, Complete: true})
				for name, properties := range resources {
					inv.Resources = append(inv.Resources, &assize.Resource{
						Type: typ, Account: account, Region: region, ID: name[len(name)-2:], ARN: behind + name, Properties: assize.NewObject(properties),
					})
				}
			}
			if got := judgeIn(t, test.rule, defs, inv); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
