package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/library/reference"
)

type newFrameworkFlags struct {
	own                          ownFolder
	from, title, country, like   string
	include, exclude, copy, edit []string
}

// newFrameworkNew makes "assize framework new".
func newFrameworkNew() frameworkCommand {
	f := &newFrameworkFlags{}
	cmd := &cobra.Command{
		Use:   "new ID",
		Short: "Make a framework of your own, from scratch or on another one",
		Long: "With --from the framework inherits the controls of another one, all of them or those of --include without those of --exclude,\n" +
			"and notes the version and digest that it was made on: assize framework upgrade shows later what has changed. --adapt\n" +
			"begins an override of a control, --copy takes a control over as text of your own. --country makes a variant for a country.\n" +
			"Controls are added with assize library new control. --like names controls that are near to what you need.",
		Example: "  assize framework new acme_baseline --from assize_genai_best_practices_v2 --include secure,privacy --adapt SECAI3.8 --into ours\n" +
			"  assize framework new gdpr_de --from gdpr --country DE --into ours\n" +
			"  assize framework new acme_baseline --title 'Acme baseline' --like 'restore of training data' --into ours",
		Args: cobra.ExactArgs(1),
		RunE: f.run,
	}
	f.own.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.from, "from", "", "framework whose controls it takes")
	fl.StringVar(&f.title, "title", "", "its title")
	fl.StringVar(&f.country, "country", "", "country that it is a variant for (ISO 3166-1 alpha-2); with --from")
	fl.StringVar(&f.like, "like", "", "words: name the nearest controls there are")
	fl.StringSliceVar(&f.include, "include", nil, "control sets and controls to inherit, by id; without it all")
	fl.StringSliceVar(&f.exclude, "exclude", nil, "control sets and controls not to inherit, by id")
	fl.StringSliceVar(&f.copy, "copy", nil, "controls to copy as your own text; FRAMEWORK/CONTROL where it is not that of --from")
	fl.StringSliceVar(&f.edit, "adapt", nil, "inherited controls to begin an override of, by id")
	return cmd
}

var alpha2 = regexp.MustCompile(`^[A-Z]{2}$`)

func (f *newFrameworkFlags) run(cmd *cobra.Command, args []string) error {
	id := args[0]
	switch {
	case !newWordsID.MatchString(id):
		return fmt.Errorf("%q: want lower-case words joined by _", id)
	case f.from == "" && len(f.include)+len(f.exclude)+len(f.edit) > 0:
		return errors.New("--include, --exclude and --adapt go with --from: name the framework that it takes controls of")
	case f.country != "" && (f.from == "" || !alpha2.MatchString(f.country)):
		return errors.New("--country goes with --from, and is two capitals such as DE")
	}
	lib, err := f.own.load()
	if err != nil {
		return err
	}
	if slices.Contains(lib.FrameworkIDs(), id) && !f.own.force {
		return fmt.Errorf("there is a framework %q already: choose another id", id)
	}
	files, err := f.files(lib, id)
	if err != nil {
		return err
	}
	lint := func(l *library.Library) error { return l.LintFramework(id) }
	if f.from == "" && len(f.copy) == 0 {
		lint = func(*library.Library) error { return nil } // it has no control yet
	}
	if err := f.own.judge(files, lint); err != nil {
		return err
	}
	if err := f.own.put(cmd, files); err != nil {
		return err
	}
	return f.offer(cmd, lib, id)
}

// offer names what is near, and what comes next.
func (f *newFrameworkFlags) offer(cmd *cobra.Command, lib *library.Library, id string) error {
	w := cmd.OutOrStdout()
	if f.like != "" {
		r, err := reference.New(lib)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, "The nearest controls (take one over with --copy FRAMEWORK/CONTROL):")
		writeNear(w, r, f.like)
	}
	dir, err := f.own.path()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Next: assize library new control %s ID --into %s; assize framework lint %s --library %s\n", id, line(dir), id, line(dir))
	return nil
}

// files are those of the framework: its header, the sets with copied and adapted controls, and the
// original that it was made on.
func (f *newFrameworkFlags) files(lib *library.Library, id string) (map[string][]byte, error) {
	fw := &assize.Framework{Title: f.title, Version: "1"}
	files := map[string][]byte{}
	if f.from != "" {
		base, err := lib.Framework(f.from)
		if err != nil {
			return nil, fmt.Errorf("--from: %w", err)
		}
		f.inherit(fw, base)
		if err := addOriginal(files, base); err != nil {
			return nil, err
		}
		if err := f.adapted(files, id, base); err != nil {
			return nil, err
		}
	} else {
		fw.Provenance = "Our own. Copied controls say of themselves whose they are."
		fw.Description = "What we ask of our AI workloads."
	}
	fw.Title = cmp.Or(fw.Title, id)
	if err := f.copied(lib, files, fw, id); err != nil {
		return nil, err
	}
	header, err := library.Encode(fw)
	if err != nil {
		return nil, err
	}
	files["frameworks/"+id+"/framework.yaml"] = slices.Concat([]byte(headerComment), header)
	return files, nil
}

const headerComment = "# The page of the framework. Facts, questions and aliases are optional: docs/new-framework.md. Control sets stand beside it, one a file.\n"

// inherit fills in the header of a framework on another one.
func (f *newFrameworkFlags) inherit(fw, base *assize.Framework) {
	fw.Extends = &assize.Inheritance{
		Framework: base.ID, Version: base.Version, Digest: base.Digest, Include: f.include, Exclude: f.exclude,
	}
	if f.country != "" {
		fw.Title = cmp.Or(fw.Title, base.Title+" ("+f.country+")")
		fw.Facts = []assize.FrameworkFact{{Name: "Country", Value: f.country}, {Name: "Variant of", Value: base.ID + ", version " + base.Version}}
	}
	fw.Title = cmp.Or(fw.Title, base.Title+", our own")
	fw.Provenance = "A variant of " + base.ID + ". What it takes over is what that says; overrides and further controls are ours. " + strings.Join(strings.Fields(base.Provenance), " ")
}

// adapted begins an override of each control that is named, in the file of its set.
func (f *newFrameworkFlags) adapted(files map[string][]byte, id string, base *assize.Framework) error {
	for _, control := range f.edit {
		g, c := findControl(base, control)
		if c == nil {
			return fmt.Errorf("--adapt: framework %s has no control %q", base.ID, control)
		}
		if !newWordsID.MatchString(g.ID) {
			return fmt.Errorf("--adapt %s: its control set %q is no name of a file: write the override under groups in framework.yaml", control, g.ID)
		}
		name := "frameworks/" + id + "/" + g.ID + ".yaml"
		if files[name] == nil {
			files[name] = fmt.Appendf(nil, "# Overrides: the fields that are set replace the inherited ones, the rest stays.\nid: %q\ncontrols:\n", g.ID)
		}
		files[name] = fmt.Appendf(files[name], "  - id: %q # %s\n    # description, why, testing_information, action_plan, applies_to, checks; expectations by id:\n",
			c.ID, strings.Join(strings.Fields(c.Title), " "))
		for _, e := range c.Expectations {
			files[name] = fmt.Appendf(files[name], "    #   {id: %s, cadence: ..., owner: ...}   %s\n", e.ID, e.Kind)
		}
	}
	return nil
}

func findControl(fw *assize.Framework, id string) (*assize.Group, *assize.Control) {
	for g := range fw.Groups {
		for i := range fw.Groups[g].Controls {
			if fw.Groups[g].Controls[i].ID == id {
				return &fw.Groups[g], &fw.Groups[g].Controls[i]
			}
		}
	}
	return nil, nil
}

// originals is where the originals stand that frameworks were made on: in a hidden folder, which the
// library does not read.
const originals = ".assize/originals/"

// originalPath is the file of an original.
func originalPath(framework, digest string) string {
	_, hex, _ := strings.Cut(digest, ":")
	return originals + framework + "-" + hex[:min(len(hex), 16)] + ".json"
}

// addOriginal keeps a framework as it is now, for a comparison later.
func addOriginal(files map[string][]byte, base *assize.Framework) error {
	data, err := json.MarshalIndent(base, "", " ")
	if err != nil {
		return fmt.Errorf("keep the original %s: %w", base.ID, err)
	}
	files[originalPath(base.ID, base.Digest)] = append(data, '\n')
	return nil
}
