package assize

import (
	"fmt"
	"strings"
)

// Cause says why something could not be looked at. The list is closed.
type Cause string

// The causes of an inconclusive verdict.
const (
	Denied            Cause = "denied"
	Throttled         Cause = "throttled"
	Timeout           Cause = "timeout"
	ServiceError      Cause = "service error"
	Interrupted       Cause = "interrupted"
	AccountNotEntered Cause = "account not entered"
	RegionNotEnabled  Cause = "region not enabled"
	WrongAnswer       Cause = "wrong answer"
	NotConnected      Cause = "source not connected"
	UntilApply        Cause = "unknown until apply"
	Unlinked          Cause = "unlinked"
	DeferredToLive    Cause = "deferred to live"
	ErrorInRule       Cause = "error in rule"
)

// Causes lists all, in the order in which one is chosen when a verdict has several.
var Causes = []Cause{
	AccountNotEntered, RegionNotEnabled, Denied, Throttled, Timeout, ServiceError, Interrupted,
	WrongAnswer, NotConnected, UntilApply, Unlinked, DeferredToLive, ErrorInRule,
}

// Valid reports whether c is of the closed list.
func (c Cause) Valid() bool { return c.rank() < len(Causes) }

// Before reports whether c is named rather than d when a verdict has both.
func (c Cause) Before(d Cause) bool { return c.rank() < d.rank() }

func (c Cause) rank() int {
	for i, k := range Causes {
		if k == c {
			return i
		}
	}
	return len(Causes)
}

func causeNames() []string {
	names := make([]string, len(Causes))
	for i, c := range Causes {
		names[i] = string(c)
	}
	return names
}

// Gap is one thing that a source tried to read and could not. Every failure of
// a collection is one Gap; nothing is missing without one.
type Gap struct {
	Account string `json:"account"`
	// Region is empty when the whole account is concerned, "global" for global services.
	Region string `json:"region,omitempty"`
	// Operation that failed, as "s3:GetBucketPolicy". Empty when none could be tried.
	Operation string `json:"operation,omitempty"`
	// Types are the resource types whose list is incomplete because of it. Empty
	// when the gap concerns one resource.
	Types []string `json:"types,omitempty"`
	// Resource is the id of the one resource concerned, empty for a list.
	Resource string `json:"resource,omitempty"`
	Cause    Cause  `json:"cause"`
	// Code is the service's error code.
	Code string `json:"code,omitempty"`
	// Detail is the service's message or ours, one line.
	Detail string `json:"detail,omitempty"`
}

// Unknown is the value of every property that the gap hides.
func (g Gap) Unknown() *Unknown {
	return &Unknown{Cause: g.Cause, Operation: g.Operation, Code: g.Code, Detail: g.Detail}
}

// String is the gap in one line, for people.
func (g Gap) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", g.Account, orDash(g.Region))
	if g.Operation != "" {
		b.WriteString(" " + g.Operation)
	}
	if g.Resource != "" {
		b.WriteString(" on " + g.Resource)
	}
	b.WriteString(": " + string(g.Cause))
	if g.Code != "" {
		b.WriteString(" (" + g.Code + ")")
	}
	if g.Detail != "" {
		b.WriteString(": " + g.Detail)
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
