package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// abilitiesFormat names the shape of the JSON document; it changes when a reader would break.
const abilitiesFormat = "assize.abilities/1"

// AccessAbilities is what one principal can do with AI services.
type AccessAbilities struct {
	Principal string       `json:"principal"`
	Origin    AccessOrigin `json:"origin"`
	// Runs is what it can run: an answer with one group, or none.
	Runs *Access `json:"runs"`
	// Reads is what data it can read: objects of buckets, log groups.
	Reads *Access `json:"reads"`
	// In is the Region of the resources that Abilities are about.
	In        string          `json:"in"`
	Abilities []AccessAbility `json:"abilities"`
	// Violations are what is wrong with its access, after all layers.
	Violations []AccessViolation `json:"violations"`
	// Faults of the principal's own policies.
	Faults []AccessFault `json:"faults"`
	// Unread says what of the principal could not be read.
	Unread []string `json:"unread,omitempty"`
}

// AccessAbility is actions of one service that serve one purpose.
type AccessAbility struct {
	// What they do: "can administer".
	What         string   `json:"what"`
	Service      string   `json:"service"`
	Always       []string `json:"always,omitempty"`
	Conditional  []string `json:"conditional,omitempty"`
	Inconclusive []string `json:"inconclusive,omitempty"`
}

// AccessViolation is a question about access whose answer should be no.
type AccessViolation struct {
	Rule string `json:"rule"`
	// Decided is false where it is not known whether the rule is violated.
	Decided bool   `json:"decided"`
	Reason  string `json:"reason"`
	// Requests that show it, decided by the concrete evaluator.
	Requests []string `json:"requests,omitempty"`
	// Guard is a policy to add, which takes the fault away; "" where there is none.
	Guard string `json:"guard,omitempty"`
}

// AccessFault is what is wrong with a policy.
type AccessFault struct {
	Policy   string          `json:"policy"`
	Rule     string          `json:"rule"`
	Severity assize.Severity `json:"severity"`
	Line     int             `json:"line"`
	Column   int             `json:"column"`
	Message  string          `json:"message"`
	Fix      string          `json:"fix"`
}

// Open says whether something could not be decided.
func (a *AccessAbilities) Open() bool {
	return a.Runs.Counts().Inconclusive > 0 || a.Reads.Counts().Inconclusive > 0 || len(a.Unread) > 0 ||
		slices.ContainsFunc(a.Abilities, func(x AccessAbility) bool { return len(x.Inconclusive) > 0 }) ||
		slices.ContainsFunc(a.Violations, func(x AccessViolation) bool { return !x.Decided })
}

// WriteAbilities writes what a principal can do in the format "table" or "json". The error is
// that of the underlying writer.
func WriteAbilities(w io.Writer, format string, a *AccessAbilities, opt Options) error {
	if format == "json" {
		full := *a
		full.Runs, full.Reads, full.Abilities, full.Faults = a.Runs.listed(), a.Reads.listed(), list(a.Abilities), list(a.Faults)
		full.Violations = list(a.Violations)
		return writeDocument(w, abilitiesFormat, &full)
	}
	width := max(cmp.Or(opt.Width, defaultWidth), minWidth)
	t := &accessTable{printer: printer{o: newOut(w), width: width, color: opt.Color}, a: a.Runs, verbose: opt.Verbose}
	t.wrap(span{}, span{bold, "What " + clean(short(a.Principal)) + " can do"})
	t.line()
	t.field("Principal", clean(a.Principal))
	t.origin(&a.Origin)
	t.abilities(a)
	return t.o.flush()
}

// listed has no list that is null.
func (a *Access) listed() *Access {
	out := *a
	out.Question, out.Targets, out.Terms, out.Groups = list(a.Question), list(a.Targets), list(a.Terms), list(a.Groups)
	return &out
}

// one writes what the only principal of an answer reaches.
func (t *accessTable) one(title string, a *Access) {
	t.heading(title, "")
	t.a = a
	if len(a.Groups) == 0 {
		t.line(say("  nothing, of " + many(len(a.Targets), clean(a.Noun))))
	}
	for i := range a.Groups {
		for j := range a.Groups[i].Grants {
			t.grant(&a.Groups[i].Grants[j])
		}
	}
}

func (t *accessTable) abilities(a *AccessAbilities) {
	t.one("Runs", a.Runs)
	t.one("Reads data", a.Reads)
	what := ""
	for _, x := range a.Abilities {
		if x.What != what {
			what = x.What
			t.heading(clean(capitalize(what)), "resources in "+clean(a.In)+" that no policy names")
		}
		t.actions(x.Service, "always", red, x.Always)
		t.actions(x.Service, "with conditions", blue, x.Conditional)
		t.actions(x.Service, "not decided", yellow, x.Inconclusive)
	}
	t.violations(a.Violations)
	if len(a.Faults) > 0 {
		t.heading("What is wrong with its policies", "each by itself")
	}
	for _, f := range a.Faults {
		t.wrap(span{text: "  "}, span{severityStyle(f.Severity), string(f.Severity)},
			say(fmt.Sprintf(" %s at %d:%d: %s: %s", paragraph(f.Policy), f.Line, f.Column, clean(f.Rule), paragraph(f.Message))))
		t.wrap(span{dim, "      fix "}, say(paragraph(f.Fix)))
	}
	t.a = &Access{Unread: append(slices.Clone(a.Unread), a.Runs.Unread...), Readings: a.Runs.Readings}
	for _, f := range a.Reads.Readings {
		if !slices.Contains(t.a.Readings, f) {
			t.a.Readings = append(slices.Clone(t.a.Readings), f)
		}
	}
	t.unread()
	t.readings()
	t.line()
	if a.Open() {
		t.wrap(span{}, span{yellow, "Something could not be decided: that is neither yes nor no."})
		return
	}
	t.wrap(span{}, say(nothingOpen(t.a.Readings)))
}

func (t *accessTable) heading(title, note string) {
	t.line()
	t.wrap(span{}, span{bold, title}, span{dim, joined(note)})
}

func (t *accessTable) violations(list []AccessViolation) {
	if len(list) > 0 {
		t.heading("What is wrong with its access", "after all layers")
	}
	for _, v := range list {
		rule := span{red, v.Rule}
		if !v.Decided {
			rule = span{yellow, v.Rule + " not decided"}
		}
		t.wrap(span{text: "  "}, rule, say(": "+paragraph(v.Reason)))
		for i, r := range v.Requests {
			if i == 0 || t.verbose {
				t.detail("request", r)
			}
		}
		if v.Guard != "" && t.verbose {
			t.line(span{dim, "      with this policy it is gone:"})
			for _, l := range lines(v.Guard) {
				t.line(say("        " + l))
			}
		}
	}
}

// maxActions are named of a list that is not verbose.
const maxActions = 12

func (t *accessTable) actions(service, label string, s style, names []string) {
	if len(names) == 0 {
		return
	}
	shown := names
	rest := ""
	if len(names) > maxActions && !t.verbose {
		shown, rest = names[:maxActions], " and "+num(len(names)-maxActions)+" more"
	}
	t.wrap(span{dim, "    " + pad(clean(service), 19)}, span{s, label}, say(" "+num(len(names))+": "+clean(strings.Join(shown, ", "))+rest))
}
