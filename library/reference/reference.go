// Package reference is the content of a library as people read it: a page for each check,
// control, framework, common control, governance record and resource type, with what refers to it,
// and a search over all of them. The terminal and the documentation site show the same pages.
package reference

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// Kind is what a page is about.
type Kind string

// The kinds.
const (
	Check     Kind = "check"
	Control   Kind = "control"
	Framework Kind = "framework"
	Common    Kind = "common-control"
	Record    Kind = "record"
	Type      Kind = "type"
)

// Kinds lists all, in the order in which equally good finds are shown.
var Kinds = []Kind{Framework, Check, Control, Common, Record, Type}

// Label is the kind in words.
func (k Kind) Label() string {
	switch k {
	case Common:
		return "common control"
	case Record:
		return "governance record"
	case Type:
		return "resource type"
	case Check, Control, Framework:
	}
	return string(k)
}

// Key names a page.
type Key struct {
	Kind Kind `json:"kind"`
	// ID of what the page is about; of a control "<framework>/<control>".
	ID string `json:"id"`
}

// Entry is one page in lists and in the search.
type Entry struct {
	Key
	Title string `json:"title"`
	// In names what it is part of: the service of a check, the framework of a control.
	In string `json:"in,omitempty"`
	// Provenance is whose it is, as the content says it.
	Provenance string `json:"provenance,omitempty"`

	names []string // further names under which people look for it
	text  string   // what else is searched
}

// Reference is all pages of a library.
type Reference struct {
	lib        *library.Library
	frameworks []*assize.Framework
	domains    []*assize.Domain
	records    []*assize.RecordSchema
	mappings   map[string]*assize.MappingSet // by framework

	entries []Entry
	at      map[Key]int // in entries

	controls map[Key]controlAt
	common   map[string]commonAt
	uses     map[Key][]Key // what names a page, in the order of entries
}

type controlAt struct {
	fw    *assize.Framework
	group *assize.Group
	c     *assize.Control
}

type commonAt struct {
	domain    *assize.Domain
	objective *assize.Objective
	c         *assize.CommonControl
}

// New makes the pages. It reads the whole catalogue; the error says what of it is wrong.
func New(lib *library.Library) (*Reference, error) {
	r := &Reference{
		lib: lib, mappings: map[string]*assize.MappingSet{}, at: map[Key]int{},
		controls: map[Key]controlAt{}, common: map[string]commonAt{}, uses: map[Key][]Key{},
	}
	var err error
	if r.frameworks, err = lib.Frameworks(); err != nil {
		return nil, err
	}
	if r.domains, err = lib.Domains(); err != nil {
		return nil, err
	}
	for _, id := range lib.RecordIDs() {
		record, err := lib.Record(id)
		if err != nil {
			return nil, err
		}
		r.records = append(r.records, record)
	}
	for _, fw := range r.frameworks {
		if r.mappings[fw.ID], err = lib.Mappings(fw.ID); err != nil {
			return nil, err
		}
	}
	r.addFrameworks()
	r.addChecks()
	r.addCommon()
	r.addRecords()
	r.addTypes()
	return r, nil
}

// Entries are all pages: frameworks with their controls, checks, common controls, records, types; each kind by id.
func (r *Reference) Entries() []Entry { return r.entries }

// Entry finds the entry of a page.
func (r *Reference) Entry(k Key) (Entry, bool) {
	i, ok := r.at[k]
	if !ok {
		return Entry{}, false
	}
	return r.entries[i], true
}

// Library is what the pages are of.
func (r *Reference) Library() *library.Library { return r.lib }

func (r *Reference) add(e Entry) {
	r.at[e.Key] = len(r.entries)
	r.entries = append(r.entries, e)
}

// use notes that one page names another.
func (r *Reference) use(named, by Key) {
	if !slices.Contains(r.uses[named], by) {
		r.uses[named] = append(r.uses[named], by)
	}
}

// usedBy are the pages of a kind that name another.
func (r *Reference) usedBy(k Key, kind Kind) []Key {
	var out []Key
	for _, u := range r.uses[k] {
		if u.Kind == kind {
			out = append(out, u)
		}
	}
	return out
}

// Derived reports whether a framework's controls are its checks, so that they have no pages of their own.
func Derived(fw *assize.Framework) bool { return fw.ByService }

func (r *Reference) addFrameworks() {
	for _, fw := range r.frameworks {
		key := Key{Framework, fw.ID}
		r.add(Entry{
			Key: key, Title: fw.Title, Provenance: whose(fw), names: fw.Aliases,
			text: strings.Join([]string{fw.Description, fw.Provenance, fw.Version}, "\n"),
		})
		if Derived(fw) {
			continue
		}
		for g := range fw.Groups {
			group := &fw.Groups[g]
			for i := range group.Controls {
				r.addControl(fw, group, &group.Controls[i])
			}
		}
	}
}

// whose is the provenance of a framework in a word.
func whose(fw *assize.Framework) string {
	if fw.Requirements {
		return "requirements of others"
	}
	for _, g := range fw.Groups {
		for _, c := range g.Controls {
			if c.Provenance == assize.ProvenanceImported {
				return assize.ProvenanceImported
			}
		}
	}
	return ""
}

// ControlKey is the key of a control's page.
func ControlKey(framework, control string) Key { return Key{Control, framework + "/" + control} }

func (r *Reference) addControl(fw *assize.Framework, group *assize.Group, c *assize.Control) {
	key := ControlKey(fw.ID, c.ID)
	r.controls[key] = controlAt{fw, group, c}
	r.add(Entry{
		Key: key, Title: c.Title, In: fw.Title, Provenance: c.Provenance, names: []string{c.ID, c.ID + " " + c.Title},
		text: strings.Join([]string{group.Title, c.Description, c.Why, c.Testing, c.ActionPlan, strings.Join(c.Topics, "\n")}, "\n"),
	})
	for _, id := range c.Checks {
		r.use(Key{Check, id}, key)
	}
	for i := range c.Expectations {
		if e := &c.Expectations[i]; e.Record != "" {
			r.use(Key{Record, e.Record}, key)
		}
		if e := &c.Expectations[i]; e.Per != "" {
			r.use(Key{Type, e.Per}, key)
		}
	}
	for _, m := range r.mappingsOf(fw.ID, c.ID) {
		r.use(Key{Common, m.Common}, key)
	}
}

// mappingsOf are the mappings of one control.
func (r *Reference) mappingsOf(framework, control string) []assize.Mapping {
	var out []assize.Mapping
	for _, m := range r.mappings[framework].Mappings {
		if m.Control == control {
			out = append(out, m)
		}
	}
	return out
}

func (r *Reference) addChecks() {
	for _, c := range r.lib.Checks {
		p := c.Peers
		r.add(Entry{
			Key: Key{Check, c.ID}, Title: c.Title, In: c.Service, Provenance: assize.ProvenanceAssize,
			names: slices.DeleteFunc([]string{p.Prowler, p.Powerpipe, p.Config, p.SecurityHub, p.Checkov, p.Trivy}, func(s string) bool { return s == "" }),
			text:  strings.Join([]string{c.Why, c.Fails, c.Remediation.Text, c.Subject.Type, p.Other}, "\n"),
		})
		r.use(Key{Type, c.Subject.Type}, Key{Check, c.ID})
	}
}

func (r *Reference) addCommon() {
	for _, d := range r.domains {
		for i := range d.Objectives {
			o := &d.Objectives[i]
			for j := range o.Common {
				c := &o.Common[j]
				key := Key{Common, c.ID}
				r.common[c.ID] = commonAt{d, o, c}
				r.add(Entry{Key: key, Title: c.Title, In: d.Title, Provenance: assize.ProvenanceAssize, text: o.Title + "\n" + c.Description})
				for _, id := range commonChecks(c) {
					r.use(Key{Check, id}, key)
				}
				for _, e := range c.Expectations {
					if e.Record != "" {
						r.use(Key{Record, e.Record}, key)
					}
				}
			}
		}
	}
}

// commonChecks are all checks that implement a common control.
func commonChecks(c *assize.CommonControl) []string {
	all := slices.Clone(c.Checks)
	for _, e := range c.Expectations {
		for _, id := range e.Checks {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}

func (r *Reference) addRecords() {
	for _, record := range r.records {
		text := []string{record.Description}
		for _, f := range record.Fields {
			text = append(text, f.Title)
		}
		r.add(Entry{Key: Key{Record, record.ID}, Title: record.Title, In: record.Kind, Provenance: assize.ProvenanceAssize, text: strings.Join(text, "\n")})
	}
}

func (r *Reference) addTypes() {
	for _, d := range r.lib.Definitions {
		text := []string{d.List}
		for _, f := range d.Facts {
			text = append(text, f.Path, f.From)
		}
		r.add(Entry{Key: Key{Type, d.Type}, Title: d.Title, In: d.Service, names: terraformNames(d), text: strings.Join(text, "\n")})
	}
}

func terraformNames(d *assize.Definition) []string {
	var out []string
	for _, t := range d.Terraform {
		out = append(out, t.Resource)
	}
	return out
}

// Find returns the pages that a name names: an id, an alias of a framework, the id of a control
// with or without that of its framework. Letter case does not matter. Kinds narrow it; none: all. Its
// error names the nearest.
func (r *Reference) Find(name string, kinds ...Kind) ([]Entry, error) {
	if len(kinds) == 0 {
		kinds = Kinds
	}
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		var found []Entry
		for _, k := range kinds {
			for _, e := range r.entries {
				if e.Kind == k && (same(e.ID, name) || e.named(name, same)) {
					found = append(found, e)
				}
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	near, _ := r.Search(name, kinds...)
	var offers []string
	for _, e := range near[:min(len(near), maxOffers)] {
		offers = append(offers, e.ID)
	}
	if len(offers) == 0 {
		return nil, fmt.Errorf("nothing in the library is called %q: see assize library search", name)
	}
	return nil, fmt.Errorf("nothing in the library is called %q; the nearest: %s", name, strings.Join(offers, ", "))
}

// maxOffers is how many near finds are offered.
const maxOffers = 5

// named: aliases of frameworks and ids of controls name them; peers of a check do not.
func (e *Entry) named(name string, same func(a, b string) bool) bool {
	switch e.Kind {
	case Framework:
		return slices.ContainsFunc(e.names, func(n string) bool { return same(n, name) })
	case Control:
		return same(e.names[0], name)
	case Check, Common, Record, Type:
	}
	return false
}

// Aliases are the further names of a framework.
func (r *Reference) Aliases(k Key) []string {
	if e, ok := r.Entry(k); ok && k.Kind == Framework {
		return e.names
	}
	return nil
}
