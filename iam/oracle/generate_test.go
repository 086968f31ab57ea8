//go:build iamoracle

package oracle

import (
	"math/rand/v2"
	"slices"
	"strings"
)

const (
	account = "111122223333"
	other   = "444455556666"
	root    = "arn:aws:iam::" + account + ":root"
)

// Small overlapping pools, so that policies and requests meet.
var (
	principals = []string{
		"arn:aws:iam::" + account + ":user/alice", "arn:aws:sts::" + account + ":assumed-role/app/s1",
		"arn:aws:iam::" + account + ":user/alice", "arn:aws:sts::" + account + ":assumed-role/app/s1",
		"arn:aws:iam::" + account + ":user/bob", "arn:aws:sts::" + account + ":assumed-role/ops/s2",
		root, "arn:aws:sts::" + account + ":federated-user/fred", "logging.s3.amazonaws.com",
	}
	// targets are actions with resources; an account-less ARN belongs to account.
	targets = []struct {
		actions, resources []string
	}{
		{
			[]string{"bedrock:InvokeModel", "bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
			[]string{
				"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-v1:0", "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-v1:0:28k",
				"arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-v1", "arn:aws:bedrock:::foundation-model/anthropic.claude-3-v1:0",
				"arn:aws:bedrock:us-east-1:" + account + ":inference-profile/us.anthropic.claude-3-v1:0",
			},
		},
		{[]string{"s3:GetObject", "s3:PutObject"}, []string{"arn:aws:s3:::data/k", "arn:aws:s3:::data/a:b/x", "arn:aws:s3:::data/alice/x", "arn:aws:s3:::logs/k"}},
		{[]string{"s3:ListBucket", "s3:PutBucketPolicy"}, []string{"arn:aws:s3:::data"}},
		{[]string{"dynamodb:GetItem"}, []string{"arn:aws:dynamodb:us-east-1:" + account + ":table/prod-x", "arn:aws:dynamodb:us-east-1:" + account + ":table/alice"}},
		{[]string{"kms:Decrypt"}, []string{"arn:aws:kms:us-east-1:" + account + ":key/k1"}},
		{[]string{"sts:AssumeRole"}, []string{"arn:aws:iam::" + account + ":role/target"}},
		{[]string{"bedrock:ListFoundationModels", "s3:ListAllMyBuckets"}, []string{"*"}},
	}
	actionPatterns = []string{
		"*", "*", "bedrock:*", "bedrock:Invoke*", "bedrock:InvokeModel", "Bedrock:invokemodel*", "bedrock:List*", "s3:*", "s3:Get*", "s3:?etObject",
		"s3:GetObject", "s3:List*", "dynamodb:*", "kms:*", "sts:AssumeRole", "*:*",
	}
	resourcePatterns = []string{
		"*", "*", "*", "arn:aws:bedrock:*::foundation-model/anthropic.*", "arn:aws:bedrock:*::foundation-model/*", "arn:aws:bedrock:*:foundation-model/anthropic.*",
		"arn:aws:bedrock:*::foundation-model/anthropic.*:0", "arn:aws:bedrock:*::foundation-model/a*0", "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-v1?0",
		"arn:aws:bedrock:*:*:inference-profile/us.*", "arn:aws:bedrock:*:*:*", "arn:*:*:*:*:*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/k", "arn:aws:s3:::data*",
		"arn:aws:s3:::data/${aws:username}/*", "arn:aws:s3:::data/${aws:PrincipalTag/team, 'alice'}/*", "arn:aws:s3:::*/x", "arn:aws:s3:::data/a?b/x", "arn:aws:S3:::data/*",
		"arn:aws:dynamodb:*:table/prod-*", "arn:aws:dynamodb:*:*:table/${aws:username}", "arn:aws:dynamodb:us-east-1:" + account + ":table/prod-x",
		"arn:aws:kms:*:*:key/*", "arn:aws:iam::*:role/*",
	}
	principalElements = []any{
		"*",
		map[string]any{"AWS": "*"},
		map[string]any{"AWS": account},
		map[string]any{"AWS": "arn:aws:iam::" + account + ":root"},
		map[string]any{"AWS": "arn:aws:iam::" + account + ":user/alice"},
		map[string]any{"AWS": "arn:aws:iam::" + account + ":role/app"},
		map[string]any{"AWS": "arn:aws:sts::" + account + ":assumed-role/app/s1"},
		map[string]any{"AWS": other},
		map[string]any{"AWS": []any{"arn:aws:iam::" + account + ":user/bob", "arn:aws:iam::" + other + ":role/x"}},
		map[string]any{"AWS": "arn:aws:sts::" + account + ":federated-user/fred"},
		map[string]any{"Service": "logging.s3.amazonaws.com"},
	}
	notPrincipals = []any{
		map[string]any{"AWS": []any{"arn:aws:iam::" + account + ":user/alice", "arn:aws:iam::" + account + ":root"}},
		map[string]any{"AWS": []any{"arn:aws:sts::" + account + ":assumed-role/app/s1", "arn:aws:iam::" + account + ":role/app", account}},
		map[string]any{"AWS": other},
		map[string]any{"Service": "logging.s3.amazonaws.com"},
	}
	setPrefixes = []string{"", "", "", "", "ForAllValues:", "ForAnyValue:"}
)

// keyPool is a condition key with values of requests and of policies, and the operators that go with it.
type keyPool struct {
	name      string
	list      bool
	given     []string
	listed    []string
	operators []string
}

var keyPools = []keyPool{
	{"aws:SecureTransport", false, []string{"true", "false"}, []string{"true", "false", "TRUE"}, []string{"Bool"}},
	{"aws:SourceIp", false, []string{"203.0.113.9", "10.1.2.3", "2001:db8::1", "::ffff:10.1.2.3"}, []string{"203.0.113.0/24", "10.0.0.0/8", "203.0.113.9", "2001:db8::/32", "0.0.0.0/0"}, []string{"IpAddress", "NotIpAddress"}},
	{"aws:RequestedRegion", false, []string{"us-east-1", "eu-west-1"}, []string{"us-east-1", "eu-*", "US-EAST-1", "us-?ast-1"}, []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}},
	{"aws:PrincipalTag/team", false, []string{"red", "blue", "alice"}, []string{"red", "blue", "${aws:username}", "${x:team}", "${x:team, 'red'}", "r*"}, []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike"}},
	{"x:team", false, []string{"red", "blue"}, []string{"red", "${aws:PrincipalTag/team}", "*"}, []string{"StringEquals", "StringLike", "StringNotEquals"}},
	{"aws:TagKeys", true, []string{"a", "b", "ab"}, []string{"a", "b", "a*", "c"}, []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"}},
	{"aws:MultiFactorAuthAge", false, []string{"1.5", "2", "300"}, []string{"2", "1.5", "300"}, []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"}},
	{"aws:CurrentTime", false, []string{"2026-01-01T00:00:00Z", "1767225600", "2025-06-01T12:00:00Z"}, []string{"2026-01-01T00:00:00Z", "1767225600", "2025-06-01T12:00:00Z"}, []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"}},
	{"bedrock:GuardrailIdentifier", false, []string{"arn:aws:bedrock:us-east-1:" + account + ":guardrail/g1", "arn:aws:bedrock:us-east-1:" + account + ":guardrail/g1:2"}, []string{"arn:aws:bedrock:us-east-1:" + account + ":guardrail/g1", "arn:aws:bedrock:*:*:guardrail/g1*", "arn:aws:bedrock:*:guardrail/g1"}, []string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringEquals"}},
	{"aws:PrincipalArn", false, nil, []string{"arn:aws:iam::" + account + ":role/app", "arn:aws:iam::*:user/*", "arn:aws:iam::" + account + ":*"}, []string{"ArnEquals", "ArnLike", "ArnNotLike", "StringLike", "StringNotLike"}},
	{"x:blob", false, []string{"YQ==", "Yg=="}, []string{"YQ==", "Yg=="}, []string{"BinaryEquals"}},
}

// source gives a number below n: random, or drawn by a test that shrinks what it drew.
type source func(n int) int

// seeded is the source of one case, so that each can be made again by itself.
func seeded(seed, index uint64) source { return rand.New(rand.NewPCG(seed, index)).IntN }

func pick[T any](s source, from []T) T { return from[s(len(from))] }

// some picks 1 to most distinct values.
func some(s source, from []string, most int) []string {
	var out []string
	for range 1 + s(most) {
		if v := pick(s, from); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// newCase draws a case. Allow to Deny is 7 to 1, and control policies stand beside FullAWSAccess: otherwise
// nothing would be allowed.
func newCase(s source) *testCase {
	target := pick(s, targets)
	c := &testCase{
		Principal: pick(s, principals), Action: pick(s, target.actions), Resource: pick(s, target.resources),
		ResourceAccount: account,
	}
	if s(5) == 0 && (c.Principal == principals[0] || c.Principal == principals[1]) && target.actions[0] != "bedrock:InvokeModel" {
		c.ResourceAccount = other
	}
	c.Context = derivedKeys(c.Principal, c.ResourceAccount)
	for i := range keyPools {
		keyPools[i].give(s, c.Context)
	}
	for range 1 + s(2) {
		c.Identity = append(c.Identity, newDocument(s, 3, false))
	}
	if !hasIdentity(c.Principal) {
		c.Identity = nil
	}
	present := func(oneIn int, principal bool) *document {
		if s(oneIn) > 0 {
			return nil
		}
		return newDocument(s, 3, principal)
	}
	if target.actions[0] != "bedrock:InvokeModel" && c.Resource != "*" {
		c.ResourcePolicy = present(2, true)
		if c.ResourcePolicy == nil && c.needsResourcePolicy() {
			c.ResourcePolicy = &document{Version: "2012-10-17", Statement: []*statement{{
				Effect: "Allow", Principal: map[string]any{"AWS": account}, Action: []string{"*"}, Resource: []string{"*"},
			}}}
		}
	}
	if hasIdentity(c.Principal) && c.Principal != root {
		c.Boundary = present(4, false)
	}
	if c.Principal == principals[1] || c.Principal == principals[7] {
		c.Session = present(4, false)
	}
	c.Endpoint = present(8, true)
	c.controls(s)
	return c
}

// needsResourcePolicy: there is no role without trust policy, and no key without key policy.
func (c *testCase) needsResourcePolicy() bool {
	return strings.HasPrefix(c.Action, "sts:") || strings.HasPrefix(c.Action, "kms:")
}

func hasIdentity(principal string) bool { return principal != "logging.s3.amazonaws.com" }

func (c *testCase) controls(s source) {
	if hasIdentity(c.Principal) && s(3) == 0 {
		for range 1 + s(3) {
			level := []*document{full(false)}
			if s(2) == 0 {
				level = append(level, newDocument(s, 2, false))
			}
			if s(12) == 0 {
				level = level[1:]
			}
			c.ServiceControl = append(c.ServiceControl, level)
		}
	}
	if s(6) == 0 && !strings.HasPrefix(c.Action, "bedrock:") {
		d := newDocument(s, 2, true)
		for _, st := range d.Statement {
			st.Effect, st.Principal, st.NotPrincipal = "Deny", "*", nil
		}
		c.ResourceControl = [][]*document{{full(true)}, {full(true), d}}
	}
}

// full is FullAWSAccess or RCPFullAWSAccess.
func full(principal bool) *document {
	st := &statement{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}
	if principal {
		st.Principal = "*"
	}
	return &document{Version: "2012-10-17", Statement: []*statement{st}}
}

func newDocument(s source, most int, principal bool) *document {
	d := &document{Version: "2012-10-17"}
	if s(20) == 0 {
		d.Version = "2008-10-17"
	}
	for range 1 + s(most) {
		d.Statement = append(d.Statement, newStatement(s, principal))
	}
	return d
}

func newStatement(s source, principal bool) *statement {
	st := &statement{Effect: "Allow"}
	if s(7) == 0 {
		st.Effect = "Deny"
	}
	actions, resources := some(s, actionPatterns, 3), some(s, resourcePatterns, 3)
	if s(2) == 0 {
		actions = []string{"*"}
	}
	if s(2) == 0 {
		resources = []string{"*"}
	}
	if s(10) == 0 {
		st.NotAction = actions
	} else {
		st.Action = actions
	}
	if s(10) == 0 {
		st.NotResource = resources
	} else {
		st.Resource = resources
	}
	if principal {
		st.Principal = pick(s, principalElements)
		if st.Effect == "Deny" && s(4) == 0 {
			st.Principal, st.NotPrincipal = nil, pick(s, notPrincipals)
		}
	}
	for range max(0, s(6)-3) {
		st.condition(s)
	}
	return st
}

func (s *statement) condition(from source) {
	key := pick(from, keyPools)
	operator, values := pick(from, key.operators), some(from, key.listed, 2)
	switch from(10) {
	case 0:
		operator, values = "Null", []string{pick(from, []string{"true", "false"})}
	case 1, 2:
		operator += "IfExists"
	}
	if operator != "Null" {
		prefix := pick(from, setPrefixes)
		if key.list && from(4) > 0 {
			prefix = pick(from, setPrefixes[4:])
		}
		operator = prefix + operator
	}
	if s.Condition == nil {
		s.Condition = map[string]map[string][]string{}
	}
	if s.Condition[operator] == nil {
		s.Condition[operator] = map[string][]string{}
	}
	s.Condition[operator][key.name] = values
}

// give sets the key in three of four requests.
func (k *keyPool) give(s source, context map[string]any) {
	if k.given == nil || s(4) == 0 {
		return
	}
	if !k.list {
		context[k.name] = pick(s, k.given)
		return
	}
	values := some(s, k.given, 3)
	if s(6) == 0 {
		values = []string{}
	}
	context[k.name] = values
}
