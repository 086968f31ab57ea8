package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/report"
)

// diffFlags are the choices of "assize iam diff".
type diffFlags struct {
	organisation     organisationFlags
	output           outputFlags
	policy, scp, rcp string
	targets          []string
	replace          string
	call, model      string
	failOnGain       bool
	allowGaps        bool
}

// newIAMDiff makes "assize iam diff".
func newIAMDiff() iamCommand {
	d := &diffFlags{}
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Who would gain or lose what by a policy that is not attached yet",
		Long: "Show who could make which calls before and after an edit, without making it: a policy of principals\n" +
			"(--policy), a service control policy (--scp) or a resource control policy (--rcp) from a file, attached to\n" +
			"--target, or put in place of the policy that --replace names.\n\n" +
			"Exit codes: 0 shown; 1 somebody gains and --fail-on-gain was given; 2 could not run or read the input;\n" +
			"3 something is inconclusive and --allow-gaps was not given.",
		Example: "  assize iam diff --from acme.assize --policy new.json --target role/ml-engineer\n" +
			"  assize iam diff --from acme.assize --scp approved-models.json --target ou-ab12-workloads --format csv\n" +
			"  assize iam diff --from acme.assize --policy new.json --replace arn:aws:iam::111122223333:policy/ml --fail-on-gain",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return d.run(cmd) },
	}
	d.organisation.add(cmd)
	d.output.addFormats(cmd, "table", "json", "csv")
	f := cmd.Flags()
	f.StringVar(&d.policy, "policy", "", "file of an identity policy")
	f.StringVar(&d.scp, "scp", "", "file of a service control policy")
	f.StringVar(&d.rcp, "rcp", "", "file of a resource control policy")
	f.StringSliceVar(&d.targets, "target", nil, "where to attach it: users and roles, or ids of roots, units and accounts")
	f.StringVar(&d.replace, "replace", "", "the policy whose text it takes: ARN, HOLDER/NAME of an inline one, or name of a control policy")
	f.StringVar(&d.call, "call", "", "compare only this call (default: all calls that use models, agents, endpoints, ...)")
	f.StringVar(&d.model, "model", "", "compare only what this ARN, name or pattern means")
	f.BoolVar(&d.failOnGain, "fail-on-gain", false, "exit 1 when somebody gains access")
	f.BoolVar(&d.allowGaps, "allow-gaps", false, "do not exit 3 because something is inconclusive")
	f.BoolVar(&d.output.verbose, "verbose", false, "show every principal and target")
	return cmd
}

func (d *diffFlags) validate(cmd *cobra.Command) error {
	given := 0
	for _, file := range []string{d.policy, d.scp, d.rcp} {
		if file != "" {
			given++
		}
	}
	switch {
	case given != 1:
		return errors.New("give one of --policy, --scp and --rcp: the file with the new text")
	case len(d.targets) == 0 && d.replace == "":
		return errors.New("say where the policy goes: --target, or the policy that it replaces: --replace")
	}
	return errors.Join(d.organisation.validate(cmd), d.output.validate())
}

func (d *diffFlags) run(cmd *cobra.Command) error {
	if err := d.validate(cmd); err != nil {
		return err
	}
	o, origin, err := d.organisation.load(cmd)
	if err != nil {
		return err
	}
	edit, text, err := d.edit(cmd.Context(), o)
	if err != nil {
		return err
	}
	a := org.NewAnalysis(o, org.Config{})
	calls, err := d.calls(a)
	if err != nil {
		return err
	}
	m, err := a.Matrix(calls)
	if err != nil {
		return err
	}
	found, err := m.Diff(edit)
	switch {
	case errors.Is(err, org.ErrNothingEdited) && d.replace != "":
		return fmt.Errorf("--replace %q: no policy of this name is attached: %w", d.replace, err)
	case errors.Is(err, org.ErrNothingEdited):
		return fmt.Errorf("--target %s: no root, unit or account of this id is known: %w", strings.Join(d.targets, ","), err)
	}
	if err != nil {
		return err
	}
	doc := differenceOf(a, found, calls)
	doc.Edits, doc.Origin = []string{text}, origin
	var documents []document
	for _, format := range d.output.known {
		documents = append(documents, document{
			format, "difference." + map[string]string{"table": "txt", "json": "json", "csv": "csv"}[format],
			func(w io.Writer, opt report.Options) error { return report.WriteDifference(w, format, doc, opt) },
		})
	}
	if err := d.output.write(cmd, documents); err != nil {
		return err
	}
	switch {
	case d.failOnGain && doc.Count(report.AccessGained)+doc.Count(report.AccessMoved) > 0:
		return exitCode(exitFail)
	case !d.allowGaps && (doc.Count(report.AccessUnclear) > 0 || len(doc.Unread) > 0):
		return exitCode(exitInconclusive)
	}
	return nil
}

// edit reads the file, and says the edit in words.
func (d *diffFlags) edit(ctx context.Context, o *org.Organisation) (org.Edit, string, error) {
	file, layer := d.policy, iam.LayerIdentity
	switch {
	case d.scp != "":
		file, layer = d.scp, iam.LayerServiceControl
	case d.rcp != "":
		file, layer = d.rcp, iam.LayerResourceControl
	}
	e := org.Edit{Layer: layer, Policy: cmp.Or(d.replace, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))}
	var err error
	if e.Document, err = readPolicy(ctx, file, nil); err != nil {
		return e, "", err
	}
	if len(e.Document) == 0 {
		return e, "", fmt.Errorf("the policy %s is empty", file)
	}
	text := layer.String() + " policy " + file
	if d.replace != "" {
		text += " in place of " + d.replace
	}
	for _, t := range d.targets {
		if layer == iam.LayerIdentity {
			p, err := principalOf(o, t)
			if err != nil {
				return e, "", err
			}
			t = p.ARN
		}
		e.Attach = append(e.Attach, t)
	}
	if len(e.Attach) > 0 {
		text += " attached to " + strings.Join(e.Attach, ", ")
	}
	return e, text, nil
}

func (d *diffFlags) calls(a *org.Analysis) ([]plan.Call, error) {
	if d.call != "" || d.model != "" {
		operation, err := operationOf(cmp.Or(d.call, "InvokeModel"))
		if err != nil {
			return nil, err
		}
		w := whoFlags{model: d.model}
		return w.modelCalls(a, operation, &report.Access{})
	}
	calls := a.Calls()
	if len(calls) == 0 {
		return nil, errors.New("nothing is known that could be called: name an ARN with --model, or say with --from what there is")
	}
	return calls, nil
}

// differenceOf puts together what is the same for several principals and targets.
func differenceOf(a *org.Analysis, found *org.Difference, calls []plan.Call) *report.AccessDifference {
	access := &report.Access{}
	for _, c := range calls {
		access.Targets = append(access.Targets, targetOf(c, a.Organisation().Catalog.Holder(c.Target)))
	}
	tellApart(access.Targets, calls)
	b := newAnswers(a, access)
	place := map[string]int{}
	for i, c := range calls {
		place[c.String()] = i
	}
	doc := &report.AccessDifference{Asked: len(a.Organisation().Principals), Calls: len(calls), Targets: access.Targets, Unread: access.Unread}
	bySame := map[string]*report.AccessChanged{}
	var order []string
	for _, c := range found.Changes {
		x := report.AccessChanged{Effect: effectOf(&c), Before: b.side(c.Before), After: b.side(c.After)}
		for _, p := range c.Principals {
			x.Principals = append(x.Principals, report.AccessPrincipal{ARN: p.ARN, Account: p.Account})
		}
		key := wordsOf(x)
		if bySame[key] == nil {
			bySame[key] = &x
			order = append(order, key)
		}
		bySame[key].Targets = append(bySame[key].Targets, place[c.Call.String()])
	}
	for _, key := range order {
		slices.Sort(bySame[key].Targets)
	}
	doc.Changes = merged(bySame, order)
	doc.Terms = access.Terms
	return doc
}

// merged puts principals together to whom the same happens.
func merged(bySame map[string]*report.AccessChanged, order []string) []report.AccessChanged {
	byWhat := map[string]int{}
	out := []report.AccessChanged{}
	for _, key := range order {
		x := bySame[key]
		what := fmt.Sprint(x.Effect, x.Before, x.After, x.Targets)
		i, ok := byWhat[what]
		if !ok {
			byWhat[what] = len(out)
			out = append(out, *x)
			continue
		}
		out[i].Principals = append(out[i].Principals, x.Principals...)
	}
	effects := []report.AccessEffect{report.AccessGained, report.AccessMoved, report.AccessUndone, report.AccessUnclear}
	slices.SortStableFunc(out, func(x, y report.AccessChanged) int {
		return cmp.Or(cmp.Compare(slices.Index(effects, x.Effect), slices.Index(effects, y.Effect)), strings.Compare(x.Principals[0].ARN, y.Principals[0].ARN))
	})
	return out
}

// side gives the terms of an answer, -1 for no access.
func (b *answers) side(a *org.Answer) int {
	if a.Outcome == org.Never {
		return -1
	}
	return b.add(b.termsOf(a))
}

// effectOf says what becomes of an access. Without sets that compare, the outcomes tell.
func effectOf(c *org.Change) report.AccessEffect {
	gains := c.Gained.Decided() && !c.Gained.Empty()
	loses := c.Lost.Decided() && !c.Lost.Empty()
	if !c.Gained.Decided() || !c.Lost.Decided() {
		gains = c.After.Outcome.Can() && c.Before.Outcome == org.Never
		loses = c.Before.Outcome.Can() && c.After.Outcome == org.Never
	}
	switch {
	case c.Before.Outcome == org.Unknown || c.After.Outcome == org.Unknown:
		return report.AccessUnclear
	case gains && loses:
		return report.AccessMoved
	case gains:
		return report.AccessGained
	case loses:
		return report.AccessUndone
	}
	return report.AccessUnclear
}
