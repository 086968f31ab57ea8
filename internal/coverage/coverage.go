package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/library"
)

// coverage holds the conditions against the library.
type coverage struct {
	lib        *library.Library
	conditions []condition
	exclusions []exclusion
	pending    []string
	// declared are the IAM actions of each operation that a collector calls.
	declared map[string][]string
}

// reason is why the condition has no check; empty when none is given.
func (c *coverage) reason(id string) string {
	for _, e := range c.exclusions {
		if e.Condition == id {
			return e.Reason
		}
	}
	return ""
}

// open are the conditions that have neither a check nor a reason, sorted.
func (c *coverage) open() []string {
	var ids []string
	for _, x := range c.conditions {
		if c.lib.Check(x.id) == nil && c.reason(x.id) == "" {
			ids = append(ids, x.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// faults are what the lists say that is not so: each condition has exactly one of
// check, exclusion and place in the list of what is pending.
func (c *coverage) faults() []string {
	var out []string
	known := map[string]bool{}
	for _, x := range c.conditions {
		if known[x.id] {
			out = append(out, conditionsFile+": "+x.id+" stands twice")
		}
		known[x.id] = true
	}
	seen := map[string]bool{}
	once := func(id, where string) {
		switch {
		case !known[id]:
			out = append(out, where+": "+id+" is no condition of "+conditionsFile)
		case c.lib.Check(id) != nil:
			out = append(out, where+": "+id+" has a check")
		case seen[id]:
			out = append(out, where+": "+id+" stands twice in "+exclusionsDir)
		}
		seen[id] = true
	}
	for _, e := range c.exclusions {
		once(e.Condition, exclusionsDir)
		if strings.TrimSpace(e.Reason) == "" {
			out = append(out, exclusionsDir+": "+e.Condition+" has no reason")
		}
	}
	for _, id := range c.pending {
		once(id, pendingFile)
	}
	for _, id := range c.open() {
		if !slices.Contains(c.pending, id) {
			out = append(out, id+" has neither a check nor an exclusion, and is not in "+pendingFile)
		}
	}
	return out
}

// needs maps each API operation to the conditions that cannot be answered without
// it: of a check, what its rule reads and looks up; of a condition without one, what
// the list of conditions names.
func (c *coverage) needs() map[string][]string {
	needs := map[string][]string{}
	add := func(op, id string) {
		if op != "" && !slices.Contains(needs[op], id) {
			needs[op] = append(needs[op], id)
		}
	}
	for _, p := range c.lib.Programs {
		for _, op := range c.operations(p) {
			add(op, p.Check.ID)
		}
	}
	for _, x := range c.conditions {
		for _, op := range x.operations {
			if c.lib.Check(x.id) == nil && c.reason(x.id) == "" {
				add(op, x.id)
			}
		}
	}
	for _, ids := range needs {
		slices.Sort(ids)
	}
	return needs
}

var called = regexp.MustCompile(`\b([a-z][A-Za-z0-9]*)\(`)

// operations are those behind a check: the list of its subjects, the facts that its
// rule reads, and the lists of what it looks up.
func (c *coverage) operations(p *assess.Program) []string {
	ops := map[string]bool{}
	d := c.definition(func(d *assize.Definition) bool { return d.Type == p.Check.Subject.Type })
	if d == nil {
		return nil
	}
	ops[d.List] = true
	for i := range d.Facts {
		f := &d.Facts[i]
		read := func(path string) bool {
			return path == f.Path || strings.HasPrefix(f.Path, path+".") || strings.HasPrefix(f.Path, path+"[]")
		}
		if f.From != "" && slices.ContainsFunc(p.Paths(), read) {
			ops[f.From] = true
		}
	}
	for _, m := range called.FindAllStringSubmatch(p.Check.Applies+" "+p.Check.Rule, -1) {
		name := strings.TrimSuffix(m[1], "OfAccount")
		if d := c.definition(func(d *assize.Definition) bool { return name != "" && (d.One == name || d.Many == name) }); d != nil {
			ops[d.List] = true
		}
	}
	return slices.Sorted(maps.Keys(ops))
}

func (c *coverage) definition(is func(*assize.Definition) bool) *assize.Definition {
	if i := slices.IndexFunc(c.lib.Definitions, is); i >= 0 {
		return c.lib.Definitions[i]
	}
	return nil
}

// ours are the checks that the list of conditions does not have.
func (c *coverage) ours() []*assize.Check {
	var out []*assize.Check
	for _, check := range c.lib.Checks {
		if !slices.ContainsFunc(c.conditions, func(x condition) bool { return x.id == check.ID }) {
			out = append(out, check)
		}
	}
	return out
}

// answer is what a condition has: a link to its check, a reason, or "not yet".
func (c *coverage) answer(id string) string {
	if check := c.lib.Check(id); check != nil {
		return fmt.Sprintf("[check](../library/checks/%s/%s/check.yaml): %s", check.Service, id, cell(check.Title))
	}
	if why := c.reason(id); why != "" {
		return "no check: " + cell(why)
	}
	return "not yet"
}
