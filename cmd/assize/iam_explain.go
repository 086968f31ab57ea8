package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/report"
)

// explainFlags are the choices of "assize iam explain".
type explainFlags struct {
	organisation organisationFlags
	output       outputFlags
	call, model  string
	guardrail    string
	allowGaps    bool
}

// newIAMExplain makes "assize iam explain".
func newIAMExplain() iamCommand {
	x := &explainFlags{}
	cmd := &cobra.Command{
		Use:   "explain PRINCIPAL",
		Short: "Why a principal can make a call or not: every check, and the statements that decide it",
		Long: "Show all checks that AWS makes for a call of a user or role, and for each the statements that allow or\n" +
			"deny one concrete request: policy, statement, line and column. The request is one that is allowed where\n" +
			"there is one, else one without optional condition keys.\n\n" +
			"Exit codes: 0 explained; 2 could not run or read the input; 3 it is inconclusive and --allow-gaps was not\n" +
			"given.",
		Example: "  assize iam explain role/claims-agent --from acme.assize --model anthropic.claude-3-haiku-20240307-v1:0\n" +
			"  assize iam explain arn:aws:iam::111122223333:user/ann --call s3:GetObject --model arn:aws:s3:::data/x",
		Args: one("PRINCIPAL", "role/NAME --model ID"),
		RunE: func(cmd *cobra.Command, args []string) error { return x.run(cmd, args[0]) },
	}
	x.organisation.add(cmd)
	x.output.addFormats(cmd, "table", "json")
	f := cmd.Flags()
	f.BoolVar(&x.output.verbose, "verbose", false, "show statements that do not apply too")
	f.StringVar(&x.call, "call", "InvokeModel", "API call, as for who-can")
	f.StringVar(&x.model, "model", "", "what the call names: ARN, name or pattern that means one model, profile, agent, bucket, ...")
	f.StringVar(&x.guardrail, "guardrail", "", `ARN of the guardrail in the request, or "none"; by default any`)
	f.BoolVar(&x.allowGaps, "allow-gaps", false, "do not exit 3 because it is inconclusive")
	return cmd
}

func (x *explainFlags) run(cmd *cobra.Command, name string) error {
	if err := errors.Join(x.organisation.validate(cmd), x.output.validate()); err != nil {
		return err
	}
	if x.guardrail != "" && x.guardrail != plan.NoGuardrail && !guardrailARN.MatchString(x.guardrail) {
		return fmt.Errorf("--guardrail %q: want the ARN of a guardrail, with :VERSION or without, or none", x.guardrail)
	}
	operation, err := operationOf(x.call)
	if err != nil {
		return err
	}
	o, origin, err := x.organisation.load(cmd)
	if err != nil {
		return err
	}
	p, err := principalOf(o, name)
	if err != nil {
		return err
	}
	a := org.NewAnalysis(o, org.Config{})
	w := whoFlags{model: x.model}
	calls, err := w.modelCalls(a, operation, &report.Access{})
	if err != nil {
		return err
	}
	if len(calls) > 1 {
		return manyTargets(x.model, operation, calls)
	}
	calls[0].Guardrail = x.guardrail
	answer, err := a.Ask(p, calls[0])
	if err != nil {
		return err
	}
	e, err := explanationOf(newAnswers(a, &report.Access{}), answer, origin)
	if err != nil {
		return err
	}
	var documents []document
	for _, format := range x.output.known {
		documents = append(documents, document{
			format, "explanation." + map[string]string{"table": "txt", "json": "json"}[format],
			func(w io.Writer, opt report.Options) error { return report.WriteExplanation(w, format, e, opt) },
		})
	}
	if err := x.output.write(cmd, documents); err != nil {
		return err
	}
	if answer.Outcome == org.Unknown && !x.allowGaps {
		return exitCode(exitInconclusive)
	}
	return nil
}

// guardrailARN takes the ARN of a guardrail or of a guardrail profile, with a version or without.
var guardrailARN = regexp.MustCompile(`^arn:[a-z-]+:bedrock:[a-z0-9-]+:[0-9]{12}:guardrail(-profile)?/[^:*?]+(:[A-Za-z0-9]+)?$`)

// shownTargets is how many targets an error names.
const shownTargets = 5

// manyTargets asks for one of the targets that may be meant.
func manyTargets(model, operation string, calls []plan.Call) error {
	var names []string
	for _, c := range calls {
		if len(names) < shownTargets && !strings.HasSuffix(c.Target, "/"+anyModel) {
			names = append(names, c.Target)
		}
	}
	list := strings.Join(names, "\n  ")
	if rest := len(calls) - len(names); rest > 0 {
		list += fmt.Sprintf("\n  and %d more: assize iam who-can --call %s shows them", rest, operation)
	}
	if model == "" {
		return fmt.Errorf("--model is missing: say what %s names, by its ARN or a name that only one has, such as\n  %s", operation, list)
	}
	return fmt.Errorf("--model %q means %d targets: name one of\n  %s", model, len(calls), list)
}

func explanationOf(b *answers, a *org.Answer, origin report.AccessOrigin) (*report.AccessExplanation, error) {
	c := a.Plan.Call
	out := &report.AccessExplanation{
		Principal: a.Principal.ARN, Call: c.Operation, Target: c.Target, Origin: origin, Outcome: string(a.Outcome), Terms: b.termsOf(a),
	}
	for i := range a.Checks {
		check, err := checkOf(b, a, &a.Checks[i], out.Terms.Witness)
		if err != nil {
			return nil, err
		}
		out.Checks = append(out.Checks, *check)
	}
	for _, r := range a.Plan.Runs {
		text := r.Why + ": " + r.Role
		if r.Unknown != nil {
			text += " (" + unknownText(r.Unknown) + ")"
		}
		out.Runs = append(out.Runs, text+"; "+controlText(r.Control))
	}
	for _, n := range a.Plan.Notes {
		out.Notes = append(out.Notes, n.Code+": "+n.Text)
	}
	if a.Plan.NotIAM != "" {
		out.Notes = append(out.Notes, a.Plan.NotIAM)
	}
	return out, nil
}

// checkOf explains a check on one request: the witness of the call, or the check's own, or one
// without any key that the check leaves open.
func checkOf(b *answers, a *org.Answer, c *org.CheckAnswer, context map[string][]string) (*report.AccessCheck, error) {
	if context == nil {
		if w, ok := a.Witness(); ok {
			context = w
		} else {
			context = a.WitnessOf(c)
		}
	}
	policies, request, err := a.Request(c, context)
	if err != nil {
		return nil, err
	}
	name(&policies, b.analysis.Organisation(), a.Principal, c.Resource)
	explained := policies.Explain(request)
	out := &report.AccessCheck{
		Action: c.Action, Resource: c.Resource, Why: c.Why, Outcome: string(c.Outcome), Conditions: a.ConditionsOf(c),
		Decision: explained.Decision.String(), Statements: []report.AccessStatement{},
	}
	for _, s := range explained.Steps {
		applies := "no"
		switch {
		case s.Undecided:
			applies = "not known"
		case s.Matched:
			applies = "yes"
		}
		if applies == "no" && !about(&s, c) {
			continue
		}
		effect := s.Effect.String()
		if s.Position.Line == 0 {
			effect = "" // no statement: the policy could not be read
		}
		out.Statements = append(out.Statements, report.AccessStatement{
			Layer: s.Layer.String(), Policy: s.Policy, Statement: s.Statement, Sid: s.Sid, Line: s.Position.Line, Column: s.Position.Column,
			Effect: effect, Applies: applies, Reason: s.Reason,
		})
	}
	for _, l := range explained.Lacking {
		out.Lacking = append(out.Lacking, l.String())
	}
	return out, nil
}

// about says whether a statement that does not apply is about the action at all.
func about(s *iam.Step, c *org.CheckAnswer) bool {
	return !slices.ContainsFunc([]string{"Action", "NotAction"}, func(element string) bool {
		return s.Reason == element+" does not match "+c.Action
	})
}

// name gives the policies of a request the names under which they are attached.
func name(policies *iam.Policies, o *org.Organisation, p *org.Principal, resource string) {
	policies.Identity = nameAll(policies.Identity, p.Identity, "")
	if p.Boundary != nil && policies.Boundary != nil {
		policies.Boundary = policies.Boundary.Named(p.Boundary.Name)
	}
	if policies.Resource != nil {
		policies.Resource = policies.Resource.Named("of " + short(resource))
	}
	if policies.Endpoint != nil {
		policies.Endpoint = policies.Endpoint.Named("of the VPC endpoint")
	}
	for _, account := range o.Accounts {
		if account.ID == p.Account {
			policies.ServiceControl = nameLevels(policies.ServiceControl, account, account.Service)
		}
		// The resource may be in any of them.
		policies.ResourceControl = nameLevels(policies.ResourceControl, account, account.Resource)
	}
}

// nameLevels names control policies by where they are attached.
func nameLevels(levels [][]*iam.Policy, account *org.Account, attached [][]org.Attachment) [][]*iam.Policy {
	out := slices.Clone(levels)
	for i := range min(len(out), len(attached)) {
		place := account.ID
		if i < len(account.Path) {
			place = account.Path[i]
		}
		out[i] = nameAll(out[i], attached[i], " on "+place)
	}
	return out
}

func nameAll(policies []*iam.Policy, attached []org.Attachment, place string) []*iam.Policy {
	out := slices.Clone(policies)
	for i, p := range out {
		for _, x := range attached {
			if x.Policy == p {
				out[i] = p.Named(x.Name + place)
				break
			}
		}
	}
	return out
}
