package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/report"
)

// modelKinds are the kinds of resources that are a model or lead to one.
var modelKinds = []plan.Kind{
	plan.FoundationModel, plan.InferenceProfile, plan.ApplicationProfile, plan.PromptRouter, plan.DefaultRouter,
	plan.ProvisionedModel, plan.ModelDeployment, plan.ImportedModel, plan.Prompt,
}

const decrypt = "decrypt"

// whoFlags are the choices of "assize iam who-can".
type whoFlags struct {
	organisation organisationFlags
	output       outputFlags
	call, model  string
	data         string
	access       []string
	depth        int
	allowGaps    bool
}

// newIAMWho makes "assize iam who-can".
func newIAMWho() iamCommand {
	w := &whoFlags{}
	cmd := &cobra.Command{
		Use:   "who-can",
		Short: "Who can invoke which model, or read, change, delete or decrypt which data, and from where",
		Long: "Ask every user and role of an account, an organisation or a snapshot who can invoke which model, directly\n" +
			"and through roles that others let them use; under which conditions, from where, with or without MFA.\n" +
			"Or who can read, change, delete or decrypt data: objects of a bucket, a log group, a KMS key.\n\n" +
			"All layers count: identity policies, boundaries, SCPs and RCPs of every level, resource policies and VPC\n" +
			"endpoints. A call is all the checks that AWS makes for it: a cross-Region profile needs the model in every\n" +
			"Region that it leads to. What could not be read makes the answer inconclusive, never a no.\n\n" +
			"Exit codes: 0 answered; 2 could not run or read the input; 3 something is inconclusive and --allow-gaps\n" +
			"was not given.",
		Example: "  assize iam who-can --from acme.assize --model 'anthropic.*'\n" +
			"  assize iam who-can --from acme.assize --call InvokeAgent --format html --out ./out\n" +
			"  assize iam who-can --from acme.assize --data acme-training --access read,delete\n" +
			"  assize iam who-can --authorization-details dev.json,prod.json --organization org.json --from acme.assize",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return w.run(cmd) },
	}
	w.organisation.add(cmd)
	addAccessOutput(cmd, &w.output)
	f := cmd.Flags()
	f.StringVar(&w.call, "call", "InvokeModel", "API call: InvokeModel, Converse, InvokeAgent, ..., or any action with its service")
	f.StringVar(&w.model, "model", "", "only models, profiles, agents, ... of this ARN, name or pattern with * (default: all that the call takes)")
	f.StringVar(&w.data, "data", "", "ask about data: name or ARN of a bucket, log group or KMS key")
	f.StringSliceVar(&w.access, "access", []string{"read", "change", "delete"}, "with --data: read, change, delete, decrypt (a key: decrypt)")
	f.IntVar(&w.depth, "depth", org.DefaultDepth, "through how many roles to look for indirect ways; 0 for none")
	f.BoolVar(&w.allowGaps, "allow-gaps", false, "do not exit 3 because something is inconclusive")
	return cmd
}

func addAccessOutput(cmd *cobra.Command, o *outputFlags) {
	var names []string
	for _, f := range report.AccessFormats {
		names = append(names, f.Name)
	}
	o.addFormats(cmd, names...)
	cmd.Flags().BoolVar(&o.verbose, "verbose", false, "show every principal, and a request that is allowed")
}

func (w *whoFlags) validate(cmd *cobra.Command) error {
	for _, a := range w.access {
		if a != decrypt && !slices.Contains(plan.Purposes, plan.Purpose(a)) {
			return fmt.Errorf("--access %q: want read, change, delete or decrypt", a)
		}
	}
	switch {
	case w.data != "" && (cmd.Flags().Changed("call") || w.model != ""):
		return errors.New("--data asks about data, --call and --model about models: give one of them")
	case w.data == "" && cmd.Flags().Changed("access"):
		return errors.New("--access goes with --data")
	case w.depth < 0:
		return fmt.Errorf("--depth %d: want 0 or more", w.depth)
	}
	if err := w.organisation.validate(cmd); err != nil {
		return err
	}
	return w.output.validate()
}

func (w *whoFlags) run(cmd *cobra.Command) error {
	if err := w.validate(cmd); err != nil {
		return err
	}
	operation, err := operationOf(w.call)
	if err != nil {
		return err
	}
	o, origin, err := w.organisation.load(cmd)
	if err != nil {
		return err
	}
	a := org.NewAnalysis(o, org.Config{})
	doc := &report.Access{Title: "Who can call " + operation, Noun: "target", Origin: origin}
	var calls []plan.Call
	if w.data != "" {
		calls, err = w.dataCalls(o.Catalog, doc)
	} else {
		calls, err = w.modelCalls(a, operation, doc)
	}
	if err != nil {
		return err
	}
	for _, c := range calls {
		doc.Targets = append(doc.Targets, targetOf(c, o.Catalog.Holder(c.Target)))
	}
	tellApart(doc.Targets, calls)
	b := newAnswers(a, doc)
	b.others(calls)
	if w.data == "" {
		b.unlisted(calls[0], w.model)
	}
	if err := b.matrix(calls, w.depth); err != nil {
		return err
	}
	if err := writeAccess(cmd, &w.output, doc); err != nil {
		return err
	}
	return exitOf(doc, w.allowGaps)
}

func writeAccess(cmd *cobra.Command, o *outputFlags, doc *report.Access) error {
	var documents []document
	for _, f := range report.AccessFormats {
		documents = append(documents, document{f.Name, f.File, func(w io.Writer, opt report.Options) error { return f.Write(w, doc, opt) }})
	}
	return o.write(cmd, documents)
}

// exitOf is 3 for an answer that leaves something open.
func exitOf(doc *report.Access, allowGaps bool) error {
	if !allowGaps && (doc.Counts().Inconclusive > 0 || len(doc.Unread) > 0) {
		return exitCode(exitInconclusive)
	}
	return nil
}

// modelCalls are the calls of an operation on all that it takes and the pattern means.
func (w *whoFlags) modelCalls(a *org.Analysis, operation string, doc *report.Access) ([]plan.Call, error) {
	doc.Question = []report.AccessFact{{Name: "Call", Value: operation}}
	if w.model != "" {
		doc.Question = append(doc.Question, report.AccessFact{Name: "Of", Value: w.model})
	}
	if err := knownOperation(a.Organisation().Catalog.Reference(), operation); err != nil {
		return nil, err
	}
	var calls []plan.Call
	onlyModels := true
	for _, r := range a.Organisation().Catalog.All() {
		c := plan.Call{Operation: operation, Target: r.ARN}
		if !takes(a, c, r) || w.model != "" && !means(w.model, r) {
			continue
		}
		onlyModels = onlyModels && slices.Contains(modelKinds, r.Kind)
		calls = append(calls, c)
	}
	if len(calls) == 0 && strings.HasPrefix(w.model, "arn:") && !strings.ContainsAny(w.model, "*?") {
		calls = []plan.Call{{Operation: operation, Target: w.model}}
		onlyModels = slices.Contains(modelKinds, plan.Kind(kindOf(w.model)))
		if _, err := a.Plan(calls[0]); err != nil {
			return nil, err
		}
	}
	if c := (plan.Call{Operation: operation}); len(calls) == 0 && w.model == "" {
		p, err := a.Plan(c)
		if err == nil && strings.Trim(p.Checks[0].Resource, "*") == "" && scopable(a, p.Checks[0].Action) {
			return nil, fmt.Errorf("--model is missing: %s works on resources, say on which by an ARN", operation)
		}
		if err == nil {
			calls = []plan.Call{c}
		}
	}
	switch {
	case len(calls) == 0 && w.model != "":
		return nil, fmt.Errorf("--model %q: nothing of this name or ARN is known that %s takes; assize iam who-can --call %[2]s, without --model, shows what is", w.model, operation)
	case len(calls) == 0:
		return nil, fmt.Errorf("nothing is known that %s takes: name an ARN with --model, or say with --from what there is", operation)
	}
	if onlyModels && calls[0].Target != "" {
		doc.Noun, doc.Title = "model", "Who can invoke which model"
		if w.model == "" {
			calls = append(calls, futureModels(a, operation)...)
		}
	}
	return calls, nil
}

// scopable says whether an action works on resources that have ARNs.
func scopable(a *org.Analysis, name string) bool {
	service, short, _ := strings.Cut(name, ":")
	action, ok := a.Organisation().Catalog.Reference().Action(service, short)
	return ok && action.Scopable()
}

// takes says whether an operation works on a resource: there is a plan whose first check is on
// it, and the Service Authorization Reference lists its type for the action.
func takes(a *org.Analysis, c plan.Call, r *plan.Resource) bool {
	p, err := a.Plan(c)
	if err != nil {
		return false // it is about another kind of resource
	}
	checks := p.Checks[:1]
	if checks[0].Resource == "*" {
		checks = p.Checks // the first is on no resource, as RetrieveAndGenerate
	}
	return slices.ContainsFunc(checks, func(x plan.Check) bool {
		service, name, _ := strings.Cut(x.Action, ":")
		action, ok := a.Organisation().Catalog.Reference().Action(service, name)
		return ok && x.Resource == r.ARN && slices.ContainsFunc(action.Resources, func(t sar.ActionResource) bool { return t.Type == string(r.Kind) })
	})
}

// anyModel is the id of a model that nobody has: who may run it may run what is not in the
// catalogue yet.
const anyModel = "assize-any"

// futureModels are the calls on models that do not exist yet, one in every Region that has some.
func futureModels(a *org.Analysis, operation string) []plan.Call {
	var out []plan.Call
	seen := map[string]bool{}
	for _, r := range a.Organisation().Catalog.Of(plan.FoundationModel) {
		arn, _, _ := strings.Cut(r.ARN, "/")
		c := plan.Call{Operation: operation, Target: arn + "/" + anyModel}
		if _, err := a.Plan(c); err == nil && !seen[arn] && r.Region != "" {
			seen[arn] = true
			out = append(out, c)
		}
	}
	return out
}

// means says whether a name, an ARN or a pattern means a resource. The start of the id of a
// model means all its versions.
func means(pattern string, r *plan.Resource) bool {
	_, id, _ := strings.Cut(short(r.ARN), "/")
	glob := regexp.MustCompile("^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$")
	if glob.MatchString(r.ARN) || glob.MatchString(id) || glob.MatchString(r.Name) || glob.MatchString(short(r.ARN)) {
		return true
	}
	return r.Kind == plan.FoundationModel && strings.HasPrefix(id, pattern)
}
