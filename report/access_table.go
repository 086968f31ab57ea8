package report

import (
	"cmp"
	"io"
	"slices"
	"strings"
)

// The bounds of a table that is not verbose.
const (
	maxMembers = 6  // principals named of a group
	maxTargets = 8  // targets named of a grant
	maxOr      = 4  // alternatives of one condition
	maxUnread  = 12 // lines of what could not be read
)

// accessTable writes the answer for a terminal: a block for each group, the totals last, where
// they stand above the prompt.
type accessTable struct {
	printer
	a       *Access
	verbose bool
}

func writeAccessTable(w io.Writer, a *Access, opt Options) error {
	width := max(cmp.Or(opt.Width, defaultWidth), minWidth)
	t := &accessTable{printer: printer{o: newOut(w), width: width, color: opt.Color}, a: a, verbose: opt.Verbose}
	t.head()
	for i := range a.Groups {
		t.group(i)
	}
	t.beyond()
	t.unread()
	t.readings()
	t.totals()
	return t.o.flush()
}

func (t *accessTable) head() {
	t.wrap(span{}, span{bold, paragraph(t.a.Title)})
	t.line()
	for _, f := range t.a.Question {
		t.field(paragraph(f.Name), paragraph(f.Value))
	}
	t.origin(&t.a.Origin)
}

// origin writes where an answer about access comes from.
func (p *printer) origin(from *AccessOrigin) {
	p.field("Source", clean(from.Source)+digestNote(from.Digest))
	if !from.AsOf.IsZero() {
		p.field("As of", from.AsOf.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	p.field("IAM data", clean(from.Data)+digestNote(from.DataDigest)+", Assize "+clean(from.Version))
}

// field writes a name and its value.
func (p *printer) field(label, value string) {
	p.wrap(span{dim, "  " + pad(label, 10) + " "}, say(value))
}

func (t *accessTable) group(i int) {
	g := &t.a.Groups[i]
	t.line()
	t.wrap(span{}, span{bold, "Group " + num(i+1)}, span{dim, " · " + many(len(g.Principals), "principal")})
	t.members(g.Principals)
	for j := range g.Grants {
		t.grant(&g.Grants[j])
	}
}

// members names the first principals, unless all are asked for.
func (t *accessTable) members(list []AccessPrincipal) {
	for i, p := range list {
		if i == maxMembers && !t.verbose {
			t.line(span{dim, "  and " + num(len(list)-i) + " more"})
			return
		}
		t.line(say("  " + clean(p.ARN)))
	}
}

func (t *accessTable) grant(g *AccessGrant) {
	terms := &t.a.Terms[g.Terms]
	how := "directly"
	if !g.Direct() {
		how = "through others"
	}
	for _, text := range t.targets(g.Targets) {
		t.wrap(span{dim, "    " + pad(how, 15)}, span{accessStyle(terms.Outcome), accessOutcomeName(terms.Outcome)}, say(": "+text))
	}
	for _, hop := range g.Path {
		t.detail("via", hop)
	}
	t.terms(terms)
}

// targets names the first, unless all are asked for; a text for each call by which they are reached.
func (t *accessTable) targets(indexes []int) []string {
	var calls []string
	byCall := map[string][]int{}
	for _, at := range indexes {
		call := t.a.Targets[at].Call
		if byCall[call] == nil {
			calls = append(calls, call)
		}
		byCall[call] = append(byCall[call], at)
	}
	var out []string
	for _, call := range calls {
		text := t.names(byCall[call])
		if call != "" {
			text = clean(call) + " on " + text
		}
		out = append(out, text)
	}
	return out
}

// names puts the Regions of one name together.
func (t *accessTable) names(indexes []int) string {
	if len(indexes) == len(t.a.Targets) && len(indexes) > maxTargets && !t.verbose {
		return "all " + many(len(indexes), clean(t.a.Noun))
	}
	var names []string
	regions := map[string][]string{}
	for _, at := range indexes {
		target := &t.a.Targets[at]
		name := paragraph(target.Name)
		if _, known := regions[name]; !known {
			regions[name] = nil
			names = append(names, name)
		}
		if target.Region != "" {
			regions[name] = append(regions[name], clean(target.Region))
		}
	}
	for i, name := range names {
		if i == maxTargets && !t.verbose {
			return strings.Join(names[:i], "; ") + " and " + num(len(names)-i) + " more"
		}
		if in := regions[name]; len(in) > 0 {
			names[i] += " in " + strings.Join(in, ", ")
		}
	}
	return strings.Join(names, "; ")
}

func (t *accessTable) terms(terms *AccessTerms) {
	for i, a := range terms.Alternatives {
		label := "when"
		if i > 0 {
			label = "or"
		}
		if i == maxOr && !t.verbose {
			t.detail(label, num(len(terms.Alternatives)-i)+" more (--verbose)")
			break
		}
		t.detail(label, strings.Join(a, " and "))
	}
	if terms.Outcome == AccessConditional {
		t.detail("from", strings.Join(terms.From, "; or "))
		t.detail("MFA", terms.MFA)
	}
	label := "because"
	if terms.Outcome == AccessBroken {
		label = "missing"
	}
	for _, c := range terms.Causes {
		t.detail(label, c)
		label = ""
	}
	t.detail("depends on", strings.Join(terms.DependsOn, "; "))
	t.detail("reading", strings.Join(terms.Readings, ", "))
	if t.verbose {
		t.detail("example", strings.Join(witnessLines(terms.Witness), "; "))
	}
}

// detail writes a line below a grant, nothing where there is nothing to say.
func (t *accessTable) detail(label, text string) {
	if text = paragraph(text); text != "" {
		t.wrap(span{dim, "      " + pad(label, 11)}, say(text))
	}
}

func (t *accessTable) beyond() {
	t.remarks(span{bold, "Who else"}, " · none of the users and roles that were asked", t.a.Beyond)
}

func (t *accessTable) unread() {
	t.remarks(span{yellow, "What could not be read"}, " · there may be more than what is shown", t.a.Unread)
}

func (t *accessTable) remarks(title span, about string, lines []string) {
	if len(lines) == 0 {
		return
	}
	t.line()
	t.wrap(span{}, title, span{dim, about})
	for i, s := range lines {
		if i == maxUnread && !t.verbose {
			t.line(span{dim, "  and " + num(len(lines)-i) + " more (--verbose)"})
			return
		}
		t.wrap(span{text: "  - "}, say(paragraph(s)))
	}
}

func (t *accessTable) readings() {
	if len(t.a.Readings) == 0 {
		return
	}
	t.line()
	t.wrap(span{}, span{bold, "Readings of AWS's documentation"}, span{dim, " · where it says nothing, the answers rest on these"})
	for _, f := range t.a.Readings {
		t.wrap(span{text: "  - "}, say(paragraph(f.Name)+": "+paragraph(f.Value)))
	}
}

func (t *accessTable) totals() {
	t.line()
	c := t.a.Counts()
	t.wrap(span{}, span{bold, t.a.verdictOf()}, span{dim, " " + many(c.Groups, "group") + ", " + many(len(t.a.Targets), clean(t.a.Noun)) + "."})
	s := plain
	if c.Inconclusive > 0 || len(t.a.Unread) > 0 {
		s = yellow
	}
	t.wrap(span{}, span{s, t.a.rest()})
	for _, c := range t.causes() {
		t.wrap(span{dim, padLeft(num(c.principals), 8) + "  "}, say(paragraph(c.text)))
	}
}

// causeCount is why something is not decided, of how many principals.
type causeCount struct {
	text       string
	principals int
}

// causes counts why something is not decided, the most principals first.
func (t *accessTable) causes() []causeCount {
	counts := map[string]int{}
	for i := range t.a.Groups {
		g := &t.a.Groups[i]
		seen := map[string]bool{}
		for _, grant := range g.Grants {
			terms := &t.a.Terms[grant.Terms]
			for _, c := range terms.Causes {
				if terms.open() && !seen[c] {
					seen[c] = true
					counts[c] += len(g.Principals)
				}
			}
		}
	}
	var out []causeCount
	for text, n := range counts {
		out = append(out, causeCount{text, n})
	}
	slices.SortFunc(out, func(x, y causeCount) int {
		return cmp.Or(cmp.Compare(y.principals, x.principals), strings.Compare(x.text, y.text))
	})
	if !t.verbose {
		out = out[:min(len(out), maxUnread)]
	}
	return out
}

func accessStyle(o AccessOutcome) style {
	switch o {
	case AccessAlways:
		return red
	case AccessConditional:
		return blue
	case AccessInconclusive:
		return yellow
	case AccessBroken:
		return dim
	}
	return plain
}
