package reference

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
)

// Page is what there is to say about one thing of the library.
type Page struct {
	Entry
	// Notice says whose it is, in a sentence.
	Notice   string    `json:"notice"`
	Facts    []Fact    `json:"facts,omitempty"`
	Sections []Section `json:"sections,omitempty"`
}

// Fact is one line of the page's head.
type Fact struct {
	Name  string `json:"name"`
	Value []Ref  `json:"value"`
}

// Ref is a text, which may lead to another page or to an address.
type Ref struct {
	Text string `json:"text"`
	To   *Key   `json:"to,omitempty"`
	URL  string `json:"url,omitempty"`
}

// Section is a part of a page: paragraphs, code, then rows.
type Section struct {
	Title string   `json:"title"`
	Text  []string `json:"text,omitempty"`
	Code  string   `json:"code,omitempty"`
	Rows  []Row    `json:"rows,omitempty"`
}

// Row is one line of a list: what it is about, a remark, and further lines below.
type Row struct {
	Head  Ref      `json:"head"`
	Note  string   `json:"note,omitempty"`
	Lines []string `json:"lines,omitempty"`
}

// Page makes the page of a key; ok is false where there is none.
func (r *Reference) Page(k Key) (p *Page, ok bool) {
	e, ok := r.Entry(k)
	if !ok {
		return nil, false
	}
	p = &Page{Entry: e}
	switch k.Kind {
	case Check:
		r.checkPage(p)
	case Control:
		r.controlPage(p)
	case Framework:
		r.frameworkPage(p)
	case Common:
		r.commonPage(p)
	case Record:
		r.recordPage(p)
	case Type:
		r.typePage(p)
	}
	return p, true
}

// ourOwn is the notice of what is Assize's.
const ourOwn = "Title, text and rule are Assize's own. Ids of others are named as such."

// fact adds a line with a text; none where it is empty.
func (p *Page) fact(name, value string) {
	if value != "" {
		p.Facts = append(p.Facts, Fact{name, []Ref{{Text: prose(value)}}})
	}
}

func (p *Page) factTo(name string, refs ...Ref) {
	if len(refs) > 0 {
		p.Facts = append(p.Facts, Fact{name, refs})
	}
}

// say adds a section of paragraphs; none where all are empty.
func (p *Page) say(title string, paragraphs ...string) {
	s := Section{Title: title}
	for _, text := range paragraphs {
		if text = prose(text); text != "" {
			s.Text = append(s.Text, text)
		}
	}
	if len(s.Text) > 0 {
		p.Sections = append(p.Sections, s)
	}
}

func (p *Page) code(title, code string) {
	if code = strings.TrimSpace(code); code != "" {
		p.Sections = append(p.Sections, Section{Title: title, Code: code})
	}
}

func (p *Page) rows(title string, rows []Row) {
	if len(rows) > 0 {
		p.Sections = append(p.Sections, Section{Title: title, Rows: rows})
	}
}

// lines adds a section with a plain list.
func (p *Page) lines(title string, lines []string) {
	var rows []Row
	for _, l := range lines {
		rows = append(rows, Row{Head: Ref{Text: prose(l)}})
	}
	p.rows(title, rows)
}

// links adds a section that lists other pages.
func (r *Reference) links(p *Page, title string, keys []Key) {
	var rows []Row
	for _, k := range keys {
		rows = append(rows, r.row(k))
	}
	p.rows(title, rows)
}

// row leads to another page: by its id, with its title.
func (r *Reference) row(k Key) Row {
	e, _ := r.Entry(k)
	note := e.Title
	if k.Kind == Control {
		note += " · " + e.In
	}
	return Row{Head: r.ref(k), Note: prose(note)}
}

// ref leads to a page where there is one.
func (r *Reference) ref(k Key) Ref {
	if _, ok := r.at[k]; !ok {
		return Ref{Text: k.ID}
	}
	text := k.ID
	if k.Kind == Control {
		_, text, _ = strings.Cut(k.ID, "/")
	}
	return Ref{Text: text, To: &k}
}

func (p *Page) sources(list []string) {
	var rows []Row
	for _, s := range list {
		rows = append(rows, Row{Head: Ref{Text: s, URL: s}})
	}
	p.rows("Sources", rows)
}

// prose is text with its line breaks taken as spaces.
func prose(s string) string { return strings.Join(strings.Fields(s), " ") }

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// expectationRows list what answers a control, each with the page that it leads to.
func (r *Reference) expectationRows(list []assize.Expectation) []Row {
	var rows []Row
	for i := range list {
		e := &list[i]
		row := Row{Head: Ref{Text: prose(e.Title)}, Note: kindWords(e)}
		if row.Head.Text == "" {
			row.Head.Text = e.ID
		}
		if e.Common != "" {
			row.Head.To = &Key{Common, e.Common}
			row.Lines = append(row.Lines, "Comes over common control "+e.Common)
		}
		if e.Record != "" {
			row.Head.To = &Key{Record, e.Record}
		}
		for _, l := range [][2]string{
			{"Checks: ", strings.Join(e.Checks, ", ")},
			{"Keyword: ", e.Keyword},
			{"Once for each ", e.Per},
			{"How often: ", cadenceWords(e)},
			{"Who: ", e.Owner},
			{"Enough is, for example: ", prose(e.Example)},
		} {
			if l[1] != "" {
				row.Lines = append(row.Lines, l[0]+l[1])
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// kindNames say in words where evidence comes from.
var kindNames = map[assize.ExpectationKind]string{
	assize.ByCheck: "checks", assize.ByAPI: "answers of the AWS API, kept", assize.ByConfig: "results of AWS Config",
	assize.BySecurityHub: "findings of AWS Security Hub", assize.ByCloudTrail: "CloudTrail events", assize.ByInference: "answers of models to prompts",
	assize.ByFile: "a file that a person uploads", assize.ByText: "an answer that a person writes",
	assize.ByAttestation: "a statement that a person signs", assize.ByQuestionnaire: "a governance record that a person fills in",
}

func kindWords(e *assize.Expectation) string {
	words := kindNames[e.Kind]
	if e.Reviewers > 0 {
		words += fmt.Sprintf(", reviewed by %d more", e.Reviewers)
	}
	if e.Optional {
		words += ", optional"
	}
	return words
}

// cadences are the usual rules in words; others are shown as they are.
var cadences = map[string]string{
	"FREQ=DAILY": "daily", "FREQ=WEEKLY": "weekly", "FREQ=MONTHLY": "monthly", "FREQ=MONTHLY;INTERVAL=3": "every 3 months",
	"FREQ=MONTHLY;INTERVAL=6": "every 6 months", "FREQ=YEARLY": "yearly", "FREQ=YEARLY;INTERVAL=2": "every 2 years",
}

func cadenceWords(e *assize.Expectation) string {
	rule := strings.TrimPrefix(e.Cadence, "RRULE:")
	words := rule
	if known := cadences[rule]; known != "" {
		words = known
	}
	switch {
	case words == "" && e.Kind.Person():
		words = "once, at the start of an assessment"
	case words != "" && e.TimeZone != "":
		words += " (" + e.TimeZone + ")"
	}
	if e.DueDays > 0 {
		words += fmt.Sprintf(", due after %s", count(e.DueDays, "day"))
	}
	if e.FreshDays > 0 {
		words += fmt.Sprintf(", not older than %s", count(e.FreshDays, "day"))
	}
	return strings.TrimPrefix(words, ", ")
}
