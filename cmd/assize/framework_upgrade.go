package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

type upgradeFlags struct {
	own    ownFolder
	was    string
	format string
	write  bool
}

// newFrameworkUpgrade makes "assize framework upgrade".
func newFrameworkUpgrade() frameworkCommand {
	f := &upgradeFlags{}
	cmd := &cobra.Command{
		Use:   "upgrade ID",
		Short: "Preview what a framework of your own gets when the one that it extends has changed",
		Long: "A framework that extends another notes the version and digest that it was made on, and assize framework new keeps that\n" +
			"original beside it. Shown is what has changed since, and for each control whether you override, exclude or do not include\n" +
			"it. Nothing is written without --write, which notes the version and digest of now, and keeps the original of now.",
		Example: "  assize framework upgrade acme_baseline --into ours\n" +
			"  assize framework upgrade acme_baseline --into ours --write",
		Args: cobra.ExactArgs(1),
		RunE: f.run,
	}
	f.own.add(cmd)
	cmd.Flags().StringVar(&f.was, "was", "", "the original that it was made on, as exported (default: the one that was kept)")
	cmd.Flags().StringVar(&f.format, "format", "text", "text or json")
	cmd.Flags().BoolVar(&f.write, "write", false, "note the version and digest of now")
	return cmd
}

func (f *upgradeFlags) run(cmd *cobra.Command, args []string) error {
	if f.format != "text" && f.format != "json" {
		return fmt.Errorf("--format %q: want text or json", f.format)
	}
	lib, err := f.own.load()
	if err != nil {
		return err
	}
	d, err := lib.Document(args[0])
	if err != nil {
		return err
	}
	own := d.Framework
	if own.Extends == nil {
		return fmt.Errorf("framework %s extends no other: there is nothing to upgrade", own.ID)
	}
	now, err := lib.Framework(own.Extends.Framework)
	if err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	if own.Extends.Digest == now.Digest {
		fmt.Fprintf(w, "%s is up to date with %s version %s %s\n", own.ID, now.ID, line(now.Version), shortDigest(now.Digest))
		return nil
	}
	was, err := f.original(own)
	if err != nil {
		return err
	}
	c, err := library.Compare(was, now)
	if err != nil {
		return err
	}
	if f.format == "json" {
		err = writeJSON(cmd, c)
	} else {
		writeComparison(w, c, func(change *library.ControlChange) string { return effect(own, change) })
	}
	switch {
	case err != nil:
		return err
	case !f.write && f.format == "text":
		fmt.Fprintf(w, "\nNothing is written. The controls are inherited as they are now; --write notes that you have seen this.\n")
		return nil
	case !f.write:
		return nil
	}
	return f.note(cmd, own, now)
}

// original is the framework that own was made on.
func (f *upgradeFlags) original(own *assize.Framework) (*assize.Framework, error) {
	if f.was != "" {
		return readFramework(&f.own.library, f.was)
	}
	if own.Extends.Digest == "" {
		return nil, fmt.Errorf("framework %s notes no digest of %s: name the original that it was made on with --was FILE", own.ID, own.Extends.Framework)
	}
	if !digestForm.MatchString(own.Extends.Digest) {
		return nil, fmt.Errorf("framework %s: extends: digest %q is no digest such as sha256:<64 hexadecimal digits>", own.ID, own.Extends.Digest)
	}
	dir, err := f.own.path()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, filepath.FromSlash(originalPath(own.Extends.Framework, own.Extends.Digest)))
	data, err := readFile(path, maxDocument)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("the original that %s was made on was not kept (%s): name it with --was FILE, as assize framework export --format json wrote it", own.ID, path)
	}
	if err != nil {
		return nil, err
	}
	return decodeFramework(path, data)
}

// effect says what a change of the original is for a framework that extends it.
func effect(own *assize.Framework, c *library.ControlChange) string {
	x := own.Extends
	named := func(list []string) bool { return slices.Contains(list, c.ID) || slices.Contains(list, c.Group) }
	g, override := findControl(own, c.ID)
	switch {
	case c.Change == library.Removed && (slices.Contains(x.Include, c.ID) || slices.Contains(x.Exclude, c.ID)):
		return "you include or exclude it by id: take the id away"
	case override != nil && c.Change == library.Removed:
		return "you override it in " + g.ID + ": what is left is your own control, which has to say all of itself"
	case override != nil && c.Change == library.Changed:
		return "you override it in " + g.ID + ": see whether your text still fits"
	case override != nil:
		return "you have a control of this id in " + g.ID + ": it overrides the new one"
	case named(x.Exclude):
		return "you exclude it"
	case len(x.Include) > 0 && !named(x.Include):
		return "you do not include it"
	}
	return ""
}

var (
	digestForm  = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	versionLine = regexp.MustCompile(`(?m)^(  version:[ \t]*).*$`)
	digestLine  = regexp.MustCompile(`(?m)^(  digest:[ \t]*).*$`)
	extendsKey  = regexp.MustCompile(`(?m)^extends:[ \t]*(#.*)?\n(?:  .*\n|[ \t]*#.*\n|\n)*`)
)

// note writes version and digest of the original of now into the file of the framework, and leaves
// the rest of it, with its comments, as it is.
func (f *upgradeFlags) note(cmd *cobra.Command, own, now *assize.Framework) error {
	dir, err := f.own.path()
	if err != nil {
		return err
	}
	name := "frameworks/" + own.ID + "/framework.yaml"
	if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
		name = "frameworks/" + own.ID + ".yaml"
	}
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return fmt.Errorf("framework %s is not in %s: %w", own.ID, dir, err)
	}
	block := extendsKey.Find(data)
	if !versionLine.Match(block) || !digestLine.Match(block) {
		return fmt.Errorf("%s: want extends with version and digest on lines of their own, indented by two; write %q and %q there",
			filepath.Join(dir, filepath.FromSlash(name)), now.Version, now.Digest)
	}
	changed := versionLine.ReplaceAll(block, fmt.Appendf(nil, "${1}%q", now.Version))
	changed = digestLine.ReplaceAll(changed, []byte("${1}"+now.Digest))
	at := extendsKey.FindIndex(data)
	files := map[string][]byte{name: slices.Concat(data[:at[0]], changed, data[at[1]:])}
	if err := f.own.judge(files, func(l *library.Library) error { return l.LintFramework(own.ID) }); err != nil {
		return fmt.Errorf("%s does not hold on the original of now: %w", own.ID, err)
	}
	if err := addOriginal(files, now); err != nil {
		return err
	}
	f.own.force = true // its own file is what is written over
	return f.own.put(cmd, files)
}
