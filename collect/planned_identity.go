package collect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// noARN stands in a definition for "the type has no ARN".
const noARN = "-"

// UnknownRegion is the Region of planned resources of which nothing says where they go.
const UnknownRegion = "unknown"

// Identifies reports whether the attribute names the object itself, so that a value
// that refers to it is not absent after apply: its id, ARN, and further names.
func (m *PlannedMapping) Identifies(typ, attribute string) bool {
	if attribute == "id" || attribute == "arn" || attribute == refAttribute || attribute == "Arn" || attribute == "name" {
		return true
	}
	for _, p := range m.programs[typ] {
		if attribute == p.id || attribute == p.arn || slices.Contains(p.name, attribute) {
			return true
		}
	}
	return false
}

// Identity are those known attributes of an object by which others may name it, by which it names
// what it belongs to, and by which it is told of what type it is.
func (m *PlannedMapping) Identity(p *Planned) assize.Object {
	var kept assize.Object
	for _, f := range p.Attributes {
		if _, known := ScalarText(f.Value); !known && !slices.Contains(m.links[p.Type], f.Name) {
			continue
		}
		if m.Identifies(p.Type, f.Name) || m.tells(p.Type, f.Name) {
			kept = append(kept, f)
		}
	}
	return kept
}

// tells reports whether an attribute is part of the object's ARN, says of what type it is, or
// names what it belongs to.
func (m *PlannedMapping) tells(typ, attribute string) bool {
	return slices.Contains(m.links[typ], attribute) || slices.ContainsFunc(m.programs[typ], func(p *plannedProgram) bool {
		return attribute == p.when || strings.Contains(p.arn, "${"+attribute+"}")
	})
}

// Reference names the resource that the object becomes; one whose type is not mapped is
// named by the source's type, which no look-up finds.
func (m *PlannedMapping) Reference(p *Planned) *assize.Reference {
	return m.reference(m.program(p), p)
}

func (m *PlannedMapping) reference(prog *plannedProgram, p *Planned) *assize.Reference {
	ref := &assize.Reference{Type: p.Type, Account: p.Account, Region: p.Region, ID: p.Origin.Address}
	if prog != nil {
		ref.Type = prog.def.Type
		if prog.region != "" {
			ref.Region = prog.region
		}
	}
	if ref.Region == "" {
		ref.Region = UnknownRegion
	}
	return ref
}

// program is the first that fits the object, nil where there is none.
func (m *PlannedMapping) program(p *Planned) *plannedProgram {
	for _, prog := range m.programs[p.Type] {
		if prog.fits(p) {
			return prog
		}
	}
	return nil
}

// fits reports whether the object is of the program's type.
func (prog *plannedProgram) fits(p *Planned) bool {
	if prog.when == "" {
		return true
	}
	text, ok := ScalarText(p.Attributes.Get(prog.when))
	return ok && text == prog.whenValue
}

// ARN is the object's ARN; where it is not known, [assize.PlannedARN] of its address. ""
// for a type that has none.
func (m *PlannedMapping) ARN(p *Planned) string {
	prog := m.program(p)
	if prog == nil {
		return cmp.Or(m.textOf(p, "arn"), assize.PlannedARN(p.Origin.Address))
	}
	if prog.arn == noARN {
		return ""
	}
	if arn, known := m.knownARN(prog, p); known {
		return arn
	}
	return assize.PlannedARN(p.Origin.Address)
}

// Name is the text that a document has in place of an attribute of the object: the
// value where it is known; of the ARN, and of the name of a type whose ARN is a bucket's,
// what stands for it. ok is false for other attributes: a hole stands there.
func (m *PlannedMapping) Name(p *Planned, attribute string) (text string, ok bool) {
	if text := m.textOf(p, attribute); text != "" {
		return text, true
	}
	prog := m.program(p)
	if attribute == "arn" || attribute == "Arn" || prog != nil && attribute == prog.arn {
		text = m.ARN(p)
		return text, text != ""
	}
	if prog == nil || !strings.HasPrefix(prog.arn, bucketARN) || !m.Identifies(p.Type, attribute) {
		return "", false
	}
	for _, name := range prog.name {
		if text := m.textOf(p, name); text != "" {
			return text, true
		}
	}
	if text := m.textOf(p, prog.id); text != "" {
		return text, true
	}
	return strings.TrimPrefix(assize.PlannedARN(p.Origin.Address), "arn:aws:s3:::"), true
}

// bucketARN begins the template of a bucket's ARN.
const bucketARN = "arn:${partition}:s3:::"

// knownARN is the ARN where it is known as a whole; known is false otherwise.
func (m *PlannedMapping) knownARN(prog *plannedProgram, p *Planned) (arn string, known bool) {
	switch {
	case prog.arn == noARN:
		return "", false
	case !strings.Contains(prog.arn, "${"):
		arn = m.textOf(p, prog.arn)
		return arn, arn != ""
	}
	known = true
	arn = expandTemplate(prog.arn, func(name string) string {
		text := m.scopeText(p, name)
		known = known && text != ""
		return text
	})
	if !known { // what a state says, although the account is not known
		arn = m.textOf(p, "arn")
	}
	return arn, arn != ""
}

// scopeText is the text of a name in the template of an ARN.
func (m *PlannedMapping) scopeText(p *Planned, name string) string {
	switch name {
	case "partition":
		return PartitionOf(p.Region)
	case "region":
		return p.Region
	case "account":
		return p.Account
	}
	return m.textOf(p, name)
}

// textOf is a top-level attribute that is a known text; "" otherwise.
func (*PlannedMapping) textOf(p *Planned, attribute string) string {
	text, _ := p.Attributes.Get(attribute).(string)
	return text
}

// names are the physical names that are known, without the ARN, each once.
func (m *PlannedMapping) names(prog *plannedProgram, p *Planned) []string {
	var names []string
	for _, attribute := range append([]string{prog.id, "id"}, prog.name...) {
		if text := m.textOf(p, attribute); text != "" && !slices.Contains(names, text) {
			names = append(names, text)
		}
	}
	return names
}

// PartitionOf is the partition of a Region; "aws" for one that is not known.
func PartitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}
