package deployment

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/keys"
	"github.com/assize-dev/assize/store/postgres"
	"github.com/assize-dev/assize/store/sqlite"
)

// Options say where the parts of a deployment lie; see the package comment for what is taken when one is empty.
type Options struct {
	// Data is the data folder.
	Data string
	// Store is a file, or postgres://user@host/database.
	Store string
	// Blobs and Keys are folders.
	Blobs, Keys string
}

// Parts are what a deployment is made of.
type Parts struct {
	Data string
	// KeyFile is where the public key of the ledger lies, for auditors.
	KeyFile string
	Store   assessment.Store
	Backend blob.Backend
	Wrapper blob.Wrapper
	Log     *keys.Log
	Place   jobs.Place
	closers []io.Closer
}

// OpenParts opens them, and makes what is not there.
func OpenParts(ctx context.Context, o Options) (_ *Parts, err error) {
	p := &Parts{Data: o.Data, Place: jobs.Folder(filepath.Join(o.Data, "ledger"))}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	folder := or(o.Keys, filepath.Join(o.Data, "keys"))
	p.KeyFile = filepath.Join(folder, "ledger.pub")
	name, err := logName()
	if err != nil {
		return nil, err
	}
	if p.Log, err = keys.OpenLog(folder, name); err != nil {
		return nil, err
	}
	if p.Wrapper, err = keys.OpenFile(folder); err != nil {
		return nil, err
	}
	if strings.Contains(o.Blobs, "://") {
		return nil, fmt.Errorf("blobs %s: want a folder", o.Blobs)
	}
	files, err := blob.NewFiles(or(o.Blobs, filepath.Join(o.Data, "blobs")))
	if err != nil {
		return nil, err
	}
	p.Backend, p.closers = files, append(p.closers, files)
	if p.Store, err = openStore(ctx, or(o.Store, filepath.Join(o.Data, "assize.db"))); err != nil {
		return nil, err
	}
	p.closers = append(p.closers, p.Store)
	return p, nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func openStore(ctx context.Context, where string) (assessment.Store, error) {
	scheme, _, ok := strings.Cut(where, "://")
	switch {
	case !ok:
		return sqlite.Open(ctx, where)
	case scheme == "postgres" || scheme == "postgresql":
		return postgres.Open(ctx, where)
	}
	return nil, fmt.Errorf("store %s://…: want a file, or postgres://user@host/database", scheme)
}

// logName names a new log: auditors tell logs apart by it.
func logName() (string, error) {
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", err
	}
	return "assize-ledger/" + hex.EncodeToString(random[:]), nil
}

// Close closes what was opened, last first.
func (p *Parts) Close() error {
	var errs []error
	for i := len(p.closers) - 1; i >= 0; i-- {
		errs = append(errs, p.closers[i].Close())
	}
	p.closers = nil
	return errors.Join(errs...)
}
