package library_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/library"
)

// example is one case of a check's examples.yaml: a small inventory and the
// outcome that it must have.
type example struct {
	Name  string         `yaml:"name"`
	Want  assize.Outcome `yaml:"want"`
	Cause assize.Cause   `yaml:"cause"`
	// Reason is text that the finding's reason must contain.
	Reason string `yaml:"reason"`
	// Identity of the subject.
	ID      string `yaml:"id"`
	ARN     string `yaml:"arn"`
	Region  string `yaml:"region"`
	Account string `yaml:"account"`
	// Resource or Resources hold properties of the check's subject type.
	Resource  map[string]any   `yaml:"resource"`
	Resources []map[string]any `yaml:"resources"`
	Others    []exampleOther   `yaml:"others"`
	Gaps      []exampleGap     `yaml:"gaps"`
	Profile   map[string]any   `yaml:"profile"`
	AsOf      string           `yaml:"as_of"`
}

type exampleOther struct {
	Type       string         `yaml:"type"`
	ID         string         `yaml:"id"`
	ARN        string         `yaml:"arn"`
	Region     string         `yaml:"region"`
	Account    string         `yaml:"account"`
	Properties map[string]any `yaml:"properties"`
}

type exampleGap struct {
	Type      string       `yaml:"type"`
	Cause     assize.Cause `yaml:"cause"`
	Operation string       `yaml:"operation"`
	Region    string       `yaml:"region"`
}

const (
	exampleAccount = "111122223333"
	exampleRegion  = "eu-central-1"
	exampleAsOf    = "2026-11-01T00:00:00Z"
)

// readExamples reads the examples of a check, strictly.
func readExamples(c *assize.Check) ([]example, error) {
	f, err := os.Open(filepath.Join("checks", c.Service, c.ID, "examples.yaml"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	var out []example
	return out, dec.Decode(&out)
}

// caseOf is an example made ready to be judged.
type caseOf struct {
	lib      *library.Library
	program  *assess.Program
	subjects []*assize.Resource
	others   []*assize.Resource
	gaps     []exampleGap
	profile  *assize.Profile
	asOf     time.Time
}

func prepare(lib *library.Library, p *assess.Program, e example) (*caseOf, error) {
	k := &caseOf{lib: lib, program: p, gaps: e.Gaps}
	props := e.Resources
	if e.Resource != nil {
		props = append(props, e.Resource)
	}
	for i, m := range props {
		r := &assize.Resource{
			Type: p.Check.Subject.Type, Account: or(e.Account, exampleAccount), Region: or(e.Region, exampleRegion),
			ID: or(e.ID, "subject"), ARN: e.ARN,
		}
		if i > 0 {
			r.ID = fmt.Sprintf("%s-%d", r.ID, i+1)
		}
		takeIdentity(r, m)
		if err := k.add(&k.subjects, r, m); err != nil {
			return nil, err
		}
	}
	for _, o := range e.Others {
		r := &assize.Resource{Type: o.Type, ID: o.ID, ARN: o.ARN, Account: or(o.Account, exampleAccount), Region: or(o.Region, exampleRegion)}
		if err := k.add(&k.others, r, o.Properties); err != nil {
			return nil, err
		}
	}
	var err error
	if k.asOf, err = time.Parse(time.RFC3339, or(e.AsOf, exampleAsOf)); err != nil {
		return nil, err
	}
	k.profile, err = exampleProfile(lib, e.Profile)
	return k, err
}

func exampleProfile(lib *library.Library, m map[string]any) (*assize.Profile, error) {
	data, err := yaml.Marshal(m)
	if err != nil {
		return nil, err
	}
	return lib.ParseProfile("profile", data)
}

// takeIdentity moves $id, $arn and $region out of the properties.
func takeIdentity(r *assize.Resource, m map[string]any) {
	for key, into := range map[string]*string{"$id": &r.ID, "$arn": &r.ARN, "$region": &r.Region, "$account": &r.Account} {
		if s, ok := m[key].(string); ok {
			*into = s
			delete(m, key)
		}
	}
}

func (k *caseOf) add(list *[]*assize.Resource, r *assize.Resource, props map[string]any) error {
	v, err := valueOf(props)
	if err != nil {
		return err
	}
	r.Properties, _ = v.(assize.Object)
	var def *assize.Definition
	for _, d := range k.lib.Definitions {
		if d.Type == r.Type {
			def = d
		}
	}
	if def == nil {
		return fmt.Errorf("type %s is not declared", r.Type)
	}
	if err := declared(def, "", r.Properties); err != nil {
		return err
	}
	addIdentityFacts(def, r)
	*list = append(*list, r)
	return nil
}

// addIdentityFacts sets the facts that a source derives from the identity.
func addIdentityFacts(def *assize.Definition, r *assize.Resource) {
	identity := map[string]string{"$id": r.ID, "$arn": r.ARN, "$account": r.Account, "$region": r.Region}
	for _, f := range def.Facts {
		if v := identity[f.At]; v != "" && !strings.ContainsAny(f.Path, ".[") && r.Properties.Get(f.Path) == nil {
			r.Properties = r.Properties.Set(f.Path, v)
		}
	}
}

// declared refuses properties of an example that no fact declares: a misspelt
// one would silently read as absent.
func declared(def *assize.Definition, prefix string, o assize.Object) error {
	for _, f := range o {
		path := prefix + f.Name
		known := false
		for i := range def.Facts {
			p := strings.ReplaceAll(def.Facts[i].Path, "[]", "")
			known = known || p == path || strings.HasPrefix(p, path+".")
		}
		if !known {
			return fmt.Errorf("%s declares no fact %s", def.Type, path)
		}
		for _, child := range childrenOf(f.Value) {
			if err := declared(def, path+".", child); err != nil {
				return err
			}
		}
	}
	return nil
}

func childrenOf(v assize.Value) []assize.Object {
	switch x := v.(type) {
	case assize.Object:
		return []assize.Object{x}
	case assize.List:
		var out []assize.Object
		for _, e := range x {
			if o, ok := e.(assize.Object); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}

// inventory builds the inventory of the case: every declared type is completely
// listed unless a gap says otherwise.
func (k *caseOf) inventory() *assize.Inventory {
	inv := &assize.Inventory{AsOf: k.asOf, Resources: append(append([]*assize.Resource{}, k.subjects...), k.others...)}
	regions := map[string][]string{exampleAccount: {exampleRegion}}
	for _, r := range inv.Resources {
		regions[r.Account] = append([]string{}, regions[r.Account]...) // an account with global resources alone is read too
		if r.Region != assize.Global && !contains(regions[r.Account], r.Region) {
			regions[r.Account] = append(regions[r.Account], r.Region)
		}
	}
	for account, rs := range regions {
		inv.Accounts = append(inv.Accounts, assize.Account{ID: account, Regions: rs})
		for _, d := range k.lib.Definitions {
			places := rs
			if d.Global {
				places = []string{assize.Global}
			}
			for _, region := range places {
				inv.Coverage = append(inv.Coverage, k.coverage(d, account, region))
			}
		}
	}
	return inv
}

func (k *caseOf) coverage(d *assize.Definition, account, region string) assize.Coverage {
	c := assize.Coverage{Type: d.Type, Account: account, Region: region, Complete: true}
	for _, g := range k.gaps {
		if g.Type == d.Type && (g.Region == "" || g.Region == region) {
			c.Complete = false
			c.Gap = &assize.Gap{Account: account, Region: region, Operation: g.Operation, Cause: g.Cause, Types: []string{d.Type}}
		}
	}
	return c
}

// judge returns the finding with the worst outcome of the case's one program.
func (k *caseOf) judge() *assize.Finding {
	engine := assess.NewEngine(k.lib.Compiler, []*assess.Program{k.program})
	run := engine.Assess(k.inventory(), assess.Options{Profile: k.profile, WholeAccount: true})
	var worst *assize.Finding
	for f := range run.Findings() {
		if worst == nil || f.Outcome.Worse(worst.Outcome) {
			worst = f
		}
	}
	return worst
}

// valueOf turns decoded YAML into a Value; {$unknown: {...}} becomes an unknown.
func valueOf(v any) (assize.Value, error) {
	switch x := v.(type) {
	case nil, bool, string, float64:
		return x, nil
	case int:
		return int64(x), nil
	case time.Time:
		return x.UTC().Format(time.RFC3339), nil
	case []any:
		out := make(assize.List, len(x))
		for i, e := range x {
			var err error
			if out[i], err = valueOf(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]any:
		if u, ok := x["$unknown"].(map[string]any); ok && len(x) == 1 {
			return unknownOf(u)
		}
		m := make(map[string]assize.Value, len(x))
		for name, e := range x {
			w, err := valueOf(e)
			if err != nil {
				return nil, err
			}
			m[name] = w
		}
		return assize.NewObject(m), nil
	}
	return nil, fmt.Errorf("%T has no place in an example", v)
}

func unknownOf(m map[string]any) (assize.Value, error) {
	str := func(k string) string { s, _ := m[k].(string); return s }
	u := &assize.Unknown{Cause: assize.Cause(str("cause")), Operation: str("operation"), Code: str("code"), Detail: str("detail")}
	u.Rest, _ = m["rest"].(bool)
	if !u.Cause.Valid() {
		return nil, fmt.Errorf("$unknown: %q is no cause", u.Cause)
	}
	return u, nil
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}
