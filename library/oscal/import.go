package oscal

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

// The limits of a control's texts in a framework, in characters.
const (
	maxTitle = 300 // with the id before it
	maxID    = 62
	maxText  = 1000
)

// maxInserted is how much parameters may add to the texts of a document, in bytes: those of NIST's catalogue of SP
// 800-53 add a hundredth of it. A long one that every control inserts would fill the memory.
const maxInserted = 8 << 20

// Imported is a framework made of a catalogue.
type Imported struct {
	Framework *assize.Framework
	// Notes say what was left out or shortened, and where all of it is.
	Notes []string
	// Mapped counts controls that are answered over mappings, too, which a catalogue that we wrote names and does not carry.
	Mapped int
}

// Framework makes a framework of the catalogue: a control set for each group, a control for each
// control and enhancement, with parameters inserted. Statements become what a control asks, guidance
// why, objectives of assessment what an auditor asks for, objects of assessment the example of
// evidence. Each control demands one piece of evidence of people, until it is given checks or
// mappings. What we wrote ourselves (see [FromFramework]) becomes what it was. provenance says whose
// controls they are.
func (c *Catalog) Framework(id, provenance string) *Imported {
	im := &importer{
		out: &Imported{Framework: &assize.Framework{ID: id}}, provenance: provenance,
		params: map[string]string{}, taken: map[string]int{}, groups: map[string]int{},
	}
	im.collect(c)
	fw := im.out.Framework
	m := &c.Metadata
	own := func(name string) string { return prop(m.Props, name, NS) }
	im.restores = own("id") != ""
	fw.Title, fw.Version = cut(words(m.Title), maxTitle), cmp.Or(m.Version, "1")
	fw.Requirements = own("requirements") != "false"
	fw.Aliases, fw.Sources = all(m.Props, "alias"), all(m.Props, "source")
	fw.Provenance = cmp.Or(own("provenance"), fmt.Sprintf("Imported from the OSCAL catalogue %q, version %s. It is the user's own data, and no content of Assize.", fw.Title, fw.Version))
	if fw.Licence = own("licence"); !im.restores {
		fw.Licence = "The terms of the publisher of the catalogue hold for its ids, titles and texts."
	}
	fw.Description = cmp.Or(words(m.Remarks), fmt.Sprintf("The controls of %s, version %s.", fw.Title, fw.Version))
	for _, f := range all(m.Props, "fact") {
		if name, value, ok := strings.Cut(f, ": "); ok {
			fw.Facts = append(fw.Facts, assize.FrameworkFact{Name: name, Value: value})
		}
	}
	for _, q := range all(m.Props, "question") {
		if question, answer, ok := strings.Cut(q, "? "); ok {
			fw.Questions = append(fw.Questions, assize.Question{Question: question + "?", Answer: answer})
		}
	}
	if len(c.Controls) > 0 {
		im.group(Group{ID: "controls", Title: "Controls", Controls: c.Controls}, "")
	}
	for _, g := range c.Groups {
		im.group(g, "")
	}
	if im.overfull {
		im.note("parameters insert more than %d MB: where the texts keep {{ insert: param }}, they are not inserted", maxInserted>>20)
	}
	return im.out
}

type importer struct {
	out        *Imported
	provenance string
	restores   bool              // the catalogue is one that we wrote
	params     map[string]string // what stands for each
	inserted   int               // bytes, of maxInserted
	overfull   bool              // not all was inserted
	taken      map[string]int    // ids of controls; see identify
	groups     map[string]int    // ids of groups
}

// collect gathers all parameters: their ids are unique in a document.
func (im *importer) collect(c *Catalog) {
	add := func(params []Param) {
		for _, p := range params {
			im.params[p.ID] = p.text()
		}
	}
	add(c.Params)
	var groups func([]Group)
	groups = func(list []Group) {
		for i := range list {
			add(list[i].Params)
			groups(list[i].Groups)
		}
	}
	groups(c.Groups)
	c.each(func(control *Control) { add(control.Params) })
}

var (
	idForm   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9 ._:()/§-]{0,58}[A-Za-z0-9)])?$`)
	notInID  = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
	insert   = regexp.MustCompile(`\{\{\s*(?:insert:\s*)?param,?\s+([^\s{}]+)\s*\}\}`)
	expectID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// identify makes an id of what may be one, unlike those that are taken. Of these taken holds the number that was
// last put behind it to make another, and 1 where none was.
func identify(taken map[string]int, candidates ...string) string {
	var first string
	for _, c := range candidates {
		if c = strings.TrimSpace(c); idForm.MatchString(c) && taken[c] == 0 {
			taken[c] = 1
			return c
		}
		if first == "" {
			first = strings.Trim(notInID.ReplaceAllString(c, "-"), "._-")
		}
	}
	first = cmp.Or(strings.Trim(first[:min(len(first), 50)], "._-"), "control")
	id := first
	for taken[id] > 0 {
		taken[first]++
		id = first + "-" + strconv.Itoa(taken[first])
	}
	taken[id] = 1
	return id
}

func (im *importer) group(g Group, within string) {
	group := assize.Group{ID: identify(im.groups, prop(g.Props, "id", NS), g.ID, g.Title), Title: cut(words(within+g.Title), maxTitle)}
	group.Automated, group.Customer, group.Usual = all(g.Props, "automated"), all(g.Props, "customer"), prop(g.Props, "usual", NS)
	for _, p := range g.Parts {
		if p.Name == "overview" || group.Description == "" {
			group.Description = join(im.prose(nil, &p)...)
		}
	}
	im.controls(&group, g.Controls)
	if len(group.Controls) > 0 {
		im.out.Framework.Groups = append(im.out.Framework.Groups, group)
	}
	for _, sub := range g.Groups {
		im.group(sub, g.Title+": ")
	}
}

func (im *importer) controls(group *assize.Group, controls []Control) {
	for i := range controls {
		c := &controls[i]
		if status := prop(c.Props, "status", ""); strings.EqualFold(status, "withdrawn") {
			im.note("%s (%s) is withdrawn and left out", c.ID, words(c.Title))
		} else {
			group.Controls = append(group.Controls, im.control(c))
		}
		im.controls(group, c.Controls)
	}
}

func (im *importer) note(format string, args ...any) {
	im.out.Notes = append(im.out.Notes, fmt.Sprintf(format, args...))
}

func (im *importer) control(c *Control) assize.Control {
	out := assize.Control{
		ID: identify(im.taken, prop(c.Props, "label", ""), c.ID), Title: cut(im.text(c.Title), maxTitle-maxID),
		Provenance: prop(c.Props, "provenance", NS), Note: prop(c.Props, "note", NS),
	}
	if !im.restores {
		out.Provenance = im.provenance
	}
	var statement, guidance, objective []string
	for i := range c.Parts {
		p := &c.Parts[i]
		if p.NS == NS {
			restorePart(&out, p)
			continue
		}
		switch p.Name {
		case "statement":
			statement = im.prose(statement, p)
		case "guidance":
			guidance = im.prose(guidance, p)
		case "assessment-objective", "objective":
			objective = im.prose(objective, p)
		}
	}
	full := join(statement...)
	out.Why, out.Testing = join(guidance...), join(append([]string{out.Testing}, objective...)...)
	out.Description = cut(full, maxText)
	if out.Description != full {
		out.Note = join(out.Note, full)
		im.note("%s: its statement is longer than %d characters: the whole stands in note", out.ID, maxText)
	}
	if short := cut(out.Testing, maxText); short != out.Testing {
		im.note("%s: the objectives of its assessment are shortened to %d characters", out.ID, maxText)
		out.Testing = short
	}
	restoreControl(&out, c.Props)
	if prop(c.Props, "mapped", NS) != "" {
		im.out.Mapped++
	} else if len(out.Checks)+len(out.Expectations) == 0 {
		out.Expectations = []assize.Expectation{im.demand(c)}
	}
	return out
}

// StandIn reports whether the expectation is the demand that stands in for checks and mappings.
func StandIn(e *assize.Expectation) bool { return e.ID == "evidence" && e.Title == standIn }

const standIn = "Show how this is met, for each part of what it asks"

// demand is what people are asked for a control that nothing else answers yet.
func (im *importer) demand(c *Control) assize.Expectation {
	var objects []string
	for i := range c.Parts {
		if p := &c.Parts[i]; p.Name == "assessment-method" && examines(p) {
			objects = im.prose(objects, p)
		}
	}
	return assize.Expectation{
		ID: "evidence", Kind: assize.ByFile, Title: standIn,
		Cadence: "FREQ=YEARLY", Owner: "control owner",
		Example: cut(cmp.Or(join(objects...), "A dated document that names for each part of the text what is done, where it can be seen, and who answers for it"), maxText),
	}
}

// examines: the method has one of the namespaces that NIST has used, or none.
func examines(p *Part) bool {
	return slices.ContainsFunc(p.Props, func(x Prop) bool { return x.Name == "method" && strings.EqualFold(x.Value, "EXAMINE") })
}

// prose appends the texts of a part with its items, their labels before them.
func (im *importer) prose(texts []string, p *Part) []string {
	if label := prop(p.Props, "label", ""); label != "" && p.Name == "item" {
		texts = append(texts, label)
	}
	texts = append(texts, im.text(p.Prose))
	for i := range p.Parts {
		texts = im.prose(texts, &p.Parts[i])
	}
	return texts
}

// text inserts parameters, and takes line breaks as spaces.
func (im *importer) text(s string) string {
	for range maxDepth { // a choice may insert parameters itself
		next := insert.ReplaceAllStringFunc(s, func(m string) string { return im.insert(m, insert.FindStringSubmatch(m)[1]) })
		if next == s {
			break
		}
		s = next
	}
	return words(s)
}

// insert is what stands for a parameter, and the text as it is where there is no more room.
func (im *importer) insert(text, id string) string {
	param, ok := im.params[id]
	if !ok {
		param = assignment(id)
	}
	if im.inserted += len(param); im.inserted > maxInserted {
		im.inserted -= len(param)
		im.overfull = true
		return text
	}
	return param
}

// text is what stands for the parameter: its values, else what has to be chosen or assigned.
func (p *Param) text() string {
	switch {
	case len(p.Values) > 0:
		return strings.Join(p.Values, ", ")
	case p.Select != nil:
		how := ""
		if p.Select.HowMany == "one-or-more" {
			how = " (one or more)"
		}
		return "[Selection" + how + ": " + strings.Join(p.Select.Choice, "; ") + "]"
	}
	return assignment(cmp.Or(p.Label, p.ID))
}

func assignment(what string) string { return "[Assignment: " + what + "]" }

func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// join puts texts behind each other, without those that are empty.
func join(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), " ")
}

// cut shortens a text to n characters, between words where it can, and marks that it did.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	short := string([]rune(s)[:n-2])
	if i := strings.LastIndexByte(short, ' '); i > len(short)/2 {
		short = short[:i]
	}
	return short + " …"
}

// restorePart reads a part that [FromFramework] wrote.
func restorePart(c *assize.Control, p *Part) {
	switch p.Name {
	case "testing":
		c.Testing = p.Prose
	case "action-plan":
		c.ActionPlanTitle, c.ActionPlan = p.Title, p.Prose
	case "expectation":
		if e := restoreExpectation(p); expectID.MatchString(e.ID) && slices.Contains(assize.ExpectationKinds, e.Kind) {
			c.Expectations = append(c.Expectations, e)
		}
	}
}

func restoreExpectation(p *Part) assize.Expectation {
	of := func(name string) string { return prop(p.Props, name, NS) }
	number := func(name string) int {
		n, err := strconv.Atoi(of(name))
		if err != nil {
			return 0
		}
		return n
	}
	return assize.Expectation{
		ID: of("id"), Kind: assize.ExpectationKind(of("kind")), Title: p.Title, Checks: all(p.Props, "check"), Keyword: of("keyword"),
		Record: of("record"), Per: of("per"), Cadence: of("cadence"), TimeZone: of("time-zone"), DueDays: number("due-days"),
		FreshDays: number("fresh-days"), Owner: of("owner"), Reviewers: number("reviewers"), Example: p.Prose, Optional: of("optional") == "true",
	}
}

func restoreControl(c *assize.Control, props []Prop) {
	of := func(name string) string { return prop(props, name, NS) }
	c.NamedBy, c.DescribedBy = of("named-by"), of("described-by")
	c.Responsibility, c.Proof = of("responsibility"), of("proof")
	c.Checks, c.Automated, c.Customer, c.Topics = all(props, "check"), all(props, "automated"), all(props, "customer"), all(props, "topic")
	a := &assize.Applicability{
		Exposure: all(props, "exposure"), ModelOrigin: all(props, "model-origin"),
		DataSensitivity: all(props, "data-sensitivity"), Criticality: all(props, "criticality"),
	}
	for _, s := range all(props, "scope") {
		if n, err := strconv.Atoi(s); err == nil {
			a.Scopes = append(a.Scopes, n)
		}
	}
	if len(a.Scopes)+len(a.Exposure)+len(a.ModelOrigin)+len(a.DataSensitivity)+len(a.Criticality) > 0 {
		c.AppliesTo = a
	}
}
