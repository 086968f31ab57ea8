package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/library/reference"
)

// newLibraryNew makes "assize library new".
func newLibraryNew() libraryCommand {
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Begin a check or a control in a folder of your own",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	own := &ownFolder{}
	check := newCheckFlags{own: own}
	control := newControlFlags{own: own}
	cmd.AddCommand(check.command(), control.command())
	return cmd
}

var (
	newCheckID = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)+$`)
	newWordsID = regexp.MustCompile(`^[a-z0-9]+([_-][a-z0-9]+)*$`)
	newRowID   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9 ._:()/§-]{0,58}[A-Za-z0-9)])?$`)
)

type newCheckFlags struct {
	own          *ownFolder
	typ, service string
}

func (f *newCheckFlags) command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check ID",
		Short: "Begin a check: a folder with a commented check.yaml and examples.yaml",
		Long: "The id is a statement that is true when all is well: s3_bucket_versioning_enabled. What has to be filled in, assize library\n" +
			"lint DIR says with file and line; docs/new-check.md explains each field.",
		Example: "  assize library new check bedrock_agent_named_by_team --type AWS::Bedrock::Agent --into ours",
		Args:    cobra.ExactArgs(1),
		RunE:    f.run,
	}
	f.own.add(cmd)
	cmd.Flags().StringVar(&f.typ, "type", "", "resource type that it judges: assize library search --kind type WORDS")
	cmd.Flags().StringVar(&f.service, "service", "", "folder of the service (default: that of the type)")
	return cmd
}

func (f *newCheckFlags) run(cmd *cobra.Command, args []string) error {
	id := args[0]
	if !newCheckID.MatchString(id) {
		return fmt.Errorf("%q: want lower-case words joined by _, such as s3_bucket_versioning_enabled", id)
	}
	if f.service != "" && !newWordsID.MatchString(f.service) {
		return fmt.Errorf("--service %q: want the name of a folder: lower-case words", f.service)
	}
	lib, err := f.own.load()
	if err != nil { // another check is half filled in, which hinders none that is begun
		lib, err = f.own.library.load()
	}
	if err != nil {
		return err
	}
	d := lib.Definition(f.typ)
	if d == nil {
		return f.unknownType(lib)
	}
	if c := lib.Check(id); c != nil {
		return fmt.Errorf("there is a check %q already: %s", id, c.Title)
	}
	dir := "checks/" + cmp.Or(f.service, d.Service) + "/" + id + "/"
	return f.own.put(cmd, map[string][]byte{
		dir + "check.yaml": library.CheckSkeleton(f.typ), dir + "examples.yaml": library.ExamplesSkeleton(),
	})
}

func (f *newCheckFlags) unknownType(lib *library.Library) error {
	r, err := reference.New(lib)
	if err != nil {
		return err
	}
	_, err = r.Find(cmp.Or(f.typ, "AWS::"), reference.Type)
	return fmt.Errorf("--type: %w", err)
}

type newControlFlags struct {
	own                  *ownFolder
	set, setTitle, title string
}

func (f *newControlFlags) command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "control FRAMEWORK ID",
		Short: "Begin a control of a framework of your own, commented",
		Long: "The control is appended to the file of its control set, which is made where there is none. The framework must stand in your\n" +
			"folder, as a folder of its own: assize framework new makes one. With --title the nearest controls that there are are named.",
		Example: "  assize library new control acme_baseline ACME-2 --set acme --into ours",
		Args:    cobra.ExactArgs(2),
		RunE:    f.run,
	}
	f.own.add(cmd)
	cmd.Flags().StringVar(&f.set, "set", "own", "id of the control set, which is the name of its file")
	cmd.Flags().StringVar(&f.setTitle, "set-title", "", "title of the control set where it is made")
	cmd.Flags().StringVar(&f.title, "title", "", "what it is about: names controls that are near")
	return cmd
}

func (f *newControlFlags) run(cmd *cobra.Command, args []string) error {
	framework, id := args[0], args[1]
	if !newRowID.MatchString(id) || !newWordsID.MatchString(f.set) {
		return fmt.Errorf("%q in set %q: want an id of at most 60 letters, digits and . _ - : ( ) / or spaces, and a set of lower-case words", id, f.set)
	}
	dir, err := f.own.path()
	if err != nil {
		return err
	}
	if !newWordsID.MatchString(framework) {
		return fmt.Errorf("%q: want the id of a framework: lower-case words joined by _", framework)
	}
	folder := filepath.Join(dir, "frameworks", framework)
	if _, err := os.Stat(filepath.Join(folder, "framework.yaml")); err != nil {
		return fmt.Errorf("there is no framework folder %s: assize framework new %s makes one", folder, framework)
	}
	if f.set == "framework" {
		return errors.New("--set framework: framework.yaml is the page of the framework: choose another id")
	}
	path := filepath.Join(folder, f.set+".yaml")
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		data = library.SetSkeleton(f.set, cmp.Or(f.setTitle, strings.ToUpper(f.set[:1])+strings.ReplaceAll(f.set[1:], "-", " ")))
	case err != nil:
		return err
	}
	if data, err = library.AppendControl(data, id); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := writeFiles(folder, map[string][]byte{f.set + ".yaml": data}); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "wrote control %s to %s\n", id, line(path))
	return f.near(cmd)
}

// near names controls that are like the one that is begun: to adapt one is less work, and keeps its evidence.
func (f *newControlFlags) near(cmd *cobra.Command) error {
	if f.title == "" {
		return nil
	}
	r, err := f.own.library.reference() // without the folder: what is half filled in does not load
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), "The nearest controls:")
	writeNear(cmd.OutOrStdout(), r, f.title)
	return nil
}
