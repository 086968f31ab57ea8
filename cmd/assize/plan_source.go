package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/collect/cloudformation"
	"github.com/assize-dev/assize/collect/terraform"
	"github.com/assize-dev/assize/library"
)

// planSource are the choices that say how what is given is read.
type planSource struct {
	account         string
	region          string
	vars            []string
	varFiles        []string
	parameters      []string
	allowIncomplete bool

	variables, values map[string]string // of vars and parameters
}

func (s *planSource) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.account, "account", "", "account that it goes to, where the plan does not prove it")
	f.StringVar(&s.region, "region", "", "Region that it goes to, where provider or stack do not say it")
	f.StringArrayVar(&s.vars, "var", nil, "of a folder: value of a variable, NAME=VALUE")
	f.StringArrayVar(&s.varFiles, "var-file", nil, "of a folder: file with values of variables; later ones win")
	f.StringArrayVar(&s.parameters, "parameters", nil, "of a template: value of a parameter, NAME=VALUE")
	f.BoolVar(&s.allowIncomplete, "allow-incomplete", false, "take a plan made with -target, or a template that a macro completes, for what it shows")
}

// regionName has the form of the names of Regions: eu-central-1, us-gov-west-1, eusc-de-east-1.
var regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)

func (s *planSource) validate() error {
	if s.account != "" && !accountID.MatchString(s.account) {
		return fmt.Errorf("--account %q: want an account id of 12 digits", s.account)
	}
	if s.region != "" && !regionName.MatchString(s.region) {
		return fmt.Errorf("--region %q: want the name of a Region, such as eu-central-1", s.region)
	}
	var err error
	if s.variables, err = assignments("--var", s.vars); err != nil {
		return err
	}
	s.values, err = assignments("--parameters", s.parameters)
	return err
}

// assignments splits texts of the form NAME=VALUE; later ones win.
func assignments(flag string, texts []string) (map[string]string, error) {
	values := map[string]string{}
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%s %q: want NAME=VALUE", flag, text)
		}
		values[name] = value
	}
	return values, nil
}

// planRole is what a path is for.
type planRole int

// The roles.
const (
	roleJSON     planRole = iota // the JSON of a plan or state, or a state file: it is judged
	roleZip                      // a binary plan: the source of the JSON beside it, else evaluated
	roleFolder                   // a configuration: likewise
	roleTemplate                 // a template, or the CDK's output: several are judged together
)

// planPath is one path of the command line.
type planPath struct {
	name string
	role planRole
	// input is what there is on standard input or in a pipe, nil for a file or folder.
	input io.Reader
	// unclear: its beginning is neither Terraform's nor CloudFormation's.
	unclear bool
}

// standardInput is the path that stands for it.
const standardInput = "-"

// find finds out what the paths are, and holds that they belong together.
func (s *planSource) find(paths []string, stdin io.Reader) ([]planPath, error) {
	var found []planPath
	for i, path := range paths {
		if slices.Contains(paths[:i], path) {
			return nil, fmt.Errorf("%s is given twice", path)
		}
		p, err := inspect(path, stdin)
		if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, s.combine(found)
}

// read reads what was found. An error with an input says that it may be judged for what it
// shows, and must not be taken for whole.
func (s *planSource) read(lib *library.Library, found []planPath) (*planInput, error) {
	in, unfit := s.open(lib, found)
	if in == nil {
		return nil, unfit
	}
	if in.after.AsOf.IsZero() { // only a plan says when it was made
		in.after.AsOf = time.Now().UTC().Truncate(time.Second)
	}
	in.before.AsOf = in.after.AsOf
	widen(in.after, in.before)
	return in, unfit
}

func (s *planSource) open(lib *library.Library, found []planPath) (*planInput, error) {
	if found[0].role == roleTemplate {
		return s.templates(lib, found)
	}
	return s.terraform(lib, found)
}

// inspect finds out what a path is.
func inspect(path string, stdin io.Reader) (planPath, error) {
	if path == standardInput {
		return inspectStream("standard input", stdin)
	}
	info, err := os.Stat(path)
	if err != nil {
		return planPath{}, fmt.Errorf("read what to judge: %w", err)
	}
	if info.IsDir() {
		role, err := roleOfFolder(path)
		return planPath{name: path, role: role}, err
	}
	if !info.Mode().IsRegular() {
		// A pipe, such as <(terraform show -json plan.tfplan) of a shell: it can be read once.
		f, err := os.Open(path) //nolint:gosec // the path is what the user asks to read
		if err != nil {
			return planPath{}, fmt.Errorf("read what to judge: %w", err)
		}
		return inspectStream(path, f)
	}
	p := planPath{name: path}
	return p, p.identifyBy(path, func(size int) ([]byte, error) {
		head, err := headOf(path, int64(size))
		if err != nil {
			return nil, fmt.Errorf("read what to judge: %w", err)
		}
		return head, nil
	})
}

// inspectStream finds out what comes in a stream. It stays open, for it is read later.
func inspectStream(name string, r io.Reader) (planPath, error) {
	input := bufio.NewReaderSize(r, wideHeadSize)
	p := planPath{name: name, input: input}
	return p, p.identifyBy("", func(size int) ([]byte, error) {
		head, err := input.Peek(size)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		return head, nil
	})
}

// As much of a file as tells what it is, in bytes: of nearly all headSize; wideHeadSize of a template whose
// resources come after much else, for CloudFormation takes none that is larger.
const (
	headSize     = 64 << 10
	wideHeadSize = 1 << 20
)

// identifyBy identifies a file by as much of its beginning as it takes.
func (p *planPath) identifyBy(name string, headOf func(size int) ([]byte, error)) error {
	for _, size := range []int{headSize, wideHeadSize} {
		head, err := headOf(size)
		if err != nil {
			return err
		}
		p.unclear = false
		if err := p.identify(head, name); err != nil || !p.unclear || len(head) < size {
			return err
		}
	}
	return nil
}

func headOf(path string, size int64) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the path is what the user asks to read
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	var head bytes.Buffer
	_, err = io.CopyN(&head, f, size)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return head.Bytes(), err
}

// judgedKinds are of files that hold what is judged, or of which only the reader can say what to
// give instead.
var judgedKinds = []terraform.Kind{terraform.KindPlan, terraform.KindState, terraform.KindStateJSON, terraform.KindCloud}

// identify tells by its beginning what a file is for. One that is nothing known is left to the
// reader that its name asks for, which says what is wrong with it.
func (p *planPath) identify(head []byte, name string) error {
	base := filepath.Base(name)
	kind := terraform.Detect(head, base)
	switch {
	case slices.Contains(judgedKinds, kind):
		return nil
	case kind == terraform.KindConfig:
		return fmt.Errorf("%s is one file of a configuration: give its folder", p.name)
	case kind == terraform.KindZip:
		p.role = roleZip
		return nil
	}
	ext := filepath.Ext(name)
	switch {
	case cloudformation.Detect(head, base) != cloudformation.KindNone:
		p.role = roleTemplate
	case kind != terraform.KindNone:
	case ext == ".yaml" || ext == ".yml" || ext == ".template":
		p.role = roleTemplate
	default:
		p.unclear = true
	}
	return nil
}

// roleOfFolder tells a configuration from the output of the CDK.
func roleOfFolder(folder string) (planRole, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0, fmt.Errorf("read what to judge: %w", err)
	}
	assembly := false
	for _, e := range entries {
		switch name := e.Name(); {
		case e.IsDir():
		case strings.HasSuffix(name, ".tf"), strings.HasSuffix(name, ".tf.json"), strings.HasSuffix(name, ".tofu"):
			return roleFolder, nil
		case name == "manifest.json":
			assembly = true
		}
	}
	if assembly {
		return roleTemplate, nil
	}
	return 0, fmt.Errorf("%s holds no *.tf, and no manifest.json of the CDK's output: give the folder of a root module, or a plan or template by its file", folder)
}

// combine holds that what is given belongs together.
func (s *planSource) combine(found []planPath) error {
	n := map[planRole]int{}
	for _, p := range found {
		n[p.role]++
	}
	sources := n[roleZip] + n[roleFolder]
	switch {
	case n[roleTemplate] > 0 && n[roleTemplate] < len(found):
		return errors.New("templates and Terraform have a result each: judge them one at a time")
	case n[roleJSON] > 1:
		return errors.New("each plan or state has its own result: give one at a time")
	case sources > 1 && n[roleJSON] == 1:
		return errors.New("beside a plan's JSON, give the binary plan or the folder of its configuration, not both")
	case sources > 1:
		return errors.New("each configuration has its own result: give one at a time; with a binary plan, give its JSON (terraform show -json)")
	case len(s.variables)+len(s.varFiles) > 0 && (n[roleTemplate] > 0 || n[roleJSON] > 0):
		return errors.New("--var and --var-file go with a folder or a binary plan alone: the values are in a plan's JSON, and a template has --parameters")
	case len(s.values) > 0 && n[roleTemplate] == 0:
		return errors.New("--parameters go with a template")
	}
	return nil
}

// place is a path as reports show it: relative ones with slashes, absolute ones as they are.
func (p planPath) place() string { return filepath.ToSlash(filepath.Clean(p.name)) }

// rootedAt is how files in the folder are called from here: empty for the folder itself.
func rootedAt(folder string) string {
	if folder = filepath.ToSlash(filepath.Clean(folder)); folder != "." {
		return cmp.Or(strings.TrimSuffix(folder, "/"), "") + "/"
	}
	return ""
}
