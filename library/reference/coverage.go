package reference

import "github.com/assize-dev/assize"

// Coverage is what answers a framework.
type Coverage struct {
	Framework string `json:"framework"`
	Title     string `json:"title"`
	Version   string `json:"version"`
	// Requirements of others: what answers them comes over mappings.
	Requirements bool `json:"requirements,omitempty"`
	Controls     int  `json:"controls"`
	// Automated, Manual and Mixed count controls by who answers them.
	Automated int `json:"automated"`
	Manual    int `json:"manual"`
	Mixed     int `json:"mixed"`
	// Unanswered controls have no check and no expectation; there should be none.
	Unanswered int `json:"unanswered"`
	// Checks that its controls name, each once.
	Checks int               `json:"checks"`
	Each   []ControlCoverage `json:"each"`
}

// ControlCoverage is what answers one control.
type ControlCoverage struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Group string `json:"group"`
	// Class is "automated", "manual" or "mixed"; empty where nothing answers it.
	Class  assize.EvidenceClass `json:"class,omitempty"`
	Checks []string             `json:"checks,omitempty"`
	// Over are the common controls over which answers come.
	Over []assize.MappedOver `json:"over,omitempty"`
	// People are expectations that only people can answer and that must be answered; Sources those
	// of other sources than checks.
	People  int `json:"people"`
	Sources int `json:"sources"`
}

// Coverage tells what answers each framework, by id.
func (r *Reference) Coverage() []Coverage {
	var all []Coverage
	for _, fw := range r.frameworks {
		all = append(all, coverage(fw))
	}
	return all
}

func coverage(fw *assize.Framework) Coverage {
	c := Coverage{Framework: fw.ID, Title: fw.Title, Version: fw.Version, Requirements: fw.Requirements}
	checks := map[string]bool{}
	for _, g := range fw.Groups {
		for i := range g.Controls {
			control := &g.Controls[i]
			one := ControlCoverage{
				ID: control.ID, Title: control.Title, Group: g.ID, Checks: control.Checks, Over: control.Over,
				People: len(control.Open()), Sources: len(control.NotRead()),
			}
			c.Controls++
			switch {
			case len(control.Checks)+len(control.Expectations) == 0:
				c.Unanswered++
			default:
				one.Class = control.Class()
				c.count(one.Class)
			}
			for _, id := range control.Checks {
				checks[id] = true
			}
			c.Each = append(c.Each, one)
		}
	}
	c.Checks = len(checks)
	return c
}

func (c *Coverage) count(class assize.EvidenceClass) {
	switch class {
	case assize.Automated:
		c.Automated++
	case assize.ManualOnly:
		c.Manual++
	case assize.Mixed:
		c.Mixed++
	}
}
