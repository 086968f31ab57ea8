package collect

import (
	"fmt"
	"slices"

	"github.com/assize-dev/assize"
)

// computation makes values of others that an object has. What they are made of may be unknown, and so may they.
type computation func(p *Planned) assize.Value

// computations are those that definitions may ask for, by the type of the source and the name that places
// of facts have for them. Each says of planned objects what the collector of the same type computes of live ones.
var computations = map[string]map[string]computation{
	"aws_inspector2_enabler": {
		"enabled_here":    enabledHere,
		"scans_ec2":       scans("EC2"),
		"scans_ecr":       scans("ECR"),
		"scans_functions": scans("LAMBDA"),
		"scans_code":      scans("LAMBDA_CODE"),
	},
	"aws_lambda_function": {"invoke_policy": invokePolicy},
	"aws_wafv2_web_acl": {
		"all_rules":              webACLRules,
		"counted_rules":          countedRules,
		"narrowed_rules":         narrowedRules,
		"body_size_limited":      bodySizeLimited,
		"rule_groups":            ruleGroups,
		"firewall_manager_rules": firewallManagerRules,
	},
}

// addComputed notes what is computed of objects of the type.
func (prog *plannedProgram) addComputed(src *assize.TerraformSource) error {
	for _, name := range src.Computed {
		if computations[src.Resource][name] == nil {
			return fmt.Errorf("computed: nothing computes %s of %s", name, src.Resource)
		}
	}
	prog.computed = src.Computed
	return nil
}

// withComputed adds what is computed.
func (prog *plannedProgram) withComputed(p *Planned) *Planned {
	if len(prog.computed) == 0 {
		return p
	}
	out := *p
	out.Attributes = slices.Clone(p.Attributes)
	for _, name := range prog.computed {
		out.Attributes = out.Attributes.Set(name, computations[p.Type][name](p))
	}
	return &out
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
