// Package keys holds the keys of a deployment: the one that wraps data keys of evidence bodies,
// and the Ed25519 key that signs checkpoints. Both lie in files of one folder that only their owner
// can read; the wrapping key may be in AWS KMS instead (keys/kms).
package keys

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/evidence"
)

// Wrapper wraps data keys, so that they can lie beside what they encrypt.
type Wrapper interface {
	// ID names the key: a wrapped key says which one can unwrap it.
	ID() string
	// Wrap and Unwrap are each other's inverse. An error of Unwrap means that the wrapped key was
	// made with another key or was changed, or that the key cannot be used now.
	Wrap(ctx context.Context, plain []byte) ([]byte, error)
	Unwrap(ctx context.Context, wrapped []byte) ([]byte, error)
}

// Names of the files in the folder of keys.
const (
	wrapFile   = "wrap.key"
	signFile   = "ledger.key"
	verifyFile = "ledger.pub"
)

const wrapPrefix = "assize-wrap/1 "

// KeySize of wrapping and data keys in bytes (AES-256).
const KeySize = 32

// File is a wrapping key in a file.
type File struct {
	id   string
	aead cipher.AEAD
}

// OpenFile opens the wrapping key in a folder, and makes it when there is none.
func OpenFile(folder string) (*File, error) {
	path := filepath.Join(folder, wrapFile)
	text, err := secret(path, func() (string, error) {
		key := make([]byte, KeySize)
		if _, err := rand.Read(key); err != nil {
			return "", err
		}
		return wrapPrefix + base64.StdEncoding.EncodeToString(key) + "\n", nil
	})
	if err != nil {
		return nil, err
	}
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), wrapPrefix)
	key, err := base64.StdEncoding.DecodeString(rest)
	if !ok || err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("wrapping key %s: want %q and %d bytes in base64", path, wrapPrefix, KeySize)
	}
	aead, err := seal(key)
	if err != nil {
		return nil, fmt.Errorf("wrapping key %s: %w", path, err)
	}
	return &File{id: "file:" + evidence.DigestOf(append([]byte("assize wrapping key id\x00"), key...)).Hex()[:16], aead: aead}, nil
}

func seal(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// ID names the key by a digest of it.
func (f *File) ID() string { return f.id }

// Wrap encrypts a data key.
func (f *File) Wrap(_ context.Context, plain []byte) ([]byte, error) {
	return f.aead.Seal(nil, nil, plain, []byte(f.id)), nil
}

// Unwrap decrypts a data key.
func (f *File) Unwrap(_ context.Context, wrapped []byte) ([]byte, error) {
	plain, err := f.aead.Open(nil, nil, wrapped, []byte(f.id))
	if err != nil {
		return nil, fmt.Errorf("unwrap a data key with %s: it was wrapped with another key, or changed: %w", f.id, err)
	}
	return plain, nil
}

// Log is the key of the ledger.
type Log struct {
	Signer   note.Signer
	Verifier note.Verifier
	// VerifierText is what auditors are given.
	VerifierText string
}

// OpenLog opens the ledger's key in a folder, and makes one for a log of that name when there is none.
func OpenLog(folder, name string) (*Log, error) {
	text, err := secret(filepath.Join(folder, signFile), func() (string, error) {
		signer, verifier, err := evidence.NewKey(rand.Reader, name)
		if err != nil {
			return "", err
		}
		return signer + "\n" + verifier + "\n", nil
	})
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 2 {
		return nil, fmt.Errorf("ledger key %s: want two lines, the signer's and the verifier's", filepath.Join(folder, signFile))
	}
	log := &Log{VerifierText: lines[1]}
	if log.Signer, err = note.NewSigner(lines[0]); err != nil {
		return nil, fmt.Errorf("ledger key %s: %w", filepath.Join(folder, signFile), err)
	}
	if log.Verifier, err = note.NewVerifier(lines[1]); err != nil {
		return nil, fmt.Errorf("ledger key %s: verifier: %w", filepath.Join(folder, signFile), err)
	}
	if log.Signer.Name() != log.Verifier.Name() || log.Signer.KeyHash() != log.Verifier.KeyHash() {
		return nil, fmt.Errorf("ledger key %s: signer and verifier are not of one key", filepath.Join(folder, signFile))
	}
	if err := publish(filepath.Join(folder, verifyFile), log.VerifierText+"\n"); err != nil {
		return nil, fmt.Errorf("public key of the ledger: %w", err)
	}
	return log, nil
}

// publish writes the public key where it does not stand yet. Where it does the file is left alone: the folder may be
// read-only by now, and somebody may be reading it.
func publish(path, text string) error {
	if data, err := os.ReadFile(path); err == nil && string(data) == text {
		return nil
	}
	return place(path, text, 0o644, os.Rename)
}

// secret reads a file that only its owner may read; make gives its text when it is not there. Two
// processes that start together get the same text: the file appears whole or not at all.
func secret(path string, make func() (string, error)) (string, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		text, err := make()
		if err != nil {
			return "", fmt.Errorf("make key %s: %w", path, err)
		}
		if err := create(path, text); err != nil {
			return "", fmt.Errorf("make key %s: %w", path, err)
		}
		data, err = os.ReadFile(path)
		return string(data), err
	case err != nil:
		return "", fmt.Errorf("key: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("key %s: others may read it (mode %o): chmod 600 it", path, info.Mode().Perm())
	}
	return string(data), nil
}

// create writes a file that is not there, whole and durable; one that appeared meanwhile stays.
func create(path, text string) error {
	return place(path, text, 0o600, func(from, to string) error {
		if err := os.Link(from, to); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	})
}

// place writes a file beside its place, and has put move it there: it appears whole or not at all. It is durable then,
// and so is its name: what is encrypted with a key outlives a loss of power only if the key does.
func place(path, text string, mode fs.FileMode, put func(from, to string) error) error {
	folder := filepath.Dir(path)
	if err := ensure(folder); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(folder, ".key-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // best effort: it was moved or is of no use
	if _, err = tmp.WriteString(text); err == nil {
		err = errors.Join(tmp.Chmod(mode), tmp.Sync())
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := put(tmp.Name(), path); err != nil {
		return err
	}
	return flush(folder)
}

// ensure makes a folder that is not there.
func ensure(folder string) error {
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return flush(filepath.Dir(folder))
}

// flush makes the names in a folder durable.
func flush(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
