package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// build makes the collection: the records, the coverage of every type that the
// collectors declare in every account and Region, and the gaps.
func build(src *source, decls []*collect.Declaration) (*collect.Collection, error) {
	org := &src.organisation
	c := collect.NewCollection(org.Version, org.AsOf)
	c.Accounts = slices.Clone(org.Accounts)
	b := &builder{src: src, to: c}
	for _, f := range src.files {
		for i := range f.Records {
			if err := b.record(&f, &f.Records[i]); err != nil {
				return nil, fmt.Errorf("%s: %s %s: %w", f.name, f.Records[i].Type, f.Records[i].ID, err)
			}
		}
	}
	for _, a := range c.Accounts {
		b.lists(a, decls)
	}
	b.requests(decls)
	c.Sort()
	return c, nil
}

type builder struct {
	src *source
	to  *collect.Collection
}

// record makes one record of its source.
func (b *builder) record(f *recordFile, r *recordSource) error {
	typ, ok := b.src.types[r.Type]
	if !ok {
		return fmt.Errorf("%s does not have the type", typesFile)
	}
	account, region := cmp.Or(r.Account, f.Account), cmp.Or(r.Region, f.Region)
	n := maps.Clone(b.src.organisation.Names)
	n["account"], n["region"] = account, region
	id, err := names(n).expand(r.ID)
	if err != nil {
		return err
	}
	n["id"] = id
	arn, err := names(n).expand(cmp.Or(r.ARN, typ.ARN))
	if err != nil {
		return err
	}
	n["arn"] = arn
	rec := &assize.Record{Type: r.Type, Account: account, Region: region, ID: id, ARN: arn}
	base, over := assize.Value(assize.Object{}), assize.Value(assize.Object{})
	if !typ.Answers.IsZero() {
		if base, err = names(n).value(&typ.Answers); err != nil {
			return fmt.Errorf("%s: %w", typesFile, err)
		}
	}
	if !r.Answers.IsZero() {
		if over, err = names(n).value(&r.Answers); err != nil {
			return err
		}
	}
	common, ok := base.(assize.Object)
	own, also := over.(assize.Object)
	if !ok || !also {
		return fmt.Errorf("answers: want operations with their answers")
	}
	operations := merge(common, own).(assize.Object)
	for _, op := range operations {
		a, err := answer(rec, op.Name, common.Get(op.Name), own.Get(op.Name))
		if err != nil {
			return fmt.Errorf("%s: %w", op.Name, err)
		}
		rec.Answers = append(rec.Answers, a)
	}
	b.to.Records = append(b.to.Records, rec)
	b.to.Records = append(b.to.Records, inlinePolicies(rec)...)
	return nil
}

// inlinePolicies are those of a role, user or group as records of their own, which is
// how the collector of IAM gives them.
func inlinePolicies(holder *assize.Record) []*assize.Record {
	const operation = "iam:GetAccountAuthorizationDetails"
	kind, ok := strings.CutPrefix(holder.Type, "AWS::IAM::")
	if !ok || kind != "Role" && kind != "User" && kind != "Group" {
		return nil
	}
	var all []*assize.Record
	for _, a := range holder.Answers {
		list, _ := a.Value.At(kind + "PolicyList").(assize.List)
		if a.Operation != operation {
			continue
		}
		for _, p := range list {
			o, _ := p.(assize.Object)
			name, _ := o.Get("PolicyName").(string)
			all = append(all, &assize.Record{
				Type: "AWS::IAM::Policy", Account: holder.Account, Region: holder.Region,
				ID: strings.ToLower(kind) + "/" + holder.ID + "/" + name,
				Answers: []assize.Answer{{
					Operation: operation,
					Value:     append(slices.Clone(o), assize.Field{Name: kind + "s", Value: assize.List{holder.ID}}),
				}},
			})
		}
	}
	return all
}

// answer makes the answer of one operation. None and a gap are never merged.
func answer(rec *assize.Record, operation string, common, own assize.Value) (assize.Answer, error) {
	v := own
	if special(common) == "" && special(own) == "" {
		v = merge(common, own)
	} else if own == nil {
		v = common
	}
	o, ok := v.(assize.Object)
	if !ok {
		return assize.Answer{}, fmt.Errorf("want an object")
	}
	switch special(v) {
	case "none":
		code, _ := o.Get("none").(string)
		return assize.Answer{Operation: operation, None: code}, nil
	case "gap":
		text := func(name string) string { s, _ := o.At("gap." + name).(string); return s }
		return assize.Answer{Operation: operation, Gap: &assize.Gap{
			Account: rec.Account, Region: rec.Region, Operation: operation, Resource: rec.ID,
			Cause: assize.Cause(text("cause")), Code: text("code"), Detail: text("detail"),
		}}, nil
	}
	m := &masker{}
	clean, _ := m.value(settle(o), "", "", "").(assize.Object)
	slices.Sort(m.paths)
	return assize.Answer{Operation: operation, Value: clean, Masked: m.paths}, nil
}

// special is "none" or "gap" where the value says that there is no output.
func special(v assize.Value) string {
	o, _ := v.(assize.Object)
	for _, name := range []string{"none", "gap"} {
		if len(o) == 1 && o[0].Name == name {
			return name
		}
	}
	return ""
}

// lists gives the coverage of every declared type in the account.
func (b *builder) lists(a assize.Account, decls []*collect.Declaration) {
	for _, g := range b.src.organisation.NotEnabled {
		if g.Account == a.ID { // not among the Regions read: "all" are those that are enabled
			b.to.Gaps = append(b.to.Gaps, *g.gap(nil))
		}
	}
	unread := map[string]*assize.Gap{}
	for _, g := range b.src.organisation.Unread {
		if g.Account == a.ID {
			gap := g.gap(g.Types)
			b.to.Gaps = append(b.to.Gaps, *gap)
			for _, typ := range g.Types {
				unread[g.Region+" "+typ] = gap
			}
		}
	}
	for _, d := range decls {
		regions := a.Regions
		if d.Scope == collect.Global {
			regions = []string{assize.Global}
		}
		for _, region := range regions {
			for _, typ := range d.Types {
				c := assize.Coverage{Type: typ, Account: a.ID, Region: region}
				switch {
				case b.notOffered(d.Service, region) != "":
					c.NotOffered = b.notOffered(d.Service, region)
				default:
					c.Gap = unread[region+" "+typ]
				}
				c.Complete = c.Gap == nil && c.NotOffered == ""
				b.to.Coverage = append(b.to.Coverage, c)
			}
		}
	}
}

func (b *builder) notOffered(service, region string) string {
	for _, n := range b.src.organisation.NotOffered {
		if n.Service == service && n.Region == region {
			return n.Says
		}
	}
	return ""
}

// requests counts what a collection makes at least: one request for each list, and
// one for each answer that is no part of a list.
func (b *builder) requests(decls []*collect.Declaration) {
	owner := map[string]*collect.Declaration{}
	for _, d := range decls {
		for _, typ := range d.Types {
			owner[typ] = d
		}
	}
	asked := map[string]bool{}
	for _, c := range b.to.Coverage {
		d := owner[c.Type]
		job := d.Name + " " + c.Account + " " + c.Region
		if c.NotOffered == "" && !asked[job] && (c.Gap == nil || c.Gap.Cause != assize.RegionNotEnabled) {
			asked[job] = true
			b.to.Requests[d.Name]++
		}
	}
	for _, r := range b.to.Records {
		d := owner[r.Type]
		if d == nil {
			continue
		}
		for _, a := range r.Answers {
			if _, name, _ := strings.Cut(a.Operation, ":"); !strings.HasPrefix(name, "List") && d.Service != "ec2" && d.Service != "iam" {
				b.to.Requests[d.Name]++
			}
		}
	}
}
