package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/assize-dev/assize/examples/acme"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"assize": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}})
}

// TestScripts runs the transcripts of testdata/script: what a user types, what is
// printed, and the exit code. Each finds acme.assize and acme.yaml in its folder, and the folders
// of plans, templates and report bundles in PLANS, OWN (of this package), TEMPLATES and BUNDLES.
func TestScripts(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PLANS", filepath.Join(here, "../../collect/terraform/testdata/plans"))
			env.Setenv("OWN", filepath.Join(here, "testdata/plans"))
			env.Setenv("BUNDLES", filepath.Join(here, "../../verify/testdata"))
			env.Setenv("TEMPLATES", filepath.Join(here, "../../collect/cloudformation/testdata"))
			if err := os.WriteFile(filepath.Join(env.WorkDir, "acme.assize"), acme.Snapshot, 0o600); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "acme.yaml"), acme.Profile, 0o600)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits},
	})
}

// exits runs a command and wants its exit code: exits 2 assize assess --from x.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if e, ok := err.(interface{ ExitCode() int }); ok {
		got = string(rune('0' + e.ExitCode()))
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != args[0] {
		ts.Fatalf("got exit %s, want %s", got, args[0])
	}
}
