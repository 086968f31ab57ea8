package cloudformation

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// Options say what is known beside the template.
type Options struct {
	// Mapping of the definitions, for templates; required.
	Mapping *collect.PlannedMapping
	// Account and Region that the stack goes to; may be empty: then what depends on them
	// is not known. The CDK's output may say them for each stack and wins.
	Account, Region string
	// StackName is the value of AWS::StackName; may be empty.
	StackName string
	// Parameters are values of the template's parameters, by name. Others have their
	// default, or are not known.
	Parameters map[string]string
	// AsOf is the time for rules about age.
	AsOf time.Time
	// AllowIncomplete takes a template of which macros write a part.
	AllowIncomplete bool
}

// ErrIncomplete is the error of a template of which a macro writes a part, so that what it
// says is not all that will be. What it says is in the Template.
var ErrIncomplete = errors.New("a macro writes a part of the template")

// Template is what a template, or the CDK's output, says.
type Template struct {
	Kind Kind
	// Files that were read, in order of name, slashes between folders.
	Files []string
	// Digest of the file, "sha256:<hex>"; of several, that of the list of their digests.
	Digest string
	// After is what there will be once the stacks are made.
	After *assize.Inventory
	// Total counts resources that are, or may be, made; Unmapped those of types that no
	// definition knows, by type.
	Total    int
	Unmapped map[string]int
	// Defaults are the parameters that have their default.
	Defaults []Default
	// Unset are the parameters that have neither a value nor a default: what depends on them is not known.
	Unset []Parameter
	// Conditional are the addresses of resources under a condition that is not decided:
	// they are judged as if they were made.
	Conditional []string
	// Warnings say what could not be read as it is written, in order of place.
	Warnings []Warning
	// Unread counts nested stacks whose templates are not at hand; the warnings name them.
	Unread int
	// Incomplete says what macros write.
	Incomplete []Warning
}

// Parameter is one of a template, with where it stands.
type Parameter struct {
	Name, File string
	Line       int // from 1
}

// Default is a parameter whose default was taken; Value is empty where it must not be shown.
type Default struct{ File, Name, Value string }

// Warning is something to know about a place of a template.
type Warning struct {
	File string
	Line int // from 1
	Text string
}

// String is the warning with its place, as compilers write it.
func (w Warning) String() string { return fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.Text) }

// ReadFile reads a template, or the CDK's output: its folder, or the manifest.json in it.
// Files that it names are looked for below its folder.
func ReadFile(name string, o Options) (*Template, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	if info.IsDir() {
		if _, err := os.Stat(filepath.Join(name, manifestName)); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read template: the folder %s has no %s, so it is no output of the CDK: give a template, or run `cdk synth`", name, manifestName)
		}
		return Read(os.DirFS(name), manifestName, o)
	}
	return Read(os.DirFS(filepath.Dir(name)), filepath.Base(name), o)
}

// Read reads a template, or the manifest of the CDK's output, with the templates that it
// names. It refuses what is neither, and templates that cannot be read whole; with
// [ErrIncomplete] the Template is not nil.
func Read(fsys fs.FS, name string, o Options) (*Template, error) {
	if o.Mapping == nil {
		return nil, errors.New("read template: there is no mapping of the definitions")
	}
	p := newProject(fsys, o)
	data, err := p.read(name)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	kind := KindTemplate
	found := Detect(data, name)
	if path.Base(name) == manifestName && found == KindNone {
		return nil, fmt.Errorf("read template: %s names no artifacts, so it is not the one that the CDK writes: give the folder that `cdk synth` fills", name)
	}
	if found == KindAssembly {
		kind = KindAssembly
		err = p.assembly(name, data, 0)
	} else {
		err = p.add(stackAt{file: name, account: o.Account, region: o.Region, name: o.StackName}, data)
	}
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	if len(p.unused) > 0 {
		return nil, fmt.Errorf("read template: %s has no parameter %s: look at the names that were given", name, firstOf(p.unused))
	}
	for _, s := range p.stacks {
		if err := s.circles(); err != nil {
			return nil, fmt.Errorf("read template: %w", err)
		}
	}
	t := p.template(kind)
	if len(t.Incomplete) > 0 && !o.AllowIncomplete {
		return t, fmt.Errorf("read template: %w (%s): give the processed template, as `aws cloudformation get-template "+
			"--template-stage Processed` writes it", ErrIncomplete, t.Incomplete[0])
	}
	return t, nil
}

func firstOf(set map[string]bool) string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	return slices.Min(names)
}

// project is one reading.
type project struct {
	fsys    fs.FS
	o       Options
	digests map[string]string
	stacks  []*stack
	exports map[string][]*exported // by name
	unused  map[string]bool        // parameters that no template has had yet
	said    map[Warning]bool
	text    int // bytes that functions may still put together
	nodes   counter

	defaults             []Default
	unset                []Parameter
	warnings, incomplete []Warning
	unread               int
}

func newProject(fsys fs.FS, o Options) *project {
	p := &project{
		fsys: fsys, o: o, digests: map[string]string{}, exports: map[string][]*exported{},
		unused: map[string]bool{}, said: map[Warning]bool{}, text: 64 * maxText, nodes: counter{maxNodes},
	}
	for parameter := range o.Parameters {
		p.unused[parameter] = true
	}
	return p
}

// read reads one file whole.
func (p *project) read(name string) ([]byte, error) {
	f, err := p.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	data, err := io.ReadAll(io.LimitReader(f, MaxInput+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > MaxInput {
		return nil, fmt.Errorf("%s: it is larger than %d MB, the most that is read; CloudFormation itself takes templates of at most 1 MB: "+
			"give each stack's own template", name, MaxInput>>20)
	}
	sum := sha256.Sum256(data)
	p.digests[name] = "sha256:" + hex.EncodeToString(sum[:])
	return data, nil
}

// parse reads a template's text.
func parse(name string, data []byte) (*node, error) {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if len(text) == 0 {
		return nil, fmt.Errorf("%s: it is empty", name)
	}
	read := parseYAML
	if text[0] == '{' {
		read, data = parseJSON, bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	}
	n, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if r := n.get("Resources"); r == nil || r.kind != objectNode {
		return nil, fmt.Errorf("%s: it has no section Resources, so it is no CloudFormation template", name)
	} else if len(r.fields) == 0 && n.get("Transform") == nil {
		return nil, fmt.Errorf("%s: its section Resources is empty, which CloudFormation refuses", name)
	}
	return n, nil
}

// add reads a stack of its own, with what is nested in it.
func (p *project) add(at stackAt, data []byte) error {
	at.prefix = at.file + ":"
	s, err := p.load(at, data)
	if err != nil {
		return err
	}
	return s.nest()
}

// template gives the result of the reading.
func (p *project) template(kind Kind) *Template {
	t := &Template{Kind: kind}
	objects := p.objects(t)
	scope := collect.PlannedScope{AsOf: p.o.AsOf, Account: p.stacks[0].account, Digest: p.digest()}
	for _, s := range p.stacks {
		if s.region != "" && s.account == scope.Account && !slices.Contains(scope.Regions, s.region) {
			scope.Regions = append(scope.Regions, s.region)
		}
	}
	t.After, t.Unmapped = p.o.Mapping.Inventory(objects, scope)
	t.Digest = scope.Digest
	for name := range p.digests {
		t.Files = append(t.Files, name)
	}
	slices.Sort(t.Files)
	t.Defaults, t.Unset, t.Warnings, t.Incomplete, t.Unread = p.defaults, p.unset, p.warnings, p.incomplete, p.unread
	slices.SortFunc(t.Unset, func(a, b Parameter) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line)) })
	slices.SortFunc(t.Defaults, func(a, b Default) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Name, b.Name)) })
	for _, list := range [][]Warning{t.Warnings, t.Incomplete} {
		slices.SortFunc(list, func(a, b Warning) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
		})
	}
	return t
}

// digest is that of the only file, or of the list of all.
func (p *project) digest() string {
	var lines []string
	for name, digest := range p.digests {
		if len(p.digests) == 1 {
			return digest
		}
		lines = append(lines, digest+"  "+name+"\n")
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// warn notes something about a place, once.
func (s *stack) warn(line int, text string) {
	w := Warning{s.file, line, text}
	if !s.project.said[w] {
		s.project.said[w] = true
		s.project.warnings = append(s.project.warnings, w)
	}
}

// incomplete notes that a part of the template is not there.
func (s *stack) incomplete(line int, text string) {
	w := Warning{s.file, line, text}
	if !s.project.said[w] {
		s.project.said[w] = true
		s.project.incomplete = append(s.project.incomplete, w)
	}
}
