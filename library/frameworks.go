package library

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// finish makes of a framework as it is written what a run takes.
func (l *Library) finish(f *frameworkContent) (*assize.Framework, error) {
	written, err := f.written()
	if err != nil {
		return nil, err
	}
	own := slices.ContainsFunc(f.files, func(f file) bool { return f.own })
	if own {
		if err := errors.Join(l.lintWritten(f, written)...); err != nil {
			return nil, err
		}
	}
	if err := l.circular(written); err != nil {
		return nil, err
	}
	fw := *written
	fw.Groups = cloneGroups(written.Groups)
	if fw.ByService {
		fw.Groups = l.byService(l.catalogue.services)
	}
	if fw.Extends != nil {
		if err := l.inherit(&fw); err != nil {
			first, _, _ := f.parts()
			return nil, fmt.Errorf("%s:%d: %w", first.name(), lineAt(first.data, "extends"), err)
		}
	}
	if fw.Requirements {
		if err := l.applyMappings(&fw); err != nil {
			return nil, err
		}
	}
	if err := l.resolveControls(&fw); err != nil {
		return nil, err
	}
	if own {
		if err := errors.Join(l.lintFinished(f, written, &fw)...); err != nil {
			return nil, err
		}
	}
	fw.Digest, err = contentDigest(&fw)
	return &fw, err
}

// cloneGroups copies groups and their controls, so that finishing leaves what is written as it is.
func cloneGroups(groups []assize.Group) []assize.Group {
	out := slices.Clone(groups)
	for i := range out {
		out[i].Controls = slices.Clone(out[i].Controls)
	}
	return out
}

// controlsOf are the controls of a framework by id; the first of two.
func controlsOf(fw *assize.Framework) map[string]*assize.Control {
	out := map[string]*assize.Control{}
	for g := range fw.Groups {
		for i := range fw.Groups[g].Controls {
			if c := &fw.Groups[g].Controls[i]; out[c.ID] == nil {
				out[c.ID] = c
			}
		}
	}
	return out
}

// resolveControls fills in what controls leave out, and holds that every check that they name is there.
func (l *Library) resolveControls(fw *assize.Framework) error {
	var errs []error
	seen := map[string]bool{}
	for g := range fw.Groups {
		for i := range fw.Groups[g].Controls {
			c := &fw.Groups[g].Controls[i]
			if seen[c.ID] {
				errs = append(errs, fmt.Errorf("framework %s: control %q stands twice", fw.ID, c.ID))
			}
			seen[c.ID] = true
			errs = append(errs, l.resolve(fw, c)...)
		}
	}
	return errors.Join(errs...)
}

// resolve makes Checks of a control all that its expectations and mappings name, and finds each.
func (l *Library) resolve(fw *assize.Framework, c *assize.Control) []error {
	checks := union(nil, c.Checks)
	for i := range c.Expectations {
		checks = union(checks, c.Expectations[i].Checks)
	}
	for _, m := range c.Mapped {
		checks = union(checks, []string{m.Check})
	}
	if len(checks)+len(c.Expectations) == 0 && !fw.Requirements {
		checks = []string{c.ID}
	}
	c.Checks = checks
	var errs []error
	for _, id := range c.Checks {
		check := l.Check(id)
		switch {
		case check == nil:
			errs = append(errs, fmt.Errorf("framework %s: control %q names check %q, which there is none of", fw.ID, c.ID, id))
		case c.Title == "":
			c.Title = check.Title
		}
	}
	return errs
}

// union appends what is not there yet to a copy of list.
func union(list, more []string) []string {
	out := slices.Clone(list)
	for _, s := range more {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (l *Library) byService(titles map[string]string) []assize.Group {
	var groups []assize.Group
	for _, c := range l.Checks {
		i := slices.IndexFunc(groups, func(g assize.Group) bool { return g.ID == c.Service })
		if i < 0 {
			title := titles[c.Service]
			if title == "" {
				title = c.Service
			}
			i = len(groups)
			groups = append(groups, assize.Group{ID: c.Service, Title: title})
		}
		groups[i].Controls = append(groups[i].Controls, assize.Control{ID: c.ID, Title: c.Title, Checks: []string{c.ID}})
	}
	slices.SortFunc(groups, func(a, b assize.Group) int { return strings.Compare(a.ID, b.ID) })
	return groups
}

// contentDigest is "sha256:<hex>" of the canonical JSON of a finished framework without it.
func contentDigest(fw *assize.Framework) (string, error) {
	data, err := json.Marshal(fw)
	if err != nil {
		return "", fmt.Errorf("framework %s: digest: %w", fw.ID, err)
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256(data)), nil
}
