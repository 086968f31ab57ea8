package fakeaws

import (
	"cmp"
	"slices"
	"sync"
)

// CallCount says how often an operation was called for an account and region.
type CallCount struct {
	Service   string `json:"service"`
	Operation string `json:"operation"`
	Account   string `json:"account"`
	Region    string `json:"region"`
	Count     int    `json:"count"`
}

// tally counts calls.
type tally struct {
	mu sync.Mutex
	n  map[CallCount]int
}

func newTally() *tally { return &tally{n: map[CallCount]int{}} }

// countKey names a call; a request without operation goes under its method and
// path, so that a list of counts says what it was.
func countKey(c *Call) CallCount {
	operation := c.Operation
	if operation == "" {
		operation = c.request.Method + " " + c.request.URL.EscapedPath()
	}
	return CallCount{Service: c.Service, Operation: operation, Account: c.Account, Region: c.Region}
}

func (t *tally) add(key CallCount) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n[key]++
}

func (t *tally) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.n)
}

// list returns the counts sorted by service, operation, account and region.
func (t *tally) list() []CallCount {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]CallCount, 0, len(t.n))
	for key, n := range t.n {
		key.Count = n
		out = append(out, key)
	}
	slices.SortFunc(out, func(a, b CallCount) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Operation, b.Operation),
			cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
	})
	return out
}
