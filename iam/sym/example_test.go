package sym_test

import (
	"fmt"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

func Example() {
	policy, err := iam.Parse([]byte(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "arn:aws:bedrock:*::foundation-model/anthropic.*"},
		{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {
			"StringNotEquals": {"aws:SourceVpce": "vpce-1"},
			"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	principal := sym.Principal{
		Principal: iam.Principal{Kind: iam.RoleSession, Issuer: "arn:aws:iam::111122223333:role/app"},
		Policies:  iam.Policies{Identity: []*iam.Policy{policy}},
	}
	check := sym.Check{
		Action: "bedrock:InvokeModel", Resource: "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-v1:0",
		Fixed: map[string][]string{"aws:RequestedRegion": {"eu-west-1"}},
	}
	engine := sym.New(sym.Config{})
	access := engine.Access(principal, check)
	for _, alternative := range engine.Conditions(access) {
		fmt.Println(alternative)
	}
	witness, _ := engine.Witness(access)
	decision, _ := engine.Replay(principal, check, witness)
	fmt.Println(decision)
	// Output:
	// aws:MultiFactorAuthPresent = true
	// aws:SourceVpce = "vpce-1"
	// allowed
}
