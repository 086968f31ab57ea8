package graph

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// ScopeOptions are the organisation's additions to AI scope, from its profile.
type ScopeOptions struct {
	// Tags bring a resource into scope: key, or key=value.
	Tags []string
	// Resources are patterns of ARNs or ids of self-hosted AI compute; * matches any text.
	Resources []string
}

// Scope says which resources belong to AI and why.
type Scope struct {
	reasons map[*assize.Resource]string
	doubts  map[[2]string]*assize.Unknown
}

// Reason says why r is in scope; empty when it is not.
func (s *Scope) Reason(r *assize.Resource) string { return s.reasons[r] }

// Doubt is not nil when a resource of the type in the account may belong to AI
// although no link was found: something that could have named it was not read.
func (s *Scope) Doubt(typ, account string) *assize.Unknown { return s.doubts[[2]string{typ, account}] }

// AIScope finds what belongs to AI: AI resources, what they use along their
// links (buckets, keys, roles, networks, logs), what the tags and patterns of
// the options add, and what guards the whole account.
func (g *Graph) AIScope(o ScopeOptions) *Scope {
	s := &Scope{reasons: map[*assize.Resource]string{}, doubts: map[[2]string]*assize.Unknown{}}
	var queue []*assize.Resource
	add := func(r *assize.Resource, reason string) {
		if _, ok := s.reasons[r]; !ok {
			s.reasons[r] = reason
			queue = append(queue, r)
		}
	}
	types := sortedKeys(g.byType)
	for _, typ := range types {
		for _, r := range g.byType[typ] {
			if reason := g.seed(r, o); reason != "" {
				add(r, reason)
			} else if u := g.seedUnknown(r); u != nil {
				s.doubt(r.Type, r.Account, u)
			}
		}
	}
	reverse := g.reverseLinks(types)
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		if d := g.defs[r.Type]; d != nil && d.AccountWide {
			continue
		}
		for _, l := range g.Links(r) {
			if l.scope != "" {
				continue
			}
			if l.To == nil {
				s.doubt(l.Type, r.Account, l.Unknown)
				continue
			}
			add(l.To, r.Type+" "+r.ID+" names it in "+l.Path)
		}
		for _, l := range reverse[r] {
			add(l.From, "it belongs to "+r.Type+" "+r.ID+" by "+l.Path)
		}
	}
	g.doubtLists(s)
	return s
}

// seed says why a resource is in scope by itself.
func (g *Graph) seed(r *assize.Resource, o ScopeOptions) string {
	d := g.defs[r.Type]
	switch {
	case d == nil:
		return ""
	case d.AI:
		return "AI resource"
	case d.AccountWide:
		return "guards the whole account"
	case d.AIWhen != nil:
		uses := false
		walkValue(r.Properties, factSteps(d.AIWhen.Fact), func(text string, u *assize.Unknown) {
			uses = uses || u == nil && slices.ContainsFunc(d.AIWhen.Like, func(p string) bool { return Glob(p, text) })
		})
		if uses {
			return "it uses AI services, says " + d.AIWhen.Fact
		}
	}
	if tag := matchTag(r, o.Tags); tag != "" {
		return "tag " + tag
	}
	for _, p := range o.Resources {
		if Glob(p, r.ARN) || Glob(p, r.ID) || slices.ContainsFunc(r.Names, func(n string) bool { return Glob(p, n) }) {
			return "named in the profile as self-hosted AI compute"
		}
	}
	return ""
}

// seedUnknown says why it is not known whether the resource uses AI.
func (g *Graph) seedUnknown(r *assize.Resource) *assize.Unknown {
	d := g.defs[r.Type]
	if d == nil || d.AIWhen == nil {
		return nil
	}
	var missing *assize.Unknown
	walkValue(r.Properties, factSteps(d.AIWhen.Fact), func(_ string, u *assize.Unknown) {
		if missing == nil {
			missing = u
		}
	})
	return missing
}

// factSteps takes the path of a fact apart; each step may lead into a list.
func factSteps(path string) []string { return strings.Split(path, ".") }

func matchTag(r *assize.Resource, want []string) string {
	tags, _ := r.Properties.Get("Tags").(assize.List)
	for _, t := range tags {
		tag, _ := t.(assize.Object)
		key, _ := tag.Get("Key").(string)
		value, _ := tag.Get("Value").(string)
		for _, w := range want {
			if k, v, hasValue := strings.Cut(w, "="); k == key && (!hasValue || v == value) {
				return w
			}
		}
	}
	return ""
}

// reverseLinks lists, per resource, the links to it along which scope runs backwards.
func (g *Graph) reverseLinks(types []string) map[*assize.Resource][]Link {
	reverse := map[*assize.Resource][]Link{}
	for _, typ := range types {
		if !slices.ContainsFunc(g.refs[typ], func(p refPath) bool { return p.scope == "reverse" }) {
			continue
		}
		for _, r := range g.byType[typ] {
			for _, l := range g.Links(r) {
				if l.scope == "reverse" && l.To != nil {
					reverse[l.To] = append(reverse[l.To], l)
				}
			}
		}
	}
	return reverse
}

func (s *Scope) doubt(typ, account string, u *assize.Unknown) {
	if u == nil || u.Cause == assize.Unlinked {
		return // what it names is known, and is not among the resources read
	}
	key := [2]string{typ, account}
	if old := s.doubts[key]; old == nil || u.Cause.Before(old.Cause) {
		s.doubts[key] = u
	}
}

// doubtLists spreads the gaps of lists: when resources of a type could not all
// be listed, whatever scope would reach from that type is in doubt.
func (g *Graph) doubtLists(s *Scope) {
	reach := g.reachable()
	for _, a := range g.Accounts() {
		for _, typ := range sortedKeys(reach) {
			for _, region := range g.Regions(typ, a) {
				c := g.Coverage(typ, a.ID, region)
				if c.Gap == nil {
					continue
				}
				for _, target := range reach[typ] {
					s.doubt(target, a.ID, c.Gap.Unknown())
				}
			}
		}
	}
}

// reachable gives, per type from which AI scope can start or pass, the types
// that it can reach along links.
func (g *Graph) reachable() map[string][]string {
	next := map[string][]string{}
	for typ, paths := range g.refs {
		for _, p := range paths {
			switch p.scope {
			case "":
				next[typ] = append(next[typ], p.typ)
			case "reverse":
				next[p.typ] = append(next[p.typ], typ)
			}
		}
	}
	reach := map[string][]string{}
	for typ, d := range g.defs {
		if d.AI || d.AIWhen != nil {
			reach[typ] = closure(typ, next)
		}
	}
	passed := map[string]bool{}
	for _, targets := range reach {
		for _, t := range targets {
			passed[t] = true
		}
	}
	for typ := range passed {
		if _, ok := reach[typ]; !ok {
			reach[typ] = closure(typ, next)
		}
	}
	return reach
}

func closure(from string, next map[string][]string) []string {
	seen := map[string]bool{from: true}
	queue := []string{from}
	var out []string
	for len(queue) > 0 {
		for _, t := range next[queue[0]] {
			if !seen[t] {
				seen[t] = true
				out = append(out, t)
				queue = append(queue, t)
			}
		}
		queue = queue[1:]
	}
	slices.Sort(out)
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Glob reports whether text matches the pattern, in which * stands for any text
// and ? for one character.
func Glob(pattern, text string) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
