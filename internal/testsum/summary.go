package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// summarise prints "N passed, N failed" over the results of all suites in dir. A test that ran in several
// suites (plainly and under the race detector) counts once, and as failed where it failed in one.
func summarise(out io.Writer, dir string, failedSteps int) error {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return err
	}
	result := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for line := range bytes.Lines(data) {
			outcome, test, ok := strings.Cut(strings.TrimSpace(string(line)), "\t")
			if ok && result[test] != "fail" {
				result[test] = outcome
			}
		}
	}
	passed, failed := 0, 0
	for _, outcome := range result {
		switch outcome {
		case "pass":
			passed++
		case "fail":
			failed++
		}
	}
	// The line must never read well after a run that did not end well.
	failed = max(failed, failedSteps)
	_, err = fmt.Fprintf(out, "%d passed, %d failed\n", passed, failed)
	return err
}
