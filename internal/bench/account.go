package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// comparisonAccount is the account of the comparison.
const comparisonAccount = "111122223333"

// What a peer with 127 checks took for the same account, for the reader.
const peer = "peer, 127 checks: 36.6 CPU s, 626 MB, 8,257 requests"

// benchAccount measures bin/assize as it reads the account of the comparison from
// moto and judges all of it.
func benchAccount(ctx context.Context, l *lab) ([]figure, error) {
	if err := l.stand(ctx); err != nil {
		return nil, err
	}
	if _, err := l.program(ctx); err != nil {
		return nil, err
	}
	fixtures, err := l.fixtures()
	if err != nil {
		return nil, err
	}
	fake, err := l.fakeAWS(ctx, "--upstream", l.moto.URL, "--fixtures", fixtures)
	if err != nil {
		return nil, err
	}
	u, err := l.assessAccount(ctx, fake.url)
	if stopErr := fake.stop(); err == nil {
		err = stopErr
	}
	if err != nil {
		return nil, err
	}
	r, err := readResult(filepath.Join(l.dir, "account", "report.json"))
	if err != nil {
		return nil, err
	}
	return l.accountFigures(u, r), nil
}

func (l *lab) assessAccount(ctx context.Context, url string) (usage, error) {
	l.log("making %d each of %s", l.n, strings.Join(kinds, ", "))
	if _, err := l.worker(ctx, "seed-account", url, comparisonAccount); err != nil {
		return usage{}, err
	}
	l.log("assessing")
	cmd := l.cli(ctx, url, comparisonAccount, "assess", "--scope", "account", "--format", "json", "--out", filepath.Join(l.dir, "account"))
	return measure(cmd, 1, 3)
}

func (l *lab) accountFigures(u usage, r *result) []figure {
	made := len(kinds)*l.n + 3
	figures := []figure{
		info("account", "%d each of %d kinds; %s", l.n, len(kinds), peer),
		below("CPU seconds", u.cpu.Seconds(), 5, "%.2f s"),
		u.peakFigure(),
		info("checks; findings", "%d; %d", r.checks, r.findings),
		info("findings by outcome", "%s", countsOf(r.outcomes)),
		info("gaps", "%d", r.gaps),
		info("requests; per resource made", "%d; %.2f", r.total(), float64(r.total())/float64(made)),
		info("wall time (the budgets decide it)", "%.1f s", u.wall.Seconds()),
		atMost("a finding in the JSON report, average", r.averageBytes(), 1024),
		atMost("a finding in the JSON report, largest", float64(r.largest), 1024),
	}
	for _, name := range slices.Sorted(maps.Keys(r.requests)) {
		if n := r.requests[name]; n >= 50 {
			figures = append(figures, info("  requests of "+name, "%d", n))
		}
	}
	return figures
}

// countsOf lists counts by name.
func countsOf(counts map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(parts, ", ")
}
