// Command coverage writes docs/coverage.md: for each condition of
// library/conditions.csv the check that answers it, the reason why there is none, or
// "not yet", and for each API operation the conditions that need it. With -pending it
// also writes library/exclusions/pending.yaml anew, the list of what is not yet there.
//
//	go generate ./library
//	go run ./internal/coverage -pending
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/library"
)

// Files, below the root of the repository.
const (
	conditionsFile = "library/conditions.csv"
	exclusionsDir  = "library/exclusions"
	pendingFile    = "library/exclusions/pending.yaml"
	pageFile       = "docs/coverage.md"
)

func main() {
	root := flag.String("root", ".", "the repository")
	pending := flag.Bool("pending", false, "also write "+pendingFile+" anew")
	flag.Parse()
	if err := run(*root, *pending); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(root string, pending bool) error {
	c, err := read(root)
	if err != nil {
		return err
	}
	if pending {
		c.pending = c.open()
		if err := os.WriteFile(filepath.Join(root, pendingFile), writePending(c.pending), 0o644); err != nil {
			return err
		}
	}
	for _, fault := range c.faults() {
		fmt.Fprintln(os.Stderr, "coverage:", fault)
	}
	return os.WriteFile(filepath.Join(root, pageFile), c.page(), 0o644)
}

// read reads the lists below root, and the library and collectors that are built in.
func read(root string) (*coverage, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	c := &coverage{lib: lib, declared: map[string][]string{}}
	for _, d := range aws.Declarations() {
		for _, op := range d.Operations {
			c.declared[op.Name] = op.Actions
		}
	}
	if c.conditions, err = readConditions(filepath.Join(root, conditionsFile)); err != nil {
		return nil, err
	}
	c.exclusions, c.pending, err = readExclusions(filepath.Join(root, exclusionsDir))
	return c, err
}
