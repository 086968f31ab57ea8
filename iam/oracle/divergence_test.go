//go:build iamoracle

package oracle

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
)

// A divergence is one way in which the other engine reads policies differently. It explains a
// difference only when our own engine gives the other's verdict once the case is read that way:
// either under the other reading of one of our assumptions, or with the case rewritten so
// that the words mean to us what they mean to the other engine.
type divergence struct {
	ID string
	// Reading is a reason code of iam.Ambiguity, Rewrite the name of a function of rewrites. One of them is set.
	Reading string
	Rewrite string
	Case    string // what the case has
	Ours    string // what we make of it
	Theirs  string // what the other engine makes of it
	Page    string // AWS's page that decides, or that leaves it open
	Text    string // what the page says, in our words
	// Count is how often it explained a difference in the run that docs/iam-oracle.md tells of.
	Count int
}

//go:embed testdata/divergences.json
var divergencesJSON []byte

func divergences() ([]divergence, error) {
	var table struct{ Divergences []divergence }
	if err := json.Unmarshal(divergencesJSON, &table); err != nil {
		return nil, fmt.Errorf("testdata/divergences.json: %w", err)
	}
	return table.Divergences, nil
}

// explainer finds the divergences behind a difference.
type explainer struct {
	parser   parser
	readings []divergence
	rewrites []divergence
}

func newExplainer(table []divergence) *explainer {
	e := &explainer{parser: parser{}}
	for _, d := range table {
		if d.Reading != "" {
			e.readings = append(e.readings, d)
		} else {
			e.rewrites = append(e.rewrites, d)
		}
	}
	return e
}

// explain names the fewest divergences that together turn our verdict into theirs; none when nothing does.
func (e *explainer) explain(c *testCase, theirs string) ([]string, error) {
	applicable := e.applicable(c)
	if len(applicable) > 12 {
		return nil, fmt.Errorf("%d rewrites apply to one case: too many to combine", len(applicable))
	}
	for size := range len(applicable) + 1 {
		for set := range 1 << len(applicable) {
			chosen := subset(applicable, set)
			if len(chosen) != size {
				continue
			}
			ids, err := e.try(c, chosen, theirs)
			if len(ids) > 0 || err != nil {
				return ids, err
			}
		}
	}
	return nil, nil
}

// applicable are the rewrites that change the case, some of them only after others.
func (e *explainer) applicable(c *testCase) []divergence {
	var out []divergence
	changed := c.clone()
	for _, d := range e.rewrites {
		if rewrites[d.Rewrite](c.clone()) || rewrites[d.Rewrite](changed.clone()) {
			rewrites[d.Rewrite](changed)
			out = append(out, d)
		}
	}
	return out
}

func subset(all []divergence, set int) []divergence {
	var out []divergence
	for i, d := range all {
		if set&(1<<i) != 0 {
			out = append(out, d)
		}
	}
	return out
}

// try rewrites the case and compares our verdict with theirs under every reading it depends on.
func (e *explainer) try(c *testCase, chosen []divergence, theirs string) ([]string, error) {
	changed := c.clone()
	var ids []string
	for _, d := range chosen {
		if !rewrites[d.Rewrite](changed) {
			return nil, nil // what it speaks of is gone, so that it explains nothing
		}
		ids = append(ids, d.ID)
	}
	q, err := e.parser.prepare(changed)
	if err != nil {
		return nil, fmt.Errorf("case rewritten by %s: %w", strings.Join(ids, ", "), err)
	}
	if outcomeName(q.policies.Decide(q.request).Outcome) == theirs {
		return ids, nil
	}
	for _, d := range e.readings {
		if outcomeName(q.policies.DecideUnder(q.request, readingOf(d.Reading))) == theirs {
			return append(ids, d.ID), nil
		}
	}
	return nil, nil
}

// readingOf finds the constant of a reason code; 0 when there is none.
func readingOf(code string) iam.Ambiguity {
	for bit := range 32 {
		a := iam.Ambiguity(1) << bit
		if codes := a.Codes(); len(codes) == 1 && codes[0] == code {
			return a
		}
	}
	return 0
}

// TestDivergencesAreComplete holds the table against the code: every entry names a reading or a rewrite
// that exists, every rewrite has an entry, and every entry says where AWS says so.
func TestDivergencesAreComplete(t *testing.T) {
	t.Parallel()
	table, err := divergences()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, d := range table {
		if used[d.ID] {
			t.Errorf("%s: the id stands twice", d.ID)
		}
		used[d.ID], used[d.Rewrite] = true, true
		if (d.Reading == "") == (d.Rewrite == "") {
			t.Errorf("%s: want either a reading or a rewrite", d.ID)
		}
		if d.Reading != "" && readingOf(d.Reading) == 0 {
			t.Errorf("%s: no reading has the code %q", d.ID, d.Reading)
		}
		if d.Rewrite != "" && rewrites[d.Rewrite] == nil {
			t.Errorf("%s: no rewrite is named %q", d.ID, d.Rewrite)
		}
		if d.Case == "" || d.Ours == "" || d.Theirs == "" || d.Page == "" || d.Text == "" {
			t.Errorf("%s: want case, ours, theirs, page and text", d.ID)
		}
	}
	for name := range rewrites {
		if !used[name] {
			t.Errorf("rewrite %s has no entry in the table", name)
		}
	}
}
