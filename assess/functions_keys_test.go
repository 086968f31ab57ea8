package assess

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

// TestKeyElsewhere holds that the reason names the account of a key that was not read,
// and that any other reason is kept.
func TestKeyElsewhere(t *testing.T) {
	t.Parallel()
	c := &evalContext{graph: graph.New(&assize.Inventory{Accounts: []assize.Account{{ID: "111122223333"}}}, nil)}
	why := &assize.Unknown{Cause: assize.Unlinked, Detail: "not found"}
	for _, test := range []struct{ name, want string }{
		{"arn:aws:kms:eu-central-1:444455556666:key/k", "account 444455556666, which was not read: name that account in --accounts"},
		{"arn:aws:kms:eu-central-1:111122223333:key/k", "not found"},
		{"alias/data", "not found"},
	} {
		got := c.keyElsewhere(test.name, why)
		if got.Cause != assize.Unlinked || !strings.Contains(got.Detail, test.want) {
			t.Errorf("%s: got %s: %q, want %s: %q", test.name, got.Cause, got.Detail, assize.Unlinked, test.want)
		}
	}
}
