package report

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// cyclonedx writes an AI bill of materials as CycloneDX 1.6 JSON: models as
// machine-learning-model components, buckets and data sources as data, keys as
// cryptographic assets, what runs (agents, guardrails, endpoints, jobs) as services,
// what only configures (roles, subnets) as data of type configuration. What a
// property of one names is its dependency.
//
// Each carries the verdicts on it as properties (assize:verdict:fail) and the checks
// that failed (assize:failed). What is named and was not read is a component of its
// own with assize:read=false, so that a model in use is never left out. Of findings
// only counts and the ids of failed checks are kept.
type cyclonedx struct {
	o        *out
	run      *assize.Run
	verdicts map[string]*bomVerdicts
	assets   []assize.Asset
	missing  map[string]*bomItem
	unread   bool
}

// bomVerdicts are the findings about one resource.
type bomVerdicts struct {
	counts assize.Counts
	failed []string
}

const (
	cycloneDXSchema  = "http://cyclonedx.org/schema/bom-1.6.schema.json"
	cycloneDXVersion = "1.6"
)

func newCycloneDX(w io.Writer, _ Options) Writer {
	return &cyclonedx{o: newOut(w), verdicts: map[string]*bomVerdicts{}, missing: map[string]*bomItem{}}
}

// Begin keeps what the head of the document says.
func (c *cyclonedx) Begin(run *assize.Run) error {
	c.run = run
	return nil
}

// Finding counts.
func (c *cyclonedx) Finding(f *assize.Finding) error {
	if f.Resource == nil {
		return nil
	}
	v := c.verdicts[f.Resource.Key()]
	if v == nil {
		v = &bomVerdicts{}
		c.verdicts[f.Resource.Key()] = v
	}
	v.counts.Add(f.Outcome)
	if f.Outcome == assize.Fail {
		v.failed = append(v.failed, f.Check.ID)
	}
	return nil
}

// Assets keeps them to the end.
func (c *cyclonedx) Assets(assets []assize.Asset) error {
	c.assets = assets
	return nil
}

type bomDependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

// End writes the document.
func (c *cyclonedx) End(sum *assize.Summary) error {
	var components, services []*bomItem
	add := func(i *bomItem) {
		if i.Type == "" {
			services = append(services, i)
			return
		}
		components = append(components, i)
	}
	var dependencies []bomDependency
	for i := range c.assets {
		a := &c.assets[i]
		add(c.item(a))
		dependencies = append(dependencies, bomDependency{Ref: bomRef(a.Resource), DependsOn: c.dependsOn(a)})
	}
	for _, ref := range slices.Sorted(maps.Keys(c.missing)) {
		add(c.missing[ref])
		dependencies = append(dependencies, bomDependency{Ref: ref})
	}
	c.head(sum)
	c.lines("components", len(components), func(i int) any { return components[i] })
	c.o.str(",\n")
	c.lines("services", len(services), func(i int) any { return services[i] })
	c.o.str(",\n")
	c.lines("dependencies", len(dependencies), func(i int) any { return dependencies[i] })
	c.o.str(",\n\"compositions\":")
	c.o.json([]any{map[string]any{"aggregate": c.aggregate(sum), "assemblies": refs(components, services)}})
	c.o.str("\n}\n")
	return c.o.flush()
}

// lines writes an array, one element a line.
func (c *cyclonedx) lines(name string, n int, element func(int) any) {
	c.o.str(`"`, name, `":[`)
	for i := range n {
		if i > 0 {
			c.o.str(",")
		}
		c.o.str("\n")
		c.o.json(element(i))
	}
	c.o.str("\n]")
}

// aggregate says whether there may be more than is written. It is never "complete":
// only the types that Assize knows are in it.
func (c *cyclonedx) aggregate(sum *assize.Summary) string {
	if len(sum.Gaps) > 0 || sum.Interrupted || c.unread {
		return "incomplete"
	}
	return "unknown"
}

func (c *cyclonedx) head(sum *assize.Summary) {
	run := c.run
	c.o.str("{\n")
	c.o.member("$schema", cycloneDXSchema)
	c.o.member("bomFormat", "CycloneDX")
	c.o.member("specVersion", cycloneDXVersion)
	c.o.member("serialNumber", c.serial())
	c.o.member("version", 1)
	tool := map[string]any{"type": "application", "name": "Assize", "externalReferences": []any{map[string]string{"type": "vcs", "url": projectURL}}}
	if run.Version != "" {
		tool["version"] = run.Version
	}
	about := []bomProperty{
		{"assize:library", clean(run.LibraryDigest)}, {"assize:source", clean(run.Source)}, {"assize:snapshot", clean(run.SnapshotDigest)},
	}
	for _, a := range run.Accounts {
		about = append(about, bomProperty{"assize:account", accountText(a)})
	}
	c.o.member("metadata", map[string]any{
		"timestamp":  run.AsOf.UTC().Format("2006-01-02T15:04:05Z"),
		"lifecycles": []any{map[string]string{"phase": "operations"}},
		"tools":      map[string]any{"components": []any{tool}},
		"component":  map[string]any{"type": "application", "bom-ref": "assize:estate", "name": "AI workloads in " + many(len(run.Accounts), "account")},
		"properties": slices.Concat(kept(about), verdictProperties(sum.Counts)),
	})
}

// serial is a UUID of what was judged: the same input gives the same document.
func (c *cyclonedx) serial() string {
	parts := []string{c.run.LibraryDigest, c.run.SnapshotDigest, c.run.ProfileDigest, c.run.Scope, c.run.AsOf.UTC().String()}
	for _, a := range c.run.Accounts {
		parts = append(parts, a.ID)
	}
	d := digest(strings.Join(parts, "\n"))
	return "urn:uuid:" + d[:8] + "-" + d[8:12] + "-8" + d[13:16] + "-a" + d[17:20] + "-" + d[20:32]
}

// dependsOn are the refs of what the asset names, each once. What was not read
// becomes an item of its own.
func (c *cyclonedx) dependsOn(a *assize.Asset) []string {
	var out []string
	for _, l := range a.Links {
		ref := ""
		switch {
		case l.To != nil:
			ref = c.known(l.To)
		case l.Ref != "":
			ref = c.named(&l)
		default:
			c.unread = true
		}
		if ref != "" && ref != bomRef(a.Resource) && !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	slices.Sort(out)
	return out
}

// known is the ref of a resource that is an asset; empty for one that is named for
// another reason and is no part of the system.
func (c *cyclonedx) known(r *assize.Resource) string {
	_, found := slices.BinarySearchFunc(c.assets, r, func(a assize.Asset, r *assize.Resource) int { return a.Resource.Compare(r) })
	if !found {
		return ""
	}
	return bomRef(r)
}

// named makes an item of what is named and was not read.
func (c *cyclonedx) named(l *assize.Link) string {
	ref := "named/" + clean(l.Type) + "/" + cutID(clean(l.Ref), 400)
	if c.missing[ref] == nil {
		item := newItem(l.Type, false)
		item.Ref, item.Name = ref, cutID(clean(l.Ref), 400)
		item.Properties = []bomProperty{{"assize:type", clean(l.Type)}, {"assize:read", "false"}}
		if l.Unknown != nil {
			item.Properties = append(item.Properties, bomProperty{"assize:cause", clean(string(l.Unknown.Cause))})
		}
		c.missing[ref] = item
	}
	return ref
}

func refs(lists ...[]*bomItem) []string {
	out := []string{}
	for _, list := range lists {
		for _, i := range list {
			out = append(out, i.Ref)
		}
	}
	return out
}

// bomRef identifies a resource within the document.
func bomRef(r *assize.Resource) string { return "aws/" + cutID(clean(r.Key()), 500) }
