package sar

import (
	"slices"
	"strings"
)

// Action finds an action; letter case does not matter.
func (d *Data) Action(service, name string) (*Action, bool) {
	s := d.service(service)
	if s == nil {
		return nil, false
	}
	a, ok := s.actions[strings.ToLower(name)]
	return a, ok
}

// Actions lists the actions of a service in the order of their names; none for a prefix that
// does not exist.
func (d *Data) Actions(service string) []*Action {
	s := d.service(service)
	if s == nil {
		return nil
	}
	return s.Actions
}

// Expand lists the actions that a pattern of an Action element matches: "bedrock:Invoke*".
// Letter case does not matter; * and ? may stand anywhere.
func (d *Data) Expand(pattern string) []*Action {
	service, name, ok := strings.Cut(strings.ToLower(pattern), ":")
	if !ok {
		if strings.Trim(service, "*") != "" || service == "" {
			return nil
		}
		name = "*"
	}
	if !strings.ContainsAny(pattern, "*?") {
		if a, ok := d.Action(service, name); ok {
			return []*Action{a}
		}
		return nil
	}
	var out []*Action
	for _, s := range d.load().services {
		if !wildcard(service, s.Prefix) {
			continue
		}
		for _, a := range s.load().Actions {
			if name == "*" || wildcard(name, strings.ToLower(a.Name)) {
				out = append(out, a)
			}
		}
	}
	return out
}

// wildcard matches * and ? over the whole of s.
func wildcard(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// Resource finds a resource type of a service; letter case does not matter.
func (d *Data) Resource(service, typ string) (*ResourceType, bool) {
	s := d.service(service)
	if s == nil {
		return nil, false
	}
	r, ok := s.resources[strings.ToLower(typ)]
	return r, ok
}

// Key finds a condition key as a request of a service carries it: a key of the service, a key
// with a parameter ("aws:RequestTag/team" gives "aws:RequestTag/${TagKey}"), a global key.
// service may be empty: then the prefix of the key says where to look. Letter case does not matter.
func (d *Data) Key(service, name string) (Key, bool) {
	fold := strings.ToLower(name)
	prefix, _, _ := strings.Cut(fold, ":")
	for _, candidate := range []string{strings.ToLower(service), prefix} {
		if s := d.service(candidate); s != nil {
			if k, ok := s.key(fold); ok {
				return k, true
			}
		}
	}
	return globalKey(fold)
}

func (s *decoded) key(fold string) (Key, bool) {
	if k, ok := s.keys[fold]; ok {
		return k, true
	}
	for _, k := range s.patterns {
		if matchesKey(k.Name, fold) {
			return k, true
		}
	}
	return Key{}, false
}

// matchesKey says whether a key in lower case is the one of the reference, whose parameters
// ("${TagKey}") stand for any text.
func matchesKey(reference, fold string) bool {
	reference = strings.ToLower(reference)
	if !strings.Contains(reference, "${") {
		return reference == fold
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(reference, "${")
		b.WriteString(before)
		if !ok {
			break
		}
		_, after, closed := strings.Cut(rest, "}")
		if !closed {
			break
		}
		b.WriteString("?*")
		reference = after
	}
	return wildcard(b.String(), fold)
}

// KeysFor lists the keys that the reference gives an action on a resource type: those of the
// action, of the pair, and of the type. typ may be empty: then the action's own and those of all
// its types. Global keys that are in every request are not listed.
func (d *Data) KeysFor(a *Action, typ string) []string {
	out := slices.Clone(a.Keys)
	for _, r := range a.Resources {
		if typ != "" && !strings.EqualFold(r.Type, typ) {
			continue
		}
		out = append(out, r.Keys...)
		if t, ok := d.Resource(a.Service, r.Type); ok {
			out = append(out, t.Keys...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// KeyApplies says whether requests for an action can carry a key: a global key that does not
// come from a service, or one the reference lists for the action or one of its resource types.
func (d *Data) KeyApplies(a *Action, name string) bool {
	fold := strings.ToLower(name)
	if k, ok := globalKey(fold); ok && !listedPerAction(k.Name) {
		return true
	}
	if prefix, ok := foreignPrefix(fold); ok && d.foreignTo(prefix, a.Service) {
		return true
	}
	return documentedFor(a, fold) || slices.ContainsFunc(d.KeysFor(a, ""), func(k string) bool { return matchesKey(k, fold) })
}

// documentedFor holds for the key that the reference omits and a service documents: "Grant IAM permissions
// to request access to Amazon Bedrock foundation models with a product ID" limits subscriptions by it.
func documentedFor(a *Action, fold string) bool {
	return fold == "aws-marketplace:productid" && a.Service == "aws-marketplace" && a.Name == "Subscribe"
}

// foreignPrefix is what stands before the last colon of a key: the host and path of an identity
// provider.
func foreignPrefix(fold string) (prefix string, ok bool) {
	i := strings.LastIndexByte(fold, ':')
	return fold[:max(i, 0)], i > 0
}

// foreignTo says whether keys with a prefix come with requests of a service: identity providers
// with those of sts. A customer's own provider is named by its host.
func (d *Data) foreignTo(prefix, service string) bool {
	if service == "sts" && strings.Contains(prefix, ".") {
		return true
	}
	return slices.Contains(d.load().foreign[prefix], service)
}

// Dead lists the condition keys of a service that no action and no resource type carries: a
// condition on one never sees a value.
func (d *Data) Dead(service string) []string {
	s := d.service(service)
	if s == nil {
		return nil
	}
	live := map[string]bool{}
	for _, a := range s.Actions {
		for _, k := range d.KeysFor(a, "") {
			live[k] = true
		}
	}
	for _, r := range s.Resources {
		for _, k := range r.Keys {
			live[k] = true
		}
	}
	var out []string
	for _, k := range s.Keys {
		if !live[k.Name] {
			out = append(out, k.Name)
		}
	}
	return out
}
