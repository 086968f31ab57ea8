package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/library/oscal"
)

type importFlags struct {
	own                    ownFolder
	id, provenance, mapped string
}

// newFrameworkImport makes "assize framework import".
func newFrameworkImport() frameworkCommand {
	f := &importFlags{}
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Take a framework into your folder: from YAML, or from an OSCAL catalogue or profile",
		Long: "YAML is what assize framework export writes. An OSCAL catalogue (JSON) becomes a framework of requirements: its statements\n" +
			"are what is asked, with one demand on people each, until checks or mappings answer them; --mappings-of takes the mappings\n" +
			"of a framework that has controls of the same ids. For an OSCAL profile name the catalogues that it imports, too: nothing\n" +
			"is fetched. What could not be taken as it was is said.",
		Example: "  assize framework import acme_baseline.yaml --into ours\n" +
			"  assize framework import profile.json catalog.json --id nist_moderate --provenance nist --mappings-of nist_800_53_r5_ai --into ours",
		Args: cobra.MinimumNArgs(1),
		RunE: f.run,
	}
	f.own.add(cmd)
	cmd.Flags().StringVar(&f.id, "id", "", "id of the framework (default: the name of the first file)")
	cmd.Flags().StringVar(&f.provenance, "provenance", assize.ProvenanceImported, "whose controls those of a catalogue are, in lower case")
	cmd.Flags().StringVar(&f.mapped, "mappings-of", "", "framework whose mappings to take for controls of the same id")
	return cmd
}

var notInFrameworkID = regexp.MustCompile(`[^a-z0-9]+`)

func (f *importFlags) run(cmd *cobra.Command, args []string) error {
	base := strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0]))
	id := cmp.Or(f.id, strings.Trim(notInFrameworkID.ReplaceAllString(strings.ToLower(base), "_"), "_"))
	if !newWordsID.MatchString(id) {
		return fmt.Errorf("--id %q: want lower-case words joined by _", id)
	}
	lib, err := f.own.load()
	if err != nil {
		return err
	}
	if slices.Contains(lib.FrameworkIDs(), id) && !f.own.force {
		return fmt.Errorf("there is a framework %q already: choose another with --id", id)
	}
	d, notes, err := f.read(id, args)
	if err != nil {
		return err
	}
	if f.mapped != "" {
		more, err := takeMappings(lib, d, f.mapped)
		if err != nil {
			return err
		}
		notes = append(notes, more)
	}
	files, err := documentFiles(id, d)
	if err != nil {
		return err
	}
	if err := f.own.judge(files, func(l *library.Library) error { return l.LintFramework(id) }); err != nil {
		return fmt.Errorf("what is in %s is no framework that could be used, and is not imported:\n%w%s", args[0], err, f.hint(d))
	}
	for _, n := range notes {
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", line(n))
	}
	return f.own.put(cmd, files)
}

// hint says what an exported catalogue lacks whose controls are answered over mappings alone: OSCAL
// names these, and does not carry them.
func (f *importFlags) hint(d *library.Document) string {
	if f.mapped != "" || d.Mappings != nil || d.Framework.Extends != nil {
		return ""
	}
	for _, g := range d.Framework.Groups {
		for i := range g.Controls {
			if c := &g.Controls[i]; len(c.Checks)+len(c.Expectations) == 0 {
				return "\nwhat is answered over mappings alone needs them: --mappings-of FRAMEWORK takes over those of one with the same ids"
			}
		}
	}
	return ""
}

// read reads the document that the files are.
func (f *importFlags) read(id string, paths []string) (*library.Document, []string, error) {
	data, err := readFile(paths[0], maxDocument)
	if err != nil {
		return nil, nil, err
	}
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		if len(paths) > 1 {
			return nil, nil, errors.New("import one YAML file at a time")
		}
		d, err := library.DecodeDocument(id, paths[0], data)
		return d, nil, err
	}
	catalog, err := readCatalog(paths)
	if err != nil {
		return nil, nil, err
	}
	imported := catalog.Framework(id, f.provenance)
	if imported.Mapped > 0 && f.mapped == "" {
		imported.Notes = append(imported.Notes, fmt.Sprintf("controls that are answered over mappings, too, which the catalogue names and does not carry: %d; "+
			"--mappings-of FRAMEWORK takes over those of one with the same ids", imported.Mapped))
	}
	return &library.Document{Framework: imported.Framework}, imported.Notes, nil
}

// readCatalog reads a catalogue; or a profile first, with the catalogues and profiles that it imports.
func readCatalog(paths []string) (*oscal.Catalog, error) {
	documents := map[string]*oscal.Document{}
	for _, p := range paths {
		data, err := readFile(p, maxDocument)
		if err != nil {
			return nil, err
		}
		d, err := oscal.Read(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		if documents[filepath.Base(p)] != nil {
			return nil, fmt.Errorf("%s: another file has this name, by which documents are found: rename one", p)
		}
		documents[filepath.Base(p)] = d
	}
	first := documents[filepath.Base(paths[0])]
	if first.Catalog != nil {
		if len(paths) > 1 {
			return nil, fmt.Errorf("%s is a catalogue: it takes no further files; name a profile first", paths[0])
		}
		return first.Catalog, nil
	}
	return first.Profile.Resolve(func(href string) (*oscal.Document, error) {
		name := href
		if u, err := url.Parse(href); err == nil {
			name = u.Path
		}
		if d := documents[path.Base(name)]; d != nil {
			return d, nil
		}
		if len(paths) == 2 && len(first.Profile.Imports) == 1 { // there is one that it can mean
			return documents[filepath.Base(paths[1])], nil
		}
		return nil, fmt.Errorf("is not among the files: name the one it leads to after %s", paths[0])
	})
}

// takeMappings gives a framework the mappings of another for controls of the same id, and takes the
// demand away that stood in for them. It says how many.
func takeMappings(lib *library.Library, d *library.Document, from string) (string, error) {
	source, err := lib.Framework(from)
	if err != nil {
		return "", fmt.Errorf("--mappings-of: %w", err)
	}
	set, err := lib.Mappings(source.ID)
	if err != nil {
		return "", err
	}
	taken := &assize.MappingSet{Version: set.Version, FrameworkVersion: d.Framework.Version}
	controls := 0
	for g := range d.Framework.Groups {
		for i := range d.Framework.Groups[g].Controls {
			c := &d.Framework.Groups[g].Controls[i]
			before := len(taken.Mappings)
			addMappings(taken, set, c.ID)
			if len(taken.Mappings) > before {
				controls++
				c.Expectations = slices.DeleteFunc(c.Expectations, func(e assize.Expectation) bool { return oscal.StandIn(&e) })
			}
		}
	}
	if controls == 0 {
		return "", fmt.Errorf("--mappings-of %s: it has no mapping of a control of the same id", from)
	}
	d.Mappings, d.Framework.Requirements = taken, true
	return fmt.Sprintf("mappings taken over from %s: %d, of controls: %d", source.ID, len(taken.Mappings), controls), nil
}
