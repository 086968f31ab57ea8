package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/library/reference"
	"github.com/assize-dev/assize/report"
)

// newLibraryShow makes "assize library show".
func newLibraryShow() libraryCommand {
	var lib libraryFlags
	var format string
	var kinds []string
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Print one of them whole: what it asks, whose it is, what refers to it, its sources",
		Long: "Print a check, framework, control, common control, governance record or resource type by id. A control is named by its\n" +
			"id, with that of its framework before it where several have one: gdpr/Art.32. A framework may be named by an alias. Where pages\n" +
			"of several kinds have one id, --kind says which: --kind record risk-register.",
		Example: "  assize library show bedrock_guardrail_prompt_attack_filter_enabled\n" +
			"  assize library show SECAI3.8\n" +
			"  assize library show AWS::Bedrock::Guardrail",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			wanted, err := parseKinds(kinds)
			if err != nil {
				return err
			}
			r, err := lib.reference()
			if err != nil {
				return err
			}
			return showPage(cmd, r, strings.Join(args, " "), format, wanted...)
		},
	}
	lib.add(cmd)
	cmd.Flags().StringSliceVar(&kinds, "kind", nil, "only these: "+strings.Join(kindNames(), ", "))
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// showPage prints the page that a name names.
func showPage(cmd *cobra.Command, r *reference.Reference, name, format string, kinds ...reference.Kind) error {
	if format != "text" && format != "json" {
		return fmt.Errorf("--format %q: want text or json", format)
	}
	found, err := r.Find(name, kinds...)
	if err != nil {
		return err
	}
	if err := oneOf(cmd, found, name); err != nil {
		return err
	}
	page, _ := r.Page(found[0].Key)
	if format == "json" {
		return writeJSON(cmd, page)
	}
	width, _ := terminal(cmd.OutOrStdout(), "never")
	writePage(cmd.OutOrStdout(), page, width)
	return nil
}

// oneOf refuses a name that several pages of one kind have. That pages of other kinds have it too
// is said: theirs would otherwise never be found.
func oneOf(cmd *cobra.Command, found []reference.Entry, name string) error {
	var ids, others []string
	for _, e := range found {
		if e.Kind == found[0].Kind {
			ids = append(ids, e.ID)
		} else {
			others = append(others, "--kind "+string(e.Kind))
		}
	}
	if len(ids) > 1 {
		return fmt.Errorf("%d pages of kind %s are called %q: name one: %s", len(ids), found[0].Kind, name, strings.Join(ids, ", "))
	}
	if len(others) > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "This is the %s; %s shows what else is called %q.\n", found[0].Kind.Label(), strings.Join(slices.Compact(others), " or "), name)
	}
	return nil
}

// reference loads the library and makes its pages.
func (l *libraryFlags) reference() (*reference.Reference, error) {
	lib, err := l.load()
	if err != nil {
		return nil, err
	}
	return reference.New(lib)
}

// writeJSON writes a value, indented.
func writeJSON(cmd *cobra.Command, v any) error {
	return report.WriteJSON(cmd.OutOrStdout(), v, "  ")
}

// pageWidth is how wide a page is where nothing says how wide the terminal is.
const pageWidth = 110

// line is text in one line, without what a terminal would take for a command.
func line(s string) string { return report.Harmless(strings.Join(strings.Fields(s), " ")) }

func writePage(w io.Writer, p *reference.Page, width int) {
	if width <= 0 || width > pageWidth {
		width = pageWidth
	}
	id := p.ID
	fmt.Fprintf(w, "%s · %s\n\n", line(p.Title), line(id))
	fmt.Fprintf(w, "  %-16s %s\n", "Kind", p.Kind.Label())
	fmt.Fprintf(w, "  %-16s %s\n", "Whose it is", wrap(p.Notice, width, 19))
	for _, f := range p.Facts {
		var value strings.Builder
		for _, r := range f.Value {
			value.WriteString(r.Text)
		}
		fmt.Fprintf(w, "  %-16s %s\n", line(f.Name), wrap(value.String(), width, 19))
	}
	for i := range p.Sections {
		writeSection(w, &p.Sections[i], width)
	}
}

func writeSection(w io.Writer, s *reference.Section, width int) {
	fmt.Fprintf(w, "\n%s\n", line(s.Title))
	for _, text := range s.Text {
		fmt.Fprintf(w, "  %s\n", wrap(text, width, 2))
	}
	for l := range strings.SplitSeq(s.Code, "\n") {
		if s.Code != "" {
			fmt.Fprintf(w, "    %s\n", report.Harmless(l))
		}
	}
	for _, r := range s.Rows {
		text := r.Head.Text
		if r.Head.To != nil && r.Head.To.Kind == reference.Record {
			text += " (record " + r.Head.To.ID + ")"
		}
		if r.Note != "" {
			text += " · " + r.Note
		}
		fmt.Fprintf(w, "  - %s\n", wrap(text, width, 4))
		for _, l := range r.Lines {
			fmt.Fprintf(w, "      %s\n", wrap(l, width, 6))
		}
	}
}

// wrap breaks a text into lines of at most width, all but the first indented.
func wrap(text string, width, indent int) string {
	var b strings.Builder
	column := indent
	for i, word := range strings.Fields(report.Harmless(text)) {
		n := len([]rune(word))
		switch {
		case i > 0 && column+1+n > width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		case i > 0:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}
