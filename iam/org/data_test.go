package org_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

// TestData: reading needs the key, whose policy has to agree; with and without a second factor.
func TestData(t *testing.T) {
	t.Parallel()
	parse := func(text string) *iam.Policy {
		p, err := iam.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	bucket, key := "arn:aws:s3:::training", "arn:aws:kms:us-east-1:"+home+":key/k1"
	delegated := statements(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + home + `:root"},"Action":"kms:*","Resource":"*"}`)
	named := statements(`{"Effect":"Allow","Principal":{"AWS":"` + roleARN(home, "named") + `"},"Action":"kms:Decrypt","Resource":"*"}`)
	mfa := `"Bool":{"aws:MultiFactorAuthPresent":"true"}`
	w := world{
		roles: map[string]testRole{
			home + "/all":    {trust: lambdaTrust, allow: []string{allow("s3:* kms:*", "*")}},
			home + "/nokey":  {trust: lambdaTrust, allow: []string{allow("s3:*", "*")}},
			home + "/named":  {trust: lambdaTrust, allow: []string{allow("s3:GetObject", bucket+"/*")}},
			home + "/direct": {trust: lambdaTrust, allow: []string{allow("s3:*", "*"), allow("kms:Decrypt", "*", `"Null":{"kms:ViaService":"true"}`)}},
			other + "/far":   {trust: lambdaTrust, allow: []string{allow("s3:* kms:*", "*")}},
		},
		users: map[string][]string{home + "/factor": {allow("s3:* kms:*", "*", mfa)}},
	}
	tests := []struct {
		name, keyPolicy string
		purpose         plan.Purpose
		want            []string
	}{
		{"key policy delegates", delegated, plan.Read, []string{"all always with always without always", "factor conditional with always without never"}},
		{"key policy names one", named, plan.Read, []string{"named always with always without always"}},
		{"deleting needs no key", named, plan.Delete, []string{"all+direct+nokey always with always without always", "factor conditional with always without never"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := w
			w.resources = []*plan.Resource{
				{ARN: bucket, Kind: plan.Bucket, Name: "training", Account: home, Region: "us-east-1", Key: key, TagsKnown: true},
				{ARN: key, Kind: plan.Key, Account: home, Region: "us-east-1", Policy: parse(tt.keyPolicy)},
			}
			access, err := w.build(t).WhoCanData(tt.purpose, bucket+"/set/*")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range access.Rows {
				var names []string
				for _, p := range r.Principals {
					names = append(names, p.Name)
				}
				for _, answer := range r.Answers {
					replay(t, answer)
				}
				got = append(got, strings.Join(names, "+")+" "+string(r.Outcome)+" with "+string(r.WithMFA)+" without "+string(r.WithoutMFA))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDataInPart: who may read some objects of a bucket, or old versions, may read data.
func TestDataInPart(t *testing.T) {
	t.Parallel()
	const bucket = "arn:aws:s3:::training"
	w := world{
		roles: map[string]testRole{
			home + "/prefix":  {trust: lambdaTrust, allow: []string{allow("s3:GetObject", bucket+"/team-a/*")}},
			home + "/pattern": {trust: lambdaTrust, allow: []string{allow("s3:GetObject", "arn:aws:s3:::train*/raw-*")}},
			home + "/version": {trust: lambdaTrust, allow: []string{allow("s3:GetObjectVersion", bucket+"/*")}},
			home + "/other":   {trust: lambdaTrust, allow: []string{allow("s3:GetObject", "arn:aws:s3:::else/team-a/*")}},
			home + "/listing": {trust: lambdaTrust, allow: []string{allow("s3:ListBucket", bucket)}},
		},
		resources: []*plan.Resource{{ARN: bucket, Kind: plan.Bucket, Name: "training", Account: home, Region: "us-east-1", Versioned: true, TagsKnown: true}},
	}
	for target, want := range map[string][]string{
		bucket:                {"pattern", "prefix", "version"},
		bucket + "/team-a/*":  {"prefix", "version"},
		bucket + "/team-b/*":  {"version"},
		bucket + "/raw-1.csv": {"pattern", "version"},
	} {
		access, err := w.build(t).WhoCanData(plan.Read, target)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range access.Rows {
			for _, p := range r.Principals {
				got = append(got, p.Name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", target, diff)
		}
	}
}

// TestDataThroughEndpoint: the policy of the S3 endpoint is not asked about the key.
func TestDataThroughEndpoint(t *testing.T) {
	t.Parallel()
	key := "arn:aws:kms:us-east-1:" + home + ":key/k1"
	policy, err := iam.Parse([]byte(statements(`{"Effect":"Allow","Principal":{"AWS":"` + home + `"},"Action":"kms:*","Resource":"*"}`)))
	if err != nil {
		t.Fatal(err)
	}
	w := world{
		roles: map[string]testRole{home + "/r": {trust: lambdaTrust, allow: []string{allow("s3:GetObject kms:Decrypt", "*", `"StringEquals":{"aws:SourceVpce":"vpce-1"}`)}}},
		resources: []*plan.Resource{
			{ARN: "arn:aws:s3:::training", Kind: plan.Bucket, Account: home, Region: "us-east-1", Key: key, TagsKnown: true},
			{ARN: key, Kind: plan.Key, Account: home, Region: "us-east-1", Policy: policy},
		},
		endpoints: map[org.Endpoint]string{
			{ID: "vpce-1", Account: home, Region: "us-east-1", Service: "s3"}: statements(`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}`),
		},
	}
	got := ask(t, w.build(t), roleARN(home, "r"), plan.Call{Operation: "s3:GetObject", Target: "arn:aws:s3:::training/x", Region: "us-east-1"})
	if got.Outcome != org.Conditional {
		t.Errorf("got %s %v, want conditional", got.Outcome, got.Missing())
	}
}

// TestFuture: a pattern grants what it does not name yet.
func TestFuture(t *testing.T) {
	t.Parallel()
	w := world{roles: map[string]testRole{
		home + "/exact":  {trust: lambdaTrust, allow: []string{allow(invokeBoth, modelARN("*"))}},
		home + "/vendor": {trust: lambdaTrust, allow: []string{allow(invokeBoth, "arn:aws:bedrock:*::foundation-model/anthropic.*")}},
		home + "/any":    {trust: lambdaTrust, allow: []string{allow("bedrock:*", "*")}},
	}, resources: catalog()}
	a := w.build(t)
	want := map[string][]string{
		"exact":  nil,
		"vendor": {"anthropic.assize-future"},
		"any":    {"assize-future.assize-future-v1:0"},
	}
	for name, models := range want {
		var got []string
		for _, answer := range a.Future(a.Organisation().Principal(roleARN(home, name))) {
			replay(t, answer)
			_, id, _ := strings.Cut(answer.Plan.Call.Target, "/")
			got = append(got, id)
		}
		if diff := cmp.Diff(models, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
