package config

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Variable is one of the root module, with where it is declared.
type Variable struct {
	Name, File string
	Line       int
}

// checkGiven holds that the values of variables of the root module are constant and of their types.
func (c *Configuration) checkGiven(o Options) error {
	for _, f := range c.given {
		for _, name := range slices.Sorted(maps.Keys(f.values)) {
			decl := c.root.variables[name]
			if decl == nil {
				continue // Terraform warns of it
			}
			v, diags := f.values[name].Value(nil)
			if diags.HasErrors() {
				return fmt.Errorf("%s: variable %q: %s", position(f.values[name].Range()), name, firstLine(diags[0].Summary+": "+diags[0].Detail))
			}
			if err := decl.fits(v); err != nil {
				return fmt.Errorf("%s: variable %q: %w", position(f.values[name].Range()), name, err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Variables)) {
		decl := c.root.variables[name]
		if err := decl.fits(givenValue(o.Variables[name], decl.ty)); err != nil {
			return fmt.Errorf("the value given for variable %q does not fit its type: %w", name, err)
		}
	}
	return nil
}

// fits holds that a value is of the variable's type.
func (d *variableDecl) fits(v cty.Value) error {
	if d.defaults != nil && v.IsKnown() && !v.IsNull() {
		v = d.defaults.Apply(v)
	}
	_, err := convert.Convert(v, d.ty)
	return err
}

// unset are the variables of the root module that nothing gives a value.
func (ev *evaluator) unset() []Variable {
	var unset []Variable
	root := ev.config.root
	for _, name := range slices.Sorted(maps.Keys(root.variables)) {
		_, given := ev.options.Variables[name]
		given = given || slices.ContainsFunc(ev.config.given, func(f *variableFile) bool { return f.values[name] != nil })
		if root.variables[name].value == nil && !given {
			at := root.declared["variable "+name]
			unset = append(unset, Variable{Name: name, File: at.Filename, Line: at.Start.Line})
		}
	}
	return unset
}
