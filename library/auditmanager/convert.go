package auditmanager

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/assize-dev/assize"
)

// Result is a framework made of an export, and how.
type Result struct {
	Framework *assize.Framework
	// Matched are controls whose evidence is that of a control of Assize of the same name.
	Matched []Match
	// Unmatched are controls whose evidence is made of their own sources.
	Unmatched []string
	// Partial are controls of which the export holds the name alone: GetControl is missing.
	Partial []string
	// Notes say what could not be taken as it was.
	Notes []string
}

// Match is a control of the export and the one of Assize of the same name, by id.
type Match struct{ Control, Ours string }

// The limits of texts, in characters, are those of the API itself; what is longer is no export.
const (
	maxTitle = 300 // with the id before it
	maxID    = 62
	maxText  = 1000
)

// Convert makes a framework of that id. Controls that have the name of one of ours keep our
// evidence under the export's texts; the others get what their sources say.
func (e *Export) Convert(id string, ours *assize.Framework) (*Result, error) {
	fw, err := e.Framework()
	if err != nil {
		return nil, err
	}
	c := &converter{export: e, ours: ours, out: &Result{}, controls: map[string]int{}, groups: map[string]int{}}
	name := clean(fw.Name)
	out := &assize.Framework{
		ID: id, Title: cut(name, maxTitle), Version: "1", Description: clean(fw.Description),
		Provenance: fmt.Sprintf("Imported from an export of AWS Audit Manager (framework %q, %s). It is the user's own data and no content of Assize; "+
			"of Assize is the evidence of controls that have the name of one of its own.", name, cmp.Or(clean(fw.ID), "without an id")),
		Licence: "Names, ids and texts are those of the export, under the terms that hold between the exporter and their author. They are not to be passed on with Assize.",
	}
	out.Description = cmp.Or(out.Description, "The controls of "+out.Title+".")
	for _, set := range fw.ControlSets {
		group := assize.Group{ID: identify(c.groups, set.Name, set.ID, "set"), Title: cut(clean(cmp.Or(set.Name, set.ID)), maxTitle)}
		for i := range set.Controls {
			group.Controls = append(group.Controls, c.control(&set.Controls[i]))
		}
		if len(group.Controls) > 0 {
			out.Groups = append(out.Groups, group)
		}
	}
	if len(out.Groups) == 0 {
		return nil, fmt.Errorf("framework %q: there is no control in it", name)
	}
	c.out.Framework = out
	return c.out, nil
}

type converter struct {
	export           *Export
	ours             *assize.Framework
	names            map[string][]*assize.Control // of ours; see namesOf
	out              *Result
	controls, groups map[string]int // ids that are taken; see identify
}

var (
	// named is a name of the form "SECAI3.2: Data Encryption In Transit".
	named   = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._()-]{0,24}):\s+(\S.*)$`)
	idForm  = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9 ._:()/§-]{0,58}[A-Za-z0-9)])?$`)
	notInID = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
)

func (c *converter) control(partial *Control) assize.Control {
	full, ok := c.export.controls[partial.ID]
	if !ok {
		full = *partial
	}
	name := clean(full.Name)
	id, title := "", name
	if m := named.FindStringSubmatch(name); m != nil {
		id, title = m[1], m[2]
	}
	out := assize.Control{
		ID: identify(c.controls, id, title, full.ID), Title: cut(cmp.Or(title, "Control without a name"), maxTitle-maxID),
		Provenance: assize.ProvenanceImported, Note: "Imported from AWS Audit Manager, control " + cmp.Or(clean(full.ID), "without an id"),
		Description: clean(full.Description), Testing: clean(full.TestingInformation),
		ActionPlanTitle: cut(clean(full.ActionPlanTitle), maxTitle), ActionPlan: clean(full.ActionPlanInstructions),
	}
	for _, text := range []*string{&out.Description, &out.Testing, &out.ActionPlan} {
		if short := cut(*text, maxText); short != *text {
			c.note("%s: a text is longer than the API allows, and is shortened to %d characters", out.ID, maxText)
			*text = short
		}
	}
	if !ok && full.Description+full.TestingInformation == "" {
		c.out.Partial = append(c.out.Partial, label(&out))
	}
	if own := c.match(id, title); own != nil {
		c.out.Matched = append(c.out.Matched, Match{label(&out), own.ID})
		out.Expectations = own.Expectations
		out.Checks = own.OwnChecks()
		out.Automated, out.Customer, out.AppliesTo = own.Automated, own.Customer, own.AppliesTo
		out.Note += "; evidence as of Assize's " + own.ID
		return out
	}
	c.out.Unmatched = append(c.out.Unmatched, label(&out))
	out.Expectations = c.expectations(&out, full.ControlMappingSources)
	return out
}

func (c *converter) note(format string, args ...any) {
	c.out.Notes = append(c.out.Notes, fmt.Sprintf(format, args...))
}

// label is a control as people know it; where no number stood before its name, its id is the name.
func label(c *assize.Control) string {
	if c.ID == c.Title {
		return c.Title
	}
	return c.ID + " " + c.Title
}

// match finds the control of ours of the same name: by the id that AWS has published, or by title.
func (c *converter) match(id, title string) *assize.Control {
	if c.names == nil {
		c.names = namesOf(c.ours)
	}
	same := c.names[letters(title)]
	for _, own := range same {
		if own.Provenance == assize.ProvenanceAWS && own.ID == id {
			return own
		}
	}
	if len(same) == 0 {
		return nil
	}
	return same[0]
}

// namesOf are the controls of a framework, in its order, by the letters of their titles.
func namesOf(fw *assize.Framework) map[string][]*assize.Control {
	names := map[string][]*assize.Control{}
	if fw == nil {
		return names
	}
	for g := range fw.Groups {
		for i := range fw.Groups[g].Controls {
			c := &fw.Groups[g].Controls[i]
			if name := letters(c.Title); name != "" {
				names[name] = append(names[name], c)
			}
		}
	}
	return names
}

// letters are the words of a name in lower case, without what stands between them.
func letters(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// frequencies of the API as recurrence rules.
var frequencies = map[string]string{"DAILY": "FREQ=DAILY", "WEEKLY": "FREQ=WEEKLY", "MONTHLY": "FREQ=MONTHLY"}

// sources are the kinds of sources that name a keyword, and the forms that keywords have.
var sources = map[string]struct {
	kind assize.ExpectationKind
	form *regexp.Regexp
	what string
}{
	"AWS_Config":       {assize.ByConfig, regexp.MustCompile(`^([A-Z][A-Z0-9]*(_[A-Z0-9]+)*|Custom_[A-Za-z0-9_-]+)$`), "Results of the AWS Config rule "},
	"AWS_Security_Hub": {assize.BySecurityHub, regexp.MustCompile(`^(PCI\.)?[A-Za-z][A-Za-z0-9]*\.[0-9]+$|^[0-9]+\.[0-9]+$`), "Findings of the Security Hub control "},
	"AWS_API_Call":     {assize.ByAPI, regexp.MustCompile(`^[a-z0-9-]+_[A-Z][A-Za-z0-9]+$`), "Answers of the API operation "},
	"AWS_Cloudtrail":   {assize.ByCloudTrail, regexp.MustCompile(`^[a-z0-9-]+_[A-Z][A-Za-z0-9]+$`), "CloudTrail events "},
}

// expectations makes of each source what demands its evidence.
func (c *converter) expectations(control *assize.Control, list []MappingSource) []assize.Expectation {
	var out []assize.Expectation
	taken := map[string]int{}
	for i := range list {
		s := &list[i]
		source, known := sources[s.SourceType]
		keyword := strings.TrimSpace(s.SourceKeyword.KeywordValue)
		reads := source.kind == assize.ByCloudTrail && slices.ContainsFunc([]string{"_Get", "_List", "_Describe"}, func(p string) bool { return strings.Contains(keyword, p) })
		if known && !reads && source.form.MatchString(keyword) {
			out = append(out, assize.Expectation{
				ID: expectationID(taken, string(source.kind)+" "+keyword), Kind: source.kind, Title: source.what + keyword,
				Keyword: keyword, Cadence: frequencies[s.SourceFrequency],
			})
			continue
		}
		if s.SourceType != "MANUAL" {
			c.note("%s: source %q of type %q is no single rule, control, operation or event, and becomes a demand on people", control.ID, clean(s.SourceName), clean(s.SourceType))
		}
		out = append(out, demand(taken, s))
	}
	if len(out) == 0 {
		out = append(out, demand(taken, &MappingSource{}))
	}
	return out
}

// demand is what people are asked where no source answers.
func demand(taken map[string]int, s *MappingSource) assize.Expectation {
	e := assize.Expectation{
		ID: expectationID(taken, cmp.Or(s.SourceName, "evidence")), Kind: assize.ByFile,
		Title: "Provide the evidence that the control asks for", Owner: "control owner", Cadence: "FREQ=YEARLY",
		Example: "A dated document that shows for each sentence of the control what is done, and who answers for it",
	}
	if s.SourceKeyword.KeywordInputType == "INPUT_TEXT" {
		e.Kind, e.Example = assize.ByText, "An answer to each sentence of the control, with date, name and where it can be seen"
	}
	if name := clean(s.SourceName); name != "" {
		e.Title = cut("Provide evidence: "+name, maxTitle)
	}
	if text := clean(cmp.Or(s.SourceDescription, s.TroubleshootingText)); text != "" {
		e.Example = cut(text, maxText)
	}
	return e
}

// expectationID makes lower-case words joined by "-", unlike those before.
func expectationID(taken map[string]int, name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	base := strings.Join(words, "-")
	return number(taken, cmp.Or(strings.Trim(base[:min(len(base), 60)], "-"), "evidence"))
}

// identify makes an id of the first that can be one, unlike those that are taken. Of these taken holds the number
// that was last put behind it to make another, and 1 where none was.
func identify(taken map[string]int, candidates ...string) string {
	base := ""
	for _, c := range candidates {
		c = clean(c)
		if idForm.MatchString(c) && taken[c] == 0 {
			taken[c] = 1
			return c
		}
		if base == "" {
			base = strings.Trim(notInID.ReplaceAllString(c, "-"), "._-")
		}
	}
	return number(taken, cmp.Or(strings.Trim(base[:min(len(base), 50)], "._-"), "control"))
}

// number puts a number behind an id where it is taken.
func number(taken map[string]int, base string) string {
	id := base
	for taken[id] > 0 {
		taken[base]++
		id = base + "-" + strconv.Itoa(taken[base])
	}
	taken[id] = 1
	return id
}

// clean is text without what is not printable; white space is one space.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cut shortens a text to n characters, and marks that it did.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
