package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	only   string
	strict bool

	n                    int // of each kind in the account of the comparison
	buckets, roles, keys int // of the account behind the latency
	latency              time.Duration
	resources, rules     int  // of the engine
	starts, loads        int  // repetitions of which the median is taken
	evidence             int  // of the large store
	huge                 bool // also a plan of 500 MB
	cpuProfile           string

	// job and its arguments make this process a worker, which does one step in a
	// process of its own and prints figures as JSON.
	job     string
	jobArgs []string
	args    []string // as given, for workers
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	o := options{args: args}
	fl := flag.NewFlagSet("bench", flag.ContinueOnError)
	fl.SetOutput(stderr)
	fl.StringVar(&o.only, "only", "", "names of benchmarks, separated by commas: "+strings.Join(benchmarkNames(), ", "))
	fl.BoolVar(&o.strict, "strict", false, "exit 1 when a target is missed")
	fl.IntVar(&o.n, "n", 200, "resources of each kind in the account of the comparison")
	fl.IntVar(&o.buckets, "buckets", 1000, "buckets behind the latency")
	fl.IntVar(&o.roles, "roles", 200, "roles behind the latency")
	fl.IntVar(&o.keys, "keys", 100, "keys behind the latency")
	fl.DurationVar(&o.latency, "latency", 60*time.Millisecond, "latency of each answer of the recording")
	fl.IntVar(&o.resources, "resources", 100_000, "resources of the engine")
	fl.IntVar(&o.rules, "rules", 150, "rules of the engine")
	fl.IntVar(&o.starts, "starts", 21, "starts of which the median is taken")
	fl.IntVar(&o.loads, "loads", 5, "loads of the library of which the median is taken")
	fl.IntVar(&o.evidence, "evidence", 1_000_000, "pieces of evidence of the large store")
	fl.BoolVar(&o.huge, "huge", false, "judge a plan of 500 MB, too, which takes two minutes")
	fl.StringVar(&o.cpuProfile, "cpuprofile", "", "write a CPU profile of the engine to this file")
	if err := fl.Parse(args); err != nil {
		return o, err
	}
	if rest := fl.Args(); len(rest) > 0 {
		if rest[0] != "work" || len(rest) < 2 {
			return o, fmt.Errorf("unexpected argument %q", rest[0])
		}
		o.job, o.jobArgs = rest[1], rest[2:]
		o.args = args[:len(args)-len(rest)]
	}
	return o, o.check()
}

func (o options) check() error {
	for _, name := range o.names() {
		if !slices.Contains(benchmarkNames(), name) {
			return fmt.Errorf("--only %q: want %s", name, strings.Join(benchmarkNames(), ", "))
		}
	}
	if min(o.n, o.buckets, o.roles, o.keys, o.resources, o.rules, o.starts, o.loads) < 1 {
		return fmt.Errorf("sizes and repetitions are at least 1")
	}
	return nil
}

func (o options) names() []string {
	if o.only == "" {
		return nil
	}
	return strings.Split(o.only, ",")
}

// wants tells whether a benchmark was asked for.
func (o options) wants(name string) bool { return o.only == "" || slices.Contains(o.names(), name) }
