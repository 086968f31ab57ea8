package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// maxTemplates bounds templates within templates.
const maxTemplates = 8

// within gives the path in the file system of a path that the configuration names. Nothing but
// what stands below the module or the root module is read: ok is false for all else.
func (mi *moduleInstance) within(name string) (string, bool) {
	files := mi.module.files
	if files.fsys == nil || path.IsAbs(name) || strings.HasPrefix(name, "~") || strings.ContainsRune(name, '\\') {
		return "", false
	}
	// path.module is relative to the root module.
	full := path.Join(files.root, name)
	if !fs.ValidPath(full) {
		return "", false
	}
	for _, dir := range []string{files.root, files.dir} {
		if dir == "." || full == dir || strings.HasPrefix(full, dir+"/") {
			return full, true
		}
	}
	return "", false
}

// read gives the text of a file; known is false where it may not or cannot be read.
func (mi *moduleInstance) read(args []cty.Value) (text string, known bool, err error) {
	if len(args) == 0 {
		return "", false, errArguments
	}
	if !args[0].IsKnown() || tainted(args[0]) {
		return "", false, nil
	}
	if args[0].IsNull() || args[0].Type() != cty.String {
		return "", false, errors.New("want the path of a file")
	}
	full, ok := mi.within(args[0].AsString())
	if !ok {
		return "", false, nil
	}
	data, err := readBounded(mi.module.files.fsys, full)
	if err != nil || len(data) > maxText || !utf8.Valid(data) || hasToken(string(data)) {
		// A file that is not there yet may be written before Terraform runs.
		return "", false, nil //nolint:nilerr // not readable is unknown, and that is what known says
	}
	return string(data), true, nil
}

func (mi *moduleInstance) file(args []cty.Value) (cty.Value, error) {
	text, known, err := mi.read(args)
	if err != nil || !known {
		return cty.UnknownVal(cty.String), err
	}
	return cty.StringVal(text), nil
}

func (mi *moduleInstance) fileExists(args []cty.Value) (cty.Value, error) {
	_, known, err := mi.read(args)
	if err != nil || !known {
		return cty.UnknownVal(cty.Bool), err
	}
	return cty.True, nil
}

// templateFile renders a template next to the module.
func (mi *moduleInstance) templateFile(args []cty.Value, depth int) (cty.Value, error) {
	if len(args) != 2 {
		return cty.DynamicVal, errArguments
	}
	text, known, err := mi.read(args)
	if err != nil || !known || depth > maxTemplates {
		return cty.UnknownVal(cty.String), err
	}
	vars := map[string]cty.Value{}
	if !args[1].IsKnown() {
		return cty.UnknownVal(cty.String), nil
	}
	if args[1].IsNull() || !args[1].Type().IsObjectType() && !args[1].Type().IsMapType() {
		return cty.DynamicVal, errors.New("templatefile: want an object of variables")
	}
	for it := args[1].ElementIterator(); it.Next(); {
		k, v := it.Element()
		vars[k.AsString()] = v
	}
	name := args[0].AsString()
	if strings.Count(text, "{")+strings.Count(text, "(")+strings.Count(text, "[") > maxOperators {
		return cty.UnknownVal(cty.String), nil
	}
	e, diags := hclsyntax.ParseTemplate([]byte(text), name, hcl.InitialPos)
	if diags.HasErrors() {
		return cty.DynamicVal, fmt.Errorf("templatefile: %w", diags)
	}
	r := &rewriter{names: map[string]bool{}}
	e = r.expr(e)
	ctx := common().NewChild()
	ctx.Variables, ctx.Functions = vars, maps.Clone(mi.functions)
	ctx.Functions["templatefile"] = anyFunction(func(args []cty.Value) (cty.Value, error) { return mi.templateFile(args, depth+1) })
	v, diags := e.Value(ctx)
	if diags.HasErrors() {
		return cty.DynamicVal, fmt.Errorf("templatefile: %w", diags)
	}
	return v, nil
}
