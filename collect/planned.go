package collect

import (
	"slices"

	"github.com/assize-dev/assize"
)

// Planned is one object of a plan, state, configuration or template before it is
// translated into a resource. A loader makes it, [PlannedMapping] translates it.
type Planned struct {
	// Type as the source has it: "aws_s3_bucket", "awscc_s3_bucket" or "AWS::S3::BucketPolicy".
	Type string
	// Account is "" when it is not known, Region too.
	Account, Region string
	// Origin; its Address is unique among the objects of one source and becomes the
	// resource's id.
	Origin assize.Origin
	// Attributes under the source's own names, three-valued. A value that will name
	// another object of the source is an *Unknown with Refers; see [PlannedMapping.Reference].
	Attributes assize.Object
	// Sensitive are paths in Attributes, as "password" or "rule[0].secret", which
	// may be judged and are never shown; "" for all.
	Sensitive []string
	// Parts are the side objects that belong to this one, by type, in order of address.
	Parts map[string][]*Planned
	// Unlinked are the types of side objects of which some may belong here: facts
	// that they would decide are this *Unknown. A loader of something incomplete
	// names all types of parts that it did not find.
	Unlinked map[string]*assize.Unknown
	// Removed are types of side objects of which one belongs here now and is taken
	// away: what the object's own attributes still say of them is out of date.
	Removed []string
	// Unwritten are attributes that are unknown and that nothing is seen to set. One that
	// is a plain attribute is not set. One that is a block may be written by a dynamic
	// block, which plans do not show; where a side object could have decided, it is an old
	// way of saying the same and is not set either.
	Unwritten []string
}

// PlannedPart is a side object's type, and how it names what it belongs to.
type PlannedPart struct {
	Type string
	// Link is the path of the attribute that names the parent: names joined by dots,
	// [] behind lists. Blocks that are lists of one have no [].
	Link string
	// Names is the parent's attribute that Link holds; "" for any of those that
	// identify it, see [PlannedMapping.Identifies].
	Names string
}

// PlannedMapping translates planned objects as the definitions say. It is compiled
// once and safe for concurrent use.
type PlannedMapping struct {
	programs map[string][]*plannedProgram // by type of the source
	parts    map[string][]PlannedPart     // by type of the parent
	isPart   map[string]bool
	links    map[string][]string // by type of the part: attributes by which it names its parents
	defs     []*assize.Definition
	texts    texts
}

// Types returns the types that become resources of their own, sorted.
func (m *PlannedMapping) Types() []string {
	types := make([]string, 0, len(m.programs))
	for typ := range m.programs {
		types = append(types, typ)
	}
	slices.Sort(types)
	return types
}

// Maps reports whether objects of the type become resources of their own.
func (m *PlannedMapping) Maps(typ string) bool { return len(m.programs[typ]) > 0 }

// IsPart reports whether objects of the type are joined to another one.
func (m *PlannedMapping) IsPart(typ string) bool { return m.isPart[typ] }

// Parts returns the side objects that objects of the type may have.
func (m *PlannedMapping) Parts(typ string) []PlannedPart { return m.parts[typ] }

// Resource translates an object. It is false when its type is not mapped, or its
// attributes say that it is of none of the types that the mapping has for it.
// Where one type of the source makes several resources, it is the first; see
// [PlannedMapping.Resources].
func (m *PlannedMapping) Resource(p *Planned) (*assize.Resource, bool) {
	if all := m.Resources(p); len(all) > 0 {
		return all[0], true
	}
	return nil, false
}
