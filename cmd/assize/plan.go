package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/library"
	"github.com/assize-dev/assize/report"
)

// planFlags are the choices of "assize plan".
type planFlags struct {
	source     planSource
	content    contentFlags
	scope      string
	failOn     string
	allowGaps  bool
	baseline   string
	exceptions string
	evidence   string
	output     outputFlags
	data       *sar.Data // of service authorization
}

// baselinePlan is what --baseline calls the state of things before the plan.
const baselinePlan = "plan"

// planCommand is a command below "assize plan".
type planCommand = *cobra.Command

// planCommands makes each command below "assize plan". A test holds the list against the files.
var planCommands = []func() planCommand{
	newPlanJoin,
}

// planHeap and planGCPercent trade memory for processor time: a plan waits for no network, and a pipeline waits for
// it. While findings are written, what lives of 10,000 resources is a third of that heap, in bytes.
const (
	planHeap      = 66 << 20
	planGCPercent = 200
)

// planMemory is what a plan's memory is held below where that can be, in bytes: a plan of 500 MB
// is judged within 2 GB, of which 80 MB are pages of the program's file.
const planMemory = 1650 << 20

// newPlan makes "assize plan".
func newPlan() *cobra.Command {
	var p planFlags
	cmd := &cobra.Command{
		Use:   "plan PATH...",
		Short: "Judge a Terraform plan, state or configuration, or a CloudFormation template, with the same checks",
		Long: "Judge what is about to be built with the checks that judge an account. PATH is one of\n" +
			"  the JSON of a plan or state (terraform show -json), a state file, or - for standard input;\n" +
			"  a plan's JSON together with the binary plan or the folder of its configuration, which hold what the JSON lacks;\n" +
			"  a folder with *.tf files, or a binary plan, without a plan's JSON: what cannot be resolved is unknown;\n" +
			"  a CloudFormation template, or the CDK's output folder.\n\n" +
			"What the plan leaves open is inconclusive, and what only the account knows is deferred to live: neither passes.\n\n" +
			"Exit codes: 0 clean; 1 a check failed at or above --fail-on; 2 could not read the input, or the plan is errored\n" +
			"or incomplete; 3 something is inconclusive and --allow-gaps was not given (deferred to live never counts).",
		Example: "  terraform plan -out plan.tfplan && terraform show -json plan.tfplan > plan.json\n" +
			"  assize plan plan.json plan.tfplan --account 111122223333\n" +
			"  assize plan . --var-file prod.tfvars\n" +
			"  terraform show -json plan.tfplan | assize plan - --baseline plan --format github\n" +
			"  assize plan template.yaml --parameters Stage=prod",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("name what to judge: a plan's JSON, a folder, a template, or - for standard input\nsee: assize plan --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return p.run(cmd, args) },
	}
	p.source.add(cmd)
	p.content.add(cmd, library.AllChecks)
	f := cmd.Flags()
	f.StringVar(&p.scope, "scope", "all", "what is judged: all of the plan, or ai (what belongs to AI workloads; a plan seldom shows what uses a bucket)")
	f.StringVar(&p.failOn, "fail-on", string(assize.High), "lowest severity of a failure that makes the exit code 1: critical, high, medium, low, informational, none")
	f.BoolVar(&p.allowGaps, "allow-gaps", false, "do not exit 3 because something is inconclusive")
	f.StringVar(&p.baseline, "baseline", "", `compare with "plan", what there is before it, or a snapshot: only what is worse counts`)
	f.StringVar(&p.exceptions, "exceptions", "", "exceptions (default: "+exceptionsFile+" in this folder, where there is one)")
	f.StringVar(&p.evidence, "evidence", "", "also write a record of what was judged, which the account can be held against later (see: assize plan join)")
	p.output.add(cmd)
	for _, c := range planCommands {
		cmd.AddCommand(c())
	}
	return cmd
}

func (p *planFlags) validate() error {
	if p.scope != "ai" && p.scope != "all" {
		return fmt.Errorf("--scope %q: want all or ai", p.scope)
	}
	if p.failOn != "none" && !assize.Severity(p.failOn).Valid() {
		return fmt.Errorf("--fail-on %q: want critical, high, medium, low, informational or none", p.failOn)
	}
	if err := p.source.validate(); err != nil {
		return err
	}
	return p.output.validate()
}

func (p *planFlags) run(cmd *cobra.Command, args []string) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(planGCPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(planMemory)
	}
	if err := p.validate(); err != nil {
		return err
	}
	found, err := p.source.find(args, cmd.InOrStdin())
	if err != nil {
		return err
	}
	lib, framework, profile, err := p.content.load()
	if err != nil {
		return err
	}
	if p.data, _, err = authorizationData(); err != nil {
		return err
	}
	register, err := readExceptions(lib, p.exceptions)
	if err != nil {
		return err
	}
	in, unfit := p.source.read(lib, found)
	if in == nil {
		return unfit
	}
	if err := register.comments(lib, in.comments); err != nil {
		return err
	}
	register.expire(in.after.AsOf)
	if os.Getenv("GOGC") == "" {
		roomyHeap(planHeap, planGCPercent)
	}
	code := p.judge(cmd, lib, framework, profile, register, in)
	var exit exitCode
	if unfit != nil && (code == nil || errors.As(code, &exit)) {
		return unfit // what could be read was judged; it is not the whole
	}
	return code
}

// judge runs the checks on what will be, writes every format, and returns the exit code.
func (p *planFlags) judge(cmd *cobra.Command, lib *library.Library, fw *assize.Framework, profile *assize.Profile, register *exceptions, in *planInput) error {
	programs := lib.ProgramsOf(fw, profile.Workloads...)
	options := assess.Options{Profile: profile, WholeAccount: p.scope == "all", Data: p.data}
	engine := assess.NewEngine(lib.Compiler, programs)
	gate, err := p.gate(lib, engine, options, in)
	if err != nil {
		return err
	}
	run := p.describe(lib, fw, profile, programs, in)
	out, err := p.output.open(cmd, run)
	if err != nil {
		return err
	}
	defer out.discard()
	record, err := newRecord(p.evidence, run, in)
	if err != nil {
		return err
	}
	defer record.discard()
	tally := report.NewTally(run)
	assessment := engine.Assess(in.after, options)
	for f := range gate.all(assessment) {
		gate.compare(f)
		register.apply(f)
		tally.Add(f)
		gate.count(f)
		record.add(f)
		if err := out.finding(f); err != nil {
			return err
		}
	}
	if err := out.assets(assessment.Assets); err != nil {
		return err
	}
	summary := tally.Summary(assessment.Subjects(fw)...)
	summary.OutOfScope = assessment.OutOfScope()
	summary.Gone = gate.gone()
	if err := out.end(summary); err != nil {
		return err
	}
	if err := record.end(summary, register); err != nil {
		return err
	}
	if err := register.tell(cmd.ErrOrStderr()); err != nil {
		return err
	}
	return gate.verdict.exit(p.allowGaps)
}

// describe says what was judged, with what.
func (p *planFlags) describe(lib *library.Library, fw *assize.Framework, profile *assize.Profile, programs []*assess.Program, in *planInput) *assize.Run {
	run := &assize.Run{
		Version: version, LibraryDigest: lib.Digest, Source: in.label, SnapshotDigest: in.digest,
		AsOf: in.after.AsOf, Accounts: in.after.Accounts, ProfilePath: profile.Path, ProfileDigest: profile.Digest,
		Scope: "plan", Baseline: p.baseline, Framework: fw, LibraryFolders: lib.Folders, Workloads: profile.Workloads, Notes: in.notes(),
	}
	run.AuthorizationData, run.AuthorizationDataDigest = authorizationLabel(p.data.Version())
	if p.scope == "ai" {
		run.Scope = "plan-ai"
	}
	for _, prog := range programs {
		run.Checks = append(run.Checks, prog.Check)
	}
	slices.SortFunc(run.Checks, func(x, y *assize.Check) int { return strings.Compare(x.ID, y.ID) })
	return run
}
