package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// event is one line of go test -json; see "go doc test2json" and, for the build events, "go help buildjson".
type event struct {
	Action     string
	Package    string
	Test       string
	Output     string
	ImportPath string
	Elapsed    float64
}

// name identifies a test; Test is empty where the event is about its package.
type name struct{ pkg, test string }

// run is one go test in progress.
type run struct {
	out     io.Writer
	output  map[name][]string   // what unfinished and failed tests printed
	failed  map[string][]string // by package: its failed tests, in order
	running map[name]bool       // started and not finished: what a panic or a timeout leaves
	cached  map[string]bool
	count   map[string]int
	build   map[string][]string // by import path: the compiler's words
	skips   []string
	results []string
	broken  int // packages that failed
}

func newRun(out io.Writer) *run {
	return &run{
		out:     out,
		output:  map[name][]string{},
		failed:  map[string][]string{},
		running: map[name]bool{},
		cached:  map[string]bool{},
		count:   map[string]int{},
		build:   map[string][]string{},
	}
}

func (r *run) read(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			// Not every complaint of the go command is an event.
			fmt.Fprintln(r.out, lines.Text())
			continue
		}
		r.take(e)
	}
	return lines.Err()
}

func (r *run) take(e event) {
	n := name{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		r.build[e.ImportPath] = append(r.build[e.ImportPath], e.Output)
	case "build-fail":
		fmt.Fprint(r.out, strings.Join(r.build[e.ImportPath], ""))
	case "run":
		r.running[n] = true
	case "output":
		r.output[n] = append(r.output[n], e.Output)
		if e.Test == "" && strings.Contains(e.Output, "\t(cached)") {
			r.cached[e.Package] = true
		}
	case "pass", "fail", "skip":
		r.finish(n, e)
	}
}

// finish takes the end of a test, or of a package where n has no test.
func (r *run) finish(n name, e event) {
	if n.test == "" {
		r.finishPackage(n.pkg, e)
		return
	}
	delete(r.running, n)
	r.count[n.pkg]++
	r.results = append(r.results, e.Action+"\t"+n.pkg+"\t"+n.test)
	switch e.Action {
	case "fail":
		r.failed[n.pkg] = append(r.failed[n.pkg], n.test)
		return
	case "skip":
		r.skips = append(r.skips, n.pkg+" "+n.test+": "+reason(r.output[n]))
	}
	delete(r.output, n)
}

func (r *run) finishPackage(pkg string, e event) {
	switch {
	case e.Action == "fail":
		r.broken++
		r.printFailure(pkg)
		fmt.Fprintf(r.out, "FAIL  %s  %d tests, %d failed, %.1f s\n", pkg, r.count[pkg], len(r.failed[pkg]), e.Elapsed)
		// A build failure, a panic or a timeout may leave no failed test behind; it counts all the same.
		if len(r.failed[pkg]) == 0 {
			r.results = append(r.results, "fail\t"+pkg+"\t-")
		}
	case r.cached[pkg]:
		fmt.Fprintf(r.out, "ok    %s  %d tests (cached)\n", pkg, r.count[pkg])
	case r.count[pkg] > 0:
		fmt.Fprintf(r.out, "ok    %s  %d tests, %.1f s\n", pkg, r.count[pkg], e.Elapsed)
	}
	delete(r.output, name{pkg: pkg})
}

// printFailure prints all that the package's failed and unfinished tests said, and then the package itself:
// that is where a panic's or a timeout's stack ends up.
func (r *run) printFailure(pkg string) {
	tests := r.failed[pkg]
	for n := range r.running {
		if n.pkg == pkg {
			tests = append(tests, n.test)
			delete(r.running, n)
		}
	}
	for _, test := range append(tests, "") {
		for _, line := range r.output[name{pkg, test}] {
			fmt.Fprint(r.out, line)
		}
		delete(r.output, name{pkg, test})
	}
}

// reason finds in a skipped test's output what t.Skip was given.
func reason(output []string) string {
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			return line
		}
	}
	return "no reason given"
}

// save writes a line a test to the file: result, package, name.
func (r *run) save(file string) error {
	return os.WriteFile(file, []byte(strings.Join(r.results, "\n")+"\n"), 0o644)
}

// close prints what was skipped and says whether the run is good.
func (r *run) close(forbidSkips bool) error {
	for _, s := range r.skips {
		fmt.Fprintln(r.out, "SKIP ", s)
	}
	switch {
	case r.broken > 0:
		return fmt.Errorf("failed packages: %d", r.broken)
	case forbidSkips && len(r.skips) > 0:
		return fmt.Errorf("skipped tests, which ASSIZE_REQUIRE_ALL=1 forbids: %d", len(r.skips))
	case len(r.results) == 0:
		return errors.New("no test ran")
	}
	return nil
}
