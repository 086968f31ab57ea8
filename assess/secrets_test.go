package assess_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// TestSecretsNotQuoted holds that what is said of a sensitive policy does not quote it.
func TestSecretsNotQuoted(t *testing.T) {
	t.Parallel()
	const rule = `has(resource.Policy) && has(resource.Arn) && deniesInsecureTransport(resource.Policy, resource.Arn)`
	policy := `{"Statement":[{"Sid":"hunter2hunter2","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"` + assize.Hole + `"}]}`
	for _, sensitive := range []bool{false, true} {
		inv := plannedInventory(map[string]assize.Value{"Policy": policy}, `{"Statement":[]}`)
		for _, r := range inv.Resources {
			if sensitive && r.Type == "AWS::S3::Bucket" {
				r.Sensitive = []string{"Policy"}
			}
		}
		for f := range plannedEngine(t, rule).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
			if f.Resource == nil {
				continue
			}
			if f.Outcome != assize.Inconclusive {
				t.Fatalf("got %s, want inconclusive", f.Outcome)
			}
			if quoted := strings.Contains(f.Reason+f.Unknown.Detail, "hunter2"); quoted == sensitive {
				t.Errorf("sensitive %t: %s", sensitive, f.Reason)
			}
		}
	}
}
