package assess

import (
	"cmp"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

// document is a policy document, or the extremes of one that is known in part.
//
// Of a plan some statements hold what is not known yet ([assize.Hole]). Such a statement
// matches, once it is known, at least what it matches without the hole's element and at
// most what it matches with "*" in its place, or without the condition. The questions
// put to policies are monotone in what Allow statements match and in what Deny
// statements match, each in one direction: whether somebody may do something grows with
// Allow and shrinks with Deny; whether something is denied, limited or protected the
// other way round. So the four corners (Allow and Deny, each at its smallest and
// largest) bound every completion: what all four answer alike is the answer, anything
// else is not known. Questions about names rather than about what is matched are not
// monotone, and are not put to a document with a hole: see byName.
type document struct {
	// corners by large Allow (1) and large Deny (2); all the same when nothing is missing.
	corners [4]*iam.Policy
	// missing names what is known in part; empty when nothing is.
	missing string
	// actions: a hole stands among actions, so that not even the services are known.
	actions bool
}

// partial says why a question has no answer.
func (d *document) partial() *assize.Unknown {
	return &assize.Unknown{Cause: assize.UntilApply, Detail: "the policy does not decide it: " + d.missing}
}

// byName is the only reading of the document, for questions that are not monotone.
func (d *document) byName() (*iam.Policy, *assize.Unknown) {
	if d.missing != "" {
		return nil, d.partial()
	}
	return d.corners[0], nil
}

// ask puts a monotone question to the document.
func (d *document) ask(question func(*iam.Policy) iam.Answer) (iam.Answer, *assize.Unknown) {
	return askAll([]*document{d}, func(ps []*iam.Policy) iam.Answer { return question(ps[0]) })
}

// askAll puts a monotone question to several documents together.
func askAll(docs []*document, question func([]*iam.Policy) iam.Answer) (iam.Answer, *assize.Unknown) {
	i := slices.IndexFunc(docs, func(d *document) bool { return d.missing != "" })
	corner := func(n int) iam.Answer {
		policies := make([]*iam.Policy, len(docs))
		for i, d := range docs {
			policies[i] = d.corners[n]
		}
		return question(policies)
	}
	first := corner(0)
	if i < 0 {
		return first, undecidedBy(first)
	}
	for n := 1; n < 4; n++ {
		if first.Undecided() || corner(n).Verdict != first.Verdict {
			return iam.Answer{}, docs[i].partial()
		}
	}
	return first, nil
}

// undecidedBy is the unknown behind an answer that is none.
func undecidedBy(a iam.Answer) *assize.Unknown {
	switch {
	case !a.Undecided():
		return nil
	case a.Reason == unknownPlace:
		return &assize.Unknown{Cause: assize.UntilApply, Detail: unknownPlace}
	}
	return &assize.Unknown{Cause: assize.ErrorInRule, Detail: "the policy does not decide it: " + a.Reason}
}

// document reads a policy. own: the question is about a resource whose ARN is planned, so that a statement about
// resources of which it could turn out to be one counts as known in part.
func (c *evalContext) document(text string, own bool) (*document, *assize.Unknown) {
	if !own && !strings.Contains(text, assize.Hole) && !strings.Contains(text, assize.PlannedARNPrefix) {
		p, err := iam.Parse([]byte(text))
		if err != nil {
			return nil, unreadableBy(err)
		}
		return &document{corners: [4]*iam.Policy{p, p, p, p}}, nil
	}
	v, err := assize.ParseValue([]byte(text))
	if err != nil {
		return nil, unreadableBy(err)
	}
	top, ok := v.(assize.Object)
	if !ok {
		return nil, &assize.Unknown{Cause: assize.WrongAnswer, Detail: "the policy cannot be read: it is no object"}
	}
	w := &completion{c: c, own: own}
	statements := elements(top.Get("Statement"))
	if s := top.Get("Statement"); s != nil && statements == nil {
		statements = assize.List{s}
	}
	rest := slices.Clone(top).Set("Id", nil).Set("Statement", nil)
	if incomplete(rest) {
		return nil, unknownStatement("the policy")
	}
	var readings []reading
	for i, s := range statements {
		r, u := w.statement(i, s)
		if u != nil {
			return nil, u
		}
		readings = append(readings, r)
	}
	return w.corners(rest, readings)
}

func unreadableBy(err error) *assize.Unknown {
	return &assize.Unknown{Cause: assize.WrongAnswer, Detail: "the policy cannot be read: " + err.Error()}
}

func unknownStatement(which string) *assize.Unknown {
	return &assize.Unknown{Cause: assize.UntilApply, Detail: which + " is not known where it matters"}
}

// corners makes the four readings of a document.
func (w *completion) corners(rest assize.Object, readings []reading) (*document, *assize.Unknown) {
	d := &document{missing: w.missing, actions: w.actions}
	for n := range d.corners {
		list := assize.List{}
		for _, r := range readings {
			bit := 1
			if r.effect == "Deny" {
				bit = 2
			}
			if s := r.of(n&bit != 0); s != nil {
				list = append(list, s)
			}
		}
		text, err := slices.Clone(rest).Set("Statement", list).AppendJSON(nil)
		if err != nil {
			return nil, unreadableBy(err)
		}
		if d.corners[n], err = iam.Parse(text); err != nil {
			return nil, unreadableBy(err)
		}
		if d.missing == "" {
			p := d.corners[0]
			d.corners = [4]*iam.Policy{p, p, p, p}
			break
		}
	}
	return d, nil
}

// reading is a statement at its largest and smallest; nil is none.
type reading struct {
	effect       string
	large, small assize.Object
}

func (r reading) of(large bool) assize.Object {
	if large {
		return r.large
	}
	return r.small
}

// incomplete reports whether a hole or a planned ARN stands anywhere in v, in names too.
func incomplete(v assize.Value) bool {
	switch x := v.(type) {
	case string:
		return strings.Contains(x, assize.Hole) || strings.Contains(x, assize.PlannedARNPrefix)
	case assize.List:
		return slices.ContainsFunc(x, incomplete)
	case assize.Object:
		return slices.ContainsFunc(x, func(f assize.Field) bool { return incomplete(f.Name) || incomplete(f.Value) })
	}
	return false
}

// statementName names a statement for people.
func statementName(i int, s assize.Object) string {
	sid, _ := s.Get("Sid").(string)
	if incomplete(sid) {
		sid = ""
	}
	return cmp.Or(sid, "number "+itoa(i+1))
}
