package org_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

// dense is an organisation of ten accounts where every role trusts its account, every fifth role may
// take on any, every tenth may pass any to Lambda or SageMaker, and every second runs models.
func dense(tb testing.TB, roles int) *org.Analysis {
	tb.Helper()
	const accounts = 10
	d := org.NewDetails()
	for account := range accounts {
		id := fmt.Sprintf("3333%08d", account)
		var list []string
		for i := account; i < roles; i += accounts {
			n := i / accounts
			policies := []string{allow("bedrock:ListFoundationModels", "*")}
			if n%2 == 0 {
				policies = append(policies, allow("bedrock:InvokeModel", "*"))
			}
			if n%5 == 0 {
				policies = append(policies, allow("sts:AssumeRole", fmt.Sprintf("arn:aws:iam::%s:role/*", id)))
			}
			if n%10 == 1 {
				policies = append(policies, allow("iam:PassRole lambda:* sagemaker:*", "*"))
			}
			trust := fmt.Sprintf(`{"AWS":"arn:aws:iam::%s:root","Service":["lambda.amazonaws.com","sagemaker.amazonaws.com"]}`, id)
			list = append(list, fmt.Sprintf(`{"RoleName":"r%d","RoleId":"AROA%d","Arn":"arn:aws:iam::%s:role/r%d","AssumeRolePolicyDocument":%s,"RolePolicyList":[{"PolicyName":"p","PolicyDocument":%s}]}`,
				i, i, id, i, statements(`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":`+trust+`}`), statements(policies...)))
		}
		if err := d.Add(id, strings.NewReader(`{"UserDetailList":[],"GroupDetailList":[],"Policies":[],"RoleDetailList":[`+strings.Join(list, ",")+`]}`)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := d.Tree(strings.NewReader(`{"id":""}`)); err != nil {
		tb.Fatal(err)
	}
	return org.NewAnalysis(d.Build(catalog()), org.Config{})
}

// BenchmarkIndirect asks who gets at a model through roles, and then at another one.
func BenchmarkIndirect(b *testing.B) {
	for _, roles := range []int{1000, 2000, 5000} {
		b.Run(fmt.Sprint(roles), func(b *testing.B) {
			var seconds [2]float64
			paths := 0
			for b.Loop() {
				a := dense(b, roles)
				for i, region := range []string{"us-east-1", "us-west-2"} {
					start := time.Now()
					found, err := a.Indirect(plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN(region)}, 0)
					if err != nil {
						b.Fatal(err)
					}
					seconds[i] += time.Since(start).Seconds()
					paths = len(found.Paths)
				}
			}
			b.ReportMetric(float64(paths), "paths")
			b.ReportMetric(seconds[0]/float64(b.N), "s/first")
			b.ReportMetric(seconds[1]/float64(b.N), "s/second")
		})
	}
}

// TestTrustTellsApart: roles with the same policies get the roles that trust all of the account, and
// those alone that name or mean them.
func TestTrustTellsApart(t *testing.T) {
	t.Parallel()
	root := `{"AWS":"arn:aws:iam::` + home + `:root"}`
	when := func(condition string) string { return root + `,"Condition":{` + condition + `}` }
	take := testRole{trust: lambdaTrust, allow: []string{allow("sts:AssumeRole", "*")}}
	tagged := take
	tagged.tags = `{"Key":"team","Value":"x"}`
	for name, tt := range map[string]struct {
		trust string
		want  []string
	}{
		"account":     {root, []string{"a", "b", "c"}},
		"number":      {`{"AWS":"` + home + `"}`, []string{"a", "b", "c"}},
		"other":       {`{"AWS":"` + other + `"}`, nil},
		"name":        {`{"AWS":"` + roleARN(home, "b") + `"}`, []string{"b"}},
		"ARN":         {when(`"ArnEquals":{"aws:PrincipalArn":"` + roleARN(home, "b") + `"}`), []string{"b"}},
		"not the ARN": {when(`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/b"}`), []string{"a", "c"}},
		"tag":         {when(`"StringEquals":{"aws:PrincipalTag/team":"x"}`), []string{"c"}},
		"account key": {when(`"StringEquals":{"aws:PrincipalAccount":"` + home + `"}`), []string{"a", "b", "c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := world{roles: map[string]testRole{
				home + "/a": take, home + "/b": take, home + "/c": tagged,
				home + "/target": {trust: tt.trust, allow: []string{allow("bedrock:InvokeModel", "*")}},
			}, resources: catalog()}.build(t)
			found, err := a.Indirect(plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1")}, 0)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range found.Paths {
				got = append(got, p.Steps[0].Principal.Name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("who gets the role (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDense: every role that may take on any of its account gets at the model by each that runs it.
func TestDense(t *testing.T) {
	t.Parallel()
	found, err := dense(t, 200).Indirect(plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN("us-east-1")}, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, p := range found.Paths {
		route := p.Steps[0].Route
		got[route.Why]++
		if p.Outcome != org.Always || p.Steps[0].Principal.Account != route.Role.Account {
			t.Errorf("%s by %s of %s: got %s", p.Steps[0].Principal.ARN, route.Why, route.Role.ARN, p.Outcome)
		}
	}
	// Of the 20 roles of an account 10 run models, 4 take on others (2 of them run models), and 2 pass
	// roles. First come ways to the 10; then to the 4 that run none and get at one that does, but
	// not through the role that the way goes on with.
	taken, passed := (4*10-2)+(3+3+4+4-4), 2*10+2*4-2
	want := map[string]int{"role taken on": 10 * taken, "role passed to lambda": 10 * passed, "role passed to sagemaker": 10 * passed}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}
