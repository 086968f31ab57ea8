// Package orgcase is the organisation by which the speed of the access matrix is told: 2,000
// policies, 3,000 combinations of them, 12 accounts under 12 paths of service control policies,
// 20,000 roles, and two actions on 150 models in five Regions. It is the same on every run.
package orgcase

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

const (
	policies     = 2000
	combinations = 3000
	paths        = 12
	models       = 150
)

var regions = []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1"}

// Model is the id of a model by its number.
func model(i int) string {
	vendors := []string{"anthropic", "amazon", "meta", "mistral", "cohere", "ai21"}
	return fmt.Sprintf("%s.m%d-v%d:0", vendors[i%len(vendors)], i/len(vendors), i%3)
}

// Account is the id of an account by its number.
func Account(i int) string { return fmt.Sprintf("1111%08d", i) }

// Case is the organisation as files.
type Case struct {
	// Details are what IAM answers, by account.
	Details map[string][]byte
	// Tree is the organisation file.
	Tree []byte
}

// Make writes the organisation with a number of roles; 20,000 is the case.
func Make(roles int) Case {
	r := rand.New(rand.NewPCG(1, 2))
	pool := make([]json.RawMessage, policies)
	for i := range pool {
		var statements []string
		for range 1 + r.IntN(5) {
			statements = append(statements, statement(r))
		}
		pool[i] = document(strings.Join(statements, ","))
	}
	bases := make([][]int, combinations)
	for i := range bases {
		for range 1 + r.IntN(4) {
			bases[i] = append(bases[i], r.IntN(len(pool)))
		}
	}
	lists := make([][]role, paths)
	for i := range roles {
		base := r.IntN(len(bases))
		lists[base%paths] = append(lists[base%paths], makeRole(i, base, bases[base], pool))
	}
	out := Case{Details: map[string][]byte{}, Tree: tree()}
	for i, list := range lists {
		out.Details[Account(i)] = indented(details{RoleDetailList: list, Policies: boundaries(i, pool)})
	}
	return out
}

type details struct {
	UserDetailList, GroupDetailList []struct{}
	RoleDetailList                  []role
	Policies                        []managed
}

type role struct {
	Path, RoleName, RoleID   string
	Arn                      string
	AssumeRolePolicyDocument json.RawMessage
	RolePolicyList           []inline
	PermissionsBoundary      *boundary `json:",omitempty"`
	Tags                     []tag
}

type inline struct {
	PolicyName     string
	PolicyDocument json.RawMessage
}

type tag struct{ Key, Value string }

type boundary struct{ PermissionsBoundaryType, PermissionsBoundaryArn string }

type managed struct {
	PolicyName, Arn   string
	PolicyVersionList []version
}

type version struct {
	Document         json.RawMessage
	IsDefaultVersion bool
}

func makeRole(i, base int, names []int, pool []json.RawMessage) role {
	account := Account(base % paths)
	out := role{
		Path: "/", RoleName: fmt.Sprintf("r%d", i), RoleID: fmt.Sprintf("AROA%016d", i),
		Arn:                      fmt.Sprintf("arn:aws:iam::%s:role/r%d", account, i),
		AssumeRolePolicyDocument: json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
		Tags:                     []tag{{"team", fmt.Sprintf("t%d", base%4)}},
	}
	for _, n := range names {
		out.RolePolicyList = append(out.RolePolicyList, inline{fmt.Sprintf("p%d", n), pool[n]})
	}
	if base%3 == 0 {
		out.PermissionsBoundary = &boundary{"PermissionsBoundaryPolicy", boundaryARN(base%paths, base%len(pool))}
	}
	return out
}

func boundaryARN(account, policy int) string {
	return fmt.Sprintf("arn:aws:iam::%s:policy/p%d", Account(account), policy)
}

func boundaries(account int, pool []json.RawMessage) []managed {
	var out []managed
	for base := account; base < combinations; base += paths {
		if base%3 == 0 {
			n := base % len(pool)
			out = append(out, managed{fmt.Sprintf("p%d", n), boundaryARN(account, n), []version{{pool[n], true}}})
		}
	}
	return out
}

func document(statements string) json.RawMessage {
	return json.RawMessage(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
}

const allowAll = `{"Effect":"Allow","Action":"*","Resource":"*"}`

// RegionControl is the content of the control policy at the root of a path.
func RegionControl(path int) json.RawMessage {
	return document(allowAll + fmt.Sprintf(`,{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":[%q,%q,"unspecified"]}}}`,
		regions[path%5], regions[(path+2)%5]))
}

// ModelControl is the content of the control policy of the unit of a path.
func ModelControl(path int) json.RawMessage {
	return document(allowAll + fmt.Sprintf(`,{"Effect":"Deny","Action":"bedrock:InvokeModel*","NotResource":["arn:aws:bedrock:*::foundation-model/anthropic.*","arn:aws:bedrock:*::foundation-model/%s"]}`, model(path)))
}

// tree: a root, a unit for the Regions of each path, one for its models below, the account.
func tree() []byte {
	t := org.Tree{ID: "o-bench", Management: "999999999999", Units: []org.TreeUnit{{ID: "r-root"}}}
	full := org.TreePolicy{Name: "FullAWSAccess", Type: "SERVICE_CONTROL_POLICY", Content: document(allowAll), Targets: []string{"r-root"}}
	for i := range paths {
		upper, lower := fmt.Sprintf("ou-a%d", i), fmt.Sprintf("ou-b%d", i)
		t.Units = append(t.Units, org.TreeUnit{ID: upper, Parent: "r-root"}, org.TreeUnit{ID: lower, Parent: upper, Accounts: []string{Account(i)}})
		full.Targets = append(full.Targets, Account(i))
		t.Policies = append(t.Policies,
			org.TreePolicy{Name: fmt.Sprintf("regions-%d", i), Type: full.Type, Content: RegionControl(i), Targets: []string{upper}},
			org.TreePolicy{Name: fmt.Sprintf("models-%d", i), Type: full.Type, Content: ModelControl(i), Targets: []string{lower}})
	}
	t.Policies = append(t.Policies, full)
	return indented(t)
}

// indented writes JSON as the AWS command line does.
func indented(v any) []byte {
	compact, err := json.Marshal(v)
	if err != nil {
		panic(err) // only types of this package
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "    "); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Organisation reads the case.
func (c Case) Organisation() (*org.Organisation, error) {
	d := org.NewDetails()
	if err := d.Tree(bytes.NewReader(c.Tree)); err != nil {
		return nil, err
	}
	for i := range paths {
		if err := d.Add(Account(i), bytes.NewReader(c.Details[Account(i)])); err != nil {
			return nil, err
		}
	}
	return d.Build(Models()), nil
}

// Models are the models of the case.
func Models() []*plan.Resource {
	var out []*plan.Resource
	for i := range models {
		for _, region := range regions {
			id := model(i)
			out = append(out, &plan.Resource{ARN: "arn:aws:bedrock:" + region + "::foundation-model/" + id, Kind: plan.FoundationModel, Name: id, Region: region})
		}
	}
	return out
}

// condition draws one of the conditions that policies of an organisation have, by operator.
func condition(r *rand.Rand) (operator, keys string) {
	switch r.IntN(7) {
	case 0:
		return "IpAddress", fmt.Sprintf(`{"aws:SourceIp":["203.0.%d.0/24","198.51.100.0/24"]}`, r.IntN(6))
	case 1:
		return "Bool", `{"aws:SecureTransport":"true"}`
	case 2:
		return "StringEquals", fmt.Sprintf(`{"aws:RequestedRegion":[%q,%q]}`, regions[r.IntN(5)], regions[r.IntN(5)])
	case 3:
		return "BoolIfExists", `{"aws:MultiFactorAuthPresent":"true"}`
	case 4:
		return "StringEqualsIfExists", fmt.Sprintf(`{"bedrock:GuardrailIdentifier":"arn:aws:bedrock:us-east-1:111122223333:guardrail/g%d"}`, r.IntN(4))
	case 5:
		return "StringEquals", fmt.Sprintf(`{"aws:PrincipalTag/team":"t%d"}`, r.IntN(4))
	default:
		return "StringLike", fmt.Sprintf(`{"aws:SourceVpce":"vpce-%d*"}`, r.IntN(4))
	}
}

func statement(r *rand.Rand) string {
	effect, resource := "Allow", "Resource"
	if r.IntN(5) == 0 {
		effect = "Deny"
	}
	if r.IntN(10) == 0 {
		resource = "NotResource"
	}
	var patterns []string
	for range 1 + r.IntN(3) {
		id := model(r.IntN(models))
		region := "*"
		switch vendor, _, _ := strings.Cut(id, "."); r.IntN(5) {
		case 0:
			id = vendor + ".*"
		case 1:
			id, region = "*", regions[r.IntN(5)]
		case 2:
			id = "*"
		}
		patterns = append(patterns, `"arn:aws:bedrock:`+region+`::foundation-model/`+id+`"`)
	}
	actions := []string{`"bedrock:InvokeModel"`, `"bedrock:InvokeModel*"`, `["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"]`, `"bedrock:*"`}
	conditions := map[string]string{}
	for range r.IntN(4) {
		operator, keys := condition(r)
		conditions[operator] = keys
	}
	var list []string
	for _, operator := range []string{"IpAddress", "Bool", "StringEquals", "BoolIfExists", "StringEqualsIfExists", "StringLike"} {
		if keys := conditions[operator]; keys != "" {
			list = append(list, fmt.Sprintf("%q:%s", operator, keys))
		}
	}
	return fmt.Sprintf(`{"Effect":%q,"Action":%s,%q:[%s],"Condition":{%s}}`, effect, actions[r.IntN(4)], resource,
		strings.Join(patterns, ","), strings.Join(list, ","))
}
