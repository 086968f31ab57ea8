package org_test

import (
	"math/rand/v2"
	"testing"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/internal/bench/orgcase"
)

// TestLargeOrganisation: on the organisation of the speed target, cells hold what the concrete
// evaluator says, for the principal that was asked and for the others of its group.
func TestLargeOrganisation(t *testing.T) {
	t.Parallel()
	o, err := orgcase.Make(1000).Organisation()
	if err != nil {
		t.Fatal(err)
	}
	a := org.NewAnalysis(o, org.Config{})
	m, err := a.Matrix(a.Calls())
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	count := map[org.Outcome]int{}
	for i := range 1000 {
		unit, call := r.IntN(len(m.Units)), r.IntN(len(m.Calls))
		for i%2 == 0 && m.Cell(unit, call) == 0 { // most cells are empty
			unit, call = r.IntN(len(m.Units)), r.IntN(len(m.Calls))
		}
		answer := m.Answer(unit, call)
		if x := m.Accesses[m.Cell(unit, call)]; x.Outcome != answer.Outcome {
			t.Fatalf("%s for %s: the matrix says %s, the answer %s", answer.Principal.ARN, answer.Plan.Call, x.Outcome, answer.Outcome)
		}
		count[answer.Outcome]++
		replay(t, answer)
		context, ok := answer.Witness()
		if !ok {
			context = somewhere(r)
		}
		for _, member := range m.Units[unit] {
			other, err := a.Ask(member, answer.Plan.Call)
			if err != nil {
				t.Fatal(err)
			}
			if got := other.Replay(context) == nil; got != ok && (ok || answer.Outcome == org.Never) {
				t.Errorf("%s for %s in %v: got allowed %v, its group says %v", member.ARN, answer.Plan.Call, context, got, ok)
			}
		}
	}
	if count[org.Never] < 100 || count[org.Conditional]+count[org.Always] < 100 {
		t.Errorf("got %v, want many of each", count)
	}
}

// somewhere draws a context of a role session.
func somewhere(r *rand.Rand) map[string][]string {
	out := map[string][]string{
		"aws:SecureTransport": {"true"}, "aws:ViaAWSService": {"false"}, "aws:CurrentTime": {"2026-06-01T00:00:00Z"},
		"aws:TokenIssueTime": {"2026-06-01T00:00:00Z"}, "aws:SourceIp": {"203.0.1.7"},
	}
	if r.IntN(2) == 0 {
		out["aws:MultiFactorAuthPresent"] = []string{"true"}
	}
	if r.IntN(2) == 0 {
		out["bedrock:GuardrailIdentifier"] = []string{"arn:aws:bedrock:us-east-1:111122223333:guardrail/g1"}
	}
	return out
}

func firstRole(t *testing.T, o *org.Organisation, name string) string {
	t.Helper()
	for _, p := range o.Principals {
		if p.Name == name {
			return p.ARN
		}
	}
	t.Fatalf("there is no role %s", name)
	return ""
}

func outcomes(m *org.Matrix) map[string]org.Outcome {
	out := map[string]org.Outcome{}
	for i, unit := range m.Units {
		for _, p := range unit {
			for c, call := range m.Calls {
				out[p.ARN+" "+call.String()] = m.Accesses[m.Cell(i, c)].Outcome
			}
		}
	}
	return out
}
