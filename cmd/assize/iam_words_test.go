package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/report"
)

func TestOperationOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, want, fault string }{
		{"converse", "bedrock:Converse", ""},
		{"bedrock:invokemodel", "bedrock:InvokeModel", ""},
		{"kms:Decrypt", "kms:Decrypt", ""},
		{"Fly", "", `--call "Fly": no such operation`},
	} {
		got, err := operationOf(tt.name)
		if got != tt.want || (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%s: got %q, %v, want %q, %q", tt.name, got, err, tt.want, tt.fault)
		}
	}
}

func TestPrincipalOf(t *testing.T) {
	t.Parallel()
	o := &org.Organisation{Principals: []*org.Principal{
		{ARN: "arn:aws:iam::111122223333:role/team/ml", Name: "ml"},
		{ARN: "arn:aws:iam::444455556666:role/ml", Name: "ml"},
		{ARN: "arn:aws:iam::444455556666:user/ann", Name: "ann"},
	}}
	for _, tt := range []struct{ name, want, fault string }{
		{"ann", "arn:aws:iam::444455556666:user/ann", ""},
		{"role/team/ml", "arn:aws:iam::111122223333:role/team/ml", ""},
		{"ml", "", "2 have this name, say the ARN: arn:aws:iam::111122223333:role/team/ml, arn:aws:iam::444455556666:role/ml"},
		{"bob", "", "there is none of this ARN or name among the 3 that are known"},
	} {
		p, err := principalOf(o, tt.name)
		if tt.fault != "" {
			if err == nil || !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("%s: got %v, want %q", tt.name, err, tt.fault)
			}
			continue
		}
		if err != nil || p.ARN != tt.want {
			t.Errorf("%s: got %v, %v, want %s", tt.name, p, err, tt.want)
		}
	}
}

func TestMeans(t *testing.T) {
	t.Parallel()
	haiku := &plan.Resource{ARN: "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0", Kind: plan.FoundationModel, Name: "Claude 3 Haiku"}
	agent := &plan.Resource{ARN: "arn:aws:bedrock:us-east-1:111122223333:agent/ABCDEFGHIJ", Kind: plan.Agent, Name: "claims"}
	for _, tt := range []struct {
		pattern string
		r       *plan.Resource
		want    bool
	}{
		{"anthropic.*", haiku, true},
		{"anthropic.claude-3-haiku", haiku, true},
		{"anthropic?claude-3-haiku-20240307-v1:0", haiku, true},
		{"arn:aws:bedrock:*::foundation-model/*", haiku, true},
		{"Claude 3 Haiku", haiku, true},
		{"anthropic.+", haiku, false},
		{"*haiku", haiku, false},
		{"claims", agent, true},
		{"ABCDE", agent, false},
		{"agent/ABCDEFGHIJ", agent, true},
	} {
		if got := means(tt.pattern, tt.r); got != tt.want {
			t.Errorf("%q means %s: got %v, want %v", tt.pattern, tt.r.Name, got, tt.want)
		}
	}
}

func TestMFAText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		conditions []string
		want       string
	}{
		{[]string{"always"}, "not needed"},
		{[]string{"aws:MultiFactorAuthPresent = true"}, "needed"},
		{[]string{"aws:MultiFactorAuthPresent is absent"}, "aws:MultiFactorAuthPresent is absent"},
	} {
		if got := mfaText(tt.conditions); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.conditions, got, tt.want)
		}
	}
}

// Targets that share a name are told apart; the call is said where there are several.
func TestTellApart(t *testing.T) {
	t.Parallel()
	calls := []plan.Call{
		{Operation: "s3:GetObject", Target: "arn:aws:s3:::data/x"},
		{Operation: "s3:PutObject", Target: "arn:aws:s3:::data/x"},
		{Operation: "s3:GetObject", Target: "arn:aws:bedrock:us-east-1:111122223333:agent/A"},
		{Operation: "s3:GetObject", Target: "arn:aws:bedrock:us-east-1:444455556666:agent/A"},
	}
	var targets []report.AccessTarget
	for _, c := range calls {
		targets = append(targets, targetOf(c, nil))
	}
	tellApart(targets, calls)
	var got []string
	for i := range targets {
		got = append(got, targets[i].Label())
	}
	want := []string{
		"s3:GetObject on data/x", "s3:PutObject on data/x",
		"s3:GetObject on A (arn:aws:bedrock:us-east-1:111122223333:agent/A), us-east-1",
		"s3:GetObject on A (arn:aws:bedrock:us-east-1:444455556666:agent/A), us-east-1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

func TestFilled(t *testing.T) {
	t.Parallel()
	got := filled("arn:${Partition}:bedrock:${Region}:${Account}:agent-alias/${AgentId}/${AgentAliasId}", map[string]string{"${Partition}": "aws", "${Region}": "us-east-1", "${Account}": "111122223333"})
	if want := "arn:aws:bedrock:us-east-1:111122223333:agent-alias/assize-any/assize-any"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// An error quotes names and documents of others: no escape of theirs reaches the terminal.
func TestErrorsAreHarmless(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"iam", "who-can", "--from", "x\x1b[31m\u202e\x9b.assize", "--color", "red\x1b]0;x\x07"}, &stdout, &stderr)
	if got := stderr.String(); code != exitError || strings.ContainsAny(got, "\x1b\x07\u202e\u009b") || !utf8.ValidString(got) || !strings.Contains(got, `\x1b`) || !strings.HasSuffix(got, "\n") {
		t.Errorf("exit %d, got %q, want the escapes written out", code, got)
	}
	code = run(t.Context(), []string{"iam", "who-can", "--nothing"}, &stdout, &stderr)
	if got := stderr.String(); code != exitError || !strings.Contains(got, "\nsee: assize iam who-can --help\n") {
		t.Errorf("exit %d, got %q, want the hint on a line of its own", code, got)
	}
}
