package org_test

import (
	"fmt"
	"testing"

	"github.com/assize-dev/assize/iam"
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

// BenchmarkEdit answers the large organisation again after an edit of one service control
// policy: that of one path, one at the root that denies a model or a Region to everybody, one that
// asks everybody for a second factor, and one that has nothing to do with models.
func BenchmarkEdit(b *testing.B) {
	a := org.NewAnalysis(benchOrganisation(b, benchRoles), org.Config{})
	m, err := a.Matrix(a.Calls())
	if err != nil {
		b.Fatal(err)
	}
	n := 0 // another edit each time, so that nothing of it is known
	for name, edit := range map[string]func() org.Edit{
		"path": func() org.Edit { return org.Edit{Policy: "models-3", Document: orgcase.ModelControl(20 + n)} },
		"root": func() org.Edit {
			return atRoot(n, "Deny", "bedrock:InvokeModel", fmt.Sprintf("arn:aws:bedrock:*::foundation-model/meta.m%d*", n%25), "")
		},
		"everywhere": func() org.Edit {
			return atRoot(n, "Deny", "bedrock:*", "*", fmt.Sprintf(`,"Condition":{"NumericGreaterThanIfExists":{"aws:MultiFactorAuthAge":"%d"}}`, 60+n))
		},
		"exempt": func() org.Edit {
			return atRoot(n, "Deny", "bedrock:*", "*", fmt.Sprintf(`,"Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/r%d*","arn:aws:iam::*:role/admin"]}}`, n%100))
		},
		"elsewhere": func() org.Edit { return atRoot(n, "Deny", fmt.Sprintf("ec2:Run%d*", n), "*", "") },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				n++
				edit := edit()
				edit.Layer = iam.LayerServiceControl
				after, err := a.Edited(edit)
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

func atRoot(n int, effect, action, resource, condition string) org.Edit {
	return org.Edit{Policy: fmt.Sprintf("new-%d", n), Attach: []string{"r-root"}, Document: fmt.Appendf(nil,
		`{"Version":"2012-10-17","Statement":[{"Effect":%q,"Action":%q,"Resource":%q%s}]}`, effect, action, resource, condition)}
}
