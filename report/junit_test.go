package report

import (
	"encoding/xml"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

type junitCountsRead struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitDoc struct {
	XMLName xml.Name `xml:"testsuites"`
	junitCountsRead
	Suites []struct {
		Name string `xml:"name,attr"`
		ID   string `xml:"id,attr"`
		junitCountsRead
		Cases []struct {
			Class   string        `xml:"classname,attr"`
			Name    string        `xml:"name,attr"`
			Failure *junitMessage `xml:"failure"`
			Error   *junitMessage `xml:"error"`
			Skipped *junitMessage `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
}

func readJUnit(t *testing.T, text string) junitDoc {
	t.Helper()
	var doc junitDoc
	if err := xml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// The counts that suites state are those of their cases, and each outcome is the
// child that it must be.
func TestJUnitCounts(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]*fake{"fake": newFake(), "hostile": everywhere(attack)} {
		doc := readJUnit(t, x.render(t, "junit", Options{}))
		var all junitCountsRead
		for _, s := range doc.Suites {
			var got junitCountsRead
			for _, c := range s.Cases {
				got.Tests++
				switch {
				case c.Failure != nil:
					got.Failures++
				case c.Error != nil:
					got.Errors++
				case c.Skipped != nil:
					got.Skipped++
				}
				if c.Name == "" || c.Class == "" {
					t.Errorf("%s: a case of %s has no name", name, s.Name)
				}
			}
			if diff := cmp.Diff(s.junitCountsRead, got); diff != "" {
				t.Errorf("%s: %s (-stated +counted):\n%s", name, s.Name, diff)
			}
			all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+got.Tests, all.Failures+got.Failures, all.Errors+got.Errors, all.Skipped+got.Skipped
		}
		if diff := cmp.Diff(doc.junitCountsRead, all); diff != "" {
			t.Errorf("%s: in all (-stated +counted):\n%s", name, diff)
		}
	}
}

// A suite for each group, in order; a finding of a check that no group has is kept.
func TestJUnitSuites(t *testing.T) {
	t.Parallel()
	x := newFake()
	names := func() (ids []string, cases int) {
		for _, s := range readJUnit(t, x.render(t, "junit", Options{})).Suites {
			ids, cases = append(ids, s.ID), cases+len(s.Cases)
		}
		return ids, cases
	}
	ids, _ := names()
	if diff := cmp.Diff([]string{"data", "model", "governance", "people"}, ids); diff != "" {
		t.Errorf("suites (-want +got):\n%s", diff)
	}
	x.run.Framework.Groups = x.run.Framework.Groups[:1]
	ids, cases := names()
	if diff := cmp.Diff([]string{"data", "other"}, ids); diff != "" {
		t.Errorf("suites (-want +got):\n%s", diff)
	}
	if cases != len(x.findings) {
		t.Errorf("%d cases of %d findings", cases, len(x.findings))
	}
}

func TestJUnitMessages(t *testing.T) {
	t.Parallel()
	for _, o := range assize.Outcomes {
		x := everywhere("some text")
		for _, f := range x.findings {
			if f.Outcome == o {
				x.findings = []*assize.Finding{f}
				break
			}
		}
		c := readJUnit(t, x.render(t, "junit", Options{})).Suites[0].Cases[0]
		for got, want := range map[*junitMessage]bool{
			c.Failure: o == assize.Fail, c.Error: o == assize.Inconclusive, c.Skipped: o == assize.Manual || o == assize.NotApplicable,
		} {
			if want && (got == nil || got.Message == "") {
				t.Errorf("%s: no message", o)
			}
		}
		if o == assize.Pass && (c.Failure != nil || c.Error != nil || c.Skipped != nil) {
			t.Errorf("a pass has a child")
		}
	}
}
