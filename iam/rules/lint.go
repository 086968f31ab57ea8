package rules

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// Rules of the linter that are more than a fault here: the symbolic engine adds to the first, the second may be why it
// would, and the third says that the linter did not look at everything.
const (
	deadRule        = "dead-statement"
	unknownNameRule = "unknown-name"
	tooLargeRule    = "too-large"
	readingRule     = "reading-sensitive"
)

// Lint is [sar.Lint] with what can be added for identity policies: statements whose conditions no request meets
// together, and an Allow that a Deny of the same document takes back whole.
func (j *Judge) Lint(p *iam.Policy, layer iam.Layer) []sar.Fault {
	all := sar.Lint(p, layer, j.data)
	whole := func(f sar.Fault) bool { return f.Rule == tooLargeRule }
	if _, ok := p.Readable(); !ok || layer != iam.LayerIdentity || slices.ContainsFunc(all, whole) {
		return all
	}
	// A name that does not exist is why the statement is dead, and is told already.
	said := func(statement int) bool {
		return slices.ContainsFunc(all, func(f sar.Fault) bool {
			return f.Statement == statement && (f.Rule == deadRule || f.Rule == unknownNameRule)
		})
	}
	for _, d := range j.dead(p) {
		if !said(d.Statement) {
			all = append(all, deadFault(p.Statement(d.Statement), d.Reason, d.Fix))
		}
	}
	for i := range p.Len() {
		if by := j.takenBack(p, p.Statement(i)); by != nil && !said(i) {
			all = append(all, deadFault(p.Statement(i), fmt.Sprintf("the Deny at %s covers every request that it allows", by.Position()),
				"remove the Allow, or narrow the Deny to what it is meant to stop"))
		}
	}
	slices.SortStableFunc(all, func(a, b sar.Fault) int {
		return cmp.Or(cmp.Compare(a.Position.Offset, b.Position.Offset), cmp.Compare(a.Rule, b.Rule))
	})
	return all
}

func deadFault(s *iam.Statement, reason, fix string) sar.Fault {
	return sar.Fault{
		Rule: deadRule, Severity: assize.High, Statement: s.Index(), Sid: s.Sid(), Position: s.Position(),
		Message: fmt.Sprintf("the %s never applies: %s", s.Effect(), reason),
		Fix:     cmp.Or(fix, "remove the statement, or one of the conditions that exclude each other"),
	}
}

// takenBack returns a Deny of the document that covers all that an Allow allows, whatever the request: it has no
// condition, is of every resource, and matches every action that the Allow names. nil where there is none.
func (j *Judge) takenBack(p *iam.Policy, allow *iam.Statement) *iam.Statement {
	patterns, negated := allow.Actions()
	if allow.Effect() != iam.Allow || negated {
		return nil
	}
	var actions []*sar.Action
	for _, pattern := range patterns {
		expanded := j.data.Expand(pattern)
		if len(expanded) == 0 {
			return nil // an action that nobody knows: nothing can be said of it
		}
		actions = append(actions, expanded...)
	}
	for i := range p.Len() {
		deny := p.Statement(i)
		resources, notResource := deny.Resources()
		_, notAction := deny.Actions()
		if deny.Effect() != iam.Deny || notAction || notResource || len(deny.Conditions()) > 0 || !slices.Contains(resources, "*") {
			continue
		}
		if !slices.ContainsFunc(actions, func(a *sar.Action) bool { return !deny.MatchesAction(a.String()) }) {
			return deny
		}
	}
	return nil
}

// Faults asks whether a document has a fault of one of the rules of [sar.Lint]. Of statements of identity
// policies that can never apply, those count too whose conditions no request meets together. Guard of the
// result is what could stand in place of the statement. A document without a fault that is too large to be looked at
// whole leaves the answer open.
func (j *Judge) Faults(p *iam.Policy, layer iam.Layer, ids ...string) Result {
	if reason, ok := p.Readable(); !ok {
		return cannotTell(reason)
	}
	all := sar.Lint(p, layer, j.data)
	partly := ""
	if i := slices.IndexFunc(all, func(f sar.Fault) bool { return f.Rule == tooLargeRule }); i >= 0 {
		partly = all[i].Message
	}
	faults := slices.DeleteFunc(all, func(f sar.Fault) bool { return !slices.Contains(ids, f.Rule) })
	var out Result
	var reasons []string
	for _, f := range faults {
		reasons = append(reasons, f.Message)
		if f.Statement >= 0 && !slices.Contains(out.Statements, f.Statement) {
			out.Statements = append(out.Statements, f.Statement)
		}
		if out.Guard == "" {
			out.Guard = f.Corrected
		}
		for _, w := range []*Witness{j.without(p, layer, f), j.readTwice(p, layer, f)} {
			if w != nil && len(out.Witnesses) < 2 {
				out.Witnesses = append(out.Witnesses, *w)
			}
		}
	}
	if layer == iam.LayerIdentity && slices.Contains(ids, deadRule) {
		for _, d := range j.dead(p) {
			if !slices.Contains(out.Statements, d.Statement) {
				reasons = append(reasons, d.String()+". "+d.Fix)
				out.Statements = append(out.Statements, d.Statement)
			}
		}
	}
	if len(reasons) == 0 && partly != "" {
		return cannotTell(partly)
	}
	if len(reasons) == 0 {
		return Result{Answer: iam.Answer{Verdict: iam.No, Reason: "no statement is at fault"}}
	}
	out.Verdict, out.Reason = iam.Yes, strings.TrimSpace(strings.Join(reasons[:min(len(reasons), 3)], "; "))
	if text := j.rewritten(p, layer, ids); text != "" && (len(reasons) > 1 || out.Guard == "") {
		out.Guard, out.Whole = text, true
	}
	return out
}

// readTwice gives a request that is allowed in one reading of a wildcard and not in the other, which its decision says;
// nil where the fault is another or none was found.
func (j *Judge) readTwice(p *iam.Policy, layer iam.Layer, f sar.Fault) *Witness {
	if f.Rule != readingRule || layer != iam.LayerIdentity {
		return nil
	}
	s, who := j.holding(p)
	if s == nil {
		return nil
	}
	statement := p.Statement(f.Statement)
	actions, _ := statement.Actions()
	patterns, _ := statement.Resources()
	for _, pattern := range patterns {
		resource := divisive(pattern)
		for _, action := range actions {
			known := j.data.Expand(action)
			if len(known) == 0 {
				continue
			}
			w := s.replay(in(known[0].String(), resource, who.Account, "us-east-1"), nil)
			if w != nil && w.Decision.ReadingSensitive() {
				return w
			}
		}
	}
	return nil
}

// divisive is an ARN that a pattern takes in one reading alone: a star of a short pattern stands for two parts, a
// wildcard in the last part for the colon of an id.
func divisive(pattern string) string {
	parts := strings.SplitN(pattern, ":", 6)
	if len(parts) < 6 {
		return strings.ReplaceAll(pattern, "*", "us-east-1:")
	}
	for i, star := range []string{"aws", "aws", "bedrock", "us-east-1", "", "z:0"} {
		parts[i] = strings.NewReplacer("*", star, "?", ":").Replace(parts[i])
	}
	return strings.Join(parts, ":")
}

// holding is a search for a role that nobody knows, with one identity policy; nil when there can be none.
func (j *Judge) holding(p *iam.Policy) (*search, *Principal) {
	j.begin()
	who := &Principal{Regions: []string{"us-east-1"}}
	who.Kind, who.Issuer, who.Account = iam.RoleSession, "arn:aws:iam::"+stranger+":role/"+fresh, stranger
	who.Policies.Identity = []*iam.Policy{p}
	s, err := j.search(&who.Principal)
	if err != nil {
		return nil, nil
	}
	return s, who
}

// without gives a request that leaves the condition key out and that the statement decides all the same, nil where
// the fault is another or none was found.
func (j *Judge) without(p *iam.Policy, layer iam.Layer, f sar.Fault) *Witness {
	if f.Without == "" || layer != iam.LayerIdentity {
		return nil
	}
	s, who := j.holding(p)
	if s == nil {
		return nil
	}
	statement := p.Statement(f.Statement)
	patterns, _ := statement.Actions()
	for _, pattern := range patterns {
		known := j.data.Expand(pattern)
		if len(known) == 0 {
			continue
		}
		for c := range j.checks(who, known[0]) {
			c.Fixed[f.Without] = nil
			w, wanted := s.replay(c, nil), iam.ExplicitlyDenied
			if statement.Effect() == iam.Allow {
				w, wanted = s.allowed(c), iam.Allowed
			}
			if w != nil && w.Decision.Outcome == wanted {
				w.without = f.Without
				return w
			}
		}
	}
	return nil
}

// maxRewrites bounds how often a document is mended before it counts as one that cannot be.
const maxRewrites = 16

// rewritten is the document with what the faults propose in place of the statements, again and again until it has no
// fault of the rules; "" where that does not come about.
func (j *Judge) rewritten(p *iam.Policy, layer iam.Layer, ids []string) string {
	text := ""
	for range maxRewrites {
		faults := slices.DeleteFunc(sar.Lint(p, layer, j.data), func(f sar.Fault) bool { return !slices.Contains(ids, f.Rule) })
		if len(faults) == 0 {
			if layer == iam.LayerIdentity && slices.Contains(ids, deadRule) && len(j.dead(p)) > 0 {
				return ""
			}
			return text
		}
		i := slices.IndexFunc(faults, func(f sar.Fault) bool { return f.Corrected != "" && f.Statement >= 0 })
		if i < 0 {
			return ""
		}
		var err error
		if text, err = replaced(p, faults[i].Statement, faults[i].Corrected); err != nil {
			return ""
		}
		if p, err = iam.Parse([]byte(text)); err != nil {
			return ""
		}
	}
	return ""
}

// replaced is a document with one statement or several in place of one.
func replaced(p *iam.Policy, statement int, by string) (string, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	var doc struct {
		Version   string          `json:",omitempty"`
		ID        string          `json:"Id,omitempty"`
		Statement json.RawMessage `json:",omitempty"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return "", err
	}
	statements, err := rawList(doc.Statement)
	if err != nil {
		return "", err
	}
	instead, err := rawList(json.RawMessage(by))
	if err != nil {
		return "", err
	}
	if doc.Statement, err = json.Marshal(slices.Replace(statements, statement, statement+1, instead...)); err != nil {
		return "", err
	}
	out, err := json.Marshal(doc)
	return string(out), err
}

// rawList is a list of statements, or a list of the one.
func rawList(raw json.RawMessage) ([]json.RawMessage, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		return []json.RawMessage{raw}, nil
	}
	var out []json.RawMessage
	err := json.Unmarshal(raw, &out)
	return out, err
}

// dead lists the statements of an identity policy whose conditions no request meets, whether a user or a
// role holds the policy.
func (j *Judge) dead(p *iam.Policy) []sym.DeadStatement {
	j.begin()
	holders := []iam.Principal{
		{Kind: iam.RoleSession, Issuer: "arn:aws:iam::000000000000:role/" + fresh, Account: "000000000000"},
		{Kind: iam.User, ARN: "arn:aws:iam::000000000000:user/" + fresh, Account: "000000000000"},
	}
	var out []sym.DeadStatement
	for i, h := range holders {
		dead, _ := j.engine.DeadStatements(sym.Principal{Principal: h, Policies: iam.Policies{Identity: []*iam.Policy{p}}})
		dead = slices.DeleteFunc(dead, func(d sym.DeadStatement) bool { return j.leftOut(p.Statement(d.Statement)) })
		if i == 0 {
			out = dead
			continue
		}
		out = slices.DeleteFunc(out, func(d sym.DeadStatement) bool {
			return !slices.ContainsFunc(dead, func(other sym.DeadStatement) bool { return other.Statement == d.Statement })
		})
	}
	return out
}

// leftOut says whether nothing can be said of a statement by itself: it speaks of the holder, who here is nobody,
// or compares a key of several values without ForAllValues or ForAnyValue, which AWS's own policies do.
func (j *Judge) leftOut(s *iam.Statement) bool {
	for _, c := range s.Comparisons() {
		text := strings.ToLower(c.Key() + " " + strings.Join(c.Texts(), " "))
		if strings.Contains(text, "aws:principal") || strings.Contains(text, "aws:user") || strings.Contains(text, "${") {
			return true
		}
		if k, ok := j.data.Key("", c.Key()); ok && k.Multi && c.Quantifier() == iam.OneValue && c.Kind() != iam.NoValues {
			return true
		}
	}
	return false
}
