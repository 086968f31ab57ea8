package collect

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// withJSON puts lists and objects in place of the texts that hold them.
func (prog *plannedProgram) withJSON(p *Planned) *Planned {
	out := p
	for _, name := range prog.json {
		text, ok := p.Attributes.Get(name).(string)
		if !ok {
			continue // not set, or not known
		}
		if out == p {
			changed := *p
			changed.Attributes = slices.Clone(p.Attributes)
			out = &changed
		}
		v, err := assize.ParseValue([]byte(text))
		if err != nil {
			v = wrongPlanned(name, "JSON")
		}
		out.Attributes = out.Attributes.Set(name, withHoles(v, name))
	}
	return out
}

// withHoles puts what is not known in place of texts that are known in part.
func withHoles(v assize.Value, path string) assize.Value {
	switch x := v.(type) {
	case string:
		if strings.Contains(x, assize.Hole) {
			return &assize.Unknown{Cause: assize.UntilApply, Detail: path}
		}
	case assize.List:
		for i := range x {
			x[i] = withHoles(x[i], path)
		}
	case assize.Object:
		for i := range x {
			x[i].Value = withHoles(x[i].Value, path+"."+x[i].Name)
		}
	}
	return v
}
