package reportcase

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/keys"
	"github.com/assize-dev/assize/report/bundle"
	"github.com/assize-dev/assize/store/sqlite"
)

// saved is an input without what reads from stores.
type saved struct {
	Assessment string
	Report     assessment.Report
	Status     []assessment.Derived
	Framework  []byte
	Checkpoint []byte
}

const inputFile = "input.json"

// Save keeps an input beside the store of its case, so that another process can write the bundle.
func Save(folder string, in *bundle.Input) error {
	data, err := json.Marshal(saved{in.Assessment, in.Report, in.Status, in.Framework, in.Checkpoint})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, inputFile), data, 0o600)
}

// Load opens a folder that a case was saved in. The store is to be closed.
func Load(ctx context.Context, folder string) (*bundle.Input, Store, error) {
	data, err := os.ReadFile(filepath.Join(folder, inputFile))
	if err != nil {
		return nil, nil, err
	}
	var s saved
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, nil, err
	}
	files, err := blob.NewFiles(filepath.Join(folder, "blobs"))
	if err != nil {
		return nil, nil, err
	}
	wrapper, err := keys.OpenFile(filepath.Join(folder, "keys"))
	if err != nil {
		return nil, nil, err
	}
	signer, err := note.NewSigner(SignerText)
	if err != nil {
		return nil, nil, err
	}
	store, err := sqlite.Open(ctx, filepath.Join(folder, "assize.db"))
	if err != nil {
		return nil, nil, err
	}
	return &bundle.Input{
		Ledger: store, Bodies: blob.New(files, wrapper), Assessment: s.Assessment, Report: s.Report, Status: s.Status, Framework: s.Framework,
		Checkpoint: s.Checkpoint, Key: Key, Signer: signer, Version: "1.0.0-test",
	}, store, nil
}
