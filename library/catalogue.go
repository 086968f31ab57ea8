package library

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/assize-dev/assize"
)

// catalogue is the content that runs need in parts: frameworks, common controls, mappings,
// governance records. Each is decoded when it is first asked for, and once.
type catalogue struct {
	services   map[string]string // titles, by id
	frameworks map[string]*frameworkContent
	domains    []file
	mappings   map[string]file // by framework
	records    map[string]file // by id
	hub        func() (*hub, error)
}

// frameworkContent is one framework.
type frameworkContent struct {
	id    string
	files []file // its one file, or its header and the files of its groups, by path
	// written is the framework as its files say it; finished is what a run takes.
	written  func() (*assize.Framework, error)
	finished func() (*assize.Framework, error)
}

// header is the name of the file of a framework's folder that holds what is not a group.
const header = "framework.yaml"

// split takes the catalogue out of the files.
func split(files []file, l *Library) ([]file, *catalogue) {
	c := &catalogue{frameworks: map[string]*frameworkContent{}, mappings: map[string]file{}, records: map[string]file{}}
	c.hub = sync.OnceValues(func() (*hub, error) { return readHub(c.domains) })
	var rest []file
	for _, f := range files {
		parts := strings.Split(f.path, "/")
		id := strings.TrimSuffix(parts[len(parts)-1], ".yaml")
		switch {
		case parts[0] == "frameworks" && len(parts) == 2:
			c.framework(l, id).add(f)
		case parts[0] == "frameworks" && len(parts) == 3:
			c.framework(l, parts[1]).add(f)
		case parts[0] == "common" && len(parts) == 2:
			c.domains = append(c.domains, f)
		case parts[0] == "mappings" && len(parts) == 2:
			c.mappings[id] = f
		case parts[0] == "records" && len(parts) == 2:
			c.records[id] = f
		default:
			rest = append(rest, f)
		}
	}
	return rest, c
}

func (c *catalogue) framework(l *Library, id string) *frameworkContent {
	f := c.frameworks[id]
	if f == nil {
		f = &frameworkContent{id: id}
		f.written = sync.OnceValues(f.read)
		f.finished = sync.OnceValues(func() (*assize.Framework, error) { return l.finish(f) })
		c.frameworks[id] = f
	}
	return f
}

func (f *frameworkContent) add(file file) { f.files = append(f.files, file) }

// read decodes the framework as it is written.
func (f *frameworkContent) read() (*assize.Framework, error) {
	first, groups, err := f.parts()
	if err != nil {
		return nil, err
	}
	fw := &assize.Framework{}
	if err := strict(first, fw); err != nil {
		return nil, err
	}
	fw.ID = f.id
	if len(groups) > 0 && len(fw.Groups) > 0 {
		return nil, fmt.Errorf("%s:%d: groups: stand in files of their own beside it", first.name(), lineOf(first.data, "groups"))
	}
	for _, file := range groups {
		var g assize.Group
		if err := strict(file, &g); err != nil {
			return nil, err
		}
		if want := strings.TrimSuffix(path.Base(file.path), ".yaml"); g.ID != want {
			return nil, fmt.Errorf("%s:%d: id: got %q, want the name of the file, %q", file.name(), lineOf(file.data, "id"), g.ID, want)
		}
		fw.Groups = append(fw.Groups, g)
	}
	return fw, nil
}

// parts are the file that holds the framework's header, and those of its groups.
func (f *frameworkContent) parts() (first file, groups []file, err error) {
	for _, file := range f.files {
		switch {
		case path.Dir(file.path) == "frameworks" && len(f.files) > 1:
			return file, nil, fmt.Errorf("%s: there is a folder of that name, too: a framework is a file or a folder", file.name())
		case path.Dir(file.path) == "frameworks", path.Base(file.path) == header:
			first = file
		default:
			groups = append(groups, file)
		}
	}
	if first.path == "" {
		return first, nil, fmt.Errorf("%s: there is no %s beside it", f.files[0].name(), header)
	}
	return first, groups, nil
}

// FrameworkIDs are the ids of all frameworks, sorted.
func (l *Library) FrameworkIDs() []string { return slices.Sorted(maps.Keys(l.catalogue.frameworks)) }

// Framework returns the framework of that id, or one that has it as an alias: finished, with
// what it inherits, the checks of its controls, and the digest of all this. Its error lists the
// ids there are, or says what is wrong with the framework.
func (l *Library) Framework(id string) (*assize.Framework, error) {
	f := l.catalogue.frameworks[id]
	if f == nil {
		f = l.aliased(id)
	}
	if f == nil {
		return nil, fmt.Errorf("there is no framework %q; there are: %s", id, strings.Join(l.FrameworkIDs(), ", "))
	}
	return f.finished()
}

// Frameworks returns all, by id.
func (l *Library) Frameworks() ([]*assize.Framework, error) {
	var all []*assize.Framework
	for _, id := range l.FrameworkIDs() {
		f, err := l.Framework(id)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// aliased finds a framework by alias. Those that do not decode have none: whoever asks for
// them by id is told why.
func (l *Library) aliased(name string) *frameworkContent {
	for _, id := range l.FrameworkIDs() {
		f := l.catalogue.frameworks[id]
		fw, err := f.written()
		if err == nil && slices.ContainsFunc(fw.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
			return f
		}
	}
	return nil
}

// RecordIDs are the ids of the schemas of governance records, sorted.
func (l *Library) RecordIDs() []string { return slices.Sorted(maps.Keys(l.catalogue.records)) }

// Record returns the schema of a governance record. Its error lists the ids there are, or says
// with file and line what is wrong with it.
func (l *Library) Record(id string) (*assize.RecordSchema, error) {
	f, ok := l.catalogue.records[id]
	if !ok {
		return nil, fmt.Errorf("there is no governance record %q; there are: %s", id, strings.Join(l.RecordIDs(), ", "))
	}
	r := &assize.RecordSchema{}
	if err := strict(f, r); err != nil {
		return nil, err
	}
	r.ID = id
	return r, nil
}
