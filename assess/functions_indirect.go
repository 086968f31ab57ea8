package assess

import (
	"cmp"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
)

// maxIndirect is for how many roles and users ways through others are looked for in a run: the
// work grows with their square where many trust each other.
const maxIndirect = 2000

// excesses are what principals reach through others and not by themselves, by ARN.
type excesses struct {
	analysis *org.Analysis
	by       map[string]*org.Excess
	// unread is why there may be more; unknown why nothing is known.
	unread, unknown *assize.Unknown
}

// callExceedsIndirectly answers principalExceedsIndirectly(principal): whether it reaches a model
// through roles that others let it use, and not by a call of its own.
func callExceedsIndirectly(args []ref.Val) ref.Val {
	c := args[0].(*evalContext)
	r, u := c.principal(string(args[1].(types.String)))
	if u != nil {
		return c.unknown(u)
	}
	if c.accessed.excesses == nil {
		c.accessed.excesses = c.findExcesses()
	}
	all := c.accessed.excesses
	if all.unknown != nil {
		return c.unknown(all.unknown)
	}
	switch x := all.by[r.KnownARN()]; {
	case x != nil && x.Outcome.Can():
		return c.found(accessReply{found: true, evidence: wayEvidence(all.analysis, x)})
	case x != nil:
		return c.unknown(&assize.Unknown{Cause: assize.NotConnected, Detail: cmp.Or(strings.Join(x.Causes, "; "), "whether "+wayOf(x.Path)+" gives more than its own calls")})
	case all.unread != nil:
		return c.unknown(all.unread)
	}
	return types.False
}

// findExcesses looks for them in the whole inventory, once a run.
func (c *evalContext) findExcesses() *excesses {
	inv := c.graph.Inventory()
	principals := 0
	for _, r := range inv.Resources {
		if r.Origin != nil {
			return &excesses{unknown: &assize.Unknown{Cause: assize.UntilApply, Detail: "what works under which role is known after apply"}}
		}
		if r.Type == roleType || r.Type == userType {
			principals++
		}
	}
	if principals > maxIndirect {
		return &excesses{unknown: &assize.Unknown{Cause: assize.ErrorInRule, Detail: "ways through others among " + itoa(principals) + " roles and users are too much work: ask assize iam who-can"}}
	}
	o := org.FromInventory(inv).WithData(c.accessed.data)
	a := org.NewAnalysis(o, org.Config{})
	found, err := a.Excesses(org.DefaultDepth)
	if err != nil {
		return &excesses{unknown: &assize.Unknown{Cause: assize.ErrorInRule, Detail: err.Error()}}
	}
	out := &excesses{analysis: a, by: map[string]*org.Excess{}}
	for p, x := range found {
		out.by[p.ARN] = x
	}
	out.unread = unreadAccess(a)
	return out
}

// unreadAccess is the first cause for which there may be more ways, models or principals.
func unreadAccess(a *org.Analysis) *assize.Unknown {
	ways := a.UnreadWays()
	for k, u := range a.Organisation().Catalog.Unlisted {
		if k == plan.FoundationModel || k == plan.InferenceProfile || k == plan.ApplicationProfile {
			ways[k] = u
		}
	}
	var kinds []plan.Kind
	for k := range ways {
		kinds = append(kinds, k)
	}
	if len(kinds) > 0 {
		return ways[slices.Min(kinds)]
	}
	if rest := a.Organisation().Unknown; len(rest) > 0 {
		return rest[0]
	}
	return nil
}

// wayOf says the steps of a path.
func wayOf(p *org.Path) string {
	var out []string
	for _, s := range p.Steps {
		if s.Route == nil {
			out = append(out, s.Principal.ARN+" makes the call")
			break
		}
		var calls []string
		for _, answer := range s.Answers {
			calls = append(calls, answer.Plan.Call.Operation+" on "+answer.Plan.Call.Target)
		}
		out = append(out, strings.Join(calls, ", then ")+": "+s.Route.Why)
	}
	return strings.Join(out, "; ")
}

// wayEvidence shows an excess to people, with one request that begins it and the policy that ends it.
func wayEvidence(a *org.Analysis, x *org.Excess) []assize.Field {
	found := "it reaches " + x.Call.Target + " through others and not by itself"
	if x.Full() {
		found += ", in " + itoa(len(x.Ways)) + " ways that are ended together, and maybe in more"
	}
	out := []assize.Field{
		{Name: "found", Value: assize.Shown(found)},
		{Name: "way", Value: assize.Shown(wayOf(x.Path))},
	}
	if first := x.Path.Steps[0].Answers; len(first) > 0 {
		if context, ok := first[0].Witness(); ok {
			out = append(out, assize.Field{Name: "allowed request", Value: assize.Shown(first[0].Plan.Call.String() + witnessText(context))})
		}
	}
	if policy := a.Closes(x); policy != "" {
		out = append(out, assize.Field{Name: "policy to add", Value: assize.Shown(policy)})
	}
	return out
}

// witnessText says the condition keys of a request that matter.
func witnessText(context map[string][]string) string {
	var parts []string
	for key, values := range context {
		if len(values) > 0 {
			parts = append(parts, key+" = "+strings.Join(values, ", "))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return " with " + strings.Join(parts, ", ")
}
