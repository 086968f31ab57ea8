package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/cloudformation"
	"github.com/assize-dev/assize/collect/terraform"
)

// notes say what a reader has to know of what was read, beside the findings.
func (in *planInput) notes() []assize.Note {
	var notes []assize.Note
	add := func(title string, lines []string) {
		if len(lines) > 0 {
			notes = append(notes, assize.Note{Title: title, Lines: lines})
		}
	}
	add("What was read", in.read())
	add("Resources of types that no check concerns", counts(in.unmapped()))
	if in.plan != nil {
		add("Leave the plan", leaving(in.plan.Leaving))
		add("Changed outside of Terraform", drift(in.plan.Drift))
		add("Conditions of the configuration", conditions(in.plan.Checks))
		add("Put off by Terraform", in.plan.Deferred)
	}
	if in.configured != nil {
		add("Judged as if they were made", undecided(in.configured.IfCreated))
		add("Variables without a value", in.unset())
		add("Modules that could not be read", undecided(missing(in.configured.Missing)))
	}
	add("Judged as if they were made", in.conditional())
	add("Parameters that have their default", in.defaults())
	add("Parameters without a value", in.unsetParameters())
	add("Could not be read as it is written", in.warnings())
	return notes
}

// read says what there is, and how much of it has conditions.
func (in *planInput) read() []string {
	var lines []string
	total, mapped := 0, 0
	for _, t := range in.templates {
		total += t.Total
		mapped += t.Total - sum(t.Unmapped)
	}
	if p := in.plan; p != nil {
		total, mapped = p.Summary.Total, p.Summary.Mapped
		what := string(p.Kind)
		if p.TerraformVersion != "" {
			what += ", Terraform " + p.TerraformVersion
		}
		lines = append(lines, what)
		if p.Kind == terraform.KindPlan {
			lines = append(lines, changes(&p.Summary))
		}
	}
	if in.configured != nil && in.configured.Note != "" {
		lines = append(lines, in.configured.Note)
	}
	return append(lines, fmt.Sprintf("%d of %d resources are of a type that checks concern", mapped, total))
}

// changes says what the plan does.
func changes(s *terraform.Summary) string {
	var parts []string
	for _, c := range []struct {
		n    int
		what string
	}{
		{s.Create, "to create"},
		{s.Update, "to update"},
		{s.Replace, "to replace"},
		{s.Delete, "to delete"},
		{s.Forget, "to forget"},
		{s.NoOp, "unchanged"},
		{s.Imported, "imported"},
		{s.Moved, "moved"},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return cmp.Or(strings.Join(parts, ", "), "nothing changes")
}

func sum(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

func (in *planInput) unmapped() map[string]int {
	if in.plan != nil {
		return in.plan.Unmapped
	}
	all := map[string]int{}
	for _, t := range in.templates {
		for typ, n := range t.Unmapped {
			all[typ] += n
		}
	}
	return all
}

// counts lists types with their numbers, most first.
func counts(n map[string]int) []string {
	types := slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	for i, typ := range types {
		types[i] = fmt.Sprintf("%s: %d", typ, n[typ])
	}
	return types
}

// leaving lists what is deleted, or forgotten and lives on.
func leaving(all []terraform.Leaving) []string {
	var lines []string
	for _, l := range all {
		if l.Forgotten {
			lines = append(lines, l.Address+": Terraform forgets it, it lives on in AWS and is not judged")
		} else {
			lines = append(lines, l.Address+": is deleted")
		}
	}
	slices.Sort(lines)
	return lines
}

func drift(all []terraform.Drift) []string {
	var lines []string
	for _, d := range all {
		lines = append(lines, d.Address+": "+d.Action)
	}
	return lines
}

// conditions lists what the configuration's own conditions say: those that do not hold one by one.
func conditions(checks []terraform.ModuleCheck) []string {
	var lines []string
	n := map[string]int{}
	for _, c := range checks {
		n[c.Status]++
		if c.Status == "fail" || c.Status == "error" {
			lines = append(lines, c.Status+": "+c.Address+": "+strings.Join(c.Messages, "; "))
		}
	}
	if len(checks) > 0 {
		lines = append(lines, strings.Join(counts(n), ", "))
	}
	return lines
}

// unset lists the variables that nothing gives a value.
func (in *planInput) unset() []string {
	var lines []string
	for _, v := range in.configured.Unset {
		lines = append(lines, fmt.Sprintf("var.%s, declared at %s%s:%d: what depends on it is unknown; --var %s=VALUE or --var-file gives it",
			v.Name, in.root, v.File, v.Line, v.Name))
	}
	return lines
}

func missing(modules map[string]string) map[string][]string {
	all := map[string][]string{}
	for address, why := range modules {
		all[address] = []string{why}
	}
	return all
}

// undecided lists addresses with what is said of them.
func undecided(all map[string][]string) []string {
	var lines []string
	for _, address := range slices.Sorted(maps.Keys(all)) {
		lines = append(lines, address+": "+strings.Join(all[address], "; "))
	}
	return lines
}

func (in *planInput) conditional() []string {
	var lines []string
	for _, t := range in.templates {
		lines = append(lines, t.Conditional...)
	}
	return lines
}

func (in *planInput) defaults() []string {
	var lines []string
	for _, t := range in.templates {
		for _, d := range t.Defaults {
			lines = append(lines, fmt.Sprintf("%s: %s = %s", d.File, d.Name, cmp.Or(d.Value, "(not shown)")))
		}
	}
	return lines
}

func (in *planInput) unsetParameters() []string {
	var lines []string
	for _, t := range in.templates {
		for _, p := range t.Unset {
			lines = append(lines, fmt.Sprintf("%s, declared at %s:%d: what depends on it is unknown; --parameters %s=VALUE gives it", p.Name, p.File, p.Line, p.Name))
		}
	}
	return lines
}

// unread reports that a module or a nested stack is called and could not be read: what it makes is
// not known, and that is no clean result.
func (in *planInput) unread() bool {
	if in.configured != nil && len(in.configured.Missing) > 0 {
		return true
	}
	return slices.ContainsFunc(in.templates, func(t *cloudformation.Template) bool { return t.Unread > 0 })
}

func (in *planInput) warnings() []string {
	var lines []string
	for _, t := range in.templates {
		for _, list := range [][]cloudformation.Warning{t.Warnings, t.Incomplete} {
			for _, w := range list {
				lines = append(lines, w.String())
			}
		}
	}
	return lines
}
