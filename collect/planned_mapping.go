package collect

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// NewTerraformMapping compiles what the definitions say of Terraform's providers:
// the types of hashicorp/aws where they are declared, and those of hashicorp/awscc by
// rule, as their names are CloudFormation's in another spelling. The error names each
// fact that cannot be found as declared.
func NewTerraformMapping(defs []*assize.Definition) (*PlannedMapping, error) {
	m := newPlannedMapping(defs)
	var errs []error
	for _, def := range defs {
		for i := range def.Terraform {
			if err := m.addTerraform(def, &def.Terraform[i]); err != nil {
				errs = append(errs, fmt.Errorf("%s: terraform: %s: %w", def.Type, def.Terraform[i].Resource, err))
			}
		}
		if err := m.addTemplate(def, cloudControl); err != nil {
			errs = append(errs, fmt.Errorf("%s: awscc: %w", def.Type, err))
		}
	}
	return m, errors.Join(errs...)
}

// NewTemplateMapping compiles what the definitions say of CloudFormation templates:
// each type that CloudFormation has, each fact at its path.
func NewTemplateMapping(defs []*assize.Definition) (*PlannedMapping, error) {
	m := newPlannedMapping(defs)
	var errs []error
	for _, def := range defs {
		if err := m.addTemplate(def, cloudFormation); err != nil {
			errs = append(errs, fmt.Errorf("%s: template: %w", def.Type, err))
		}
	}
	return m, errors.Join(errs...)
}

func newPlannedMapping(defs []*assize.Definition) *PlannedMapping {
	return &PlannedMapping{
		programs: map[string][]*plannedProgram{}, parts: map[string][]PlannedPart{},
		isPart: map[string]bool{}, links: map[string][]string{}, defs: defs,
	}
}

func (m *PlannedMapping) addTerraform(def *assize.Definition, src *assize.TerraformSource) error {
	p := &plannedProgram{
		def: def, id: cmp.Or(src.ID, "id"), arn: cmp.Or(src.ARN, "arn"), name: src.Names, region: regionOf(def), rows: src.Rows, json: src.JSON,
	}
	var errs []error
	if src.When != "" {
		var ok bool
		if p.when, p.whenValue, ok = strings.Cut(src.When, "="); !ok || p.when == "" {
			errs = append(errs, fmt.Errorf("when: %q: want attribute=value", src.When))
		}
	}
	declared := map[string]bool{}
	for _, part := range src.Parts {
		if part.Resource == "" || part.Link == "" || declared[part.Name()] {
			errs = append(errs, fmt.Errorf("parts: %s: want resource and link, and each name once", part.Name()))
		}
		declared[part.Name()] = true
		errs = append(errs, p.addFilter(&part))
		m.addPart(src.Resource, PlannedPart{Type: part.Resource, Link: part.Link, Names: part.Names})
	}
	entries := make([]plannedEntry, 0, len(def.Facts))
	for i := range def.Facts {
		e, err := terraformEntry(&def.Facts[i], def, src.Resource, declared)
		errs = append(errs, err)
		entries = append(entries, e)
	}
	root, err := plannedTree(entries)
	p.root = root
	m.programs[src.Resource] = append(m.programs[src.Resource], p)
	return errors.Join(append(errs, err, p.addLists(src), p.addComputed(src.Resource, src.Computed, nil))...)
}

// addPart notes a side object; several definitions may name it.
func (m *PlannedMapping) addPart(parent string, part PlannedPart) {
	m.isPart[part.Type] = true
	link, _, _ := strings.Cut(part.Link, ".")
	if link = strings.TrimSuffix(link, "[]"); !slices.Contains(m.links[part.Type], link) {
		m.links[part.Type] = append(m.links[part.Type], link)
	}
	if !slices.Contains(m.parts[parent], part) {
		m.parts[parent] = append(m.parts[parent], part)
	}
}

// terraformEntry parses the places of a fact in resources of the type. A fact without any is
// not to be had from a plan.
func terraformEntry(f *assize.Fact, def *assize.Definition, typ string, declared map[string]bool) (plannedEntry, error) {
	e := plannedEntry{fact: f, names: f.Steps()}
	makes := func(other string) bool {
		return slices.ContainsFunc(def.Terraform, func(s assize.TerraformSource) bool { return s.Resource == other })
	}
	var errs []error
	for _, path := range f.Terraform {
		place, err := parsePlace(path.At)
		if err == nil && !declared[place.part] && makes(place.part) {
			if place.part != typ {
				continue // of another type that makes it
			}
			place.part = ""
		}
		if err == nil && place.part != "" && !declared[place.part] && partOfAnother(def, place.part) {
			continue
		}
		if err == nil && place.part != "" && (!declared[place.part] || place.kind != placePath && place.kind != placeConstant) {
			err = fmt.Errorf("%s is not among the type's parts", place.part)
		}
		if err == nil {
			err = fits(f, &place)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("fact %s: terraform: %q: %w", f.Path, path.At, err))
		}
		place.values = path.Values
		e.places = append(e.places, place)
	}
	if len(e.places) == 0 {
		e.places = []plannedPlace{placeOfNone(f, len(f.Terraform) > 0)}
	}
	return e, errors.Join(errs...)
}

// partOfAnother reports whether another type that makes the resource has such parts.
func partOfAnother(def *assize.Definition, part string) bool {
	return slices.ContainsFunc(def.Terraform, func(s assize.TerraformSource) bool {
		return slices.ContainsFunc(s.Parts, func(p assize.TerraformPart) bool { return p.Name() == part })
	})
}

// placeOfNone is the place of a fact for which none is declared, or only some of other
// types that make the resource: those of this type do not have it.
func placeOfNone(f *assize.Fact, elsewhere bool) plannedPlace {
	switch {
	case selfOf(f) != "":
		return plannedPlace{kind: placeSelf}
	case elsewhere:
		return plannedPlace{kind: placeNone}
	}
	return plannedPlace{kind: placeLive}
}

// fits holds that a path has a list for each list of the fact's, or none at all: then
// each of the fact's lists has the one element.
func fits(f *assize.Fact, p *plannedPlace) error {
	if p.kind != placePath {
		return nil
	}
	want, got := strings.Count(f.Path, "[]"), 0
	if p.each {
		got++
	}
	for _, s := range p.steps {
		if s.each != eachNone {
			got++
		}
	}
	switch {
	case got == want, got == 0, got > want && f.Type == assize.Strings:
		return nil
	}
	return fmt.Errorf("the fact's path has %d lists, this has %d", want, got)
}

// regionOf is where all resources of the type stand. Types that are listed once an
// account stand in no Region, unless they have one themselves, as buckets do.
func regionOf(def *assize.Definition) string {
	hasRegion := func(f assize.Fact) bool { return f.At == "$region" }
	if def.Global && !slices.ContainsFunc(def.Facts, hasRegion) {
		return assize.Global
	}
	return ""
}

// dialect is a spelling of CloudFormation's names.
type dialect struct {
	typ  func(string) string
	name func(string) string
	id   string
	arn  string
}

var (
	cloudFormation = &dialect{
		typ: func(s string) string { return s }, name: func(s string) string { return s }, id: refAttribute, arn: "Arn",
	}
	cloudControl = &dialect{typ: awsccType, name: snake, id: "id", arn: "arn"}
)

// refAttribute is the attribute of a template's object that holds what Ref gives.
const refAttribute = "Ref"

// addTemplate compiles a definition by CloudFormation's names.
func (m *PlannedMapping) addTemplate(def *assize.Definition, d *dialect) error {
	if def.Extension != "" {
		return nil
	}
	src := &def.Template
	typ := d.typ(def.Type)
	p := &plannedProgram{def: def, id: d.id, arn: d.arn, region: regionOf(def)}
	if src.ID != "" {
		p.id = d.name(src.ID)
	}
	if src.ARN != "" {
		p.arn = templateNames(src.ARN, d)
	}
	for _, name := range src.Names {
		p.name = append(p.name, d.name(name))
	}
	for _, part := range slices.Sorted(maps.Keys(src.Parts)) {
		m.addPart(typ, PlannedPart{Type: d.typ(part), Link: dialectPath(src.Parts[part], d)})
	}
	var errs []error
	entries := make([]plannedEntry, 0, len(def.Facts))
	for i := range def.Facts {
		f := &def.Facts[i]
		places, err := templatePlaces(f, src, d)
		if err != nil {
			errs = append(errs, fmt.Errorf("fact %s: %w", f.Path, err))
		}
		entries = append(entries, plannedEntry{f, f.Steps(), places})
	}
	root, err := plannedTree(entries)
	p.root = root
	besideParts(root)
	m.programs[typ] = append(m.programs[typ], p)
	if tn := turnings[def.Type].in(d); tn != nil {
		errs = append(errs, p.addComputed(tn.as, src.Computed, tn))
	} else if len(src.Computed) > 0 {
		errs = append(errs, fmt.Errorf("template: computed: nothing is computed of %s", def.Type))
	}
	return errors.Join(append(errs, err)...)
}

// templatePlace finds a fact by its path, or in the side object that it names.
func templatePlace(f *assize.Fact, src *assize.TemplateSource, d *dialect) (plannedPlace, error) {
	typ, path, inPart := strings.Cut(f.CloudFormation, "#")
	switch {
	case selfOf(f) != "":
		return plannedPlace{kind: placeSelf}, nil
	case f.Extension != "", inPart && src.Parts[typ] == "":
		return plannedPlace{kind: placeLive}, nil
	case !inPart:
		path = f.Path
	}
	place := plannedPlace{}
	var err error
	if place.steps, err = parseSteps(dialectPath(path, d)); err != nil {
		return place, err
	}
	if inPart {
		place.part = d.typ(typ)
		place.each = strings.Count(path, "[]") < strings.Count(f.Path, "[]") || f.Type == assize.Strings
	}
	return place, fits(f, &place)
}

// dialectPath spells a path of names.
func dialectPath(path string, d *dialect) string {
	names := strings.Split(path, ".")
	for i, name := range names {
		plain, isList := strings.CutSuffix(name, "[]")
		if names[i] = d.name(plain); isList {
			names[i] += "[]"
		}
	}
	return strings.Join(names, ".")
}

// templateNames spells the attributes in a template of an ARN.
func templateNames(arn string, d *dialect) string {
	return expandTemplate(arn, func(name string) string {
		if slices.Contains(scopeNames, name) {
			return "${" + name + "}"
		}
		return "${" + d.name(name) + "}"
	})
}

// scopeNames stand in templates of ARNs for what the provider or stack knows.
var scopeNames = []string{"partition", "region", "account"}

// expandTemplate replaces each ${name}. What is not closed stays as it is.
func expandTemplate(text string, value func(name string) string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(before)
		b.WriteString(value(name))
		text = after
	}
}

// awsccType is the type's name in the provider hashicorp/awscc.
func awsccType(typ string) string {
	parts := strings.Split(typ, "::")
	if len(parts) != 3 || parts[0] != "AWS" {
		return typ
	}
	return "awscc_" + strings.ToLower(parts[1]) + "_" + snake(parts[2])
}

// wholeWords are names that the provider hashicorp/awscc takes as one word.
var wholeWords = strings.NewReplacer(
	"CloudFormation", "Cloudformation", "CloudFront", "Cloudfront", "CloudWatch", "Cloudwatch",
	"CNAMEs", "Cnames", "FSx", "Fsx", "OTel", "Otel",
)

// snake spells a name of CloudFormation as the provider hashicorp/awscc does: a word
// begins at a capital or digit after a small letter, at a letter after a digit, and at the
// last capital of several before a small letter. So "KMSMasterKeyID" is
// "kms_master_key_id" and "SubnetIDs" is "subnet_i_ds".
func snake(name string) string {
	name = wholeWords.Replace(name)
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if i > 0 && beginsWord(name, i) {
			b.WriteByte('_')
		}
		if isUpper(c) {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

func beginsWord(name string, i int) bool {
	before, c := name[i-1], name[i]
	switch {
	case isLower(before):
		return isUpper(c) || isDigit(c)
	case isDigit(before):
		return isUpper(c) || isLower(c)
	}
	return isUpper(before) && isUpper(c) && i+1 < len(name) && isLower(name[i+1])
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
