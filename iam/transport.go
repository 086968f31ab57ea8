package iam

import (
	"slices"
	"strings"
)

const secureTransport = "aws:SecureTransport"

// transportActions are tried first, on the bucket and on an object.
var transportActions = [2][]string{
	{"s3:ListBucket", "s3:GetBucketLocation", "s3:PutBucketPolicy", "s3:" + freshText},
	{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:" + freshText},
}

// DeniesInsecureTransport asks whether a bucket policy denies every S3 request without
// TLS, from every principal, to the bucket and to every object in it. Statements may
// share the work. Yes is proved from the statements; No comes with a request that is
// not denied; in between the answer is undecided.
//
// A nil policy denies nothing: No.
func DeniesInsecureTransport(p *Policy, bucketARN string) Answer {
	if a, bad := p.unread(); bad {
		return a
	}
	if p == nil {
		return answer(No, nil, "there is no bucket policy")
	}
	if parts, ok := splitARN(bucketARN); !ok || parts[2] != "s3" || parts[5] == "" || strings.Contains(parts[5], "/") {
		return answer(CannotTell, nil, "%q is not the ARN of a bucket", bucketARN)
	}
	bucket := insecureDeny(p, []string{bucketARN})
	objects := insecureDeny(p, objectSamples(bucketARN))
	if bucket == nil || objects == nil {
		if a := findInsecure(p, bucketARN); a.Verdict == No {
			return a
		}
		return answer(CannotTell, nil,
			"every request tried without TLS is denied, but no statement by itself denies all of them")
	}
	if bucket == objects {
		return answer(Yes, []int{bucket.index}, "%s denies every request without TLS", bucket.label())
	}
	return answer(Yes, []int{bucket.index, objects.index}, "%s and %s deny every request without TLS", bucket.label(), objects.label())
}

// findInsecure looks for a request without TLS that no Deny reaches.
func findInsecure(p *Policy, bucketARN string) Answer {
	b := newBudget()
	callers := []Principal{AnonymousPrincipal(), strangerUser(), PrincipalService("logging.s3.amazonaws.com")}
	callers = append(callers, exemptCallers(p)...)
	resources := sampleResources(p, bucketARN)
	for _, caller := range callers {
		for _, resource := range resources {
			if !b.spend(1) {
				break
			}
			kind := 0
			if resource != bucketARN {
				kind = 1
			}
			actions := append(slices.Clone(transportActions[kind]), exemptActions(p)...)
			for _, action := range actions {
				if b.left > 0 && evadesDeny(p, caller, action, resource, b) {
					return answer(No, nil, "%s on %s without TLS by %s is not denied", action, resource, describe(caller))
				}
			}
		}
	}
	return Answer{}
}

// evadesDeny searches the condition keys for a request without TLS that no Deny reaches.
func evadesDeny(p *Policy, caller Principal, action, resource string, b *budget) bool {
	sc := &scenario{
		policy: p, layer: LayerResource, principal: caller, action: action, resource: resource,
		budget: b, given: NewContext(map[string][]string{secureTransport: {"false"}}),
		values: func(c *condition) []string {
			if strings.EqualFold(c.key, secureTransport) {
				return nil
			}
			return sampleValues(c, p.version)
		},
	}
	_, ok := sc.evade(&Statement{}, sc.given, nil)
	return ok
}

// exemptCallers are the callers that NotPrincipal elements of Denies list.
func exemptCallers(p *Policy) []Principal {
	var out []Principal
	for i := range p.statements {
		e := &p.statements[i].principal
		if !e.negated {
			continue
		}
		for _, account := range e.accounts {
			out = append(out, Principal{Kind: RootUser, ARN: "arn:aws:iam::" + account + ":root", Account: account})
		}
		for _, arn := range e.entities {
			if caller, err := ParsePrincipal(arn); err == nil {
				out = append(out, caller)
			}
		}
		for _, service := range e.services {
			out = append(out, PrincipalService(service))
		}
	}
	return out
}

// exemptActions are S3 actions that NotAction elements of Denies list.
func exemptActions(p *Policy) []string {
	var out []string
	for i := range p.statements {
		st := &p.statements[i]
		if st.effect != Deny || !st.notAction {
			continue
		}
		for _, a := range st.actions {
			text, _ := instantiate(tokenize(a.raw, syntax{wildcards: true}), freshText, "")
			if strings.HasPrefix(strings.ToLower(text), "s3:") && len(text) > len("s3:") {
				out = append(out, text)
			}
		}
	}
	return out
}

// objectSamples cover the shapes a key can have: a pattern that matches all of them matches
// every key, because only wildcards can match text that stands in no policy.
func objectSamples(bucketARN string) []string {
	long := strings.Repeat("\x7f", 1024)
	var out []string
	for _, key := range []string{"\x7f", long, ":\x7f", "\x7f:\x7f:\x7f", "\x7f/\x7f", "\x7f/:"} {
		out = append(out, bucketARN+"/"+key)
	}
	return out
}

// insecureDeny finds a Deny that surely reaches every S3 action of every principal on all
// given resources when a request comes without TLS, whatever else it holds.
func insecureDeny(p *Policy, resources []string) *Statement {
	for i := range p.statements {
		st := &p.statements[i]
		if st.effect == Deny && st.principal.everyone && !st.principal.negated &&
			st.coversService("s3") && st.holdsInsecure() && st.coversResources(resources) {
			return st
		}
	}
	return nil
}

// holdsInsecure says whether the conditions hold for every request without TLS.
func (s *Statement) holdsInsecure() bool {
	var t contextTable
	t.open = true
	t.add(presentEntry(secureTransport, []string{"false"}, false))
	return s.matchConditions(&t, noWorlds) == allWorlds
}

// coversResources says whether the statement matches every given resource, all by one
// pattern, in every reading and without variables.
func (s *Statement) coversResources(resources []string) bool {
	if !s.hasRes || s.notRes {
		return false
	}
	for i := range s.resources {
		r := &s.resources[i]
		if r.glob.vars != nil {
			continue
		}
		all := true
		for _, arn := range resources {
			t := newTarget(arn)
			w, _ := r.match(&t, LayerResource, nil)
			all = all && w == allWorlds
		}
		if all {
			return true
		}
	}
	return false
}

// manyLetters is longer than all single-character wildcards that a policy has room for.
var manyLetters = strings.Repeat("\x7f", 4096)

// coversService says whether the statement matches every action of a service.
func (s *Statement) coversService(service string) bool {
	prefix := service + ":"
	if s.notAction {
		for i := range s.actions {
			if s.actions[i].reaches(prefix) {
				return false
			}
		}
		return true
	}
	for i := range s.actions {
		g := &s.actions[i].glob
		// Text found in no policy is matched by wildcards alone: one letter and very many.
		if g.match(prefix+"\x7f", nil) && g.match(prefix+manyLetters, nil) {
			return true
		}
	}
	return false
}

// reaches says whether the pattern may match an action with the given prefix.
func (a *actionPattern) reaches(prefix string) bool {
	literal := strings.ToLower(a.raw)
	wild := strings.IndexAny(literal, "*?")
	if wild >= 0 {
		literal = literal[:wild]
	}
	if len(literal) >= len(prefix) {
		return strings.HasPrefix(literal, prefix)
	}
	return wild >= 0 && strings.HasPrefix(prefix, literal)
}
