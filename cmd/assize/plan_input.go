package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/cloudformation"
	"github.com/assize-dev/assize/collect/terraform"
	"github.com/assize-dev/assize/collect/terraform/config"
	"github.com/assize-dev/assize/library"
)

// planInput is what was read, whatever it was.
type planInput struct {
	// label and digest name it in the result.
	label, digest string
	// after is what there will be, before what there is: the same where nothing says what there is.
	after, before *assize.Inventory
	// Exactly one of the two is set: plan for all of Terraform.
	plan      *terraform.Plan
	templates []*cloudformation.Template
	// configured is set where a configuration was evaluated; it holds plan.
	configured *terraform.Configured
	// root is how the files of the configuration are called from here; see rootedAt.
	root string
	// comments except something; their files are named from here.
	comments []terraform.Exception
}

// terraform reads a plan, state or configuration, with its source.
func (s *planSource) terraform(lib *library.Library, found []planPath) (*planInput, error) {
	mapping, err := collect.NewTerraformMapping(lib.Definitions)
	if err != nil {
		return nil, err
	}
	o := terraform.Options{Mapping: mapping, Account: s.account, Region: s.region, AllowIncomplete: s.allowIncomplete}
	in := &planInput{}
	var judged *planPath
	var text *terraform.Text
	root := ""
	for i := range found {
		p := &found[i]
		if p.role == roleJSON {
			judged = p
			continue
		}
		if text, err = p.text(); err != nil {
			return nil, err
		}
		if p.role == roleFolder {
			root = rootedAt(p.name)
		}
	}
	if text != nil {
		in.comments = text.Exceptions()
	}
	if judged == nil {
		return s.evaluated(in, found[0], text, root, o)
	}
	if text != nil {
		o.Source = text
	}
	plan, unfit := judged.plan(o)
	if plan == nil {
		return nil, unfit
	}
	if text != nil && !text.Made().IsZero() && !plan.Timestamp.IsZero() && !text.Made().Equal(plan.Timestamp) {
		return nil, fmt.Errorf("%s and the binary plan beside it are not of one plan: they were made at %s and at %s; give the output of `terraform show -json` on that file",
			judged.name, plan.Timestamp.Format(time.RFC3339), text.Made().UTC().Format(time.RFC3339))
	}
	in.label, in.plan = judged.place(), plan
	if len(found) > 1 {
		in.label += " with the configuration of " + found[1-slices.IndexFunc(found, func(p planPath) bool { return p.role == roleJSON })].place()
	}
	in.of(plan, root)
	return in, unfit
}

// evaluated evaluates a configuration without a plan.
func (s *planSource) evaluated(in *planInput, from planPath, text *terraform.Text, root string, o terraform.Options) (*planInput, error) {
	d := terraform.DirOptions{Options: o, Variables: s.variables}
	for _, name := range s.varFiles {
		data, err := readFile(name, maxWritten)
		if err != nil {
			return nil, fmt.Errorf("read values of variables: %w", err)
		}
		d.Files = append(d.Files, config.VariableFile{Name: name, Data: data})
	}
	c, unfit := text.Evaluate(d)
	if unfit != nil {
		unfit = fmt.Errorf("%s: %w", from.name, unfit)
	}
	if c == nil {
		return nil, unfit
	}
	in.label, in.configured, in.plan = from.place(), c, c.Plan
	in.of(c.Plan, root)
	return in, unfit
}

// of takes over what a plan says. Its files are named from root.
func (in *planInput) of(p *terraform.Plan, root string) {
	in.digest, in.after, in.before, in.root = p.Digest, p.After, p.Before, root
	for i := range in.comments {
		in.comments[i].File = root + in.comments[i].File
	}
	inventories := []*assize.Inventory{in.after}
	if in.before != in.after {
		inventories = append(inventories, in.before)
	}
	for _, inv := range inventories {
		for _, r := range inv.Resources {
			if r.Origin.File != "" {
				r.Origin.File = root + r.Origin.File
			}
			if r.Origin.ModuleFile != "" {
				r.Origin.ModuleFile = root + r.Origin.ModuleFile
			}
		}
	}
}

// plan reads the JSON, or a state file.
func (p *planPath) plan(o terraform.Options) (*terraform.Plan, error) {
	var plan *terraform.Plan
	var err error
	if p.input == nil {
		plan, err = terraform.ReadFile(p.name, o)
	} else if plan, err = terraform.Read(p.input, o); err != nil {
		err = fmt.Errorf("%s: %w", p.name, err)
	}
	if plan == nil && p.unclear {
		err = fmt.Errorf("%w; nor is it a template of CloudFormation, which has a section Resources with types in its first 1 MB", err)
	}
	return plan, err
}

// text reads the configuration of a folder or a binary plan.
func (p *planPath) text() (*terraform.Text, error) {
	switch {
	case p.role == roleFolder:
		return terraform.OpenDir(p.name)
	case p.input == nil:
		return terraform.OpenZipFile(p.name)
	}
	data, err := io.ReadAll(io.LimitReader(p.input, terraform.MaxInput))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p.name, err)
	}
	return terraform.OpenZip(bytes.NewReader(data), int64(len(data)))
}

// templates reads templates and puts together what they make.
func (s *planSource) templates(lib *library.Library, found []planPath) (*planInput, error) {
	mapping, err := collect.NewTemplateMapping(lib.Definitions)
	if err != nil {
		return nil, err
	}
	in := &planInput{after: &assize.Inventory{}}
	in.before = in.after
	var unfit []error
	var names, digests []string
	for _, p := range found {
		t, err := s.template(p, mapping)
		if t == nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		if err != nil {
			unfit = append(unfit, fmt.Errorf("%s: %w", p.name, err))
		}
		in.templates = append(in.templates, t)
		merge(in.after, t.After)
		names, digests = append(names, p.place()), append(digests, t.Digest)
	}
	in.label, in.digest = strings.Join(names, ", "), digests[0]
	if len(digests) > 1 {
		slices.Sort(digests)
		sum := sha256.Sum256([]byte(strings.Join(digests, "\n")))
		in.digest = "sha256:" + hex.EncodeToString(sum[:])
	}
	in.after.Digest = in.digest
	slices.SortFunc(in.after.Resources, (*assize.Resource).Compare)
	if err := oneAddressEach(in.after); err != nil {
		return nil, err
	}
	return in, errors.Join(unfit...)
}

// template reads one template. From standard input it has no folder to look for others in.
func (s *planSource) template(p planPath, mapping *collect.PlannedMapping) (*cloudformation.Template, error) {
	o := cloudformation.Options{
		Mapping: mapping, Account: s.account, Region: s.region, Parameters: s.values, AllowIncomplete: s.allowIncomplete,
	}
	if p.input == nil {
		return readTemplate(p.name, o)
	}
	folder, err := os.MkdirTemp("", "assize")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it is in the folder of temporary files
	data, err := io.ReadAll(io.LimitReader(p.input, cloudformation.MaxInput+1))
	if err != nil {
		return nil, err
	}
	name := filepath.Join(folder, "template")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		return nil, err
	}
	return cloudformation.ReadFile(name, o)
}

// readTemplate reads a template by its path from here, where it stands below: addresses and files
// of the result are then those that the user, and the host of the code, know. Of the CDK's output
// the manifest is read.
func readTemplate(name string, o cloudformation.Options) (*cloudformation.Template, error) {
	name = filepath.Clean(name)
	if filepath.IsAbs(name) {
		if here, err := os.Getwd(); err == nil {
			if below, err := filepath.Rel(here, name); err == nil && filepath.IsLocal(below) {
				name = below
			}
		}
	}
	if !filepath.IsLocal(name) {
		return cloudformation.ReadFile(name, o)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, "manifest.json")
	}
	return cloudformation.Read(os.DirFS("."), filepath.ToSlash(name), o)
}

// oneAddressEach holds that no two resources have one address: their templates have one name.
func oneAddressEach(inv *assize.Inventory) error {
	for i := 1; i < len(inv.Resources); i++ {
		if r := inv.Resources[i]; r.Key() == inv.Resources[i-1].Key() {
			return fmt.Errorf("two of the templates have a resource %s: judge them one at a time, or from a folder above both", r.Label())
		}
	}
	return nil
}

// merge adds what another template makes.
func merge(to, more *assize.Inventory) {
	to.Resources = append(to.Resources, more.Resources...)
	to.Gaps = append(to.Gaps, more.Gaps...)
	widen(to, more)
}

// widen makes an inventory say of every account and Region of another that there may be more than
// it shows: what a plan removes was there, and a finding about it needs a place.
func widen(inv, by *assize.Inventory) {
	if inv == by {
		return
	}
	for _, a := range by.Accounts {
		at := slices.IndexFunc(inv.Accounts, func(b assize.Account) bool { return a.ID == b.ID })
		if at < 0 {
			inv.Accounts = append(inv.Accounts, a)
			continue
		}
		regions := append(slices.Clone(inv.Accounts[at].Regions), a.Regions...)
		slices.Sort(regions)
		inv.Accounts[at].Regions = slices.Compact(regions)
	}
	type place struct{ typ, account, region string }
	covered := make(map[place]bool, len(inv.Coverage))
	for _, c := range inv.Coverage {
		covered[place{c.Type, c.Account, c.Region}] = true
	}
	for _, c := range by.Coverage {
		if !covered[place{c.Type, c.Account, c.Region}] {
			inv.Coverage = append(inv.Coverage, c)
		}
	}
}
