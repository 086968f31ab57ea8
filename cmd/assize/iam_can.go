package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/rules"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/report"
)

// canFlags are the choices of "assize iam can".
type canFlags struct {
	organisation organisationFlags
	output       outputFlags
	depth        int
	region       string
	allowGaps    bool
}

// newIAMCan makes "assize iam can".
func newIAMCan() iamCommand {
	c := &canFlags{}
	cmd := &cobra.Command{
		Use:   "can PRINCIPAL",
		Short: "What a principal can run, administer and read of AI services, and what is wrong with its policies",
		Long: "Show what a user or role can run (models, agents, endpoints, ...), directly and through roles that it is let\n" +
			"use; which actions of AI services it can administer, switch off or read with; and the faults of its policies.\n\n" +
			"Exit codes: 0 answered; 2 could not run or read the input; 3 something is inconclusive and --allow-gaps\n" +
			"was not given.",
		Example: "  assize iam can role/ml-engineer --from acme.assize\n" +
			"  assize iam can arn:aws:iam::111122223333:user/ann --format json",
		Args: one("PRINCIPAL", "role/NAME"),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd, args[0]) },
	}
	c.organisation.add(cmd)
	c.output.addFormats(cmd, "table", "json")
	f := cmd.Flags()
	f.BoolVar(&c.output.verbose, "verbose", false, "name every action, and a request that is allowed")
	f.IntVar(&c.depth, "depth", org.DefaultDepth, "through how many roles to look for indirect ways; 0 for none")
	f.StringVar(&c.region, "in", "us-east-1", "Region of the resources that actions of administration are asked for")
	f.BoolVar(&c.allowGaps, "allow-gaps", false, "do not exit 3 because something is inconclusive")
	return cmd
}

func (c *canFlags) run(cmd *cobra.Command, name string) error {
	if err := errors.Join(c.organisation.validate(cmd), c.output.validate()); err != nil {
		return err
	}
	switch {
	case c.depth < 0:
		return fmt.Errorf("--depth %d: want 0 or more", c.depth)
	case !regionName.MatchString(c.region):
		return fmt.Errorf("--in %q: want the name of a Region, such as eu-central-1", c.region)
	}
	o, origin, err := c.organisation.load(cmd)
	if err != nil {
		return err
	}
	p, err := principalOf(o, name)
	if err != nil {
		return err
	}
	a := org.NewAnalysis(o, org.Config{})
	runs := &report.Access{Title: "What it can run", Noun: "call", Origin: origin}
	if err := newAnswers(a, runs).principal(p, a.Calls(), c.depth); err != nil {
		return err
	}
	data, err := readCalls(o.Catalog)
	if err != nil {
		return err
	}
	reads := &report.Access{Title: "What data it can read", Noun: "call", Origin: origin}
	if err := newAnswers(a, reads).principal(p, data, 0); err != nil {
		return err
	}
	abilities, err := c.abilities(a, p)
	if err != nil {
		return err
	}
	doc := &report.AccessAbilities{Principal: p.ARN, Origin: origin, Runs: runs, Reads: reads, In: c.region, Abilities: abilities, Faults: faultsOf(a, p), Violations: c.violations(a, p)}
	for _, u := range p.Unknown {
		doc.Unread = append(doc.Unread, unknownText(u))
	}
	var documents []document
	for _, format := range c.output.known {
		documents = append(documents, document{
			format, "can." + map[string]string{"table": "txt", "json": "json"}[format],
			func(w io.Writer, opt report.Options) error { return report.WriteAbilities(w, format, doc, opt) },
		})
	}
	if err := c.output.write(cmd, documents); err != nil {
		return err
	}
	if doc.Open() && !c.allowGaps {
		return exitCode(exitInconclusive)
	}
	return nil
}

// readCalls are the calls that read the data that is known.
func readCalls(c *plan.Catalog) ([]plan.Call, error) {
	var out []plan.Call
	for _, r := range c.Of(plan.Bucket, plan.LogGroup) {
		calls, err := plan.DataCalls(plan.Read, r.ARN, c)
		if err != nil {
			return nil, err
		}
		out = append(out, calls...)
	}
	return out, nil
}

// principal adds what one principal reaches by calls, one a target of the document.
func (b *answers) principal(p *org.Principal, calls []plan.Call, depth int) error {
	b.out.Asked = 1
	for _, c := range calls {
		b.out.Targets = append(b.out.Targets, targetOf(c, b.analysis.Organisation().Catalog.Holder(c.Target)))
	}
	tellApart(b.out.Targets, calls)
	indirect, err := b.indirect(calls, depth)
	if err != nil {
		return err
	}
	all := reach{}
	for i, c := range calls {
		a, err := b.analysis.Ask(p, c)
		if err != nil {
			return err
		}
		if a.Outcome != org.Never {
			all.add(i, b.add(b.termsOf(a)), nil)
		} else if t, ok := b.brokenAnswer(a); ok {
			all.add(i, t, nil)
		}
	}
	maps.Copy(all, indirect[p])
	if len(all) > 0 {
		b.out.Groups = []report.AccessGroup{{
			Principals: []report.AccessPrincipal{{ARN: p.ARN, Account: p.Account}}, Grants: all.grants(b.out.Terms),
		}}
	}
	b.finish()
	return nil
}

// duties are the classes of actions that are no use of a model, in the order in which they
// are shown.
var duties = []struct {
	name    string
	classes []sar.Class
}{
	{"can switch off or change controls", []sar.Class{sar.Governance}},
	{"can administer", []sar.Class{sar.Admin}},
	{"can get credentials", []sar.Class{sar.Credential}},
	{"can read content", []sar.Class{sar.ReadSensitive}},
}

// abilities asks for the actions of AI services that are no use of a model, on resources that
// no policy names.
func (c *canFlags) abilities(a *org.Analysis, p *org.Principal) ([]report.AccessAbility, error) {
	var out []report.AccessAbility
	for _, duty := range duties {
		for _, service := range sar.Classified() {
			x := report.AccessAbility{What: duty.name, Service: service}
			for _, action := range a.Organisation().Catalog.Reference().OfClass(service, duty.classes...) {
				outcome, err := c.ask(a, p, action)
				if err != nil {
					return nil, err
				}
				switch outcome {
				case org.Always:
					x.Always = append(x.Always, action.Name)
				case org.Conditional:
					x.Conditional = append(x.Conditional, action.Name)
				case org.Unknown:
					x.Inconclusive = append(x.Inconclusive, action.Name)
				case org.Never:
				}
			}
			if len(x.Always)+len(x.Conditional)+len(x.Inconclusive) > 0 {
				out = append(out, x)
			}
		}
	}
	return out, nil
}

// ask gives the most that is known of an action on its types of resources.
func (c *canFlags) ask(a *org.Analysis, p *org.Principal, action *sar.Action) (org.Outcome, error) {
	best := org.Never
	for _, target := range c.samples(a, p, action) {
		answer, err := a.Ask(p, plan.Call{Operation: action.String(), Target: target, Region: c.region, Account: p.Account, Created: true})
		if errors.Is(err, plan.ErrTarget) {
			continue // a type of which this operation has a plan of its own
		}
		if err != nil {
			return best, err
		}
		order := []org.Outcome{org.Always, org.Conditional, org.Unknown, org.Never}
		if slices.Index(order, answer.Outcome) < slices.Index(order, best) {
			best = answer.Outcome
		}
	}
	return best, nil
}

// sampleName is the name of a resource that no policy names.
const sampleName = "assize-any"

// samples are ARNs of resources that an action works on, "" for an action without resource type.
func (c *canFlags) samples(a *org.Analysis, p *org.Principal, action *sar.Action) []string {
	if !action.Scopable() {
		return []string{""}
	}
	partition := strings.SplitN(p.ARN, ":", 3)[1]
	fill := map[string]string{"${Partition}": partition, "${Region}": c.region, "${Account}": p.Account}
	var out []string
	for _, r := range action.Resources {
		typ, ok := a.Organisation().Catalog.Reference().Resource(action.Service, r.Type)
		if !ok {
			continue // a type of another service
		}
		for _, format := range typ.ARNs {
			out = append(out, filled(format, fill))
		}
	}
	return out
}

// filled replaces the variables of the format of an ARN.
func filled(format string, known map[string]string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(format, "${")
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return b.String()
		}
		value, is := known["${"+name+"}"]
		if !is {
			value = sampleName
		}
		b.WriteString(value)
		format = after
	}
}

// faultsOf are the faults of the policies of a principal itself.
func faultsOf(a *org.Analysis, p *org.Principal) []report.AccessFault {
	var out []report.AccessFault
	seen := map[*iam.Policy]bool{}
	judge := rules.New(rules.Config{Data: a.Organisation().Catalog.Reference()})
	lint := func(x org.Attachment, layer iam.Layer) {
		if _, readable := x.Policy.Readable(); !readable || seen[x.Policy] {
			return
		}
		seen[x.Policy] = true
		for _, f := range judge.Lint(x.Policy, layer) {
			out = append(out, report.AccessFault{
				Policy: x.Name, Rule: f.Rule, Severity: f.Severity, Line: f.Position.Line, Column: f.Position.Column, Message: f.Message, Fix: f.Fix,
			})
		}
	}
	for _, x := range p.Identity {
		lint(x, iam.LayerIdentity)
	}
	if p.Boundary != nil {
		lint(*p.Boundary, iam.LayerBoundary)
	}
	if p.Trust != nil {
		lint(org.Attachment{Name: "trust policy", Document: p.Trust}, iam.LayerResource)
	}
	return out
}
