package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/jobs"
)

// newLedgerProve makes "assize ledger prove".
func newLedgerProve(f *dataFlags) groupCommand {
	var out string
	cmd := &cobra.Command{
		Use:   "prove INDEX|ASSESSMENT/EVIDENCE",
		Short: "Prove that a leaf stands in the ledger",
		Long: "Write the proof that the leaf at an index of the ledger, or that of a piece of evidence, stands in the tree of\n" +
			"the last checkpoint: C2SP tlog-proof@v1. With --out DIR the leaf itself is written beside it.",
		Example: "  assize ledger prove 41\n  assize ledger prove acme/0a1b2c3d --out ./proof",
		Args:    cobra.ExactArgs(1),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			index, err := s.index(ctx, args[0])
			if err != nil {
				return err
			}
			return s.prove(ctx, index, out)
		}),
	}
	cmd.Flags().StringVar(&out, "out", "", "folder for leaf.json and leaf.tlog-proof")
	return cmd
}

// index finds the ledger index that is asked for.
func (s *session) index(ctx context.Context, what string) (int64, error) {
	if n, err := strconv.ParseInt(what, 10, 64); err == nil && n >= 0 {
		return n, nil
	}
	name, id := filepath.Split(what)
	if name == "" {
		return 0, fmt.Errorf("%q: want an index of the ledger, or ASSESSMENT/EVIDENCE", what)
	}
	_, e, err := s.storedEvidence(ctx, filepath.Clean(name), id)
	if err != nil {
		return 0, err
	}
	return e.Index, nil
}

func (s *session) prove(ctx context.Context, index int64, out string) error {
	checkpoint, signed, err := s.Publisher.Publish(ctx)
	if err != nil {
		return err
	}
	if index >= checkpoint.Size {
		return fmt.Errorf("leaf %d: the ledger has %d leaves", index, checkpoint.Size)
	}
	var leaf []byte
	for stored, err := range s.Store.Leaves(ctx, index, index+1) {
		if err != nil {
			return err
		}
		leaf = stored.Bytes
	}
	hashes := tlog.HashReaderFunc(func(indexes []int64) ([]evidence.Hash, error) { return s.Store.Hashes(ctx, indexes) })
	proof, err := evidence.Prove(index, checkpoint.Size, signed, hashes)
	if err != nil {
		return err
	}
	if _, err := proof.Check(leaf, s.Log.Verifier); err != nil {
		return err
	}
	if out == "" {
		return s.show(map[string]any{"index": index, "leaf": string(leaf), "proof": string(proof.Bytes())}, func(w io.Writer) {
			fmt.Fprintf(w, "%s", proof.Bytes())
		})
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	for name, data := range map[string][]byte{"leaf.json": leaf, "leaf.tlog-proof": proof.Bytes()} {
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	return s.show(map[string]any{"index": index, "folder": out}, func(w io.Writer) {
		fmt.Fprintf(w, "wrote leaf.json and leaf.tlog-proof of leaf %d to %s\n", index, out)
	})
}

// newLedgerExport makes "assize ledger export".
func newLedgerExport(f *dataFlags) groupCommand {
	return &cobra.Command{
		Use:   "export FOLDER",
		Short: "Write the whole ledger as C2SP tlog-tiles",
		Long:  "Write all leaves, tiles and the last checkpoint to a folder that is empty or not there, as C2SP tlog-tiles, with the key.",
		Args:  cobra.ExactArgs(1),
		RunE: f.run(func(ctx context.Context, s *session, args []string) error {
			entries, err := os.ReadDir(args[0])
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
			if len(entries) > 0 {
				return fmt.Errorf("folder %s is not empty: name one that is, or one that is not there", args[0])
			}
			if _, _, err := s.Publisher.Publish(ctx); err != nil {
				return err
			}
			whole := *s.Publisher
			whole.Place = jobs.Folder(args[0])
			c, _, err := whole.Publish(ctx)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(args[0], "key.pub"), []byte(s.Log.VerifierText+"\n"), 0o644); err != nil {
				return err
			}
			return s.show(map[string]any{"size": c.Size, "folder": args[0]}, func(w io.Writer) {
				fmt.Fprintf(w, "wrote the ledger of %d leaves to %s\n", c.Size, args[0])
			})
		}),
	}
}

// newLedgerCheck makes "assize ledger check".
func newLedgerCheck(f *dataFlags) groupCommand {
	var older string
	var bodies bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the whole ledger against its checkpoints",
		Long: "Read every leaf again: its form, its place in the tree, the numbers of each scope without a gap, and that the\n" +
			"ledger continues what was published. With --checkpoint also that it continues one that you have kept; with\n" +
			"--bodies also every body of evidence, which takes as long as reading them all.\n" +
			"Exit code 1 when something is wrong.",
		Args: cobra.NoArgs,
		RunE: f.run(func(ctx context.Context, s *session, _ []string) error {
			var kept []byte
			if older != "" {
				var err error
				if kept, err = readFile(older, maxWritten); err != nil {
					return fmt.Errorf("--checkpoint: %w", err)
				}
			}
			r, err := s.Check(ctx, kept)
			if err == nil && bodies {
				err = s.CheckBodies(ctx, r)
			}
			if err != nil {
				return err
			}
			if err := s.show(r, func(w io.Writer) {
				fmt.Fprintf(w, "%d leaves of %d scopes, root %s\n", r.Leaves, r.Scopes, r.Root)
				if bodies {
					fmt.Fprintf(w, "%d bodies of evidence\n", r.Bodies)
				}
				for _, fault := range r.Faults {
					fmt.Fprintf(w, "  wrong: %s\n", clean(fault))
				}
				if len(r.Faults) == 0 {
					fmt.Fprintln(w, "nothing is wrong")
				}
			}); err != nil {
				return err
			}
			if len(r.Faults) > 0 {
				return exitCode(exitFail)
			}
			return nil
		}),
	}
	cmd.Flags().StringVar(&older, "checkpoint", "", "checkpoint that was kept, a file")
	cmd.Flags().BoolVar(&bodies, "bodies", false, "read every body of evidence, too")
	return cmd
}

// newLedgerAcknowledge makes "assize ledger acknowledge".
func newLedgerAcknowledge(f *dataFlags) groupCommand {
	var reason string
	cmd := &cobra.Command{
		Use:   "acknowledge --reason TEXT",
		Short: "Say that you know that the database was set back",
		Long: "After the database was restored from a backup it does not continue what was published, and nothing is signed any\n" +
			"more. This records in the ledger that you know, and why; the files that were published are set aside, and the\n" +
			"ledger is published anew. Auditors who hold an older checkpoint will see that the ledger does not continue it.",
		Args: cobra.NoArgs,
		RunE: f.run(func(ctx context.Context, s *session, _ []string) error {
			c, signed, err := s.Publisher.Published(ctx)
			if err != nil {
				return err
			}
			if c == nil {
				return errors.New("nothing was published yet: there is nothing to acknowledge")
			}
			why := s.Publisher.Continues(ctx, c)
			if why == nil {
				return errors.New("the ledger continues what was published: there is nothing to acknowledge")
			}
			if !errors.Is(why, jobs.ErrSetBack) {
				return why
			}
			size, err := s.Store.Size(ctx)
			if err != nil {
				return err
			}
			if err := s.Service.Acknowledge(ctx, s.actor, string(signed), size, reason); err != nil {
				return err
			}
			if c, _, err = s.Publisher.Publish(ctx); err != nil {
				return err
			}
			return s.show(map[string]any{"size": c.Size}, func(w io.Writer) {
				fmt.Fprintf(w, "recorded that you know; the ledger of %d leaves is published anew\n", c.Size)
			})
		}),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "what happened to the database")
	return cmd
}
