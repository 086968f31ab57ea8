package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// copied writes controls as text of the framework's own set, and the mappings over which requirements are answered.
func (f *newFrameworkFlags) copied(lib *library.Library, files map[string][]byte, fw *assize.Framework, id string) error {
	if len(f.copy) == 0 {
		return nil
	}
	set := assize.Group{ID: "own", Title: "Our own"}
	taken := &assize.MappingSet{Version: "1", FrameworkVersion: fw.Version}
	for _, name := range f.copy {
		from, control, ok := strings.Cut(name, "/")
		if !ok {
			from, control = f.from, name
		}
		if from == "" {
			return fmt.Errorf("--copy %s: of which framework? Want FRAMEWORK/CONTROL, or --from; assize framework show lists the controls", name)
		}
		source, err := lib.Framework(from)
		if err != nil {
			return fmt.Errorf("--copy %s: %w", name, err)
		}
		g, c := findControl(source, control)
		if c == nil {
			return fmt.Errorf("--copy %s: framework %s has no such control", name, source.ID)
		}
		set.Controls = append(set.Controls, ownText(source, c))
		fw.Licence = cmp.Or(fw.Licence, source.Licence)
		fw.Requirements = fw.Requirements || source.Requirements && fw.Extends == nil
		if inherits(fw.Extends, source, g, c) {
			continue // its mappings come with it
		}
		if err := f.copyMappings(lib, taken, source, c); err != nil {
			return fmt.Errorf("--copy %s: %w", name, err)
		}
	}
	var err error
	if files["frameworks/"+id+"/own.yaml"], err = library.Encode(set); err != nil || len(taken.Mappings) == 0 {
		return err
	}
	files["mappings/"+id+".yaml"], err = library.Encode(taken)
	return err
}

// ownText is a control as its own text and evidence; what comes over mappings is left to these.
func ownText(source *assize.Framework, c *assize.Control) assize.Control {
	own := *c
	own.Note = strings.TrimSpace("Copied from " + source.ID + ", version " + source.Version + ". " + own.Note)
	own.Checks, own.Expectations = nil, nil // an empty list in an override would take away what is inherited
	for _, e := range c.Expectations {
		if e.Common == "" {
			own.Expectations = append(own.Expectations, e)
		}
	}
	own.Checks = append(own.Checks, c.OwnChecks()...)
	return own
}

// inherits reports whether a control of a framework is among those that are inherited.
func inherits(from *assize.Inheritance, source *assize.Framework, g *assize.Group, c *assize.Control) bool {
	named := func(list []string) bool { return slices.Contains(list, g.ID) || slices.Contains(list, c.ID) }
	return from != nil && from.Framework == source.ID && (len(from.Include) == 0 || named(from.Include)) && !named(from.Exclude)
}

// copyMappings takes over the mappings of a requirement: without them its checks would decide alone, and nobody
// would be asked. They stand with the framework that wrote them, which source may only extend.
func (f *newFrameworkFlags) copyMappings(lib *library.Library, taken *assize.MappingSet, source *assize.Framework, c *assize.Control) error {
	if len(c.Over) == 0 {
		return nil
	}
	if f.from != "" {
		base, err := lib.Framework(f.from)
		if err != nil {
			return err
		}
		if !base.Requirements {
			return fmt.Errorf("it is answered over mappings, which a framework on %s has no place for: make a framework of its own of it, without --from", base.ID)
		}
	}
	before := len(taken.Mappings)
	for fw := source; ; {
		set, err := lib.Mappings(fw.ID)
		if err != nil {
			return err
		}
		addMappings(taken, set, c.ID)
		if fw.Extends == nil {
			break
		}
		if fw, err = lib.Framework(fw.Extends.Framework); err != nil {
			return err
		}
	}
	if got := len(taken.Mappings) - before; got != len(c.Over) {
		return fmt.Errorf("of its %d mappings %d are written under its id: copy the control of the framework that maps it", len(c.Over), got)
	}
	return nil
}

// addMappings adds the mappings of one control to a set, and whose they are. It matches ids as people write
// them, in capitals or not, and takes the id over as it is given.
func addMappings(to, from *assize.MappingSet, control string) {
	before := len(to.Mappings)
	for _, m := range from.Mappings {
		if strings.EqualFold(m.Control, control) {
			m.Control = control
			to.Mappings = append(to.Mappings, m)
		}
	}
	if author := from.Author + " (for " + from.Framework + ", taken over by id)"; len(to.Mappings) > before && !strings.Contains(to.Author, author) {
		to.Author = strings.TrimPrefix(to.Author+"; "+author, "; ")
		to.Licence = strings.TrimSpace(to.Licence + " " + from.Licence)
		for _, s := range from.Sources {
			if !slices.Contains(to.Sources, s) {
				to.Sources = append(slices.Clip(to.Sources), s)
			}
		}
	}
}
