package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// The most of a text that stands in one finding, in bytes.
const (
	textReason  = 400
	textFact    = 64
	textFactAll = 240 // when verbose
	textSubject = 512
	// textEvidence holds a whole policy that is proposed.
	textEvidence = 2400
)

func (t *text) failing() {
	if len(t.fails) == 0 {
		return
	}
	n := 0
	for _, b := range t.fails {
		n += b.n
	}
	t.heading(alarm, "FAILING", many(n, "finding")+" of "+many(len(t.fails), "check"))
	for _, b := range worstFirst(t.fails) {
		t.line()
		t.blockHead(b, fails(b.n, num(t.judged[b.check.ID])))
		t.labelled("", paragraph(b.check.Fails))
		t.labelled("Fix", paragraph(b.check.Remediation.Text))
		if t.opt.Verbose {
			t.labelled("Effort", retrofitText(b.check.Retrofit))
			t.labelled("Check", clean(b.check.ID))
			t.how(b.check)
		} else {
			t.labelled("Check", clean(b.check.ID)+joined(effort(b.check.Retrofit.Cost)))
			t.terraform(b)
		}
		t.findings(b)
		t.rest(b)
	}
}

func (t *text) blockHead(b *block, note string) {
	sev := strings.ToUpper(string(b.check.Severity))
	t.wrap(span{}, span{severityStyle(b.check.Severity), sev}, say(" "), span{bold, paragraph(b.check.Title)}, span{dim, joined(note)})
}

// labelled writes a text after a label, nothing where there is no text.
func (t *text) labelled(label, value string) {
	if value == "" {
		return
	}
	if label != "" {
		label = pad(label, 7)
	}
	t.wrap(span{dim, "  " + label}, say(value))
}

// how writes why it matters and the commands that mend it.
func (t *text) how(c *assize.Check) {
	t.labelled("Why", paragraph(c.Why))
	for _, p := range c.Pitfalls {
		t.labelled("Beware", paragraph(p))
	}
	for _, part := range []string{c.Remediation.CLI, c.Remediation.Terraform} {
		if strings.TrimSpace(part) == "" {
			continue
		}
		t.line()
		for _, l := range lines(part) {
			t.line(span{dim, "      " + l})
		}
	}
	t.line()
}

// maxTerraform bounds the lines of configuration that are shown without Verbose.
const maxTerraform = 12

// terraform writes the block that mends what a plan shows.
func (t *text) terraform(b *block) {
	if len(b.findings) == 0 || origin(b.findings[0]) == nil || origin(b.findings[0]).Kind == "template" {
		return
	}
	code := lines(strings.TrimSpace(b.check.Remediation.Terraform))
	if len(code) > maxTerraform || strings.TrimSpace(b.check.Remediation.Terraform) == "" {
		return
	}
	for _, l := range code {
		t.line(span{dim, "      " + l})
	}
}

// findings writes subjects, and below those of which the same can be said what it
// is: the reason, the facts looked at, why they are in scope.
func (t *text) findings(b *block) {
	var order []string
	same := map[string][]*assize.Finding{}
	for _, f := range b.findings {
		said := fmt.Sprint(t.details(f))
		if same[said] == nil {
			order = append(order, said)
		}
		same[said] = append(same[said], f)
	}
	for _, said := range order {
		for _, f := range same[said] {
			t.wrap(span{outcomeStyle(f.Outcome), "  - "}, t.subject(f)...)
		}
		for _, d := range t.details(same[said][0]) {
			t.wrap(d[0], d[1:]...)
		}
	}
}

// details are the paragraphs below a subject, each with its indent first.
func (t *text) details(f *assize.Finding) [][]span {
	var out [][]span
	if f.Reason != "" && f.Reason != f.Check.Fails {
		out = append(out, []span{say("    "), say(cut(paragraph(head(f.Reason, textReason)), textReason))})
	}
	if o := originText(f); o != "" {
		out = append(out, []span{say("    "), {dim, o}})
	}
	if e := exceptionText(f); e != "" {
		st := yellow
		if !f.Excepted() {
			st = alarm
		}
		out = append(out, []span{say("    "), {st, e}})
	}
	if facts := t.facts(f); facts != nil {
		out = append(out, facts)
	}
	out = append(out, t.evidence(f)...)
	if f.Scope != "" && t.run.Scope != "plan" {
		out = append(out, []span{{dim, "    in scope: "}, {dim, cut(paragraph(head(f.Scope, textReason)), textReason)}})
	}
	return out
}

// evidence is what was found; with Verbose also the request that shows it and the policy that mends it.
func (t *text) evidence(f *assize.Finding) [][]span {
	most := 1
	if t.opt.Verbose {
		most = maxEvidence
	}
	var out [][]span
	for i, l := range shown(f, textEvidence) {
		if i < most {
			out = append(out, []span{say("    "), {dim, l.name + ": "}, say(l.value)})
		}
	}
	return out
}

// subject names the subject, its place and its change.
func (t *text) subject(f *assize.Finding) []span {
	place := placeText(f, t.names)
	spans := []span{say(place)}
	if f.Resource != nil {
		spans = []span{say(cutID(clean(f.SubjectLabel()), textSubject)), {dim, " (" + place + ")"}}
	}
	switch f.Change {
	case assize.New:
		spans = append(spans, span{alarm, " new"})
	case assize.Changed, assize.Fixed, assize.Gone:
		spans = append(spans, span{yellow, " " + string(f.Change)})
	case assize.Unchanged:
	}
	return spans
}

// facts are what the rule looked at; for a check of several resources together the
// first of them.
func (t *text) facts(f *assize.Finding) []span {
	if n := len(f.Resources); f.Resource == nil && n > 0 {
		var names []string
		for _, r := range f.Resources {
			names = append(names, cutID(clean(r.Label()), textSubject))
			if len(names) == maxResources {
				break
			}
		}
		if n > maxResources {
			names = append(names, "and "+num(n-maxResources)+" more")
		}
		return []span{{dim, "    looked at: "}, say(strings.Join(names, ", "))}
	}
	var spans []span
	most := textFact
	if t.opt.Verbose {
		most = textFactAll
	}
	for _, l := range looked(f, most) {
		if spans == nil {
			spans = append(spans, say("    "))
		} else {
			spans = append(spans, span{dim, " · "})
		}
		spans = append(spans, say(l.name), span{dim, " = "}, say(l.value))
	}
	return spans
}

// rest says how many findings of a block are not shown.
func (t *text) rest(b *block) {
	if n := b.n - len(b.findings); n > 0 {
		t.line(span{dim, "  - and " + num(n) + " more"})
	}
}

// inconclusive writes what could not be looked at, by what is to be done about it, and
// apart from it what no plan can decide.
func (t *text) inconclusive() {
	var open, deferred []*openGroup
	for _, g := range sortedGroups(t.open) {
		if g.key.cause == assize.DeferredToLive {
			deferred = append(deferred, g)
		} else {
			open = append(open, g)
		}
	}
	t.openGroups("COULD NOT LOOK", "neither pass nor fail", open)
	t.openGroups("DEFERRED", "that only the live account can decide", deferred)
}

func (t *text) openGroups(title, note string, groups []*openGroup) {
	if len(groups) == 0 {
		return
	}
	n := 0
	for _, g := range groups {
		n += g.n
	}
	t.heading(yellow, title, many(n, "finding")+" "+note)
	for _, g := range groups {
		t.line()
		t.openGroup(g)
	}
}

func sortedGroups(open map[openKey]*openGroup) []*openGroup {
	return slices.SortedFunc(maps.Values(open), func(a, b *openGroup) int {
		if a.key.cause != b.key.cause {
			if a.key.cause.Before(b.key.cause) {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.key.operation, b.key.operation), cmp.Compare(a.key.code, b.key.code))
	})
}

func (t *text) openGroup(g *openGroup) {
	t.wrap(span{}, span{yellow, causeText(g.key.cause, g.key.operation, g.key.code)}, span{dim, joined(many(g.n, "finding") + " of " + many(len(g.blocks), "check"))})
	t.labelled("", t.advice(g.key.cause, g.key.operation))
	for i, b := range worstFirst(g.blocks) {
		if i == t.rows(firstShown) {
			t.line(span{dim, "  - and " + many(len(g.blocks)-i, "more check") + "; --verbose lists them"})
			break
		}
		spans := []span{{bold, paragraph(b.check.Title)}, say(": ")}
		for i, f := range b.findings {
			if i > 0 {
				spans = append(spans, say(", "))
			}
			spans = append(spans, t.subjectShort(f)...)
		}
		if n := b.n - len(b.findings); n > 0 {
			spans = append(spans, span{dim, " and " + num(n) + " more"})
		}
		t.wrap(span{dim, "  - "}, append([]span{{severityStyle(b.check.Severity), string(b.check.Severity)}, say(" ")}, spans...)...)
	}
}

// subjectShort names a subject among others: the id of a resource is enough. Of a
// planned one it also says where it stands and what is not known of it.
func (t *text) subjectShort(f *assize.Finding) []span {
	label := placeText(f, t.names)
	if f.Resource != nil {
		label = cutID(clean(f.Resource.ID), 128)
	}
	spans := []span{say(label)}
	if o := origin(f); o != nil {
		var parts []string
		for _, s := range []string{o.Place(), unknownDetail(f)} {
			if s != "" {
				parts = append(parts, cut(clean(head(s, textFactAll)), textFactAll))
			}
		}
		if len(parts) > 0 {
			spans = append(spans, span{dim, " (" + strings.Join(parts, ": ") + ")"})
		}
	}
	if f.Change == assize.New {
		spans = append(spans, span{alarm, " new"})
	}
	return spans
}

// unknownDetail is what an inconclusive finding says is not known.
func unknownDetail(f *assize.Finding) string {
	if f.Unknown == nil {
		return ""
	}
	return assize.Shown(f.Unknown.Detail)
}

func (t *text) advice(cause assize.Cause, operation string) string {
	var actions []string
	if t.opt.Actions != nil && operation != "" {
		actions = t.opt.Actions(operation)
	}
	return clean(advice(cause, operation, actions))
}

func causeText(cause assize.Cause, operation, code string) string {
	s := string(cause)
	if operation != "" {
		s += ": " + operation
	}
	if code != "" {
		s += " (" + code + ")"
	}
	return clean(s)
}

// manual writes what a person must answer.
func (t *text) manual() {
	if len(t.manuals) == 0 {
		return
	}
	n := 0
	for _, b := range t.manuals {
		n += b.n
	}
	t.heading(blue, "FOR A PERSON", many(n, "finding")+" that the organisation profile or a person must answer")
	for _, b := range worstFirst(t.manuals) {
		t.line()
		t.blockHead(b, many(b.n, "subject"))
		last := ""
		for _, f := range b.findings {
			if f.Reason != last {
				t.labelled("", cut(paragraph(head(f.Reason, textReason)), textReason))
				last = f.Reason
			}
			t.wrap(span{blue, "  - "}, t.subject(f)...)
		}
		t.rest(b)
	}
}
