package report

import (
	"cmp"
	"io"
	"strings"
)

// differenceFormat names the shape of the JSON document; it changes when a reader would break.
const differenceFormat = "assize.access-difference/1"

// AccessDifference is what an edit of policies would change, without making it.
type AccessDifference struct {
	// Edits in words.
	Edits  []string     `json:"edits"`
	Origin AccessOrigin `json:"origin"`
	// Asked is of how many principals and calls.
	Asked   int             `json:"principals"`
	Calls   int             `json:"calls"`
	Targets []AccessTarget  `json:"targets"`
	Terms   []AccessTerms   `json:"terms"`
	Changes []AccessChanged `json:"changes"`
	// Unread says what could not be read, so that more may change.
	Unread []string `json:"unread,omitempty"`
}

// AccessEffect is what becomes of an access.
type AccessEffect string

// The effects, in the order in which they are shown.
const (
	AccessGained  AccessEffect = "gains"
	AccessMoved   AccessEffect = "gains and loses" // other conditions, neither narrower nor wider
	AccessUndone  AccessEffect = "loses"
	AccessUnclear AccessEffect = "not decided"
)

// AccessChanged is calls that principals could make otherwise than before.
type AccessChanged struct {
	Effect     AccessEffect      `json:"effect"`
	Principals []AccessPrincipal `json:"members"`
	Targets    []int             `json:"targets"`
	// Before and After are indexes of terms, -1 for no access.
	Before int `json:"before"`
	After  int `json:"after"`
}

// Count says how many principals an effect has.
func (d *AccessDifference) Count(e AccessEffect) int {
	seen := map[string]bool{}
	for _, c := range d.Changes {
		for _, p := range c.Principals {
			if c.Effect == e {
				seen[p.ARN] = true
			}
		}
	}
	return len(seen)
}

// WriteDifference writes a difference in the format "table", "json" or "csv". The error is that
// of the underlying writer.
func WriteDifference(w io.Writer, format string, d *AccessDifference, opt Options) error {
	switch format {
	case "json":
		full := *d
		full.Targets, full.Terms, full.Changes = list(d.Targets), list(d.Terms), list(d.Changes)
		return writeDocument(w, differenceFormat, &full)
	case "csv":
		return d.csv(w)
	}
	width := max(cmp.Or(opt.Width, defaultWidth), minWidth)
	t := &accessTable{
		printer: printer{o: newOut(w), width: width, color: opt.Color}, a: &Access{Targets: d.Targets, Terms: d.Terms, Unread: d.Unread, Noun: "target"},
		verbose: opt.Verbose,
	}
	t.difference(d)
	return t.o.flush()
}

func (t *accessTable) difference(d *AccessDifference) {
	t.wrap(span{}, span{bold, "What would change"}, span{dim, " · nothing is attached"})
	t.line()
	for _, e := range d.Edits {
		t.field("Edit", paragraph(e))
	}
	t.origin(&d.Origin)
	for i := range d.Changes {
		t.change(&d.Changes[i])
	}
	t.unread()
	t.line()
	t.wrap(span{}, span{bold, d.verdict()}, span{dim, " " + many(d.Asked, "principal") + " and " + many(d.Calls, "call") + " were asked."})
}

func (t *accessTable) change(c *AccessChanged) {
	t.line()
	t.wrap(span{}, span{effectStyle(c.Effect), capitalize(string(c.Effect))}, span{dim, " · " + many(len(c.Principals), "principal")})
	t.members(c.Principals)
	for _, text := range t.targets(c.Targets) {
		t.wrap(span{dim, "    " + pad("of", 9)}, say(text))
	}
	t.side("before", c.Before)
	t.side("after", c.After)
}

func (t *accessTable) side(label string, terms int) {
	if terms < 0 {
		t.wrap(span{dim, "    " + pad(label, 9)}, say("no access"))
		return
	}
	x := &t.a.Terms[terms]
	t.wrap(span{dim, "    " + pad(label, 9)}, span{accessStyle(x.Outcome), accessOutcomeName(x.Outcome)})
	t.terms(x)
}

func (d *AccessDifference) verdict() string {
	if len(d.Changes) == 0 {
		return "Nothing changes."
	}
	var parts []string
	for _, e := range []AccessEffect{AccessGained, AccessMoved, AccessUndone, AccessUnclear} {
		if n := d.Count(e); n > 0 {
			verb := string(e)
			if n > 1 {
				verb = map[AccessEffect]string{AccessGained: "gain", AccessMoved: "gain and lose", AccessUndone: "lose", AccessUnclear: "are not decided"}[e]
			} else if e == AccessUnclear {
				verb = "is not decided"
			}
			parts = append(parts, many(n, "principal")+" "+verb)
		}
	}
	return strings.Join(parts, "; ") + "."
}

func effectStyle(e AccessEffect) style {
	switch e {
	case AccessGained, AccessMoved:
		return red
	case AccessUndone:
		return blue
	case AccessUnclear:
		return yellow
	}
	return plain
}

func (d *AccessDifference) csv(w io.Writer) error {
	c := &csvWriter{o: newOut(w)}
	c.line("effect", "principal", "account", "target", "name", "region", "kind", "before", "after", "before_conditions", "after_conditions", "call")
	for _, x := range d.Changes {
		before, was := d.side(x.Before)
		after, is := d.side(x.After)
		for _, p := range x.Principals {
			for _, at := range x.Targets {
				t := &d.Targets[at]
				c.line(string(x.Effect), p.ARN, p.Account, t.ARN, t.Name, t.Region, t.Kind, before, after, cut(was, csvText), cut(is, csvText), t.Call)
			}
		}
	}
	return c.o.flush()
}

func (d *AccessDifference) side(terms int) (outcome, condition string) {
	if terms < 0 {
		return "never", ""
	}
	t := &d.Terms[terms]
	return string(t.Outcome), t.Condition()
}
