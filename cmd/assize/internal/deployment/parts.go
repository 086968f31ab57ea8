package deployment

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/blob/s3"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/keys"
	"github.com/assize-dev/assize/store/postgres"
	"github.com/assize-dev/assize/store/sqlite"
)

// Options say where the parts of a deployment lie. What is empty is where it was when the deployment was made; see
// the package comment for what is taken then.
type Options struct {
	// Data is the data folder.
	Data string `json:"-"`
	// Store is a file, or postgres://user@host/database.
	Store string `json:"store,omitempty"`
	// Blobs is a folder, or s3://bucket/prefix.
	Blobs string `json:"blobs,omitempty"`
	// Keys is a folder.
	Keys string `json:"keys,omitempty"`
	// KMSKey wraps data keys instead of the file in Keys, by id, alias or ARN; empty: the file does.
	KMSKey string `json:"kms_key,omitempty"`
	// KMSKeys are the ARNs of all keys that have been KMSKey: what they have wrapped is still read.
	KMSKeys []string `json:"kms_keys,omitempty"`

	ring keyring
}

// optionsFile is where a deployment remembers its options.
const optionsFile = "deployment.json"

// Made reports whether a folder is the data folder of a deployment.
func Made(data string) bool {
	_, err := os.Stat(filepath.Join(data, optionsFile))
	return err == nil
}

// remembered fills in what is empty from what the deployment was made with: nobody who leaves out a flag later begins
// another ledger beside it. Of one that is new, paths are made absolute.
func (o Options) remembered() (Options, error) {
	made, err := o.made()
	if errors.Is(err, os.ErrNotExist) {
		for _, where := range []*string{&o.Store, &o.Blobs, &o.Keys} {
			if *where != "" && !strings.Contains(*where, "://") {
				if *where, err = filepath.Abs(*where); err != nil {
					return o, err
				}
			}
		}
		return o, nil
	}
	if err != nil {
		return o, err
	}
	made.Store, made.Blobs, made.Keys = or(o.Store, made.Store), or(o.Blobs, made.Blobs), or(o.Keys, made.Keys)
	if len(made.KMSKeys) == 0 && made.KMSKey != "" {
		made.KMSKeys = []string{made.KMSKey} // of a deployment from before they were remembered
	}
	made.KMSKey, made.ring = or(o.KMSKey, made.KMSKey), o.ring
	return made, nil
}

// made reads the options that a deployment was made with.
func (o Options) made() (Options, error) {
	made, path := Options{Data: o.Data}, filepath.Join(o.Data, optionsFile)
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &made)
	}
	if err != nil {
		return o, fmt.Errorf("options of the deployment: %s: %w", path, err)
	}
	return made, nil
}

// remember keeps the options of a deployment that is new, and of any the keys of KMS: no body is written under a key that
// a later command would not know. It is done when all parts are open: a place that was mistyped is not remembered.
func (o Options) remember() error {
	made, err := o.made()
	switch {
	case err == nil && made.KMSKey == o.KMSKey && slices.Equal(made.KMSKeys, o.KMSKeys):
		return nil
	case err == nil:
		made.KMSKey, made.KMSKeys = o.KMSKey, o.KMSKeys
		o = made
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	if o.Store, err = withoutPassword(o.Store); err != nil {
		return err
	}
	text, err := json.Marshal(o)
	if err == nil {
		err = writeFile(filepath.Join(o.Data, optionsFile), append(text, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("options of the deployment: %w", err)
	}
	return nil
}

// withoutPassword is a store as it is remembered: the password of a database is for its own client to know, by
// PGPASSWORD or ~/.pgpass, or it is given each time.
func withoutPassword(store string) (string, error) {
	if !strings.Contains(store, "://") {
		return store, nil
	}
	u, err := url.Parse(store)
	if err != nil {
		return "", errors.New("store: the URL cannot be read: want postgres://user@host/database") // its text may hold a password
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	query := u.Query()
	if query.Has("password") {
		query.Del("password")
		u.RawQuery = query.Encode()
	}
	return u.String(), nil
}

// Parts are what a deployment is made of.
type Parts struct {
	Data string
	// KeyFile is where the public key of the ledger lies, for auditors.
	KeyFile string
	Store   assessment.Store
	Backend blob.Backend
	Wrapper blob.Wrapper
	// Older is what wrapped data keys before: what was stored then is still read.
	Older   []blob.Wrapper
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
	if o, err = o.remembered(); err != nil {
		return nil, err
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
	if err := p.wrappers(ctx, folder, &o); err != nil {
		return nil, err
	}
	if err := p.openBlobs(ctx, or(o.Blobs, filepath.Join(o.Data, "blobs"))); err != nil {
		return nil, err
	}
	if p.Store, err = openStore(ctx, or(o.Store, filepath.Join(o.Data, "assize.db"))); err != nil {
		return nil, err
	}
	p.closers = append(p.closers, p.Store)
	return p, o.remember()
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// openBlobs opens where bodies are kept.
func (p *Parts) openBlobs(ctx context.Context, where string) error {
	scheme, _, remote := strings.Cut(where, "://")
	switch {
	case !remote:
		files, err := blob.NewFiles(where)
		if err != nil {
			return err
		}
		p.Backend, p.closers = files, append(p.closers, files)
		return nil
	case scheme == "s3":
		bucket, err := s3.Open(ctx, where)
		if err != nil {
			return err
		}
		p.Backend = bucket
		return nil
	}
	return fmt.Errorf("blobs %s: want a folder, or s3://bucket/prefix", where)
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
