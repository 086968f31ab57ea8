package assess

import (
	"crypto/sha256"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/rules"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// accessMemo is what a run has worked out of the access of principals.
type accessMemo struct {
	data  *sar.Data // nil is the one built in
	judge *rules.Judge
	last  *layered
	// identity are those of the last principal, parsed.
	identity identityMemo
	control  map[string]*control // by account
	// callers are the service control policies over principals that take on roles, by account.
	callers map[string][][]*iam.Policy
	// parents are the trees of organizations by management account, see parentsIn.
	parents map[string]map[string]string
	// limits are the service control policies of organizations as far as they limit models, likewise.
	limits map[string]*modelLimits
	// profiles are what calls of inference profiles ask for, by account.
	profiles map[string]*profilePlans
	// approved are the models that the profile approves, for the policies that findings propose.
	approved []string
	answers  map[accessKey]accessReply
	// excesses are found when a rule first asks for them.
	excesses *excesses
	// evidence is what the rule under way found against its subject.
	evidence []assize.Field
}

// accessKey is a question about principals with the same access.
type accessKey struct {
	question string
	policies [sha256.Size]byte
}

// maxAnswers bounds the answers that are kept, which hold the policies that they propose.
const maxAnswers = 4096

// keep remembers an answer.
func (m *accessMemo) keep(k accessKey, r accessReply) {
	if len(m.answers) >= maxAnswers {
		clear(m.answers)
	}
	m.answers[k] = r
}

// accessReply is the answer, or why it has none.
type accessReply struct {
	found    bool
	evidence []assize.Field
	unknown  *assize.Unknown
}

func newAccessMemo(data *sar.Data) accessMemo {
	return accessMemo{data: data, judge: rules.New(rules.Config{Data: data}), control: map[string]*control{}, callers: map[string][][]*iam.Policy{}, parents: map[string]map[string]string{}, limits: map[string]*modelLimits{}, profiles: map[string]*profilePlans{}, answers: map[accessKey]accessReply{}}
}

// question is one about what a principal may do.
type question struct {
	// name with its further arguments tells questions apart.
	name string
	ask  func(*rules.Judge, *rules.Principal) rules.Result
	// exact: more access does not turn a Yes into more of it, so that a policy known in part
	// cannot be bounded by its extremes.
	exact bool
}

// accessOf puts a question to the policies of a principal together.
func (c *evalContext) accessOf(name string, q question) ref.Val {
	l, u := c.layersOf(name)
	if u != nil {
		return c.unknown(u)
	}
	key := accessKey{q.name, l.key}
	reply, ok := c.accessed.answers[key]
	if !ok {
		reply = c.judge(l, q)
		// What a plan refers to, and what stands in for its ARNs, differs from one principal to the next; a plain No does not.
		if l.principal.Origin == nil || reply.unknown == nil && !reply.found {
			c.accessed.keep(key, reply)
		}
	}
	return c.found(reply)
}

// found is the value of a reply; a fault that was found is evidence.
func (c *evalContext) found(reply accessReply) ref.Val {
	if reply.unknown != nil {
		return c.unknown(reply.unknown)
	}
	if reply.found {
		c.accessed.evidence = append(c.accessed.evidence, reply.evidence...)
	}
	return types.Bool(reply.found)
}

// judge asks about every reading of the policies: what they agree on is the answer.
func (c *evalContext) judge(l *layered, q question) accessReply {
	w := &readings{c: c, l: l}
	if u := w.read(); u != nil {
		return accessReply{unknown: u}
	}
	if w.partial != nil && q.exact {
		return accessReply{unknown: w.partial}
	}
	var first *rules.Result
	for _, p := range w.principals() {
		r := q.ask(c.accessed.judge, p)
		switch {
		case r.Undecided():
			return accessReply{unknown: w.undecided(r)}
		case first == nil:
			first = &r
		case first.Verdict != r.Verdict:
			return accessReply{unknown: w.undecided(r)}
		}
	}
	return accessReply{found: first.Yes(), evidence: evidenceOf(*first)}
}

// readings are the policies of a principal at their smallest and largest.
type readings struct {
	c         *evalContext
	l         *layered
	identity  []*document
	boundary  []*document
	levels    [][]*document
	units     [][]*document
	principal iam.Principal
	partial   *assize.Unknown
	missing   *assize.Unknown
}

func (w *readings) read() *assize.Unknown {
	r := w.l.principal
	if r.Account == "" {
		return w.c.placeUnknown()
	}
	arn := r.KnownARN()
	if arn == "" {
		if slices.ContainsFunc(w.l.all(), func(s source) bool { return mentionsCaller(s.text) }) {
			return &assize.Unknown{Cause: assize.UntilApply, Detail: "the ARN of " + r.Label() + " is known after apply, and its policies speak of the caller"}
		}
		kind := "role/"
		if r.Type == userType {
			kind = "user/"
		}
		arn = "arn:" + assize.Partition(w.c.region) + ":iam::" + r.Account + ":" + kind + "zz-planned"
	}
	p, err := iam.ParsePrincipal(arn)
	if err != nil {
		return &assize.Unknown{Cause: assize.WrongAnswer, Detail: err.Error()}
	}
	w.principal, w.missing = p, w.l.missing()
	w.identity, w.boundary = w.documents(w.l.identity), w.documents(w.l.boundary)
	for _, level := range w.l.levels {
		w.levels = append(w.levels, w.documents(level))
	}
	for _, level := range w.l.units {
		w.units = append(w.units, w.documents(level))
	}
	return nil
}

func (w *readings) documents(sources []source) []*document {
	out := make([]*document, len(sources))
	for i, s := range sources {
		d, u := (*document)(nil), s.unknown
		if u == nil {
			d, u = w.c.document(s.text, false)
		}
		if u != nil {
			if w.missing == nil {
				w.missing = of(w.l.principal, u)
			}
			p := iam.Unreadable(s.name, u.Detail)
			d = &document{corners: [4]*iam.Policy{p, p, p, p}}
		}
		for n := range d.corners {
			d.corners[n] = d.corners[n].Named(s.name)
		}
		if d.missing != "" && w.partial == nil {
			w.partial = d.partial()
		}
		out[i] = d
	}
	return out
}

// principals are the principal as each reading has it.
func (w *readings) principals() []*rules.Principal {
	corners, levels := 1, [][][]*document{w.levels}
	if w.partial != nil {
		corners = 4
	}
	if len(w.units) > 0 {
		levels = append(levels, slices.Concat(w.levels, w.units))
	}
	var out []*rules.Principal
	for n := range corners {
		for _, l := range levels {
			p := &rules.Principal{Principal: sym.Principal{Principal: w.principal}, Regions: w.c.regionsOf(w.l.principal.Account)}
			p.Account, p.Approved = w.l.principal.Account, w.c.accessed.approved
			p.Policies.Identity = at(w.identity, n)
			if len(w.boundary) > 0 {
				p.Policies.Boundary = w.boundary[0].corners[n]
			}
			for _, level := range l {
				p.Policies.ServiceControl = append(p.Policies.ServiceControl, at(level, n))
			}
			out = append(out, p)
		}
	}
	return out
}

func at(docs []*document, n int) []*iam.Policy {
	out := make([]*iam.Policy, len(docs))
	for i, d := range docs {
		out[i] = d.corners[n]
	}
	return out
}

// undecided says why there is no answer.
func (w *readings) undecided(r rules.Result) *assize.Unknown {
	switch {
	case w.missing != nil:
		return w.missing
	case w.partial != nil:
		return w.partial
	case len(w.units) > 0:
		return &assize.Unknown{Cause: assize.NotConnected, Detail: "service control policies of organizational units matter, and in which units account " + w.l.principal.Account + " is was not read"}
	}
	return &assize.Unknown{Cause: assize.ErrorInRule, Detail: "the policies do not decide it: " + r.Reason}
}

// regionsOf are the Regions of an account that were read.
func (c *evalContext) regionsOf(account string) []string {
	for _, a := range c.graph.Accounts() {
		if a.ID == account && len(a.Regions) > 0 {
			return a.Regions
		}
	}
	return []string{"us-east-1"}
}

// evidenceOf shows a result to people.
func evidenceOf(r rules.Result) []assize.Field {
	if !r.Yes() {
		return nil
	}
	out := []assize.Field{{Name: "found", Value: shownAccess(r.Reason)}}
	for _, w := range r.Witnesses {
		name := "allowed request"
		if w.Decision.Denied() {
			name = "denied request"
		}
		out = append(out, assize.Field{Name: name, Value: shownAccess(w.String())})
		if w.Because != "" {
			out = append(out, assize.Field{Name: "by", Value: shownAccess(w.Because)})
		}
	}
	if r.Guard != "" {
		name := "policy to add"
		switch {
		case !strings.Contains(r.Guard, `"Statement"`):
			name = "corrected statement"
		case r.Whole, strings.Contains(r.Guard, `"Principal"`):
			name = "corrected policy"
		}
		out = append(out, assize.Field{Name: name, Value: shownAccess(r.Guard)})
	}
	return out
}

// shownAccess is a text for people: what stood in for ARNs of planned resources gives way to their addresses.
func shownAccess(text string) string {
	return assize.Shown(standIn.ReplaceAllString(text, assize.PlannedARNPrefix))
}
