package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ErrNoConfiguration is that of a folder without any file of configuration.
var ErrNoConfiguration = errors.New("no file of Terraform configuration (*.tf, *.tf.json)")

// A Configuration is one that was read: the root module and all that it calls.
type Configuration struct {
	root       *module
	given      []*variableFile
	names      map[string]bool
	Exceptions []Exception
	// Missing are the calls whose module was not found, by address, with the reason.
	Missing map[string]string
	// Modules are the sources and versions of the calls, by their names joined by dots,
	// as far as Terraform's own list of modules is there.
	Modules map[string]Module
	digest  hash.Hash
}

// Module is where a called module comes from.
type Module struct {
	Source, Version string
}

// fileSet is where a module's functions may read files.
type fileSet struct {
	fsys fs.FS
	dir  string // of the module within fsys
	root string // of the root module; nothing outside of both is read
}

// layout says where modules stand.
type layout interface {
	// root is the folder of the root module.
	root() string
	// module is the folder of a call: key is the names of the calls joined by dots. display is
	// the folder for people and path.module. The error says why it is not there.
	module(key, callerDir, source string) (dir, display string, err error)
}

// loader reads a configuration.
type loader struct {
	fsys         fs.FS
	layout       layout
	config       *Configuration
	files, bytes int
	modules      int
	open         []string // folders of the module that is read and of those that lead to it
}

// load reads the root module and all below it.
func load(fsys fs.FS, l layout) (*Configuration, error) {
	c := &Configuration{names: map[string]bool{}, Missing: map[string]string{}, Modules: map[string]Module{}, digest: sha256.New()}
	ld := &loader{fsys: fsys, layout: l, config: c}
	root, err := ld.module(nil, l.root(), ".")
	if err != nil {
		return nil, err
	}
	c.root = root
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.given, err = ld.variableFiles(l.root()); err != nil {
		return nil, err
	}
	return c, nil
}

func (ld *loader) read(name string) ([]byte, error) {
	ld.files++
	if ld.files > maxFiles {
		return nil, fmt.Errorf("more than %d files of configuration", maxFiles)
	}
	data, err := readBounded(ld.fsys, name)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(ld.config.digest, "%s %d\n%s", name, len(data), data)
	ld.bytes += len(data)
	if ld.bytes > maxBytes {
		return nil, fmt.Errorf("more than %d bytes of configuration", maxBytes)
	}
	return data, nil
}

// readBounded reads a file of at most maxFile bytes.
func readBounded(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s: not a plain file of at most %d bytes", name, maxFile)
	}
	data := make([]byte, 0, info.Size()+1)
	return readAll(f, data, name)
}

// module reads the files of a folder.
func (ld *loader) module(names []string, dir, display string) (*module, error) {
	if ld.modules++; ld.modules > maxModules {
		return nil, fmt.Errorf("more than %d calls of modules", maxModules)
	}
	entries, err := fs.ReadDir(ld.fsys, dir)
	if err != nil {
		return nil, err
	}
	m := &module{
		path: names, dir: display, files: fileSet{ld.fsys, dir, ld.layout.root()},
		variables: map[string]*variableDecl{}, locals: map[string]hclsyntax.Expression{}, outputs: map[string]*outputDecl{},
		resources: map[string]*resourceDecl{}, calls: map[string]*callDecl{}, providers: map[string]*hclsyntax.Body{}, declared: map[string]hcl.Range{},
	}
	var blocks []*hclsyntax.Block
	var overrides []string
	found := false
	for _, e := range entries {
		if !isConfiguration(e.Name()) || e.IsDir() || replaced(e.Name(), entries) {
			continue
		}
		found = true
		if isOverride(e.Name()) {
			overrides = append(overrides, e.Name())
			continue
		}
		more, err := ld.parse(dir, display, e.Name())
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, more...)
	}
	if !found {
		return nil, fmt.Errorf("%s: %w", display, ErrNoConfiguration)
	}
	for _, name := range overrides {
		more, err := ld.parse(dir, display, name)
		if err != nil {
			return nil, err
		}
		for _, b := range more {
			if blocks, err = override(blocks, b); err != nil {
				return nil, err
			}
		}
	}
	r := &rewriter{names: ld.config.names}
	for _, b := range blocks {
		if err := m.declare(b, r); err != nil {
			return nil, err
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	ld.open = append(ld.open, dir)
	defer func() { ld.open = ld.open[:len(ld.open)-1] }()
	return m, ld.calls(m)
}

func (ld *loader) parse(dir, display, name string) ([]*hclsyntax.Block, error) {
	data, err := ld.read(path.Join(dir, name))
	if err != nil {
		return nil, err
	}
	shown := path.Join(display, name)
	blocks, err := parseFile(data, shown)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(name, ".json") {
		exceptions, err := parseExceptions(data, shown, blocks)
		if err != nil {
			return nil, err
		}
		ld.config.addExceptions(exceptions)
	}
	return blocks, nil
}

// calls reads the modules that a module calls. One that is not there is unknown, not an error.
func (ld *loader) calls(m *module) error {
	for _, name := range m.callOrder {
		c := m.calls[name]
		names := append(slices.Clone(m.path), name)
		if len(names) > maxDepth {
			return fmt.Errorf("%s: modules within modules, %d deep", position(c.at), len(names))
		}
		key := strings.Join(names, ".")
		dir, display, err := ld.layout.module(key, m.files.dir, c.source)
		if err == nil && slices.Contains(ld.open, dir) {
			return fmt.Errorf("%s: module %s calls itself: its source %q is the folder of a module that leads to it",
				position(c.at), key, PublicSource(c.source))
		}
		if err == nil {
			c.module, err = ld.module(names, dir, display)
		}
		switch {
		case err == nil:
		case errors.Is(err, fs.ErrNotExist) && isLocal(c.source):
			return fmt.Errorf("%s: module %s: source %q: there is no such folder", position(c.at), key, c.source)
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid), errors.Is(err, ErrNoConfiguration), errors.Is(err, errElsewhere):
			c.missing = err.Error()
			if errors.Is(err, fs.ErrNotExist) {
				c.missing = fmt.Sprintf("%s: source %q: its folder is gone; terraform init downloads it", position(c.at), PublicSource(c.source))
			}
			ld.config.Missing["module."+strings.Join(names, ".module.")] = c.missing
		default:
			return fmt.Errorf("module %s, called at %s: %w", key, position(c.at), err)
		}
	}
	return nil
}

func isConfiguration(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") {
		return false
	}
	return strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json") ||
		strings.HasSuffix(name, ".tofu") || strings.HasSuffix(name, ".tofu.json")
}

// replaced reports whether OpenTofu reads another file instead: main.tofu, and not main.tf.
func replaced(name string, entries []fs.DirEntry) bool {
	base, ext, found := strings.Cut(name, ".tf")
	if !found || ext != "" && ext != ".json" {
		return false
	}
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == base+".tofu"+ext && !e.IsDir() })
}

// A variableFile holds values of variables of the root module.
type variableFile struct {
	name   string
	values map[string]hclsyntax.Expression
}

// variableFiles reads those that Terraform loads on its own, in its order.
func (ld *loader) variableFiles(dir string) ([]*variableFile, error) {
	entries, err := fs.ReadDir(ld.fsys, dir)
	if err != nil {
		return nil, err
	}
	var names, auto []string
	for _, e := range entries {
		switch name := e.Name(); {
		case name == "terraform.tfvars", name == "terraform.tfvars.json":
			names = append(names, name)
		case strings.HasSuffix(name, ".auto.tfvars"), strings.HasSuffix(name, ".auto.tfvars.json"):
			auto = append(auto, name)
		}
	}
	var files []*variableFile
	for _, name := range append(names, auto...) {
		data, err := ld.read(path.Join(dir, name))
		if err != nil {
			return nil, err
		}
		f, err := parseVariables(data, name)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// parseVariables reads a file of values for variables, in HCL or JSON by its name.
func parseVariables(data []byte, name string) (*variableFile, error) {
	f := &variableFile{name: name, values: map[string]hclsyntax.Expression{}}
	body := &hclsyntax.Body{}
	if strings.HasSuffix(name, ".json") {
		// As the arguments of a block without labels; texts are texts here, not templates.
		var object map[string]json.RawMessage
		if err := json.Unmarshal(data, &object); err != nil {
			return nil, fmt.Errorf("%s: not readable as JSON: %w", name, err)
		}
		for key, raw := range object {
			v, err := plainJSON(raw)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, key, err)
			}
			f.values[key] = &hclsyntax.LiteralValueExpr{Val: v, SrcRange: hcl.Range{Filename: name}}
		}
		return f, nil
	}
	if err := shallow(data, name); err != nil {
		return nil, err
	}
	parsed, diags := hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s: not readable as values of variables: %w", name, diags)
	}
	body = parsed.Body.(*hclsyntax.Body)
	for key, a := range body.Attributes {
		f.values[key] = a.Expr
	}
	return f, nil
}

// Digest identifies what was read: "sha256:<hex>" over names and contents in the order of reading.
func (c *Configuration) Digest() string { return "sha256:" + hex.EncodeToString(c.digest.Sum(nil)) }

// CallsOf are the names of the calls that lead to modules in a folder, one list for each way; the root
// module's is empty.
func (c *Configuration) CallsOf(folder string) [][]string {
	var all [][]string
	var visit func(m *module)
	visit = func(m *module) {
		if m.dir == folder {
			all = append(all, m.path)
		}
		for _, name := range m.callOrder {
			if child := m.calls[name].module; child != nil {
				visit(child)
			}
		}
	}
	visit(c.root)
	return all
}
