package collect

import (
	"sync"

	"github.com/assize-dev/assize"
)

// texts keeps one copy of each text that resources repeat: names and values of tags,
// ids of rules, ARNs of keys and roles. A large account has them by the hundred thousand.
// Safe for concurrent use.
type texts struct {
	mu    sync.Mutex
	known map[string]assize.Value
}

const (
	// maxTexts bounds what is held; past it the table starts anew, and what is repeated
	// is soon in it again.
	maxTexts = 1 << 14
	// maxText is the longest text that is worth a look, in bytes.
	maxText = 128
)

// value returns s as a Value, the same one for the same text where it can.
func (t *texts) value(s string) assize.Value {
	if len(s) > maxText {
		return s
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if v, ok := t.known[s]; ok {
		return v
	}
	if t.known == nil || len(t.known) >= maxTexts {
		t.known = make(map[string]assize.Value, 64)
	}
	v := assize.Value(s)
	t.known[s] = v
	return v
}
