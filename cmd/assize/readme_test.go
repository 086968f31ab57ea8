package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// TestReadmeShowsRealOutput runs each command that README shows with its output,
// and wants every line shown to be printed, in that order; … stands for lines left out.
func TestReadmeShowsRealOutput(t *testing.T) {
	t.Chdir("../..")
	showsRealOutput(t, "README.md")
}

// showsRealOutput runs each command that a document shows with its output.
func showsRealOutput(t *testing.T, file string) {
	t.Helper()
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(readme), "```console\n")
	if len(blocks) < 2 {
		t.Fatalf("%s shows no command with its output", file)
	}
	for _, block := range blocks[1:] {
		block, _, _ = strings.Cut(block, "\n```")
		command, shown, _ := strings.Cut(block, "\n")
		args := strings.Fields(strings.TrimPrefix(command, "$ bin/assize "))
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), args, &stdout, &stderr); code == exitError {
			t.Fatalf("%s: %s", command, stderr.String())
		}
		rest := strings.Split(stdout.String(), "\n")
		gap := false
		for line := range strings.SplitSeq(shown, "\n") {
			if line == "…" {
				gap = true
				continue
			}
			for gap && len(rest) > 0 && rest[0] != line {
				rest = rest[1:]
			}
			if len(rest) == 0 || rest[0] != line {
				t.Fatalf("%s: %s shows %q, which is not printed there", command, file, line)
			}
			rest, gap = rest[1:], false
		}
	}
}
