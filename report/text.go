package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// The bounds of the text format.
const (
	defaultWidth = 100
	minWidth     = 64
	// maxShown bounds the findings that the format keeps pointers to; of those
	// beyond it only the counts per check are kept.
	maxShown = 10000
	// firstShown are shown of each check, all with Options.Verbose.
	firstShown = 5
	// maxRows bounds lists of accounts and gaps that are not verbose.
	maxRows = 12
)

// text writes the result for a terminal: what was judged, the framework's
// controls, what fails and what could not be looked at with what to do about it,
// and the totals last, where they stand above the prompt.
type text struct {
	printer
	opt      Options
	run      *assize.Run
	names    map[string]string // of accounts, by id
	kept     int
	fails    map[string]*block
	manuals  map[string]*block
	open     map[openKey]*openGroup
	judged   map[string]int // findings that pass or fail, by check
	severity map[assize.Severity]int
	deferred map[string]int // findings that only the live account can decide, by check
	asked    []askedControl // what people must show
	// askedCount counts it.
	askedCount int
	subjects   assize.Subjects
}

// block is what text keeps of the findings of one check.
type block struct {
	check    *assize.Check
	n        int
	findings []*assize.Finding
}

// openKey groups inconclusive findings by what has to be done about them.
type openKey struct {
	cause     assize.Cause
	operation string
	code      string
}

type openGroup struct {
	key    openKey
	n      int
	blocks map[string]*block
}

func newText(w io.Writer, opt Options) Writer {
	opt.Width = max(cmp.Or(opt.Width, defaultWidth), minWidth)
	return &text{
		printer: printer{o: newOut(w), width: opt.Width, color: opt.Color}, opt: opt,
		names: map[string]string{}, fails: map[string]*block{}, manuals: map[string]*block{}, open: map[openKey]*openGroup{},
		judged: map[string]int{}, severity: map[assize.Severity]int{}, deferred: map[string]int{},
	}
}

// Begin writes the header.
func (t *text) Begin(run *assize.Run) error {
	t.run = run
	for _, a := range run.Accounts {
		t.names[a.ID] = clean(cmp.Or(a.Name, a.ID))
	}
	title, version := "Assize", ""
	if f := run.Framework; f != nil {
		title, version = f.Title, versionText(f)
	}
	t.wrap(span{}, span{bold, paragraph(title)}, span{dim, joined(paragraph(version))})
	t.line()
	t.accounts()
	t.field("Source", clean(run.Source)+digestNote(run.SnapshotDigest))
	t.field("As of", asOf(run))
	t.field("Scope", scopeText(run.Scope))
	if run.ProfilePath != "" {
		t.field("Profile", clean(run.ProfilePath)+digestNote(run.ProfileDigest))
	}
	if run.Baseline != "" {
		t.field("Baseline", clean(run.Baseline))
	}
	if f := run.Framework; f != nil && f.Digest != "" {
		t.field("Framework", clean(f.ID)+digestNote(f.Digest))
	}
	t.field("Library", many(len(run.Checks), "check")+digestNote(run.LibraryDigest)+", Assize "+clean(run.Version)+foldersText(run))
	if len(run.Workloads) > 0 {
		t.field("Workloads", workloadsText(run))
	}
	if run.AuthorizationData != "" {
		t.field("IAM data", clean(run.AuthorizationData)+digestNote(run.AuthorizationDataDigest))
	}
	return t.o.err
}

func (t *text) accounts() {
	label := "Accounts"
	if len(t.run.Accounts) == 1 {
		label = "Account"
	}
	for i, a := range t.run.Accounts {
		if i == maxRows && !t.opt.Verbose {
			t.field("", fmt.Sprintf("and %s more", num(len(t.run.Accounts)-i)))
			return
		}
		t.field(label, accountText(a))
		label = ""
	}
}

func (t *text) field(label, value string) {
	t.wrap(span{dim, "  " + pad(label, 10)}, say(value))
}

// Finding keeps what will be shown and counts the rest.
func (t *text) Finding(f *assize.Finding) error {
	switch f.Outcome {
	case assize.Fail:
		t.judged[f.Check.ID]++
		t.severity[f.Check.Severity]++
		t.keep(t.fails, f)
	case assize.Inconclusive:
		u := f.Unknown
		if u == nil {
			u = &assize.Unknown{Cause: assize.ErrorInRule}
		}
		key := openKey{u.Cause, u.Operation, u.Code}
		g := t.open[key]
		if g == nil {
			g = &openGroup{key: key, blocks: map[string]*block{}}
			t.open[key] = g
		}
		g.n++
		if f.Deferred() {
			t.deferred[f.Check.ID]++
		}
		t.keep(g.blocks, f)
	case assize.Manual:
		t.keep(t.manuals, f)
	case assize.Pass:
		t.judged[f.Check.ID]++
	case assize.NotApplicable:
	}
	return t.o.err
}

func (t *text) keep(blocks map[string]*block, f *assize.Finding) {
	b := blocks[f.Check.ID]
	if b == nil {
		b = &block{check: f.Check}
		blocks[f.Check.ID] = b
	}
	b.n++
	if t.kept < maxShown && (t.opt.Verbose || len(b.findings) < firstShown) {
		b.findings = append(b.findings, f)
		t.kept++
	}
}

// End writes everything else.
func (t *text) End(s *assize.Summary) error {
	t.controls(s)
	t.failing()
	t.inconclusive()
	t.manual()
	t.people()
	t.gaps(s)
	t.notes()
	t.totals(s)
	return t.o.flush()
}

// notes writes what there is to know about the source.
func (t *text) notes() {
	for _, n := range t.run.Notes {
		t.heading(plain, upper(n.Title), "")
		for i, l := range n.Lines {
			if i == maxRows && !t.opt.Verbose {
				t.line(span{dim, "  and " + num(len(n.Lines)-i) + " more; --verbose lists them"})
				break
			}
			t.wrap(say("  "), say(cut(paragraph(head(l, textReason)), textReason)))
		}
	}
}

// upper is a heading in capitals, as the others are.
func upper(title string) string { return strings.ToUpper(clean(title)) }

// worstFirst sorts blocks by severity, then by how many, then by id.
func worstFirst(blocks map[string]*block) []*block {
	return slices.SortedFunc(maps.Values(blocks), func(a, b *block) int {
		return cmp.Or(
			cmp.Compare(rank(a.check.Severity), rank(b.check.Severity)),
			cmp.Compare(b.n, a.n), cmp.Compare(a.check.ID, b.check.ID))
	})
}

// rank is the place of a severity, worst first.
func rank(s assize.Severity) int {
	if i := slices.Index(assize.Severities, s); i >= 0 {
		return i
	}
	return len(assize.Severities)
}

func (t *text) heading(s style, title, note string) {
	t.line()
	t.wrap(span{}, span{cmp.Or(s, bold), title}, span{dim, joined(note)})
}

// joined is a note that follows a title.
func joined(note string) string {
	if note == "" {
		return ""
	}
	return " · " + note
}
