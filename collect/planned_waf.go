package collect

import (
	"slices"
	"strconv"

	"github.com/assize-dev/assize"
)

const (
	// wafSeenBytes is how much of a body AWS WAF looks at for API Gateway unless more was
	// asked for (AWS WAF Developer Guide, "Considerations for managing body inspection").
	wafSeenBytes = 16 * 1024

	// commonRules has a rule that blocks bodies over 8 KB (AWS WAF Developer Guide,
	// "Baseline rule groups").
	commonRules, commonBodyRule = "AWSManagedRulesCommonRuleSet", "SizeRestrictions_BODY"

	// ruleAssociation is the side object that adds a rule group to a web ACL.
	ruleAssociation = "aws_wafv2_web_acl_rule_group_association"
)

// webACLRules are the rules of a web ACL; there may be more where they stand in JSON, or a side object adds some.
func webACLRules(p *Planned) assize.Value {
	rules := slices.Clone(elementsIn(p.Attributes, "rule"))
	switch {
	case len(rules) > 0 && isRest(rules[len(rules)-1]):
	case p.Attributes.Get("rule_json") != nil && !slices.Contains(p.Unwritten, "rule_json"):
		rules = append(rules, &assize.Unknown{Cause: assize.DeferredToLive, Detail: "rules that stand in rule_json", Rest: true})
	case len(p.Parts[ruleAssociation]) > 0:
		rules = append(rules, &assize.Unknown{Cause: assize.DeferredToLive, Detail: "rules that " + ruleAssociation + " adds", Rest: true})
	case p.Unlinked[ruleAssociation] != nil:
		rules = append(rules, restOf(p.Unlinked[ruleAssociation]))
	}
	return rules
}

func isRest(v assize.Value) bool {
	u, ok := v.(*assize.Unknown)
	return ok && u.Rest
}

// eachRule makes a list of what is made of each rule; nil leaves a rule out. Of one that is not known nothing is.
func eachRule(p *Planned, of func(rule assize.Object) assize.Value) assize.Value {
	out := assize.List{}
	rules, _ := webACLRules(p).(assize.List)
	for _, r := range rules {
		v := r
		if rule, ok := r.(assize.Object); ok {
			v = of(rule)
		}
		if v != nil {
			out = append(out, v)
		}
	}
	return out
}

// countedRules names the rules whose action, or override, is Count.
func countedRules(p *Planned) assize.Value {
	return eachRule(p, func(rule assize.Object) assize.Value {
		counts := some(isAction(blockIn(rule, "action"), "count"), isAction(blockIn(rule, "override_action"), "count"))
		switch {
		case counts.unknown != nil:
			return counts.unknown
		case counts.yes:
			return rule.Get("name")
		}
		return nil
	})
}

// narrowedRules are the rules whose group looks at some requests only, or of which some rules do not act.
func narrowedRules(p *Planned) assize.Value {
	return eachRule(p, func(rule assize.Object) assize.Value {
		managed := blockIn(rule, "statement", "managed_rule_group_statement")
		group := blockIn(rule, "statement", "rule_group_reference_statement")
		scoped := isThere(blockIn(managed, "scope_down_statement"))
		relaxed := append(relaxedRules(managed), relaxedRules(group)...)
		if !scoped.yes && scoped.unknown == nil && len(relaxed) == 0 {
			return nil
		}
		return assize.NewObject(map[string]assize.Value{"rule": rule.Get("name"), "scoped_down": scoped.value(), "relaxed": relaxed})
	})
}

// relaxedRules names the rules of a group that only count, or let the request in.
func relaxedRules(group assize.Value) assize.List {
	names := assize.List{}
	for _, e := range elementsIn(group, "excluded_rule") { // of providers before 5: the older way to say Count
		names = append(names, nameOf(e))
	}
	for _, e := range elementsIn(group, "rule_action_override") {
		action := blockIn(e, "action_to_use")
		does := some(isAction(action, "count"), isAction(action, "allow"))
		switch {
		case does.unknown != nil:
			names = append(names, does.unknown)
		case does.yes:
			names = append(names, nameOf(e))
		}
	}
	return names
}

// isAction tells whether an action is the one of the name. It is one of several: where another is there, it is not,
// though the provider hashicorp/awscc calls unknown what is not set.
func isAction(action assize.Value, name string) truth {
	o, ok := action.(assize.Object)
	if !ok {
		return isThere(action)
	}
	for _, f := range o {
		if f.Name != name && isThere(blockIn(o, f.Name)).yes {
			return truth{}
		}
	}
	return isThere(blockIn(o, name))
}

// nameOf is the name of a block.
func nameOf(v assize.Value) assize.Value {
	if o, ok := v.(assize.Object); ok {
		return o.Get("name")
	}
	return v
}

// bodySizeLimited tells whether a rule blocks every request whose body is over a size.
func bodySizeLimited(p *Planned) assize.Value {
	out := truth{}
	rules, _ := webACLRules(p).(assize.List)
	for _, r := range rules {
		if u, ok := r.(*assize.Unknown); ok {
			out = some(out, truth{unknown: u})
			continue
		}
		out = some(out, limitsBodies(r))
	}
	return out.value()
}

// limitsBodies tells it of one rule. One that only counts, or that asks for something else of the request too, does not.
func limitsBodies(rule assize.Value) truth {
	managed := blockIn(rule, "statement", "managed_rule_group_statement")
	byGroup := all(
		isThere(managed), no(isAction(blockIn(rule, "override_action"), "count")),
		no(isThere(blockIn(managed, "scope_down_statement"))), blocksLargeBodies(managed),
	)
	itself := all(isAction(blockIn(rule, "action"), "block"), matchesLargeBodies(blockIn(rule, "statement")))
	return some(byGroup, itself)
}

// blocksLargeBodies tells whether the group is the one of AWS that blocks large bodies, with that rule in force.
func blocksLargeBodies(managed assize.Value) truth {
	name, vendor := blockIn(managed, "name"), blockIn(managed, "vendor_name")
	out := all(isText(vendor, "AWS"), isText(name, commonRules))
	for _, e := range elementsIn(managed, "excluded_rule") {
		out = all(out, no(isText(nameOf(e), commonBodyRule)))
	}
	for _, e := range elementsIn(managed, "rule_action_override") {
		out = all(out, some(no(isText(nameOf(e), commonBodyRule)), isAction(blockIn(e, "action_to_use"), "block")))
	}
	return out
}

// matchesLargeBodies tells whether the statement, or one of those that it joins by "or", matches every body over a size.
func matchesLargeBodies(statement assize.Value) truth {
	out := truth{}
	for _, s := range elementsIn(blockIn(statement, "or_statement"), "statement") {
		out = some(out, matchesLargeBodies(s))
	}
	size := blockIn(statement, "size_constraint_statement")
	body := blockIn(size, "field_to_match", "body")
	oversize := blockIn(body, "oversize_handling")
	// What lies behind the part that is looked at is judged by the handling alone.
	handled := some(isText(oversize, "MATCH"), all(no(isText(oversize, "NO_MATCH")), isBelow(blockIn(size, "size"), wafSeenBytes)))
	return some(out, all(isThere(size), isText(blockIn(size, "comparison_operator"), "GT", "GE"), isThere(body), handled))
}

func isBelow(v assize.Value, bound int64) truth {
	if u, ok := v.(*assize.Unknown); ok {
		return truth{unknown: u}
	}
	text, _ := ScalarText(v) // templates keep numbers as texts, too
	n, err := strconv.ParseInt(text, 10, 64)
	return truth{yes: err == nil && n < bound}
}

// ruleGroups are the rule groups of its own that rules refer to: nothing is read of what is in them.
func ruleGroups(p *Planned) assize.Value {
	return eachRule(p, func(rule assize.Object) assize.Value {
		group := isThere(blockIn(rule, "statement", "rule_group_reference_statement"))
		switch {
		case group.unknown != nil:
			return group.unknown
		case group.yes:
			return &assize.Unknown{Cause: assize.DeferredToLive, Detail: "what is in rule groups of its own, only the live web ACL says"}
		}
		return nil
	})
}

// firewallManagerRules are the groups that Firewall Manager adds: none to a web ACL that the plan makes, of others the
// live one says it.
func firewallManagerRules(p *Planned) assize.Value {
	if (&translation{object: p}).made() {
		return assize.List{}
	}
	return deferred
}
