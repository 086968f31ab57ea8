package oscal

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Find gives the document that a profile imports, by href: a relative path or an address. It
// fetches nothing unless the caller does.
type Find func(href string) (*Document, error)

// Resolve makes the catalogue that a profile stands for: the controls that its imports select, in
// the groups of their catalogues, with parameters set and controls altered. What it names and does
// not find is an error.
func (p *Profile) Resolve(find Find) (*Catalog, error) {
	return p.resolve(&resolver{find: find, done: map[*Profile]*Catalog{}}, nil)
}

// resolver finds documents, and resolves each profile once: several may import it.
type resolver struct {
	find Find
	done map[*Profile]*Catalog
}

func (p *Profile) resolve(by *resolver, way []*Profile) (*Catalog, error) {
	if c := by.done[p]; c != nil {
		return c, nil
	}
	if len(way) > maxDepth || slices.Contains(way, p) {
		return nil, fmt.Errorf("profile %q imports itself", p.Metadata.Title)
	}
	out := &Catalog{UUID: p.UUID, Metadata: p.Metadata}
	for _, imported := range p.Imports {
		c, err := p.imported(imported.Href, by, append(slices.Clip(way), p))
		if err != nil {
			return nil, fmt.Errorf("profile %q: import %q: %w", p.Metadata.Title, imported.Href, err)
		}
		keep, err := imported.selection(c)
		if err != nil {
			return nil, fmt.Errorf("profile %q: import %q: %w", p.Metadata.Title, imported.Href, err)
		}
		out.Params = append(out.Params, c.Params...)
		out.Groups = append(out.Groups, selectGroups(c.Groups, keep)...)
		out.Controls = append(out.Controls, selectControls(c.Controls, keep)...)
	}
	if err := errors.Join(p.Modify.setAll(out), p.Modify.alterAll(out)); err != nil {
		return nil, fmt.Errorf("profile %q: %w", p.Metadata.Title, err)
	}
	if err := out.check(); err != nil {
		return nil, fmt.Errorf("profile %q: what it selects: %w", p.Metadata.Title, err)
	}
	by.done[p] = out
	return out, nil
}

// imported is the catalogue behind an href, a profile behind it resolved.
func (p *Profile) imported(href string, by *resolver, way []*Profile) (*Catalog, error) {
	d, err := by.find(p.target(href))
	switch {
	case err != nil:
		return nil, err
	case d.Profile != nil:
		return d.Profile.resolve(by, way)
	}
	return d.Catalog, nil
}

// target follows "#uuid" to a link of the back matter, to JSON where there is a choice.
func (p *Profile) target(href string) string {
	id, ok := strings.CutPrefix(href, "#")
	if !ok {
		return href
	}
	for _, r := range p.BackMatter.Resources {
		if r.UUID != id || len(r.RLinks) == 0 {
			continue
		}
		for _, l := range r.RLinks {
			if path.Ext(l.Href) == ".json" {
				return l.Href
			}
		}
		return r.RLinks[0].Href
	}
	return href
}

// selection are the ids of the controls that an import takes.
func (i *Import) selection(c *Catalog) (map[string]bool, error) {
	all := map[string]*Control{}
	c.each(func(control *Control) { all[control.ID] = control })
	keep := map[string]bool{}
	if i.IncludeAll != nil || i.IncludeControls == nil {
		for id := range all {
			keep[id] = true
		}
	}
	var errs []error
	mark := func(list []SelectControls, value bool) {
		for _, s := range list {
			named, err := s.named(all)
			errs = append(errs, err)
			for _, control := range named {
				keep[control.ID] = value
				for j := range control.Controls {
					if s.WithChildControls == "yes" {
						keep[control.Controls[j].ID] = value
					}
				}
			}
		}
	}
	mark(i.IncludeControls, true)
	mark(i.ExcludeControls, false)
	return keep, errors.Join(errs...)
}

// named are the controls that it names. An id that none has is an error, and a pattern that cannot be read.
func (s *SelectControls) named(all map[string]*Control) ([]*Control, error) {
	var out []*Control
	var errs []error
	for _, id := range s.WithIDs {
		if c := all[id]; c != nil {
			out = append(out, c)
		} else {
			errs = append(errs, fmt.Errorf("there is no control %q", id))
		}
	}
	for _, m := range s.Matching {
		if _, err := path.Match(m.Pattern, ""); err != nil {
			errs = append(errs, fmt.Errorf("matching: pattern %q: %w", m.Pattern, err))
			continue
		}
		for id, c := range all {
			if ok, err := path.Match(m.Pattern, id); err == nil && ok {
				out = append(out, c)
			}
		}
	}
	return out, errors.Join(errs...)
}

// each visits all controls, with enhancements.
func (c *Catalog) each(visit func(*Control)) {
	var controls func([]Control)
	controls = func(list []Control) {
		for i := range list {
			visit(&list[i])
			controls(list[i].Controls)
		}
	}
	var groups func([]Group)
	groups = func(list []Group) {
		for i := range list {
			controls(list[i].Controls)
			groups(list[i].Groups)
		}
	}
	groups(c.Groups)
	controls(c.Controls)
}

func selectGroups(groups []Group, keep map[string]bool) []Group {
	var out []Group
	for _, g := range groups {
		g.Groups, g.Controls = selectGroups(g.Groups, keep), selectControls(g.Controls, keep)
		if len(g.Groups)+len(g.Controls) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// selectControls copies what is kept; enhancements whose control is not are kept beside it.
func selectControls(controls []Control, keep map[string]bool) []Control {
	var out []Control
	for _, c := range controls {
		c.Controls = selectControls(c.Controls, keep)
		c.Params, c.Props, c.Parts = slices.Clone(c.Params), slices.Clone(c.Props), cloneParts(c.Parts)
		if keep[c.ID] {
			out = append(out, c)
		} else {
			out = append(out, c.Controls...)
		}
	}
	return out
}

func cloneParts(parts []Part) []Part {
	out := slices.Clone(parts)
	for i := range out {
		out[i].Parts, out[i].Props = cloneParts(out[i].Parts), slices.Clone(out[i].Props)
	}
	return out
}

// setAll sets parameters, wherever they are declared.
func (m *Modify) setAll(c *Catalog) error {
	set, wanted := map[string]bool{}, map[string][]*SetParameter{}
	for i := range m.SetParameters {
		s := &m.SetParameters[i]
		wanted[s.ParamID] = append(wanted[s.ParamID], s)
	}
	apply := func(params []Param) {
		for i := range params {
			for _, s := range wanted[params[i].ID] {
				set[s.ParamID] = true
				if s.Label != "" {
					params[i].Label = s.Label
				}
				if s.Values != nil {
					params[i].Values = s.Values
				}
				if s.Select != nil {
					params[i].Select = s.Select
				}
			}
		}
	}
	c.Params = slices.Clone(c.Params)
	apply(c.Params)
	var groups func([]Group)
	groups = func(list []Group) {
		for i := range list {
			list[i].Params = slices.Clone(list[i].Params)
			apply(list[i].Params)
			groups(list[i].Groups)
		}
	}
	groups(c.Groups)
	c.each(func(control *Control) { apply(control.Params) })
	var errs []error
	for _, s := range m.SetParameters {
		if !set[s.ParamID] {
			errs = append(errs, fmt.Errorf("set-parameters: no control that is taken has a parameter %q", s.ParamID))
		}
	}
	return errors.Join(errs...)
}

func (m *Modify) alterAll(c *Catalog) error {
	taken := map[string][]*Control{}
	c.each(func(control *Control) { taken[control.ID] = append(taken[control.ID], control) })
	var errs []error
	for _, a := range m.Alters {
		for _, control := range taken[a.ControlID] {
			errs = append(errs, a.apply(control))
		}
		if len(taken[a.ControlID]) == 0 {
			errs = append(errs, fmt.Errorf("alters: no control %q is taken", a.ControlID))
		}
	}
	return errors.Join(errs...)
}

func (a *Alter) apply(c *Control) error {
	for _, r := range a.Removes {
		if r == (Remove{}) {
			return fmt.Errorf("alter %q: a remove names nothing", a.ControlID)
		}
		c.Parts = r.parts(c.Parts)
		c.Props = slices.DeleteFunc(c.Props, func(p Prop) bool { return r.matches("prop", "", p.Name, p.Class, p.NS) })
		c.Params = slices.DeleteFunc(c.Params, func(p Param) bool { return r.matches("param", p.ID, "", "", "") })
	}
	for _, add := range a.Adds {
		if !add.to(c) {
			return fmt.Errorf("alter %q: add: there is no part %q", a.ControlID, add.ByID)
		}
	}
	return nil
}

func (r *Remove) parts(parts []Part) []Part {
	parts = slices.DeleteFunc(parts, func(p Part) bool { return r.matches("part", p.ID, p.Name, p.Class, p.NS) })
	for i := range parts {
		parts[i].Parts = r.parts(parts[i].Parts)
	}
	return parts
}

func (r *Remove) matches(item, id, name, class, ns string) bool {
	for _, c := range [][2]string{{r.ByItemName, item}, {r.ByID, id}, {r.ByName, name}, {r.ByClass, class}, {r.ByNS, ns}} {
		if c[0] != "" && c[0] != c[1] {
			return false
		}
	}
	return true
}

// to adds to the control, or to or beside one of its parts; ok is false where that part is not there.
func (a *Add) to(c *Control) bool {
	if a.ByID != "" && a.ByID != c.ID {
		return a.toParts(&c.Parts)
	}
	if a.Title != "" {
		c.Title = a.Title
	}
	c.Params = append(c.Params, a.Params...)
	c.Props = append(c.Props, a.Props...)
	if a.Position == "starting" || a.Position == "before" {
		c.Parts = slices.Concat(a.Parts, c.Parts)
	} else {
		c.Parts = append(c.Parts, a.Parts...)
	}
	return true
}

func (a *Add) toParts(parts *[]Part) bool {
	for i := range *parts {
		p := &(*parts)[i]
		if p.ID != a.ByID {
			if a.toParts(&p.Parts) {
				return true
			}
			continue
		}
		switch a.Position {
		case "before":
			*parts = slices.Insert(*parts, i, a.Parts...)
		case "after":
			*parts = slices.Insert(*parts, i+1, a.Parts...)
		case "starting":
			p.Parts = slices.Concat(a.Parts, p.Parts)
			p.Props = append(p.Props, a.Props...)
		default:
			p.Parts = append(p.Parts, a.Parts...)
			p.Props = append(p.Props, a.Props...)
		}
		return true
	}
	return false
}
