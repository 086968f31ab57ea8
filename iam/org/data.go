package org

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam/plan"
)

// DataAccess says who can do something to data.
type DataAccess struct {
	Purpose plan.Purpose
	Target  string
	// Rows are the principals that can or may, those with the same access together.
	Rows []DataRow
	// Never counts the principals that are proved not to.
	Never int
	// Unknown says what could not be read, so that there may be more principals.
	Unknown []string
}

// DataRow is principals with the same access to data.
type DataRow struct {
	Principals []*Principal
	// Answers of the first principal, one for each call that serves the purpose; one is enough.
	Answers []*Answer
	// Outcome is the best of the answers.
	Outcome Outcome
	// WithMFA and WithoutMFA are the same for sessions with and without a second factor.
	WithMFA, WithoutMFA Outcome
}

// The keys that tell of a second factor.
const (
	keyMFAPresent = "aws:MultiFactorAuthPresent"
	keyMFAAge     = "aws:MultiFactorAuthAge"
)

// factors are the contexts of a session with a second factor, and of those without: role
// sessions may say "false", long-term keys say nothing.
var factors = struct{ with, without []map[string][]string }{
	with: []map[string][]string{{keyMFAPresent: {"true"}}},
	without: []map[string][]string{
		{keyMFAPresent: {"false"}, keyMFAAge: nil},
		{keyMFAPresent: nil, keyMFAAge: nil},
	},
}

// WhoCanData asks every principal for a purpose on data: objects of a bucket
// ("arn:aws:s3:::bucket/prefix/*"), or a log group. Reading needs the key that encrypts it.
func (a *Analysis) WhoCanData(p plan.Purpose, target string) (*DataAccess, error) {
	calls, err := plan.DataCalls(p, target, a.org.Catalog)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", p, target, err)
	}
	var plans []*planned
	for _, c := range calls {
		x := a.planned(c)
		if x.err != nil {
			return nil, fmt.Errorf("%s %s: %w", p, target, x.err)
		}
		plans = append(plans, x)
	}
	out := &DataAccess{Purpose: p, Target: target}
	for _, u := range a.org.Unknown {
		out.Unknown = append(out.Unknown, causeOf(u))
	}
	rows := map[string]int{}
	for _, unit := range a.units(plans) {
		row, key := a.dataRow(unit[0], calls)
		if row.Outcome == Never {
			out.Never += len(unit)
			continue
		}
		i, ok := rows[key]
		if !ok {
			i = len(out.Rows)
			rows[key] = i
			out.Rows = append(out.Rows, row)
		}
		out.Rows[i].Principals = append(out.Rows[i].Principals, unit...)
	}
	for _, r := range out.Rows {
		slices.SortFunc(r.Principals, func(x, y *Principal) int { return strings.Compare(x.ARN, y.ARN) })
	}
	slices.SortFunc(out.Rows, func(x, y DataRow) int {
		return cmp.Or(cmp.Compare(rank(x.Outcome), rank(y.Outcome)), strings.Compare(x.Principals[0].ARN, y.Principals[0].ARN))
	})
	return out, nil
}

// dataRow asks one principal; key is equal for principals with the same access.
func (a *Analysis) dataRow(p *Principal, calls []plan.Call) (row DataRow, key string) {
	row = DataRow{Outcome: Never, WithMFA: Never, WithoutMFA: Never}
	key = fmt.Sprint(p.Kind)
	for _, c := range calls {
		answer := a.ask(p, a.planned(c))
		row.Answers = append(row.Answers, answer)
		row.Outcome = better(row.Outcome, answer.Outcome)
		key += fmt.Sprintf(" %s %v %v", answer.Outcome, answer.Access, answer.Causes)
	}
	if row.Outcome == Never {
		return row, key
	}
	row.WithMFA = a.withFactor(p, calls, factors.with)
	row.WithoutMFA = a.withFactor(p, calls, factors.without)
	return row, key
}

// withFactor is the best outcome in any of the contexts.
func (a *Analysis) withFactor(p *Principal, calls []plan.Call, contexts []map[string][]string) Outcome {
	out := Never
	for _, c := range calls {
		for _, given := range contexts {
			c.Given = given
			if x := a.planned(c); x.err == nil { // the same call was planned without it
				out = better(out, a.ask(p, x).Outcome)
			}
		}
	}
	return out
}

// better is the outcome that opens more.
func better(x, y Outcome) Outcome {
	if rank(y) < rank(x) {
		return y
	}
	return x
}
