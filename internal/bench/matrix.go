package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/internal/bench/orgcase"
)

// The case of the access matrix, and its targets in CPU seconds.
const (
	matrixRoles = 20_000
	matrixWarm  = 2
	matrixCold  = 6
	matrixEdit  = 0.1
)

// benchMatrix measures in a process of its own.
func benchMatrix(ctx context.Context, l *lab) ([]figure, error) { return l.worker(ctx, "matrix") }

// measureMatrix is a job: authorization details become an organisation, every principal is asked for
// every model, and again after edits of one service control policy each. Nothing is kept between the
// rounds but the organisation and what the edits leave alone.
func measureMatrix(ctx context.Context, o options, _ []string) ([]figure, error) {
	files := orgcase.Make(matrixRoles)
	runtime.GC()
	cpu := ownCPU()
	organisation, err := files.Organisation()
	if err != nil {
		return nil, err
	}
	a := org.NewAnalysis(organisation, org.Config{})
	m, err := a.Matrix(a.Calls())
	if err != nil {
		return nil, err
	}
	cold := (ownCPU() - cpu).Seconds()
	var warm []float64
	edits := map[string][]float64{}
	for round := range o.loads {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		seconds, err := timeMatrix(organisation)
		if err != nil {
			return nil, err
		}
		warm = append(warm, seconds)
		for _, e := range orgcase.Edits(round + 1) {
			if seconds, err = timeEdit(a, m, e.Edit); err != nil {
				return nil, err
			}
			edits[e.Name] = append(edits[e.Name], seconds)
		}
	}
	if len(m.Accesses) < 100 {
		return nil, errors.New("the matrix of the speed target has fewer kinds of access than its conditions give")
	}
	cells := float64(len(organisation.Principals)) * float64(len(m.Calls))
	out := []figure{
		below(fmt.Sprintf("CPU for %.0f million cells of an organisation that is loaded, median", cells/1e6), median(warm), matrixWarm, "%.2f s"),
		below("the same from the JSON of its authorization details", cold, matrixCold, "%.2f s"),
	}
	for _, e := range orgcase.Edits(0) {
		out = append(out, below("CPU after an edit of one service control policy, "+e.Name+", median", median(edits[e.Name]), matrixEdit, "%.3f s"))
	}
	return out, nil
}

func timeMatrix(o *org.Organisation) (seconds float64, err error) {
	runtime.GC()
	cpu := ownCPU()
	a := org.NewAnalysis(o, org.Config{})
	_, err = a.Matrix(a.Calls())
	return (ownCPU() - cpu).Seconds(), err
}

// timeEdit answers again after an edit of which nothing is known yet.
func timeEdit(a *org.Analysis, m *org.Matrix, e org.Edit) (seconds float64, err error) {
	runtime.GC()
	cpu := ownCPU()
	after, err := a.Edited(e)
	if err == nil {
		_, err = m.Update(after)
	}
	return (ownCPU() - cpu).Seconds(), err
}
