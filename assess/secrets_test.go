package assess_test

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// TestSecretNamesNotQuoted holds that a sensitive name is not repeated where nothing is found by it.
func TestSecretNamesNotQuoted(t *testing.T) {
	t.Parallel()
	const rule = `has(resource.RoleArn) && !roleHasWildcard(resource.RoleArn)`
	for _, sensitive := range []bool{false, true} {
		inv := plannedInventory(map[string]assize.Value{"RoleArn": "arn:aws:iam::999999999999:role/hunter2hunter2"}, `{"Statement":[]}`)
		for _, r := range inv.Resources {
			if sensitive && r.Type == "AWS::S3::Bucket" {
				r.Sensitive = []string{"RoleArn"}
			}
		}
		for f := range plannedEngine(t, rule).Assess(inv, assess.Options{WholeAccount: true}).Findings() {
			if f.Resource == nil {
				continue
			}
			if f.Unknown == nil || f.Unknown.Cause != assize.Unlinked {
				t.Fatalf("got %s, want that the role is not found", f.Reason)
			}
			if quoted := strings.Contains(f.Reason+f.Unknown.Detail, "hunter2"); quoted == sensitive {
				t.Errorf("sensitive %t: %s", sensitive, f.Reason)
			}
		}
	}
}

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
