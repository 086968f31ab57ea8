package gen

import (
	"fmt"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

// demands say in which contexts a check shall pass: in those that meet all of them. None means
// every context.
type demands []demand

// demand is met where one of its conditions holds. Conditions are those of an Allow: what must be
// so, never what must not.
type demand []condition

func (d demands) String() string {
	var all []string
	for _, alternatives := range d {
		var list []string
		for _, c := range alternatives {
			list = append(list, fmt.Sprintf("%s %s %s", c.key, c.operator, strings.Join(c.values, " or ")))
		}
		all = append(all, strings.Join(list, ", or "))
	}
	if len(all) == 0 {
		return "in every context"
	}
	return "where " + strings.Join(all, "; and ")
}

// expectation is what one check of one caller shall be.
type expectation struct {
	who   sym.Principal
	check sym.Check
	// never: in no context. Otherwise in just the contexts of demands.
	never   bool
	demands demands
}

func (x expectation) String() string {
	return x.check.Action + " on " + x.check.Resource
}

// wanted is an API call that has to work.
type wanted struct {
	call   string
	checks []expectation
}

// judge compares what policies allow with what was asked for.
type judge struct {
	engine *sym.Engine
	// terms are the policies that state conditions, by their documents.
	terms map[string]*iam.Policy
}

// set is the set of contexts that demands describe, for the caller and the check of an
// expectation.
func (j *judge) set(x expectation) (sym.Set, error) {
	all, err := j.where(x, nil)
	for _, alternatives := range x.demands {
		if err != nil {
			return sym.Set{}, err
		}
		var one sym.Set
		for i := range alternatives {
			s, err := j.where(x, alternatives[i:i+1])
			if err != nil {
				return sym.Set{}, err
			}
			if i == 0 {
				one = s
			} else {
				one = one.Or(s)
			}
		}
		all = all.And(one)
	}
	return all, err
}

// where is the set of contexts in which a condition holds: what a caller may do to whom all is
// allowed under it, by identity and by resource, so that it does not matter which the check asks.
func (j *judge) where(x expectation, conditions []condition) (sym.Set, error) {
	identity := statement{effect: "Allow", action: []string{"*"}, resource: []string{"*"}, conditions: conditions}
	resource := identity
	resource.resource = nil
	if resource = resource.to("*"); x.who.Kind == iam.ServicePrincipal {
		resource.principals = []principals{{"Service", []string{x.who.Service}}}
	}
	p := sym.Principal{Principal: x.who.Principal, Fixed: x.who.Fixed}
	var err error
	if x.who.Kind != iam.ServicePrincipal {
		identityPolicy, e := j.parsed(identity)
		p.Policies.Identity, err = []*iam.Policy{identityPolicy}, e
	}
	if err == nil {
		p.Policies.Resource, err = j.parsed(resource)
	}
	if err != nil {
		return sym.Set{}, err
	}
	return j.engine.Access(p, x.check), nil
}

// parsed is the policy of one statement; equal ones share it.
func (j *judge) parsed(s statement) (*iam.Policy, error) {
	doc := policyNode([]statement{s}).compact()
	if p, ok := j.terms[doc]; ok {
		return p, nil
	}
	p, err := iam.Parse([]byte(doc))
	if err != nil {
		return nil, fmt.Errorf("state what is wanted: %w", err)
	}
	j.terms[doc] = p
	return p, nil
}

// compare says how what a caller may do differs from what was asked for; "" when it does not.
// The set is what is allowed.
func (j *judge) compare(x expectation) (sym.Set, string) {
	got := j.engine.Access(x.who, x.check)
	switch {
	case !got.Decided():
		return got, fmt.Sprintf("%s: cannot be decided: %s", x, got.Inconclusive())
	case got.Undecided() || len(got.Conditional()) > 0:
		return got, fmt.Sprintf("%s: depends on what no policy says: %s", x, strings.Join(got.Conditional(), ", "))
	case got.Ambiguity() != 0:
		return got, fmt.Sprintf("%s: depends on how AWS reads %s", x, strings.Join(got.Ambiguity().Codes(), ", "))
	case x.never && !got.Empty():
		return got, fmt.Sprintf("%s: allowed where it must not be: %s", x, first(j.engine.Conditions(got)))
	case x.never, len(x.demands) == 0 && got.All():
		return got, ""
	}
	want, err := j.set(x)
	if err != nil {
		return got, err.Error()
	}
	if beyond := got.Minus(want); !beyond.Empty() {
		return got, fmt.Sprintf("%s: allowed beyond what was asked for (%s): %s", x, x.demands, first(j.engine.Conditions(beyond)))
	}
	if short := want.Minus(got); !short.Empty() {
		return got, fmt.Sprintf("%s: not allowed %s: %s", x, x.demands, first(j.engine.Conditions(short)))
	}
	if want.Empty() {
		return got, fmt.Sprintf("%s: no request can meet what is demanded, %s", x, x.demands)
	}
	return got, ""
}

func first(lines []string) string {
	if len(lines) == 0 {
		return "in no context that can be named"
	}
	return lines[0]
}
