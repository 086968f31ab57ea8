package terraform

import (
	"fmt"
	"testing"
)

// TestBlockInstances holds that instances are found by their key, few and many, and that of two
// with the same key the later one counts.
func TestBlockInstances(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, fewInstances, fewInstances + 1, 100} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			var b blockInstances
			want := map[instanceKey]*planned{}
			for i := range n {
				key := instanceKey{numberKey, fmt.Sprint(i - i%2)} // each two share one
				p := &planned{change: change{key: key}}
				b.add(p)
				want[key] = p
			}
			for key, p := range want {
				if got := b.find(key); got != p {
					t.Errorf("%v: got %p, want %p", key, got, p)
				}
			}
			if got := b.find(instanceKey{textKey, "0"}); got != nil {
				t.Errorf("a key of nothing: got %v", got)
			}
			if len(b.list) != n {
				t.Errorf("got %d instances, want %d", len(b.list), n)
			}
		})
	}
}
