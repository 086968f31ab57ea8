// Command assize-verify checks a report bundle offline. It is a program of its own so that an auditor has little to
// read: it imports the verifier and nothing of the server, the stores or the collectors.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/assize-dev/assize/verify"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// Exit statuses.
const (
	good     = 0
	faults   = 1
	unusable = 2
)

const usage = `assize-verify checks a report bundle of Assize, without a network.

  assize-verify --key ledger.pub report.zip
  assize-verify --proof 17 report.zip        print the proof of entry 17 as a C2SP tlog-proof@v1
  assize-verify --entry 17 report.zip        print entry 17, the exact bytes that are hashed

Exit status: 0 everything holds, 1 something does not, 2 the input could not be read.

`

// run returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("assize-verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	key := flags.String("key", "", "the ledger's public key that you trust, as text or as a `file`; without it the key of the bundle is used, and who made the bundle is not proved")
	asJSON := flags.Bool("json", false, "print what was found as JSON")
	proof := flags.Int64("proof", 0, "print the proof of the entry at this `index` of the ledger, and verify nothing")
	entry := flags.Int64("entry", 0, "print the entry at this `index` of the ledger, and verify nothing")
	err := flags.Parse(args)
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case errors.Is(err, flag.ErrHelp):
		return good
	case err != nil:
		return unusable
	case given["proof"] && given["entry"]:
		fmt.Fprintln(stderr, "assize-verify: --proof and --entry: want one of them, not both")
		return unusable
	case flags.NArg() != 1:
		flags.Usage()
		fmt.Fprintf(stderr, "\nassize-verify: want one report behind the flags, got %d arguments there\n", flags.NArg())
		return unusable
	}
	status, path := good, flags.Arg(0)
	switch {
	case given["proof"]:
		err = part(stdout, path, *proof, false)
	case given["entry"]:
		err = part(stdout, path, *entry, true)
	default:
		status, err = check(stdout, path, *key, *asJSON)
	}
	if err != nil {
		fmt.Fprintln(stderr, "assize-verify:", err)
		return unusable
	}
	return status
}

func check(w io.Writer, path, key string, asJSON bool) (int, error) {
	r, err := verify.File(path, key)
	if err != nil {
		return unusable, err
	}
	tell := r.WriteText
	if asJSON {
		tell = r.WriteJSON
	}
	if r.Good {
		return good, tell(w)
	}
	return faults, tell(w)
}

// part prints the proof of the entry at an index, or the entry, for other tools.
func part(w io.Writer, path string, index int64, entry bool) error {
	text, leaf, err := verify.FileProof(path, index)
	if err != nil {
		return err
	}
	if entry {
		text = leaf
	}
	_, err = w.Write(text)
	return err
}
