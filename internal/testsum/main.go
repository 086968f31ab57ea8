// Command testsum reads what go test -json writes and prints what a person wants of it: a line a package,
// the output of what failed, and the names of what was skipped. scripts/gotest is its caller.
//
//	go test -json ./... | testsum -results FILE     one suite; FILE keeps each test's result
//	testsum -summary -failed-steps N DIR            "N passed, N failed" over the suites in DIR
//
// It exits 1 where something failed, and with ASSIZE_REQUIRE_ALL=1 also where something was skipped.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	results := flag.String("results", "", "write each test's result to this `file`")
	summary := flag.Bool("summary", false, "count the results in the folder given as argument")
	steps := flag.Int("failed-steps", 0, "with -summary: how many steps of the run failed, for whatever reason")
	flag.Parse()

	err := error(nil)
	if *summary {
		err = summarise(os.Stdout, flag.Arg(0), *steps)
	} else {
		err = watch(os.Stdin, os.Stdout, *results, os.Getenv("ASSIZE_REQUIRE_ALL") == "1")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		os.Exit(1)
	}
}

// watch prints the run that it reads from in, and keeps its results in the file named results.
func watch(in io.Reader, out io.Writer, results string, forbidSkips bool) error {
	r := newRun(out)
	if err := r.read(in); err != nil {
		return err
	}
	if results != "" {
		if err := r.save(results); err != nil {
			return err
		}
	}
	return r.close(forbidSkips)
}
