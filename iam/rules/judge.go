package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// maxPrincipals is how many principals share an engine, whose memory grows with each.
const maxPrincipals = 256

// Config sets a judge up.
type Config struct {
	// Data is the Service Authorization Reference; nil is the one built in.
	Data *sar.Data
	// Theory says which condition keys can occur together.
	Theory sym.Theory
	// Budget bounds the work of one question.
	Budget sym.Budget
}

// Judge answers questions about principals. It must not be used by several goroutines at once.
type Judge struct {
	config Config
	data   *sar.Data
	engine *sym.Engine
	judged int
}

// New makes a judge.
func New(c Config) *Judge {
	if c.Data == nil {
		c.Data = sar.Default()
	}
	return &Judge{config: c, data: c.Data}
}

// Principal is a role or user with the layers that bear on its requests.
type Principal struct {
	sym.Principal
	// Regions are those that requests are tried in, beside those that its policies name.
	Regions []string
	// Approved are patterns of the model ids that it is meant to run, for the policy that a
	// finding proposes; empty when nobody said.
	Approved []string
}

// Result answers one question. Yes is the fault.
type Result struct {
	iam.Answer
	// Witnesses are requests that the policies allow (or deny, see Witness.Decision) and that show
	// the fault; none unless the verdict is Yes.
	Witnesses []Witness
	// Guard is a policy to add to the principal's identity policies. With it the answer is No. It
	// is "" where no policy of the principal can mend the fault, or what to keep is not known.
	Guard string
	// Whole says that Guard is a whole document, to stand in place of the one that was asked about.
	Whole bool
}

// Witness is a request with the decision of the concrete evaluator.
type Witness struct {
	Action   string
	Resource string
	// Context are the condition keys of the request, with the values that were chosen. A key
	// without values is absent.
	Context  map[string][]string
	Decision iam.Decision
	// mentioned are the keys that matter, in lower case: those that policies speak of or that the
	// question fixes. The others only make the context complete.
	mentioned map[string]bool
	// without is a key whose absence is what the request shows, "" for others.
	without string
	// check is what the request was found for.
	check sym.Check
	// Because is the statement that decided, or the layer that would have to allow.
	Because string
}

// String gives "bedrock:InvokeModel on arn:… with aws:RequestedRegion = eu-west-1".
func (w Witness) String() string {
	var b strings.Builder
	b.WriteString(w.Action)
	if w.Resource != "" && w.Resource != anything {
		b.WriteString(" on " + w.Resource)
	}
	word := " with "
	for _, k := range sortedKeys(w.Context) {
		values := w.Context[k]
		switch {
		case !w.mentioned[strings.ToLower(k)]:
			continue
		case len(values) > 0:
			b.WriteString(word + k + " = " + strings.Join(values, ", "))
		case strings.EqualFold(k, guardrailKey):
			b.WriteString(word + "no guardrail")
		case strings.EqualFold(k, boundaryKey):
			b.WriteString(word + "no permissions boundary")
		case strings.EqualFold(k, w.without):
			b.WriteString(word + "no " + k)
		case strings.EqualFold(k, factorKey):
			b.WriteString(word + "no second factor")
		default:
			continue
		}
		word = ", "
	}
	if codes := w.Decision.Ambiguity.Codes(); len(codes) > 0 {
		b.WriteString(" (depends on: " + strings.Join(codes, ", ") + ")")
	}
	return b.String()
}

// begin makes the engine ready for a principal.
func (j *Judge) begin() {
	if j.engine == nil || j.judged >= maxPrincipals {
		j.engine, j.judged = sym.New(sym.Config{Theory: j.config.Theory, Budget: j.config.Budget, Keys: j.keyType}), 0
	}
	j.judged++
}

// keyType is the type of a condition key as the reference has it.
func (j *Judge) keyType(name string) (sym.KeyType, bool) {
	k, ok := j.data.Key("", name)
	if !ok {
		return sym.KeyType{}, false
	}
	out := sym.KeyType{List: k.Multi}
	switch k.Type {
	case sar.KeyNumeric:
		out.Values = iam.NumberValues
	case sar.KeyDate:
		out.Values = iam.DateValues
	case sar.KeyIP:
		out.Values = iam.AddressValues
	case sar.KeyString, sar.KeyARN, sar.KeyBool:
		out.Values = iam.TextValues
	}
	return out, true
}

// search looks for a request that the policies allow.
type search struct {
	j       *Judge
	p       *sym.Principal
	subject *sym.Subject
	// undecided is why the last probe had no answer, "" when all had one.
	undecided string
}

func (j *Judge) search(p *sym.Principal) (*search, error) {
	subject, err := j.engine.Subject(*p)
	if err != nil {
		return nil, err
	}
	return &search{j: j, p: p, subject: subject}, nil
}

// allowed gives a request of the check that is allowed, nil when there is none or when that is
// not known, which undecided then says.
func (s *search) allowed(c sym.Check) *Witness {
	set := s.set(c)
	switch {
	case !set.Decided():
		s.undecided = set.Inconclusive()
		return nil
	case set.Empty():
		if set.Undecided() && !set.Possible().Empty() {
			s.undecided = "a policy that was not read could allow " + c.Action
		}
		return nil
	}
	context, ok := s.j.engine.Witness(set)
	if !ok {
		s.undecided = c.Action + " depends on what requests say: " + strings.Join(set.Conditional(), ", ")
		return nil
	}
	w := s.replay(c, context)
	if w == nil || !w.Decision.Allowed() {
		s.undecided = "no request shows that " + c.Action + " is allowed"
		return nil
	}
	return w
}

func (s *search) set(c sym.Check) sym.Set {
	t, err := s.j.engine.Target(c)
	if err != nil {
		return sym.Set{}
	}
	return s.subject.Access(t)
}

// replay decides a concrete request; nil when it cannot be made.
func (s *search) replay(c sym.Check, context map[string][]string) *Witness {
	policies, request, err := s.j.engine.Request(*s.p, c, context)
	if err != nil {
		return nil
	}
	w := &Witness{Action: c.Action, Resource: c.Resource, check: c, Context: map[string][]string{}, mentioned: mentionedKeys(s.p)}
	for k := range c.Fixed {
		w.mentioned[strings.ToLower(k)] = true
	}
	for _, m := range []map[string][]string{context, c.Fixed} {
		for k, v := range m {
			w.Context[k] = v
		}
	}
	e := policies.Explain(request)
	w.Decision = e.Decision
	switch because := e.Because(); {
	case w.Decision.Outcome == iam.ImplicitlyDenied && len(e.Lacking) > 0:
		w.Because = e.Lacking[0].String()
	case len(because) > 0:
		w.Because = because[s.telling(because)].String()
	}
	return w
}

// telling is the place of the step that says most: that of the endpoint's or the resource's policy where the
// question is about it, and the caller's own policies stand for what any caller may have.
func (s *search) telling(because []iam.Step) int {
	layer := iam.LayerIdentity
	switch {
	case s.p.Policies.Endpoint != nil:
		layer = iam.LayerEndpoint
	case s.p.Policies.Resource != nil:
		layer = iam.LayerResource
	}
	return max(0, slices.IndexFunc(because, func(step iam.Step) bool { return step.Layer == layer }))
}

// any gives the first request of the checks that is allowed.
func (s *search) any(checks []sym.Check) *Witness {
	for _, c := range checks {
		if w := s.allowed(c); w != nil {
			return w
		}
	}
	return nil
}

// answer makes a result of what a search found.
func (s *search) answer(w *Witness, yes, no string) Result {
	switch {
	case w != nil:
		return Result{Answer: iam.Answer{Verdict: iam.Yes, Reason: yes}, Witnesses: []Witness{*w}}
	case s.undecided != "":
		return cannotTell(s.undecided)
	}
	return Result{Answer: iam.Answer{Verdict: iam.No, Reason: no}}
}

func cannotTell(reason string) Result {
	if reason == "" {
		reason = "the policies do not decide it"
	}
	return Result{Answer: iam.Answer{Verdict: iam.CannotTell, Reason: reason}}
}
