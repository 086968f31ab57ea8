// Package library holds the content: resource definitions, checks, frameworks,
// the fields of the organisation profile and the table of Regions. All of it is
// data in the folders beside this file, embedded; adding a check, a fact or a
// framework edits no list and no Go. Folders of users have the same layout: see [Folder].
//
//	resources/<service>/<Type>.yaml          assize.Definition
//	checks/<service>/service.yaml            the service's title
//	checks/<service>/<id>/check.yaml         assize.Check, id and service from the folders
//	checks/<service>/<id>/examples.yaml      its tests, not embedded
//	frameworks/<id>.yaml                     assize.Framework
//	frameworks/<id>/framework.yaml           a larger one: its header,
//	frameworks/<id>/<set>.yaml               and one assize.Group a file
//	common/<domain>.yaml                     assize.Domain, the hub of mappings
//	mappings/<framework>.yaml                assize.MappingSet
//	records/<id>.yaml                        assize.RecordSchema
//	profile.yaml                             assize.ProfileField
//	regions.yaml                             where services are offered
package library

//go:generate go run ../internal/coverage -root ..

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

//go:embed resources/*/*.yaml checks/*/*/check.yaml checks/*/service.yaml frameworks common mappings records profile.yaml regions.yaml
var content embed.FS

const (
	// DefaultFramework groups the result of an account when none is asked for.
	DefaultFramework = "assize_genai_best_practices_v2"
	// AllChecks is the framework of every check, by service. It groups the result of a plan
	// when none is asked for: of what people must show, a plan says nothing.
	AllChecks = "all"
)

// Library is loaded content. Frameworks, common controls, mappings and governance records
// are read when they are first asked for. What its methods return is shared and must not be
// changed.
type Library struct {
	Definitions []*assize.Definition // by type
	Checks      []*assize.Check      // by id
	Programs    []*assess.Program    // of Checks, in the same order
	Profile     []assize.ProfileField
	Regions     Regions
	Compiler    *assess.Compiler
	// Digest of all files that were loaded, "sha256:<hex>".
	Digest string
	// Folders of users that were laid over what is built in, as they were named.
	Folders []string

	catalogue *catalogue
}

// Folder is content of a user in the layout of this package: a file at the path of another
// one stands in its place, further files add to what there is. Name is shown before the
// paths of its files in errors; it is the path of the folder.
type Folder struct {
	Name string
	FS   fs.FS
}

// Load loads the content that is built in, and lays folders over it, later ones over earlier
// ones. The checks that are built in are compiled when they are first needed: the tests hold
// that all of them compile. Those of folders are compiled and linted at once, and all of them
// where a folder changes what checks rest on; the error joins all faults, each with file and line.
func Load(folders ...Folder) (*Library, error) {
	return load(append([]Folder{builtIn}, folders...), func(l *Library, files []file) error {
		own, all := map[string]bool{}, false
		for _, f := range files {
			own[f.path] = f.own
			all = all || f.own && (f.path == "profile.yaml" || strings.HasPrefix(f.path, "resources/"))
		}
		return l.compile(files, func(c *assize.Check) bool { return all || own[checkPath(c)] })
	})
}

// LoadFS loads content of the same layout from another place, without what is built in. Its
// error joins all faults found, each with file and line: those of rules and of the catalogue too.
func LoadFS(fsys fs.FS) (*Library, error) {
	l, err := load([]Folder{{Name: builtIn.Name, FS: fsys}}, compileAll)
	if err != nil {
		return nil, err
	}
	return l, l.Lint()
}

// builtIn is what the program brings.
var builtIn = Folder{Name: "library", FS: content}

// load loads content; programs makes the programs of its checks.
func load(folders []Folder, programs func(*Library, []file) error) (*Library, error) {
	files, err := readAll(folders)
	if err != nil {
		return nil, fmt.Errorf("load library: %w", err)
	}
	l := &Library{Digest: digest(files)}
	for _, f := range folders[1:] {
		l.Folders = append(l.Folders, f.Name)
	}
	files, l.catalogue = split(files, l)
	if l.catalogue.services, err = decodeFiles(l, files); err != nil {
		return nil, err
	}
	if l.Compiler, err = assess.NewCompiler(l.Definitions, l.Profile); err != nil {
		return nil, fmt.Errorf("load library: resources: %w", err)
	}
	if err := programs(l, files); err != nil {
		return nil, err
	}
	return l, nil
}

// file is one file of the library, by its path below the folder that it is from.
type file struct {
	folder, path string
	own          bool // of a user, not built in
	held         bool // one of those beside this file, of which a test holds that they are as they should be
	data         []byte
}

// name is the file as errors name it.
func (f *file) name() string { return path.Join(f.folder, f.path) }

// readAll reads the files of all folders, by path; of two at one path the one of the later folder.
func readAll(folders []Folder) ([]file, error) {
	at := map[string]file{}
	for i, folder := range folders {
		found := false
		err := fs.WalkDir(folder.FS, ".", func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fmt.Errorf("read %s: %w", path.Join(folder.Name, p), err)
			case d.IsDir() && p != "." && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir // such as .git: none of the layout begins so
			case d.IsDir() || path.Ext(p) != ".yaml" || path.Base(p) == "examples.yaml":
				return nil
			}
			found = true
			data, err := readContent(folder, p)
			at[p] = file{folder: folder.Name, path: p, own: i > 0, held: folder.FS == fs.FS(content), data: data}
			return err
		})
		if _, part := folder.FS.(without); err == nil && !found && !part {
			err = fmt.Errorf("%s: there is no content in it; want YAML in resources, checks, frameworks, common, mappings or records", folder.Name)
		}
		if err != nil {
			return nil, err
		}
	}
	return slices.SortedFunc(maps.Values(at), func(a, b file) int { return cmp.Compare(a.path, b.path) }), nil
}

// maxFile is how long a file of the library may be, in bytes; those that are built in are below 200 KB.
const maxFile = 16 << 20

// readContent reads a file of a folder. A pipe, on which nobody may ever write, and a device, which may have
// no end, are refused.
func readContent(folder Folder, p string) ([]byte, error) {
	name := path.Join(folder.Name, p)
	info, err := fs.Stat(folder.FS, p)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", name, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("read %s: it is no regular file", name)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("read %s: it is longer than %d MB, which no file of content is", name, maxFile>>20)
	}
	data, err := fs.ReadFile(folder.FS, p)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

func digest(files []file) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s %d\n", f.path, len(f.data))
		h.Write(f.data)
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil))
}

// compile makes the programs of all checks: at once of those that strict is true of, so that
// their faults are met, and of the others when they are first needed.
func (l *Library) compile(files []file, strict func(*assize.Check) bool) error {
	var errs []error
	for _, check := range l.Checks {
		if !strict(check) {
			l.Programs = append(l.Programs, l.Compiler.Later(check))
			continue
		}
		p, err := l.Compiler.Compile(check)
		if err != nil {
			errs = append(errs, ruleErrors(files, check, err)...)
			continue
		}
		l.Programs = append(l.Programs, p)
	}
	return errors.Join(errs...)
}

func compileAll(l *Library, files []file) error {
	return l.compile(files, func(*assize.Check) bool { return true })
}

func checkPath(c *assize.Check) string { return "checks/" + c.Service + "/" + c.ID + "/check.yaml" }

// Check returns the check of that id, nil when there is none.
func (l *Library) Check(id string) *assize.Check {
	i, ok := slices.BinarySearchFunc(l.Checks, id, func(c *assize.Check, id string) int { return cmp.Compare(c.ID, id) })
	if !ok {
		return nil
	}
	return l.Checks[i]
}

// Definition returns the definition of a resource type, nil when there is none.
func (l *Library) Definition(typ string) *assize.Definition {
	i, ok := slices.BinarySearchFunc(l.Definitions, typ, func(d *assize.Definition, typ string) int { return cmp.Compare(d.Type, typ) })
	if !ok {
		return nil
	}
	return l.Definitions[i]
}

// ProgramsOf returns the programs of the checks that a framework's controls name; with
// workloads, of the controls that concern at least one of them.
func (l *Library) ProgramsOf(f *assize.Framework, workloads ...assize.Workload) []*assess.Program {
	wanted := map[string]bool{}
	for _, g := range f.Groups {
		for i := range g.Controls {
			if applies, _ := g.Controls[i].AppliesTo.Any(workloads); !applies {
				continue
			}
			for _, id := range g.Controls[i].Checks {
				wanted[id] = true
			}
		}
	}
	var out []*assess.Program
	for _, p := range l.Programs {
		if wanted[p.Check.ID] {
			out = append(out, p)
		}
	}
	return out
}

// Engine makes an engine of the checks of a framework; see [Library.ProgramsOf].
func (l *Library) Engine(f *assize.Framework, workloads ...assize.Workload) *assess.Engine {
	return assess.NewEngine(l.Compiler, l.ProgramsOf(f, workloads...))
}
