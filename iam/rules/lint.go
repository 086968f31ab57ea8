package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// Rules of the linter that are more than a fault here: the symbolic engine adds to the one, and the other says that
// the linter did not look at everything.
const (
	deadRule     = "dead-statement"
	tooLargeRule = "too-large"
)

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
	out.Verdict, out.Reason = iam.Yes, strings.TrimSpace(strings.Join(reasons[:min(len(reasons), 3)], " "))
	return out
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
