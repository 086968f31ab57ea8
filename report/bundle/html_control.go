package bundle

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
)

// itemsPerPage bounds a page of evidence, so that browsers stay quick.
const itemsPerPage = 1000

// expected is a line of the table of expectations.
type expected struct {
	title, kind, reason string
	status              assessment.ControlStatus
}

// expectations lists what the control expects, optional parts too, with the derived status of each.
func (k *control) expectations() []expected {
	var out []expected
	for _, e := range assessment.Expected(k.control) {
		x := expected{title: e.Title, kind: kindWord(e.Kind), status: assessment.NotEvaluable, reason: "no status was derived"}
		if x.title == "" {
			x.title = e.ID
			if len(e.Checks) > 0 {
				x.title = strings.Join(e.Checks, ", ")
			}
		}
		if e.Optional {
			x.status, x.reason = assessment.NotApplicableStatus, "supplements: without it the control is not open"
		}
		if s := k.derived.Status; s == assessment.NotApplicableStatus || s == assessment.InactiveStatus {
			x.status, x.reason = s, k.derived.Reason
		}
		for _, d := range k.derived.Expectations {
			if d.Expectation == e.ID {
				x.status, x.reason = d.Status, d.Reason
			}
		}
		out = append(out, x)
	}
	return out
}

var kindWords = map[assize.ExpectationKind]string{
	assize.ByCheck: "Assize check", assize.ByAPI: "AWS API calls", assize.ByConfig: "AWS Config", assize.BySecurityHub: "AWS Security Hub",
	assize.ByCloudTrail: "AWS CloudTrail", assize.ByInference: "Test of inference", assize.ByFile: "File of a person", assize.ByText: "Text of a person",
	assize.ByAttestation: "Attestation", assize.ByQuestionnaire: "Questionnaire",
}

func kindWord(k assize.ExpectationKind) string {
	if w := kindWords[k]; w != "" {
		return w
	}
	return string(k)
}

// about names the resource that a due window is about.
func about(o *assessment.Occurrence) string {
	switch {
	case o.Resource == nil:
		return null
	case o.Resource.ARN != "":
		return o.Resource.ARN
	}
	return o.Resource.ID
}

// maxShown is how much non-compliant evidence the summaries show for a control or an exception; all of it
// stands on the page of the control and in evidence.csv.
const maxShown = 100

// covered returns evidence under an exception, and how much more there is.
func (b *builder) covered(k *control, exception string) (shown []*item, more int) {
	return b.pick(k, func(it *item) bool { return it.exceptedIn(k.number) == exception })
}

// failing returns evidence that fails without an exception, and how much more there is.
func (b *builder) failing(k *control) (shown []*item, more int) {
	return b.pick(k, func(it *item) bool { return verdict(it.outcome) == nonCompliant && it.exceptedIn(k.number) == "" })
}

func (b *builder) pick(k *control, want func(*item) bool) (shown []*item, more int) {
	for _, n := range k.items {
		switch it := b.items[n]; {
		case !want(it):
		case len(shown) < maxShown:
			shown = append(shown, it)
		default:
			more++
		}
	}
	return shown, more
}

// controlPages writes the pages of a control with every piece of evidence.
func (b *builder) controlPages(k *control) error {
	pages := max(1, (len(k.items)+itemsPerPage-1)/itemsPerPage)
	for n := range pages {
		if err := b.archive.file(k.folder+"/"+pageName(n), func(w io.Writer) error { return b.controlPage(w, k, n, pages) }); err != nil {
			return err
		}
	}
	return nil
}

func pageName(n int) string {
	if n == 0 {
		return "index.html"
	}
	return fmt.Sprintf("index-%d.html", n+1)
}

func (b *builder) controlPage(w io.Writer, k *control, n, pages int) error {
	title := k.control.Title
	if pages > 1 {
		title += fmt.Sprintf(" (page %d of %d)", n+1, pages)
	}
	p := newPage(w, title, "Evidence of a control: "+b.state.Assessment.Name)
	p.str(`<main id="main"><p><a href="../report.html">To the report</a></p>`)
	if n == 0 {
		p.str(`<section aria-labelledby="about"><h2 id="about">The control</h2>`)
		b.controlFacts(p, k)
		b.exceptionParts(p, k)
		p.str("</section>\n")
	}
	p.str(`<section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>`)
	b.pageLinks(p, n, pages)
	from := n * itemsPerPage
	for _, i := range k.items[from:min(from+itemsPerPage, len(k.items))] {
		b.evidenceItem(p, b.items[i], k.number)
	}
	if len(k.items) == 0 {
		p.str("<p>There is none in this report.</p>")
	}
	b.pageLinks(p, n, pages)
	p.str("</section></main>\n")
	return p.end("Report " + b.in.Report.ID + ", " + instant(b.at))
}

func (b *builder) pageLinks(p *page, n, pages int) {
	if pages == 1 {
		return
	}
	p.str(`<nav aria-label="Pages"><p>`)
	if n > 0 {
		p.str(`<a href="`, pageName(n-1), `">Page `, strconv.Itoa(n), `</a> `)
	}
	if n+1 < pages {
		p.str(`<a href="`, pageName(n+1), `">Page `, strconv.Itoa(n+2), `</a>`)
	}
	p.str("</p></nav>\n")
}

// evidenceItem writes one piece of evidence of a control with all that the ledger says about it.
func (b *builder) evidenceItem(p *page, it *item, control int) {
	what := strings.TrimSpace(it.source + " " + it.eventName)
	p.str(`<section class="control" aria-labelledby="e`, strconv.FormatInt(it.index, 10), `"><h3 id="e`, strconv.FormatInt(it.index, 10), `">`,
		esc(what), "</h3><p>", verdictMark(it.outcome), " ", esc(it.reason), "</p>")
	if id := it.exceptedIn(control); id != "" {
		p.str("<p>An exception covers it: ", esc(id), ".</p>")
	}
	p.facts(it.facts())
	switch {
	case it.destroyed:
		p.str("<p>Its body was destroyed. The ledger has the record of that.</p>")
	default:
		// Paths are made of letters, digits and ._-/ only.
		p.str(`<p><a href="../`, it.path, `">Its body</a>, `, many(int(it.size), "byte"), ", ", esc(it.mediaType), "</p>")
	}
	p.str("</section>\n")
}

// facts of a piece of evidence; what there is none of is left out.
func (it *item) facts() []fact {
	resource := it.subject
	if it.subjects > 1 {
		resource = fmt.Sprintf("%s and %d more", it.subject, it.subjects-1)
	}
	outcome := it.outcome
	if it.cause != "" {
		outcome += " (" + it.cause + ")"
	}
	all := []fact{
		{"Evidence", it.id},
		{"Ledger entry", fmt.Sprintf("%d (number %d of the assessment)", it.index, it.sequence)},
		{"Type", it.kind},
		{"Outcome", strings.ReplaceAll(outcome, "_", " ")},
		{"Resource", resource},
		{"Resource type", it.subjectType},
		{"Account", it.account},
		{"Region", it.region},
		{"Service", it.eventSource},
		{"Speaks about", period(it)},
		{"Collected", instant(it.collected)},
		{"Stored", instant(it.received)},
		{"Given by", it.author},
		{"Asked", strings.TrimSpace(it.operations + " " + it.parameters)},
		{"Asked as", it.identity},
		{"Run", it.run},
		{"All that was read", it.snapshot},
		{"Check", it.rule},
		{"Library", it.library},
		{"File name", it.fileName},
		{"Corrects", it.replaces},
		{"SHA-256 of the body", it.body.Hex()},
	}
	out := all[:0]
	for _, f := range all {
		if f.value != "" {
			out = append(out, f)
		}
	}
	return out
}

func period(it *item) string {
	if it.effectiveTo.Equal(it.effectiveFrom) {
		return instant(it.effectiveFrom)
	}
	return instant(it.effectiveFrom) + " to " + instant(it.effectiveTo)
}
