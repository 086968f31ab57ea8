// Command bench measures what docs/performance.md states, in one run, and prints
// one table: what, target, figure, reached or missed. It holds CPU seconds, memory
// and counts against targets, since those survive a busy machine; wall time only
// where a delay that the bench itself adds decides it. A missed target fails the
// run only with --strict.
//
//	go run ./internal/bench
//	go run ./internal/bench --only engine,library
//	go run ./internal/bench --only engine --resources 10000 --cpuprofile engine.pprof
//
// The program starts itself again for each step that uses much memory: on Linux
// the peak of a child counts the peak of its parent at the moment of its start, so
// the process that starts what is measured has to stay small.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the exit status: 0, 1 for a missed target with --strict, 2 for what
// could not be measured.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "bench:", err)
		return 2
	case o.job != "":
		err = work(ctx, o, stdout)
	default:
		err = measureAll(ctx, o, stdout, stderr)
	}
	switch {
	case errors.Is(err, errMissed):
		return 1
	case err != nil:
		fmt.Fprintln(stderr, "bench:", err)
		return 2
	}
	return 0
}

// errMissed says that a target was missed and --strict was given.
var errMissed = errors.New("a target was missed")

// benchmark is one section of the table.
type benchmark struct {
	name, title string
	run         func(ctx context.Context, l *lab) ([]figure, error)
}

// benchmarks in the order of the table. The first ones start processes whose peak
// is measured.
var benchmarks = []benchmark{
	{"start", "Start of the program", benchStart},
	{"account", "Account of the comparison: collect and assess", benchAccount},
	{"plans", "Plans: read, judge by all checks, write JSON", benchPlans},
	{"latency", "Large account behind a recording with added latency: collect", benchLatency},
	{"engine", "Engine: one type of resource, many rules, findings discarded", benchEngine},
	{"iam", "IAM: concrete decisions", benchDecisions},
	{"matrix", "IAM: who can invoke which model, for an organisation", benchMatrix},
	{"reports", "Report bundle: write and verify", benchReports},
	{"stores", "Stores: evidence with bodies and ledger; lists and status", benchStores},
	{"library", "Library: load, type-check, lint", benchLibrary},
}

func benchmarkNames() []string {
	names := make([]string, len(benchmarks))
	for i, b := range benchmarks {
		names[i] = b.name
	}
	return names
}

// measureAll runs the benchmarks asked for and prints the table. What cannot be
// measured does not keep the others from being measured.
func measureAll(ctx context.Context, o options, stdout, stderr io.Writer) error {
	l, err := newLab(o, stderr)
	if err != nil {
		return err
	}
	defer l.close()
	var failed []error
	missed := false
	for _, b := range benchmarks {
		if !o.wants(b.name) {
			continue
		}
		l.log("measuring %s", b.name)
		figures, err := b.run(ctx, l)
		if errors.Is(err, errSkipped) {
			figures = []figure{{What: err.Error(), State: skipped}}
		} else if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", b.name, err))
			continue
		}
		if err := printTable(stdout, b.title, figures); err != nil {
			return err
		}
		missed = missed || anyMissed(figures)
	}
	switch err := errors.Join(failed...); {
	case err != nil:
		return err
	case missed && o.strict:
		return errMissed
	}
	return nil
}
