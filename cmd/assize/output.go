package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/report"
)

// outputFlags say in which formats a result is written, and where.
type outputFlags struct {
	formats []string
	dir     string
	color   string
	verbose bool
	known   []string // names of formats; the first is for the terminal
}

func (o *outputFlags) add(cmd *cobra.Command) {
	o.addFormats(cmd, formatNames()...)
	cmd.Flags().BoolVar(&o.verbose, "verbose", false, "show every finding, and the requests made")
}

// addFormats adds the flags for a result in some formats, the first of them for the terminal.
func (o *outputFlags) addFormats(cmd *cobra.Command, names ...string) {
	o.known = names
	f := cmd.Flags()
	f.StringSliceVar(&o.formats, "format", names[:1], "formats to write: "+strings.Join(names, ", "))
	f.StringVar(&o.dir, "out", "", "folder for the files; "+names[0]+" goes to the terminal")
	f.StringVar(&o.color, "color", "auto", "auto, always or never; NO_COLOR is heeded")
}

func formatNames() []string {
	names := make([]string, len(report.Formats))
	for i, f := range report.Formats {
		names[i] = f.Name
	}
	return names
}

func (o *outputFlags) validate() error {
	for _, name := range o.formats {
		if !slices.Contains(o.known, name) {
			return fmt.Errorf("--format %q: want %s", name, strings.Join(o.known, ", "))
		}
	}
	if len(o.formats) == 0 {
		return errors.New("--format: name at least one format")
	}
	if o.dir == "" && len(o.formats) > 1 {
		return errors.New("several formats need a folder: --out DIR")
	}
	if !slices.Contains([]string{"auto", "always", "never"}, o.color) {
		return fmt.Errorf("--color %q: want auto, always or never", o.color)
	}
	return nil
}

// outputs are the writers of one result. Files appear under their names when all
// of the result is in them, and not at all when something failed before.
type outputs struct {
	stderr  io.Writer
	writers []report.Writer
	stdout  *bufio.Writer
	files   []*pendingFile
}

// pendingFile is a file that is still being written, beside its final place.
type pendingFile struct {
	temp  *os.File
	w     *bufio.Writer
	final string
}

func (o *outputFlags) open(cmd *cobra.Command, run *assize.Run) (*outputs, error) {
	out, err := o.outputs(cmd)
	if err != nil {
		return nil, err
	}
	for _, f := range report.Formats {
		if !slices.Contains(o.formats, f.Name) {
			continue
		}
		w, opts, err := out.destination(cmd, o, f.Name, f.File)
		if err != nil {
			out.discard()
			return nil, err
		}
		out.writers = append(out.writers, f.New(w, opts))
	}
	for _, w := range out.writers {
		if err := w.Begin(run); err != nil {
			out.discard()
			return nil, fmt.Errorf("write the result: %w", err)
		}
	}
	return out, nil
}

func (o *outputFlags) outputs(cmd *cobra.Command) (*outputs, error) {
	if o.dir != "" {
		if err := os.MkdirAll(o.dir, 0o755); err != nil {
			return nil, fmt.Errorf("make the output folder: %w", err)
		}
	}
	return &outputs{stderr: cmd.ErrOrStderr()}, nil
}

// document is a result that is written whole.
type document struct {
	format, file string
	write        func(io.Writer, report.Options) error
}

// write writes those of the documents whose formats were asked for.
func (o *outputFlags) write(cmd *cobra.Command, documents []document) error {
	out, err := o.outputs(cmd)
	if err != nil {
		return err
	}
	defer out.discard()
	for _, d := range documents {
		if !slices.Contains(o.formats, d.format) {
			continue
		}
		w, opts, err := out.destination(cmd, o, d.format, d.file)
		if err == nil {
			err = d.write(w, opts)
		}
		if err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	}
	return out.place()
}

// destination is standard output for text and for a single format without a
// folder, else a file.
func (out *outputs) destination(cmd *cobra.Command, o *outputFlags, name, file string) (io.Writer, report.Options, error) {
	opts := report.Options{Verbose: o.verbose, Actions: actionsOf}
	if name == o.known[0] || o.dir == "" {
		opts.Width, opts.Color = terminal(cmd.OutOrStdout(), o.color)
		out.stdout = bufio.NewWriter(cmd.OutOrStdout())
		return out.stdout, opts, nil
	}
	temp, err := os.CreateTemp(o.dir, "."+file+".*")
	if err != nil {
		return nil, opts, fmt.Errorf("write %s: %w", filepath.Join(o.dir, file), err)
	}
	p := &pendingFile{temp: temp, w: bufio.NewWriterSize(temp, 1<<16), final: filepath.Join(o.dir, file)}
	out.files = append(out.files, p)
	return p.w, opts, nil
}

// terminal tells the width of w, and whether colours may be used: 0 and false
// where it is no terminal.
func terminal(w io.Writer, color string) (width int, colored bool) {
	f, ok := w.(*os.File)
	isTerm := ok && term.IsTerminal(int(f.Fd()))
	if isTerm {
		width, _, _ = term.GetSize(int(f.Fd()))
	}
	switch color {
	case "always":
		return width, true
	case "never":
		return width, false
	}
	return width, isTerm && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// actionsOf names the IAM actions that an operation needs.
func actionsOf(operation string) []string {
	for _, d := range aws.Declarations() {
		if op := d.Operation(operation); op != nil {
			return op.Actions
		}
	}
	return nil
}

func (out *outputs) finding(f *assize.Finding) error {
	for _, w := range out.writers {
		if err := w.Finding(f); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	}
	return nil
}

// assets gives what belongs to AI to the formats that write it; the graph is walked
// only when one does.
func (out *outputs) assets(assets func() []assize.Asset) error {
	for _, w := range out.writers {
		if w, ok := w.(report.AssetWriter); ok {
			if err := w.Assets(assets()); err != nil {
				return fmt.Errorf("write the result: %w", err)
			}
		}
	}
	return nil
}

// end completes every format and puts the files in place.
func (out *outputs) end(s *assize.Summary) error {
	for _, w := range out.writers {
		if err := w.End(s); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	}
	return out.place()
}

// place flushes what goes to standard output and puts the files in place.
func (out *outputs) place() error {
	if out.stdout != nil {
		if err := out.stdout.Flush(); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
	}
	for _, p := range out.files {
		if err := p.place(); err != nil {
			return fmt.Errorf("write %s: %w", p.final, err)
		}
		fmt.Fprintf(out.stderr, "wrote %s\n", report.Harmless(p.final))
	}
	out.files = nil
	return nil
}

func (p *pendingFile) place() error {
	err := errors.Join(p.w.Flush(), p.temp.Chmod(0o644), p.temp.Sync())
	if err := errors.Join(err, p.temp.Close()); err != nil {
		return errors.Join(err, os.Remove(p.temp.Name()))
	}
	return os.Rename(p.temp.Name(), p.final)
}

// discard removes what is not complete. What cannot be removed is said: it would
// lie there as if it were a result.
func (out *outputs) discard() {
	for _, p := range out.files {
		if err := errors.Join(p.temp.Close(), os.Remove(p.temp.Name())); err != nil {
			fmt.Fprintf(out.stderr, "assize: remove what is not complete: %s\n", report.Harmless(err.Error()))
		}
	}
	out.files = nil
}
