package assess

import (
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// policyAnswer puts a question to a policy document of a rule. A document that
// cannot be read, and a question that the policy does not decide, are unknown.
func policyAnswer(args []ref.Val, ask func(p *iam.Policy, text string) iam.Answer) ref.Val {
	c := args[0].(*evalContext)
	p, err := args[1].(*policyVal).policy()
	if err != nil {
		return c.unknown(&assize.Unknown{Cause: assize.WrongAnswer, Detail: "the policy cannot be read: " + err.Error()})
	}
	return c.verdict(ask(p, string(args[2].(types.String))))
}

// policyAnswerOnce is policyAnswer for a question that several rules ask of one policy:
// it is put once, under the name of the function. The answer must depend on nothing
// but the policy and the text.
func policyAnswerOnce(function string, args []ref.Val, ask func(p *iam.Policy, text string) iam.Answer) ref.Val {
	val := args[1].(*policyVal)
	return policyAnswer(args, func(p *iam.Policy, text string) iam.Answer {
		q := policyQuestion{function, text}
		a, ok := val.answers[q]
		if !ok {
			a = ask(p, text)
			if val.answers == nil {
				val.answers = map[policyQuestion]iam.Answer{}
			}
			val.answers[q] = a
		}
		return a
	})
}

func (c *evalContext) verdict(a iam.Answer) ref.Val {
	switch a.Verdict {
	case iam.Yes:
		return types.True
	case iam.No:
		return types.False
	case iam.CannotTell:
	}
	return c.unknown(&assize.Unknown{Cause: assize.ErrorInRule, Detail: "the policy does not decide it: " + a.Reason})
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
	role, u := c.graph.Find(roleType, c.account, c.region, name)
	if u != nil {
		return c.unknown(u)
	}
	var missing *assize.Unknown
	for doc, u := range c.policiesOf(role) {
		if u != nil {
			missing = u
			continue
		}
		p, err := iam.Parse([]byte(doc))
		if err != nil {
			missing = &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a policy of role " + name + " cannot be read: " + err.Error()}
			continue
		}
		switch a := wildcardService(p); a.Verdict {
		case iam.Yes:
			return types.True
		case iam.CannotTell:
			missing = &assize.Unknown{Cause: assize.ErrorInRule, Detail: a.Reason}
		case iam.No:
		}
	}
	if missing != nil {
		return c.unknown(missing)
	}
	return types.False
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
			arn, ok := v.(string)
			if !ok {
				u, _ := v.(*assize.Unknown)
				if !yield("", u) {
					return
				}
				continue
			}
			policy, u := c.graph.Find(managedPolicyType, role.Account, role.Region, arn)
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
