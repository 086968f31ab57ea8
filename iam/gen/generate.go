package gen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
	"github.com/assize-dev/assize/iam/sar"
)

// Kind is what kind of policy a document is.
type Kind string

// The kinds. Each has a quota of its own.
const (
	Managed  Kind = "managed"  // a customer managed policy, for roles and permission sets
	Boundary Kind = "boundary" // a customer managed policy, as permissions boundary
	Inline   Kind = "inline"   // an inline policy of a role
	Trust    Kind = "trust"    // the trust policy of a role
	SCP      Kind = "scp"      // a service control policy
	Endpoint Kind = "endpoint" // the policy of a VPC endpoint
	KeyUse   Kind = "key"      // the policy of a KMS key
)

// kinds are the layers and quotas ("IAM and AWS STS quotas"; "Quotas for AWS Organizations";
// "Control access to VPC endpoints using endpoint policies"; AWS KMS "Resource quotas").
// Characters without white space; the defaults, which an account may have had raised.
var kinds = map[Kind]struct {
	layer iam.Layer
	quota int
}{
	Managed:  {iam.LayerIdentity, 6144},
	Boundary: {iam.LayerBoundary, 6144},
	Inline:   {iam.LayerIdentity, 10240},
	Trust:    {iam.LayerResource, 2048},
	SCP:      {iam.LayerServiceControl, 5120},
	Endpoint: {iam.LayerEndpoint, 20480},
	KeyUse:   {iam.LayerResource, 32768},
}

// maxManaged is how many managed policies a role can have by default.
const maxManaged = 10

// Policy is one document.
type Policy struct {
	Name string
	Kind Kind
	// Description in one sentence.
	Description string
	doc         node
}

// JSON is the document, indented, ending in a line break.
func (p Policy) JSON() string { return p.doc.pretty() }

// Size is the number of characters that count against the quota of the kind, Quota.
func (p Policy) Size() int { return len([]rune(p.doc.compact())) }

// Quota is how large a document of the kind may be, in characters, unless AWS raised it for the account.
func (p Policy) Quota() int { return kinds[p.Kind].quota }

// Result is what Generate made: policies that belong together.
type Result struct {
	Archetype *Archetype
	Name      string
	Policies  []Policy
	// Proof says what the verification looked at.
	Proof Proof
	// Notes say what to know before using the policies, and the readings that the proof rests on.
	Notes []string
	o     *Options
}

// paper is a document to be written.
type paper struct {
	kind       Kind
	suffix     string // of the name, where there are several
	about      string
	statements []statement
}

// Generate writes the policies of an archetype and proves them. An error is about the options, or
// wraps ErrNotProved; then there is no result.
func Generate(o Options, d *sar.Data) (*Result, error) {
	a, ok := FindArchetype(o.Archetype)
	if !ok {
		return nil, fmt.Errorf("archetype %q: want %s", o.Archetype, strings.Join(archetypeNames(), ", "))
	}
	return a.generate(o, d)
}

func (a *Archetype) generate(o Options, d *sar.Data) (*Result, error) {
	if err := o.complete(a); err != nil {
		return nil, err
	}
	t, err := newTargets(&o, d)
	if err != nil {
		return nil, err
	}
	papers, err := a.write(t)
	if err != nil {
		return nil, err
	}
	if papers, err = split(papers); err != nil {
		return nil, err
	}
	r := &Result{Archetype: a, Name: o.Name, o: &o, Notes: slices.Clone(a.Notes)}
	for _, p := range papers {
		r.Policies = append(r.Policies, Policy{Name: o.Name + p.suffix, Kind: p.kind, Description: p.about, doc: policyNode(p.statements)})
	}
	if err := r.prove(a, t, d); err != nil {
		return nil, fmt.Errorf("%s: %w", a.Name, err)
	}
	return r, nil
}

// prove parses, lints and measures the documents and proves the claims of the archetype.
func (r *Result) prove(a *Archetype, t *targets, d *sar.Data) error {
	v, linter := newVerifier(r.o, d), rules.New(rules.Config{Data: d})
	var parsed []*iam.Policy
	for _, p := range r.Policies {
		policy, err := iam.Parse([]byte(p.JSON()))
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrNotProved, p.Name, err)
		}
		parsed = append(parsed, policy.Named(p.Name))
		for _, f := range linter.Lint(policy, kinds[p.Kind].layer) {
			v.fault("%s: %s: %s", p.Name, f.Rule, f.Message)
		}
		if p.Size() > p.Quota() {
			v.fault("%s has %d characters and the quota is %d: ask for fewer models or Regions at a time", p.Name, p.Size(), p.Quota())
		}
	}
	c, err := a.claim(t, parsed)
	if err != nil {
		return err
	}
	if err := v.verify(c); err != nil {
		return err
	}
	r.Proof = v.proof
	return nil
}

// split makes several managed policies of one that is beyond the quota. A role has the union of
// its policies, so it does not matter which statement stands where.
func split(papers []paper) ([]paper, error) {
	var out []paper
	for _, p := range papers {
		quota := kinds[p.kind].quota
		if p.kind != Managed || size(p.statements) <= quota {
			out = append(out, p)
			continue
		}
		parts := pack(smaller(p.statements, quota), quota)
		if len(parts) > maxManaged {
			return nil, fmt.Errorf("the policy would take %d managed policies and a role can have %d: ask for fewer models or Regions at a time", len(parts), maxManaged)
		}
		for i, statements := range parts {
			part := p
			part.suffix, part.statements = fmt.Sprintf("%s-%d", p.suffix, i+1), statements
			out = append(out, part)
		}
	}
	return out, nil
}

func size(statements []statement) int { return len([]rune(policyNode(statements).compact())) }

// smaller halves the resources of Allow statements that alone are beyond the quota.
func smaller(statements []statement, quota int) []statement {
	var out []statement
	for _, s := range statements {
		if n := len(s.resource); s.effect == "Allow" && n > 1 && size([]statement{s}) > quota {
			first, second := s, s
			first.sid, second.sid = s.sid+"A", s.sid+"B"
			first.resource, second.resource = s.resource[:n/2], s.resource[n/2:]
			out = append(out, smaller([]statement{first, second}, quota)...)
			continue
		}
		out = append(out, s)
	}
	return out
}

// pack fills documents in the order of the statements.
func pack(statements []statement, quota int) [][]statement {
	var out [][]statement
	for _, s := range statements {
		if n := len(out); n > 0 && size(append(slices.Clone(out[n-1]), s)) <= quota {
			out[n-1] = append(out[n-1], s)
			continue
		}
		out = append(out, []statement{s})
	}
	return out
}
