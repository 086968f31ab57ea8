package rules

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
)

// Faults asks whether a document has a fault of one of the rules of [sar.Lint]. Guard of the result
// is what could stand in place of the statement.
func (j *Judge) Faults(p *iam.Policy, layer iam.Layer, ids ...string) Result {
	if reason, ok := p.Readable(); !ok {
		return cannotTell(reason)
	}
	faults := slices.DeleteFunc(sar.Lint(p, layer, j.data), func(f sar.Fault) bool { return !slices.Contains(ids, f.Rule) })
	if len(faults) == 0 {
		return Result{Answer: iam.Answer{Verdict: iam.No, Reason: "no statement is at fault"}}
	}
	var reasons []string
	out := Result{Guard: faults[0].Corrected}
	out.Verdict = iam.Yes
	for _, f := range faults {
		reasons = append(reasons, f.Message)
		if f.Statement >= 0 && !slices.Contains(out.Statements, f.Statement) {
			out.Statements = append(out.Statements, f.Statement)
		}
	}
	out.Reason = strings.Join(reasons[:min(len(reasons), 3)], " ")
	return out
}
