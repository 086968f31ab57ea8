// Package iamcase is the case by which the speed of the IAM engine is told: five policies in five
// layers with nine statements, and one request that they allow beside one that they deny. The
// benchmark of package iam and the row of make bench measure the same thing because both
// take it from here.
package iamcase

import (
	"fmt"

	"github.com/assize-dev/assize/iam"
)

const (
	account   = "111122223333"
	guardrail = "arn:aws:bedrock:us-east-1:" + account + ":guardrail/g1"
	fullAWS   = `{"Effect":"Allow","Action":"*","Resource":"*"}`
)

// The documents: what the root of an organisation, an organisational unit and the account set as
// service control policies, the role's boundary, and its own policy.
const (
	rootControl = `{"Version":"2012-10-17","Statement":[` + fullAWS + `,
		{"Sid":"Regions","Effect":"Deny","NotAction":["iam:*","sts:*","organizations:*"],"Resource":"*",
		 "Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}}}]}`
	unitControl = `{"Version":"2012-10-17","Statement":[` + fullAWS + `,
		{"Sid":"ApprovedModels","Effect":"Deny","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],
		 "NotResource":["arn:aws:bedrock:*::foundation-model/amazon.*","arn:aws:bedrock:*::foundation-model/anthropic.*",
		                "arn:aws:bedrock:*:*:inference-profile/eu.*"]}]}`
	accountControl = `{"Version":"2012-10-17","Statement":` + fullAWS + `}`
	boundary       = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["bedrock:*","s3:*","logs:*"],"Resource":"*"}}`
	identity       = `{"Version":"2012-10-17","Statement":[
		{"Sid":"Invoke","Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],
		 "Resource":["arn:aws:bedrock:*::foundation-model/anthropic.*","arn:aws:bedrock:*::foundation-model/amazon.titan-*"],
		 "Condition":{"Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/24"]},
		              "StringEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}}},
		{"Sid":"Guarded","Effect":"Deny","Action":"bedrock:InvokeModel*","Resource":"*",
		 "Condition":{"StringNotEqualsIfExists":{"bedrock:GuardrailIdentifier":"` + guardrail + `"}}},
		{"Sid":"List","Effect":"Allow","Action":"bedrock:List*","Resource":"*"}]}`
)

// Policies parses the five documents. An error is a fault of this package.
func Policies() (*iam.Policies, error) {
	var parsed []*iam.Policy
	for i, doc := range []string{rootControl, unitControl, accountControl, boundary, identity} {
		p, err := iam.Parse([]byte(doc))
		if err != nil {
			return nil, fmt.Errorf("parse document %d of the case: %w", i, err)
		}
		parsed = append(parsed, p)
	}
	return &iam.Policies{
		ServiceControl: [][]*iam.Policy{{parsed[0]}, {parsed[1]}, {parsed[2]}},
		Boundary:       parsed[3],
		Identity:       []*iam.Policy{parsed[4]},
	}, nil
}

// Requests gives the two requests: InvokeModel on a model that is allowed, and on one that the organisational
// unit denies.
func Requests() ([2]*iam.Prepared, error) {
	var out [2]*iam.Prepared
	context := iam.NewContext(map[string][]string{
		"aws:SecureTransport": {"true"}, "aws:SourceIp": {"203.0.113.9"}, "aws:RequestedRegion": {"us-east-1"},
		"bedrock:GuardrailIdentifier": {guardrail}, "aws:userid": {"AROAX:s1"},
	})
	caller := iam.Principal{
		Kind: iam.RoleSession, ARN: "arn:aws:sts::" + account + ":assumed-role/app/s1",
		Issuer: "arn:aws:iam::" + account + ":role/team/app",
	}
	for i, model := range []string{"anthropic.claude-3-sonnet-20240229-v1:0", "meta.llama3-8b-instruct-v1:0"} {
		q, err := iam.Prepare(iam.Request{
			Principal: caller, Action: "bedrock:InvokeModel", Context: context,
			Resource: "arn:aws:bedrock:us-east-1::foundation-model/" + model,
		})
		if err != nil {
			return out, fmt.Errorf("prepare request %d of the case: %w", i, err)
		}
		out[i] = q
	}
	return out, nil
}
