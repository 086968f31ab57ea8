package org

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

// symbolic is a principal with every policy that bears on its requests.
func (a *Analysis) symbolic(p *Principal, key subjectKey) sym.Principal {
	out := sym.Principal{Principal: iam.Principal{Kind: p.Kind, Account: p.Account, UniqueID: p.UniqueID, ServiceLinked: p.ServiceLinked}}
	if p.Kind == iam.User {
		out.ARN = p.ARN
	} else {
		out.Issuer = p.ARN
	}
	out.Fixed = a.org.fixedKeys(p)
	for _, d := range p.Identity {
		if !slices.Contains(out.Policies.Identity, d.Policy) {
			out.Policies.Identity = append(out.Policies.Identity, d.Policy)
		}
	}
	if p.Boundary != nil {
		out.Policies.Boundary = p.Boundary.Policy
	}
	out.Policies.Resource = key.policy
	if key.inside {
		out.Policies.Endpoint = openEndpoint()
	}
	a.org.control(&out.Policies, p, &key)
	return out
}

// fixedKeys are the keys that follow from a principal, of those that policies ask for.
func (o *Organisation) fixedKeys(p *Principal) map[string][]string {
	out := map[string][]string{}
	for _, key := range o.Catalog.Mentioned {
		values, known := o.principalKey(p, key)
		if !known {
			continue
		}
		if tag, ok := strings.CutPrefix(key, keyPrincipalTag); ok && values != nil {
			key = "aws:PrincipalTag/" + tagName(p.Tags, tag) // as it is written: whether case counts is not documented
		}
		out[key] = values
	}
	return out
}

// tagName is how a tag is written, whatever the case of the name given.
func tagName(tags map[string]string, name string) string {
	for written := range tags {
		if strings.EqualFold(written, name) {
			return written
		}
	}
	return name
}
