// Package tfschema reads which attributes the types of the AWS provider for Terraform have: from the provider's own
// schema, and for newer types from the npm package @cdktf/provider-aws. It keeps names and kinds, no texts.
package tfschema

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// Block maps the names of attributes and nested blocks to what they are: a kind
// ("string", "number", "bool", "list", "map", "dynamic") or a nested [Block]. A block that
// may stand several times holds the name "[]" besides.
type Block map[string]any

// many marks a block that may stand several times.
const many = "[]"

// Mapped lists the provider's types that definitions name, sorted, each once.
func Mapped(defs []*assize.Definition) []string {
	var types []string
	for _, d := range defs {
		for _, s := range d.Terraform {
			types = append(types, s.Resource)
			for _, p := range s.Parts {
				types = append(types, p.Resource)
			}
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// providerSchemas is as much of "terraform providers schema -json" as is read.
type providerSchemas struct {
	Providers map[string]struct {
		Resources map[string]struct {
			Block providerBlock `json:"block"`
		} `json:"resource_schemas"`
	} `json:"provider_schemas"`
}

type providerBlock struct {
	Attributes map[string]providerAttribute `json:"attributes"`
	Blocks     map[string]struct {
		Nesting string        `json:"nesting_mode"`
		Max     int           `json:"max_items"`
		Block   providerBlock `json:"block"`
	} `json:"block_types"`
}

type providerAttribute struct {
	Type   json.RawMessage `json:"type"`
	Nested *struct {
		Nesting    string                       `json:"nesting_mode"`
		Attributes map[string]providerAttribute `json:"attributes"`
	} `json:"nested_type"`
}

// ReadProvider reads the output of "terraform providers schema -json" and returns the
// named types that are in it.
func ReadProvider(in io.Reader, types []string) (map[string]Block, error) {
	var s providerSchemas
	if err := json.NewDecoder(in).Decode(&s); err != nil {
		return nil, fmt.Errorf("read the provider's schema: %w", err)
	}
	found := map[string]Block{}
	for name, p := range s.Providers {
		if !strings.HasSuffix(name, "/hashicorp/aws") {
			continue
		}
		for _, typ := range types {
			if r, ok := p.Resources[typ]; ok {
				found[typ] = r.Block.names(nil)
			}
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("read the provider's schema: none of %d types is in it", len(types))
	}
	return found, nil
}

// names are those of a block that stands within blocks of the names above. What is in a
// statement of a statement is left out: it repeats, thousands of times.
func (b providerBlock) names(above []string) Block {
	out := Block{}
	for name, a := range b.Attributes {
		out[name] = a.kind()
	}
	for name, n := range b.Blocks {
		nested := Block{}
		if name != "statement" || !slices.Contains(above, name) {
			nested = n.Block.names(append(slices.Clip(above), name))
		}
		if (n.Nesting == "list" || n.Nesting == "set") && n.Max != 1 {
			nested[many] = true
		}
		out[name] = nested
	}
	return out
}

func (a providerAttribute) kind() any {
	if a.Nested != nil {
		nested := providerBlock{Attributes: a.Nested.Attributes}.names(nil)
		if a.Nested.Nesting == "list" || a.Nested.Nesting == "set" {
			nested[many] = true
		}
		return nested
	}
	return kindOf(a.Type)
}

// kindOf reads cty's way to write types: "string", ["list", T], ["object", {name: T}].
func kindOf(raw json.RawMessage) any {
	var word string
	if json.Unmarshal(raw, &word) == nil {
		return word
	}
	var pair []json.RawMessage
	if json.Unmarshal(raw, &pair) != nil || len(pair) < 2 || json.Unmarshal(pair[0], &word) != nil {
		return "dynamic"
	}
	switch word {
	case "object":
		var fields map[string]json.RawMessage
		if json.Unmarshal(pair[1], &fields) != nil {
			return "dynamic"
		}
		out := Block{}
		for name, t := range fields {
			out[name] = kindOf(t)
		}
		return out
	case "list", "set":
		if b, ok := kindOf(pair[1]).(Block); ok {
			b[many] = true
			return b
		}
		return "list"
	}
	return word
}
