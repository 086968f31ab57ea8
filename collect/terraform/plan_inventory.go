package terraform

import (
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// inventoryAfter translates what there will be. Attributes are put together for one object at a
// time, and let go when nothing needs them any more: of a large plan they are as much as all that is
// made of them.
func (f *planFile) inventoryAfter(kept []*planned) *assize.Inventory {
	owners := map[*collect.Planned]*planned{} // of parts
	for _, p := range kept {
		p.uses = 1
		if f.m.IsPart(p.typ) {
			owners[p.after.p] = p
		}
	}
	for _, p := range kept {
		eachPart(p.after.p, func(part *collect.Planned) {
			if owner := owners[part]; owner != nil {
				owner.uses++
			}
		})
	}
	b := f.m.Builder(f.scope())
	for _, p := range kept {
		if collect.Expected(p.typ) {
			f.settle(p)
			b.Expect(p.after.p)
		}
	}
	for _, p := range kept {
		parts := f.settleAll(p, owners)
		b.Add(p.after.p)
		f.leave(p)
		for _, part := range parts {
			f.leave(part)
		}
	}
	inv, unmapped := b.Inventory()
	f.release()
	f.count(len(kept), unmapped)
	return inv
}

// eachPart visits the parts of an object.
func eachPart(p *collect.Planned, visit func(*collect.Planned)) {
	for _, parts := range p.Parts {
		for _, part := range parts {
			visit(part)
		}
	}
}

// settleAll settles an object and its parts, and returns the parts.
func (f *planFile) settleAll(p *planned, owners map[*collect.Planned]*planned) (parts []*planned) {
	f.settle(p)
	eachPart(p.after.p, func(part *collect.Planned) {
		if owner := owners[part]; owner != nil {
			f.settle(owner)
			parts = append(parts, owner)
		}
	})
	return parts
}

// settle puts together what is known and what is not of an object.
func (f *planFile) settle(p *planned) {
	if p.settled || !f.needed(&p.change) {
		return
	}
	p.settled = true
	attributes, unwritten := f.attributes(p)
	p.after.p.Attributes, p.after.p.Unwritten = withTags(attributes, p.scope.tags), unwritten
}

// leave lets go of the attributes of an object once it is translated, and all that it is a part of.
// With a source, others may ask for any of its values.
func (f *planFile) leave(p *planned) {
	if p.uses--; p.uses > 0 || f.o.Source != nil {
		return
	}
	p.afterValues = nil
	after := p.after.p
	after.Attributes, after.Parts, after.Unwritten, after.Sensitive = f.m.Identity(after), nil, nil, nil
}

// release lets go of what is not needed once all is translated.
func (f *planFile) release() {
	for _, p := range f.objects {
		p.afterValues, p.afterPending = nil, nil
		if p.after != nil {
			p.after.refer = nil
			p.after = nil
		}
	}
	f.linker, f.byAddress, f.callGroups, f.modules = nil, nil, nil, nil
}

// inventoryBefore translates what there is.
func (f *planFile) inventoryBefore(joints []*joint) *assize.Inventory {
	inv, _ := f.m.Inventory(objectsOf(joints), f.scope())
	return inv
}

func objectsOf(joints []*joint) []*collect.Planned {
	objects := make([]*collect.Planned, len(joints))
	for i, j := range joints {
		objects[i] = j.p
	}
	return objects
}

// scope is what is known of where all go.
func (f *planFile) scope() collect.PlannedScope {
	var regions []string
	for key, s := range f.scopes {
		if _, configured := f.conf.providers[key]; configured && s.region != "" && !slices.Contains(regions, s.region) {
			regions = append(regions, s.region)
		}
	}
	return collect.PlannedScope{AsOf: f.plan.Timestamp, Account: f.homeAccount(), Regions: regions}
}

// count says how many of the objects that there will be are judged.
func (f *planFile) count(total int, unmapped map[string]int) {
	f.plan.Unmapped = unmapped
	f.plan.Summary.Total, f.plan.Summary.Mapped = total, total
	for _, n := range unmapped {
		f.plan.Summary.Mapped -= n
	}
}
