package iam

import "fmt"

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
type Authorizer struct {
	policies Policies
}

// NewAuthorizer parses the documents. It fails on the first document that is no policy,
// and on a statement that its layer does not accept, so that a decision of an
// Authorizer is never Undecided for the policies' sake.
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
	q, err := Prepare(r)
	if err != nil {
		return Decision{}, err
	}
	return a.policies.Decide(q), nil
}

// Explain answers one request and tells why.
func (a *Authorizer) Explain(r Request) (Explanation, error) {
	q, err := Prepare(r)
	if err != nil {
		return Explanation{}, err
	}
	return a.policies.Explain(q), nil
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
	b.err = p.Validate(l)
	return p
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
