package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assess"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/library"
)

// benchEngine measures the engine in a process of its own.
func benchEngine(ctx context.Context, l *lab) ([]figure, error) { return l.worker(ctx, "engine") }

// measureEngine is a job.
func measureEngine(ctx context.Context, o options, _ []string) ([]figure, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	programs, err := bucketPrograms(lib.Compiler, o.rules)
	if err != nil {
		return nil, err
	}
	mapping, err := collect.NewMapping(lib.Definitions)
	if err != nil {
		return nil, err
	}
	engine := assess.NewEngine(lib.Compiler, programs)

	empty, begin := heap(), ownCPU()
	inv, err := bucketInventory(mapping, lib.Definitions, o.resources)
	if err != nil {
		return nil, err
	}
	deriving := ownCPU() - begin
	derived := heap()
	assessment := engine.Assess(inv, assess.Options{WholeAccount: true})
	linked := heap()
	counts, judging, err := judge(ctx, assessment, o.cpuProfile)
	if err != nil {
		return nil, err
	}
	judged := heap()
	runtime.KeepAlive(assessment)

	total, n := counts.total(), float64(len(inv.Resources))
	perFinding := max(0, judged-linked) / float64(total)
	return []figure{
		info("resources x rules", "%d x %d (%d different rules)", o.resources, o.rules, min(o.rules, len(bucketRules))),
		info("findings", "%d: %s", total, counts),
		above("evaluations per CPU second", float64(total)/judging.Seconds(), 500_000),
		info("CPU seconds of the evaluations", "%.2f s", judging.Seconds()),
		atMost("heap per resource: properties and links", (linked-empty)/n, 2048),
		info("  of it properties", "%.0f B", (derived-empty)/n),
		{What: "heap kept per finding", Target: "0.00 B", Value: fmt.Sprintf("%.2f B", perFinding), State: stateOf(perFinding < 0.005)},
		info("CPU to encode and derive a resource", "%.0f us", float64(deriving.Microseconds())/n),
	}, nil
}

func stateOf(ok bool) state {
	if ok {
		return reached
	}
	return missed
}

// judge goes over the findings and keeps none.
func judge(ctx context.Context, a *assess.Assessment, profile string) (_ outcomes, _ time.Duration, err error) {
	stop, err := startProfile(profile)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	counts, begin := outcomes{}, ownCPU()
	for f := range a.Findings() {
		counts[f.Outcome]++
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
	}
	if counts.total() == 0 {
		return nil, 0, errEmpty
	}
	return counts, ownCPU() - begin, nil
}

// startProfile writes a CPU profile to a file until the function returned is called;
// no name is no profile.
func startProfile(name string) (stop func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("write the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("write the profile: %w", err), f.Close())
	}
	return func() error { pprof.StopCPUProfile(); return f.Close() }, nil
}

// outcomes counts findings.
type outcomes map[assize.Outcome]int

func (o outcomes) total() int {
	n := 0
	for _, k := range o {
		n += k
	}
	return n
}

func (o outcomes) String() string {
	named := map[string]int{}
	for outcome, n := range o {
		named[string(outcome)] = n
	}
	return countsOf(named)
}

// heap is what is in use after a collection of garbage, in bytes.
func heap() float64 {
	runtime.GC()
	runtime.GC() // the first one may leave what finalizers and pools held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
