package org_test

import (
	"fmt"
	"strings"
	"testing"

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
	for _, roles := range []int{500, 1000, 2000, 5000} {
		b.Run(fmt.Sprint(roles), func(b *testing.B) {
			for b.Loop() {
				a := dense(b, roles)
				for _, region := range []string{"us-east-1", "us-west-2"} {
					found, err := a.Indirect(plan.Call{Operation: "bedrock:InvokeModel", Target: modelARN(region)}, 0)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(len(found.Paths)), "paths")
				}
			}
		})
	}
}
