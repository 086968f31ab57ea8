//go:build iamoracle

package oracle

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// engine is the other engine: a node process that answers line by line.
type engine struct {
	in  *bufio.Writer
	out *bufio.Scanner
}

// newEngine starts the driver, or skips the test when node or the package is missing.
func newEngine(t *testing.T) *engine {
	t.Helper()
	folder := os.Getenv("ASSIZE_IAM_ORACLE")
	if folder == "" {
		t.Skip("ASSIZE_IAM_ORACLE names no folder with @cloud-copilot/iam-simulate: run make test-iam-oracle")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skipf("node is not installed: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "@cloud-copilot", "iam-simulate")); err != nil {
		t.Skipf("the package is not installed: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), node, filepath.Join("testdata", "driver.mjs"), folder)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, stdin, cmd) })
	out := bufio.NewScanner(stdout)
	out.Buffer(nil, 1<<20)
	return &engine{in: bufio.NewWriter(stdin), out: out}
}

// stop ends the driver by the end of its input.
func stop(t *testing.T, stdin io.Closer, cmd *exec.Cmd) {
	if err := stdin.Close(); err != nil {
		t.Errorf("close the driver's input: %v", err)
	}
	if err := cmd.Wait(); err != nil && t.Context().Err() == nil {
		t.Errorf("the driver: %v", err)
	}
}

// ask gives the other engine's outcomes for a batch of cases.
func (e *engine) ask(cases []*testCase) ([]string, error) {
	for _, c := range cases {
		if _, err := e.in.WriteString(c.text() + "\n"); err != nil {
			return nil, fmt.Errorf("write to the driver: %w", err)
		}
	}
	if _, err := e.in.WriteString("\n"); err != nil {
		return nil, fmt.Errorf("write to the driver: %w", err)
	}
	if err := e.in.Flush(); err != nil {
		return nil, fmt.Errorf("write to the driver: %w", err)
	}
	out := make([]string, 0, len(cases))
	for range cases {
		if !e.out.Scan() {
			return nil, fmt.Errorf("the driver ended after %d of %d answers: %w", len(out), len(cases), cmp.Or(e.out.Err(), io.ErrUnexpectedEOF))
		}
		var answer struct{ Outcome, Error string }
		if err := json.Unmarshal(e.out.Bytes(), &answer); err != nil {
			return nil, fmt.Errorf("answer of the driver: %w", err)
		}
		if answer.Error != "" {
			answer.Outcome = "error: " + answer.Error
		}
		out = append(out, answer.Outcome)
	}
	return out, nil
}
