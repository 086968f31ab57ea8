package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/assize-dev/assize/internal/plangen"
)

// planSizes are the resources of the plans that are judged, with the targets for them: CPU seconds
// and megabytes, 0 where there is none. hugePlan is the one of 500 MB.
var planSizes = []struct {
	resources   int
	cpu, memory float64
}{
	{resources: 1_000},
	{resources: 10_000, cpu: 1, memory: 150},
	{resources: 50_000, cpu: 5},
}

const (
	// hugePlan is the number of resources of a plan of 500 MB, to be judged within hugeMemory.
	hugePlan   = 770_000
	hugeMemory = 2000 // megabytes
)

// benchPlans measures bin/assize as it judges synthetic plans by all checks and writes JSON: four of
// five resources are buckets of a module with for_each, whose settings name them by reference only.
func benchPlans(ctx context.Context, l *lab) ([]figure, error) {
	if _, err := l.program(ctx); err != nil {
		return nil, err
	}
	var figures []figure
	perResource := map[int]float64{}
	for _, size := range planSizes {
		u, bytes, err := l.judgePlan(ctx, size.resources)
		if err != nil {
			return nil, err
		}
		perResource[size.resources] = u.cpu.Seconds() / float64(size.resources)
		figures = append(figures, planFigures(size.resources, bytes, u, size.cpu, size.memory)...)
	}
	last := planSizes[len(planSizes)-1].resources
	growth := perResource[last] / perResource[10_000]
	figures = append(figures, below("CPU of a resource, 50,000 against 10,000", growth, 1.3, "%.2f"))
	if !l.huge {
		return append(figures, figure{What: "plan of 500 MB", Value: "run with --huge", State: skipped}), nil
	}
	u, bytes, err := l.judgePlan(ctx, hugePlan)
	if err != nil {
		return nil, err
	}
	return append(figures, planFigures(hugePlan, bytes, u, 0, hugeMemory)...), nil
}

// judgePlan makes a plan and judges it. It returns the size of the plan's file.
func (l *lab) judgePlan(ctx context.Context, resources int) (u usage, bytes int64, err error) {
	l.log("judging a plan of %d resources", resources)
	file := filepath.Join(l.dir, fmt.Sprintf("plan-%d.json", resources))
	if _, err := l.worker(ctx, "plan", file, strconv.Itoa(resources)); err != nil {
		return u, 0, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return u, 0, err
	}
	cmd := l.cli(ctx, "", comparisonAccount, "plan", file, "--account", comparisonAccount, "--format", "json", "--out", filepath.Join(l.dir, "plan"))
	u, err = measure(cmd, 1, 3)
	return u, info.Size(), err
}

func planFigures(resources int, bytes int64, u usage, cpu, memory float64) []figure {
	what := fmt.Sprintf("plan of %d resources, %.0f MB", resources, float64(bytes)/1e6)
	seconds, megabytes := u.cpu.Seconds(), float64(u.peak)/1e6
	figures := []figure{info(what+": CPU", "%.2f s", seconds), info(what+": peak memory", "%.0f MB", megabytes)}
	if cpu > 0 {
		figures[0] = below(what+": CPU", seconds, cpu, "%.2f s")
	}
	if memory > 0 {
		figures[1] = below(what+": peak memory", megabytes, memory, "%.0f MB")
	}
	if u.floored {
		figures[1].Value = "at most " + figures[1].Value
	}
	return figures
}

// makePlan is a job: it writes the plan, so that what is kept for it counts for no other process.
func makePlan(_ context.Context, _ options, args []string) (figures []figure, err error) {
	resources, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, fmt.Errorf("resources of the plan: %w", err)
	}
	f, err := os.Create(args[0])
	if err != nil {
		return nil, err
	}
	if _, err := plangen.Write(f, resources); err != nil {
		_ = f.Close() // the first error says it
		return nil, fmt.Errorf("write %s: %w", args[0], err)
	}
	return []figure{}, f.Close()
}
