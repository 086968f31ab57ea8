package reference

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

func (r *Reference) frameworkPage(p *Page) {
	i := slices.IndexFunc(r.frameworks, func(fw *assize.Framework) bool { return fw.ID == p.ID })
	fw := r.frameworks[i]
	p.Notice = prose(fw.Provenance)
	p.fact("Id", fw.ID)
	p.fact("Version", fw.Version)
	p.fact("Also known as", strings.Join(fw.Aliases, "; "))
	if fw.Extends != nil {
		p.factTo("Extends", r.ref(Key{Framework, fw.Extends.Framework}))
	}
	p.fact("Licence", fw.Licence)
	p.fact("Controls", coverageWords(fw))
	for _, f := range fw.Facts {
		p.fact(f.Name, f.Value)
	}
	p.fact("Digest", fw.Digest)
	p.say("About", fw.Description)
	if fw.Requirements {
		p.say("How it is answered", "The rows are requirements of others. What is found for them comes over mappings to common controls, names its source, "+
			"and never passes by itself.")
	}
	for g := range fw.Groups {
		p.Sections = append(p.Sections, r.groupSection(fw, &fw.Groups[g]))
	}
	for _, q := range fw.Questions {
		p.say(prose(q.Question), q.Answer)
	}
	set := r.mappings[fw.ID]
	if len(set.Mappings) > 0 {
		p.say("Mappings", fmt.Sprintf("%s to common controls, version %s, by %s. %s", count(len(set.Mappings), "mapping"), set.Version, set.Author, set.Licence))
	}
	sources := fw.Sources
	for _, s := range set.Sources {
		if !slices.Contains(sources, s) {
			sources = append(sources[:len(sources):len(sources)], s)
		}
	}
	p.sources(sources)
}

// coverageWords count the controls by who answers them.
func coverageWords(fw *assize.Framework) string {
	c := coverage(fw)
	words := fmt.Sprintf("%d: %d automated, %d mixed, %d manual", c.Controls, c.Automated, c.Mixed, c.Manual)
	if c.Unanswered > 0 {
		words += fmt.Sprintf(", %d without evidence", c.Unanswered)
	}
	return words
}

func (r *Reference) groupSection(fw *assize.Framework, g *assize.Group) Section {
	s := Section{Title: g.Title}
	if d := prose(g.Description); d != "" {
		s.Text = append(s.Text, d)
	}
	if len(g.Automated) > 0 {
		s.Text = append(s.Text, "Assize looks at: "+strings.Join(g.Automated, "; ")+".")
	}
	if len(g.Customer) > 0 {
		s.Text = append(s.Text, "Stays with you: "+strings.Join(g.Customer, "; ")+".")
	}
	if u := prose(g.Usual); u != "" {
		s.Text = append(s.Text, "Met most often: "+u)
	}
	for i := range g.Controls {
		c := &g.Controls[i]
		if Derived(fw) {
			s.Rows = append(s.Rows, r.row(Key{Check, c.ID}))
			continue
		}
		note := c.Title + " · " + string(c.Class())
		if c.Provenance == assize.ProvenanceAWS {
			note += " · name published by AWS"
		}
		s.Rows = append(s.Rows, Row{Head: r.ref(ControlKey(fw.ID, c.ID)), Note: note})
	}
	return s
}

// Whose says of a control in a sentence whose it is.
func Whose(fw *assize.Framework, c *assize.Control) string {
	switch c.Provenance {
	case assize.ProvenanceAWS:
		return "AWS has published the control's name (" + c.NamedBy + "). Every text here, the evidence and the checks are Assize's own."
	case assize.ProvenanceAssize:
		if c.DescribedBy != "" {
			return "Assize's own control, on a subject that an AWS document describes without a name (" + c.DescribedBy + ")."
		}
		return "Assize's own control."
	case assize.ProvenanceImported:
		return "Imported: the user's own data, no content of Assize."
	case "":
		return prose(fw.Provenance)
	}
	return "Id and title: " + c.Provenance + ". " + prose(fw.Licence) + " Descriptions, mappings and demands are Assize's own."
}

func (r *Reference) controlPage(p *Page) {
	at := r.controls[p.Key]
	c := at.c
	p.Notice = Whose(at.fw, c)
	p.factTo("Framework", Ref{Text: at.fw.Title, To: &Key{Framework, at.fw.ID}})
	p.fact("Id", c.ID)
	p.fact("Control set", at.group.Title)
	p.fact("Evidence", string(c.Class()))
	p.fact("Responsibility", c.Responsibility)
	p.fact("Provider's proof", c.Proof)
	p.fact("Concerns", applicabilityWords(c.AppliesTo))
	p.fact("Note", c.Note)
	p.say("What it asks", c.Description)
	p.say("Why", c.Why)
	p.say("For the auditor", c.Testing)
	p.say(or(c.ActionPlanTitle, "What to do"), c.ActionPlan)
	p.lines("What Assize answers", c.Automated)
	p.lines("What stays with you", c.Customer)
	p.rows("Evidence", r.expectationRows(c.Expectations))
	p.rows("Checks", r.checkRows(c))
	p.rows("Mapped to common controls", r.mappingRows(at.fw.ID, c.ID))
	p.lines("Topics", c.Topics)
	p.sources(at.fw.Sources)
}

// or is the first text that is not empty.
func or(a, b string) string {
	if prose(a) != "" {
		return prose(a)
	}
	return b
}

// checkRows list the checks of a control, with the way over which each comes.
func (r *Reference) checkRows(c *assize.Control) []Row {
	var rows []Row
	for _, id := range c.Checks {
		row := r.row(Key{Check, id})
		var over []string
		for _, m := range c.Mapped {
			if m.Check == id {
				over = append(over, m.Common+" ("+string(m.Relation)+")")
			}
		}
		if len(over) > 0 {
			row.Lines = []string{"Over " + strings.Join(over, ", ")}
		}
		rows = append(rows, row)
	}
	return rows
}

func (r *Reference) mappingRows(framework, control string) []Row {
	var rows []Row
	for _, m := range r.mappingsOf(framework, control) {
		row := r.row(Key{Common, m.Common})
		row.Lines = []string{relationWords[m.Relation] + " Confidence: " + m.Confidence + ".", prose(m.Rationale)}
		rows = append(rows, row)
	}
	return rows
}

var relationWords = map[assize.Relation]string{
	assize.Equal:      "They ask the same (equal).",
	assize.Subset:     "The common control asks all of it, and more (subset).",
	assize.Superset:   "It asks more than the common control (superset).",
	assize.Intersects: "They share a part (intersects).",
}

func applicabilityWords(a *assize.Applicability) string {
	if a == nil {
		return "every workload"
	}
	var parts []string
	if len(a.Scopes) > 0 {
		parts = append(parts, "scope "+strings.Trim(fmt.Sprint(a.Scopes), "[]"))
	}
	for _, f := range []struct {
		name   string
		values []string
	}{{"exposure", a.Exposure}, {"model origin", a.ModelOrigin}, {"data sensitivity", a.DataSensitivity}, {"criticality", a.Criticality}} {
		if len(f.values) > 0 {
			parts = append(parts, f.name+" "+strings.Join(f.values, ", "))
		}
	}
	return "workloads of " + strings.Join(parts, "; ")
}

func (r *Reference) commonPage(p *Page) {
	at := r.common[p.ID]
	p.Notice = "Common controls are Assize's own: the hub in which mappings of frameworks meet."
	p.fact("Domain", at.domain.Title)
	p.fact("Objective", at.objective.Title)
	p.say("What it asks", at.c.Description)
	var keys []Key
	for _, id := range commonChecks(at.c) {
		keys = append(keys, Key{Check, id})
	}
	r.links(p, "Checks that implement it", keys)
	p.rows("Evidence", r.expectationRows(at.c.Expectations))
	var rows []Row
	for _, k := range r.usedBy(p.Key, Control) {
		row := r.row(k)
		framework, control, _ := strings.Cut(k.ID, "/")
		for _, m := range r.mappingsOf(framework, control) {
			if m.Common == p.ID {
				row.Lines = append(row.Lines, string(m.Relation)+", confidence "+m.Confidence+": "+prose(m.Rationale))
			}
		}
		rows = append(rows, row)
	}
	p.rows("Controls and requirements mapped to it", rows)
}
