package collect

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// parsed is the object of a text in JSON; {"$unknown": …} is unknown.
func parsed(t *testing.T, text string) assize.Object {
	t.Helper()
	v, err := assize.ParseValue([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v.(assize.Object)
}

// TestBodySizeLimited holds of which web ACLs is known that they turn every large body away, as of rules
// that are read live (collect/aws, TestLimitsBodies).
func TestBodySizeLimited(t *testing.T) {
	t.Parallel()
	const unknown = `{"$unknown":{"cause":"unknown until apply"}}`
	size := func(by, bytes, oversize string) string {
		return `{"size_constraint_statement":[{"comparison_operator":"` + by + `","size":` + bytes +
			`,"field_to_match":[{"body":[{"oversize_handling":"` + oversize + `"}]}]}]}`
	}
	rule := func(does, statement string) string {
		return `{"name":"r","action":[{"` + does + `":[{}]}],"statement":[` + statement + `]}`
	}
	common := func(more string) string {
		return `{"name":"r","override_action":[{"none":[{}]}],"statement":[{"managed_rule_group_statement":[{"vendor_name":"AWS","name":"AWSManagedRulesCommonRuleSet"` + more + `}]}]}`
	}
	override := func(name, does string) string {
		return `,"rule_action_override":[{"name":"` + name + `","action_to_use":[{"` + does + `":[{}]}]}]`
	}
	large := size("GT", "8000", "MATCH")
	for name, tt := range map[string]struct {
		rules string
		want  any // nil for unknown
	}{
		"none":                       {`[]`, false},
		"over a size":                {`[` + rule("block", large) + `]`, true},
		"that only counts":           {`[` + rule("count", large) + `]`, false},
		"under a size":               {`[` + rule("block", size("LT", "8000", "MATCH")) + `]`, false},
		"more than is seen":          {`[` + rule("block", size("GT", "20000", "CONTINUE")) + `]`, false},
		"more, and what is not seen": {`[` + rule("block", size("GT", "20000", "MATCH")) + `]`, true},
		"but not what is not seen":   {`[` + rule("block", size("GT", "8000", "NO_MATCH")) + `]`, false},
		"or something else":          {`[` + rule("block", `{"or_statement":[{"statement":[{"geo_match_statement":[{}]},`+large+`]}]}`) + `]`, true},
		"and something else":         {`[` + rule("block", `{"and_statement":[{"statement":[{"geo_match_statement":[{}]},`+large+`]}]}`) + `]`, false},
		"the common rules":           {`[` + common("") + `]`, true},
		"without that rule":          {`[` + common(override("SizeRestrictions_BODY", "count")) + `]`, false},
		"without another":            {`[` + common(override("NoUserAgent_HEADER", "count")) + `]`, true},
		"of some requests":           {`[` + common(`,"scope_down_statement":[{"geo_match_statement":[{}]}]`) + `]`, false},
		"a size that is not known":   {`[` + rule("block", size("GT", unknown, "CONTINUE")) + `]`, nil},
		"another action is known":    {`[{"name":"r","action":{"block":{"custom_response":` + unknown + `},"count":` + unknown + `},"statement":[` + large + `]}]`, true},
		"an action not known":        {`[{"name":"r","action":` + unknown + `,"statement":[` + large + `]}]`, nil},
		"one that is known to":       {`[` + common("") + `,{"name":"r","action":` + unknown + `,"statement":[` + large + `]}]`, true},
		"rules that are not known":   {unknown, nil},
	} {
		got := bodySizeLimited(&Planned{Attributes: parsed(t, `{"rule":`+tt.rules+`}`)})
		if u, ok := got.(*assize.Unknown); ok != (tt.want == nil) || u == nil && got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}

// TestRulesThatDoNotAct holds which rules are called counted and narrowed where a part of them is not known.
func TestRulesThatDoNotAct(t *testing.T) {
	t.Parallel()
	p := &Planned{Attributes: parsed(t, `{"rule":[
		{"name":"acts","action":[{"block":[{}],"count":[]}],"statement":[{"rate_based_statement":[{"limit":1}]}]},
		{"name":"counts","action":[{"block":[],"count":[{}]}]},
		{"name":"perhaps","override_action":{"$unknown":{"cause":"unknown until apply","detail":"o"}},
		 "statement":[{"managed_rule_group_statement":[{"name":"x","rule_action_override":[{"name":"let","action_to_use":[{"allow":[{}]}]},{"name":"stop","action_to_use":[{"block":[{}]}]}]}]}]},
		{"name":"scoped","statement":[{"rule_group_reference_statement":[{"arn":"a"}]}]}
	]}`)}
	unknown := &assize.Unknown{Cause: assize.UntilApply, Detail: "o"}
	if diff := cmp.Diff(assize.Value(assize.List{"counts", unknown}), countedRules(p)); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	want := assize.List{assize.NewObject(map[string]assize.Value{"rule": "perhaps", "scoped_down": false, "relaxed": assize.List{"let"}})}
	if diff := cmp.Diff(assize.Value(want), narrowedRules(p)); diff != "" {
		t.Errorf("narrowed (-want +got):\n%s", diff)
	}
	groups, _ := ruleGroups(p).(assize.List)
	if len(groups) != 1 {
		t.Errorf("got %d rule groups, want 1 that is not known", len(groups))
	}
	p.Parts = map[string][]*Planned{ruleAssociation: {{}}}
	rules, _ := webACLRules(p).(assize.List)
	if len(rules) != 5 || !isRest(rules[4]) {
		t.Errorf("with an association: got %v, want a rest that is not known", rules)
	}
}

// TestEnabler holds in which account an enabler of Inspector says that it scans.
func TestEnabler(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		account, attributes string
		ecr                 any
		cause               assize.Cause
	}{
		{"111122223333", `{"account_ids":["111122223333"],"resource_types":["ECR"]}`, "ENABLED", ""},
		{"111122223333", `{"account_ids":["111122223333"],"resource_types":["EC2"]}`, nil, assize.DeferredToLive},
		{"111122223333", `{"account_ids":["444455556666"],"resource_types":["ECR"]}`, nil, assize.DeferredToLive},
		{"", `{"account_ids":["111122223333"],"resource_types":["ECR"]}`, nil, assize.UntilApply},
		{"111122223333", `{"account_ids":[{"$unknown":{"cause":"unknown until apply"}}],"resource_types":["ECR"]}`, nil, assize.UntilApply},
		{"111122223333", `{"account_ids":["111122223333"],"resource_types":{"$unknown":{"cause":"unknown until apply"}}}`, nil, assize.UntilApply},
	} {
		got := scans("ECR")(&Planned{Account: tt.account, Attributes: parsed(t, tt.attributes)})
		if u, ok := got.(*assize.Unknown); ok && u.Cause != tt.cause || !ok && got != tt.ecr {
			t.Errorf("account %q, %s: got %v, want %v %s", tt.account, tt.attributes, got, tt.ecr, tt.cause)
		}
	}
}

// TestInvokePolicy holds which statements permissions and URLs make, and when there may be others.
func TestInvokePolicy(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:lambda:eu-central-1:111122223333:function:f"
	one := func(more string) string {
		return `{"Statement":[` + more + `],"Version":"2012-10-17"}`
	}
	everybody := `{"Action":"lambda:*","Effect":"Allow","Principal":"*","Resource":"` + arn + `"}`
	for name, tt := range map[string]struct {
		action, permission, url string
		unlinked                bool
		want                    string // "" for unknown
	}{
		"new, without any":       {"create", "", "", false, one("")},
		"existing, without any":  {"no-op", "", "", false, ""},
		"everybody":              {"create", `{"action":"lambda:*","principal":"*"}`, "", false, one(everybody)},
		"existing, everybody":    {"no-op", `{"action":"lambda:*","principal":"*"}`, "", true, one(everybody)},
		"existing, narrowed":     {"no-op", `{"action":"lambda:*","principal":"*","source_account":"1"}`, "", false, ""},
		"by a service":           {"create", `{"action":"a","principal":"s3.amazonaws.com","source_arn":"s"}`, "", false, one(`{"Action":"a","Condition":{"ArnLike":{"AWS:SourceArn":"s"}},"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Resource":"` + arn + `"}`)},
		"existing, by a service": {"no-op", `{"action":"a","principal":"s3.amazonaws.com","source_arn":"s"}`, "", false, ""},
		"an account, narrowed":   {"create", `{"action":"a","principal":"444455556666","source_account":"4","principal_org_id":{"$unknown":{"cause":"unknown until apply"}}}`, "", false, one(`{"Action":"a","Condition":{"StringEquals":{"AWS:SourceAccount":"4","aws:PrincipalOrgID":"${assize:unknown}"}},"Effect":"Allow","Principal":{"AWS":["444455556666"]},"Resource":"` + arn + `"}`)},
		"of an alias":            {"create", `{"action":"a","principal":"*","qualifier":"live"}`, "", false, one("")},
		"a URL that asks nobody": {"create", "", `{"authorization_type":"NONE"}`, false, one(`{"Action":"lambda:InvokeFunctionUrl","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}},"Effect":"Allow","Principal":"*","Resource":"` + arn + `"}`)},
		"a URL that asks":        {"create", "", `{"authorization_type":"AWS_IAM"}`, false, one("")},
		"one that may be of it":  {"create", "", "", true, ""},
	} {
		p := &Planned{Attributes: parsed(t, `{"arn":"`+arn+`"}`), Origin: assize.Origin{Kind: "plan", Action: tt.action}, Parts: map[string][]*Planned{}}
		if tt.permission != "" {
			p.Parts[typePermission] = []*Planned{{Attributes: parsed(t, tt.permission)}}
		}
		if tt.url != "" {
			p.Parts[typeFunctionURL] = []*Planned{{Attributes: parsed(t, tt.url)}}
		}
		if tt.unlinked {
			p.Unlinked = map[string]*assize.Unknown{typePermission: {Cause: assize.Unlinked}}
		}
		got, _ := invokePolicy(p).(string)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestComputedIsHidden holds that what is made of something that must not be shown is not shown.
func TestComputedIsHidden(t *testing.T) {
	t.Parallel()
	prog := &plannedProgram{computed: []string{"invoke_policy"}}
	for _, tt := range []struct {
		own, part []string
		want      bool
	}{
		{nil, nil, false},
		{[]string{"environment[0].variables"}, nil, false},
		{nil, []string{"principal"}, true},
		{[]string{""}, nil, true},
	} {
		p := &Planned{Type: "aws_lambda_function", Sensitive: tt.own, Parts: map[string][]*Planned{
			typePermission: {{Attributes: parsed(t, `{"action":"a","principal":"*"}`), Sensitive: tt.part}},
		}}
		if got := slices.Contains(prog.withComputed(p).Sensitive, "invoke_policy"); got != tt.want {
			t.Errorf("own %q, part %q: got hidden %v, want %v", tt.own, tt.part, got, tt.want)
		}
	}
}

// TestGivenName holds that a name that Terraform or EC2 makes up is none: it is never "default".
func TestGivenName(t *testing.T) {
	t.Parallel()
	for attributes, want := range map[string]assize.Value{
		`{"name":"default"}`: "default",
		`{"name":"web"}`:     "web",
		`{"name":{"$unknown":{"cause":"unknown until apply"}}}`: nil,
		`{}`: nil,
	} {
		if got := givenName(&Planned{Attributes: parsed(t, attributes)}); got != want {
			t.Errorf("%s: got %v, want %v", attributes, got, want)
		}
	}
}
