package fakeaws

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind is what a [Fault] does.
type Kind string

// The kinds of faults.
const (
	// Denied answers as if the caller's policies do not allow the operation.
	Denied Kind = "denied"
	// Throttled answers as the service does when called too often.
	Throttled Kind = "throttled"
	// Slow adds Latency and then goes on to the rules after it.
	Slow Kind = "slow"
	// ServerError answers 500 InternalFailure, or Status.
	ServerError Kind = "server-error"
	// Reset closes the connection with a TCP reset instead of an answer.
	Reset Kind = "reset"
	// Truncated sends half of the real answer under its full length.
	Truncated Kind = "truncated"
	// WrongAnswer sends a success that answers another question: Body, or what
	// moto gives for an S3 sub-resource it does not know (the object listing),
	// or an empty answer.
	WrongAnswer Kind = "wrong-answer"
	// OptedOut answers as AWS does in a region the account has not enabled.
	OptedOut Kind = "opted-out"
	// Failed answers the error Code with Status and Message.
	Failed Kind = "failed"
)

var kinds = []Kind{Denied, Throttled, Slow, ServerError, Reset, Truncated, WrongAnswer, OptedOut, Failed}

// Fault is a rule that spoils some answers. Rules are tried in order and the
// first that applies decides; only Slow lets the next ones have a say. Which
// calls it hits is a matter of counting, never of chance.
type Fault struct {
	Kind Kind `json:"kind"`
	// Service, Operation, Account and Region choose the calls; empty means any.
	Service   string `json:"service,omitempty"`
	Operation string `json:"operation,omitempty"`
	Account   string `json:"account,omitempty"`
	Region    string `json:"region,omitempty"`
	// Path and Params choose as in [Match].
	Path   map[string]string `json:"path,omitempty"`
	Params map[string]string `json:"params,omitempty"`
	// Page spares all pages but this one (from 1) of a list: the page number
	// is the number of calls with a token since the last one without, plus 1.
	Page int `json:"page,omitempty"`
	// First is the first chosen call that is hit, counted from 1; 0 means 1.
	First int `json:"first,omitempty"`
	// Times is how many are hit from there; 0 means all.
	Times int `json:"times,omitempty"`
	// PerSecond turns the rule into a token bucket per account and region: calls
	// within the rate pass, the others are hit. Burst is the bucket's size, at
	// least 1.
	PerSecond float64 `json:"perSecond,omitempty"`
	Burst     int     `json:"burst,omitempty"`
	// Latency is the delay of Slow.
	Latency Duration `json:"latency,omitempty"`
	// Status, Code and Message replace those of the kind.
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// Body is the answer of WrongAnswer.
	Body string `json:"body,omitempty"`
}

// Duration is a time.Duration that JSON holds as text: "60ms".
type Duration time.Duration

// UnmarshalJSON reads "60ms".
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("duration: %w", err)
	}
	parsed, err := time.ParseDuration(text)
	*d = Duration(parsed)
	return err
}

// MarshalJSON writes "60ms".
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// check refuses rules that could never do what they say.
func (f *Fault) check() error {
	if !slices.Contains(kinds, f.Kind) {
		return fmt.Errorf("unknown kind %q", f.Kind)
	}
	if f.Kind == Failed && (f.Code == "" || f.Status < 400) {
		return fmt.Errorf("kind %s needs code and status", f.Kind)
	}
	if f.Operation != "" {
		_, err := checkOperation(f.Service, f.Operation)
		return err
	}
	if f.Service != "" && routes().byName[f.Service] == nil {
		return fmt.Errorf("unknown service %q", f.Service)
	}
	return nil
}

// chooses tells whether the rule is about the call.
func (f *Fault) chooses(c *Call, page int) bool {
	return (f.Service == "" || f.Service == c.Service) &&
		(f.Operation == "" || f.Operation == c.Operation) &&
		(f.Page == 0 || f.Page == page) &&
		Match{Account: f.Account, Region: f.Region, Path: f.Path, Params: f.Params}.fits(c)
}

// faultState is a rule and what it has seen.
type faultState struct {
	Fault
	seen    int
	buckets map[string]*bucket
}

// hits counts a chosen call and tells whether the rule applies to it.
func (f *faultState) hits(c *Call, now time.Time) bool {
	if f.PerSecond > 0 {
		key := c.Account + "/" + c.Region
		b := f.buckets[key]
		if b == nil {
			b = &bucket{level: float64(max(1, f.Burst)), at: now}
			f.buckets[key] = b
		}
		return !b.take(now, f.PerSecond, float64(max(1, f.Burst)))
	}
	f.seen++
	first := max(1, f.First)
	return f.seen >= first && (f.Times == 0 || f.seen < first+f.Times)
}

// bucket is a token bucket.
type bucket struct {
	level float64
	at    time.Time
}

func (b *bucket) take(now time.Time, rate, size float64) bool {
	b.level = min(size, b.level+rate*now.Sub(b.at).Seconds())
	b.at = now
	if b.level < 1 {
		return false
	}
	b.level--
	return true
}

// faultSet is the list of rules in order.
type faultSet struct {
	mu    sync.Mutex
	rules []*faultState
	pages map[string]int
	now   func() time.Time
}

func newFaultSet() *faultSet { return &faultSet{pages: map[string]int{}, now: time.Now} }

// add appends rules, to an empty list if afresh; nothing changes when one is
// wrong.
func (s *faultSet) add(faults []Fault, afresh bool) error {
	if err := checkFaults(faults); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if afresh {
		s.rules = nil
		clear(s.pages)
	}
	for _, f := range faults {
		s.rules = append(s.rules, &faultState{Fault: f, buckets: map[string]*bucket{}})
	}
	return nil
}

// decide returns the fault that hits a call, if any, and the delay before it.
func (s *faultSet) decide(c *Call) (*Fault, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.rules) == 0 {
		return nil, 0
	}
	page, now := s.pageOf(c), s.now()
	var delay time.Duration
	for _, f := range s.rules {
		if !f.chooses(c, page) || !f.hits(c, now) {
			continue
		}
		delay += time.Duration(f.Latency)
		if f.Kind != Slow {
			hit := f.Fault
			return &hit, delay
		}
	}
	return nil, delay
}

// tokenNames are the names under which AWS services take a page token.
var tokenNames = []string{
	"nextToken", "NextToken", "Marker", "marker", "continuation-token", "ContinuationToken",
	"StartingToken", "PaginationToken", "key-marker", "NextMarker", "position",
}

// pageOf returns the number of the page a call asks for.
func (s *faultSet) pageOf(c *Call) int {
	key := strings.Join([]string{c.Service, c.Operation, c.Account, c.Region, c.request.URL.EscapedPath()}, "\x00")
	for _, name := range tokenNames {
		if token, ok := c.Param(name); ok && token != "" {
			s.pages[key]++
			return s.pages[key] + 1
		}
	}
	delete(s.pages, key)
	return 1
}

// ParseFaults reads a JSON list of faults.
func ParseFaults(data []byte) ([]Fault, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var faults []Fault
	if err := dec.Decode(&faults); err != nil {
		return nil, fmt.Errorf("faults: %w", err)
	}
	return faults, checkFaults(faults)
}

func checkFaults(faults []Fault) error {
	for i := range faults {
		if err := faults[i].check(); err != nil {
			return fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	return nil
}

// String returns "60ms".
func (d Duration) String() string { return time.Duration(d).String() }
