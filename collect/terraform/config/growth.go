package config

import (
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// maxGrowth bounds what a function may make of small arguments, in bytes or elements.
const maxGrowth = 1 << 26

// growing are the functions whose result may be as large as the product of their arguments: each
// letter of a text replaced by another text.
var growing = []string{"format", "formatlist", "indent", "join", "replace", "setproduct"}

// bounded makes a function that does not begin what would be too large.
func bounded(f function.Function) function.Function {
	return anyFunction(func(args []cty.Value) (cty.Value, error) {
		if growth(args) > maxGrowth {
			return cty.DynamicVal, nil
		}
		return f.Call(args)
	})
}

// growth is how large a result may be: that of texts as much as the two largest arguments multiplied,
// that of lists alone as much as all of them.
func growth(args []cty.Value) int {
	sizes := make([]int, len(args))
	lists := true
	for i, a := range args {
		sizes[i] = max(1, size(a))
		lists = lists && a.IsKnown() && a.CanIterateElements()
	}
	if !lists {
		slices.SortFunc(sizes, func(a, b int) int { return b - a })
		sizes = sizes[:min(2, len(sizes))]
	}
	product := 1
	for _, n := range sizes {
		if product *= n; product > maxGrowth {
			return product
		}
	}
	return product
}

// size is how much there is of a value: bytes of texts, elements of lists, and a number's own value.
func size(v cty.Value) int {
	switch {
	case !v.IsKnown() || v.IsNull():
		return 0
	case v.Type() == cty.String:
		return len(v.AsString())
	case v.Type() == cty.Number:
		n, _ := v.AsBigFloat().Int64()
		return int(min(max(n, 0), maxGrowth+1))
	case !v.CanIterateElements():
		return 1
	}
	n := 0
	for it := v.ElementIterator(); it.Next() && n <= maxGrowth; {
		_, e := it.Element()
		n += 1 + size(e)
	}
	return n
}
