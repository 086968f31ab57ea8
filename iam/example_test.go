package iam_test

import (
	"fmt"

	"github.com/assize-dev/assize/iam"
)

// A server authorises its own users with the documents that an administrator wrote. The error is about a
// request that is none; whatever is not Allowed is refused.
func ExampleAuthorizer() {
	documents := iam.Documents{
		Identity: []iam.Document{{Name: "auditor.json", JSON: []byte(`{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Read", "Effect": "Allow", "Action": ["auditmanager:Get*", "auditmanager:List*"], "Resource": "*"},
    {"Sid": "Own", "Effect": "Allow", "Action": "auditmanager:UpdateAssessment", "Resource": "*",
     "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}},
    {"Sid": "Keep", "Effect": "Deny", "Action": "auditmanager:Delete*", "Resource": "*"}
  ]
}`)}},
	}
	authorizer, err := iam.NewAuthorizer(documents)
	if err != nil {
		fmt.Println(err)
		return
	}
	user := iam.Principal{Kind: iam.User, ARN: "arn:aws:iam::111122223333:user/ada"}
	context := iam.NewContext(map[string][]string{"aws:PrincipalTag/team": {"risk"}, "aws:ResourceTag/team": {"risk"}})
	for _, action := range []string{"GetControl", "UpdateAssessment", "CreateControl", "DeleteAssessment"} {
		why, err := authorizer.Explain(iam.Request{
			Principal: user, Action: "auditmanager:" + action, Context: context,
			Resource: "arn:aws:auditmanager:eu-west-1:111122223333:assessment/a1",
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %s\n", action, why.Decision)
		for _, step := range why.Because() {
			fmt.Printf("  %s at %s\n", step.Sid, step.Position)
		}
		for _, lack := range why.Lacking {
			fmt.Printf("  %s\n", lack)
		}
	}
	// Output:
	// GetControl: allowed
	//   Read at line 4, column 5
	// UpdateAssessment: allowed
	//   Own at line 5, column 5
	// CreateControl: implicitly denied
	//   identity: no statement allows
	// DeleteAssessment: explicitly denied
	//   Keep at line 7, column 5
	//   identity: no statement allows
}
