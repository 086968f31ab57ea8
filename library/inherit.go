package library

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// circular refuses a framework that extends itself, over however many others.
func (l *Library) circular(fw *assize.Framework) error {
	way := []string{fw.ID}
	for fw.Extends != nil {
		next := l.catalogue.frameworks[fw.Extends.Framework]
		if next == nil {
			return nil // inherit says so
		}
		way = append(way, next.id)
		if slices.Contains(way[:len(way)-1], next.id) {
			return fmt.Errorf("framework %s extends itself: %s", way[0], strings.Join(way, " extends "))
		}
		var err error
		if fw, err = next.written(); err != nil {
			return err
		}
	}
	return nil
}

// inherit takes the controls of the framework that fw extends, and lays its own over them.
func (l *Library) inherit(fw *assize.Framework) error {
	content := l.catalogue.frameworks[fw.Extends.Framework] // no alias: circular knows ids alone
	if content == nil {
		return fmt.Errorf("extends: there is no framework of id %q; there are: %s", fw.Extends.Framework, strings.Join(l.FrameworkIDs(), ", "))
	}
	base, err := content.finished()
	if err != nil {
		return fmt.Errorf("extends: %w", err)
	}
	own := fw.Groups
	if fw.Groups, err = taken(base, fw.Extends); err != nil {
		return err
	}
	for i := range own {
		override(fw, &own[i])
	}
	fw.Groups = slices.DeleteFunc(fw.Groups, func(g assize.Group) bool { return len(g.Controls) == 0 })
	fw.Requirements = fw.Requirements || base.Requirements
	fw.Provenance, fw.Licence = cmp.Or(fw.Provenance, base.Provenance), cmp.Or(fw.Licence, base.Licence)
	fw.Description = cmp.Or(fw.Description, base.Description)
	if fw.Sources == nil {
		fw.Sources = base.Sources
	}
	return nil
}

// taken are the groups of base with the controls that are included and not excluded.
func taken(base *assize.Framework, from *assize.Inheritance) ([]assize.Group, error) {
	for _, id := range slices.Concat(from.Include, from.Exclude) {
		if !has(base, id) {
			return nil, fmt.Errorf("extends: framework %s has no group and no control %q", base.ID, id)
		}
	}
	groups := cloneGroups(base.Groups)
	for i := range groups {
		g := &groups[i]
		g.Controls = slices.DeleteFunc(g.Controls, func(c assize.Control) bool {
			named := func(list []string) bool { return slices.Contains(list, g.ID) || slices.Contains(list, c.ID) }
			return len(from.Include) > 0 && !named(from.Include) || named(from.Exclude)
		})
	}
	return groups, nil
}

func has(fw *assize.Framework, id string) bool {
	return slices.ContainsFunc(fw.Groups, func(g assize.Group) bool {
		return g.ID == id || slices.ContainsFunc(g.Controls, func(c assize.Control) bool { return c.ID == id })
	})
}

// override lays a group of fw over what it inherits. A control that is there already keeps
// what the group does not set, and its place where the group is the same.
func override(fw *assize.Framework, own *assize.Group) {
	at := slices.IndexFunc(fw.Groups, func(g assize.Group) bool { return g.ID == own.ID })
	if at < 0 {
		at = len(fw.Groups)
		fw.Groups = append(fw.Groups, assize.Group{ID: own.ID})
	}
	g := &fw.Groups[at]
	g.Title, g.Description, g.Usual = cmp.Or(own.Title, g.Title), cmp.Or(own.Description, g.Description), cmp.Or(own.Usual, g.Usual)
	g.Automated, g.Customer = either(own.Automated, g.Automated), either(own.Customer, g.Customer)
	for i := range own.Controls {
		c := own.Controls[i]
		was, group, place := find(fw, c.ID)
		switch {
		case was == nil:
			g.Controls = append(g.Controls, c)
		case group == at:
			g.Controls[place] = overridden(was, &c)
		default:
			c = overridden(was, &c)
			fw.Groups[group].Controls = slices.Delete(fw.Groups[group].Controls, place, place+1)
			g.Controls = append(g.Controls, c)
		}
	}
}

func find(fw *assize.Framework, id string) (c *assize.Control, group, place int) {
	for i := range fw.Groups {
		for j := range fw.Groups[i].Controls {
			if fw.Groups[i].Controls[j].ID == id {
				return &fw.Groups[i].Controls[j], i, j
			}
		}
	}
	return nil, 0, 0
}

// either is what is set: nil is not, an empty list is.
func either(own, inherited []string) []string {
	if own != nil {
		return own
	}
	return inherited
}

// overridden is the inherited control with the fields that own sets.
func overridden(inherited, own *assize.Control) assize.Control {
	c := *inherited
	for _, f := range []struct {
		to  *string
		own string
	}{
		{&c.Title, own.Title},
		{&c.Note, own.Note},
		{&c.Provenance, own.Provenance},
		{&c.NamedBy, own.NamedBy},
		{&c.DescribedBy, own.DescribedBy},
		{&c.Description, own.Description},
		{&c.Why, own.Why},
		{&c.Testing, own.Testing},
		{&c.ActionPlanTitle, own.ActionPlanTitle},
		{&c.ActionPlan, own.ActionPlan},
		{&c.Responsibility, own.Responsibility},
		{&c.Proof, own.Proof},
	} {
		*f.to = cmp.Or(f.own, *f.to)
	}
	c.Automated, c.Customer = either(own.Automated, c.Automated), either(own.Customer, c.Customer)
	c.Topics = either(own.Topics, c.Topics)
	if own.AppliesTo != nil {
		c.AppliesTo = own.AppliesTo
	}
	switch {
	case own.Checks == nil && own.Expectations == nil:
		return c
	case own.Expectations != nil && len(own.Expectations) == 0:
		c.Expectations = nil
	}
	// The checks of what stays are found again from the expectations; those of the short form are replaced where it is set.
	short := own.Checks
	if short == nil {
		short = inherited.OwnChecks()
	}
	c.Checks = short
	c.Expectations = slices.Clone(c.Expectations)
	for i := range own.Expectations {
		e := own.Expectations[i]
		at := slices.IndexFunc(c.Expectations, func(x assize.Expectation) bool { return x.ID == e.ID })
		if at < 0 {
			c.Expectations = append(c.Expectations, e)
		} else {
			c.Expectations[at] = overriddenExpectation(c.Expectations[at], e)
		}
	}
	return c
}

func overriddenExpectation(e, own assize.Expectation) assize.Expectation {
	e.Kind = cmp.Or(own.Kind, e.Kind)
	e.Title, e.Keyword, e.Record = cmp.Or(own.Title, e.Title), cmp.Or(own.Keyword, e.Keyword), cmp.Or(own.Record, e.Record)
	e.Per, e.Cadence, e.TimeZone = cmp.Or(own.Per, e.Per), cmp.Or(own.Cadence, e.Cadence), cmp.Or(own.TimeZone, e.TimeZone)
	e.DueDays, e.FreshDays = cmp.Or(own.DueDays, e.DueDays), cmp.Or(own.FreshDays, e.FreshDays)
	e.Owner, e.Reviewers = cmp.Or(own.Owner, e.Owner), cmp.Or(own.Reviewers, e.Reviewers)
	e.Example, e.Optional = cmp.Or(own.Example, e.Example), own.Optional || e.Optional
	e.Checks = either(own.Checks, e.Checks)
	return e
}
