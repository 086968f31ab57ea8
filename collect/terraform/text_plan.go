package terraform

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/terraform/config"
)

// DirOptions say what is known beside a configuration.
type DirOptions struct {
	Options
	// Variables of the root module, as -var takes them.
	Variables map[string]string
	// Files of values for variables, beside those that Terraform loads on its own; later ones win.
	Files []config.VariableFile
}

// Configured is what a configuration describes, evaluated without a plan.
type Configured struct {
	*Plan
	// IfCreated says of an address what decides whether it will be there at all, where that is
	// not known: "count depends on var.enabled". It is judged as if it were.
	IfCreated map[string][]string
	// Missing are the calls of modules that could not be read, by address, and why.
	Missing map[string]string
	// Unset are variables that have no value: what depends on them is unknown.
	Unset []config.Variable
	// Note says what a plan would add.
	Note string
}

// Notes of configurations that are evaluated without a plan.
const (
	noteDir      = "evaluated without a plan: what providers and data sources would answer is unknown; the output of `terraform show -json` on a plan gives exact values"
	noteTargeted = "; it was made with -target, and all of its configuration is judged"
	noteZip      = "the values of a binary plan are not read, its configuration was evaluated: the output of `terraform show -json` on it gives exact values"
)

// ReadDir evaluates the configuration in a folder.
func ReadDir(folder string, o DirOptions) (*Configured, error) {
	t, err := OpenDir(folder)
	if err != nil {
		return nil, err
	}
	return t.Evaluate(o)
}

// Evaluate says what the configuration describes: its resources with variables, locals, modules and
// functions resolved, as far as that is possible without Terraform. Of a binary plan that is errored or
// incomplete it says so by [ErrErrored] or [ErrIncomplete], as [Read] does.
func (t *Text) Evaluate(o DirOptions) (*Configured, error) {
	if o.Mapping == nil {
		return nil, errors.New("evaluate configuration: no mapping of definitions is given")
	}
	refused, unfit := t.unfit(&o.Options)
	if refused {
		return nil, unfit
	}
	e, err := t.config.Evaluate(config.Options{
		Variables: o.Variables, Files: o.Files, Account: o.Account, Identifies: o.Mapping.Identifies,
	})
	if err != nil {
		return nil, err
	}
	f := &configFile{e: e, m: o.Mapping, o: o.Options, by: map[string]*configJoint{}, groups: map[string]*jointGroup{}}
	f.read()
	c := &Configured{Plan: f.plan(), IfCreated: map[string][]string{}, Missing: t.config.Missing, Unset: e.Unset, Note: noteDir}
	if t.kind == KindZip {
		c.Note = noteZip
	}
	if t.head.targeted {
		c.Note += noteTargeted
	}
	c.Kind, c.Digest = t.kind, t.digest
	c.After.Digest = t.digest
	for _, obj := range e.Objects {
		if len(obj.IfCreated) > 0 {
			c.IfCreated[obj.Address] = obj.IfCreated
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.config.Modules)) {
		if m := t.config.Modules[key]; key != "" {
			c.Modules = append(c.Modules, Module{Address: "module." + strings.ReplaceAll(key, ".", ".module."), Source: config.PublicSource(m.Source), Version: m.Version})
		}
	}
	c.Errored, c.Complete = t.head.errored, !t.head.errored && !t.head.targeted
	return c, unfit
}

// configFile is a configuration on its way into an inventory.
type configFile struct {
	e      *config.Evaluation
	m      *collect.PlannedMapping
	o      Options
	all    []*joint
	by     map[string]*configJoint // by address
	linker *linker
	groups map[string]*jointGroup // by module; see around
}

// configJoint is an object with what it was made of.
type configJoint struct {
	*joint
	object *config.Object
	busy   bool // while its link is followed
}

// read makes the objects and joins them.
func (f *configFile) read() {
	for _, o := range f.e.Objects {
		if !isAWS(providerOf(o.Type)) {
			continue
		}
		p := &collect.Planned{
			Type: o.Type, Account: o.Account, Region: cmp.Or(o.Region, f.o.Region), Sensitive: slices.Concat(o.Sensitive, secrets(o.Attributes, "")),
			Origin: assize.Origin{
				Kind: "configuration", Address: o.Address, File: o.File, Line: o.Line,
				Module: o.Module, ModuleFile: o.ModuleFile, ModuleLine: o.ModuleLine,
			},
			// Names must not be taken from texts that are not decided yet.
			Attributes: withProviderDefaults(o.Type, config.Blank(o.Attributes)),
		}
		j := &configJoint{joint: &joint{p: p, scope: p.Account + "/" + p.Region}, object: o}
		j.refer = func(link string) referral { return f.referral(j, link) }
		f.by[o.Address] = j
		f.all = append(f.all, j.joint)
	}
	targets := func(address, attribute string) (*assize.Reference, string) { return f.target(address, attribute, 0) }
	f.linker = newLinker(f.m)
	f.linker.perhaps = f.perhaps
	f.linker.join(f.all, nil)
	settled := make([]assize.Object, len(f.all))
	for i, j := range f.all {
		o := f.by[j.p.Origin.Address].object
		settled[i] = withProviderDefaults(o.Type, f.e.Settle(o, targets))
	}
	for i, j := range f.all {
		settled[i] = f.identified(j.p, settled[i])
		defaults, _ := settled[i].Get("tags_all").(*assize.Unknown)
		if defaults != nil {
			j.p.Attributes = withTags(settled[i], defaults)
		} else {
			j.p.Attributes = withTags(settled[i], assize.Object{})
		}
	}
}

// perhaps says what decides whether a part will be there, where that is not known and does not decide whether the
// parent will be there as well.
func (f *configFile) perhaps(part, parent *joint) *assize.Unknown {
	own, of := f.by[part.p.Origin.Address].object, f.by[parent.p.Origin.Address].object
	for i, condition := range own.Conditions {
		if !slices.Contains(of.Conditions, condition) {
			return &assize.Unknown{Cause: assize.UntilApply, Detail: own.Address + ", whose " + own.IfCreated[i]}
		}
	}
	return nil
}

// secrets are the paths of attributes that are called so. A plan has them from the provider's schema.
func secrets(v assize.Value, path string) []string {
	var paths []string
	switch x := v.(type) {
	case assize.Object:
		for _, field := range x {
			at := strings.TrimPrefix(path+"."+field.Name, ".")
			if _, isText := field.Value.(string); isText && collect.SecretName(field.Name) {
				paths = append(paths, at)
				continue
			}
			paths = append(paths, secrets(field.Value, at)...)
		}
	case assize.List:
		for i, e := range x {
			paths = append(paths, secrets(e, path+"["+itoa(i)+"]")...)
		}
	}
	return paths
}

// identified fills in what names the object where the configuration leaves it to the service.
func (f *configFile) identified(p *collect.Planned, attributes assize.Object) assize.Object {
	if !f.m.Maps(p.Type) {
		return attributes
	}
	names := f.m.IdentifiedBy(p.Type)
	if attributes.Get("name_prefix") != nil {
		names = append(names, "name")
	}
	for _, name := range names {
		if attributes.Get(name) == nil {
			attributes = attributes.Set(name, &assize.Unknown{Cause: assize.UntilApply, Detail: name, Refers: f.m.Reference(p)})
		}
	}
	return attributes
}

// providerOf is the provider that a type belongs to, by its name.
func providerOf(typ string) string {
	name, _, _ := strings.Cut(typ, "_")
	return name
}

// target names the object that an attribute identifies; that of a part, which names what it belongs to,
// leads there.
func (f *configFile) target(address, attribute string, hops int) (*assize.Reference, string) {
	j := f.by[address]
	if j == nil || hops > maxHops {
		return nil, ""
	}
	if f.m.IsPart(j.p.Type) && !f.m.Maps(j.p.Type) {
		parents := f.parents(j, attribute)
		if len(parents) != 1 {
			return nil, ""
		}
		name, _ := f.m.Name(parents[0].p, "id")
		return f.m.Reference(parents[0].p), name
	}
	text, ok := f.m.Name(j.p, attribute)
	if !ok {
		text = ""
	}
	return f.m.Reference(j.p), text
}

// parents are the objects that an attribute of a part stands for.
func (f *configFile) parents(j *configJoint, attribute string) []*joint {
	var to []*joint
	for _, link := range f.linker.links[j.p.Type] {
		if !nameOfPart(attribute, link.part.Link) {
			continue
		}
		r := f.linker.referral(j.joint, link.part.Link)
		for _, text := range r.texts {
			to = append(to, f.linker.index[indexKey{link.parent, j.scope, text}]...)
		}
		to = append(to, r.to...)
	}
	slices.SortFunc(to, func(a, b *joint) int { return cmp.Compare(a.p.Origin.Address, b.p.Origin.Address) })
	return slices.Compact(to)
}

// referral is what a link of an object refers to. Where that is not known, it may be anything of its module, of those
// that call it, and, where it comes out of a module, of any.
func (f *configFile) referral(j *configJoint, link string) referral {
	if j.busy {
		return referral{}
	}
	j.busy = true
	defer func() { j.busy = false }()
	targets, known := f.e.Targets(j.object, link)
	r := referral{why: "something that is not known"}
	for _, t := range targets {
		to := f.by[t.Address]
		switch {
		case to == nil:
			known = false
		case f.m.IsPart(to.p.Type) && !f.m.Maps(to.p.Type):
			r.to = append(r.to, f.parents(to, t.Attribute)...)
		default:
			r.to = append(r.to, to.joint)
		}
	}
	if !known {
		r.groups = append(r.groups, f.around(j.object))
	}
	return r
}

// around are the objects of the same module, and of those that call it.
func (f *configFile) around(o *config.Object) *jointGroup {
	group := f.groups[o.Module]
	if group != nil {
		return group
	}
	group = &jointGroup{}
	f.groups[o.Module] = group
	for _, j := range f.all {
		within := f.by[j.p.Origin.Address].object.Module
		if within == "" || within == o.Module || strings.HasPrefix(o.Module, within+".") {
			group.members = append(group.members, j)
		}
	}
	return group
}

// plan puts the inventory together.
func (f *configFile) plan() *Plan {
	objects := make([]*collect.Planned, len(f.all))
	for i, j := range f.all {
		objects[i] = j.p
	}
	inv, unmapped := f.m.Inventory(objects, collect.PlannedScope{Account: f.o.Account, Regions: f.e.Regions})
	p := &Plan{Complete: true, After: inv, Before: inv, Unmapped: unmapped}
	p.Summary.Total, p.Summary.Mapped = len(objects), len(objects)
	for _, n := range unmapped {
		p.Summary.Mapped -= n
	}
	return p
}
