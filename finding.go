package assize

import (
	"iter"
	"slices"
	"strings"
)

// Finding is the verdict of one check on one subject. It refers to check and
// resources and copies nothing of them; a consumer that keeps findings keeps
// pointers.
type Finding struct {
	Check   *Check
	Outcome Outcome
	// Account and Region of the subject; Region is empty for an account, both
	// for an organisation.
	Account string
	Region  string
	// Resource is the subject of a SubjectResource check; nil for others, and
	// where there is none to judge.
	Resource *Resource
	// Resources were looked at together by the other kinds of check.
	Resources []*Resource
	// Unknown says why an inconclusive verdict is not conclusive; nil otherwise.
	Unknown *Unknown
	// Reason is one sentence for people.
	Reason string
	// Evidence shows a fail whose facts do not show it by themselves: a request that policies
	// allow, the statement that allows it, a policy that mends it. Values are texts, shared
	// by findings about the same policies.
	Evidence []Field
	// Scope says why the subject is in scope.
	Scope string
	// Paths are the facts of Resource that the rule reads, in order; shared by all
	// findings of a check. Empty without a resource.
	Paths []string
	// Change against a baseline; empty without one.
	Change Change
	// Exception that is written for check and subject; nil without one.
	Exception *Exception
}

// Excepted reports whether the finding is a fail that does not count for the exit code.
func (f *Finding) Excepted() bool {
	return f.Outcome == Fail && f.Exception != nil && !f.Exception.Expired
}

// Deferred reports whether no plan can decide the finding, only the live account.
func (f *Finding) Deferred() bool {
	return f.Outcome == Inconclusive && f.Unknown != nil && f.Unknown.Cause == DeferredToLive
}

// Change says how a finding compares with a baseline.
type Change string

// The changes.
const (
	Unchanged Change = "unchanged"
	New       Change = "new"     // a fail or inconclusive that the baseline had not
	Fixed     Change = "fixed"   // a fail of the baseline that is none now
	Changed   Change = "changed" // any other difference
	Gone      Change = "gone"    // the subject is no longer there
)

// SubjectLabel names the subject: the ARN or id of the resource, the account
// and Region, the account, or "organisation".
func (f *Finding) SubjectLabel() string {
	switch {
	case f.Resource != nil:
		return f.Resource.Label()
	case f.Account == "" && f.Region == "" && (f.Check == nil || f.Check.Subject.Kind == SubjectOrganisation):
		return "organisation"
	case f.Account == "":
		return strings.TrimSpace("account not known " + f.Region)
	case f.Region == "":
		return f.Account
	}
	return f.Account + " " + f.Region
}

// Key identifies check and subject, equal in two results over the same account.
func (f *Finding) Key() string {
	var b strings.Builder
	size := len(f.Check.ID) + len(f.Account) + len(f.Region) + 3
	if f.Resource != nil {
		size += len(f.Resource.ID)
	}
	b.Grow(size)
	b.WriteString(f.Check.ID)
	b.WriteByte('|')
	b.WriteString(f.Account)
	b.WriteByte('|')
	b.WriteString(f.Region)
	if f.Resource != nil {
		b.WriteByte('|')
		b.WriteString(f.Resource.ID)
	}
	return b.String()
}

// maxFacts bounds the facts shown with a finding, so that it stays small.
const maxFacts = 8

// Looked returns the facts that the rule read, as values of the resource, at most
// eight. Of a list of objects it gives each element with the fields that were
// read. nil without a resource. Values are fit to be shown: what is sensitive is
// "(sensitive)", and what stands in for values known after apply says so.
func (f *Finding) Looked() []Field {
	if f.Resource == nil {
		return nil
	}
	out := make([]Field, 0, min(len(f.Paths), maxFacts))
	for name, into := range f.Looks() {
		out = append(out, Field{Name: name, Value: f.Look(name, into)})
	}
	return out
}

// Looks goes over the names of the facts that Looked returns. into: the rule reads fields of the elements, so that
// two rules may be shown two values.
func (f *Finding) Looks() iter.Seq2[string, bool] {
	return func(yield func(name string, into bool) bool) {
		last, n := "", 0
		for _, p := range f.Paths {
			root, _, list := strings.Cut(p, "[]")
			if n > 0 && last == root {
				continue
			}
			if n == maxFacts || !yield(root, list || f.readsInto(root)) {
				return
			}
			last, n = root, n+1
		}
	}
}

// Look returns the value of a fact that Looks names.
func (f *Finding) Look(name string, into bool) Value {
	v := f.Resource.Properties.At(name)
	if elements, ok := v.(List); ok && into {
		v = f.project(elements, name+"[].")
	}
	return f.Resource.shown(name, v)
}

// Read returns the names of all facts that the rule read, as Looked names them, in order.
func (f *Finding) Read() []string {
	var out []string
	for _, p := range f.Paths {
		if root, _, _ := strings.Cut(p, "[]"); len(out) == 0 || out[len(out)-1] != root {
			out = append(out, root)
		}
	}
	return out
}

// readsInto reports whether the rule reads fields of the elements of the list.
func (f *Finding) readsInto(root string) bool {
	return slices.ContainsFunc(f.Paths, func(p string) bool {
		rest, ok := strings.CutPrefix(p, root)
		return ok && strings.HasPrefix(rest, "[].")
	})
}

// project reduces the objects of a list to the fields that the rule reads.
func (f *Finding) project(elements List, prefix string) List {
	out := make(List, len(elements))
	for i, e := range elements {
		o, ok := e.(Object)
		if !ok {
			out[i] = e
			continue
		}
		var kept Object
		for _, p := range f.Paths {
			if rest, ok := strings.CutPrefix(p, prefix); ok {
				name, _, _ := strings.Cut(rest, "[]")
				kept = kept.Set(name, o.At(name))
			}
		}
		out[i] = kept
	}
	return out
}
