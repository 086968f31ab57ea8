package collect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// computation makes a value of others that an object has. What it is made of may be unknown, and so may it.
type computation struct {
	// from are the attributes, and the types of parts, that it is made of: where one holds what must not be
	// shown, the value must not be shown either.
	from []string
	make func(p *Planned) assize.Value
}

// computations are those that definitions may ask for, by the type of the source and the name that places
// of facts have for them. Each says of planned objects what the collector of the same type computes of live ones.
var computations = map[string]map[string]computation{
	"aws_bedrockagent_agent": {
		"holds_secret":              {agentTexts, agentHoldsSecret},
		"action_groups_hold_secret": {[]string{typeActionGroup}, actionGroupsHoldSecret},
	},
	"aws_inspector2_enabler": {
		"enabled_here":    {[]string{"account_ids"}, enabledHere},
		"scans_ec2":       {[]string{"account_ids", "resource_types"}, scans("EC2")},
		"scans_ecr":       {[]string{"account_ids", "resource_types"}, scans("ECR")},
		"scans_functions": {[]string{"account_ids", "resource_types"}, scans("LAMBDA")},
		"scans_code":      {[]string{"account_ids", "resource_types"}, scans("LAMBDA_CODE")},
	},
	"aws_security_group":  {"given_name": {[]string{"name"}, givenName}},
	"aws_lambda_function": {"invoke_policy": {[]string{typePermission, typeFunctionURL}, invokePolicy}},
	"aws_wafv2_web_acl": {
		"all_rules":              {[]string{"rule", "rule_json"}, webACLRules},
		"counted_rules":          {[]string{"rule"}, countedRules},
		"narrowed_rules":         {[]string{"rule"}, narrowedRules},
		"body_size_limited":      {[]string{"rule"}, bodySizeLimited},
		"rule_groups":            {[]string{"rule"}, ruleGroups},
		"firewall_manager_rules": {nil, firewallManagerRules},
	},
}

// givenName is the name of a security group, as far as it is known. One that is not is none, rather than any: EC2
// makes no group that is called "default", and that is all that a name says.
func givenName(p *Planned) assize.Value {
	name := p.Attributes.Get("name")
	if _, unknown := name.(*assize.Unknown); unknown {
		return nil
	}
	return name
}

// addComputed notes what is computed of objects of the provider's type, or of those that are turned into it.
func (prog *plannedProgram) addComputed(typ string, names []string, tn *turning) error {
	for _, name := range names {
		if computations[typ][name].make == nil {
			return fmt.Errorf("computed: nothing computes %s of %s", name, typ)
		}
	}
	prog.computed, prog.turning = names, tn
	return nil
}

// withComputed adds what is computed.
func (prog *plannedProgram) withComputed(p *Planned) *Planned {
	if len(prog.computed) == 0 {
		return p
	}
	out := *p
	out.Attributes = slices.Clone(p.Attributes)
	out.Sensitive = slices.Clone(p.Sensitive)
	of := prog.turning.turned(p)
	for _, name := range prog.computed {
		c := computations[of.Type][name]
		out.Attributes = out.Attributes.Set(name, c.make(of))
		if slices.ContainsFunc(c.from, of.hides) {
			out.Sensitive = append(out.Sensitive, name)
		}
	}
	return &out
}

// hides reports whether something must not be shown of an attribute, or of a part of the type.
func (p *Planned) hides(name string) bool {
	within := func(path string) bool {
		first, _, _ := strings.Cut(path, ".")
		first, _, _ = strings.Cut(first, "[")
		return path == "" || first == name
	}
	return slices.ContainsFunc(p.Sensitive, within) ||
		slices.ContainsFunc(p.Parts[name], func(part *Planned) bool { return len(part.Sensitive) > 0 })
}

// blockIn is a block in an object or block: nil where there is none, *assize.Unknown where that is not known.
func blockIn(v assize.Value, names ...string) assize.Value {
	for _, name := range names {
		o, ok := v.(assize.Object)
		if !ok {
			return v // nil or unknown
		}
		v = o.Get(name)
		if list, ok := v.(assize.List); ok {
			if v = nil; len(list) > 0 {
				v = list[0]
			}
		}
	}
	return v
}

// elementsIn are the elements of a list of blocks; an unknown list is one element that is unknown, the rest.
func elementsIn(v assize.Value, name string) assize.List {
	o, ok := v.(assize.Object)
	if !ok {
		if u, ok := v.(*assize.Unknown); ok {
			return assize.List{restOf(u)}
		}
		return nil
	}
	switch x := o.Get(name).(type) {
	case assize.List:
		return x
	case assize.Object:
		return assize.List{x}
	case *assize.Unknown:
		return assize.List{restOf(x)}
	}
	return nil
}

// truth is yes, no, or not known because of something.
type truth struct {
	yes     bool
	unknown *assize.Unknown
}

// isThere tells whether there is something.
func isThere(v assize.Value) truth {
	u, _ := v.(*assize.Unknown)
	return truth{yes: v != nil && u == nil, unknown: u}
}

// isText tells whether a value is one of the texts.
func isText(v assize.Value, texts ...string) truth {
	if u, ok := v.(*assize.Unknown); ok {
		return truth{unknown: u}
	}
	text, _ := v.(string)
	return truth{yes: slices.Contains(texts, text)}
}

func no(t truth) truth { return truth{yes: !t.yes && t.unknown == nil, unknown: t.unknown} }

// all is yes where each is, and no where one is not.
func all(ts ...truth) truth {
	out := truth{yes: true}
	for _, t := range ts {
		switch {
		case t.unknown != nil:
			out = t
		case !t.yes:
			return t
		}
	}
	return out
}

// some is yes where one is, and no where none is.
func some(ts ...truth) truth {
	out := truth{}
	for _, t := range ts {
		switch {
		case t.yes:
			return t
		case t.unknown != nil:
			out = t
		}
	}
	return out
}

// value is the truth as a value of a fact.
func (t truth) value() assize.Value {
	if t.unknown != nil {
		return t.unknown
	}
	return t.yes
}
