package assess

import (
	"cmp"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// policyAnswer puts a monotone question to a policy document of a rule, see document.
// text is an ARN or whatever else the question is about. A document that cannot be read,
// and a question that the policy does not decide, are unknown.
func policyAnswer(args []ref.Val, ask func(p *iam.Policy, text string) iam.Answer) ref.Val {
	c := args[0].(*evalContext)
	r := c.putTo(args[1].(*policyVal), string(args[2].(types.String)), ask)
	return c.reply(r.answer, r.unknown)
}

func (c *evalContext) putTo(val *policyVal, text string, ask func(p *iam.Policy, text string) iam.Answer) (r policyReply) {
	d, u := val.document(c, text)
	if u != nil {
		return policyReply{unknown: u}
	}
	if planned, _ := c.graph.Planned(text); planned != nil {
		if text, _ = c.plannedShape(planned, cmp.Or(c.account, noAccount)); text == "" {
			return policyReply{unknown: &assize.Unknown{Cause: assize.UntilApply, Detail: "the ARN of " + planned.Label() + " is known after apply"}}
		}
	}
	r.answer, r.unknown = d.ask(func(p *iam.Policy) iam.Answer { return ask(p, text) })
	return r
}

// policyAnswerOnce is policyAnswer for a question that several rules ask of one policy, or one rule of
// several that are alike: it is put once, under the name of the function. The answer must depend on nothing
// but the policy and the text.
func policyAnswerOnce(function string, args []ref.Val, ask func(p *iam.Policy, text string) iam.Answer) ref.Val {
	c := args[0].(*evalContext)
	val := c.policies.of(args[1].(*policyVal))
	q := policyQuestion{function, string(args[2].(types.String))}
	r, ok := val.answers[q]
	if !ok {
		r = c.putTo(val, q.text, ask)
		val.keep(q, r)
	}
	return c.reply(r.answer, r.unknown)
}

// reply is the value of an answer that u does not take back.
func (c *evalContext) reply(a iam.Answer, u *assize.Unknown) ref.Val {
	if u != nil {
		return c.unknown(u)
	}
	return types.Bool(a.Yes())
}

// callDeniesInsecureTransport answers deniesInsecureTransport(policy, arn).
func callDeniesInsecureTransport(args []ref.Val) ref.Val {
	return policyAnswerOnce("deniesInsecureTransport", args, iam.DeniesInsecureTransport)
}

// callPublicPolicy answers publicPolicy(policy, arn).
func callPublicPolicy(args []ref.Val) ref.Val {
	return policyAnswerOnce("publicPolicy", args, iam.PublicAccess)
}

// callTrustProtected answers trustProtected(policy, service): whether the trust
// of the service is limited to one account, organisation or source resource.
func callTrustProtected(args []ref.Val) ref.Val {
	return policyAnswerOnce("trustProtected", args, iam.ConfusedDeputyProtected)
}

// callTrustsService answers trustsService(policy, service).
func callTrustsService(args []ref.Val) ref.Val {
	return policyAnswerOnce("trustsService", args, iam.TrustsService)
}

// callRoleHasWildcard answers roleHasWildcard(role): whether a policy of the role
// allows every action, every action of a service, or all but some, on every
// resource. One such policy decides; without one, every policy must have been read.
func callRoleHasWildcard(args []ref.Val) ref.Val {
	c, name := args[0].(*evalContext), string(args[1].(types.String))
	role, u := c.lookup(roleType, name)
	if u != nil {
		return c.unknown(u)
	}
	return c.anyPolicy(role, (*document).wildcardService)
}

// anyPolicy puts a question to each policy of a role: one Yes decides; without one,
// every policy must have been read.
func (c *evalContext) anyPolicy(role *assize.Resource, ask func(*document) (iam.Answer, *assize.Unknown)) ref.Val {
	var missing *assize.Unknown
	for doc, u := range c.policiesOf(role) {
		if u != nil {
			missing = u
			continue
		}
		d, u := c.document(doc, false)
		if u != nil {
			missing = of(role, u)
			continue
		}
		a, u := ask(d)
		switch {
		case u != nil:
			missing = of(role, u)
		case a.Yes():
			return types.True
		}
	}
	if missing != nil {
		return c.unknown(missing)
	}
	return types.False
}

// wildcardService puts the question to a document, of which all actions must be known:
// it goes by the services that they name.
func (d *document) wildcardService() (iam.Answer, *assize.Unknown) {
	if d.actions {
		return iam.Answer{}, d.partial()
	}
	return d.ask(wildcardService)
}

// callPolicyAllowsServiceWildcard answers policyAllowsServiceWildcard(policy).
func callPolicyAllowsServiceWildcard(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	d, u := args[1].(*policyVal).document(c, "")
	if u != nil {
		return c.unknown(u)
	}
	return c.reply(d.wildcardService())
}

// unnamedService stands for the services that a NotAction does not name.
const unnamedService = "unnamed-service"

// wildcardService asks whether an identity policy allows everything, or every
// action of a service that it names, on every resource.
func wildcardService(p *iam.Policy) iam.Answer {
	if a := iam.HasWildcardAdmin(p); !a.No() {
		return a
	}
	asked := map[string]bool{}
	for i := range p.Len() {
		actions, negated := p.Statement(i).Actions()
		if negated {
			actions = []string{unnamedService + ":*"} // all but some: broad over what is not among the some
		}
		for _, action := range actions {
			service, _, _ := strings.Cut(action, ":")
			if asked[service] || strings.ContainsAny(service, "*?") {
				continue
			}
			asked[service] = true
			if a := iam.OverlyBroad(p, service); !a.No() {
				return a
			}
		}
	}
	return iam.Answer{Verdict: iam.No, Reason: "no statement allows all actions of a service on every resource"}
}

// policiesOf yields the documents of a role's inline and attached policies, or
// why one could not be had.
func (c *evalContext) policiesOf(role *assize.Resource) func(yield func(string, *assize.Unknown) bool) {
	return func(yield func(string, *assize.Unknown) bool) {
		for _, v := range elements(role.Properties.Get("Policies")) {
			o, _ := v.(assize.Object)
			if u, ok := v.(*assize.Unknown); ok {
				if !yield("", u) {
					return
				}
				continue
			}
			if !yieldDocument(o.Get("PolicyDocument"), yield) {
				return
			}
		}
		for _, v := range elements(role.Properties.Get("ManagedPolicyArns")) {
			policy, u := c.graph.FindValue(managedPolicyType, role.Account, role.Region, v)
			if u != nil {
				if !yield("", u) {
					return
				}
				continue
			}
			if !yieldDocument(policy.Properties.Get("PolicyDocument"), yield) {
				return
			}
		}
	}
}

func yieldDocument(v assize.Value, yield func(string, *assize.Unknown) bool) bool {
	switch x := v.(type) {
	case string:
		return yield(x, nil)
	case *assize.Unknown:
		return yield("", x)
	}
	return yield("", &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a policy came without its document"})
}

// elements lists the elements of a list; an unknown list is one unknown element.
func elements(v assize.Value) assize.List {
	switch x := v.(type) {
	case assize.List:
		return x
	case *assize.Unknown:
		return assize.List{x}
	}
	return nil
}
