package assess

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
)

// fieldKind is how a property is represented in rules.
type fieldKind int

const (
	scalarField fieldKind = iota
	objectField
	objectsField // a list of objects
	stringsField // a list of strings
)

// structType is a resource type, or an object within one, as rules see it.
type structType struct {
	name   string
	cel    *types.Type
	fields []*fieldDef
	index  map[string]int
	// profile: a field that is not set asks a person, it is not absent.
	profile bool
}

// fieldDef is one field of a structType.
type fieldDef struct {
	name     string
	kind     fieldKind
	fact     assize.FactType // of scalars
	child    *structType     // of objects and lists of objects
	optional bool            // absence has no default: a rule must guard it
	absent   ref.Val         // what absence means; nil when optional
	celField *types.FieldType
}

// newStruct makes an empty type.
func newStruct(name string) *structType {
	return &structType{name: name, cel: types.NewObjectType(name), index: map[string]int{}}
}

func (s *structType) field(name string) *fieldDef {
	if i, ok := s.index[name]; ok {
		return s.fields[i]
	}
	return nil
}

func (s *structType) add(f *fieldDef) {
	i := len(s.fields)
	s.index[f.name] = i
	s.fields = append(s.fields, f)
	f.celField = &types.FieldType{
		Type:    f.celType(),
		IsSet:   func(any) bool { return true },
		GetFrom: func(target any) (any, error) { return fieldOf(target, i) },
	}
}

func (f *fieldDef) celType() *types.Type {
	switch f.kind {
	case objectField:
		return f.child.cel
	case objectsField:
		return types.NewListType(f.child.cel)
	case stringsField:
		return types.NewListType(types.StringType)
	case scalarField:
		return scalarType(f.fact)
	}
	panic("assess: unknown kind of field")
}

func scalarType(t assize.FactType) *types.Type {
	switch t {
	case assize.String:
		return types.StringType
	case assize.Int:
		return types.IntType
	case assize.Double:
		return types.DoubleType
	case assize.Bool:
		return types.BoolType
	case assize.Timestamp:
		return types.TimestampType
	case assize.Policy:
		return policyType
	case assize.Strings:
		return types.NewListType(types.StringType)
	}
	panic("assess: unknown type of fact " + string(t))
}

// typeName turns "AWS::S3::Bucket" into the CEL name "AWS.S3.Bucket".
func typeName(typ string) string { return strings.ReplaceAll(typ, "::", ".") }

// newResourceType builds the type of a definition from its facts. It returns all
// types: the resource's first, then its nested objects.
func newResourceType(d *assize.Definition) ([]*structType, error) {
	root := newStruct(typeName(d.Type))
	all := []*structType{root}
	for i := range d.Facts {
		if err := addFact(root, &d.Facts[i], &all); err != nil {
			return nil, fmt.Errorf("%s: fact %s: %w", d.Type, d.Facts[i].Path, err)
		}
	}
	return all, nil
}

func addFact(at *structType, fact *assize.Fact, all *[]*structType) error {
	steps := fact.Steps()
	for _, step := range steps[:len(steps)-1] {
		name, list := strings.CutSuffix(step, "[]")
		f := at.field(name)
		if f == nil {
			f = &fieldDef{name: name, kind: objectField, child: newStruct(at.name + "." + name)}
			if list {
				f.kind = objectsField
			}
			*all = append(*all, f.child)
			at.add(f)
		}
		if f.child == nil || list != (f.kind == objectsField) {
			return fmt.Errorf("%s is declared in two ways", name)
		}
		at = f.child
	}
	return addLeaf(at, steps[len(steps)-1], fact)
}

func addLeaf(at *structType, name string, fact *assize.Fact) error {
	if !slices.Contains(assize.FactTypes, fact.Type) {
		return fmt.Errorf("type %q is not one of %v", fact.Type, assize.FactTypes)
	}
	if at.field(name) != nil {
		return fmt.Errorf("%s is declared twice", name)
	}
	f := &fieldDef{name: name, fact: fact.Type}
	switch {
	case fact.Type == assize.Strings:
		f.kind = stringsField
		if l, isList := fact.Default.([]any); fact.Default != nil && (!isList || len(l) > 0) {
			return fmt.Errorf("a list takes no default but the empty one")
		}
	case fact.Default == nil:
		f.optional = true
	default:
		v, ok := scalarVal(fact.Type, fact.Default)
		if !ok {
			return fmt.Errorf("default %v is not of type %s", fact.Default, fact.Type)
		}
		f.absent = v
	}
	at.add(f)
	return nil
}

// newProfileType builds the type of the profile.
func newProfileType(fields []assize.ProfileField) (*structType, error) {
	s := newStruct("Profile")
	s.profile = true
	for i := range fields {
		p := &fields[i]
		fact := assize.Fact{Path: p.Name, Type: p.Type, Default: p.Default}
		if err := addLeaf(s, p.Name, &fact); err != nil {
			return nil, fmt.Errorf("profile field %s: %w", p.Name, err)
		}
		s.fields[len(s.fields)-1].optional = false
	}
	return s, nil
}

// provider resolves our types for CEL's checker and planner; everything else is
// left to the registry.
type provider struct {
	*types.Registry
	structs map[string]*structType
}

func newProvider(all []*structType) (*provider, error) {
	reg, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	p := &provider{Registry: reg, structs: make(map[string]*structType, len(all))}
	for _, s := range all {
		if p.structs[s.name] != nil {
			return nil, fmt.Errorf("type %s is declared twice", s.name)
		}
		p.structs[s.name] = s
	}
	return p, nil
}

// FindStructType finds a declared type.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if s := p.structs[name]; s != nil {
		return types.NewTypeTypeWithParam(s.cel), true
	}
	return p.Registry.FindStructType(name)
}

// FindStructFieldNames lists the declared facts of a type.
func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	s := p.structs[name]
	if s == nil {
		return p.Registry.FindStructFieldNames(name)
	}
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
	}
	return names, true
}

// FindStructFieldType finds a declared fact.
func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	s := p.structs[name]
	if s == nil {
		return p.Registry.FindStructFieldType(name, field)
	}
	if f := s.field(field); f != nil {
		return f.celField, true
	}
	return nil, false
}

var (
	policyType  = cel.OpaqueType("policy")
	contextType = cel.OpaqueType("context")
)
