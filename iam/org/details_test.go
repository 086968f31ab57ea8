package org_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam/org"
)

// TestDetails: what the command line prints, with groups, managed policies and encoded text.
func TestDetails(t *testing.T) {
	t.Parallel()
	const details = `{
		"UserDetailList": [{"UserName": "u", "UserId": "AIDA1", "Arn": "arn:aws:iam::111122223333:user/u", "GroupList": ["g", "gone"],
			"AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
				{"PolicyName": "lost", "PolicyArn": "arn:aws:iam::111122223333:policy/lost"}]}],
		"GroupDetailList": [{"GroupName": "g", "Arn": "arn:aws:iam::111122223333:group/g", "GroupPolicyList": [
			{"PolicyName": "inline", "PolicyDocument": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D"}],
			"AttachedManagedPolicies": [{"PolicyName": "own", "PolicyArn": "arn:aws:iam::111122223333:policy/own"}]}],
		"RoleDetailList": null,
		"Policies": [{"Arn": "arn:aws:iam::111122223333:policy/own", "PolicyVersionList": [
			{"IsDefaultVersion": false, "Document": {"Statement": []}},
			{"IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": []}}]}],
		"IsTruncated": true, "Marker": "m", "Other": {"x": [1]}}`
	d := org.NewDetails()
	if err := d.Add("111122223333", strings.NewReader(details)); err != nil {
		t.Fatal(err)
	}
	o := d.Build(nil)
	p := o.Principal("arn:aws:iam::111122223333:user/u")
	readable, documents := map[string]bool{}, map[string]*org.Document{}
	for _, x := range p.Identity {
		_, readable[x.Name] = x.Policy.Readable()
		documents[x.Name] = x.Document
	}
	want := map[string]bool{
		"g/inline": true, "arn:aws:iam::111122223333:policy/own": true, "arn:aws:iam::aws:policy/ReadOnlyAccess": true,
		"arn:aws:iam::111122223333:policy/lost": false, "gone": false,
	}
	for name, ok := range want {
		if got, found := readable[name]; !found || got != ok {
			t.Errorf("policy %s: got readable %v, found %v, want readable %v", name, got, found, ok)
		}
	}
	if len(o.Unknown) != 1 {
		t.Errorf("truncated details: got %d unknowns, want one", len(o.Unknown))
	}
	if documents["g/inline"] != documents["arn:aws:iam::111122223333:policy/own"] {
		t.Error("the encoded and the plain text of a policy: got two documents, want one")
	}
}

// TestDetailsRefused: what is no such file is refused with the place and what was expected.
func TestDetailsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                                   "unexpected EOF",
		`[]`:                                 "get-account-authorization-details",
		`{"UserDetailList":{}}`:              "expected a list",
		`{"UserDetailList":[{"Arn":1}]}`:     "cannot unmarshal",
		`{"RoleDetailList":[{"Path":"/"}]}`:  "no Arn",
		`{"RoleDetailList":[{"Arn":"x"}`:     "EOF",
		`{"UserDetailList":[]} {"more": []}`: "after the end",
	} {
		err := org.NewDetails().Add("111122223333", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		`{"id":"o-1","policies":[{"name":"x","type":"TAG_POLICY"}]}`: "TAG_POLICY",
		`{"unknown":1}`: "unknown field",
	} {
		if err := org.NewDetails().Tree(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("organisation file %s: got error %v, want one with %q", text, err, want)
		}
	}
}

// TestTreeRefused: an organisation file that does not hold together is refused.
func TestTreeRefused(t *testing.T) {
	t.Parallel()
	const policy = `"policies":[{"name":"p","type":"SERVICE_CONTROL_POLICY","content":{"Statement":[]},"targets":["ou-typo"]}]`
	for text, want := range map[string]string{
		`{"units":[{"id":"r-1"}],` + policy + `}`:                                  `attached to "ou-typo", which is no unit or account`,
		`{"units":[{"id":"r-1"},{"id":"ou-1","parent":"r-2"}]}`:                    `the parent "r-2" of unit "ou-1"`,
		`{"units":[{"id":"r-1","accounts":["1"]},{"id":"ou-1","accounts":["1"]}]}`: `"1" stands there twice`,
		`{"units":[{"id":"","parent":""}]}`:                                        "a unit has no id",
		`{"id":"o-1"} {"id":"o-2"}`:                                                "more after the end",
		`{"policies":[{"name":"p","type":"TAG_POLICY"}]}`:                          "TAG_POLICY",
	} {
		if err := org.NewDetails().Tree(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
