package assess_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

const (
	bucketAddress = `module.data["a.b"].aws_s3_bucket.this[0]`
	keyAddress    = `aws_kms_key.data`
	roleAddress   = `aws_iam_role.agent`
	policyAddress = "aws_iam_policy.own"
)

// plannedDefinitions are those of the tests, and the types that policies hang on.
func plannedDefinitions() []*assize.Definition {
	return append(definitions(),
		&assize.Definition{
			Type: "AWS::S3::Bucket", List: "s3:ListBuckets", One: "bucket", Many: "buckets", Global: true,
			Facts: []assize.Fact{
				{Path: "Arn", Type: assize.String},
				{Path: "Policy", Type: assize.Policy},
				{Path: "Versioned", Type: assize.Bool, Default: false},
				{Path: "Keys", Type: assize.Strings},
				{Path: "KmsKeyId", Type: assize.String, Ref: "AWS::KMS::Key"},
				{Path: "RoleArn", Type: assize.String},
				{Path: "Settings.Key", Type: assize.String},
				{Path: "Settings.Mode", Type: assize.String},
			},
		},
		&assize.Definition{
			Type: "AWS::IAM::Role", List: "iam:ListRoles", Many: "roles", Global: true,
			Facts: []assize.Fact{{Path: "Arn", Type: assize.String}, {Path: "Policies[].PolicyDocument", Type: assize.Policy}, {Path: "ManagedPolicyArns", Type: assize.Strings}},
		},
		&assize.Definition{Type: "AWS::IAM::ManagedPolicy", List: "iam:ListPolicies", Many: "managedPolicies", Global: true, Facts: []assize.Fact{{Path: "Arn", Type: assize.String}}},
		&assize.Definition{
			Type: "AWS::Organizations::Account", List: "organizations:DescribeOrganization", Many: "organizationAccounts", Global: true,
			Facts: []assize.Fact{{Path: "ManagementAccountId", Type: assize.String}},
		},
	)
}

func reference(typ, region, id string) *assize.Unknown {
	return &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{Type: typ, Account: account, Region: region, ID: id}}
}

// planned judges a bucket that a plan makes, beside a key and a role that it makes too.
// policy belongs to the role.
func planned(t *testing.T, rule string, bucket map[string]assize.Value, policy string) *assize.Finding {
	t.Helper()
	return judgePlanned(t, plannedEngine(t, rule), bucket, policy)
}

func plannedEngine(t *testing.T, rule string) *assess.Engine {
	t.Helper()
	c, err := assess.NewCompiler(plannedDefinitions(), profileFields())
	if err != nil {
		t.Fatal(err)
	}
	chk := check(rule)
	chk.Subject.Type = "AWS::S3::Bucket"
	p, err := c.Compile(chk)
	if err != nil {
		t.Fatal(err)
	}
	return assess.NewEngine(c, []*assess.Program{p})
}

func judgePlanned(t *testing.T, e *assess.Engine, bucket map[string]assize.Value, policy string) *assize.Finding {
	t.Helper()
	for f := range e.Assess(plannedInventory(bucket, policy), assess.Options{WholeAccount: true}).Findings() {
		if f.Resource != nil {
			return f
		}
	}
	t.Fatal("no finding of the bucket")
	return nil
}

func plannedInventory(bucket map[string]assize.Value, policy string) *assize.Inventory {
	made := func(typ, region, address string, props map[string]assize.Value) *assize.Resource {
		return &assize.Resource{
			Type: typ, Account: account, Region: region, ID: address, ARN: assize.PlannedARN(address),
			Origin: &assize.Origin{Kind: "plan", Address: address, Action: "create"}, Properties: assize.NewObject(props),
		}
	}
	props := map[string]assize.Value{"Arn": reference("AWS::S3::Bucket", region, bucketAddress)}
	for name, v := range bucket {
		props[name] = v
	}
	inline := assize.List{assize.NewObject(map[string]assize.Value{"PolicyDocument": policy})}
	inv := world(
		made("AWS::S3::Bucket", region, bucketAddress, props),
		made("AWS::KMS::Key", region, keyAddress, map[string]assize.Value{"KeyManager": "CUSTOMER"}),
		made("AWS::IAM::Role", assize.Global, roleAddress, map[string]assize.Value{"Policies": inline}),
		made("AWS::IAM::ManagedPolicy", assize.Global, policyAddress, nil),
	)
	inv.Coverage = []assize.Coverage{{Type: "AWS::Organizations::Account", Account: account, Region: assize.Global, Complete: true}} // in no organization
	return inv
}

// TestRefers holds what a value answers that is not known, but will name a resource.
func TestRefers(t *testing.T) {
	t.Parallel()
	key, role := reference("AWS::KMS::Key", region, keyAddress), reference("AWS::IAM::Role", assize.Global, roleAddress)
	policy := reference("AWS::IAM::ManagedPolicy", assize.Global, policyAddress)
	other := &assize.Unknown{Cause: assize.UntilApply, Detail: "kms_key_id; refers to var.key"}
	list := func(vs ...assize.Value) assize.List { return vs }
	type props = map[string]assize.Value
	const narrow, broad = `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::x/*"}]}`, `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	tests := []struct {
		name, rule string
		props      props
		policy     string
		want       assize.Outcome
	}{
		{"has", `has(resource.KmsKeyId)`, props{"KmsKeyId": key}, narrow, assize.Pass},
		{"has of any other unknown", `has(resource.KmsKeyId)`, props{"KmsKeyId": other}, narrow, assize.Inconclusive},
		{"default takes the value", `default(resource.KmsKeyId, "alias/aws/s3") == "alias/aws/s3"`, props{"KmsKeyId": key}, narrow, assize.Inconclusive},
		{"has of an object that holds it", `has(resource.Settings.Key) && has(resource.Settings)`, props{"Settings": assize.NewObject(props{"Key": key, "Mode": other})}, narrow, assize.Pass},
		{"comparison", `has(resource.KmsKeyId) && resource.KmsKeyId == "k1"`, props{"KmsKeyId": key}, narrow, assize.Inconclusive},
		{"inequality", `has(resource.KmsKeyId) && resource.KmsKeyId != "k1"`, props{"KmsKeyId": key}, narrow, assize.Inconclusive},
		{"it is not empty", `default(resource.KmsKeyId, "") != ""`, props{"KmsKeyId": key}, narrow, assize.Pass},
		{"it is not empty, the other way", `"" == default(resource.KmsKeyId, "")`, props{"KmsKeyId": key}, narrow, assize.Fail},
		{"any other unknown may be empty", `default(resource.KmsKeyId, "x") != ""`, props{"KmsKeyId": other}, narrow, assize.Inconclusive},
		{"the same resource", `has(resource.KmsKeyId) && resource.Keys.exists(k, k == resource.KmsKeyId)`, props{"KmsKeyId": key, "Keys": list(other, key)}, narrow, assize.Pass},
		{"another resource of the type", `has(resource.KmsKeyId) && resource.Keys.all(k, k != resource.KmsKeyId)`, props{"KmsKeyId": key, "Keys": list(other, key)}, narrow, assize.Fail},
		{"a resource of another type", `has(resource.KmsKeyId) && resource.Keys.exists(k, k == resource.KmsKeyId)`, props{"KmsKeyId": key, "Keys": list(role)}, narrow, assize.Inconclusive},
		{"it names what is not there, compared", `default(resource.KmsKeyId, "") != ""`, props{"KmsKeyId": reference("AWS::KMS::Key", region, "gone")}, narrow, assize.Inconclusive},
		{"how an id begins, of a type that may have an ARN there", `has(resource.KmsKeyId) && resource.KmsKeyId.startsWith("igw-")`, props{"KmsKeyId": key}, narrow, assize.Inconclusive},
		{"glob looks at the text", `has(resource.KmsKeyId) && glob(resource.KmsKeyId, "alias/aws/*")`, props{"KmsKeyId": key}, narrow, assize.Inconclusive},
		{"a planned policy is none of AWS's", `has(resource.KmsKeyId) && !glob(resource.KmsKeyId, "arn:*:iam::aws:policy/AdministratorAccess")`, props{"KmsKeyId": policy}, narrow, assize.Pass},
		{"a planned policy is one of the customer's", `has(resource.KmsKeyId) && glob(resource.KmsKeyId, "arn:*:iam::*:policy/*")`, props{"KmsKeyId": policy}, narrow, assize.Pass},
		{"the name of a planned policy is not known", `has(resource.KmsKeyId) && glob(resource.KmsKeyId, "arn:*:iam::*:policy/x*")`, props{"KmsKeyId": policy}, narrow, assize.Inconclusive},
		{"a role is no policy", `has(resource.KmsKeyId) && !glob(resource.KmsKeyId, "arn:*:iam::aws:policy/AdministratorAccess")`, props{"KmsKeyId": role}, narrow, assize.Inconclusive},
		{"the key is the customer's", `has(resource.KmsKeyId) && customerManagedKey(resource.KmsKeyId)`, props{"KmsKeyId": key}, narrow, assize.Pass},
		{"any other unknown key", `has(resource.KmsKeyId) && customerManagedKey(resource.KmsKeyId)`, props{"KmsKeyId": other}, narrow, assize.Inconclusive},
		{"no key", `has(resource.KmsKeyId) && customerManagedKey(resource.KmsKeyId)`, nil, narrow, assize.Fail},
		{"it names another type", `has(resource.KmsKeyId) && customerManagedKey(resource.KmsKeyId)`, props{"KmsKeyId": role}, narrow, assize.Inconclusive},
		{"it names what is not there", `has(resource.KmsKeyId) && customerManagedKey(resource.KmsKeyId)`, props{"KmsKeyId": reference("AWS::KMS::Key", region, "gone")}, narrow, assize.Inconclusive},
		{"look-up of one", `has(resource.KmsKeyId) && default(kmsKey(resource.KmsKeyId).KeyManager, "") == "CUSTOMER"`, props{"KmsKeyId": key}, narrow, assize.Pass},
		{"look-up of another type", `has(resource.KmsKeyId) && default(kmsKey(resource.KmsKeyId).KeyManager, "") == "CUSTOMER"`, props{"KmsKeyId": role}, narrow, assize.Inconclusive},
		{"elements of a list", `resource.Keys.exists(k, customerManagedKey(k))`, props{"Keys": list(other, key)}, narrow, assize.Pass},
		{"all elements of a list", `resource.Keys.all(k, customerManagedKey(k))`, props{"Keys": list(other, key)}, narrow, assize.Inconclusive},
		{"there is an element", `resource.Keys.exists(k, true)`, props{"Keys": list(key)}, narrow, assize.Pass},
		{"there may be an element", `resource.Keys.exists(k, true)`, props{"Keys": list(&assize.Unknown{Cause: assize.UntilApply, Rest: true})}, narrow, assize.Inconclusive},
		{"role without wildcard", `has(resource.RoleArn) && !roleHasWildcard(resource.RoleArn)`, props{"RoleArn": role}, narrow, assize.Pass},
		{"role with wildcard", `has(resource.RoleArn) && !roleHasWildcard(resource.RoleArn)`, props{"RoleArn": role}, broad, assize.Fail},
		{"role of another plan", `has(resource.RoleArn) && !roleHasWildcard(resource.RoleArn)`, props{"RoleArn": other}, broad, assize.Inconclusive},
		{"what a principal may do", `has(resource.RoleArn) && principalAllows(resource.RoleArn, "s3:GetObject")`, props{"RoleArn": role}, narrow, assize.Pass},
		{"the owner of a bucket", `has(resource.Arn) && bucketOwnedBy(resource.Arn, "` + account + `")`, nil, narrow, assize.Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := planned(t, tt.rule, tt.props, tt.policy)
			if got.Outcome != tt.want {
				t.Errorf("got %s (%s), want %s", got.Outcome, got.Reason, tt.want)
			}
			if strings.Contains(got.Reason, "\x00") || strings.Contains(got.Reason, "assize-planned") {
				t.Errorf("the reason shows what stands for a resource: %q", got.Reason)
			}
		})
	}
}

// TestLacking holds what a comparison with what a value will name waits for.
func TestLacking(t *testing.T) {
	t.Parallel()
	key := reference("AWS::KMS::Key", region, keyAddress)
	const rule = `has(resource.KmsKeyId) && resource.Keys.exists(k, k == resource.KmsKeyId)`
	for _, cause := range []assize.Cause{assize.DeferredToLive, assize.UntilApply} {
		got := planned(t, rule, map[string]assize.Value{"KmsKeyId": key, "Keys": assize.List{&assize.Unknown{Cause: cause, Rest: true}}}, `{"Statement":[]}`)
		if got.Outcome != assize.Inconclusive || got.Unknown == nil || got.Unknown.Cause != cause {
			t.Errorf("%s: got %s, %+v", cause, got.Outcome, got.Unknown)
		}
	}
}

// own is the planned ARN of the bucket in question.
var own = assize.PlannedARN(bucketAddress)

// TestHoles holds what a policy answers that is known in part.
func TestHoles(t *testing.T) {
	t.Parallel()
	statement := func(s ...string) string { return `{"Version":"2012-10-17","Statement":[` + strings.Join(s, ",") + `]}` }
	hole := assize.Hole
	tls := `{"Sid":"TLS","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["` + own + `","` + own + `/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	const (
		denies  = `has(resource.Policy) && has(resource.Arn) && deniesInsecureTransport(resource.Policy, resource.Arn)`
		private = `has(resource.Policy) && has(resource.Arn) && !publicPolicy(resource.Policy, resource.Arn)`
		inside  = `has(resource.Policy) && has(resource.Arn) && !policyGrantsOutside(resource.Policy, resource.Arn, "s3:GetObject")`
	)
	allow := func(principal, resource, condition string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":` + resource + condition + `}`
	}
	tests := []struct {
		name, rule, policy string
		want               assize.Outcome
	}{
		{"the planned bucket is named", denies, statement(tls), assize.Pass},
		{"an unknown Allow beside it", denies, statement(tls, allow(`{"AWS":"`+hole+`"}`, `"`+own+`/*"`, "")), assize.Pass},
		{"objects are left out", denies, statement(strings.Replace(tls, `,"`+own+`/*"`, "", 1)), assize.Fail},
		{"an unknown element may be the objects", denies, statement(strings.Replace(tls, own+`/*`, hole, 1)), assize.Inconclusive},
		{"an unknown element too many", denies, statement(strings.Replace(tls, `"`+own+`",`, `"`+hole+`","`+own+`",`, 1)), assize.Pass},
		{"another bucket is named", denies, statement(strings.ReplaceAll(tls, own, assize.PlannedARN("aws_s3_bucket.other"))), assize.Inconclusive},
		{"a name that may be its own", denies, statement(strings.ReplaceAll(tls, own, "arn:aws:s3:::prod-*")), assize.Inconclusive},
		{"every bucket", denies, statement(strings.ReplaceAll(tls, `"`+own+`","`+own+`/*"`, `"*"`)), assize.Pass},
		{"an unknown condition", denies, statement(strings.Replace(tls, `"false"`, `"`+hole+`"`, 1)), assize.Inconclusive},
		{"an unknown effect", denies, statement(strings.Replace(tls, `"Deny"`, `"`+hole+`"`, 1)), assize.Inconclusive},
		{"an unknown statement", denies, statement(tls, `"`+hole+`"`), assize.Inconclusive},
		{"an unknown Sid", denies, statement(strings.Replace(tls, "TLS", hole, 1)), assize.Pass},
		{"no hole", private, statement(allow(`"*"`, `"`+own+`/*"`, "")), assize.Fail},
		{"a role of the plan", private, statement(allow(`{"AWS":"`+assize.PlannedARN(roleAddress)+`"}`, `"`+own+`/*"`, "")), assize.Pass},
		{"somebody unknown", private, statement(allow(`{"AWS":"`+hole+`"}`, `"`+own+`/*"`, "")), assize.Inconclusive},
		{"somebody unknown beside everyone", private, statement(allow(`{"AWS":["*","`+hole+`"]}`, `"`+own+`/*"`, "")), assize.Fail},
		{"something unknown for a role", private, statement(allow(`{"AWS":"arn:aws:iam::111122223333:role/r"}`, `"`+hole+`"`, "")), assize.Pass},
		{"a service that is not known", private, statement(allow(`{"Service":"`+hole+`"}`, `"`+own+`/*"`, "")), assize.Inconclusive},
		{"a role of the account", inside, statement(allow(`{"AWS":"`+assize.PlannedARN(roleAddress)+`"}`, `"`+own+`/*"`, "")), assize.Pass},
		{"a named stranger", inside, statement(allow(`{"AWS":"999999999999"}`, `"`+own+`/*"`, `,"Condition":{"StringEquals":{"aws:SourceVpc":"`+hole+`"}}`)), assize.Inconclusive},
		{"a stranger behind a condition", inside, statement(allow(`{"AWS":"`+hole+`"}`, `"`+own+`/*"`, `,"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}`)), assize.Inconclusive},
		{"an exclusion that is not known", private, statement(`{"Effect":"Allow","Principal":"*","NotAction":"` + hole + `","Resource":"*"}`), assize.Inconclusive},
		{"no JSON", private, hole, assize.Inconclusive},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := planned(t, tt.rule, map[string]assize.Value{"Policy": tt.policy}, "")
			if got.Outcome != tt.want {
				t.Errorf("got %s (%s), want %s", got.Outcome, got.Reason, tt.want)
			}
		})
	}
}

// TestHolesInRoles holds what a role answers whose policy is known in part.
func TestHolesInRoles(t *testing.T) {
	t.Parallel()
	hole := assize.Hole
	role := map[string]assize.Value{"RoleArn": reference("AWS::IAM::Role", assize.Global, roleAddress)}
	allow := func(action, resource string) string {
		return `{"Statement":[{"Sid":"Work","Effect":"Allow","Action":` + action + `,"Resource":` + resource + `}]}`
	}
	key := assize.PlannedARN(keyAddress)
	tests := []struct {
		name, question, policy string
		want                   assize.Outcome
	}{
		{"an unknown resource", `roleHasWildcard(resource.RoleArn)`, allow(`"s3:GetObject"`, `"`+hole+`"`), assize.Fail},
		{"all of a service on an unknown resource", `roleHasWildcard(resource.RoleArn)`, allow(`"s3:*"`, `"`+hole+`"`), assize.Inconclusive},
		{"all of a service on everything, and more", `roleHasWildcard(resource.RoleArn)`, allow(`"s3:*"`, `["*","`+hole+`"]`), assize.Pass},
		{"an unknown action on one service", `roleHasWildcard(resource.RoleArn)`, allow(`"`+hole+`"`, `"arn:aws:s3:::*"`), assize.Inconclusive},
		{"everywhere", `roleAllowsEverywhere(resource.RoleArn, "kms:Decrypt")`, allow(`"kms:Decrypt"`, `"`+hole+`"`), assize.Inconclusive},
		{"the planned key only", `roleAllowsEverywhere(resource.RoleArn, "kms:Decrypt")`, allow(`"kms:Decrypt"`, `"`+key+`"`), assize.Fail},
		{"an action beside an unknown one", `principalAllows(resource.RoleArn, "kms:Decrypt")`, allow(`["kms:Decrypt","`+hole+`"]`, `"`+key+`"`), assize.Pass},
		{"an unknown action", `principalAllows(resource.RoleArn, "kms:Decrypt")`, allow(`"`+hole+`"`, `"`+key+`"`), assize.Inconclusive},
		{"the name of a service", `principalNames(resource.RoleArn, "kms")`, allow(`"`+hole+`"`, `"*"`), assize.Inconclusive},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := planned(t, `has(resource.RoleArn) && `+tt.question, role, tt.policy)
			if got.Outcome != tt.want {
				t.Fatalf("got %s (%s), want %s", got.Outcome, got.Reason, tt.want)
			}
			if got.Outcome == assize.Inconclusive && !strings.Contains(got.Reason, "Work") {
				t.Errorf("got %q, want the statement to be named", got.Reason)
			}
		})
	}
}

// TestPlaceUnknown holds what a plan answers that does not say the account.
func TestPlaceUnknown(t *testing.T) {
	t.Parallel()
	statement := func(principal, rest string) string {
		return `{"Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"` + own + `/*"` + rest + `}]}`
	}
	const (
		private = `has(resource.Policy) && has(resource.Arn) && !publicPolicy(resource.Policy, resource.Arn)`
		inside  = `has(resource.Policy) && has(resource.Arn) && !policyGrantsOutside(resource.Policy, resource.Arn, "s3:GetObject")`
	)
	role := `{"AWS":"` + assize.PlannedARN(roleAddress) + `"}`
	everywhere := func(resource string) string {
		return `{"Statement":{"Effect":"Allow","Action":"kms:Decrypt","Resource":"` + resource + `"}}`
	}
	tests := []struct {
		name, rule, policy string
		want               assize.Outcome
	}{
		{"a role of the plan is nobody public", private, statement(role, ""), assize.Pass},
		{"it may stand in another account", inside, statement(role, ""), assize.Inconclusive},
		{"a named account may be its own", inside, statement(`{"AWS":"999999999999"}`, ""), assize.Inconclusive},
		{"everyone is outside", inside, statement(`"*"`, ""), assize.Fail},
		{"nobody is named", inside, statement(`{"Service":"logging.s3.amazonaws.com"}`, ""), assize.Pass},
		{"accounts of a policy", `has(resource.Policy) && accountsTrusted(resource.Policy).size() > 0`, statement(role, ""), assize.Inconclusive},
		{"all keys", `has(resource.RoleArn) && !roleAllowsEverywhere(resource.RoleArn, "kms:Decrypt")`, everywhere("arn:aws:kms:*:*:key/*"), assize.Fail},
		{"all keys of an account", `has(resource.RoleArn) && !roleAllowsEverywhere(resource.RoleArn, "kms:Decrypt")`, everywhere("arn:aws:kms:eu-central-1:111122223333:key/*"), assize.Inconclusive},
		{"one key", `has(resource.RoleArn) && !roleAllowsEverywhere(resource.RoleArn, "kms:Decrypt")`, everywhere("arn:aws:kms:eu-central-1:111122223333:key/k1"), assize.Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inv := plannedInventory(map[string]assize.Value{"Policy": tt.policy, "RoleArn": reference("AWS::IAM::Role", assize.Global, roleAddress)}, tt.policy)
			inv.Accounts[0] = assize.Account{Regions: []string{assize.UnknownRegion}}
			for _, r := range inv.Resources {
				r.Account = ""
				if r.Region != assize.Global {
					r.Region = assize.UnknownRegion
				}
			}
			bucket := inv.Resources[0]
			bucket.Properties = bucket.Properties.Set("Arn", &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{Type: bucket.Type, Region: bucket.Region, ID: bucket.ID}})
			bucket.Properties = bucket.Properties.Set("RoleArn", &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{Type: "AWS::IAM::Role", Region: assize.Global, ID: roleAddress}})
			for f := range plannedEngine(t, tt.rule).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
				if f.Resource != nil && f.Outcome != tt.want {
					t.Errorf("got %s (%s), want %s", f.Outcome, f.Reason, tt.want)
				}
				if u := f.Unknown; f.Resource != nil && u != nil && u.Cause != assize.UntilApply {
					t.Errorf("the cause is %s, and no rule is at fault: %s", u.Cause, f.Reason)
				}
			}
		})
	}
}

// TestPlannedARN holds that addresses give different ARNs, none the start of another,
// which come back whole.
func TestPlannedARN(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, address := range []string{"", "a", "a.b", "a%", "a%%", "a[0]", `a["*"]`, "a/b", "a:b", "ä", "a?"} {
		arn := assize.PlannedARN(address)
		if strings.ContainsAny(arn[len(assize.PlannedARNPrefix):], "*?/:${}\"") {
			t.Errorf("%q gives %q, which holds what means something in a pattern", address, arn)
		}
		for other := range seen {
			if strings.HasPrefix(arn, other) || strings.HasPrefix(other, arn) {
				t.Errorf("%q and %q: one is the start of the other", arn, other)
			}
		}
		seen[arn] = true
		got, rest, ok := assize.CutPlannedARN(arn + "/*")
		if diff := cmp.Diff([]any{got, rest, ok}, []any{arn, "/*", true}); diff != "" {
			t.Error(diff)
		}
	}
}
