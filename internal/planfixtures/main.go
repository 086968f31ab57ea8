// Planfixtures makes the plans under collect/terraform/testdata/plans: it runs Terraform with the AWS provider on each
// of their configurations and keeps what "show -json" says, and for some the plan file. It reaches no network: the
// provider comes from a mirror on this machine, and no plan asks AWS.
//
//	go run ./internal/planfixtures [-mirror DIR] [NAME...]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

// dir is where the plans stand, from the root of the module.
const dir = "collect/terraform/testdata/plans"

func main() {
	mirror := flag.String("mirror", "", "folder with the provider, as a file system mirror; searched for when empty")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *mirror, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "planfixtures:", err)
		os.Exit(2)
	}
}

// run makes the plans of the names again, or all.
func run(ctx context.Context, mirror string, names []string) error {
	tf, err := newTerraform(mirror)
	if err != nil {
		return err
	}
	for _, f := range fixtures {
		if len(names) > 0 && !contains(names, f.name) {
			continue
		}
		folder := filepath.Join(dir, f.name)
		p, err := tf.plan(ctx, folder, f)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, "plan.json"), p.json, 0o644); err != nil {
			return err
		}
		if !f.binary {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, "plan.tfplan"), p.file, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}
