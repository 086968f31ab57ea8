package library

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// hub is what mappings meet in: the common controls.
type hub struct {
	domains []*assize.Domain
	common  map[string]*assize.CommonControl // by id
}

func readHub(files []file) (*hub, error) {
	h := &hub{common: map[string]*assize.CommonControl{}}
	var errs []error
	for _, f := range files {
		d := &assize.Domain{}
		if err := strict(f, d); err != nil {
			errs = append(errs, err)
			continue
		}
		d.ID = strings.TrimSuffix(path.Base(f.path), ".yaml")
		h.domains = append(h.domains, d)
		for i := range d.Objectives {
			for j := range d.Objectives[i].Common {
				c := &d.Objectives[i].Common[j]
				if h.common[c.ID] != nil {
					at := lineAt(f.data, "objectives", i, "common_controls", j)
					errs = append(errs, fmt.Errorf("%s:%d: common control %q stands twice", f.name(), at, c.ID))
				}
				h.common[c.ID] = c
			}
		}
	}
	return h, errors.Join(errs...)
}

// Domains returns the common controls: domains by id, with their objectives and common controls.
func (l *Library) Domains() ([]*assize.Domain, error) {
	h, err := l.catalogue.hub()
	if err != nil {
		return nil, err
	}
	return h.domains, nil
}

// CommonControl returns the common control of that id. Its error says that there is none, or
// what is wrong with the files of common controls.
func (l *Library) CommonControl(id string) (*assize.CommonControl, error) {
	h, err := l.catalogue.hub()
	if err != nil {
		return nil, err
	}
	if c := h.common[id]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("there is no common control %q", id)
}

// MappingIDs are the ids of the frameworks that have mappings, sorted.
func (l *Library) MappingIDs() []string { return slices.Sorted(maps.Keys(l.catalogue.mappings)) }

// Mappings returns the mappings of a framework to common controls, as they are written; an
// empty set for a framework that has none.
func (l *Library) Mappings(framework string) (*assize.MappingSet, error) {
	m := &assize.MappingSet{}
	if f, ok := l.catalogue.mappings[framework]; ok {
		if err := strict(f, m); err != nil {
			return nil, err
		}
	}
	m.Framework = framework
	return m, nil
}

// applyMappings gives each requirement the checks of the common controls that it is mapped to,
// all of them together, and what people must show for these.
func (l *Library) applyMappings(fw *assize.Framework) error {
	set, err := l.Mappings(fw.ID)
	if err != nil {
		return err
	}
	var errs []error
	controls := controlsOf(fw)
	for i, m := range set.Mappings {
		if err := l.applyMapping(fw, controls[m.Control], m); err != nil {
			f := l.catalogue.mappings[fw.ID]
			errs = append(errs, fmt.Errorf("%s:%d: %w", f.name(), lineAt(f.data, "mappings", i), err))
		}
	}
	return errors.Join(errs...)
}

// applyMapping gives the control what a mapping of it says; nil: the framework has none of that id.
func (l *Library) applyMapping(fw *assize.Framework, control *assize.Control, m assize.Mapping) error {
	common, err := l.CommonControl(m.Common)
	if err != nil {
		return err
	}
	if control == nil {
		return fmt.Errorf("framework %s has no control %q", fw.ID, m.Control)
	}
	apply(control, common, m.Relation)
	return nil
}

func apply(control *assize.Control, common *assize.CommonControl, relation assize.Relation) {
	control.Over = append(slices.Clip(control.Over), assize.MappedOver{Common: common.ID, Relation: relation})
	control.Mapped, control.Expectations = slices.Clone(control.Mapped), slices.Clone(control.Expectations)
	for _, check := range common.Checks {
		control.Mapped = append(control.Mapped, assize.MappedCheck{Check: check, Common: common.ID, Relation: relation})
	}
	for _, e := range common.Expectations {
		for _, check := range e.Checks {
			control.Mapped = append(control.Mapped, assize.MappedCheck{Check: check, Common: common.ID, Relation: relation})
		}
		if e.Kind == assize.ByCheck {
			continue
		}
		e.ID, e.Common = common.ID+"-"+e.ID, common.ID
		control.Expectations = append(control.Expectations, e)
	}
}
