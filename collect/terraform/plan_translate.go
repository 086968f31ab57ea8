package terraform

import (
	"slices"
	"strconv"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

func itoa(i int) string { return strconv.Itoa(i) }

// translate makes the inventories of what there will be and of what there is.
func (f *planFile) translate() {
	f.scopesOf()
	after := f.joinAfter()
	f.plan.After = f.inventory(after, true)
	f.plan.Before = f.inventory(f.joinBefore(), false)
	if len(f.o.Account) > 0 && len(f.plan.After.Accounts) == 0 {
		f.plan.After.Accounts = []assize.Account{{ID: f.o.Account}}
	}
}

// joinAfter makes the objects that there will be, with their parts.
func (f *planFile) joinAfter() []*joint {
	f.linker = newLinker(f.m)
	f.byJoint, f.byAddress = map[*joint]*planned{}, map[string]*joint{}
	var all, gone []*joint
	var kept []*planned
	for _, p := range f.objects {
		if p.mode == "data" || !isAWS(p.provider) && f.needed(&p.change) {
			continue
		}
		if f.m.IsPart(p.typ) && (p.action == "update" || p.action == "replace") {
			gone = append(gone, f.beforeJoint(p)) // it may have belonged to another one
		}
		switch {
		case p.stays():
			j := f.afterJoint(p)
			f.byJoint[j], f.byAddress[p.address] = p, j
			kept = append(kept, p)
			all = append(all, j)
		case p.action == "forget" && f.m.IsPart(p.typ):
			// It lives on in AWS: what it belongs to is as it was.
			all = append(all, f.beforeJoint(p))
		case p.action == "delete" && f.m.IsPart(p.typ):
			gone = append(gone, f.beforeJoint(p))
		}
	}
	var incomplete *assize.Unknown
	if !f.plan.Complete {
		incomplete = &assize.Unknown{Cause: assize.UntilApply, Detail: "the plan is incomplete: it does not show whether there is one"}
	}
	f.linker.join(all, incomplete)
	for _, j := range gone {
		f.linker.remove(j)
	}
	var joints []*joint
	for _, p := range kept {
		if f.needed(&p.change) {
			attributes, unwritten := f.attributes(p)
			p.after.p.Attributes, p.after.p.Unwritten = withTags(attributes, p.scope.tags), unwritten
		}
		joints = append(joints, p.after)
	}
	f.release()
	return joints
}

// release lets go of what is not needed once all attributes are put together: of a large
// plan it is as much as what is made of it.
func (f *planFile) release() {
	for _, p := range f.objects {
		p.afterValues, p.afterPending, p.afterSensitive = nil, nil, nil
		if p.after != nil {
			p.after.refer = nil
			p.after = nil
		}
	}
	f.linker, f.byJoint, f.byAddress, f.callGroups, f.modules = nil, nil, nil, nil, nil
}

func (f *planFile) afterJoint(p *planned) *joint {
	var known assize.Object
	var sensitive []string
	if f.needed(&p.change) {
		known, sensitive = objectOf(p.afterValues), p.afterSensitive
	}
	p.after = &joint{p: f.plannedOf(p, known, sensitive), scope: p.scope.key}
	p.after.refer = func(link string) referral { return f.referral(p, link) }
	return p.after
}

func (f *planFile) beforeJoint(p *planned) *joint {
	known := slices.Clone(objectOf(p.beforeValues)) // they are those of after where nothing changes
	return &joint{p: f.plannedOf(p, withTags(known, assize.Object{}), p.beforeSensitive), scope: p.scope.key}
}

// joinBefore makes the objects that there are now.
func (f *planFile) joinBefore() []*joint {
	var all []*joint
	for _, p := range f.objects {
		if p.mode == "data" || !p.exists || !f.needed(&p.change) || !isAWS(p.provider) {
			continue
		}
		all = append(all, f.beforeJoint(p))
	}
	newLinker(f.m).join(all, nil)
	return all
}

// inventory translates the objects. Those of After are counted.
func (f *planFile) inventory(joints []*joint, counted bool) *assize.Inventory {
	objects := make([]*collect.Planned, len(joints))
	for i, j := range joints {
		objects[i] = j.p
	}
	var regions []string
	for key, s := range f.scopes {
		if _, configured := f.conf.providers[key]; configured && s.region != "" && !slices.Contains(regions, s.region) {
			regions = append(regions, s.region)
		}
	}
	inv, unmapped := f.m.Inventory(objects, collect.PlannedScope{AsOf: f.plan.Timestamp, Account: f.homeAccount(), Regions: regions})
	if counted {
		f.plan.Unmapped = unmapped
		f.plan.Summary.Total = len(objects)
		f.plan.Summary.Mapped = len(objects)
		for _, n := range unmapped {
			f.plan.Summary.Mapped -= n
		}
	}
	return inv
}

// homeAccount is the account of the provider configurations where they agree.
func (f *planFile) homeAccount() string {
	account := f.o.Account
	for _, s := range f.scopes {
		if s.account == "" {
			continue
		}
		if account != "" && account != s.account {
			return f.o.Account
		}
		account = s.account
	}
	return account
}

// sensitive lists the paths that are marked in a tree of marks.
func (f *planFile) sensitive(raw []byte) []string {
	if !hasTrue(raw) {
		return nil
	}
	v, err := parseJSON(raw, f.names)
	if err != nil {
		return []string{""} // then all of it is
	}
	var paths []string
	marked(v, "", func(path string) { paths = append(paths, path) })
	return paths
}

// marked calls visit for the path of each mark.
func marked(v assize.Value, path string, visit func(string)) {
	switch x := v.(type) {
	case bool:
		if x {
			visit(path)
		}
	case assize.List:
		for i, e := range x {
			marked(e, path+"["+itoa(i)+"]", visit)
		}
	case assize.Object:
		for _, field := range x {
			name := field.Name
			if path != "" {
				name = path + "." + name
			}
			marked(field.Value, name, visit)
		}
	}
}

// withTags lets "tags" be all that the resource will have: its own and those that the
// provider gives to all.
func withTags(attributes assize.Object, defaults assize.Value) assize.Object {
	if all, ok := attributes.Get("tags_all").(assize.Object); ok {
		return attributes.Set("tags", all)
	}
	if attributes.Get("tags_all") == nil && attributes.Get("tags") == nil {
		return attributes
	}
	given, ok := defaults.(assize.Object)
	if !ok {
		return attributes.Set("tags", defaults)
	}
	own, ok := attributes.Get("tags").(assize.Object)
	if !ok && attributes.Get("tags") != nil {
		return attributes // not known
	}
	all := slices.Clone(given)
	for _, tag := range own {
		all = all.Set(tag.Name, tag.Value)
	}
	if len(all) == 0 {
		return attributes
	}
	return attributes.Set("tags", all)
}
