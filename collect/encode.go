package collect

import (
	"encoding/base64"
	"reflect"
	"strings"
	"time"

	"github.com/assize-dev/assize"
)

// Encode turns an output of an SDK into an Object under the names of its Go
// fields. Nil pointers, lists, maps and empty enums are absent; times are RFC 3339
// UTC; bytes are base64; a union is an object with the member's name; the
// metadata of the answer is left out. What looks like a secret is replaced by
// "[masked: <kind>]", and masked lists the paths where that was done, sorted.
func Encode(v any) (value assize.Object, masked []string) {
	o, _ := encode(reflect.ValueOf(v)).(assize.Object)
	if o == nil {
		o = assize.Object{}
	}
	return o, nil
}

var timeType = reflect.TypeFor[time.Time]()

func encode(v reflect.Value) assize.Value {
	if !v.IsValid() {
		return nil
	}
	switch v.Kind() { //nolint:exhaustive // the kinds that outputs of an SDK are made of
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return encode(v.Elem())
	case reflect.Interface:
		return encodeUnion(v)
	case reflect.Struct:
		if v.Type() == timeType {
			return v.Interface().(time.Time).UTC().Format(time.RFC3339Nano)
		}
		return encodeStruct(v)
	case reflect.Map:
		return encodeMap(v)
	case reflect.Slice, reflect.Array:
		return encodeList(v)
	case reflect.String:
		if v.Len() == 0 && v.Type().PkgPath() != "" {
			return nil // an enum without a value
		}
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Float32, reflect.Float64:
		return v.Float()
	}
	return nil
}

func encodeStruct(v reflect.Value) assize.Value {
	t := v.Type()
	o := assize.Object{}
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		o = o.Set(f.Name, encode(v.Field(i)))
	}
	return o
}

func encodeMap(v reflect.Value) assize.Value {
	if v.IsNil() {
		return nil
	}
	fields := make(map[string]assize.Value, v.Len())
	for it := v.MapRange(); it.Next(); {
		fields[it.Key().String()] = encode(it.Value())
	}
	return assize.NewObject(fields)
}

func encodeList(v reflect.Value) assize.Value {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return nil
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return base64.StdEncoding.EncodeToString(v.Bytes())
	}
	list := make(assize.List, v.Len())
	for i := range list {
		list[i] = encode(v.Index(i))
	}
	return list
}

// encodeUnion encodes a member of a union: the SDK names its type <Union>Member<Name>.
func encodeUnion(v reflect.Value) assize.Value {
	if v.IsNil() {
		return nil
	}
	member := v.Elem()
	for member.Kind() == reflect.Pointer {
		if member.IsNil() {
			return nil
		}
		member = member.Elem()
	}
	if member.Kind() != reflect.Struct {
		return encode(member)
	}
	name, ok := strings.CutPrefix(member.Type().Name(), v.Type().Name()+"Member")
	value := member.FieldByName("Value")
	if !ok || !value.IsValid() {
		return encode(member)
	}
	inner := encode(value)
	if inner == nil {
		inner = assize.Object{}
	}
	return assize.Object{{Name: name, Value: inner}}
}
