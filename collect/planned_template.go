package collect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// templatePlaces are where a template keeps a fact: what it says, then what the service gives
// each such resource, or each new one, as it is declared for Terraform: whoever makes the
// resource, the service gives the same.
func templatePlaces(f *assize.Fact, src *assize.TemplateSource, d *dialect) ([]plannedPlace, error) {
	if len(f.Template) > 0 {
		places, err := statedPlaces(f, d)
		if len(places) > 0 && len(places[0].steps) > 0 && places[0].steps[0].name == itselfStep {
			// what the resource has itself stands beside what its parts have
			parts, unfit := templatePlace(f, src, d)
			return append([]plannedPlace{parts}, places...), errors.Join(unfit, err)
		}
		return places, err
	}
	if place, ok := computedPlace(f, src); ok {
		return []plannedPlace{place}, fits(f, &place)
	}
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

// computedPlace is the place of a fact that is computed: it is called the same as for Terraform.
func computedPlace(f *assize.Fact, src *assize.TemplateSource) (plannedPlace, bool) {
	for _, path := range f.Terraform {
		place, err := parsePlace(path.At)
		if err == nil && place.part == "" && len(place.steps) > 0 && slices.Contains(src.Computed, place.steps[0].name) {
			return place, true
		}
	}
	return plannedPlace{}, false
}

// besideParts has the lists of a template, of which the resource itself is an element, made of all their sources.
func besideParts(nodes []*plannedNode) {
	for _, n := range nodes {
		besideParts(n.kids)
		n.together = n.together || slices.ContainsFunc(n.sources, func(src plannedSource) bool {
			return len(src.from.steps) > 0 && src.from.steps[0].name == itselfStep
		})
	}
}

// statedPlaces are the places that the definition states for templates.
func statedPlaces(f *assize.Fact, d *dialect) ([]plannedPlace, error) {
	var places []plannedPlace
	var errs []error
	for _, path := range f.Template {
		at := path.At
		if isPath(at) {
			at = dialectPath(at, d)
		} else if object, value, ok := strings.Cut(at, constantIn); ok {
			at = dialectPath(object, d) + constantIn + value
		}
		place, err := parsePlace(at)
		if err == nil {
			err = fits(f, &place)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("template: %q: %w", path.At, err))
		}
		place.values = path.Values
		places = append(places, place)
	}
	return places, errors.Join(errs...)
}

// isPath tells the path of an attribute from a constant or mark.
func isPath(at string) bool {
	place, err := parsePlace(at)
	return err == nil && place.kind == placePath
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
