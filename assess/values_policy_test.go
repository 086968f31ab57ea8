package assess

import (
	"fmt"
	"testing"
)

// A policy that is met again stands for all of the same text, in one account; others stand for themselves, and few are kept.
func TestPolicyMemo(t *testing.T) {
	t.Parallel()
	m := newPolicyMemo()
	first, second, third := &policyVal{text: "a"}, &policyVal{text: "a"}, &policyVal{text: "a"}
	if m.of(first) != first || m.of(second) != second || m.of(third) != second || m.of(third) != second || m.of(first) != first {
		t.Error("the second of a text stands for those that come after it")
	}
	for i := range 10 * maxPolicies {
		for range 2 {
			p := &policyVal{text: fmt.Sprint(i)}
			if m.of(p) != p {
				t.Fatalf("policy %d is taken for another", i)
			}
		}
	}
	if len(m.texts) > maxPolicies {
		t.Errorf("%d policies are kept", len(m.texts))
	}
}
