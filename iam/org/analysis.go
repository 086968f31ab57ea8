package org

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// Config sets an analysis up. The zero value is ready to use.
type Config struct {
	// Theory of condition keys; its Endpoints are those of the organisation.
	Theory sym.Theory
	// Budget of one question.
	Budget sym.Budget
}

// Analysis asks questions of an organisation and remembers what it worked out. It must not be
// used by several goroutines at once.
type Analysis struct {
	org     *Organisation
	config  Config
	engines map[string]*engine
	plans   map[string]*planned
	classes map[subjectClass]int
	byRole  map[string][]*plan.Resource // see workers
	grants  map[grantKey]granting       // see mayAllow
	open    openRequest                 // likewise
	places  map[placesKey][]place
	entries map[entryKey]*entrance // see entriesOf
	trusts  map[trust]iam.Answer   // see trustsService
	apart   map[*iam.Policy]bool   // see tellsApart
}

// planned is a plan with what asking it needs.
type planned struct {
	plan   *plan.Plan
	err    error
	engine *engine
	checks []prepared
	// guardrail: the call leaves the guardrail to the caller, and policies speak of it.
	guardrail bool
}

// prepared is a check made ready to be asked of many principals.
type prepared struct {
	*plan.Check
	target *sym.Target // nil for a check that is none
	// key is that of a subject, without the principal.
	key subjectKey
	// byAccount and each: of which principals a subject stands for, see [Analysis.units].
	byAccount, each bool
	// hidden says for whom the resource's policy is not known.
	hidden hiddenPolicy
	// class is equal for checks of which one subject answers all.
	class int
}

// hiddenPolicy says for whom a resource policy that was not read counts. In the account of
// a resource, identity policies suffice unless the resource's own denies; from another
// account nothing goes without it.
type hiddenPolicy uint8

const (
	policyKnown hiddenPolicy = iota
	policyHiddenAbroad
	policyHidden
)

// unreadPolicy stands in for a resource policy that is not in the inventory.
var unreadPolicy = iam.Unreadable("resource policy", "the policy of the resource is not in the inventory")

// openEndpoint is the default policy of endpoints.
var openEndpoint = sync.OnceValue(func() *iam.Policy {
	p, err := iam.Parse([]byte(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`))
	if err != nil {
		return iam.Unreadable("default policy of endpoints", err.Error())
	}
	return p
})

// subjectClass is what the class of a check is made of.
type subjectClass struct {
	e               *engine
	key             subjectKey
	byAccount, each bool
	hidden          hiddenPolicy
}

// classOf numbers the class of a check.
func (a *Analysis) classOf(e *engine, c *prepared) int {
	key := subjectClass{e, c.key, c.byAccount, c.each, c.hidden}
	n, ok := a.classes[key]
	if !ok {
		n = len(a.classes)
		a.classes[key] = n
	}
	return n
}

// NewAnalysis makes an analysis of an organisation.
func NewAnalysis(o *Organisation, c Config) *Analysis {
	return &Analysis{
		org: o, config: c, engines: map[string]*engine{}, plans: map[string]*planned{},
		classes: map[subjectClass]int{}, grants: map[grantKey]granting{}, places: map[placesKey][]place{}, entries: map[entryKey]*entrance{}, trusts: map[trust]iam.Answer{}, apart: map[*iam.Policy]bool{},
	}
}

// Organisation is what the analysis is of.
func (a *Analysis) Organisation() *Organisation { return a.org }

// Plan gives the plan of a call. Equal calls have the same plan.
func (a *Analysis) Plan(c plan.Call) (*plan.Plan, error) {
	p := a.planned(c)
	return p.plan, p.err
}

func (a *Analysis) planned(c plan.Call) *planned {
	key := spellCall(&c)
	p := a.plans[key]
	if p != nil {
		return p
	}
	p = &planned{}
	a.plans[key] = p
	if p.plan, p.err = plan.Build(c, a.org.Catalog); p.err != nil {
		return p
	}
	p.engine, p.guardrail = a.engineFor(p.plan), a.leavesGuardrail(p.plan)
	for i := range p.plan.Checks {
		check := &p.plan.Checks[i]
		c := a.prepare(p.engine, check, p.plan.Call.Created && check.Resource == p.plan.Call.Target)
		c.class = a.classOf(p.engine, &c)
		p.checks = append(p.checks, c)
	}
	return p
}

// spellCall tells calls apart.
func spellCall(c *plan.Call) string {
	if len(c.Given) > 0 {
		return fmt.Sprintf("%#v", *c)
	}
	created := ""
	if c.Created {
		created = "created"
	}
	return strings.Join([]string{c.Operation, c.Target, c.Region, c.Account, c.Guardrail, c.Project, c.Model, c.Role, string(c.Key), created}, "\x00")
}

// prepare makes a check ready. What is created has no policy of its own yet.
func (a *Analysis) prepare(e *engine, c *plan.Check, created bool) prepared {
	out := prepared{Check: c, byAccount: accountOf(c.Resource) != ""}
	if t, err := e.Target(c.Check); err == nil {
		out.target = t
	}
	out.key.inside = c.Action == "iam:PassRole" || slices.Equal(c.Fixed["aws:ViaAWSService"], []string{"true"})
	service, _, _ := strings.Cut(c.Action, ":")
	r := a.org.Catalog.Holder(c.Resource)
	if r == nil {
		out.key.owner, out.key.service = accountOf(c.Resource), a.org.Catalog.Reference().RCP(service)
		if !created {
			out.hidden = hiddenIn(c.Resource, service, false)
		}
		out.byAccount = out.byAccount || out.hidden != policyKnown
		return out
	}
	if r.Account == "" {
		return out
	}
	out.byAccount = true
	out.key.owner, out.key.service = r.Account, a.org.Catalog.Reference().RCP(service)
	if r.Policy != nil && hasPolicyFor(r, service) {
		out.key.policy, out.each = r.Policy, a.tellsApart(r.Policy)
	} else {
		out.hidden = hiddenIn(c.Resource, service, true)
	}
	return out
}

// hiddenIn says whether a resource may have a policy of its own that the inventory does not tell.
func hiddenIn(resource, service string, listed bool) hiddenPolicy {
	parts := strings.SplitN(resource, ":", 6)
	if len(parts) < 6 {
		return policyKnown
	}
	kind, _, _ := strings.Cut(parts[5], "/")
	switch service {
	case "s3", "kms", "secretsmanager", "lambda", "sts":
		if !listed {
			return policyHidden
		}
	case "bedrock", "bedrock-agentcore":
		if listed {
			return policyKnown // policies are collected with what has them
		}
		if slices.Contains(shared, plan.Kind(kind)) {
			return policyHiddenAbroad
		}
	}
	return policyKnown
}

// shared are the kinds of Bedrock and AgentCore that can have a policy of their own.
var shared = []plan.Kind{plan.CustomModel, plan.Guardrail, plan.GuardrailProfile, plan.KnowledgeBase, plan.Runtime, plan.Gateway}

// accountOf is the account in an ARN, "" when it has none.
func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}

// engine answers the calls that reach AWS through the same VPC endpoints: a request has come
// through one of those or through none.
type engine struct {
	*sym.Engine
	subjects   map[subjectKey]*subject
	like       map[subjectKey]*subject // by the key without control policies: one that differs in those alone
	conditions map[string]sym.Set      // see guarded
	named      map[sym.Set][]string    // see guardrailsIn
}

// subjectKey tells subjects apart: principals of a group have one until the resource has a
// policy of its own, which may name them.
type subjectKey struct {
	group   *Group
	of      *Principal
	account string
	policy  *iam.Policy
	owner   string
	service bool // of a service under resource control policies
	inside  bool // made within AWS: the policy of the endpoint that the call came through is not asked
	// above and over are the control policies of the caller's and of the owner's account.
	above, over *controls
	fixing      *plan.Catalog // see Organisation.subjectFixing
}

// subject is a principal before a kind of resource.
type subject struct {
	*sym.Subject
	principal sym.Principal
	err       error
}

// engineFor finds or makes the engine of a plan.
func (a *Analysis) engineFor(p *plan.Plan) *engine {
	var key strings.Builder
	var endpoints []sym.Endpoint
	for _, e := range a.org.Endpoints {
		if !carries(e, p) {
			continue
		}
		s := sym.Endpoint{ID: e.ID, VPC: e.VPC, Account: e.Account}
		if e.Policy != nil {
			s.Policy = e.Policy.Policy
		}
		if account := a.org.accounts[e.Account]; account != nil {
			s.OrgID = account.Organisation
		}
		endpoints = append(endpoints, s)
		key.WriteString(e.ID + " ")
	}
	found := a.engines[key.String()]
	if found == nil {
		c := sym.Config{Theory: a.config.Theory, Budget: a.config.Budget, Keys: keyTypes(a.org.Catalog.Reference())}
		c.Theory.Endpoints = endpoints
		found = &engine{Engine: sym.New(c), subjects: map[subjectKey]*subject{}, like: map[subjectKey]*subject{}, conditions: map[string]sym.Set{}, named: map[sym.Set][]string{}}
		a.engines[key.String()] = found
	}
	return found
}

// carries says whether requests of a plan can come through an endpoint.
func carries(e Endpoint, p *plan.Plan) bool {
	if p.Call.Region != "" && e.Region != "" && e.Region != p.Call.Region {
		return false
	}
	return len(p.Endpoints) == 0 || slices.Contains(p.Endpoints, strings.TrimSuffix(e.Service, "-fips"))
}

// keyTypes reads the types of condition keys from the Service Authorization Reference. A key that
// is not in it may be newer than it, so that nothing is known of what requests carry.
func keyTypes(data *sar.Data) func(name string) (t sym.KeyType, known bool) {
	return func(name string) (t sym.KeyType, known bool) {
		k, ok := data.Key("", name)
		if !ok {
			return sym.KeyType{}, false
		}
		t.List = k.Multi
		switch k.Type {
		case sar.KeyNumeric:
			t.Values = iam.NumberValues
		case sar.KeyDate:
			t.Values = iam.DateValues
		case sar.KeyIP:
			t.Values = iam.AddressValues
		case "":
			return t, false
		case sar.KeyString, sar.KeyARN, sar.KeyBool:
		}
		return t, true
	}
}

// keyFor is the key of the subject that stands for a principal before a check.
func (a *Analysis) keyFor(c *prepared, p *Principal) subjectKey {
	key := c.key
	key.group = p.group
	if c.byAccount {
		key.account = p.Account
	}
	if c.each {
		key.of = p
	}
	if c.hidden == policyHidden || c.hidden == policyHiddenAbroad && p.Account != c.key.owner {
		key.policy = unreadPolicy
	}
	key.above, key.over, key.fixing = a.org.above(p), a.org.over(&key), a.org.subjectFixing
	return key
}

// subjectFor finds or makes the subject that stands for a principal.
func (a *Analysis) subjectFor(e *engine, p *Principal, key subjectKey) *subject {
	s := e.subjects[key]
	if s == nil {
		s = a.newSubject(e, p, key)
		e.subjects[key] = s
	}
	return s
}

// newSubject makes a subject, of one that differs in control policies alone where there is one.
func (a *Analysis) newSubject(e *engine, p *Principal, key subjectKey) *subject {
	self := key
	self.above, self.over = nil, nil
	if like := e.like[self]; like != nil {
		s := &subject{principal: like.principal}
		a.org.control(&s.principal.Policies, p, &key)
		s.Subject, s.err = like.Under(s.principal.Policies)
		return s
	}
	s := &subject{principal: a.symbolic(p, key)}
	if s.Subject, s.err = e.Subject(s.principal); s.err == nil {
		e.like[self] = s
	}
	return s
}

// access is the set of contexts in which a subject passes a check.
func (e *engine) access(s *subject, c *prepared) sym.Set {
	if s.err != nil || c.target == nil {
		return e.Access(s.principal, c.Check.Check) // says why it is not known
	}
	return s.Subject.Access(c.target)
}

// hasPolicyFor says whether the policy of a resource bears on the actions of a service: the
// trust policy of a role is about taking it on and not about passing it.
func hasPolicyFor(r *plan.Resource, service string) bool {
	if r.Kind == plan.Role {
		return service == "sts"
	}
	parts := strings.SplitN(r.ARN, ":", 4)
	return len(parts) == 4 && parts[2] == service
}

// Symbolic is a principal with the policies that bear on its requests, but for those of resources.
func (a *Analysis) Symbolic(p *Principal) sym.Principal { return a.symbolic(p, subjectKey{}) }
