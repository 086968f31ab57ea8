package iam

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHostilePoliciesEnd gives documents near the size limit, made to be slow, to every
// question. One that does not end is ended by the time limit of the run; an undecided answer is fine.
func TestHostilePoliciesEnd(t *testing.T) {
	t.Parallel()
	var actions, statements []string
	for i := range 8000 {
		actions = append(actions, fmt.Sprintf(`"s%d:*a*b*"`, i))
	}
	for i := range 800 {
		statements = append(statements, fmt.Sprintf(
			`{"Effect":"Deny","Principal":"*","NotAction":["s3:a%d*"],"Resource":"arn:aws:s3:::data/%d*","Condition":{"StringLike":{"k%d":["a%d*","b"]},"Bool":{"aws:SecureTransport":"false"}}}`, i, i, i%50, i))
	}
	var places []string
	for i := range 20000 {
		places = append(places, fmt.Sprintf(`"arn:aws:bedrock:r%d::foundation-model/a"`, i))
	}
	documents := map[string]string{
		"one long statement": `{"Effect":"Allow","Principal":"*","Action":[` + strings.Join(actions, ",") + `],"Resource":"*"}`,
		"many statements":    `[` + allowAnyone + `,` + strings.Join(statements, ",") + `]`,
		"many places":        `[{"Effect":"Allow","Action":["bedrock:*","kms:*"],"Resource":[` + strings.Join(places, ",") + `]},` + strings.Join(statements[:200], ",") + `]`,
		"stars":              `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:s3:::` + strings.Repeat("*a", 1000) + `"}`,
	}
	for name, doc := range documents {
		p := mustParse(t, doc)
		start := time.Now()
		PublicAccess(p, bucket)
		DeniesInsecureTransport(p, bucket)
		WildcardTrust(p)
		ConfusedDeputyProtected(p, sagemaker)
		DecryptOpenToEveryone(p)
		HasWildcardAdmin(p)
		OverlyBroad(p, "bedrock")
		AllowsAnyModel([]*Policy{p})
		CanReach([]*Policy{p}, Reach{Action: "kms:Decrypt", Service: "kms", Unnamed: "key/"})
		t.Logf("%s: took %s", name, time.Since(start))
	}
	g := compileGlob(tokenize("*:"+strings.Repeat("*a", 500)+":b", syntax{wildcards: true}), reachSegment)
	start := time.Now()
	g.match(strings.Repeat("a:", 1000)+strings.Repeat("a", 1000), nil)
	t.Logf("glob: took %s", time.Since(start))
}
