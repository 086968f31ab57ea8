package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/verify"
)

// newVerify makes "assize verify". What it does is what assize-verify does, which is the program for auditors.
func newVerify() *cobra.Command {
	var (
		key, format  string
		proof, entry int64
	)
	cmd := &cobra.Command{
		Use:   "verify REPORT.zip",
		Short: "Check a report bundle, offline",
		Long: "Checks a report bundle without a network and says what is proved by that and what is not: that no file was\n" +
			"changed, added or left out since the ledger's key signed the bundle, that every entry of the assessment is in\n" +
			"the ledger, and that the evidence is what the ledger recorded. Auditors use assize-verify, which does the same\n" +
			"and can do nothing else. docs/report-format.md describes each step.\n\n" +
			"Exit codes: 0 everything holds; 1 something does not; 2 the input could not be read.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case cmd.Flags().Changed("proof"):
				text, _, err := verify.FileProof(args[0], proof)
				return writeAll(cmd, text, err)
			case cmd.Flags().Changed("entry"):
				_, leaf, err := verify.FileProof(args[0], entry)
				return writeAll(cmd, leaf, err)
			case format != "text" && format != "json":
				return fmt.Errorf("--format %q: want text or json", format)
			}
			r, err := verify.File(args[0], key)
			if err != nil {
				return err
			}
			tell := r.WriteText
			if format == "json" {
				tell = r.WriteJSON
			}
			if err := tell(cmd.OutOrStdout()); err != nil {
				return err
			}
			if !r.Good {
				return exitCode(exitFail)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&key, "key", "", "the ledger's public key that you trust, as text or as a file; without it the key of the bundle is used")
	f.StringVar(&format, "format", "text", "text or json")
	f.Int64Var(&proof, "proof", 0, "print the proof of the entry at this index of the ledger as a C2SP tlog-proof@v1")
	f.Int64Var(&entry, "entry", 0, "print the entry at this index of the ledger, the exact bytes that are hashed")
	cmd.MarkFlagsMutuallyExclusive("proof", "entry")
	return cmd
}

// writeAll writes what was asked for, unless that has failed.
func writeAll(cmd *cobra.Command, data []byte, err error) error {
	if err == nil {
		_, err = cmd.OutOrStdout().Write(data)
	}
	return err
}
