// Package oscal reads catalogues and profiles of NIST's Open Security Controls Assessment Language
// (OSCAL 1.x, JSON) as frameworks, and writes frameworks as catalogues. It knows the parts of the
// models that a framework has a place for, and passes over the rest. It fetches nothing: what a
// profile imports has to be given.
package oscal

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Version is that of the models that catalogues are written in.
const Version = "1.1.2"

// NS is the namespace of our properties and parts.
const NS = "https://assize.dev/ns/oscal"

// maxDepth is how deep groups, controls and parts may nest.
const maxDepth = 32

// Catalog is a catalogue (OSCAL Catalog Model).
type Catalog struct {
	UUID     string    `json:"uuid"`
	Metadata Metadata  `json:"metadata"`
	Params   []Param   `json:"params,omitempty"`
	Groups   []Group   `json:"groups,omitempty"`
	Controls []Control `json:"controls,omitempty"`
}

// Metadata of a document.
type Metadata struct {
	Title        string    `json:"title"`
	LastModified time.Time `json:"last-modified"`
	Version      string    `json:"version"`
	OSCALVersion string    `json:"oscal-version"`
	Props        []Prop    `json:"props,omitempty"`
	Remarks      string    `json:"remarks,omitempty"`
}

// Group of controls.
type Group struct {
	ID       string    `json:"id,omitempty"`
	Title    string    `json:"title"`
	Params   []Param   `json:"params,omitempty"`
	Props    []Prop    `json:"props,omitempty"`
	Parts    []Part    `json:"parts,omitempty"`
	Groups   []Group   `json:"groups,omitempty"`
	Controls []Control `json:"controls,omitempty"`
}

// Control of a catalogue; Controls are its enhancements.
type Control struct {
	ID       string    `json:"id"`
	Class    string    `json:"class,omitempty"`
	Title    string    `json:"title"`
	Params   []Param   `json:"params,omitempty"`
	Props    []Prop    `json:"props,omitempty"`
	Parts    []Part    `json:"parts,omitempty"`
	Controls []Control `json:"controls,omitempty"`
}

// Part of a text: statement, item, guidance, assessment-objective, assessment-method and others.
type Part struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name"`
	NS    string `json:"ns,omitempty"`
	Class string `json:"class,omitempty"`
	Title string `json:"title,omitempty"`
	Props []Prop `json:"props,omitempty"`
	Prose string `json:"prose,omitempty"`
	Parts []Part `json:"parts,omitempty"`
}

// Prop is a property.
type Prop struct {
	Name  string `json:"name"`
	NS    string `json:"ns,omitempty"`
	Value string `json:"value"`
	Class string `json:"class,omitempty"`
}

// Param is a parameter that texts insert.
type Param struct {
	ID     string   `json:"id"`
	Label  string   `json:"label,omitempty"`
	Values []string `json:"values,omitempty"`
	Select *Select  `json:"select,omitempty"`
}

// Select is a choice of values; HowMany is "one" or "one-or-more".
type Select struct {
	HowMany string   `json:"how-many,omitempty"`
	Choice  []string `json:"choice,omitempty"`
}

// Profile selects controls of catalogues and tailors them (OSCAL Profile Model).
type Profile struct {
	UUID       string     `json:"uuid"`
	Metadata   Metadata   `json:"metadata"`
	Imports    []Import   `json:"imports"`
	Modify     Modify     `json:"modify"`
	BackMatter BackMatter `json:"back-matter"`
}

// Import names a catalogue or profile, and which of its controls to take: with neither
// IncludeAll nor IncludeControls, all.
type Import struct {
	Href            string           `json:"href"`
	IncludeAll      *struct{}        `json:"include-all"`
	IncludeControls []SelectControls `json:"include-controls"`
	ExcludeControls []SelectControls `json:"exclude-controls"`
}

// SelectControls names controls by id, or by a pattern with * and ?.
type SelectControls struct {
	WithChildControls string   `json:"with-child-controls"`
	WithIDs           []string `json:"with-ids"`
	Matching          []struct {
		Pattern string `json:"pattern"`
	} `json:"matching"`
}

// Modify sets parameters and alters controls.
type Modify struct {
	SetParameters []SetParameter `json:"set-parameters"`
	Alters        []Alter        `json:"alters"`
}

// SetParameter overrides what it sets of a parameter.
type SetParameter struct {
	ParamID string   `json:"param-id"`
	Label   string   `json:"label"`
	Values  []string `json:"values"`
	Select  *Select  `json:"select"`
}

// Alter changes one control.
type Alter struct {
	ControlID string   `json:"control-id"`
	Removes   []Remove `json:"removes"`
	Adds      []Add    `json:"adds"`
}

// Remove takes parts, properties and parameters away that match all that is set.
type Remove struct {
	ByName     string `json:"by-name"`
	ByClass    string `json:"by-class"`
	ByID       string `json:"by-id"`
	ByItemName string `json:"by-item-name"`
	ByNS       string `json:"by-ns"`
}

// Add adds to a control, or to or beside the part of id ByID. Position is before, after, starting or ending.
type Add struct {
	Position string  `json:"position"`
	ByID     string  `json:"by-id"`
	Title    string  `json:"title"`
	Params   []Param `json:"params"`
	Props    []Prop  `json:"props"`
	Parts    []Part  `json:"parts"`
}

// BackMatter holds what hrefs of the form "#uuid" lead to.
type BackMatter struct {
	Resources []struct {
		UUID   string `json:"uuid"`
		RLinks []struct {
			Href      string `json:"href"`
			MediaType string `json:"media-type"`
		} `json:"rlinks"`
	} `json:"resources"`
}

// Document is a catalogue or a profile; the other is nil.
type Document struct {
	Catalog *Catalog `json:"catalog"`
	Profile *Profile `json:"profile"`
}

// Read reads a catalogue or a profile. Its error says what the document is not.
func Read(data []byte) (*Document, error) {
	var d Document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read OSCAL: %w", err)
	}
	switch {
	case d.Catalog != nil && d.Profile != nil:
		return nil, errors.New("read OSCAL: a document is a catalog or a profile, and this is both")
	case d.Catalog != nil:
		if err := d.Catalog.check(); err != nil {
			return nil, fmt.Errorf("read OSCAL catalog: %w", err)
		}
		return &d, nil
	case d.Profile != nil:
		if len(d.Profile.Imports) == 0 {
			return nil, errors.New("read OSCAL profile: imports: it names no catalogue")
		}
		return &d, nil
	}
	return nil, errors.New(`read OSCAL: want a JSON object with "catalog" or "profile" (XML and YAML have to be converted)`)
}

// check holds what the rest relies on: ids that are there and stand once, and a depth that ends.
func (c *Catalog) check() error {
	if strings.TrimSpace(c.Metadata.Title) == "" {
		return errors.New("metadata: title: there is none")
	}
	seen := map[string]bool{}
	var errs []error
	var controls func(list []Control, depth int)
	controls = func(list []Control, depth int) {
		for i := range list {
			id := list[i].ID
			switch {
			case depth > maxDepth || partsDepth(list[i].Parts, 0) > maxDepth:
				errs = append(errs, fmt.Errorf("control %q: nested deeper than %d levels", id, maxDepth))
				continue
			case id == "" || strings.TrimSpace(list[i].Title) == "":
				errs = append(errs, fmt.Errorf("control %q: want an id and a title", id))
			case seen[id]:
				errs = append(errs, fmt.Errorf("control %q stands twice", id))
			}
			seen[id] = true
			controls(list[i].Controls, depth+1)
		}
	}
	var groups func(list []Group, depth int)
	groups = func(list []Group, depth int) {
		for i := range list {
			if depth > maxDepth {
				errs = append(errs, fmt.Errorf("group %q: nested deeper than %d levels", list[i].Title, maxDepth))
				continue
			}
			controls(list[i].Controls, 0)
			groups(list[i].Groups, depth+1)
		}
	}
	groups(c.Groups, 0)
	controls(c.Controls, 0)
	if len(seen) == 0 && len(errs) == 0 {
		return errors.New("there is no control in it")
	}
	return errors.Join(errs...)
}

func partsDepth(parts []Part, depth int) int {
	deepest := depth
	for i := range parts {
		deepest = max(deepest, partsDepth(parts[i].Parts, depth+1))
	}
	return deepest
}

// prop is the value of the first property of that name and namespace that has no class; else of the first that has one.
func prop(props []Prop, name, ns string) string {
	value := ""
	for _, p := range props {
		if p.Name != name || p.NS != ns {
			continue
		}
		if p.Class == "" {
			return p.Value
		}
		if value == "" {
			value = p.Value
		}
	}
	return value
}

// all are the values of all properties of ours of that name.
func all(props []Prop, name string) []string {
	var out []string
	for _, p := range props {
		if p.Name == name && p.NS == NS {
			out = append(out, p.Value)
		}
	}
	return out
}
