package collect

import "github.com/assize-dev/assize"

// templatePlaces are where a template keeps a fact: what it says, then what the service gives
// each such resource, or each new one, as it is declared for Terraform: whoever makes the
// resource, the service gives the same.
func templatePlaces(f *assize.Fact, src *assize.TemplateSource, d *dialect) ([]plannedPlace, error) {
	first, err := templatePlace(f, src, d)
	if first.kind == placeSelf {
		return []plannedPlace{first}, err
	}
	var places []plannedPlace
	if first.kind != placeLive {
		places = append(places, first)
	}
	for _, path := range f.Terraform {
		place, err := parsePlace(path.At)
		if err == nil && place.part == "" && len(place.steps) == 0 && (place.kind == placeConstant || place.kind == placeNew) {
			places = append(places, place)
		}
	}
	if len(places) == 0 {
		places = append(places, first)
	}
	return places, err
}

// RefGives is the property of a template's type whose value Ref gives, "Ref" where the
// definitions do not say.
func (m *PlannedMapping) RefGives(typ string) string {
	for _, p := range m.programs[typ] {
		if ref := p.def.Template.Ref; ref != "" {
			return ref
		}
	}
	return refAttribute
}
