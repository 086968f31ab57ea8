package terraform

import (
	"fmt"

	"github.com/assize-dev/assize"
)

// cfgModule is a module of a plan's "configuration": as written, once for all instances.
type cfgModule struct {
	names     []string // of the calls from the root on
	parent    *cfgModule
	call      *cfgCall                // that makes it; nil for the root
	blocks    map[string]*cfgBlock    // by "type.name" and "data.type.name"
	calls     map[string]*cfgCall     // by name
	outputs   map[string]*cfgExpr     // by name
	variables map[string]assize.Value // defaults
}

// cfgBlock is a resource or data source as written.
type cfgBlock struct {
	provider string   // key of the provider's configuration
	args     *cfgExpr // its expressions, as a block
	repeat   *cfgExpr // of count or for_each; nil without
	forEach  bool
}

// cfgCall is a call of a module.
type cfgCall struct {
	source, version string
	args            *cfgExpr
	repeat          *cfgExpr
	forEach         bool
	module          *cfgModule
}

// cfgExpr is an expression, or a block of expressions ("Expression Representation" and
// "Block Expressions Representation" of Terraform's JSON output format).
type cfgExpr struct {
	constant assize.Value
	known    bool // constant is the value, which may be null
	refs     []string
	fields   map[string]*cfgExpr // of a block
	list     []*cfgExpr          // of blocks that stand several times
	// shared: the references are those of a whole object, of which this is a part.
	shared bool
}

// field returns the expression of an argument, nil when it is not written.
func (e *cfgExpr) field(name string) *cfgExpr {
	if e == nil {
		return nil
	}
	return e.fields[name]
}

func (s *scanner) module(parent *cfgModule, call *cfgCall, name string) (*cfgModule, error) {
	m := &cfgModule{
		parent: parent, call: call, blocks: map[string]*cfgBlock{}, calls: map[string]*cfgCall{},
		outputs: map[string]*cfgExpr{}, variables: map[string]assize.Value{},
	}
	if parent != nil {
		m.names = append(append(m.names, parent.names...), name)
	}
	err := s.object(func(field string) error {
		switch field {
		case "resources":
			return s.array(func() error { return s.block(m) })
		case "module_calls":
			return s.object(func(name string) error { return s.moduleCall(m, name) })
		case "outputs":
			return s.object(func(name string) error {
				e, err := s.wrapped("expression")
				m.outputs[name] = e
				return err
			})
		case "variables":
			return s.object(func(name string) error {
				v, err := s.value()
				if o, ok := v.(assize.Object); ok {
					m.variables[name] = o.Get("default")
				}
				return err
			})
		}
		_, err := s.skip()
		return err
	})
	return m, err
}

// wrapped reads the one expression that an object holds under a name.
func (s *scanner) wrapped(name string) (*cfgExpr, error) {
	var e *cfgExpr
	err := s.object(func(field string) error {
		if field != name {
			_, err := s.skip()
			return err
		}
		var err error
		e, err = s.expression()
		return err
	})
	return e, err
}

func (s *scanner) block(m *cfgModule) error {
	b := &cfgBlock{args: &cfgExpr{}}
	var mode, typ, name string
	err := s.object(func(field string) (err error) {
		switch field {
		case "mode":
			mode, err = s.text()
		case "type":
			typ, err = s.text()
		case "name":
			name, err = s.text()
		case "provider_config_key":
			b.provider, err = s.text()
		case "expressions":
			b.args, err = s.arguments()
		case "count_expression":
			b.repeat, err = s.expression()
		case "for_each_expression":
			b.repeat, err = s.expression()
			b.forEach = true
		default:
			_, err = s.skip()
		}
		return err
	})
	m.blocks[blockKey(mode, typ, name)] = b
	return err
}

// blockKey names a resource or data source within its module.
func blockKey(mode, typ, name string) string {
	if mode == "data" {
		return "data." + typ + "." + name
	}
	return typ + "." + name
}

func (s *scanner) moduleCall(m *cfgModule, name string) error {
	c := &cfgCall{args: &cfgExpr{}}
	err := s.object(func(field string) (err error) {
		switch field {
		case "source":
			c.source, err = s.text()
		case "version_constraint":
			c.version, err = s.text()
		case "expressions":
			c.args, err = s.arguments()
		case "count_expression":
			c.repeat, err = s.expression()
		case "for_each_expression":
			c.repeat, err = s.expression()
			c.forEach = true
		case "module":
			c.module, err = s.module(m, c, name)
		default:
			_, err = s.skip()
		}
		return err
	})
	m.calls[name] = c
	return err
}

// arguments reads a block: an expression, a block, or a list of blocks by name.
func (s *scanner) arguments() (*cfgExpr, error) {
	e := &cfgExpr{fields: map[string]*cfgExpr{}}
	err := s.object(func(name string) error {
		arg, err := s.expression()
		e.fields[name] = arg
		return err
	})
	return e, err
}

// expression reads what stands for an argument. An object with nothing but a
// constant or references is an expression, {} too: one that refers to nothing; any
// other object is a block.
func (s *scanner) expression() (*cfgExpr, error) {
	e := &cfgExpr{}
	if s.peek() == '[' {
		err := s.array(func() error {
			one, err := s.expression()
			e.list = append(e.list, one)
			return err
		})
		return e, err
	}
	err := s.object(func(name string) (err error) {
		switch {
		case name == "constant_value":
			e.known = true
			e.constant, err = s.value()
		case name == "references" && s.isTexts():
			err = s.array(func() error {
				ref, err := s.text()
				e.refs = append(e.refs, ref)
				return err
			})
		default:
			if e.fields == nil {
				e.fields = map[string]*cfgExpr{}
			}
			e.fields[name], err = s.expression()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("expression: %w", err)
	}
	if len(e.refs) > 0 {
		// Of a configuration in JSON the plan gives the text of a template as if it were a constant, too.
		e.known, e.constant = false, nil
	}
	return e, nil
}

// isTexts tells whether a list of texts follows, as references are.
func (s *scanner) isTexts() bool {
	if s.peek() != '[' {
		return false
	}
	ahead := scanner{data: s.data, pos: s.pos + 1}
	return ahead.peek() == '"' || ahead.peek() == ']'
}

// configuration is a plan's "configuration".
type configuration struct {
	root      *cfgModule
	providers map[string]*cfgExpr // by key
	// inherited are keys of modules that configure nothing, with the key of what they inherit; see inherit.
	inherited map[string]string
}

func parseConfiguration(raw []byte, names map[string]string) (*configuration, error) {
	c := &configuration{providers: map[string]*cfgExpr{}, inherited: map[string]string{}}
	if raw == nil {
		return c, nil
	}
	s := &scanner{data: raw, names: names}
	err := s.object(func(field string) (err error) {
		switch field {
		case "provider_config":
			err = c.providerConfigs(s)
		case "root_module":
			c.root, err = s.module(nil, nil, "")
		default:
			_, err = s.skip()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	c.inherit()
	return c, nil
}
