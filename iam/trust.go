package iam

import "strings"

const assumeRole = "sts:AssumeRole"

var assumeActions = []string{assumeRole, "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}

// trustRole stands for the role a trust policy is attached to.
const trustRole = "arn:aws:iam::" + ownAccount + ":role/" + freshText

// WildcardTrust asks whether a role trust policy lets callers assume the role that it
// does not name: a wildcard principal that no condition on a trusted key limits. An
// external ID is no such key: it says who asks only to those who keep it secret.
func WildcardTrust(trust *Policy) Answer {
	a := exposure{policy: trust, actions: assumeActions, callers: []Principal{strangerUser()}}.answer()
	if a.Verdict == Yes || trust == nil || trust.opaque != "" {
		return a
	}
	for i := range trust.statements {
		st := &trust.statements[i]
		if st.effect == Allow && st.principal.kindStars.provider {
			return answer(Yes, []int{i}, "%s trusts every identity provider", st.label())
		}
		if st.effect == Allow && st.principal.kindStars.service {
			return answer(Yes, []int{i}, "%s trusts every AWS service", st.label())
		}
	}
	return a
}

// TrustsService asks whether a role trust policy lets a service assume the role, possibly
// under conditions.
func TrustsService(trust *Policy, servicePrincipal string) Answer {
	if a, bad := trust.unread(); bad {
		return a
	}
	if trust == nil {
		return answer(No, nil, "there is no trust policy")
	}
	sc := serviceScenario(trust, servicePrincipal, NewContext(nil))
	sc.values = func(c *condition) []string { return valuesWithin(c, nil, trust.version) }
	f := sc.findAllowed()
	switch f.verdict {
	case Yes:
		return answer(Yes, []int{f.allow.index}, "%s lets %s assume the role", f.allow.label(), servicePrincipal)
	case CannotTell:
		return answer(CannotTell, []int{f.allow.index}, "%s may let %s assume the role: its conditions cannot be judged",
			f.allow.label(), servicePrincipal)
	case No:
	}
	return answer(No, nil, "no statement lets %s assume the role", servicePrincipal)
}

// ConfusedDeputyProtected asks whether the trust in a service is limited to requests on
// behalf of known accounts, resources or organisations, by aws:SourceAccount,
// aws:SourceArn, aws:SourceOrgID or aws:SourceOrgPaths ("The confused deputy problem"). It is Yes
// when a service acting for a stranger, or saying nothing of for whom it acts, cannot
// assume the role; also when the policy does not trust the service at all.
func ConfusedDeputyProtected(trust *Policy, servicePrincipal string) Answer {
	trusted := TrustsService(trust, servicePrincipal)
	switch trusted.Verdict {
	case CannotTell:
		return trusted
	case No:
		return answer(Yes, nil, "the policy does not trust %s", servicePrincipal)
	case Yes:
	}
	out := answer(Yes, trusted.Statements, "trust in %s is limited by source account, source ARN or organisation", servicePrincipal)
	cases := []struct {
		context *Context
		who     string
	}{
		{strangersDeputy, "acting for any account"},
		{silentDeputy, "without saying for whom it acts"},
	}
	for _, deputy := range cases {
		sc := serviceScenario(trust, servicePrincipal, deputy.context)
		sc.values = func(c *condition) []string { return valuesWithin(c, sourceKeys, trust.version) }
		f := sc.findAllowed()
		switch f.verdict {
		case Yes:
			return answer(No, []int{f.allow.index}, "%s lets %s assume the role %s",
				f.allow.label(), servicePrincipal, deputy.who)
		case CannotTell:
			out = answer(CannotTell, []int{f.allow.index},
				"%s: its conditions on the source hold variables or values that cannot be judged", f.allow.label())
		case No:
		}
	}
	return out
}

// strangersDeputy holds the keys of a service that acts for a stranger, silentDeputy those of one
// that does not say for whom. Contexts never change, so that one serves every question.
var (
	strangersDeputy = NewContext(map[string][]string{
		"aws:SourceAccount": {strangerAccount},
		"aws:SourceArn":     {"arn:aws:" + freshText + ":us-east-1:" + strangerAccount + ":" + freshText + "/" + freshText},
		"aws:SourceOrgID":   {strangerOrg},
		"aws:ResourceOrgID": {ownOrg},
	}).WithList("aws:SourceOrgPaths", strangerOrg+"/"+freshText+"/")
	silentDeputy = NewContext(map[string][]string{"aws:ResourceOrgID": {ownOrg}})
)

func serviceScenario(trust *Policy, service string, given *Context) *scenario {
	return &scenario{
		policy: trust, layer: LayerResource, principal: PrincipalService(strings.ToLower(service)),
		action: assumeRole, resource: trustRole, given: given, budget: newBudget(),
	}
}
