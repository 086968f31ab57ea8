package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// destination is where a provider's configuration leads; what is not known is empty.
type destination struct {
	region, account string
	defaultTags     cty.Value // NilVal where there are none
}

// destinationOf is that of a resource. name is the provider as the module calls it: "aws.west".
func (mi *moduleInstance) destinationOf(name string) destination {
	body, at := mi.provider(name)
	if body == nil {
		return destination{account: mi.ev.options.Account}
	}
	key := providerKey{at, body}
	if d, ok := mi.ev.destinations[key]; ok {
		return d
	}
	d := at.destination(body)
	mi.ev.destinations[key] = d
	return d
}

// providerKey is the configuration of a provider in an instance of a module.
type providerKey struct {
	module *moduleInstance
	body   *hclsyntax.Body
}

// destination evaluates the configuration of a provider.
func (mi *moduleInstance) destination(body *hclsyntax.Body) destination {
	d := destination{account: mi.ev.options.Account}
	s := &scope{module: mi}
	d.region = s.knownText(expression(body, "region"))
	if d.account == "" {
		d.account = s.provedAccount(body)
	}
	if n := s.body(body, 1); n.blocks["default_tags"] != nil || n.arguments["default_tags"].value != cty.NilVal {
		d.defaultTags = defaultTags(n)
	}
	return d
}

// provider finds the configuration that a name stands for, and the module that it is in.
func (mi *moduleInstance) provider(name string) (*hclsyntax.Body, *moduleInstance) {
	for {
		if body := mi.module.providers[name]; body != nil {
			return body, mi
		}
		if mi.parent == nil {
			return nil, nil
		}
		if passed, ok := mi.call.providers[name]; ok {
			name = passed
		} else if strings.Contains(name, ".") {
			return nil, nil
		}
		mi = mi.parent
	}
}

// providerOf is the provider's name of a resource: what it says, else what its type begins with.
func (d *resourceDecl) providerOf() string {
	if d.provider != "" {
		return d.provider
	}
	name, _, _ := strings.Cut(d.typ, "_")
	return name
}

// knownText is the value of an argument that is a known text, else "".
func (s *scope) knownText(e hclsyntax.Expression) string {
	if e == nil {
		return ""
	}
	v, _ := s.eval(e)
	return textOf(v)
}

// textOf is a known text, else "".
func textOf(v cty.Value) string {
	if v == cty.NilVal || !v.IsKnown() || v.IsNull() || v.Type() != cty.String || tainted(v) {
		return ""
	}
	return v.AsString()
}

// provedAccount is the only account that the provider may be used with, or that of the role that it takes.
func (s *scope) provedAccount(body *hclsyntax.Body) string {
	n := s.body(body, 1)
	if list := n.arguments["allowed_account_ids"].value; list != cty.NilVal && list.IsWhollyKnown() && !list.IsNull() && list.CanIterateElements() && list.LengthInt() == 1 {
		it := list.ElementIterator()
		it.Next()
		_, e := it.Element()
		return textOf(e)
	}
	role := n.objects("assume_role")
	if len(role) != 1 {
		return ""
	}
	if parts := strings.SplitN(textOf(role[0]["role_arn"]), ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// objects are the blocks of a name, or the objects of an argument that stands for them.
func (n *node) objects(name string) []map[string]cty.Value {
	v, ok := n.object()[name]
	if !ok || !v.IsKnown() || v.IsNull() {
		return nil
	}
	if v.Type().IsObjectType() {
		return []map[string]cty.Value{v.AsValueMap()}
	}
	if !v.CanIterateElements() {
		return nil
	}
	var all []map[string]cty.Value
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsKnown() && !e.IsNull() && (e.Type().IsObjectType() || e.Type().IsMapType()) {
			all = append(all, e.AsValueMap())
		}
	}
	return all
}

func defaultTags(n *node) cty.Value {
	blocks := n.objects("default_tags")
	if len(blocks) != 1 {
		return cty.DynamicVal
	}
	if tags, ok := blocks[0]["tags"]; ok {
		return tags
	}
	return cty.NilVal
}
