package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/collect/terraform"
	"github.com/assize-dev/assize/library"
)

// joinFlags are the choices of "assize plan join".
type joinFlags struct {
	config    string
	library   libraryFlags
	state     string
	failOn    string
	allowGaps bool
	format    string
	verbose   bool
}

// newPlanJoin makes "assize plan join".
func newPlanJoin() planCommand {
	var j joinFlags
	cmd := &cobra.Command{
		Use:   "join RECORD SNAPSHOT",
		Short: "Hold the record of a plan's judgement against the account that it was applied to",
		Long: "Judge a snapshot of the account with the checks of today, and put each verdict beside the one that the plan had:\n" +
			"the same, settled (the plan could not decide it), drifted, open still, or not found.\n\n" +
			"A resource is found by the ARN or name that the plan knew; --state tells those that were given on apply.\n\n" +
			"Exit codes: 0 nothing drifted for the worse; 1 something that the plan passed, or could not decide of a\n" +
			"resource, fails at or above --fail-on; 2 could not read the input; 3 a resource was not found or something of it is\n" +
			"open, and --allow-gaps was not given.",
		Example: "  assize plan plan.json --account 111122223333 --evidence plan.record.json\n" +
			"  terraform apply plan.tfplan && terraform show -json > state.json\n" +
			"  assize collect --out account.assize\n" +
			"  assize plan join plan.record.json account.assize --state state.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return errors.New("name the record and the snapshot\nsee: assize plan join --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return j.run(cmd, args[0], args[1]) },
	}
	f := cmd.Flags()
	j.library.add(cmd)
	f.StringVar(&j.config, "config", "", "organisation profile (default: "+profileFile+" in this folder, where there is one)")
	f.StringVar(&j.state, "state", "", "state after apply (terraform show -json, or a state file): tells the ARNs of resources by their addresses")
	f.StringVar(&j.failOn, "fail-on", string(assize.High), "lowest severity of a failure that makes the exit code 1: critical, high, medium, low, informational, none")
	f.BoolVar(&j.allowGaps, "allow-gaps", false, "do not exit 3 because something was not found or is open")
	f.StringVar(&j.format, "format", "text", "text or json")
	f.BoolVar(&j.verbose, "verbose", false, "show every verdict")
	return cmd
}

// record is one that was read.
type record struct {
	recordHead
	Verdicts []recordVerdict `json:"verdicts"`
	recordTail
}

// readRecord reads the record of a plan's judgement.
func readRecord(path string) (*record, error) {
	data, err := readFile(path, maxEvaluated)
	if err != nil {
		return nil, fmt.Errorf("read the record: %w", err)
	}
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("read the record: %s: %w", path, err)
	}
	if r.Format != recordFormat {
		return nil, fmt.Errorf("read the record: %s: its format is %q: want %s, as `assize plan --evidence` writes it", path, r.Format, recordFormat)
	}
	return &r, nil
}

// How a verdict of the plan compares with that of the account.
const (
	joinSame     = "same"
	joinSettled  = "settled"
	joinDrifted  = "drifted"
	joinOpen     = "open"
	joinNotFound = "not found"
)

// joinOrder is the order in which they are told: what asks for action first.
var joinOrder = []string{joinDrifted, joinSettled, joinOpen, joinNotFound, joinSame}

// joined is one verdict of the plan with that of the account.
type joined struct {
	Comparison string          `json:"comparison"`
	Check      string          `json:"check"`
	Severity   assize.Severity `json:"severity"`
	Address    string          `json:"address,omitempty"`
	Account    string          `json:"account"`
	Region     string          `json:"region,omitempty"`
	// Resource is the ARN or id that it has in the account.
	Resource string         `json:"resource,omitempty"`
	Planned  assize.Outcome `json:"planned"`
	Live     assize.Outcome `json:"live,omitempty"`
	Reason   string         `json:"reason,omitempty"`
}

// joinResult is the whole comparison.
type joinResult struct {
	Record        string         `json:"record"`
	PlanDigest    string         `json:"plan_digest"`
	PlannedAt     time.Time      `json:"planned_at"`
	Snapshot      string         `json:"snapshot"`
	SnapshotTaken time.Time      `json:"snapshot_as_of"`
	LibraryDigest string         `json:"library_digest"`
	Notes         []string       `json:"notes,omitempty"`
	Counts        map[string]int `json:"counts"`
	Verdicts      []joined       `json:"verdicts"`
}

func (j *joinFlags) run(cmd *cobra.Command, recordPath, snapshotPath string) error {
	switch {
	case j.format != "text" && j.format != "json":
		return fmt.Errorf("--format %q: want text or json", j.format)
	case j.failOn != "none" && !assize.Severity(j.failOn).Valid():
		return fmt.Errorf("--fail-on %q: want critical, high, medium, low, informational or none", j.failOn)
	}
	lib, err := j.library.load()
	if err != nil {
		return err
	}
	profile, err := readProfile(lib, j.config)
	if err != nil {
		return err
	}
	rec, err := readRecord(recordPath)
	if err != nil {
		return err
	}
	c, err := snapshot.Read(snapshotPath)
	if err != nil {
		return err
	}
	inv, err := inventory(lib, c)
	if err != nil {
		return err
	}
	names, err := j.applied(lib)
	if err != nil {
		return err
	}
	account, err := accountOfRecord(rec, inv)
	if err != nil {
		return err
	}
	res := &joinResult{
		Record: recordPath, PlanDigest: rec.Digest, PlannedAt: rec.AsOf, Snapshot: snapshotPath, SnapshotTaken: inv.AsOf,
		LibraryDigest: lib.Digest, Notes: joinNotes(rec, lib, profile, inv), Counts: map[string]int{}, Verdicts: []joined{},
	}
	data, _, err := authorizationData()
	if err != nil {
		return err
	}
	newJoin(lib, assess.Options{Profile: profile, WholeAccount: true, Data: data}, inv, names, account).all(rec, res)
	if err := j.write(cmd, res); err != nil {
		return err
	}
	return j.exit(res)
}

// applied reads the state after apply: what it knows of each resource, by type and address.
func (j *joinFlags) applied(lib *library.Library) (map[liveName]*assize.Resource, error) {
	all := map[liveName]*assize.Resource{}
	if j.state == "" {
		return all, nil
	}
	mapping, err := collect.NewTerraformMapping(lib.Definitions)
	if err != nil {
		return nil, err
	}
	p, err := terraform.ReadFile(j.state, terraform.Options{Mapping: mapping})
	if err != nil {
		return nil, err
	}
	if p.Kind == terraform.KindPlan {
		return nil, fmt.Errorf("--state %s: this is a plan: give the state after apply", j.state)
	}
	for _, r := range p.After.Resources {
		all[liveName{r.Type, r.Label()}] = r
	}
	return all, nil
}

// accountOfRecord is the account that the verdicts without one are about.
func accountOfRecord(rec *record, inv *assize.Inventory) (string, error) {
	known := slices.DeleteFunc(slices.Clone(rec.Accounts), func(id string) bool { return id == "" })
	for _, id := range known {
		if !slices.ContainsFunc(inv.Accounts, func(a assize.Account) bool { return a.ID == id }) {
			return "", fmt.Errorf("the plan goes to account %s, and the snapshot does not hold it: collect that account", id)
		}
	}
	if len(known) == len(rec.Accounts) {
		return "", nil
	}
	if len(inv.Accounts) != 1 {
		return "", errors.New("the plan does not say its account, and the snapshot holds several: run `assize plan` with --account")
	}
	return inv.Accounts[0].ID, nil
}

// joinNotes say what else than the account may have changed.
func joinNotes(rec *record, lib *library.Library, profile *assize.Profile, inv *assize.Inventory) []string {
	var notes []string
	if rec.LibraryDigest != lib.Digest {
		notes = append(notes, "the plan was judged with another version of the checks ("+rec.Version+")")
	}
	if rec.ProfileDigest != profile.Digest {
		notes = append(notes, "the plan was judged with another organisation profile")
	}
	if !inv.AsOf.After(rec.AsOf) {
		notes = append(notes, "the snapshot is not newer than the plan")
	}
	if rec.Errored {
		notes = append(notes, "the plan was errored, and cannot have been applied")
	}
	if inv.Interrupted {
		notes = append(notes, "the collection was cut short")
	}
	return notes
}

// join puts verdicts side by side.
type join struct {
	lib     *library.Library
	account string // of verdicts that do not say it
	names   map[liveName]*assize.Resource
	live    *liveIndex
	now     map[string]*assize.Finding // by key
}

func newJoin(lib *library.Library, o assess.Options, inv *assize.Inventory, names map[liveName]*assize.Resource, account string) *join {
	j := &join{lib: lib, account: account, names: names, live: newLiveIndex(inv), now: map[string]*assize.Finding{}}
	engine := assess.NewEngine(lib.Compiler, lib.Programs)
	for f := range engine.Assess(inv, o).Findings() {
		j.now[f.Key()] = f
	}
	return j
}

// all compares every verdict about a resource, or about an account that the plan says something of.
func (j *join) all(rec *record, res *joinResult) {
	for i := range rec.Verdicts {
		v := &rec.Verdicts[i]
		check := j.lib.Check(v.Check)
		switch {
		case check == nil:
			continue // told by the note about the version of the checks
		case v.Address == "" && (check.Subject.Kind == assize.SubjectResource || v.Outcome == assize.NotApplicable):
			continue // about what the plan does not make
		}
		one := j.one(v, check)
		res.Counts[one.Comparison]++
		res.Verdicts = append(res.Verdicts, one)
	}
	slices.SortStableFunc(res.Verdicts, func(a, b joined) int {
		return cmp.Or(cmp.Compare(slices.Index(joinOrder, a.Comparison), slices.Index(joinOrder, b.Comparison)),
			cmp.Compare(a.Address, b.Address), cmp.Compare(a.Check, b.Check))
	})
}

// one compares a verdict.
func (j *join) one(v *recordVerdict, check *assize.Check) joined {
	out := joined{
		Check: v.Check, Severity: check.Severity, Address: v.Address, Account: v.Account, Region: v.Region, Planned: v.Outcome,
	}
	if check.Subject.Kind != assize.SubjectOrganisation {
		out.Account = cmp.Or(v.Account, j.account)
	}
	subject := &assize.Finding{Check: check, Account: out.Account, Region: v.Region}
	if v.Address != "" {
		arn, names := v.ARN, v.Names
		if r := j.names[liveName{v.Type, v.Address}]; r != nil {
			arn, names = cmp.Or(r.KnownARN(), arn), append(slices.Clone(names), r.Names...)
		}
		r := j.live.find(v.Type, out.Account, v.Region, arn, names)
		if r == nil {
			out.Comparison, out.Reason = joinNotFound, "no resource of the snapshot has the ARN or a name that the plan knew"
			if arn == "" && len(names) == 0 {
				out.Reason = "the record has neither its ARN nor a name: they are given on apply, or must not be shown"
			}
			return out
		}
		subject.Account, subject.Region, subject.Resource = r.Account, r.Region, r
		out.Account, out.Region, out.Resource = r.Account, r.Region, r.Label()
	}
	now := j.now[subject.Key()]
	if now == nil {
		out.Comparison, out.Reason = joinNotFound, "the snapshot has no verdict of the check for it"
		return out
	}
	out.Live, out.Reason = now.Outcome, now.Reason
	out.Comparison = compareJoined(v.Outcome, now.Outcome)
	return out
}

// compareJoined names the difference between what the plan said and what the account says.
func compareJoined(planned, live assize.Outcome) string {
	decided := func(o assize.Outcome) bool { return o != assize.Inconclusive && o != assize.Manual }
	switch {
	case planned == live && live != assize.Inconclusive:
		return joinSame
	case !decided(live):
		return joinOpen
	case !decided(planned):
		return joinSettled
	}
	return joinDrifted
}

// exit decides the exit code. What fails in the account as a whole, and the plan never said anything
// of, is not the plan's.
func (j *joinFlags) exit(res *joinResult) error {
	open := false
	for i := range res.Verdicts {
		v := &res.Verdicts[i]
		ours := v.Planned == assize.Pass || v.Planned == assize.NotApplicable || v.Address != "" && v.Planned != assize.Fail
		switch {
		case v.Live == assize.Fail && ours && j.failOn != "none" && v.Severity.AtLeast(assize.Severity(j.failOn)):
			return exitCode(exitFail)
		case v.Address != "" && (v.Comparison == joinNotFound || v.Live == assize.Inconclusive):
			open = true
		}
	}
	if open && !j.allowGaps {
		return exitCode(exitInconclusive)
	}
	return nil
}
