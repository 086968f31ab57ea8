package iam

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Document is a policy document with the name explanations show.
type Document struct {
	Name string
	JSON []byte
}

// Documents are the sources of Policies, in the same places.
type Documents struct {
	Identity        []Document
	Resource        *Document
	Boundary        *Document
	Session         []Document
	ServiceControl  [][]Document
	ResourceControl [][]Document
	Endpoint        *Document
}

// Authorizer answers requests against one fixed set of policies. Goroutines may share it.
//
// It refuses on doubt: a request is Allowed only where every reading of AWS's documentation allows it (see
// [Ambiguity]); where they differ it is Undecided, and the codes of the decision say why. Without documents nothing is
// allowed, with the two exceptions that AWS makes: a RootUser may do everything in its own account, and whoever has an
// identity may call sts:GetCallerIdentity. A server that knows no such powers makes no such principals.
//
// What the documents speak of and the request's Context does not hold is absent, which a negated condition takes for
// met: see [Authorizer.ConditionKeys]. The Context must hold what the server knows of a request, never what the request
// says of itself.
type Authorizer struct {
	policies Policies
}

// NewAuthorizer parses the documents. It fails on the first document that is no policy, on a
// statement that its layer does not accept, and on a condition with a value that its operator cannot read.
func NewAuthorizer(d Documents) (*Authorizer, error) {
	var b authorizerBuilder
	a := &Authorizer{policies: Policies{
		Identity:        b.list(d.Identity, LayerIdentity),
		Resource:        b.one(d.Resource, LayerResource),
		Boundary:        b.one(d.Boundary, LayerBoundary),
		Session:         b.list(d.Session, LayerSession),
		ServiceControl:  b.levels(d.ServiceControl, LayerServiceControl),
		ResourceControl: b.levels(d.ResourceControl, LayerResourceControl),
		Endpoint:        b.one(d.Endpoint, LayerEndpoint),
	}}
	if b.err != nil {
		return nil, b.err
	}
	return a, nil
}

// Decide answers one request. The error is about the request, never a denial.
func (a *Authorizer) Decide(r Request) (Decision, error) {
	q, err := prepareNamed(r)
	if err != nil {
		return Decision{}, err
	}
	return a.policies.Decide(q).onDoubt(), nil
}

// Explain answers one request and tells why.
func (a *Authorizer) Explain(r Request) (Explanation, error) {
	q, err := prepareNamed(r)
	if err != nil {
		return Explanation{}, err
	}
	e := a.policies.Explain(q)
	e.Decision = e.Decision.onDoubt()
	return e, nil
}

// ConditionKeys lists the condition keys that the documents speak of, in conditions and as variables: in lower case, in
// order, each once. A server can so refuse documents with keys that it never gives a value.
func (a *Authorizer) ConditionKeys() []string {
	p := &a.policies
	all := slices.Concat(p.Identity, p.Session, []*Policy{p.Resource, p.Boundary, p.Endpoint})
	for _, level := range slices.Concat(p.ServiceControl, p.ResourceControl) {
		all = append(all, level...)
	}
	var out []string
	for _, policy := range all {
		for i := 0; policy != nil && i < policy.Len(); i++ {
			out = append(out, policy.Statement(i).conditionKeys(policy.version)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// conditionKeys are the keys of the conditions and variables of a statement, in lower case.
func (s *Statement) conditionKeys(v Version) []string {
	texts, _ := s.Resources()
	texts = slices.Clone(texts)
	var out []string
	for _, c := range s.Conditions() {
		out = append(out, strings.ToLower(c.Key))
		texts = append(texts, c.Values...)
	}
	for _, text := range texts {
		for v == Version2012 {
			_, rest, ok := strings.Cut(text, "${")
			name, after, closed := strings.Cut(rest, "}")
			if !ok || !closed {
				break
			}
			name, _, _ = strings.Cut(name, ",") // what comes after is the default
			if name = strings.ToLower(strings.TrimSpace(name)); strings.Trim(name, "*?$") != "" {
				out = append(out, name)
			}
			text = after
		}
	}
	return out
}

// onDoubt takes an Allowed back that some reading does not share.
func (d Decision) onDoubt() Decision {
	if d.Outcome == Allowed && d.Ambiguity != 0 {
		d.Outcome = Undecided
	}
	return d
}

// prepareNamed prepares a request of a principal whom its policies can tell: a user or session without an ARN would
// pass by a Deny that names it, and an account beside that of the ARN would be another's.
func prepareNamed(r Request) (*Prepared, error) {
	p := r.Principal
	parts, ok := splitARN(p.ARN)
	switch {
	case p.Kind == User && p.ARN == "", p.Kind == FederatedUser && p.ARN == "", p.Kind == RoleSession && p.ARN == "" && p.Issuer == "":
		return nil, errors.New("the principal has no ARN")
	case ok && p.Account != "" && parts[4] != p.Account:
		return nil, fmt.Errorf("principal %q is not of account %s", p.ARN, p.Account)
	}
	return Prepare(r)
}

// Validate says whether a layer accepts every statement of the policy.
func (p *Policy) Validate(l Layer) error {
	if p.opaque != "" {
		return fmt.Errorf("policy %q: %s", p.name, p.opaque)
	}
	for i := range p.statements {
		s := &p.statements[i]
		if problem := s.misplaced(l); problem != "" {
			return fmt.Errorf("policy %q: %w", p.name, &ParseError{
				Position: s.position,
				Message:  fmt.Sprintf("%s policies do not accept the statement: %s", l, problem),
			})
		}
	}
	return nil
}

// authorizerBuilder keeps the first error.
type authorizerBuilder struct {
	err error
}

func (b *authorizerBuilder) parse(d Document, l Layer) *Policy {
	if b.err != nil {
		return nil
	}
	p, err := Parse(d.JSON)
	if err != nil {
		b.err = fmt.Errorf("%s policy %q: %w", l, d.Name, err)
		return nil
	}
	p = p.Named(d.Name)
	if b.err = p.Validate(l); b.err == nil {
		b.err = p.readable()
	}
	return p
}

// readable finds a condition with a value that its operator cannot read.
func (p *Policy) readable() error {
	for i := range p.statements {
		for _, c := range p.statements[i].conditions {
			for j := range c.values {
				if c.values[j].readable {
					continue
				}
				return fmt.Errorf("policy %q: %w", p.name, &ParseError{
					Position: c.position,
					Message:  fmt.Sprintf("%s on %s cannot read the value %q", c.operator, c.key, c.list.values[j].text),
				})
			}
		}
	}
	return nil
}

func (b *authorizerBuilder) one(d *Document, l Layer) *Policy {
	if d == nil {
		return nil
	}
	return b.parse(*d, l)
}

func (b *authorizerBuilder) list(docs []Document, l Layer) []*Policy {
	var out []*Policy
	for _, d := range docs {
		out = append(out, b.parse(d, l))
	}
	return out
}

func (b *authorizerBuilder) levels(levels [][]Document, l Layer) [][]*Policy {
	var out [][]*Policy
	for _, docs := range levels {
		out = append(out, b.list(docs, l))
	}
	return out
}
