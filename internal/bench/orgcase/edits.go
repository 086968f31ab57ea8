package orgcase

import (
	"fmt"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
)

// Edit is an edit of one service control policy, with what it is in a few words.
type Edit struct {
	Name string
	org.Edit
}

// Edits are edits of every kind that is measured: of the policy of one path, and of one at the root
// that is above everybody. A number makes them differ from those of other numbers.
func Edits(n int) []Edit {
	out := []Edit{{"that of one of 12 paths", org.Edit{Policy: "models-3", Document: ModelControl(20 + n)}}}
	for _, e := range []struct{ name, statement string }{
		{"at the root, some models", fmt.Sprintf(`"Action":"bedrock:InvokeModel","Resource":"arn:aws:bedrock:*::foundation-model/anthropic.m%d*"`, n%25)},
		{"at the root, a condition on every call", fmt.Sprintf(`"Action":"bedrock:*","Resource":"*","Condition":{"NumericGreaterThanIfExists":{"aws:MultiFactorAuthAge":"%d"}}`, 60+n)},
		{"at the root, all roles but some", fmt.Sprintf(`"Action":"bedrock:*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/r%d*","arn:aws:iam::*:role/admin"]}}`, n%100)},
		{"at the root, a tag that no policy names", fmt.Sprintf(`"Action":"bedrock:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/unit-%d":"x"}}`, n)},
		{"at the root, a key that no policy names", fmt.Sprintf(`"Action":"bedrock:InvokeModel*","Resource":"*","Condition":{"StringNotEquals":{"bedrock:ServiceTier-%d":"flex"}}`, n)},
		{"at the root, other services", fmt.Sprintf(`"Action":"ec2:Run%d*","Resource":"*"`, n)},
	} {
		out = append(out, Edit{e.name, org.Edit{
			Policy: fmt.Sprintf("new-%d", n), Attach: []string{"r-root"}, Document: document(`{"Effect":"Deny",` + e.statement + `}`),
		}})
	}
	for i := range out {
		out[i].Layer = iam.LayerServiceControl
	}
	return out
}
