package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/library"
)

// contentFlags say what a judgement rests on beside its subject.
type contentFlags struct {
	framework string
	config    string
	library   libraryFlags
	workloads []string
}

// add adds the flags; framework is the one that groups the result when none is asked for.
func (c *contentFlags) add(cmd *cobra.Command, framework string) {
	c.library.add(cmd)
	f := cmd.Flags()
	f.StringVar(&c.framework, "framework", framework, "framework that groups the result: its id, or a name by which it is known")
	f.StringVar(&c.config, "config", "", "organisation profile (default: "+profileFile+" in this folder, where there is one)")
	f.StringSliceVar(&c.workloads, "workload", nil, "workloads of the organisation profile, by id, that decide which controls apply (default: all that are registered)")
}

// load reads the library, the framework that groups the result, and the organisation profile.
func (c *contentFlags) load() (*library.Library, *assize.Framework, *assize.Profile, error) {
	lib, err := c.library.load()
	if err != nil {
		return nil, nil, nil, err
	}
	fw, err := lib.Framework(c.framework)
	if err != nil {
		return nil, nil, nil, err
	}
	profile, err := readProfile(lib, c.config)
	if err != nil {
		return nil, nil, nil, err
	}
	return lib, fw, profile, selectWorkloads(profile, c.workloads)
}

// selectWorkloads leaves those of the profile's workloads that are named; all where none is.
func selectWorkloads(p *assize.Profile, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var chosen []assize.Workload
	for _, id := range ids {
		i := slices.IndexFunc(p.Workloads, func(w assize.Workload) bool { return w.ID == id })
		if i < 0 {
			var there []string
			for _, w := range p.Workloads {
				there = append(there, w.ID)
			}
			return fmt.Errorf("--workload %q: the organisation profile registers no such workload; there are: %s", id, strings.Join(there, ", "))
		}
		chosen = append(chosen, p.Workloads[i])
	}
	p.Workloads = chosen
	return nil
}

// unregistered says which AI resources there are although the controls that ask about them
// concern none of the registered workloads: then the register lacks one, or says too little.
func unregistered(lib *library.Library, fw *assize.Framework, workloads []assize.Workload, a *assess.Assessment) []assize.Note {
	controls := map[string][]string{} // by type
	for _, g := range fw.Groups {
		for i := range g.Controls {
			c := &g.Controls[i]
			if applies, _ := c.AppliesTo.Any(workloads); applies {
				continue
			}
			for _, id := range c.Checks {
				if typ := lib.Check(id).Subject.Type; lib.Definition(typ).AI && !slices.Contains(controls[typ], c.ID) {
					controls[typ] = append(controls[typ], c.ID)
				}
			}
		}
	}
	var lines []string
	for _, typ := range slices.Sorted(maps.Keys(controls)) {
		if n := a.Count(typ).Found; n > 0 {
			lines = append(lines, fmt.Sprintf("%d %s, which %s would judge", n, typ, strings.Join(controls[typ], ", ")))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []assize.Note{{Title: "There, but of no registered workload", Lines: lines}}
}

// libraryFlags name folders of content that are laid over what is built in.
type libraryFlags struct {
	folders []string
}

func (l *libraryFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&l.folders, "library", nil,
		"folders of your own checks, resources, frameworks and mappings, laid over the library: a file at the same path replaces, others add")
}

func (l *libraryFlags) load() (*library.Library, error) {
	folders, err := l.open()
	if err != nil {
		return nil, err
	}
	return library.Load(folders...)
}

// open finds the folders that are named.
func (l *libraryFlags) open() ([]library.Folder, error) {
	var folders []library.Folder
	for _, dir := range l.folders {
		info, err := os.Stat(dir)
		if err != nil {
			return nil, fmt.Errorf("--library: %w", err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("--library %s: want a folder", dir)
		}
		folders = append(folders, library.Folder{Name: dir, FS: os.DirFS(dir)})
	}
	return folders, nil
}
