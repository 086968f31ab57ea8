// Command assize collects what an AWS account says about its AI workloads,
// judges it against controls, and writes the result.
//
// Exit codes, of every command:
//
//	0  clean
//	1  a check failed at or above the threshold (--fail-on, default high)
//	2  could not run, or could not read the input
//	3  ran, but something in scope is inconclusive and --allow-gaps was not given
//
// Where several hold, 2 comes before 1, and 1 before 3.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/report"
)

// version is set by the linker in releases.
var version = "0.1.0-dev"

// gcPercent trades processor time for memory: a collection waits for the network
// and has time to spare, and what it holds is what limits the size of an account.
const gcPercent = 30

const (
	exitFail         = 1
	exitError        = 2
	exitInconclusive = 3
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // told twice, the program ends as it stands
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// exitCode is an error that was already told, or needs no telling.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// run executes the command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	// An error quotes what was read: file names, answers, documents.
	fmt.Fprintf(stderr, "assize: %s\n", report.Harmless(err.Error()))
	return exitError
}

// commands makes each command. A test holds the list against the files: one file a command.
var commands = []func() *cobra.Command{
	newAssess,
	newAuditManager,
	newCollect,
	newDemo,
	newFramework,
	newIAM,
	newInit,
	newLibrary,
	newPermissions,
	newPlan,
	newReassess,
	newServe,
	newVerify,
	newVersion,
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "assize",
		Short: "Judge the AI workloads of AWS accounts, and keep the proof",
		Long: "Assize reads AWS accounts, judges what belongs to AI against controls, and never shows as passed what it\n" +
			"could not look at.\n\n" +
			"Exit codes: 0 clean; 1 a check failed at or above --fail-on; 2 could not run or read the input;\n" +
			"3 something in scope is inconclusive and --allow-gaps was not given.",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee: %s --help", err, cmd.CommandPath())
	})
	for _, c := range commands {
		root.AddCommand(c())
	}
	for i := range groups {
		root.AddCommand(groups[i].command())
	}
	return root
}
