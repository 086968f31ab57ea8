package deployment

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// Propose groups the AI resources, and what AI uses, that the newest finished run of an assessment found into workloads: by the first
// of the tags that a resource has, and those without one by what is linked with one another. Resources that
// a registered workload accounts for are left out.
func (d *Deployment) Propose(ctx context.Context, a *assessment.Assessment, tagKeys []string) ([]assize.Workload, error) {
	assets, err := d.assets(ctx, a)
	if err != nil {
		return nil, err
	}
	register, err := d.Service.Workloads(ctx)
	if err != nil {
		return nil, err
	}
	in := accounts(a)
	g := &grouping{tagKeys: tagKeys, parent: map[string]string{}, found: map[string]*assize.Workload{}}
	for i := range assets {
		x := &assets[i]
		// What has no ARN is a setting of an account or a part of something, no system of its own. What is used by AI
		// (compute that hosts models, buckets) belongs to the workload that its tag names.
		if (x.AI || g.tag(x.Resource) != "") && x.Resource.ShownARN() != "" &&
			slices.Contains(in, x.Resource.Account) && !accounted(register, x.Resource) {
			g.resources = append(g.resources, x)
		}
	}
	g.link(assets)
	for _, x := range g.resources {
		g.put(x)
	}
	out := slices.SortedFunc(maps.Values(g.found), func(x, y *assize.Workload) int { return strings.Compare(x.ID, y.ID) })
	list := make([]assize.Workload, len(out))
	for i, w := range out {
		list[i] = *w
	}
	return list, nil
}

// assets judges the snapshot of the newest finished run far enough to know what belongs to AI.
func (d *Deployment) assets(ctx context.Context, a *assessment.Assessment) ([]assize.Asset, error) {
	runs, err := d.Store.RunsOf(ctx, a.ID, recentRuns)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(runs, func(r assessment.Run) bool { return r.State == assessment.RunDone })
	if i < 0 {
		return nil, fmt.Errorf("assessment %s: no evaluation has ended yet: run assize assessment run %s", a.Name, a.ID[:8])
	}
	c, err := d.Snapshot(ctx, runs[i].Snapshot)
	if err != nil {
		return nil, err
	}
	content, err := d.Content()
	if err != nil {
		return nil, err
	}
	fw, err := d.Framework(ctx, a.Framework)
	if err != nil {
		return nil, err
	}
	verdicts, err := d.assess(ctx, a, fw, content, c)
	if err != nil {
		return nil, err
	}
	return verdicts.Assets(), nil
}

// accounted reports whether a registered workload names the resource, or one of its tags.
func accounted(register []assize.Workload, r *assize.Resource) bool {
	tags := tagsOf(r)
	return slices.ContainsFunc(register, func(w assize.Workload) bool {
		if len(w.Accounts) > 0 && !slices.Contains(w.Accounts, r.Account) {
			return false
		}
		if slices.Contains(w.Resources, r.ShownARN()) || slices.Contains(w.Resources, r.ID) {
			return true
		}
		for k, v := range w.Tags {
			if tags[k] == v {
				return true
			}
		}
		return false
	})
}

func tagsOf(r *assize.Resource) map[string]string {
	out := map[string]string{}
	list, _ := r.Properties.Get("Tags").(assize.List)
	for _, t := range list {
		if tag, ok := t.(assize.Object); ok {
			key, _ := tag.Get("Key").(string)
			value, _ := tag.Get("Value").(string)
			if key != "" {
				out[key] = value
			}
		}
	}
	return out
}

// grouping finds what belongs together.
type grouping struct {
	tagKeys   []string
	resources []*assize.Asset
	// parent of a resource in the forest of what is linked (union-find).
	parent map[string]string
	found  map[string]*assize.Workload
}

func keyOf(r *assize.Resource) string { return r.Account + "/" + r.Region + "/" + r.Type + "/" + r.ID }

func (g *grouping) root(key string) string {
	for g.parent[key] != "" && g.parent[key] != key {
		key = g.parent[key]
	}
	return key
}

// link joins AI resources without a tag that name one another.
func (g *grouping) link(assets []assize.Asset) {
	ai := map[string]bool{}
	for _, x := range g.resources {
		ai[keyOf(x.Resource)] = g.tag(x.Resource) == ""
	}
	for i := range assets {
		from := keyOf(assets[i].Resource)
		for _, l := range assets[i].Links {
			if l.To == nil || !ai[from] || !ai[keyOf(l.To)] {
				continue
			}
			a, b := g.root(from), g.root(keyOf(l.To))
			if a != b {
				g.parent[max(a, b)] = min(a, b)
			}
		}
	}
}

// tag is the first of the tags that name an application, as key=value; "" where there is none.
func (g *grouping) tag(r *assize.Resource) string {
	tags := tagsOf(r)
	for _, want := range g.tagKeys {
		for _, key := range slices.Sorted(maps.Keys(tags)) {
			if strings.EqualFold(key, want) && tags[key] != "" {
				return key + "=" + tags[key]
			}
		}
	}
	return ""
}

// put adds a resource to its proposal.
func (g *grouping) put(x *assize.Asset) {
	r := x.Resource
	tag := g.tag(r)
	key, name := tag, ""
	if tag == "" {
		key = g.root(keyOf(r))
	}
	w := g.found[key]
	if w == nil {
		w = &assize.Workload{}
		if k, v, ok := strings.Cut(tag, "="); ok {
			name, w.Tags = v, map[string]string{k: v}
		} else {
			name = x.Title + " " + lastPart(r.ID)
		}
		w.Name, w.ID = name, g.id(name, r.Account)
		g.found[key] = w
	}
	w.Accounts, w.Regions = with(w.Accounts, r.Account), with(w.Regions, r.Region)
	w.Resources = with(w.Resources, r.ShownARN())
}

// with adds a text that is not there, in order.
func with(list []string, s string) []string {
	i, there := slices.BinarySearch(list, s)
	if there || s == "" {
		return list
	}
	return slices.Insert(list, i, s)
}

func lastPart(id string) string {
	return id[strings.LastIndexAny(id, "/:")+1:]
}

// id makes an id of a name that no other proposal has.
func (g *grouping) id(name, account string) string {
	id := strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(name)), "-")
	taken := func(id string) bool {
		for _, w := range g.found {
			if w.ID == id {
				return true
			}
		}
		return false
	}
	if taken(id) {
		id += "-" + account
	}
	for n, first := 2, id; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", first, n)
	}
	return id
}
