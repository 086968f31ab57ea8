package cloudformation

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// maxStackDepth is how deep stacks may be nested; CloudFormation sets no bound that is documented.
const maxStackDepth = 10

const stackType = "AWS::CloudFormation::Stack"

// nest reads the templates of nested stacks that are at hand.
func (s *stack) nest() error {
	for _, it := range s.order {
		if it.typ != stackType {
			continue
		}
		name := it.template()
		if name == "" {
			s.unread(it, "nothing in it is judged")
			continue
		}
		if s.within(name) {
			return fmt.Errorf("%s:%d: the nested stack %s has a template that it stands in itself, %s: take it out", s.file, it.line, it.logical, name)
		}
		if s.depth >= maxStackDepth {
			return fmt.Errorf("%s:%d: stacks are nested deeper than %d levels", s.file, it.line, maxStackDepth)
		}
		data, err := s.project.read(name)
		if errors.Is(err, fs.ErrNotExist) {
			s.unread(it, "there is no "+name)
			continue
		}
		if err != nil {
			return err
		}
		at := stackAt{
			file: name, account: s.account, region: s.region, prefix: s.prefix + it.logical + "/",
			parameters: it.properties.get("Parameters"), parent: it, depth: s.depth + 1,
		}
		if it.child, err = s.project.load(at, data); err != nil {
			return err
		}
		if err := it.child.nest(); err != nil {
			return err
		}
	}
	return nil
}

// within reports whether the stack, or one that it is nested in, has the template.
func (s *stack) within(file string) bool {
	return s.file == file || s.parent != nil && s.parent.s.within(file)
}

// unread notes a nested stack whose template is not at hand.
func (s *stack) unread(it *item, why string) {
	s.project.unread++
	s.warn(it.line, "the template of the nested stack "+it.logical+" is not at hand: "+why)
}

// template is the file of a nested stack's template, "" where it is not a local one.
func (it *item) template() string {
	name := it.asset
	if name == "" {
		name = it.properties.get("TemplateURL").text()
	}
	if name == "" || strings.Contains(name, "://") {
		return ""
	}
	name = path.Join(path.Dir(it.s.file), name)
	if !fs.ValidPath(name) {
		return ""
	}
	return name
}

// manifest is as much of the CDK's manifest as is read; see the package cloud-assembly-schema.
type manifest struct {
	Artifacts map[string]struct {
		Type        string `json:"type"`
		Environment string `json:"environment"`
		Properties  struct {
			TemplateFile  string            `json:"templateFile"`
			StackName     string            `json:"stackName"`
			Parameters    map[string]string `json:"parameters"`
			DirectoryName string            `json:"directoryName"`
		} `json:"properties"`
	} `json:"artifacts"`
}

// assembly reads the stacks of the CDK's output, and of the assemblies in it.
func (p *project) assembly(name string, data []byte, depth int) error {
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if depth > maxStackDepth {
		return fmt.Errorf("%s: assemblies are nested deeper than %d levels", name, maxStackDepth)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		a := m.Artifacts[id]
		switch a.Type {
		case "cdk:cloud-assembly":
			inner := path.Join(path.Dir(name), a.Properties.DirectoryName, manifestName)
			data, err := p.read(inner)
			if err != nil {
				return err
			}
			if err := p.assembly(inner, data, depth+1); err != nil {
				return err
			}
		case "aws:cloudformation:stack":
			if a.Properties.TemplateFile == "" {
				return fmt.Errorf("%s: the stack %s has no templateFile: run `cdk synth` again", name, id)
			}
			at := stackAt{file: path.Join(path.Dir(name), a.Properties.TemplateFile), name: a.Properties.StackName}
			if at.name == "" {
				at.name = id
			}
			at.account, at.region = p.environment(a.Environment)
			at.parameters = parametersNode(a.Properties.Parameters)
			data, err := p.read(at.file)
			if err != nil {
				return err
			}
			if err := p.add(at, data); err != nil {
				return err
			}
		}
	}
	if depth == 0 && len(p.stacks) == 0 {
		return fmt.Errorf("%s: it names no stack", name)
	}
	return nil
}

// environment reads "aws://account/region", where either may be unknown-account or
// unknown-region: then it is what the options say.
func (p *project) environment(text string) (account, region string) {
	account, region, _ = strings.Cut(strings.TrimPrefix(text, "aws://"), "/")
	if account == "" || account == "unknown-account" {
		account = p.o.Account
	}
	if region == "" || region == "unknown-region" {
		region = p.o.Region
	}
	return account, region
}

// parametersNode are the parameters that an assembly gives, as a template would.
func parametersNode(given map[string]string) *node {
	n := &node{kind: objectNode}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		n.fields = append(n.fields, nodeField{name: name, node: &node{kind: scalarNode, value: assize.Value(given[name])}})
	}
	return n
}
