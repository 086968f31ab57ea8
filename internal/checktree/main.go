// Command checktree reads every file of the checkout that git knows or would take, and fails on what must not
// be published: a developer's own paths, and strings that look like credentials. It also lists long functions
// and files, which it does not fail on: they are for a reader to judge. "make lint" runs it.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "checktree:", err)
		os.Exit(1)
	}
}

func run() error {
	names, err := tree()
	if err != nil {
		return err
	}
	var faults, long []string
	for _, name := range names {
		data, err := os.ReadFile(name)
		switch {
		case os.IsNotExist(err): // removed, and the removal is not staged yet
			continue
		case err != nil:
			return err
		}
		if bytes.IndexByte(data, 0) >= 0 {
			continue // no text
		}
		faults = append(faults, unpublishable(name, string(data))...)
		if strings.HasSuffix(name, ".go") {
			l, err := oversized(name, data)
			if err != nil {
				return err
			}
			long = append(long, l...)
		}
	}
	for _, l := range long {
		fmt.Println("long:", l)
	}
	fmt.Printf("%d files read; %d functions over %d lines or files over %d (no failure)\n",
		len(names), len(long), functionLines, fileLines)
	for _, f := range faults {
		fmt.Println(f)
	}
	if len(faults) > 0 {
		return fmt.Errorf("must not be published: %d", len(faults))
	}
	return nil
}

// tree lists the files that git tracks or would add, without those it ignores.
func tree() ([]string, error) {
	out, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"), nil
}
