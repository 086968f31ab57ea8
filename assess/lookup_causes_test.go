package assess_test

import (
	"fmt"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// TestSharedUnknownKeepsItsCause holds that what several subjects look at, converted
// for the first of them, tells all of them why it is not known.
func TestSharedUnknownKeepsItsCause(t *testing.T) {
	t.Parallel()
	k := key("k1", "CUSTOMER")
	k.Properties = k.Properties.Set("KeyManager", denied)
	resources := []*assize.Resource{k}
	for i := range 3 {
		resources = append(resources, thing(fmt.Sprint("t", i), map[string]assize.Value{
			"KmsKeyId": "k1", "Size": &assize.Unknown{Cause: assize.Throttled},
		}))
	}
	for rule, want := range map[string]string{
		`has(resource.KmsKeyId) && default(kmsKey(resource.KmsKeyId).KeyManager, "") == "CUSTOMER"`: "could not look: test:GetThing denied (AccessDenied)",
		`has(resource.Size) && resource.Size > 1`:                                                   "could not look: throttled",
		`profile.wanted`: "the organisation has not decided: set wanted in the profile",
		`(has(resource.Size) && resource.Size > 1) && has(resource.KmsKeyId) && default(kmsKey(resource.KmsKeyId).KeyManager, "") == "x"`: "could not look: test:GetThing denied (AccessDenied)",
	} {
		got := judge(t, check(rule), world(resources...), assess.Options{})
		if len(got) != 3 {
			t.Fatalf("%s: got %d findings, want 3", rule, len(got))
		}
		for _, f := range got {
			if f.Reason != want {
				t.Errorf("%s: %s: got %q, want %q", rule, f.Resource.ID, f.Reason, want)
			}
		}
	}
}
