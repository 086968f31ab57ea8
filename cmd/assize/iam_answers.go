package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/iam/sym"
	"github.com/assize-dev/assize/report"
)

// answers turns what an analysis answers into a document: words in place of sets, and
// principals together that share all of them.
type answers struct {
	analysis *org.Analysis
	out      *report.Access
	terms    map[string]int // index by what they say
	readings map[string]string
	demands  map[said]report.AccessTerms
	// conditions are those of steps that others make, in words.
	conditions map[sym.Set]string
}

func newAnswers(a *org.Analysis, out *report.Access) *answers {
	b := &answers{analysis: a, out: out, terms: map[string]int{}, readings: map[string]string{}, demands: map[said]report.AccessTerms{}, conditions: map[sym.Set]string{}}
	for _, u := range a.Organisation().Unknown {
		out.Unread = append(out.Unread, unknownText(u))
	}
	slices.Sort(out.Unread)
	out.Unread = slices.Compact(out.Unread)
	return b
}

// others adds who gets at the targets that is no principal of the organisation.
func (b *answers) others(calls []plan.Call) {
	for _, c := range calls {
		b.out.Beyond = append(b.out.Beyond, b.analysis.Outside(c)...)
	}
	slices.Sort(b.out.Beyond)
	b.out.Beyond = slices.Compact(b.out.Beyond)
}

// unlisted adds why there may be more that an operation takes, unless the question names one.
func (b *answers) unlisted(first plan.Call, named string) {
	p, err := b.analysis.Plan(first)
	if err != nil || strings.HasPrefix(named, "arn:") && !strings.ContainsAny(named, "*?") {
		return // no such call, or it is known what it is about
	}
	for _, c := range p.Checks {
		service, name, _ := strings.Cut(c.Action, ":")
		action, ok := b.analysis.Organisation().Catalog.Reference().Action(service, name)
		if !ok || c.Resource != first.Target {
			continue
		}
		for _, t := range action.Resources {
			if u := b.analysis.Organisation().Catalog.Unlisted[plan.Kind(t.Type)]; u != nil {
				b.out.Unread = append(b.out.Unread, "there may be more of "+t.Type+": "+unknownText(u))
			}
		}
	}
	slices.Sort(b.out.Unread)
	b.out.Unread = slices.Compact(b.out.Unread)
}

// unknownText says an unknown in one line.
func unknownText(u *assize.Unknown) string {
	var parts []string
	for _, s := range []string{string(u.Cause), u.Operation, u.Code, u.Detail} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// reach is what a principal reaches: terms with targets, by path.
type reach map[string]*report.AccessGrant

func (r reach) add(target, terms int, path []string) {
	key := fmt.Sprint(terms, "\x00", strings.Join(path, "\x00"))
	g := r[key]
	if g == nil {
		g = &report.AccessGrant{Terms: terms, Path: path}
		r[key] = g
	}
	if n := len(g.Targets); n == 0 || g.Targets[n-1] != target {
		g.Targets = append(g.Targets, target)
	}
}

// grants lists what is reached: directly first, the most access first.
func (r reach) grants(terms []report.AccessTerms) []report.AccessGrant {
	var out []report.AccessGrant
	for _, g := range r {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(x, y report.AccessGrant) int {
		return cmp.Or(cmp.Compare(len(x.Path), len(y.Path)),
			cmp.Compare(slices.Index(report.AccessOutcomes, terms[x.Terms].Outcome), slices.Index(report.AccessOutcomes, terms[y.Terms].Outcome)),
			slices.Compare(x.Targets, y.Targets), cmp.Compare(x.Terms, y.Terms), slices.Compare(x.Path, y.Path))
	})
	return out
}

// matrix adds who reaches what by calls, one a target of the document, and with a depth through
// how many roles of others.
func (b *answers) matrix(calls []plan.Call, depth int) error {
	m, err := b.analysis.Matrix(calls)
	if err != nil {
		return err
	}
	indirect, err := b.indirect(calls, depth)
	if err != nil {
		return err
	}
	if depth > 0 {
		b.unreadWays()
	}
	byWords := map[string]*report.AccessGroup{}
	cells, err := b.cellsOf(m)
	if err != nil {
		return err
	}
	for unit, members := range m.Units {
		direct := reach{}
		for call := range calls {
			if t, ok := cells.of(unit, call); ok {
				direct.add(call, t, nil)
			}
		}
		for _, p := range members {
			b.out.Asked++
			all := reach{}
			for k, g := range direct {
				all[k] = g
			}
			for k, g := range indirect[p] {
				all[k] = g
			}
			if len(all) == 0 {
				continue
			}
			grants := all.grants(b.out.Terms)
			words := wordsOf(grants)
			g := byWords[words]
			if g == nil {
				g = &report.AccessGroup{Grants: grants}
				byWords[words] = g
			}
			g.Principals = append(g.Principals, report.AccessPrincipal{ARN: p.ARN, Account: p.Account})
		}
	}
	for _, g := range byWords {
		slices.SortFunc(g.Principals, func(x, y report.AccessPrincipal) int {
			return cmp.Or(strings.Compare(x.Account, y.Account), strings.Compare(x.ARN, y.ARN))
		})
		b.out.Groups = append(b.out.Groups, *g)
	}
	b.finish()
	return nil
}

func wordsOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return string(text)
}

// cells gives the terms of the cells of a matrix.
type cells struct {
	*answers
	matrix *org.Matrix
	checks []int    // by call, how many its plan has
	notes  []string // by call, the codes of the readings that its plan rests on
	known  map[numbered]int
}

// numbered is an access of a matrix with the notes of a plan: what its terms follow from.
type numbered struct {
	access uint32
	notes  string
}

func (b *answers) cellsOf(m *org.Matrix) (*cells, error) {
	out := &cells{answers: b, matrix: m, known: map[numbered]int{}}
	for _, c := range m.Calls {
		p, err := b.analysis.Plan(c)
		if err != nil {
			return nil, err
		}
		notes := ""
		for _, n := range p.Notes {
			notes += n.Code + " "
		}
		out.checks, out.notes = append(out.checks, len(p.Checks)), append(out.notes, notes)
	}
	return out, nil
}

// of gives the terms of one cell; false for no access at all.
func (c *cells) of(unit, call int) (terms int, ok bool) {
	access := &c.matrix.Accesses[c.matrix.Cell(unit, call)]
	if access.Outcome == org.Never {
		if c.checks[call] < 2 {
			return 0, false
		}
		return c.brokenAnswer(c.matrix.Answer(unit, call))
	}
	// What is known says the same of everybody who has it. What is not has causes of its own.
	if access.Outcome == org.Unknown || access.Set.Undecided() {
		return c.add(c.termsOf(c.matrix.Answer(unit, call))), true
	}
	key := numbered{c.matrix.Cell(unit, call), c.notes[call]}
	t, ok := c.known[key]
	if !ok {
		t = c.add(c.termsOf(c.matrix.Answer(unit, call)))
		c.known[key] = t
	}
	return t, true
}

// brokenAnswer gives the terms of a call whose first check, on what it names, can pass, and of
// which another never does: a profile whose model is denied where it leads.
func (b *answers) brokenAnswer(a *org.Answer) (terms int, ok bool) {
	if len(a.Checks) < 2 || !a.Checks[0].Outcome.Can() {
		return 0, false
	}
	t := report.AccessTerms{Outcome: report.AccessBroken}
	for _, c := range a.Missing() {
		t.Causes = append(t.Causes, c.String())
	}
	if len(t.Causes) == 0 {
		t.Causes = []string{"no request meets the conditions of all checks of the call"}
	}
	return b.add(t), true
}

// add gives the index of terms. Equal ones are one.
func (b *answers) add(t report.AccessTerms) int {
	key := wordsOf(t)
	i, ok := b.terms[key]
	if !ok {
		i = len(b.out.Terms)
		b.terms[key] = i
		b.out.Terms = append(b.out.Terms, t)
	}
	return i
}

const keyMFA = "aws:MultiFactorAuthPresent"

func (b *answers) termsOf(a *org.Answer) report.AccessTerms {
	t := report.AccessTerms{Outcome: report.AccessOutcome(a.Outcome), Causes: a.Causes, Readings: a.Ambiguity.Codes()}
	for _, n := range a.Plan.Notes {
		b.readings[n.Code] = n.Text
		t.Readings = append(t.Readings, n.Code)
	}
	for _, code := range a.Ambiguity.Codes() {
		b.readings[code] = readingTexts[code]
	}
	if !a.Outcome.Can() {
		return t
	}
	key := said{a.Access, a.Outcome}
	demands, ok := b.demands[key]
	if !ok {
		demands = demandsOf(a)
		b.demands[key] = demands
	}
	t.DependsOn, t.Alternatives, t.From, t.MFA, t.Witness = demands.DependsOn, demands.Alternatives, demands.From, demands.MFA, demands.Witness
	return t
}

// said is an access with its outcome: what demands follow from. Thousands of answers share one.
type said struct {
	access  sym.Set
	outcome org.Outcome
}

// demandsOf says what a request has to meet that passes.
func demandsOf(a *org.Answer) report.AccessTerms {
	var t report.AccessTerms
	d := a.Demands()
	t.DependsOn = d.Conditional
	if a.Outcome == org.Conditional {
		for _, alternative := range d.Alternatives {
			var demands []string
			for _, demand := range alternative {
				demands = append(demands, demand.String())
			}
			t.Alternatives = append(t.Alternatives, demands)
		}
		if d.Inconclusive != "" {
			t.DependsOn = append(t.DependsOn, "the conditions cannot be listed: "+d.Inconclusive)
		}
	}
	t.From = anywhere(a.From())
	t.MFA = mfaText(a.On(keyMFA))
	if a.Outcome == org.Conditional { // for the others any request is an example
		t.Witness, _ = a.Witness()
	}
	return t
}

// anywhere says in words that the network does not matter.
func anywhere(conditions []string) []string {
	if len(conditions) == 1 {
		switch conditions[0] {
		case always:
			return []string{"anywhere"}
		case "aws:SecureTransport = true":
			return []string{"anywhere, with TLS"}
		}
	}
	return conditions
}

// always is the condition of what needs none.
const always = "always"

// mfaText says whether MFA is needed, from the conditions on its key alone.
func mfaText(conditions []string) string {
	if len(conditions) == 1 {
		switch conditions[0] {
		case always:
			return "not needed"
		case keyMFA + " = true":
			return "needed"
		case keyMFA + " = true, or is absent":
			return "needed, but long-term access keys pass without: their requests do not say whether it was used"
		}
	}
	return strings.Join(conditions, " or ")
}

// finish puts everything in an order that says the most first and is the same every time.
func (b *answers) finish() {
	out := b.out
	best := func(g *report.AccessGroup) int {
		rank := len(report.AccessOutcomes)
		for _, grant := range g.Grants {
			rank = min(rank, slices.Index(report.AccessOutcomes, out.Terms[grant.Terms].Outcome))
		}
		return rank
	}
	slices.SortFunc(out.Groups, func(x, y report.AccessGroup) int {
		return cmp.Or(cmp.Compare(best(&x), best(&y)), strings.Compare(x.Principals[0].Account, y.Principals[0].Account),
			strings.Compare(x.Principals[0].ARN, y.Principals[0].ARN))
	})
	b.order()
	for code, text := range b.readings {
		if slices.ContainsFunc(out.Terms, func(t report.AccessTerms) bool { return slices.Contains(t.Readings, code) }) {
			out.Readings = append(out.Readings, report.AccessFact{Name: code, Value: text})
		}
	}
	slices.SortFunc(out.Readings, func(x, y report.AccessFact) int { return strings.Compare(x.Name, y.Name) })
}

// order numbers the terms: by outcome, then as the groups come to them.
func (b *answers) order() {
	out := b.out
	met := map[int]int{}
	for i := range out.Groups {
		for _, g := range out.Groups[i].Grants {
			if _, ok := met[g.Terms]; !ok {
				met[g.Terms] = len(met)
			}
		}
	}
	old := make([]int, 0, len(met))
	for t := range met {
		old = append(old, t)
	}
	slices.SortFunc(old, func(x, y int) int {
		return cmp.Or(cmp.Compare(slices.Index(report.AccessOutcomes, out.Terms[x].Outcome), slices.Index(report.AccessOutcomes, out.Terms[y].Outcome)),
			cmp.Compare(met[x], met[y]))
	})
	number := map[int]int{}
	var terms []report.AccessTerms
	for n, t := range old {
		number[t] = n
		terms = append(terms, out.Terms[t])
	}
	for i := range out.Groups {
		for j := range out.Groups[i].Grants {
			out.Groups[i].Grants[j].Terms = number[out.Groups[i].Grants[j].Terms]
		}
	}
	out.Terms = terms
}
