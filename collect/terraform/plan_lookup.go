package terraform

import (
	"slices"

	"github.com/assize-dev/assize"
)

// lookup answers a source's questions about references, for one instance.
func (f *planFile) lookup(c context) func(string) (assize.Value, string) {
	c.indexed, c.index = true, c.key
	return func(reference string) (assize.Value, string) {
		ref := parseAddress(reference)
		if v := f.knownReference(c, ref); v != nil {
			return v, ""
		}
		sense := f.reference(c, ref, nil, 0)
		if len(sense.targets) != 1 || len(sense.groups)+len(sense.lost) > 0 {
			return &assize.Unknown{Cause: assize.UntilApply, Detail: reference}, ""
		}
		t := sense.targets[0]
		if t.to.mode == "data" {
			if text, ok := f.documentOf(sense, reference); ok {
				return text, ""
			}
			return &assize.Unknown{Cause: assize.UntilApply, Detail: reference}, ""
		}
		u := &assize.Unknown{Cause: assize.UntilApply, Detail: reference}
		to := f.identified(t, reference, 0)
		if to == nil {
			return u, ""
		}
		u.Refers = f.named(to.after)
		standIn := ""
		if t.attr != "" && to == t.to {
			standIn, _ = f.m.Name(to.after.p, t.attr)
		}
		return u, standIn
	}
}

// knownReference is the known value of a reference, nil where there is none: a variable, a
// key, an attribute that has a value, what a data source read.
func (f *planFile) knownReference(c context, ref []segment) assize.Value {
	if len(ref) < 2 || c.in == nil {
		return nil
	}
	switch ref[0].name {
	case "var":
		return at(f.knownVariable(c, ref[1].name), ref[1].key, ref[2:])
	case "each", "count":
		if ref[1].name == "value" {
			return at(f.collection(c), c.key, ref[2:])
		}
		return keyValue(c.key)
	case "data":
		if len(ref) < 4 {
			return nil
		}
		address := "data." + ref[1].name + "." + ref[2].name + ref[2].key.String()
		if c.in.address != "" {
			address = c.in.address + "." + address
		}
		raw := f.priorData[address]
		if raw == nil {
			return nil
		}
		v, err := parseJSON(raw, f.names)
		if err != nil {
			return nil // the text was checked when it was passed over
		}
		return at(v, instanceKey{}, ref[3:])
	case "module", "local", "path", "terraform", "self":
		return nil
	}
	return f.knownAttribute(c, ref)
}

func keyValue(key instanceKey) assize.Value {
	switch key.kind {
	case textKey:
		return key.text
	case numberKey:
		if v, err := number(key.text); err == nil {
			return v
		}
	case noKey:
	}
	return nil
}

// knownAttribute is an attribute of an instance that has a value.
func (f *planFile) knownAttribute(c context, ref []segment) assize.Value {
	set := c.in.blocks[ref[0].name+"."+ref[1].name]
	if set == nil || len(ref) < 3 {
		return nil
	}
	p := set.find(ref[1].key)
	if p == nil && ref[1].key.kind == noKey {
		p = set.find(c.key)
	}
	if p == nil {
		return nil
	}
	if markedAt(p.afterPending, ref[2].name) {
		return nil
	}
	return at(p.afterValues, instanceKey{}, ref[2:])
}

// knownVariable is a variable's value. What the caller gives by an expression is
// evaluated by the source, for a plan shows only what it refers to.
func (f *planFile) knownVariable(c context, name string) assize.Value {
	if c.in.parent == nil || c.in.conf == nil || c.in.conf.call == nil {
		return f.valueOfVariable(c, name, 0)
	}
	arg := c.in.conf.call.args.field(name)
	if arg == nil || arg.known {
		return f.valueOfVariable(c, name, 0)
	}
	names := c.in.names()
	return f.evaluated(Query{
		Module: slices.Clip(names[:len(names)-1]), Type: "module", Name: c.in.name, Argument: name, Lookup: f.lookup(c.in.context()),
	})
}

// evaluated is what the source makes of an expression; nil where it is not known as a whole.
func (f *planFile) evaluated(q Query) assize.Value {
	if f.o.Source == nil {
		return nil
	}
	e, ok := f.o.Source.Expression(q)
	if _, unknown := e.Value.(*assize.Unknown); !ok || unknown {
		return nil
	}
	return e.Value
}

// collection is the value of for_each of an instance.
func (f *planFile) collection(c context) assize.Value {
	switch {
	case c.repeat == nil:
		return nil
	case c.repeat.known:
		return c.repeat.constant
	}
	c.of.Argument, c.of.Lookup = "for_each", f.lookup(context{in: c.in})
	return f.evaluated(c.of)
}
