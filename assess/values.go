package assess

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/assize-dev/assize"
)

// objectVal is an object of a resource in a rule. Its fields are converted when
// first read and kept: many rules read the same resource.
type objectVal struct {
	typ  *structType
	obj  assize.Object
	made *converter
	vals []ref.Val
}

func (v *converter) object(t *structType, o assize.Object) *objectVal {
	return &objectVal{typ: t, obj: o, made: v, vals: make([]ref.Val, len(t.fields))}
}

var errAbsent = errors.New("the fact is absent and the rule did not guard it with has or default")

// fieldOf is the getter behind every declared field: the value, an Unknown, or
// an error where the fact is absent and has no default.
func fieldOf(target any, i int) (any, error) {
	switch o := target.(type) {
	case *objectVal:
		v := o.value(i)
		if v == nil {
			return nil, fmt.Errorf("%s: %w", o.typ.fields[i].name, errAbsent)
		}
		return v, nil
	case *types.Unknown:
		return o, nil
	}
	return nil, fmt.Errorf("%T is no object", target)
}

// value converts field i; nil means absent without a default.
func (o *objectVal) value(i int) ref.Val {
	if v := o.vals[i]; v != nil {
		return v
	}
	v := o.convert(o.typ.fields[i])
	o.vals[i] = v
	return v
}

func (o *objectVal) convert(f *fieldDef) ref.Val {
	raw := o.obj.Get(f.name)
	if u, ok := raw.(*assize.Unknown); ok {
		return o.made.unknown(u)
	}
	if raw == nil && o.typ.profile && f.absent == nil {
		return o.made.manual(f.name)
	}
	switch f.kind {
	case objectField:
		if raw == nil {
			return o.made.object(f.child, nil)
		}
		if obj, ok := raw.(assize.Object); ok {
			return o.made.object(f.child, obj)
		}
	case objectsField, stringsField:
		if raw == nil {
			return &listVal{}
		}
		if list, ok := raw.(assize.List); ok {
			return o.made.list(f, list)
		}
	case scalarField:
		if raw == nil {
			return f.absent
		}
		if v, ok := scalarVal(f.fact, raw); ok {
			return v
		}
	}
	return o.made.unknown(&assize.Unknown{
		Cause:  assize.WrongAnswer,
		Detail: fmt.Sprintf("%s: want %s, got %s", f.name, f.celType(), kindName(raw)),
	})
}

// has reports presence: true, false, or unknown.
func (o *objectVal) has(field string) ref.Val {
	i, ok := o.typ.index[field]
	if !ok {
		return types.NewErr("%s has no field %s", o.typ.name, field)
	}
	switch v := o.obj.Get(field).(type) {
	case nil:
		return types.False
	case *assize.Unknown:
		if v.Refers != nil {
			return types.True
		}
		return o.value(i)
	default:
		if u := onlyUnknown(v); u != nil {
			return o.made.unknown(u)
		}
		return types.True
	}
}

// scalarVal converts a scalar of a declared type.
func scalarVal(t assize.FactType, v assize.Value) (ref.Val, bool) {
	switch t {
	case assize.String:
		s, ok := v.(string)
		return types.String(s), ok
	case assize.Policy:
		s, ok := v.(string)
		return &policyVal{text: s}, ok
	case assize.Int:
		switch n := v.(type) {
		case int64:
			return types.Int(n), true
		case int:
			return types.Int(n), true
		}
		return nil, false
	case assize.Double:
		switch n := v.(type) {
		case float64:
			return types.Double(n), true
		case int64:
			return types.Double(n), true
		case int:
			return types.Double(n), true
		}
		return nil, false
	case assize.Bool:
		b, ok := v.(bool)
		return types.Bool(b), ok
	case assize.Timestamp:
		s, _ := v.(string)
		at, err := time.Parse(time.RFC3339, s)
		return types.Timestamp{Time: at}, err == nil
	case assize.Strings:
		return nil, false
	}
	return nil, false
}

func kindName(v assize.Value) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case assize.Object:
		return "an object"
	case assize.List:
		return "a list"
	case string:
		return "a string"
	case bool:
		return "a bool"
	default:
		return "a number"
	}
}

func (v *converter) list(f *fieldDef, list assize.List) ref.Val {
	l := &listVal{elems: make([]ref.Val, 0, len(list))}
	for _, e := range list {
		switch x := e.(type) {
		case *assize.Unknown:
			u := v.unknown(x)
			if x.Rest {
				l.rest = u
				continue
			}
			l.elems = append(l.elems, u)
		case assize.Object:
			if f.kind != objectsField {
				return v.wrongElement(f)
			}
			l.elems = append(l.elems, v.object(f.child, x))
		case string:
			if f.kind != stringsField {
				return v.wrongElement(f)
			}
			l.elems = append(l.elems, types.String(x))
		default:
			return v.wrongElement(f)
		}
	}
	return l
}

func (v *converter) wrongElement(f *fieldDef) ref.Val {
	return v.unknown(&assize.Unknown{Cause: assize.WrongAnswer, Detail: f.name + ": the list holds an element of a wrong kind"})
}

// ConvertToNative is not supported: resources stay in the engine.
func (o *objectVal) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("no conversion of %s to %v", o.typ.name, t)
}

// ConvertToType is not supported.
func (o *objectVal) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("no conversion of %s to %s", o.typ.name, t.TypeName())
}

// Equal is refused: rules that compare objects do not load.
func (o *objectVal) Equal(ref.Val) ref.Val { return types.NewErr("objects cannot be compared") }

// Type is the CEL type.
func (o *objectVal) Type() ref.Type { return o.typ.cel }

// Value is the object itself, so that field getters reach it.
func (o *objectVal) Value() any { return o }

// listVal is a list in a rule. With rest it is known only in part: iteration
// ends with an unknown element and the size is unknown, so that exists and all
// answer only what the known elements decide.
type listVal struct {
	elems []ref.Val
	rest  ref.Val
}

var (
	_ traits.Lister   = (*listVal)(nil)
	_ traits.Foldable = (*listVal)(nil)
)

// Add is refused at load; it never runs.
func (l *listVal) Add(ref.Val) ref.Val { return types.NewErr("lists cannot be added") }

// Contains is refused at load; it never runs.
func (l *listVal) Contains(ref.Val) ref.Val { return types.NewErr("use exists on lists") }

// Get is refused at load; it never runs.
func (l *listVal) Get(ref.Val) ref.Val { return types.NewErr("lists have no index") }

// Size is unknown when the list is known in part.
func (l *listVal) Size() ref.Val {
	if l.rest != nil {
		return l.rest
	}
	return types.Int(len(l.elems))
}

// Fold goes over the known elements and ends with the unknown rest.
func (l *listVal) Fold(f traits.Folder) {
	for i, e := range l.elems {
		if !f.FoldEntry(i, e) {
			return
		}
	}
	if l.rest != nil {
		f.FoldEntry(len(l.elems), l.rest)
	}
}

// Iterator goes over the same elements as Fold, for what does not fold.
func (l *listVal) Iterator() traits.Iterator {
	elems := l.elems
	if l.rest != nil {
		elems = append(slices.Clone(elems), l.rest)
	}
	return types.NewRefValList(types.DefaultTypeAdapter, elems).Iterator()
}

// ConvertToNative is not supported.
func (l *listVal) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("no conversion of a list to %v", t)
}

// ConvertToType is not supported.
func (l *listVal) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("no conversion of a list to %s", t.TypeName())
}

// Equal is refused at load; it never runs.
func (l *listVal) Equal(ref.Val) ref.Val { return types.NewErr("lists cannot be compared") }

// Type is list.
func (l *listVal) Type() ref.Type { return types.ListType }

// Value is the list itself.
func (l *listVal) Value() any { return l }
