package rules

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

const (
	anything     = "*"
	fresh        = "zz-unnamed"
	regionKey    = "aws:RequestedRegion"
	guardrailKey = "bedrock:GuardrailIdentifier"
	profileKey   = "bedrock:InferenceProfileArn"
	routerKey    = "bedrock:PromptRouterArn"
	// maxPatterns bounds the resources that are tried of one action.
	maxPatterns = 64
)

// newModels are ids of models that no policy names: those of providers that do not exist.
var newModels = []string{"zz-unnamed.zz-model-v1:0", "aa-unnamed.aa-model-v1:0"}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// layers lists the policies of a principal that can allow or deny, by layer.
func layers(p *sym.Principal) (identity, limits []*iam.Policy) {
	identity = p.Policies.Identity
	if b := p.Policies.Boundary; b != nil {
		limits = append(limits, b)
	}
	for _, level := range p.Policies.ServiceControl {
		limits = append(limits, level...)
	}
	return identity, slices.Concat(limits, p.Policies.Session)
}

// mentionedKeys are the condition keys that the policies of a principal speak of, in lower case.
func mentionedKeys(p *sym.Principal) map[string]bool {
	out := map[string]bool{}
	identity, limits := layers(p)
	for _, policy := range slices.Concat(identity, limits, []*iam.Policy{p.Policies.Resource}) {
		for i := 0; policy != nil && i < policy.Len(); i++ {
			for _, c := range policy.Statement(i).Conditions() {
				out[strings.ToLower(c.Key)] = true
			}
		}
	}
	return out
}

// mayAllow says whether an identity policy allows the action on something, or was not read, and
// no policy denies it whatever it is about.
func mayAllow(p *sym.Principal, action string) bool {
	identity, limits := layers(p)
	for _, policy := range slices.Concat(identity, limits) {
		for i := range policy.Len() {
			s := policy.Statement(i)
			if s.Effect() == iam.Deny && len(s.Comparisons()) == 0 && everyResource(s) && s.MatchesAction(action) {
				return false
			}
		}
	}
	return slices.ContainsFunc(identity, func(policy *iam.Policy) bool {
		if _, ok := policy.Readable(); !ok {
			return true
		}
		for i := range policy.Len() {
			if s := policy.Statement(i); s.Effect() == iam.Allow && s.MatchesAction(action) {
				return true
			}
		}
		return false
	})
}

func everyResource(s *iam.Statement) bool {
	patterns, negated := s.Resources()
	return !negated && slices.Contains(patterns, anything)
}

// namedPatterns are the first of [allPatterns].
func namedPatterns(p *sym.Principal, action string) []string {
	out := allPatterns(p, action)
	return out[:min(len(out), maxPatterns)]
}

// allPatterns are the resource patterns that the policies name for an action, in order: those of Allow
// statements, and those that Deny statements leave out.
func allPatterns(p *sym.Principal, action string) []string {
	var out []string
	identity, limits := layers(p)
	for _, policy := range slices.Concat(identity, limits) {
		for i := range policy.Len() {
			s := policy.Statement(i)
			patterns, negated := s.Resources()
			if !s.MatchesAction(action) || negated == (s.Effect() == iam.Allow) {
				continue
			}
			for _, pattern := range patterns {
				if pattern != anything && !slices.Contains(out, pattern) {
					out = append(out, pattern)
				}
			}
		}
	}
	return out
}

// in is a check in a Region.
func in(action, resource, account, region string) sym.Check {
	return sym.Check{Action: action, Resource: resource, ResourceAccount: account, Fixed: map[string][]string{regionKey: {region}}}
}

// checks are requests of an action on resources of every type that it works on: on one that no policy names
// and on those that the policies name.
func (j *Judge) checks(p *Principal, a *sar.Action) iter.Seq[sym.Check] {
	return func(yield func(sym.Check) bool) {
		patterns := namedPatterns(&p.Principal, a.String())
		regions := p.regions(a.String())
		if a.Service == "iam" {
			regions = []string{"us-east-1"} // IAM answers there whatever Region its caller works in
		}
		types := modelsFirst(a.Resources)
		for _, region := range regions {
			if !a.Scopable() && !yield(in(a.String(), anything, p.Account, region)) {
				return
			}
			for _, format := range j.formats(a.Service, types) {
				for _, resource := range instances(format, p.partition(), region, p.Account, patterns) {
					if !yield(in(a.String(), resource, p.Account, region)) {
						return
					}
				}
			}
		}
	}
}

// formats are the ARN formats of resource types.
func (j *Judge) formats(service string, types []sar.ActionResource) []string {
	var out []string
	for _, r := range types {
		if t, ok := j.data.Resource(service, r.Type); ok {
			out = append(out, t.ARNs...)
		}
	}
	return out
}

// modelsFirst puts foundation models, which everybody knows, before other types.
func modelsFirst(types []sar.ActionResource) []sar.ActionResource {
	out := slices.Clone(types)
	slices.SortStableFunc(out, func(a, b sar.ActionResource) int {
		return strings.Compare(rank(a.Type), rank(b.Type))
	})
	return out
}

func rank(resourceType string) string {
	if resourceType == "foundation-model" {
		return "0"
	}
	return "1"
}

// partition is that of the principal's own ARN.
func (p *Principal) partition() string {
	arn := p.Issuer
	if arn == "" {
		arn = p.ARN
	}
	if parts := strings.SplitN(arn, ":", 3); len(parts) == 3 {
		return parts[1]
	}
	return "aws"
}

// instances are ARNs of a format: one that nothing names, and one for each pattern that takes some.
func instances(format, partition, region, account string, patterns []string) []string {
	place := strings.NewReplacer("${Partition}", partition, "${Region}", region, "${Account}", account)
	filled := place.Replace(format)
	out := []string{fill(filled, fresh)}
	parts := strings.SplitN(filled, ":", 6)
	if len(parts) < 6 {
		return out
	}
	shape := fill(filled, anything)
	for _, pattern := range patterns {
		own := strings.SplitN(pattern, ":", 6)
		if len(own) < 6 {
			continue
		}
		for _, by := range []string{fresh, ""} {
			arn := strings.Join(parts[:5], ":") + ":" + strings.NewReplacer("*", by, "?", "z").Replace(own[5])
			if !strings.Contains(arn, "${") && globbed(arn, shape) && !slices.Contains(out, arn) {
				out = append(out, arn)
			}
		}
	}
	return out
}

// fill puts a text in place of every placeholder "${Name}".
func fill(format, text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(format, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteString(text)
		_, format, _ = strings.Cut(rest, "}")
	}
}

// globbed says whether a pattern with * matches a text whole.
func globbed(text, pattern string) bool {
	first, rest, ok := strings.Cut(pattern, "*")
	if !ok {
		return text == pattern
	}
	text, ok = strings.CutPrefix(text, first)
	if !ok {
		return false
	}
	for {
		next, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(text, next)
		}
		i := strings.Index(text, next)
		if i < 0 {
			return false
		}
		text, rest = text[i+len(next):], after
	}
}

// unmatched names an Allow statement for the action whose resources none of the requests was about, although
// it may be about some: then that nothing was found proves nothing.
func unmatched(p *sym.Principal, a *sar.Action, tried []sym.Check) string {
	for _, policy := range p.Policies.Identity {
		for i := range policy.Len() {
			s := policy.Statement(i)
			patterns, negated := s.Resources()
			if s.Effect() != iam.Allow || negated || !s.MatchesAction(a.String()) {
				continue
			}
			for _, pattern := range patterns {
				if foreign(pattern, a, tried) {
					continue
				}
				return "no request was found for " + pattern + " of policy " + policy.Name()
			}
		}
	}
	return ""
}

// foreign says whether a pattern was tried, or is about other things than the action.
func foreign(pattern string, a *sar.Action, tried []sym.Check) bool {
	if pattern == anything || len(tried) == 0 || !a.Scopable() {
		return true
	}
	parts := strings.SplitN(pattern, ":", 6)
	if len(parts) > 2 && !strings.ContainsAny(parts[2], "*?") && parts[2] != a.Service {
		return true
	}
	if len(parts) < 6 {
		return len(parts) > 2 && parts[2] == a.Service // a short one takes every resource of the service
	}
	kind, _, _ := strings.Cut(parts[5], "/")
	literal := !strings.ContainsAny(kind, "*?$")
	return slices.ContainsFunc(tried, func(c sym.Check) bool {
		own := strings.SplitN(c.Resource, ":", 6)
		return len(own) == 6 && globbed(own[5], strings.ReplaceAll(parts[5], "?", "*"))
	}) || literal && !slices.ContainsFunc(tried, func(c sym.Check) bool {
		own := strings.SplitN(c.Resource, ":", 6)
		return len(own) == 6 && strings.HasPrefix(own[5], kind+"/")
	})
}
