package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// indexExpr is an index that knows of tokens. It is no function, for a call of one searches all its
// arguments, and these are often all instances of a resource.
type indexExpr struct {
	*hclsyntax.IndexExpr
}

// Value finds the element. The key of an instance whose key is not known finds the one that stands for all; of
// another key with a token in it, or among keys that are not known, nothing is known.
func (e *indexExpr) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	collection, diags := e.Collection.Value(ctx)
	key, more := e.Key.Value(ctx)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if tainted(key) && (key.Type() != cty.String || !isKeyToken(key.AsString())) {
		return cty.DynamicVal, nil
	}
	v, diags := hcl.Index(collection, key, &e.BracketRange)
	if diags.HasErrors() && unknownKeys(collection) {
		return cty.DynamicVal, nil
	}
	return v, diags
}

// unknownKeys reports whether the value has the object that stands for all instances of a for_each.
func unknownKeys(v cty.Value) bool {
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return false
	}
	for it := v.ElementIterator(); it.Next(); {
		if k, _ := it.Element(); hasToken(k.AsString()) {
			return true
		}
	}
	return false
}
