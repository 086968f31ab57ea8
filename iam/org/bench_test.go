package org_test

import (
	"testing"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/internal/bench/orgcase"
)

const benchRoles = 20_000

func benchOrganisation(b *testing.B, roles int) *org.Organisation {
	o, err := orgcase.Make(roles).Organisation()
	if err != nil {
		b.Fatal(err)
	}
	return o
}

// BenchmarkRead reads authorization details and groups the principals.
func BenchmarkRead(b *testing.B) {
	c := orgcase.Make(benchRoles)
	size := len(c.Tree)
	for _, d := range c.Details {
		size += len(d)
	}
	b.SetBytes(int64(size))
	b.ResetTimer()
	for b.Loop() {
		if _, err := c.Organisation(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMatrix answers every cell of the large organisation with a new analysis.
func BenchmarkMatrix(b *testing.B) {
	o := benchOrganisation(b, benchRoles)
	var m *org.Matrix
	for b.Loop() {
		a := org.NewAnalysis(o, org.Config{})
		var err error
		if m, err = a.Matrix(a.Calls()); err != nil {
			b.Fatal(err)
		}
	}
	cells := len(m.Units) * len(m.Calls)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(cells), "ns/cell")
	b.ReportMetric(float64(len(m.Units)), "groups")
	b.ReportMetric(float64(len(m.Accesses)), "accesses")
}

// BenchmarkEdit answers the large organisation again after an edit of one service control policy.
func BenchmarkEdit(b *testing.B) {
	a := org.NewAnalysis(benchOrganisation(b, benchRoles), org.Config{})
	m, err := a.Matrix(a.Calls())
	if err != nil {
		b.Fatal(err)
	}
	n := 0 // another edit each time, so that nothing of it is known
	for i, e := range orgcase.Edits(0) {
		b.Run(e.Name, func(b *testing.B) {
			for b.Loop() {
				n++
				after, err := a.Edited(orgcase.Edits(n)[i].Edit)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := m.Update(after); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDiff lists what an edit of one service control policy changes, and for whom.
func BenchmarkDiff(b *testing.B) {
	a := org.NewAnalysis(benchOrganisation(b, benchRoles), org.Config{})
	m, err := a.Matrix(a.Calls())
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for i, e := range orgcase.Edits(0) {
		b.Run(e.Name, func(b *testing.B) {
			var d *org.Difference
			for b.Loop() {
				n++
				if d, err = m.Diff(orgcase.Edits(n)[i].Edit); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(d.Changes)), "changes")
		})
	}
}
