package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
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

// libraryFlags name folders of content that are laid over what is built in.
type libraryFlags struct {
	folders []string
}

func (l *libraryFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&l.folders, "library", nil,
		"folders of your own checks, resources, frameworks and mappings, laid over the library: a file at the same path replaces, others add")
}

func (l *libraryFlags) load() (*library.Library, error) {
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
	return library.Load(folders...)
}
