package library

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// Comparison is what differs between two frameworks, or two versions of one.
type Comparison struct {
	Before Compared `json:"before"`
	After  Compared `json:"after"`
	// Header: the fields of the framework's page that differ.
	Header []FieldChange `json:"header,omitempty"`
	// Controls that differ: those of after in its order, then those that are gone.
	Controls []ControlChange `json:"controls,omitempty"`
}

// Compared names one side.
type Compared struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Digest  string `json:"digest,omitempty"`
}

// The kinds of change of a control.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// ControlChange is what became of one control.
type ControlChange struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Group string `json:"group"`
	// Change is [Added], [Removed] or [Changed].
	Change string `json:"change"`
	// Text are fields that people read, Evidence what answers the control; of a changed one.
	Text     []FieldChange `json:"text,omitempty"`
	Evidence []FieldChange `json:"evidence,omitempty"`
}

// FieldChange is one field before and after; empty: it was not there, or is not any more.
type FieldChange struct {
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Empty reports whether nothing differs but ids, versions and digests.
func (c *Comparison) Empty() bool { return len(c.Header)+len(c.Controls) == 0 }

// Compare tells what differs between two frameworks. Controls are the same when their ids are.
// Nothing that a digest is of is left out, but the order of controls.
func Compare(before, after *assize.Framework) (*Comparison, error) {
	c := &Comparison{
		Before: Compared{before.ID, before.Version, before.Digest},
		After:  Compared{after.ID, after.Version, after.Digest},
	}
	var err error
	skip := []string{"id", "version", "digest", "groups"}
	if c.Header, err = changes(before, after, skip); err != nil {
		return nil, err
	}
	were, are := placesOf(before), placesOf(after)
	for _, g := range after.Groups {
		if was := were.groups[g.ID]; was != nil {
			more, err := changes(was, g, []string{"controls"})
			if err != nil {
				return nil, err
			}
			for _, m := range more {
				m.Name = "group " + g.ID + ": " + m.Name
				c.Header = append(c.Header, m)
			}
		}
		for i := range g.Controls {
			change, err := compareControl(were.controls[g.Controls[i].ID], &g.Controls[i], g.ID)
			if err != nil {
				return nil, err
			}
			if change.Change != "" {
				c.Controls = append(c.Controls, change)
			}
		}
	}
	for _, g := range before.Groups {
		for _, b := range g.Controls {
			if are.controls[b.ID].control == nil {
				c.Controls = append(c.Controls, ControlChange{ID: b.ID, Title: b.Title, Group: g.ID, Change: Removed})
			}
		}
	}
	return c, nil
}

// comparedPlaces finds the groups and controls of a framework by id.
type comparedPlaces struct {
	groups   map[string]*assize.Group
	controls map[string]placed
}

// placed is a control and the group that it is in.
type placed struct {
	control *assize.Control
	group   string
}

func placesOf(fw *assize.Framework) comparedPlaces {
	out := comparedPlaces{map[string]*assize.Group{}, map[string]placed{}}
	for i := range fw.Groups {
		g := &fw.Groups[i]
		out.groups[g.ID] = cmp.Or(out.groups[g.ID], g)
		for j := range g.Controls {
			c := &g.Controls[j]
			if out.controls[c.ID].control == nil {
				out.controls[c.ID] = placed{c, g.ID}
			}
		}
	}
	return out
}

// compareControl tells what became of a control; no Change where it is as it was.
func compareControl(before placed, now *assize.Control, group string) (ControlChange, error) {
	c := ControlChange{ID: now.ID, Title: now.Title, Group: group}
	was := before.control
	if was == nil {
		c.Change = Added
		return c, nil
	}
	text, err := changes(was, now, []string{"checks", "expectations", "mapped", "over"})
	if err != nil {
		return c, err
	}
	c.Text = text
	if before.group != group {
		c.Text = append(c.Text, FieldChange{"group", before.group, group})
	}
	c.Evidence = append(membership("check", was.Checks, now.Checks), overChanges(was, now)...)
	c.Evidence = append(c.Evidence, mappedChanges(was, now)...)
	expectations, err := expectationChanges(was.Expectations, now.Expectations)
	if err != nil {
		return c, err
	}
	c.Evidence = append(c.Evidence, expectations...)
	if len(c.Text)+len(c.Evidence) > 0 {
		c.Change = Changed
	}
	return c, nil
}

// overChanges are the mappings over which checks come.
func overChanges(was, now *assize.Control) []FieldChange {
	name := func(list []assize.MappedOver) []string {
		var out []string
		for _, m := range list {
			out = append(out, m.Common+" ("+string(m.Relation)+")")
		}
		return out
	}
	return membership("over", name(was.Over), name(now.Over))
}

// mappedChanges are checks that one of the mappings of both lost or won, and that come over another one, or by
// themselves, on both sides. Other checks and mappings that came or went are told as such.
func mappedChanges(was, now *assize.Control) []FieldChange {
	name := func(list []assize.MappedCheck) []string {
		var out []string
		for _, m := range list {
			over := assize.MappedOver{Common: m.Common, Relation: m.Relation}
			both := slices.Contains(was.Over, over) && slices.Contains(now.Over, over)
			if both && slices.Contains(was.Checks, m.Check) && slices.Contains(now.Checks, m.Check) {
				out = append(out, m.Check+" over "+m.Common+" ("+string(m.Relation)+")")
			}
		}
		return out
	}
	return membership("mapped check", name(was.Mapped), name(now.Mapped))
}

// membership tells what a list lost and won.
func membership(name string, was, now []string) []FieldChange {
	var out []FieldChange
	for _, s := range was {
		if !slices.Contains(now, s) {
			out = append(out, FieldChange{Name: name, Before: s})
		}
	}
	for _, s := range now {
		if !slices.Contains(was, s) {
			out = append(out, FieldChange{Name: name, After: s})
		}
	}
	return out
}

// expectationChanges compares expectations by id.
func expectationChanges(was, now []assize.Expectation) ([]FieldChange, error) {
	var out []FieldChange
	at := func(list []assize.Expectation, id string) int {
		return slices.IndexFunc(list, func(e assize.Expectation) bool { return e.ID == id })
	}
	for _, e := range was {
		if at(now, e.ID) < 0 {
			out = append(out, FieldChange{Name: "expectation", Before: e.ID + " (" + string(e.Kind) + ")"})
		}
	}
	for _, e := range now {
		i := at(was, e.ID)
		if i < 0 {
			out = append(out, FieldChange{Name: "expectation", After: e.ID + " (" + string(e.Kind) + ")"})
			continue
		}
		more, err := changes(was[i], e, []string{"id"})
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			m.Name = "expectation " + e.ID + ": " + m.Name
			out = append(out, m)
		}
	}
	return out, nil
}

// changes compares two values by the fields of their JSON, without some.
func changes(before, after any, skip []string) ([]FieldChange, error) {
	was, err := fields(before)
	if err != nil {
		return nil, err
	}
	now, err := fields(after)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, m := range []map[string]json.RawMessage{was, now} {
		for name := range m {
			names[name] = !slices.Contains(skip, name)
		}
	}
	var out []FieldChange
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if names[name] && !bytes.Equal(was[name], now[name]) {
			out = append(out, FieldChange{name, plain(was[name]), plain(now[name])})
		}
	}
	return out, nil
}

func fields(v any) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	var m map[string]json.RawMessage
	return m, json.Unmarshal(data, &m)
}

// plain is a value as people read it: a text without quotes, a list of texts with commas.
func plain(data json.RawMessage) string {
	var text string
	var list []string
	switch {
	case json.Unmarshal(data, &text) == nil:
		return strings.Join(strings.Fields(text), " ")
	case json.Unmarshal(data, &list) == nil:
		return cmp.Or(strings.Join(list, ", "), "[]")
	}
	return string(data)
}
