// Package library holds the content: resource definitions, checks, frameworks,
// the fields of the organisation profile and the table of Regions. All of it is
// data in the folders beside this file, embedded; adding a check, a fact or a
// framework edits no list and no Go.
//
//	resources/<service>/<Type>.yaml          assize.Definition
//	checks/<service>/service.yaml            the service's title
//	checks/<service>/<id>/check.yaml         assize.Check, id and service from the folders
//	checks/<service>/<id>/examples.yaml      its tests, not embedded
//	frameworks/<id>.yaml                     assize.Framework
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
	"path"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
)

//go:embed resources/*/*.yaml checks/*/*/check.yaml checks/*/service.yaml frameworks/*.yaml profile.yaml regions.yaml
var content embed.FS

// DefaultFramework groups a result when none is asked for.
const DefaultFramework = "all"

// Library is loaded, type-checked and linted content.
type Library struct {
	Definitions []*assize.Definition // by type
	Checks      []*assize.Check      // by id
	Programs    []*assess.Program    // of Checks, in the same order
	Frameworks  []*assize.Framework  // by id
	Profile     []assize.ProfileField
	Regions     Regions
	Compiler    *assess.Compiler
	// Digest of all files that were loaded, "sha256:<hex>".
	Digest string
}

// Load loads the content that is built in. Its checks are compiled when they are first
// needed: the tests hold that all of them compile.
func Load() (*Library, error) {
	return load(content, func(l *Library, _ []file) error {
		for _, check := range l.Checks {
			l.Programs = append(l.Programs, l.Compiler.Later(check))
		}
		return nil
	})
}

// LoadFS loads content of the same layout from another place. Its error joins
// all faults found, each with file and line; those of rules too.
func LoadFS(fsys fs.FS) (*Library, error) { return load(fsys, (*Library).compile) }

// load loads content; programs makes the programs of its checks.
func load(fsys fs.FS, programs func(*Library, []file) error) (*Library, error) {
	files, err := readAll(fsys)
	if err != nil {
		return nil, fmt.Errorf("load library: %w", err)
	}
	l := &Library{Digest: digest(files)}
	services, err := decodeFiles(l, files)
	if err != nil {
		return nil, err
	}
	if l.Compiler, err = assess.NewCompiler(l.Definitions, l.Profile); err != nil {
		return nil, fmt.Errorf("load library: resources: %w", err)
	}
	if err := programs(l, files); err != nil {
		return nil, err
	}
	if err := l.finishFrameworks(services); err != nil {
		return nil, err
	}
	return l, nil
}

// file is one file of the library.
type file struct {
	path string
	data []byte
}

func readAll(fsys fs.FS) ([]file, error) {
	var files []file
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".yaml" || path.Base(p) == "examples.yaml" {
			return err
		}
		data, err := fs.ReadFile(fsys, p)
		files = append(files, file{p, data})
		return err
	})
	return files, err
}

func digest(files []file) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s %d\n", f.path, len(f.data))
		h.Write(f.data)
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil))
}

// compile type-checks every check.
func (l *Library) compile(files []file) error {
	var errs []error
	for _, check := range l.Checks {
		p, err := l.Compiler.Compile(check)
		if err != nil {
			errs = append(errs, ruleErrors(files, check, err)...)
			continue
		}
		l.Programs = append(l.Programs, p)
	}
	return errors.Join(errs...)
}

// Check returns the check of that id, nil when there is none.
func (l *Library) Check(id string) *assize.Check {
	i, ok := slices.BinarySearchFunc(l.Checks, id, func(c *assize.Check, id string) int { return cmp.Compare(c.ID, id) })
	if !ok {
		return nil
	}
	return l.Checks[i]
}

// Framework returns the framework of that id. Its error lists the ids there are.
func (l *Library) Framework(id string) (*assize.Framework, error) {
	ids := make([]string, len(l.Frameworks))
	for i, f := range l.Frameworks {
		if f.ID == id {
			return f, nil
		}
		ids[i] = f.ID
	}
	return nil, fmt.Errorf("there is no framework %q; there are: %s", id, strings.Join(ids, ", "))
}

// ProgramsOf returns the programs of the checks that a framework's controls name.
func (l *Library) ProgramsOf(f *assize.Framework) []*assess.Program {
	wanted := map[string]bool{}
	for _, g := range f.Groups {
		for _, c := range g.Controls {
			for _, id := range c.Checks {
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

// Engine makes an engine of the checks of a framework.
func (l *Library) Engine(f *assize.Framework) *assess.Engine {
	return assess.NewEngine(l.Compiler, l.ProgramsOf(f))
}
