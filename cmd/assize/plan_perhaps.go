package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

// conditionals are resources of which it is not known whether they will be made. What they are is judged as if they
// were; what they make of others, and of whole accounts, holds only where it holds without them.
type conditionals struct {
	// why says by address what decides it.
	why map[string]string
	// without are the outcomes where none of them is made, by key.
	without map[string]assize.Outcome
}

// perhaps finds the conditionals, and judges what there is without them; nil where there are none.
func (in *planInput) perhaps(engine *assess.Engine, o assess.Options) *conditionals {
	c := &conditionals{why: map[string]string{}, without: map[string]assize.Outcome{}}
	if in.configured != nil {
		for address, why := range in.configured.IfCreated {
			c.why[address] = ": " + strings.Join(why, "; ")
		}
	}
	for _, t := range in.templates {
		for _, address := range t.Conditional {
			c.why[address] = ""
		}
	}
	if len(c.why) == 0 {
		return nil
	}
	certain := *in.after
	certain.Resources = slices.DeleteFunc(slices.Clone(in.after.Resources), c.has)
	if len(certain.Resources) == len(in.after.Resources) {
		return nil
	}
	for f := range engine.Assess(&certain, o).Findings() {
		c.without[f.Key()] = f.Outcome
	}
	return c
}

// has tells a resource that may not be made.
func (c *conditionals) has(r *assize.Resource) bool {
	if r.Origin == nil {
		return false
	}
	_, ok := c.why[r.Origin.Address]
	return ok
}

// doubt makes a verdict inconclusive that is another one without the conditionals.
func (c *conditionals) doubt(f *assize.Finding) {
	switch {
	case c == nil, f.Outcome != assize.Pass && f.Outcome != assize.Fail, f.Resource != nil && c.has(f.Resource):
		return
	}
	if without, ok := c.without[f.Key()]; ok && without == f.Outcome {
		return
	}
	assess.Inconclusive(f, &assize.Unknown{Cause: assize.UntilApply, Detail: "whether there will be " + c.named(f.Resources)})
}

// named lists what may not be made: of the resources that were looked at where there are some, else of all.
func (c *conditionals) named(looked []*assize.Resource) string {
	var addresses []string
	for _, r := range looked {
		if c.has(r) {
			addresses = append(addresses, r.Origin.Address)
		}
	}
	if len(addresses) == 0 {
		addresses = slices.Collect(maps.Keys(c.why))
	}
	slices.Sort(addresses)
	var names []string
	for _, address := range addresses[:min(len(addresses), maxNamed)] {
		names = append(names, address+c.why[address])
	}
	if more := len(addresses) - maxNamed; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}
