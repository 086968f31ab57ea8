package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tally counts the conditions of one service.
type tally struct{ conditions, checks, excluded int }

func (t *tally) add(o tally) {
	t.conditions, t.checks, t.excluded = t.conditions+o.conditions, t.checks+o.checks, t.excluded+o.excluded
}

func (t tally) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d |\n", name, t.conditions, t.checks, t.excluded, t.conditions-t.checks-t.excluded)
}

// page is docs/coverage.md.
func (c *coverage) page() []byte {
	var b bytes.Buffer
	b.WriteString("# Coverage\n\n" +
		"Written by `go generate ./library`; do not edit. `library/conditions.csv` lists conditions that are worth checking on an estate\n" +
		"that runs generative AI on AWS. Here is what Assize has for each: a check, a reason why there is none, or \"not yet\".\n\n")
	services := map[string][]condition{}
	for _, x := range c.conditions {
		services[x.service] = append(services[x.service], x)
	}
	names := slices.Sorted(maps.Keys(services))
	c.totals(&b, names, services)
	for _, name := range names {
		fmt.Fprintf(&b, "\n## %s\n\n| condition | answer |\n|---|---|\n", name)
		for _, x := range services[name] {
			fmt.Fprintf(&b, "| `%s` | %s |\n", x.id, c.answer(x.id))
		}
	}
	if ours := c.ours(); len(ours) > 0 {
		b.WriteString("\n## Checks beyond the list\n\n| check | what it says |\n|---|---|\n")
		for _, check := range ours {
			fmt.Fprintf(&b, "| [`%s`](../library/checks/%s/%s/check.yaml) | %s |\n", check.ID, check.Service, check.ID, cell(check.Title))
		}
	}
	c.perOperation(&b)
	return b.Bytes()
}

func (c *coverage) totals(b *bytes.Buffer, names []string, services map[string][]condition) {
	b.WriteString("| service | conditions | checks | excluded | not yet |\n|---|--:|--:|--:|--:|\n")
	var all tally
	for _, name := range names {
		var t tally
		for _, x := range services[name] {
			t.conditions++
			if c.lib.Check(x.id) != nil {
				t.checks++
			} else if c.reason(x.id) != "" {
				t.excluded++
			}
		}
		all.add(t)
		b.WriteString(t.row("[" + name + "](#" + name + ")"))
	}
	b.WriteString(all.row("all"))
	fmt.Fprintf(b, "\nThe library has %d checks, %d of them beyond the list.\n", len(c.lib.Checks), len(c.ours()))
}

// perOperation writes which conditions need which operation.
func (c *coverage) perOperation(b *bytes.Buffer) {
	b.WriteString("\n## By API operation\n\n" +
		"Without the operation the conditions beside it are inconclusive. Of a check: the list of its subjects, what its rule reads,\n" +
		"and the lists that it looks things up in. Of a condition that is not there yet: what would answer it.\n\n" +
		"| operation | IAM actions | conditions |\n|---|---|---|\n")
	needs := c.needs()
	for _, op := range slices.Sorted(maps.Keys(needs)) {
		actions := "not called yet"
		if a, ok := c.declared[op]; ok {
			actions = "`" + strings.Join(a, "` `") + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | `%s` |\n", op, actions, strings.Join(needs[op], "` `"))
	}
}

// cell is text of a table: on one line, its bars escaped.
func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", `\|`)
}
