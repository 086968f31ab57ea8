package terraform

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// stateResource is one resource instance of a state: everything is known.
type stateResource struct {
	address, module string
	mode, typ       string
	provider        string // key that tells provider configurations apart
	values          []byte
	sensitive       []byte
	hidden          []string // paths that are marked as sensitive in a state file
}

// readStateJSON reads `terraform show -json` of a state.
func readStateJSON(doc *document, o Options) (*Plan, error) {
	p := &Plan{Kind: KindState, Complete: true}
	p.FormatVersion, p.TerraformVersion = parseText(doc.fields["format_version"]), parseText(doc.fields["terraform_version"])
	if err := checkFormat(p.FormatVersion); err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	var resources []*stateResource
	whole := append(append([]byte(`{"values":`), valueOr(doc.fields["values"])...), '}')
	s := &scanner{data: whole, names: map[string]string{}}
	if err := s.stateResources(func(r *stateResource) { resources = append(resources, r) }); err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	if err := stateInventory(p, resources, o); err != nil {
		return nil, err
	}
	return p, nil
}

func valueOr(raw []byte) []byte {
	if raw == nil {
		return []byte("null")
	}
	return raw
}

// stateResources calls visit for each resource below "values", of all modules.
func (s *scanner) stateResources(visit func(*stateResource)) error {
	return s.object(func(field string) error {
		if field != "values" || s.peek() != '{' {
			_, err := s.skip()
			return err
		}
		return s.object(func(field string) error {
			if field != "root_module" {
				_, err := s.skip()
				return err
			}
			return s.stateModule(visit)
		})
	})
}

func (s *scanner) stateModule(visit func(*stateResource)) error {
	return s.object(func(field string) error {
		switch field {
		case "resources":
			return s.array(func() error {
				r := &stateResource{}
				err := s.stateResource(r)
				if err == nil {
					visit(r)
				}
				return err
			})
		case "child_modules":
			return s.array(func() error { return s.stateModule(visit) })
		}
		_, err := s.skip()
		return err
	})
}

func (s *scanner) stateResource(r *stateResource) error {
	deposed := ""
	err := s.object(func(field string) (err error) {
		switch field {
		case "address":
			r.address, err = s.text()
		case "mode":
			r.mode, err = s.name()
		case "type":
			r.typ, err = s.name()
		case "provider_name":
			r.provider, err = s.name()
		case "deposed_key":
			deposed, err = s.text()
		case "values":
			r.values, err = s.skip()
		case "sensitive_values":
			r.sensitive, err = s.skip()
		default:
			_, err = s.skip()
		}
		return err
	})
	if deposed != "" {
		r.mode = "deposed" // the remains of a replacement
	}
	if steps := moduleSteps(r.address); len(steps) > 0 {
		r.module = moduleAddress(steps)
	}
	return err
}

// readState reads a state file. Version 4 is that of Terraform 0.12 and later.
func readState(doc *document, o Options) (*Plan, error) {
	p := &Plan{Kind: KindState, Complete: true, TerraformVersion: parseText(doc.fields["terraform_version"])}
	p.FormatVersion = string(bytes.TrimSpace(doc.fields["version"]))
	var resources []*stateResource
	if raw := doc.fields["resources"]; !isNothing(raw) {
		s := &scanner{data: raw, names: map[string]string{}}
		err := s.array(func() error {
			list, err := s.fileResource()
			resources = append(resources, list...)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read state: resources: %w", err)
		}
	}
	if err := stateInventory(p, resources, o); err != nil {
		return nil, err
	}
	return p, nil
}

// fileResource reads one resource of a state file with its instances.
func (s *scanner) fileResource() ([]*stateResource, error) {
	common := stateResource{}
	name := ""
	var instances []*stateResource
	var keys []instanceKey
	err := s.object(func(field string) (err error) {
		switch field {
		case "module":
			common.module, err = s.name()
		case "mode":
			common.mode, err = s.name()
		case "type":
			common.typ, err = s.name()
		case "name":
			name, err = s.text()
		case "provider":
			common.provider, err = s.name()
		case "instances":
			err = s.array(func() error {
				r, key, err := s.fileInstance()
				if r != nil {
					instances, keys = append(instances, r), append(keys, key)
				}
				return err
			})
		default:
			_, err = s.skip()
		}
		return err
	})
	for i, r := range instances {
		values, hidden := r.values, r.hidden
		*r = common
		r.values, r.hidden = values, hidden
		r.address = blockKey(r.mode, r.typ, name) + keys[i].String()
		if r.module != "" {
			r.address = r.module + "." + r.address
		}
	}
	return instances, err
}

// errFlatmap says that an instance was written by a Terraform before 0.12.
var errFlatmap = errors.New("a resource is kept in the form of Terraform 0.11: run `terraform apply -refresh-only` with a newer version, and give the state again")

// fileInstance reads one instance; nil for the remains of a replacement.
func (s *scanner) fileInstance() (*stateResource, instanceKey, error) {
	r := &stateResource{}
	var key instanceKey
	deposed := false
	err := s.object(func(field string) (err error) {
		switch field {
		case "index_key":
			key, err = s.instanceKey()
		case "attributes":
			r.values, err = s.skip()
		case "attributes_flat":
			return errFlatmap
		case "deposed":
			deposed = true
			_, err = s.skip()
		case "sensitive_attributes":
			var v assize.Value
			v, err = s.value()
			r.hidden = hiddenPaths(v)
		default:
			_, err = s.skip()
		}
		return err
	})
	if deposed {
		r = nil
	}
	return r, key, err
}

// hiddenPaths are the paths of sensitive attributes: lists of steps, each with a type and a value.
func hiddenPaths(v assize.Value) []string {
	list, _ := v.(assize.List)
	var paths []string
	for _, e := range list {
		steps, _ := e.(assize.List)
		var b strings.Builder
		for _, s := range steps {
			switch value := objectOf(s).Get("value").(type) {
			case string:
				if b.Len() > 0 {
					b.WriteByte('.')
				}
				b.WriteString(value)
			case int64:
				b.WriteString("[" + itoa(int(value)) + "]")
			}
		}
		paths = append(paths, b.String())
	}
	return paths
}

// stateInventory makes the inventory of a state. Before and After are the same.
func stateInventory(p *Plan, resources []*stateResource, o Options) error {
	names := map[string]string{}
	f := &planFile{o: o, m: o.Mapping, plan: p, names: names}
	scopes := stateScopes(resources, o)
	var all []*joint
	managed := 0
	for _, r := range resources {
		if r.mode != "managed" {
			continue
		}
		managed++
		var attributes assize.Object
		if (o.Mapping.Maps(r.typ) || o.Mapping.IsPart(r.typ)) && !isNothing(r.values) {
			v, err := parseJSON(r.values, names)
			if err != nil {
				return fmt.Errorf("read state: %s: %w", r.address, err)
			}
			attributes = withTags(objectOf(v), assize.Object{})
		}
		s := scopes[r.provider]
		account, region := s.of(attributes)
		all = append(all, &joint{scope: s.key, p: &collect.Planned{
			Type: r.typ, Account: account, Region: region, Attributes: attributes,
			Origin:    assize.Origin{Kind: "state", Address: r.address, Module: r.module},
			Sensitive: append(f.sensitive(r.sensitive), r.hidden...),
		}})
	}
	if managed == 0 {
		return errors.New("read state: it holds no resources")
	}
	newLinker(o.Mapping).join(all, nil)
	f.scopes, f.conf = scopes, &configuration{}
	inv, unmapped := o.Mapping.Inventory(objectsOf(all), f.scope())
	f.count(len(all), unmapped)
	p.After = inv
	p.Before = p.After
	p.Summary.NoOp = managed
	return nil
}

// stateScopes takes accounts and Regions of provider configurations from the ARNs of
// their resources, where those agree.
func stateScopes(resources []*stateResource, o Options) map[string]*scope {
	type seen struct{ accounts, regions map[string]bool }
	found := map[string]seen{}
	for _, r := range resources {
		if found[r.provider].accounts == nil {
			found[r.provider] = seen{map[string]bool{}, map[string]bool{}}
		}
		if r.mode != "managed" || isNothing(r.values) {
			continue
		}
		v, err := parseJSON(r.values, nil)
		if err != nil {
			continue // said when its attributes are read
		}
		arn, _ := objectOf(v).Get("arn").(string)
		account, region := scopeOfARN(arn)
		found[r.provider].accounts[account], found[r.provider].regions[region] = true, true
	}
	scopes := map[string]*scope{}
	for key, s := range found {
		scopes[key] = &scope{key: key, account: sole(s.accounts, o.Account), region: sole(s.regions, o.Region)}
	}
	return scopes
}

// sole is the one text of a set besides "", else the other.
func sole(set map[string]bool, otherwise string) string {
	found := ""
	for text := range set {
		if text == "" {
			continue
		}
		if found != "" {
			return otherwise
		}
		found = text
	}
	if found == "" {
		return otherwise
	}
	return found
}
