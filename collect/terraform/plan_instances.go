package terraform

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// planned is one instance of a resource, or of a data source that is read during apply.
type planned struct {
	change
	in    *moduleInstance
	block *cfgBlock // nil where the configuration does not have it
	scope *scope

	after   *joint // what there will be; nil when it goes
	linking bool   // guards against references in a circle
	settled bool   // its attributes are put together
	uses    int    // how many translations of it, and of what it is a part of, are left
}

// context is where its expressions are evaluated.
func (p *planned) context() context {
	c := context{in: p.in, key: p.key, of: Query{Module: p.in.names(), Type: p.typ, Name: p.name}}
	if p.mode == "data" {
		c.of.Type = "data." + p.typ
	}
	if p.block != nil {
		c.repeat = p.block.repeat
	}
	return c
}

// stays tells whether there will be such a resource after apply.
func (c *change) stays() bool {
	return c.action != "delete" && c.action != "forget" && c.action != "read"
}

// blockInstances are the instances of one block in one module instance.
type blockInstances struct {
	list  []*planned
	byKey map[instanceKey]*planned // where there are more than fewInstances
	group *jointGroup              // of their joints, made when it is asked for
}

// fewInstances are found as fast without a map, which takes more memory than they do.
const fewInstances = 8

// add adds an instance; of two with the same key the later one counts.
func (b *blockInstances) add(p *planned) {
	b.list = append(b.list, p)
	switch {
	case b.byKey != nil:
		b.byKey[p.key] = p
	case len(b.list) > fewInstances:
		b.byKey = make(map[instanceKey]*planned, 2*len(b.list))
		for _, p := range b.list {
			b.byKey[p.key] = p
		}
	}
}

// find returns the instance of a key, nil where there is none.
func (b *blockInstances) find(key instanceKey) *planned {
	if b.byKey != nil {
		return b.byKey[key]
	}
	for _, p := range slices.Backward(b.list) {
		if p.key == key {
			return p
		}
	}
	return nil
}

// moduleInstance is one instance of a module.
type moduleInstance struct {
	address  string
	name     string // of the call
	key      instanceKey
	conf     *cfgModule // nil where the configuration does not have it
	parent   *moduleInstance
	blocks   map[string]*blockInstances
	children map[segment]*moduleInstance  // by call and key
	calls    map[string][]*moduleInstance // by call
	objects  []*planned
	group    *jointGroup // of everything within and below it, made when it is asked for
	// documents are the policy documents that no other one takes in; see topDocuments.
	documents     []*planned
	documentsRead bool
}

// context is where the arguments of the module's call are evaluated.
func (mi *moduleInstance) context() context {
	return context{
		in: mi.parent, key: mi.key, repeat: mi.conf.call.repeat,
		of: Query{Module: mi.parent.names(), Type: "module", Name: mi.name},
	}
}

// names are those of the calls, from the root on.
func (mi *moduleInstance) names() []string {
	if mi.parent == nil {
		return nil
	}
	return append(mi.parent.names(), mi.name)
}

// instance finds a module instance by its address, and makes it where it is new.
func (f *planFile) instance(address string) *moduleInstance {
	if mi := f.modules[address]; mi != nil {
		return mi
	}
	steps := moduleSteps(address)
	if len(steps) == 0 {
		return f.place("", nil, segment{})
	}
	parent := f.instance(moduleAddress(steps[:len(steps)-1]))
	spelt := moduleAddress(steps)
	mi := f.place(spelt, parent, steps[len(steps)-1])
	f.modules[address] = mi
	return mi
}

func (f *planFile) place(address string, parent *moduleInstance, call segment) *moduleInstance {
	if mi := f.modules[address]; mi != nil {
		return mi
	}
	mi := &moduleInstance{
		address: address, name: call.name, key: call.key, parent: parent,
		blocks: map[string]*blockInstances{}, children: map[segment]*moduleInstance{}, calls: map[string][]*moduleInstance{},
	}
	switch {
	case parent == nil:
		mi.conf = f.conf.root
	case parent.conf != nil && parent.conf.calls[call.name] != nil:
		mi.conf = parent.conf.calls[call.name].module
	}
	if parent != nil {
		parent.children[call] = mi
		parent.calls[call.name] = append(parent.calls[call.name], mi)
	}
	f.modules[address] = mi
	return mi
}

// child is an instance of a module call; nil where there is none.
func (f *planFile) child(mi *moduleInstance, call segment) *moduleInstance {
	if mi.conf == nil || mi.conf.calls[call.name] == nil {
		return nil
	}
	if c := mi.children[call]; c != nil {
		return c
	}
	if mi.conf.calls[call.name].repeat != nil && call.key.kind == noKey {
		return nil
	}
	// A module without resources has outputs all the same.
	address := "module." + call.name + call.key.String()
	if mi.address != "" {
		address = mi.address + "." + address
	}
	return f.place(address, mi, call)
}

// addChange keeps one change.
func (f *planFile) addChange(c *changeText) error {
	if c.deposed != "" {
		return nil // the remains of a replacement: its successor is listed by itself
	}
	if err := f.values(c); err != nil {
		return fmt.Errorf("%s: %w", c.address, err)
	}
	known := f.kind(c.kind)
	p := &planned{change: c.change, in: f.instance(c.moduleAddress)}
	p.kind = &known.kind
	if p.in.conf != nil {
		p.block = p.in.conf.blocks[known.key]
	}
	f.objects = append(f.objects, p)
	p.in.objects = append(p.in.objects, p)
	if c.mode != "data" {
		f.countAction(&p.change)
	}
	if !c.stays() && c.action != "read" {
		if f.needed(&p.change) && c.mode != "data" {
			f.plan.Leaving = append(f.plan.Leaving, Leaving{p.address, p.action == "forget"})
		}
		return nil
	}
	set := p.in.blocks[known.key]
	if set == nil {
		set = &blockInstances{}
		p.in.blocks[known.key] = set
	}
	set.add(p)
	return nil
}

// knownKind is a kind, once for all instances of it, with the key of its block.
type knownKind struct {
	kind
	key string
}

func (f *planFile) kind(k *kind) *knownKind {
	known := f.kinds[*k]
	if known == nil {
		known = &knownKind{*k, blockKey(k.mode, k.typ, k.name)}
		f.kinds[*k] = known
	}
	return known
}

func (f *planFile) countAction(c *change) {
	s := &f.plan.Summary
	switch c.action {
	case "create":
		s.Create++
	case "update":
		s.Update++
	case "replace":
		s.Replace++
	case "delete":
		s.Delete++
	case "forget":
		s.Forget++
	default:
		s.NoOp++
	}
	if c.importing {
		s.Imported++
	}
	if c.moved {
		s.Moved++
	}
}

// needed tells whether the values of the instance are looked at.
func (f *planFile) needed(c *change) bool {
	if c.mode == "data" {
		return c.typ == documentType
	}
	return f.m.Maps(c.typ) || f.m.IsPart(c.typ)
}

// isAWS tells resources of Amazon's providers. The host differs between Terraform and
// OpenTofu.
func isAWS(provider string) bool {
	name := provider[strings.LastIndexByte(provider, '/')+1:]
	return provider == "" || name == "aws" || name == "awscc"
}

// values reads the values of a change, as far as they will be asked for.
func (f *planFile) values(c *changeText) (err error) {
	if c.afterPending, err = f.pending(c.afterUnknown); err != nil {
		return err
	}
	if !f.needed(&c.change) && c.mode != "data" && f.o.Source == nil {
		return nil
	}
	if c.afterValues, err = f.parse(c.after); err != nil {
		return err
	}
	if bytes.Equal(c.before, c.after) {
		c.beforeValues = c.afterValues
	} else if c.beforeValues, err = f.parse(c.before); err != nil {
		return err
	}
	if before, after := f.sensitive(c.beforeMarks), f.sensitive(c.afterMarks); len(before)+len(after) > 0 {
		c.hidden = &hidden{before, after}
	}
	return nil
}

func (f *planFile) parse(raw []byte) (assize.Value, error) {
	if isNothing(raw) {
		return nil, nil
	}
	return parseJSON(raw, f.names)
}

// maxMarks bounds the trees of marks that are kept to be found again.
const maxMarks = 1 << 12

// pending reads what is not known yet; nil where all is.
func (f *planFile) pending(raw []byte) (assize.Value, error) {
	if !hasTrue(raw) {
		return nil, nil
	}
	if v, ok := f.marks[string(raw)]; ok {
		return v, nil
	}
	v, err := f.parse(raw)
	if err == nil && len(f.marks) < maxMarks {
		f.marks[string(raw)] = v
	}
	return v, err
}

// hasTrue tells whether anything is marked in a tree of marks.
func hasTrue(raw []byte) bool { return bytes.Contains(raw, []byte("true")) }

// origin says where the instance comes from.
func (f *planFile) origin(p *planned) assize.Origin {
	o := assize.Origin{Kind: "plan", Address: p.address, Action: p.action, Module: p.in.address}
	if f.o.Source == nil {
		return o
	}
	typ := p.typ
	if p.mode == "data" {
		typ = "data." + typ
	}
	names := p.in.names()
	if file, line, ok := f.o.Source.Position(names, typ, p.name); ok {
		o.File, o.Line = file, line
	}
	if len(names) > 0 {
		if file, line, ok := f.o.Source.ModuleCall(names); ok {
			o.ModuleFile, o.ModuleLine = file, line
		}
	}
	return o
}

// object is an attribute tree; what is none is empty.
func objectOf(v assize.Value) assize.Object {
	o, _ := v.(assize.Object)
	return o
}

// plannedOf makes what the mapping translates.
func (f *planFile) plannedOf(p *planned, attributes assize.Object, sensitive []string) *collect.Planned {
	account, region := p.scope.of(attributes)
	return &collect.Planned{
		Type: p.typ, Account: account, Region: region, Origin: f.origin(p),
		Attributes: attributes, Sensitive: sensitive,
	}
}
