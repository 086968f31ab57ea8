package oscal

import (
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/assize-dev/assize"
)

// FromFramework writes a framework as a catalogue: a group for each control set, each control with
// statement and guidance; what OSCAL has no place for stands in parts and properties of our
// namespace, so that [Catalog.Framework] makes the same framework of it. Demands that come over
// mappings are named, not copied. at is the time of writing.
func FromFramework(fw *assize.Framework, at time.Time) *Catalog {
	e := &exporter{fw: fw, taken: map[string]int{}}
	c := &Catalog{
		UUID: uuid(fw.ID, fw.Digest, "catalog"),
		Metadata: Metadata{
			Title: words(fw.Title), LastModified: at.UTC(), Version: fw.Version, OSCALVersion: Version,
			Remarks: words(fw.Description),
		},
	}
	m := &c.Metadata.Props
	add(m, "id", fw.ID)
	add(m, "digest", fw.Digest)
	add(m, "provenance", fw.Provenance)
	add(m, "licence", fw.Licence)
	add(m, "requirements", strconv.FormatBool(fw.Requirements))
	add(m, "alias", fw.Aliases...)
	add(m, "source", fw.Sources...)
	for _, f := range fw.Facts {
		add(m, "fact", f.Name+": "+f.Value)
	}
	for _, q := range fw.Questions {
		add(m, "question", q.Question+" "+q.Answer)
	}
	for _, g := range fw.Groups {
		group := Group{ID: e.token(g.ID), Title: words(g.Title)}
		add(&group.Props, "id", g.ID)
		add(&group.Props, "automated", g.Automated...)
		add(&group.Props, "customer", g.Customer...)
		add(&group.Props, "usual", g.Usual)
		if g.Description != "" {
			group.Parts = []Part{{Name: "overview", Prose: words(g.Description)}}
		}
		for i := range g.Controls {
			group.Controls = append(group.Controls, e.control(&g.Controls[i]))
		}
		c.Groups = append(c.Groups, group)
	}
	return c
}

// Encode writes the catalogue as JSON, indented.
func (c *Catalog) Encode() ([]byte, error) {
	data, err := json.MarshalIndent(Document{Catalog: c}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write OSCAL: %w", err)
	}
	return append(data, '\n'), nil
}

// MarshalJSON leaves out what a document is not.
func (d Document) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	if d.Catalog != nil {
		m["catalog"] = d.Catalog
	}
	if d.Profile != nil {
		m["profile"] = d.Profile
	}
	return json.Marshal(m)
}

type exporter struct {
	fw    *assize.Framework
	taken map[string]int // tokens, with the number that the next id of the same text begins at
}

var notInToken = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// token makes of an id one that OSCAL allows (a letter or _ first; letters, digits, . _ -), unlike those before.
func (e *exporter) token(id string) string {
	t := strings.Trim(notInToken.ReplaceAllString(strings.ToLower(id), "-"), "-")
	if t == "" || t[0] < 'a' || t[0] > 'z' {
		t = "c-" + t
	}
	base := t
	for n := e.taken[base]; e.taken[t] > 0; n++ {
		t = base + "-" + strconv.Itoa(n)
		e.taken[base] = n + 1
	}
	e.taken[t] = 2
	return t
}

// add appends properties of ours; none for an empty value, which OSCAL does not allow.
func add(props *[]Prop, name string, values ...string) {
	for _, v := range values {
		if v = words(v); v != "" {
			*props = append(*props, Prop{Name: name, NS: NS, Value: v})
		}
	}
}

func (e *exporter) control(c *assize.Control) Control {
	out := Control{ID: e.token(c.ID), Title: words(c.Title), Props: []Prop{{Name: "label", Value: c.ID}}}
	p := &out.Props
	add(p, "provenance", c.Provenance)
	add(p, "named-by", c.NamedBy)
	add(p, "described-by", c.DescribedBy)
	add(p, "note", c.Note)
	add(p, "responsibility", c.Responsibility)
	add(p, "proof", c.Proof)
	add(p, "check", c.OwnChecks()...)
	for _, m := range c.Over {
		*p = append(*p, Prop{Name: "mapped", NS: NS, Value: m.Common, Class: string(m.Relation)})
	}
	add(p, "automated", c.Automated...)
	add(p, "customer", c.Customer...)
	add(p, "topic", c.Topics...)
	if a := c.AppliesTo; a != nil {
		for _, s := range a.Scopes {
			add(p, "scope", strconv.Itoa(s))
		}
		add(p, "exposure", a.Exposure...)
		add(p, "model-origin", a.ModelOrigin...)
		add(p, "data-sensitivity", a.DataSensitivity...)
		add(p, "criticality", a.Criticality...)
	}
	part := func(name, ns, title, prose string) {
		if prose = words(prose); prose != "" {
			out.Parts = append(out.Parts, Part{Name: name, NS: ns, Title: words(title), Prose: prose})
		}
	}
	part("statement", "", "", c.Description)
	part("guidance", "", "", c.Why)
	part("testing", NS, "", c.Testing)
	part("action-plan", NS, c.ActionPlanTitle, c.ActionPlan)
	for i := range c.Expectations {
		if c.Expectations[i].Common == "" {
			out.Parts = append(out.Parts, expectation(&c.Expectations[i]))
		}
	}
	return out
}

func expectation(e *assize.Expectation) Part {
	out := Part{Name: "expectation", NS: NS, Title: words(e.Title), Prose: words(e.Example)}
	p := &out.Props
	add(p, "id", e.ID)
	add(p, "kind", string(e.Kind))
	add(p, "check", e.Checks...)
	add(p, "keyword", e.Keyword)
	add(p, "record", e.Record)
	add(p, "per", e.Per)
	add(p, "cadence", e.Cadence)
	add(p, "time-zone", e.TimeZone)
	add(p, "owner", e.Owner)
	for _, n := range []struct {
		name  string
		value int
	}{{"due-days", e.DueDays}, {"fresh-days", e.FreshDays}, {"reviewers", e.Reviewers}} {
		if n.value != 0 {
			add(p, n.name, strconv.Itoa(n.value))
		}
	}
	if e.Optional {
		add(p, "optional", "true")
	}
	return out
}

// uuid is a UUID of version 5 (RFC 9562) in the namespace of addresses; the same texts give the same.
func uuid(texts ...string) string {
	h := sha1.New() // what version 5 is made with; nothing rests on it
	h.Write([]byte("\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8" + NS + "/" + strings.Join(texts, "/")))
	sum := h.Sum(nil)
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
