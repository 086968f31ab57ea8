package main

import (
	"context"
	"errors"
	"runtime"

	"github.com/assize-dev/assize/internal/bench/iamcase"
)

// decisionTarget is in decisions per CPU second, decisionRounds how many are measured at once.
const (
	decisionTarget = 5_000_000
	decisionRounds = 2_000_000
)

// benchDecisions measures in a process of its own.
func benchDecisions(ctx context.Context, l *lab) ([]figure, error) { return l.worker(ctx, "iam") }

// measureDecisions is a job: the concrete evaluator on the case of iamcase, an allowed request and a denied
// one in turn. The first round warms up.
func measureDecisions(ctx context.Context, o options, _ []string) ([]figure, error) {
	policies, err := iamcase.Policies()
	if err != nil {
		return nil, err
	}
	requests, err := iamcase.Requests()
	if err != nil {
		return nil, err
	}
	speeds := make([]float64, o.loads)
	var before, after runtime.MemStats
	allowed := 0
	for round := range len(speeds) + 1 {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if round == 1 {
			runtime.ReadMemStats(&before)
		}
		cpu := ownCPU()
		for i := range decisionRounds {
			if policies.Decide(requests[i&1]).Allowed() {
				allowed++
			}
		}
		if round > 0 {
			speeds[round-1] = decisionRounds / (ownCPU() - cpu).Seconds()
		}
	}
	runtime.ReadMemStats(&after)
	total := decisionRounds * (len(speeds) + 1)
	if allowed != total/2 {
		return nil, errors.New("the case of the speed target is not decided as it should be: every second request is allowed")
	}
	perDecision := float64(after.Mallocs-before.Mallocs) / float64(total)
	return []figure{
		above("decisions per CPU second over five policies, median", median(speeds), decisionTarget),
		below("allocations a decision", perDecision, 0.001, "%.3f"),
	}, nil
}
