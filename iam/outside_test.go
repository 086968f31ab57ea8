package iam

import "testing"

func TestPublicAction(t *testing.T) {
	t.Parallel()
	p, err := Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::data/*"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for action, want := range map[string]Verdict{"s3:GetObject": Yes, "s3:PutObject": No, "s3:ListBucket": No} {
		if got := PublicAction(p, "arn:aws:s3:::data", action); got.Verdict != want {
			t.Errorf("%s: got %v (%s), want %v", action, got.Verdict, got.Reason, want)
		}
	}
	if got := PublicAction(nil, "arn:aws:s3:::data", "s3:GetObject"); !got.No() {
		t.Errorf("no policy: got %v", got)
	}
}

func TestGrantsOutside(t *testing.T) {
	t.Parallel()
	allow := func(principal, action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `","Resource":"arn:aws:s3:::data"}]}`
	}
	for name, c := range map[string]struct {
		policy string
		want   Verdict
	}{
		"the own account":           {allow(`{"AWS":"arn:aws:iam::111122223333:root"}`, "s3:*"), No},
		"a role of the own account": {allow(`{"AWS":"arn:aws:iam::111122223333:role/x"}`, "s3:*"), No},
		"another account by id":     {allow(`{"AWS":"444455556666"}`, "s3:PutBucketPolicy"), Yes},
		"a role of another account": {allow(`{"AWS":"arn:aws:iam::444455556666:role/x"}`, "s3:Put*"), Yes},
		"another action":            {allow(`{"AWS":"444455556666"}`, "s3:GetObject"), No},
		"everyone":                  {allow(`"*"`, "s3:*"), Yes},
		"a service":                 {allow(`{"Service":"cloudtrail.amazonaws.com"}`, "s3:*"), No},
		"an id without account":     {allow(`{"AWS":"AROAEXAMPLEEXAMPLE"}`, "s3:*"), CannotTell},
		"a canonical user":          {allow(`{"CanonicalUser":"79a59df900b949e55d96a1e698fbaced"}`, "s3:*"), CannotTell},
	} {
		p, err := Parse([]byte(c.policy))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := GrantsOutside(p, "arn:aws:s3:::data", "111122223333", "s3:PutBucketPolicy"); got.Verdict != c.want {
			t.Errorf("%s: got %v (%s), want %v", name, got.Verdict, got.Reason, c.want)
		}
	}
	if got := GrantsOutside(nil, "arn:aws:s3:::data", "111122223333", "s3:PutBucketPolicy"); !got.No() {
		t.Errorf("no policy: got %v", got)
	}
}

func TestGrantsBeyond(t *testing.T) {
	t.Parallel()
	p, err := Parse([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::444455556666:role/x"]},"Action":"s3:*","Resource":"arn:aws:s3:::data"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := GrantsBeyond(p, "arn:aws:s3:::data", []string{"111122223333", "444455556666"}, "s3:GetObject"); !got.No() {
		t.Errorf("both accounts may be named: got %v (%s)", got.Verdict, got.Reason)
	}
	if got := GrantsBeyond(p, "arn:aws:s3:::data", []string{"111122223333"}, "s3:GetObject"); !got.Yes() {
		t.Errorf("one account may not be named: got %v (%s)", got.Verdict, got.Reason)
	}
}
