package tfschema

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	tsInterface = regexp.MustCompile(`^export interface (\w+)`)
	tsClass     = regexp.MustCompile(`^export declare class (\w+)`)
	tsLink      = regexp.MustCompile(`#(\w+) \w+#(\w+)\}`)
	tsField     = regexp.MustCompile(`^\s+readonly (\w+)\??: (\{\s*$|.+;)`)
	tsGetter    = regexp.MustCompile(`^\s+get (\w+)\(\): (string|number|boolean|cdktf\.IResolvable|string\[\]|number\[\]|cdktf\.StringMap|(\w+));`)
	camel       = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// ReadCDKTF reads the named types out of the declarations of the unpacked npm package
// @cdktf/provider-aws. Types that it has not are left out.
func ReadCDKTF(folder string, types []string) (map[string]Block, error) {
	found := map[string]Block{}
	for _, typ := range types {
		dir := strings.ReplaceAll(strings.TrimPrefix(typ, "aws_"), "_", "-")
		data, err := os.ReadFile(filepath.Join(folder, "lib", dir, "index.d.ts"))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the declarations of %s: %w", typ, err)
		}
		found[typ] = parseDeclarations(string(data))
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("read the declarations: none of %d types is in %s", len(types), folder)
	}
	return found, nil
}

// declaration is one interface or class: its fields' names and TypeScript types.
type declaration struct {
	fields map[string]string
}

func parseDeclarations(text string) Block {
	all := map[string]*declaration{}
	var current *declaration
	var config, link string
	for line := range strings.Lines(text) {
		switch {
		case tsInterface.MatchString(line):
			name := tsInterface.FindStringSubmatch(line)[1]
			current = &declaration{fields: map[string]string{}}
			all[name] = current
			if strings.HasSuffix(name, "Config") && strings.Contains(line, "TerraformMetaArguments") {
				config = name
			}
		case tsClass.MatchString(line):
			current = &declaration{fields: map[string]string{}}
			all[tsClass.FindStringSubmatch(line)[1]] = current
		case current == nil:
		case tsLink.MatchString(line):
			link = tsLink.FindStringSubmatch(line)[2]
		case tsField.MatchString(line):
			m := tsField.FindStringSubmatch(line)
			if link != "" {
				current.fields[link] = strings.TrimRight(m[2], ";\n ")
			}
			link = ""
		case tsGetter.MatchString(line):
			m := tsGetter.FindStringSubmatch(line)
			if !strings.HasSuffix(m[1], "Input") {
				current.fields[strings.ToLower(camel.ReplaceAllString(m[1], "${1}_${2}"))] = m[2]
			}
		}
	}
	out := Block{}
	if d := all[config]; d != nil {
		out = d.block(all, 0)
		class := strings.TrimSuffix(config, "Config")
		if c := all[class]; c != nil {
			for name, kind := range c.block(all, 0) {
				if _, ok := out[name]; !ok {
					out[name] = kind
				}
			}
		}
	}
	return out
}

// block turns fields into names and kinds; depth bounds types that hold themselves.
func (d *declaration) block(all map[string]*declaration, depth int) Block {
	out := Block{}
	for name, typ := range d.fields {
		out[name] = kindOfDeclaration(typ, all, depth)
	}
	return out
}

func kindOfDeclaration(typ string, all map[string]*declaration, depth int) any {
	first, _, _ := strings.Cut(typ, " |")
	name, isList := strings.CutSuffix(strings.Trim(first, "()"), "[]")
	name = strings.TrimSuffix(strings.TrimSuffix(name, "OutputReference"), "List")
	if d := all[name]; d != nil && depth < 12 {
		b := d.block(all, depth+1)
		if isList {
			b[many] = true
		}
		return b
	}
	switch {
	case isList:
		return "list"
	case name == "string" || name == "number":
		return name
	case name == "boolean":
		return "bool"
	case strings.HasPrefix(first, "{"):
		return "map"
	}
	return "dynamic"
}
