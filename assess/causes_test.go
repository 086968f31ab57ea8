package assess

import (
	"testing"

	"cel.dev/cel-go/common/types"

	"github.com/assize-dev/assize"
)

// TestCausesForget holds that a run over many subjects keeps nothing of each, and what
// serves several of them once.
func TestCausesForget(t *testing.T) {
	t.Parallel()
	c := newContext(nil, nil, nil)
	shared := &assize.Unknown{Cause: assize.Denied}
	for range 1000 {
		c.enter("111122223333", "eu-west-1")
		own := &assize.Unknown{Cause: assize.Throttled, Operation: "test:Own"}
		val := c.unknown(own).(*types.Unknown)
		if got := c.causes.explain(val).unknown; got != own {
			t.Fatalf("got cause %v, want that of the subject", got)
		}
		kept := c.kept.unknown(shared).(*types.Unknown)
		if got := c.causes.explain(types.MergeUnknowns(val, kept)).unknown; got != shared {
			t.Fatalf("got cause %v, want the first of the closed list", got)
		}
	}
	if passing, kept := cap(c.causes.passing), len(c.causes.kept); passing > 8 || kept != 1 {
		t.Errorf("room for %d causes of subjects and %d kept, want that of one subject and 1", passing, kept)
	}
}

// TestCausesOfNothing holds that an id without a cause explains nothing.
func TestCausesOfNothing(t *testing.T) {
	t.Parallel()
	c := newContext(nil, nil, nil)
	gone := c.unknown(&assize.Unknown{Cause: assize.Denied}).(*types.Unknown)
	c.enter("", "")
	for _, u := range []*types.Unknown{gone, types.NewUnknown(7, nil), types.NewUnknown(-1, nil)} {
		if got := c.causes.explain(u); got.unknown != nil || got.profile != "" {
			t.Errorf("%v: got %+v, want no cause", u, got)
		}
	}
}
