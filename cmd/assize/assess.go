package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/report"
)

// assessFlags are the choices of "assize assess".
type assessFlags struct {
	source    sourceFlags
	content   contentFlags
	scope     string
	failOn    string
	allowGaps bool
	baseline  string
	save      string
	output    outputFlags
	data      *sar.Data // of service authorization
	// example is what the demo calls its source and profile; their files have no
	// lasting place.
	example string
}

// newAssess makes "assize assess".
func newAssess() *cobra.Command {
	var a assessFlags
	cmd := &cobra.Command{
		Use:   "assess",
		Short: "Judge an account, or a snapshot of one, and write the result",
		Long: "Read an account (or a snapshot: --from), judge its AI-related resources, and write the result.\n" +
			"What could not be read is inconclusive with its cause, never passed.\n\n" +
			"Exit codes: 0 clean; 1 a check failed at or above --fail-on; 2 could not run or read the input;\n" +
			"3 something in scope is inconclusive and --allow-gaps was not given.",
		Example: "  assize assess\n" +
			"  assize assess --regions all --format text,html,sarif --out ./out --fail-on high\n" +
			"  assize assess --from acme.assize --baseline last-month.assize\n" +
			"  assize assess --role-arn arn:aws:iam::111122223333:role/assize --external-id 4f2a\n" +
			"  assize assess --accounts org --ous Workloads --role-name assize --regions all",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.run(cmd) },
	}
	a.source.addFrom(cmd)
	a.source.add(cmd)
	a.content.add(cmd, library.DefaultFramework)
	f := cmd.Flags()
	f.StringVar(&a.scope, "scope", "ai", "what is judged: ai (what belongs to AI workloads) or account (everything)")
	f.StringVar(&a.failOn, "fail-on", string(assize.High), "lowest severity of a failure that makes the exit code 1: critical, high, medium, low, informational, none")
	f.BoolVar(&a.allowGaps, "allow-gaps", false, "do not exit 3 because something is inconclusive")
	f.StringVar(&a.baseline, "baseline", "", "earlier snapshot to compare with: shows new, fixed, changed")
	f.StringVar(&a.save, "save", "", "also keep what was read, as a snapshot file")
	a.output.add(cmd)
	return cmd
}

func (a *assessFlags) validate(cmd *cobra.Command) error {
	if err := a.source.validate(cmd); err != nil {
		return err
	}
	if a.scope != "ai" && a.scope != "account" {
		return fmt.Errorf("--scope %q: want ai or account", a.scope)
	}
	if a.failOn != "none" && !assize.Severity(a.failOn).Valid() {
		return fmt.Errorf("--fail-on %q: want critical, high, medium, low, informational or none", a.failOn)
	}
	if a.save != "" && a.source.from != "" {
		return errors.New("--save has no meaning with --from: the snapshot is there")
	}
	return a.output.validate()
}

func (a *assessFlags) run(cmd *cobra.Command) error {
	if err := a.validate(cmd); err != nil {
		return err
	}
	lib, framework, profile, err := a.content.load()
	if err != nil {
		return err
	}
	if a.data, _, err = authorizationData(); err != nil {
		return err
	}
	before, err := a.readBaseline(lib, framework, profile)
	if err != nil {
		return err
	}
	c, err := a.source.collection(cmd.Context(), cmd, lib)
	if err != nil {
		return err
	}
	if a.save != "" {
		if err := snapshot.Write(a.save, c); err != nil {
			return err
		}
	}
	return a.judge(cmd, lib, framework, profile, before, c)
}

// readProfile reads the organisation profile: the file named, or assize.yaml
// where there is one, or the empty profile.
func readProfile(lib *library.Library, path string) (*assize.Profile, error) {
	named := path != ""
	if !named {
		path = profileFile
	}
	data, err := readFile(path, maxWritten)
	if errors.Is(err, os.ErrNotExist) && !named {
		return &assize.Profile{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the organisation profile: %w", err)
	}
	return lib.ParseProfile(path, data)
}

// judge runs the checks, writes every format, and returns the exit code.
func (a *assessFlags) judge(cmd *cobra.Command, lib *library.Library, fw *assize.Framework, profile *assize.Profile, before *baseline, c *collect.Collection) error {
	inv, err := inventory(lib, c)
	if err != nil {
		return err
	}
	c.Records = nil // derived; a large account would be held twice
	programs := lib.ProgramsOf(fw, profile.Workloads...)
	assessment := assess.NewEngine(lib.Compiler, programs).Assess(inv, a.options(profile))
	run := a.describe(lib, fw, profile, programs, inv)
	run.Notes = unregistered(lib, fw, profile.Workloads, assessment)
	out, err := a.output.open(cmd, run)
	if err != nil {
		return err
	}
	defer out.discard()
	tally := report.NewTally(run)
	verdict := verdict{failOn: assize.Severity(a.failOn)}
	for f := range assessment.Findings() {
		before.compare(f)
		tally.Add(f)
		verdict.add(f)
		if err := out.finding(f); err != nil {
			return err
		}
	}
	if err := out.assets(assessment.Assets); err != nil {
		return err
	}
	summary := tally.Summary(assessment.Subjects(fw)...)
	summary.OutOfScope = assessment.OutOfScope()
	summary.Gaps = inv.Gaps
	summary.Requests = inv.Requests
	summary.Interrupted = inv.Interrupted
	summary.Gone = before.gone()
	if err := out.end(summary); err != nil {
		return err
	}
	return verdict.exit(a.allowGaps)
}

// options say how an inventory is judged.
func (a *assessFlags) options(profile *assize.Profile) assess.Options {
	return assess.Options{Profile: profile, WholeAccount: a.scope == "account", Data: a.data}
}

func (a *assessFlags) describe(lib *library.Library, fw *assize.Framework, profile *assize.Profile, programs []*assess.Program, inv *assize.Inventory) *assize.Run {
	run := &assize.Run{
		Version: version, LibraryDigest: lib.Digest, Source: "live account", SnapshotDigest: inv.Digest,
		AsOf: inv.AsOf, Accounts: inv.Accounts, ProfilePath: profile.Path, ProfileDigest: profile.Digest,
		Scope: a.scope, Baseline: a.baseline, Framework: fw, LibraryFolders: lib.Folders, Workloads: profile.Workloads,
	}
	run.AuthorizationData, run.AuthorizationDataDigest = authorizationLabel(a.data.Version())
	if a.source.from != "" {
		run.Source = a.source.from
	}
	if a.example != "" {
		run.Source, run.ProfilePath = a.example, a.example
	}
	for _, p := range programs {
		run.Checks = append(run.Checks, p.Check)
	}
	slices.SortFunc(run.Checks, func(x, y *assize.Check) int { return strings.Compare(x.ID, y.ID) })
	return run
}

// verdict decides the exit code.
type verdict struct {
	failOn       assize.Severity
	failed       bool
	inconclusive bool
}

func (v *verdict) add(f *assize.Finding) {
	switch f.Outcome {
	case assize.Fail:
		v.failed = v.failed || !f.Excepted() && v.failOn != "none" && f.Check.Severity.AtLeast(v.failOn)
	case assize.Inconclusive:
		v.inconclusive = v.inconclusive || !f.Deferred()
	case assize.Manual, assize.Pass, assize.NotApplicable:
	}
}

func (v *verdict) exit(allowGaps bool) error {
	switch {
	case v.failed:
		return exitCode(exitFail)
	case v.inconclusive && !allowGaps:
		return exitCode(exitInconclusive)
	}
	return nil
}
