package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
	"github.com/assize-dev/assize/iam/sar"
)

// policyTypes are the kinds of policy that --type names.
var policyTypes = []struct {
	name  string
	layer iam.Layer
}{
	{"identity", iam.LayerIdentity},
	{"resource", iam.LayerResource},
	{"trust", iam.LayerResource},
	{"boundary", iam.LayerBoundary},
	{"session", iam.LayerSession},
	{"scp", iam.LayerServiceControl},
	{"rcp", iam.LayerResourceControl},
	{"endpoint", iam.LayerEndpoint},
}

func policyTypeNames() string {
	var names []string
	for _, t := range policyTypes {
		names = append(names, t.name)
	}
	return strings.Join(names, ", ")
}

var lintFormats = []string{"text", "json", "sarif"}

// lintRun is one run of "assize iam lint".
type lintRun struct {
	typ, format, failOn string
	corrected           bool
	data                *sar.Data
	stdin               io.Reader
	stderr              io.Writer
}

// lintResults is what a run says.
type lintResults struct {
	Data       sar.Version  `json:"data"`
	Files      []lintedFile `json:"files"`
	Unreadable []string     `json:"unreadable"` // why, beginning with the file
}

// lintedFile is a policy with its faults.
type lintedFile struct {
	File   string       `json:"file"`
	Type   string       `json:"type"`
	Faults []lintResult `json:"faults"`
}

type lintResult struct {
	Rule      string          `json:"rule"`
	Severity  assize.Severity `json:"severity"`
	Statement *int            `json:"statement,omitempty"` // absent: the document
	Sid       string          `json:"sid,omitempty"`
	Line      int             `json:"line"`
	Column    int             `json:"column"`
	Message   string          `json:"message"`
	Fix       string          `json:"fix"`
	Corrected json.RawMessage `json:"corrected,omitempty"` // statements
}

// newIAMLint makes "assize iam lint".
func newIAMLint() iamCommand {
	l := &lintRun{}
	cmd := &cobra.Command{
		Use:   "lint FILE...",
		Short: "Find what is wrong with policy documents",
		Long: "Find what is wrong with IAM policy documents by themselves: names that do not exist, conditions that\n" +
			"enforce nothing, resources that match nothing, grants of every model, controls with a way around them.\n" +
			"The name - stands for standard input. The kind of policy is guessed unless --type says it.\n\n" +
			"Rules:\n" + ruleTexts() + "\n" +
			"Exit codes: 0 no fault at or above --fail-on; 1 one; 2 a file could not be read or is no policy.",
		Example: "  assize iam lint policy.json\n" +
			"  assize iam lint --type scp --format sarif scp/*.json",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("FILE is missing: assize iam lint policy.json, or - for standard input\nsee: assize iam lint --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			l.stdin, l.stderr = cmd.InOrStdin(), cmd.ErrOrStderr()
			return l.run(cmd.Context(), cmd.OutOrStdout(), args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&l.typ, "type", "auto", "kind of policy: auto, "+policyTypeNames())
	f.StringVar(&l.format, "format", "text", "format to write: "+strings.Join(lintFormats, ", "))
	f.StringVar(&l.failOn, "fail-on", string(assize.High), "lowest severity of a fault that makes the exit code 1: critical, high, medium, low, informational, none")
	f.BoolVar(&l.corrected, "corrected", false, "show corrected statements in text; json and sarif always have them")
	return cmd
}

// ruleTexts lists the rules for the help.
func ruleTexts() string {
	var b strings.Builder
	for _, r := range sar.Rules {
		fmt.Fprintf(&b, "  %-27s %s\n", r.ID, r.Title)
	}
	return b.String()
}

func (l *lintRun) validate() error {
	known := l.typ == "auto"
	for _, t := range policyTypes {
		known = known || t.name == l.typ
	}
	switch {
	case !known:
		return fmt.Errorf("--type %q: want auto, %s", l.typ, policyTypeNames())
	case !slices.Contains(lintFormats, l.format):
		return fmt.Errorf("--format %q: want %s", l.format, strings.Join(lintFormats, ", "))
	case l.failOn != "none" && !assize.Severity(l.failOn).Valid():
		return fmt.Errorf("--fail-on %q: want critical, high, medium, low, informational or none", l.failOn)
	}
	return nil
}

func (l *lintRun) run(ctx context.Context, w io.Writer, names []string) error {
	if err := l.validate(); err != nil {
		return err
	}
	var err error
	if l.data, _, err = authorizationData(); err != nil {
		return err
	}
	failed := false
	result := &lintResults{Data: l.data.Version(), Files: []lintedFile{}, Unreadable: []string{}}
	for _, name := range names {
		file, err := l.lint(ctx, name)
		if ctx.Err() != nil {
			return cmp.Or(err, ctx.Err())
		}
		if err != nil {
			fmt.Fprintf(l.stderr, "assize: %s\n", clean(err.Error()))
			result.Unreadable = append(result.Unreadable, err.Error())
			continue
		}
		for _, r := range file.Faults {
			failed = failed || l.failOn != "none" && r.Severity.AtLeast(assize.Severity(l.failOn))
		}
		result.Files = append(result.Files, *file)
	}
	if err := l.write(w, result); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	switch {
	case len(result.Unreadable) > 0:
		return exitCode(exitError)
	case failed:
		return exitCode(exitFail)
	}
	return nil
}

// lint judges one file. An error names the file and, for what is no policy, the place.
func (l *lintRun) lint(ctx context.Context, name string) (*lintedFile, error) {
	doc, err := readPolicy(ctx, name, l.stdin)
	if err != nil {
		return nil, err
	}
	p, err := iam.Parse(doc)
	var parse *iam.ParseError
	switch {
	case errors.As(err, &parse):
		return nil, fmt.Errorf("%s:%d:%d: not a policy: %s", name, parse.Position.Line, parse.Position.Column, parse.Message)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	typ, layer := l.typ, iam.LayerIdentity
	if typ == "auto" {
		layer = sar.GuessLayer(p)
	}
	for _, t := range policyTypes {
		if typ == "auto" && t.layer == layer {
			typ = t.name
		}
		if t.name == typ {
			layer = t.layer
		}
	}
	file := &lintedFile{File: name, Type: typ, Faults: []lintResult{}}
	for _, f := range rules.New(rules.Config{Data: l.data}).Lint(p, layer) {
		file.Faults = append(file.Faults, resultOf(f))
	}
	return file, nil
}

func resultOf(f sar.Fault) lintResult {
	r := lintResult{
		Rule: f.Rule, Severity: f.Severity, Sid: f.Sid, Line: f.Position.Line, Column: f.Position.Column,
		Message: f.Message, Fix: f.Fix, Corrected: json.RawMessage(f.Corrected),
	}
	if f.Statement >= 0 {
		r.Statement = &f.Statement
	}
	return r
}

func (l *lintRun) write(w io.Writer, result *lintResults) error {
	switch l.format {
	case "json":
		return writeIndented(w, result)
	case "sarif":
		return writeIndented(w, lintSARIF(result))
	}
	return l.writeText(w, result)
}

func writeIndented(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func (l *lintRun) writeText(w io.Writer, result *lintResults) error {
	var b strings.Builder
	n := 0
	for _, file := range result.Files {
		for _, r := range file.Faults {
			n++
			fmt.Fprintf(&b, "%s:%d:%d: %s: %s: %s\n    %s\n", clean(file.File), r.Line, r.Column, r.Severity, r.Rule, clean(r.Message), clean(r.Fix))
			if l.corrected && len(r.Corrected) > 0 {
				for line := range strings.SplitSeq(string(r.Corrected), "\n") {
					fmt.Fprintf(&b, "    %s\n", clean(line))
				}
			}
		}
	}
	fmt.Fprintf(&b, "%s, %s", plural(len(result.Files), "policy", "policies"), plural(n, "fault", "faults"))
	if n := len(result.Unreadable); n > 0 {
		fmt.Fprintf(&b, ", %s not read", plural(n, "file", "files"))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
