package terraform

import "strings"

// providerConfigs reads "provider_config". Of the arguments only those are kept
// that say where resources go; credentials stand beside them.
func (c *configuration) providerConfigs(s *scanner) error {
	return s.object(func(key string) error {
		inModule, configured := false, false
		err := s.object(func(field string) (err error) {
			switch field {
			case "expressions":
				var args *cfgExpr
				args, err = s.arguments()
				c.providers[key], configured = keptArguments(args), true
				return err
			case "module_address":
				inModule = true
			}
			_, err = s.skip()
			return err
		})
		switch {
		case configured:
		case inModule:
			c.inherited[key] = ""
		default: // all of it comes from the environment
			c.providers[key] = &cfgExpr{}
		}
		return err
	})
}

func keptArguments(args *cfgExpr) *cfgExpr {
	kept := &cfgExpr{fields: map[string]*cfgExpr{}}
	for _, name := range []string{"region", "assume_role", "allowed_account_ids", "default_tags"} {
		if arg := args.field(name); arg != nil {
			kept.fields[name] = arg
		}
	}
	return kept
}

// inherit finds what modules inherit that configure no provider. Terraform gives such a module a key of its own
// where the module that calls it neither names nor uses the provider. Where there is one configuration of
// the provider it is that; of several, a plan does not show which one is passed down.
func (c *configuration) inherit() {
	of := map[string][]string{}
	for key := range c.providers {
		of[providerName(key)] = append(of[providerName(key)], key)
	}
	for key := range c.inherited {
		switch name := providerName(key); len(of[name]) {
		case 0:
			c.inherited[key] = name // the environment's, as that of the root module
		case 1:
			c.inherited[key] = of[name][0]
		}
	}
}

// providerName is the name of the provider of a key: "aws" of "aws.west" and of "module.m:aws.west".
func providerName(key string) string {
	if _, own, ok := strings.Cut(key, ":"); ok {
		key = own
	}
	name, _, _ := strings.Cut(key, ".")
	return name
}

// openProvider tells a key of which it is not known what it inherits: what goes there may go where any other of the
// provider goes.
func (c *configuration) openProvider(key string) bool {
	source, inherited := c.inherited[key]
	return inherited && source == ""
}
