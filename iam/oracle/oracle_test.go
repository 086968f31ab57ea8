//go:build iamoracle

package oracle

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	defaultCases = 20_000
	batchSize    = 500
	seed         = 20261121
	// shown bounds what a broken engine would print.
	shown = 10
)

// caseCount is how many cases ASSIZE_IAM_ORACLE_CASES asks for.
func caseCount(t *testing.T) int {
	t.Helper()
	text := os.Getenv("ASSIZE_IAM_ORACLE_CASES")
	if text == "" {
		return defaultCases
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		t.Fatalf("ASSIZE_IAM_ORACLE_CASES is %q: want a number of cases", text)
	}
	return n
}

// comparison compares the engines case by case.
type comparison struct {
	t         *testing.T
	engine    *engine
	explainer *explainer
	outcomes  map[string]int
	explained map[string]int
	open      int
}

func newComparison(t *testing.T) *comparison {
	t.Helper()
	e := newEngine(t)
	table, err := divergences()
	if err != nil {
		t.Fatal(err)
	}
	return &comparison{t: t, engine: e, explainer: newExplainer(table), outcomes: map[string]int{}, explained: map[string]int{}}
}

// compare gives the differences of a batch that nothing explains.
func (c *comparison) compare(cases []*testCase) ([]*testCase, error) {
	theirs, err := c.engine.ask(cases)
	if err != nil {
		return nil, err
	}
	var out []*testCase
	for i, one := range cases {
		q, err := c.explainer.parser.prepare(one)
		if err != nil {
			return nil, err
		}
		ours := outcomeName(q.policies.Decide(q.request).Outcome)
		c.outcomes[ours]++
		if ours == theirs[i] {
			continue
		}
		ids, err := c.explainer.explain(one, theirs[i])
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			c.explained[id]++
		}
		if len(ids) == 0 {
			out = append(out, one)
		}
	}
	return out, nil
}

// report shows a difference at its smallest.
func (c *comparison) report(found *testCase) {
	c.t.Helper()
	small := shrink(found, func(smaller *testCase) bool {
		left, err := c.compare([]*testCase{smaller})
		return err == nil && len(left) > 0
	})
	theirs, err := c.engine.ask([]*testCase{small})
	if err != nil {
		c.t.Fatal(err)
	}
	q, err := c.explainer.parser.prepare(small)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Errorf("ours: %s\ntheirs: %s\ncase: %s", q.policies.Explain(q.request), theirs[0], small.text())
}

// expectAllUsed: in a run of some length, an entry that explains nothing has become untrue.
func (c *comparison) expectAllUsed(n int) {
	c.t.Helper()
	if n < 200_000 {
		return
	}
	for _, d := range slices.Concat(c.explainer.readings, c.explainer.rewrites) {
		if c.explained[d.ID] == 0 {
			c.t.Errorf("divergence %s explains none of %d cases: take it out of the table", d.ID, n)
		}
	}
}

// TestAgainstIAMSimulate is the differential test: every difference has to be one of the table.
func TestAgainstIAMSimulate(t *testing.T) {
	c := newComparison(t)
	n := caseCount(t)
	var open []*testCase
	for from := 0; from < n; from += batchSize {
		var batch []*testCase
		for i := from; i < min(n, from+batchSize); i++ {
			batch = append(batch, newCase(seeded(seed, uint64(i))))
		}
		found, err := c.compare(batch)
		if err != nil {
			t.Fatal(err)
		}
		c.open += len(found)
		open = append(open, found[:min(len(found), shown-min(shown, len(open)))]...)
	}
	t.Logf("%d cases; ours: %v; differences explained: %v; unexplained: %d", n, c.outcomes, c.explained, c.open)
	for _, found := range open {
		c.report(found)
	}
	c.expectAllUsed(n)
	for _, outcome := range []string{"Allowed", "ImplicitlyDenied", "ExplicitlyDenied"} {
		if c.outcomes[outcome] < n/10 {
			t.Errorf("%s: got %d of %d, want a tenth at least, else the cases say little", outcome, c.outcomes[outcome], n)
		}
	}
}

// TestOracleByProperty draws cases with rapid, which shrinks one that fails by itself.
func TestOracleByProperty(t *testing.T) {
	c := newComparison(t)
	rapid.Check(t, func(t *rapid.T) {
		drawn := newCase(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") })
		found, err := c.compare([]*testCase{drawn})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			t.Errorf("unexplained: %s", strings.TrimSpace(found[0].text()))
		}
	})
}
