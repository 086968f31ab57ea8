package collect

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// noARN stands in a definition for "the type has no ARN".
const noARN = "-"

// UnknownRegion is the Region of planned resources of which nothing says where they go.
const UnknownRegion = "unknown"

// standInMark begins what stands for a name that is not known yet. No name of AWS
// is as long as the mark with the digest behind it and of this form.
const standInMark = "assize-planned-"

// StandIn is the text that stands for the name of the object at an address, within
// one inventory and never shown: "assize-planned-" and a digest.
func StandIn(address string) string {
	sum := sha256.Sum256([]byte(address))
	return standInMark + hex.EncodeToString(sum[:10])
}

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
	text, ok := scalarText(p.Attributes.Get(prog.when))
	return ok && text == prog.whenValue
}

// ARN is the object's ARN; where it is not known, one of the same form that stands for
// it within the inventory. "" for a type that has none.
func (m *PlannedMapping) ARN(p *Planned) string {
	prog := m.program(p)
	if prog == nil {
		if s := m.textOf(p, "arn"); s != "" {
			return s
		}
		return "arn:aws:assize:::" + StandIn(p.Origin.Address)
	}
	arn, _ := m.knownARN(prog, p)
	if arn == "" && prog.arn != noARN {
		arn = m.standInARN(prog, p)
	}
	return arn
}

// Name is what the text of a document has in place of an attribute that identifies the
// object: the value where it is known, else the stand-in. ok is false for other
// attributes.
func (m *PlannedMapping) Name(p *Planned, attribute string) (text string, ok bool) {
	if text := m.textOf(p, attribute); text != "" {
		return text, true
	}
	if !m.Identifies(p.Type, attribute) {
		return "", false
	}
	prog := m.program(p)
	if attribute == "arn" || attribute == "Arn" || prog != nil && attribute == prog.arn {
		return m.ARN(p), true
	}
	if prog != nil {
		for _, name := range append([]string{prog.id}, prog.name...) {
			if text := m.textOf(p, name); text != "" && !strings.HasPrefix(text, "arn:") && name != "id" {
				return text, true
			}
		}
	}
	return StandIn(p.Origin.Address), true
}

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
	if !known {
		return "", false
	}
	return arn, true
}

// standInARN fills what is not known in the ARN's template.
func (m *PlannedMapping) standInARN(prog *plannedProgram, p *Planned) string {
	stand := StandIn(p.Origin.Address)
	if !strings.Contains(prog.arn, "${") {
		_, service, _ := strings.Cut(strings.ToLower(prog.def.Type), "::")
		service, _, _ = strings.Cut(service, "::")
		return "arn:" + PartitionOf(p.Region) + ":" + service + ":" + p.Region + ":" + p.Account + ":" + stand
	}
	return expandTemplate(prog.arn, func(name string) string {
		text := m.scopeText(p, name)
		if text == "" && !slices.Contains(scopeNames, name) {
			return stand
		}
		return text
	})
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
