package config

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// converting lets a function take what Terraform converts on its own, a number for a text.
func converting(f function.Function) function.Function {
	return anyFunction(func(args []cty.Value) (cty.Value, error) {
		params := f.Params()
		if len(args) != len(params) {
			return cty.DynamicVal, errArguments
		}
		for i, p := range params {
			v, err := convert.Convert(args[i], p.Type)
			if err != nil {
				return cty.DynamicVal, err
			}
			args[i] = v
		}
		return f.Call(args)
	})
}

// jsonEncode writes JSON also of what is known in part: a token stands for the rest.
func (ev *evaluator) jsonEncode(args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, errArguments
	}
	if !args[0].IsKnown() || !light(args) {
		return cty.UnknownVal(cty.String), nil
	}
	var b bytes.Buffer
	if err := ev.writeJSON(&b, args[0]); err != nil {
		return cty.DynamicVal, fmt.Errorf("jsonencode: %w", err)
	}
	return cty.StringVal(b.String()), nil
}

func (ev *evaluator) writeJSON(b *bytes.Buffer, v cty.Value) error {
	ty := v.Type()
	switch {
	case !v.IsKnown():
		// Each is another one: nothing says that two unknown parts are the same.
		tok := ev.tokens.text(fmt.Sprintf("json %d", len(ev.tokens.list)), token{written: "a part of the document"})
		return writeText(b, tok)
	case v.IsNull():
		b.WriteString("null")
	case ty == cty.String:
		return writeText(b, v.AsString())
	case ty == cty.Number:
		b.WriteString(v.AsBigFloat().Text('f', -1))
	case ty == cty.Bool:
		fmt.Fprintf(b, "%t", v.True())
	case ty.IsObjectType() || ty.IsMapType():
		return ev.writeEntries(b, v)
	case v.CanIterateElements():
		b.WriteByte('[')
		for i, it := 0, v.ElementIterator(); it.Next(); i++ {
			if i > 0 {
				b.WriteByte(',')
			}
			_, e := it.Element()
			if err := ev.writeJSON(b, e); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		return fmt.Errorf("a value of type %s has no form in JSON", ty.FriendlyName())
	}
	return nil
}

func (ev *evaluator) writeEntries(b *bytes.Buffer, v cty.Value) error {
	b.WriteByte('{')
	for i, it := 0, v.ElementIterator(); it.Next(); i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		k, e := it.Element()
		if err := writeText(b, k.AsString()); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := ev.writeJSON(b, e); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func writeText(b *bytes.Buffer, s string) error {
	data, err := json.Marshal(s)
	b.Write(data)
	return err
}

// jsonDecode reads JSON; tokens in its texts go along.
func (ev *evaluator) jsonDecode(args []cty.Value) (cty.Value, error) {
	if len(args) != 1 {
		return cty.DynamicVal, errArguments
	}
	v, err := convert.Convert(args[0], cty.String)
	if err != nil {
		return cty.DynamicVal, fmt.Errorf("jsondecode: %w", err)
	}
	if !v.IsKnown() {
		return cty.DynamicVal, nil
	}
	if v.IsNull() {
		return cty.DynamicVal, fmt.Errorf("jsondecode: there is no text")
	}
	if len(v.AsString()) > maxText {
		return cty.DynamicVal, nil
	}
	decoded, err := stdlib.JSONDecode(v)
	if err != nil && hasToken(v.AsString()) {
		return cty.DynamicVal, nil
	}
	return decoded, err
}
