package gen

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// ErrNotProved is wrapped by the error for policies that did not pass their own verification.
var ErrNotProved = errors.New("the policy is not proved")

// claims are what policies are for, in other words than theirs.
type claims struct {
	// wanted are calls that have to work, each check in just the contexts stated.
	wanted []wanted
	// exactly are further checks, those that must never pass among them.
	exactly []expectation
	// closed are callers who may do nothing but what is granted.
	closed []closed
	// each says what is expected of every action of the reference, for controls that limit what
	// others allow. Nil: nothing.
	each func(*sar.Action) []expectation
}

// closed is a caller with the policies that allow, and all that they may grant.
type closed struct {
	who    sym.Principal
	allows []*iam.Policy
	grants []grant
}

// grant is an action on resources that a pattern matches.
type grant struct{ action, resource string }

func grantsOf(actions, resources []string) []grant {
	var out []grant
	for _, a := range actions {
		for _, r := range resources {
			out = append(out, grant{a, r})
		}
	}
	return out
}

// Proof says what a verification looked at.
type Proof struct {
	Calls  int `json:"calls"`  // API calls that work as was asked for
	Checks int `json:"checks"` // authorization checks whose contexts are exactly those asked for
	// Witnesses are concrete requests that were decided again, one for each check of a call.
	Witnesses int `json:"witnesses"`
	// Nothing are requests for other actions or other resources that are allowed in no context.
	Nothing int `json:"nothing"`
}

// verifier proves claims.
type verifier struct {
	*judge
	data   *sar.Data
	o      *Options
	proof  Proof
	faults []string
}

func newVerifier(o *Options, d *sar.Data) *verifier {
	keys := func(name string) (sym.KeyType, bool) { return keyType(d, name) }
	return &verifier{
		judge: &judge{engine: sym.New(sym.Config{Keys: keys}), terms: map[string]*iam.Policy{}},
		data:  d, o: o,
	}
}

// keyType is the type of a condition key by the reference.
func keyType(d *sar.Data, name string) (sym.KeyType, bool) {
	k, ok := d.Key("", name)
	if !ok {
		return sym.KeyType{}, false
	}
	values := map[sar.KeyType]iam.ValueKind{sar.KeyNumeric: iam.NumberValues, sar.KeyDate: iam.DateValues, sar.KeyIP: iam.AddressValues}
	return sym.KeyType{Values: values[k.Type], List: k.Multi}, true
}

const maxFaults = 5 // shown; the first ones tell what is wrong

func (v *verifier) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

// verify proves all claims. The error wraps ErrNotProved and lists the first faults. What takes
// longest comes last, and only where there is no fault yet.
func (v *verifier) verify(c claims) error {
	for _, w := range c.wanted {
		v.call(w)
	}
	for _, x := range c.exactly {
		v.exact(x)
	}
	for _, k := range c.closed {
		v.grantsOnly(k)
	}
	if len(v.faults) == 0 {
		v.sweep(c)
	}
	if len(v.faults) == 0 {
		return nil
	}
	more := ""
	if n := len(v.faults) - maxFaults; n > 0 {
		more = fmt.Sprintf("\n  and %d more", n)
		v.faults = v.faults[:maxFaults]
	}
	return fmt.Errorf("%w:\n  %s%s", ErrNotProved, strings.Join(v.faults, "\n  "), more)
}

// sweep goes through every action of the reference.
func (v *verifier) sweep(c claims) {
	for _, k := range c.closed {
		v.nothingElse(k)
	}
	if c.each == nil {
		return
	}
	for _, service := range v.data.Services() {
		for _, a := range v.data.Actions(service) {
			for _, x := range c.each(a) {
				if len(x.demands) > 0 {
					v.exact(x)
				} else {
					v.limited(x)
				}
			}
		}
	}
}

// call proves that a call works: each check as demanded, and one request for all of them.
func (v *verifier) call(w wanted) {
	together := false
	before := len(v.faults)
	for _, x := range w.checks {
		set := v.exact(x)
		if witness, ok := v.engine.Witness(set); ok && !together {
			together = !slices.ContainsFunc(w.checks, func(other expectation) bool { return !v.passes(other, witness) })
		}
	}
	if !together && len(v.faults) == before {
		v.fault("%s: no request was found that passes all %d checks", w.call, len(w.checks))
	}
	v.proof.Calls++
}

// exact proves one check, and replays a witness of it.
func (v *verifier) exact(x expectation) sym.Set {
	set, fault := v.compare(x)
	if fault != "" {
		v.fault("%s", fault)
		return set
	}
	if x.never {
		v.proof.Nothing++
		return set
	}
	v.proof.Checks++
	witness, ok := v.engine.Witness(set)
	if !ok || !v.passes(x, witness) {
		v.fault("%s: the request %v does not pass when it is decided again", x, witness)
	}
	v.proof.Witnesses++
	return set
}

// limited proves one of the many checks that pass in every context or in none: by the set alone.
func (v *verifier) limited(x expectation) {
	set, fault := v.compare(x)
	switch {
	case fault != "":
		v.fault("%s", fault)
	case set.Empty():
		v.proof.Nothing++
	default:
		v.proof.Checks++
	}
}

// passes says whether a concrete request passes a check; what the check fixes comes first.
func (v *verifier) passes(x expectation, witness map[string][]string) bool {
	context := map[string][]string{}
	for name, values := range witness {
		context[name] = values
	}
	for name := range x.check.Fixed {
		for given := range context {
			if strings.EqualFold(given, name) {
				delete(context, given)
			}
		}
	}
	d, err := v.engine.Replay(x.who, x.check, context)
	return err == nil && d.Allowed()
}

// grantsOnly proves that no Allow matches an action or a resource beyond the grants: each action
// is written out, and each resource pattern is one of those granted for it.
func (v *verifier) grantsOnly(k closed) {
	granted := map[grant]bool{}
	for _, g := range k.grants {
		granted[g] = true
	}
	for _, p := range k.allows {
		for i := range p.Len() {
			s := p.Statement(i)
			if s.Effect() != iam.Allow {
				continue
			}
			actions, notAction := s.Actions()
			resources, notResource := s.Resources()
			if notAction || notResource {
				v.fault("%s allows everything but a list", s.Sid())
				continue
			}
			for _, a := range actions {
				for _, r := range resources {
					if !granted[grant{a, r}] {
						v.fault("%s allows %s on %s, which was not asked for", s.Sid(), a, r)
					}
				}
			}
		}
	}
}

// nothingElse tries every action of the reference, on resources of each of its types here and
// elsewhere and on those of the grants: what is not granted passes in no context.
func (v *verifier) nothingElse(k closed) {
	subject, err := v.engine.Subject(k.who)
	if err != nil {
		v.fault("%v", err)
		return
	}
	named := map[string][]string{}
	for _, g := range k.grants {
		service, _, _ := strings.Cut(g.action, ":")
		named[service] = append(named[service], strings.ReplaceAll(g.resource, "*", "any"), strings.ReplaceAll(g.resource, "*", "any")+"-other")
	}
	for _, service := range v.data.Services() {
		near := sorted(named[service])
		for _, a := range v.data.Actions(service) {
			if a.String() == needsNothing {
				continue
			}
			samples := v.samples(a)
			if len(near) == 0 {
				samples = samples[:1] // no grant is about the service at all
			}
			for _, r := range slices.Concat(samples, near) {
				if slices.ContainsFunc(k.grants, func(g grant) bool { return g.action == a.String() && matches(g.resource, r) }) {
					continue
				}
				target, err := v.engine.Target(sym.Check{Action: a.String(), Resource: r})
				if err != nil {
					v.fault("%v", err)
					continue
				}
				v.proof.Nothing++
				if set := subject.Access(target); !set.Empty() {
					v.fault("%s on %s is allowed and was not asked for: %s", a, r, first(v.engine.Conditions(set)))
				}
			}
		}
	}
}

// samples are resources of every type of an action: one of the account and first Region of the
// options, one of another account elsewhere.
func (v *verifier) samples(a *sar.Action) []string {
	if !a.Scopable() {
		return []string{"*"}
	}
	var out []string
	for _, r := range a.Resources {
		t, ok := v.data.Resource(a.Service, r.Type)
		if !ok {
			continue
		}
		for _, format := range t.ARNs {
			out = append(out, v.o.sample(format, v.o.home(), v.o.account()), v.o.sample(format, elsewhere, stranger))
		}
	}
	if len(out) == 0 {
		return []string{"*"} // the reference does not tell the form
	}
	return sorted(out)
}

const (
	// needsNothing is the action that everybody may call and nothing denies ("GetCallerIdentity").
	needsNothing = "sts:GetCallerIdentity"

	elsewhere      = "xx-elsewhere-1" // a Region that nobody names
	stranger       = "999999999999"
	exampleAccount = "111122223333" // stands for the account where it does not matter
)

func (o *Options) account() string {
	if o.Account != "" {
		return o.Account
	}
	return exampleAccount
}

func (o *Options) home() string {
	if len(o.Regions) > 0 {
		return o.Regions[0]
	}
	return "us-east-1"
}

// sample fills in the format of an ARN.
func (o *Options) sample(format, region, account string) string {
	out := strings.NewReplacer("${Partition}", o.Partition, "${Region}", region, "${Account}", account).Replace(format)
	for {
		before, rest, ok := strings.Cut(out, "${")
		if !ok {
			return strings.ReplaceAll(out, "*", "unheard-of")
		}
		_, after, _ := strings.Cut(rest, "}")
		out = before + "unheard-of" + after
	}
}

// matches says whether a pattern with * matches a text.
func matches(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, last)
}
