package library

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// ParseProfile reads an organisation profile (assize.yaml) against the declared
// fields. name is the file's name, for errors. Unknown fields and values of the
// wrong type are refused, each with its line.
func (l *Library) ParseProfile(name string, data []byte) (*assize.Profile, error) {
	root, err := oneDocument(name, data)
	if err != nil {
		return nil, err
	}
	values := map[string]assize.Value{}
	if root.Tag != nullTag {
		if root.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("%s:%d: want fields and values, such as approved_regions: [eu-central-1]", name, root.Line)
		}
		if err := l.profileFields(name, root.Content, values); err != nil {
			return nil, err
		}
	}
	workloads, err := parseWorkloads(name, data)
	if err != nil {
		return nil, err
	}
	p := &assize.Profile{Values: assize.NewObject(values), Workloads: workloads, Path: name}
	canonical, err := canonicalProfile(p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256(canonical))
	return p, nil
}

func (l *Library) profileFields(name string, nodes []*yaml.Node, values map[string]assize.Value) error {
	var errs []error
	fault := func(n *yaml.Node, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", name, n.Line, fmt.Sprintf(format, args...)))
	}
	for i := 0; i+1 < len(nodes); i += 2 {
		key, node := nodes[i], nodes[i+1]
		if key.Value == workloadsField {
			continue // see parseWorkloads
		}
		at := slices.IndexFunc(l.Profile, func(f assize.ProfileField) bool { return f.Name == key.Value })
		if at < 0 {
			fault(key, "there is no field %q; there are: %s", key.Value, strings.Join(l.profileNames(), ", "))
			continue
		}
		if _, twice := values[key.Value]; twice {
			fault(key, "%s stands twice", key.Value)
			continue
		}
		v, ok := profileValue(l.Profile[at].Type, node)
		if !ok {
			fault(node, "%s: want a value of type %s", key.Value, l.Profile[at].Type)
			continue
		}
		values[key.Value] = v
	}
	return errors.Join(errs...)
}

func (l *Library) profileNames() []string {
	names := make([]string, len(l.Profile))
	for i, f := range l.Profile {
		names[i] = f.Name
	}
	return append(names, workloadsField)
}

func profileValue(t assize.FactType, n *yaml.Node) (assize.Value, bool) {
	switch t {
	case assize.Strings:
		var list []string
		if n.Kind != yaml.SequenceNode || n.Decode(&list) != nil {
			return nil, false
		}
		out := make(assize.List, len(list))
		for i, s := range list {
			out[i] = s
		}
		return out, true
	case assize.String:
		return n.Value, n.Kind == yaml.ScalarNode && n.Tag == "!!str"
	case assize.Int:
		var i int64
		if n.Tag != "!!int" || n.Decode(&i) != nil {
			return nil, false
		}
		return i, true
	case assize.Double:
		var d float64
		if n.Kind != yaml.ScalarNode || n.Tag != "!!float" && n.Tag != "!!int" || n.Decode(&d) != nil {
			return nil, false
		}
		return d, true
	case assize.Bool:
		var b bool
		if n.Tag != "!!bool" || n.Decode(&b) != nil {
			return nil, false
		}
		return b, true
	case assize.Timestamp, assize.Policy:
		return nil, false
	}
	return nil, false
}

// ProfileTemplate is a commented profile with every field, its meaning, its
// default and an example, all commented out.
func (l *Library) ProfileTemplate() []byte {
	var b bytes.Buffer
	b.WriteString("# Organisation profile of Assize: what your organisation has decided.\n" +
		"# Conditions that ask for a decision that is not made here are answered \"manual\".\n" +
		"# Remove the # before a field to decide it.\n")
	for _, f := range l.Profile {
		b.WriteByte('\n')
		for _, line := range wrap(f.Doc, 98) {
			b.WriteString("# " + line + "\n")
		}
		if f.Default != nil {
			fmt.Fprintf(&b, "# Default: %v\n", f.Default)
		}
		for line := range strings.Lines(strings.TrimSpace(f.Example)) {
			b.WriteString("#" + strings.TrimRight(line, "\n") + "\n")
		}
	}
	b.WriteString(workloadsTemplate)
	return b.Bytes()
}

// wrap breaks text into lines of at most width characters, where words allow.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
