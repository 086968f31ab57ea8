package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// parseFile parses a file of configuration, in HCL or, by its name, in JSON. name is for positions.
func parseFile(data []byte, name string) ([]*hclsyntax.Block, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: %d bytes, more than %d for one file of configuration", name, len(data), maxFile)
	}
	if strings.HasSuffix(name, ".json") {
		return parseJSON(data, name)
	}
	if err := shallow(data, name); err != nil {
		return nil, err
	}
	f, diags := hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s: not readable as configuration: %w", name, diags)
	}
	return f.Body.(*hclsyntax.Body).Blocks, nil
}

// Tokens that begin and end what is nested, and those that nest nothing; all others are operators.
var (
	opening = []hclsyntax.TokenType{
		hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp,
		hclsyntax.TokenTemplateControl, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
	}
	closing = []hclsyntax.TokenType{
		hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd,
		hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc,
	}
	flat = []hclsyntax.TokenType{
		hclsyntax.TokenIdent, hclsyntax.TokenNewline, hclsyntax.TokenComment, hclsyntax.TokenComma,
		hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenNumberLit, hclsyntax.TokenEOF,
	}
)

// shallow refuses a file whose nesting would exhaust the stack of whoever parses or
// evaluates it.
func shallow(data []byte, name string) error {
	lexed, diags := hclsyntax.LexConfig(data, name, hcl.InitialPos)
	if diags.HasErrors() {
		return fmt.Errorf("%s: not readable as configuration: %w", name, diags)
	}
	nesting, operators := 0, 0
	for _, tok := range lexed {
		switch {
		case tok.Type == hclsyntax.TokenEqual:
			operators = 0
		case slices.Contains(opening, tok.Type):
			nesting++
			operators++
		case slices.Contains(closing, tok.Type):
			nesting--
		case !slices.Contains(flat, tok.Type):
			operators++
		}
		if nesting > maxNesting || operators > maxOperators {
			return fmt.Errorf("%s:%d: brackets or operators are nested too deeply to be read", name, tok.Range.Start.Line)
		}
	}
	return nil
}

// override changes blocks by those of an override file, as Terraform does: arguments one by one, and all
// nested blocks of a type by those of the override.
func override(base []*hclsyntax.Block, over *hclsyntax.Block) ([]*hclsyntax.Block, error) {
	switch over.Type {
	case "terraform", "moved", "removed", "import", "check":
		return append(base, over), nil
	case "locals":
		for _, b := range base {
			if b.Type == "locals" {
				maps.DeleteFunc(b.Body.Attributes, func(name string, _ *hclsyntax.Attribute) bool { return over.Body.Attributes[name] != nil })
			}
		}
		return append(base, over), nil
	}
	for _, b := range base {
		if b.Type != over.Type || !slices.Equal(b.Labels, over.Labels) {
			continue
		}
		if b.Type == "provider" && constantText(b.Body, "alias") != constantText(over.Body, "alias") {
			continue
		}
		overrideBody(b.Body, over.Body)
		return base, nil
	}
	if over.Type == "provider" {
		return append(base, over), nil
	}
	return nil, fmt.Errorf("%s: overrides %s %s, which nothing declares", position(over.TypeRange), over.Type, strings.Join(over.Labels, "."))
}

func overrideBody(base, over *hclsyntax.Body) {
	for name, a := range over.Attributes {
		base.Attributes[name] = a
	}
	replaced := map[string]bool{}
	for _, b := range over.Blocks {
		replaced[blockName(b)] = true
	}
	kept := slices.DeleteFunc(slices.Clone(base.Blocks), func(b *hclsyntax.Block) bool {
		return replaced[blockName(b)] && blockName(b) != "lifecycle"
	})
	base.Blocks = append(kept, over.Blocks...)
}

// blockName is the type of block that a block makes, dynamic or not.
func blockName(b *hclsyntax.Block) string {
	if b.Type == "dynamic" && len(b.Labels) == 1 {
		return b.Labels[0]
	}
	return b.Type
}
