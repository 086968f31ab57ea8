package library

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
)

// decodeFiles decodes and lints every file, several at a time, and returns the
// titles of services.
func decodeFiles(l *Library, files []file) (services map[string]string, err error) {
	decoded := make([]any, len(files))
	errs := make([]error, len(files))
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				decoded[i], errs[i] = decodeFile(files[i])
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	wg.Wait()
	services = map[string]string{}
	for i, d := range decoded {
		if errs[i] != nil {
			continue
		}
		switch x := d.(type) {
		case *assize.Definition:
			l.Definitions = append(l.Definitions, x)
		case *assize.Check:
			l.Checks = append(l.Checks, x)
		case []assize.ProfileField:
			l.Profile = x
		case Regions:
			l.Regions = x
		case serviceTitle:
			services[path.Base(path.Dir(files[i].path))] = x.Title
		}
	}
	slices.SortFunc(l.Definitions, func(a, b *assize.Definition) int { return cmp.Compare(a.Type, b.Type) })
	slices.SortFunc(l.Checks, func(a, b *assize.Check) int { return cmp.Compare(a.ID, b.ID) })
	return services, errors.Join(append(errs, twice(l.Checks)...)...)
}

// twice finds checks of one id in two services: one would hide the other. checks are by id.
func twice(checks []*assize.Check) []error {
	var errs []error
	for i := 1; i < len(checks); i++ {
		if a, b := checks[i-1], checks[i]; a.ID == b.ID {
			errs = append(errs, fmt.Errorf("%s and %s: the id of a check stands twice", checkPath(a), checkPath(b)))
		}
	}
	return errs
}

type serviceTitle struct {
	Title string `yaml:"title"`
}

// decodeFile knows by the path what a file must hold.
func decodeFile(f file) (any, error) {
	parts := strings.Split(f.path, "/")
	switch {
	case parts[0] == "resources" && len(parts) == 3:
		d := &assize.Definition{}
		if err := strict(f, d); err != nil {
			return nil, err
		}
		d.Service = parts[1]
		return d, lintDefinition(f, d)
	case parts[0] == "checks" && len(parts) == 3 && parts[2] == "service.yaml":
		var s serviceTitle
		err := strict(f, &s)
		return s, err
	case parts[0] == "checks" && len(parts) == 4 && parts[3] == "check.yaml":
		c := &assize.Check{}
		if err := strict(f, c); err != nil {
			return nil, err
		}
		c.Service, c.ID = parts[1], parts[2]
		return c, lintCheck(f, c)
	case f.path == "profile.yaml":
		var p []assize.ProfileField
		err := strict(f, &p)
		return p, err
	case f.path == "regions.yaml":
		var r Regions
		err := strict(f, &r)
		return r, err
	}
	return nil, fmt.Errorf("%s: no place for this file; want resources/<service>/<Type>.yaml, checks/<service>/<id>/check.yaml, "+
		"checks/<service>/service.yaml, frameworks/<id>.yaml, frameworks/<id>/<set>.yaml, common/<domain>.yaml, "+
		"mappings/<framework>.yaml, records/<id>.yaml, profile.yaml or regions.yaml", f.name())
}

// strict decodes one YAML document and refuses unknown keys and further documents. Of files that are
// held to have neither it does not look.
func strict(f file, into any) error {
	if f.held {
		if n, ok := plainYAML(f.data); ok {
			return faultsOf(f, n.Decode(into))
		}
	}
	dec := yaml.NewDecoder(bytes.NewReader(f.data))
	dec.KnownFields(true)
	if err := faultsOf(f, dec.Decode(into)); err != nil {
		return err
	}
	return atEnd(f.name(), dec)
}

const nullTag = "!!null"

// oneDocument reads one YAML document and refuses further ones; what it says is null where there is nothing in the file.
func oneDocument(name string, data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	null := &yaml.Node{Kind: yaml.ScalarNode, Tag: nullTag}
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return null, nil
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(doc.Content) == 0 {
		doc.Content = []*yaml.Node{null}
	}
	return doc.Content[0], atEnd(name, dec)
}

func atEnd(name string, dec *yaml.Decoder) error {
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: want one YAML document, there are more", name)
	}
	return nil
}

func faultsOf(f file, err error) error {
	if err == nil {
		return nil
	}
	return faults(f.name(), err)
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

// faults gives each fault of a YAML error its file and line.
func faults(name string, err error) error {
	var typeErr *yaml.TypeError
	lines := []string{err.Error()}
	if errors.As(err, &typeErr) {
		lines = typeErr.Errors
	}
	var errs []error
	for _, line := range lines {
		at := "1"
		if m := yamlLine.FindStringSubmatch(line); m != nil {
			at, line = m[1], line[len(m[0]):]
		}
		errs = append(errs, fmt.Errorf("%s:%s: %s", name, at, strings.TrimPrefix(line, "yaml: ")))
	}
	return errors.Join(errs...)
}

// lineOf finds the line on which the value of a top-level key begins; 1 when it
// is not there.
func lineOf(data []byte, key string) int { return lineOfKey(treeOf(data), key) }

func lineOfKey(tree *yaml.Node, key string) int {
	if tree == nil {
		return 1
	}
	m := tree.Content
	for i := 0; i+1 < len(m); i += 2 {
		if m[i].Value == key {
			if m[i+1].Style == yaml.LiteralStyle || m[i+1].Style == yaml.FoldedStyle {
				return m[i+1].Line + 1
			}
			return m[i+1].Line
		}
	}
	return 1
}

// celPosition finds line and column in an error of the compiler: ours begin with
// them, CEL's carry them behind <input>.
var celPosition = regexp.MustCompile(`(?:<input>:)?(\d+):(\d+): `)

// ruleErrors gives the faults of a rule the file and line where the rule stands.
func ruleErrors(files []file, c *assize.Check, err error) []error {
	name := checkPath(c)
	i := slices.IndexFunc(files, func(f file) bool { return f.path == name })
	part, _, _ := strings.Cut(err.Error(), ":")
	line := 1
	if i >= 0 {
		line, name = lineOf(files[i].data, part), files[i].name()
	}
	if m := celPosition.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		line += n - 1
	}
	return []error{fmt.Errorf("%s:%d: %w", name, line, err)}
}

// treeOf is what a file says, nil where it is no YAML.
func treeOf(data []byte) *yaml.Node {
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

// lineAt finds the line on which what a path of keys and indexes leads to begins; where the
// path ends before, the line of what it leads to.
func lineAt(data []byte, keys ...any) int { return lineIn(treeOf(data), keys...) }

func lineIn(n *yaml.Node, keys ...any) int {
	if n == nil {
		return 1
	}
	for _, key := range keys {
		next := child(n, key)
		if next == nil {
			break
		}
		n = next
	}
	return n.Line
}

func child(n *yaml.Node, key any) *yaml.Node {
	switch k := key.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && k < len(n.Content) {
			return n.Content[k]
		}
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == k {
				return n.Content[i+1]
			}
		}
	}
	return nil
}
