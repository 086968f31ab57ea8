package terraform

import (
	"slices"
	"strconv"

	"github.com/assize-dev/assize"
)

func itoa(i int) string { return strconv.Itoa(i) }

// translate makes the inventories of what there will be and of what there is.
func (f *planFile) translate() {
	f.scopesOf()
	f.plan.After = f.inventoryAfter(f.joinAfter())
	f.plan.Before = f.inventoryBefore(f.joinBefore())
	if len(f.o.Account) > 0 && len(f.plan.After.Accounts) == 0 {
		f.plan.After.Accounts = []assize.Account{{ID: f.o.Account}}
	}
}

// joinAfter makes the objects that there will be, tied to their parts. Their attributes are what is
// known of them; see settle.
func (f *planFile) joinAfter() []*planned {
	f.linker = newLinker(f.m)
	f.linker.open = f.conf.openProvider
	f.byAddress = map[string]*joint{}
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
			if f.o.Source != nil {
				f.byAddress[p.address] = j
			}
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
	return kept
}

func (f *planFile) afterJoint(p *planned) *joint {
	var known assize.Object
	var sensitive []string
	if f.needed(&p.change) {
		known, sensitive = objectOf(p.afterValues), p.hidden.ofAfter()
	}
	p.after = &joint{p: f.plannedOf(p, known, sensitive), scope: p.scope.key, of: p}
	p.after.refer = func(link string) referral { return f.referral(p, link) }
	return p.after
}

func (f *planFile) beforeJoint(p *planned) *joint {
	known := slices.Clone(objectOf(p.beforeValues)) // they are those of after where nothing changes
	return &joint{p: f.plannedOf(p, withTags(known, assize.Object{}), p.hidden.ofBefore()), scope: p.scope.key}
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
	l := newLinker(f.m)
	l.open = f.conf.openProvider
	l.join(all, nil)
	return all
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
