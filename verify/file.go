package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// File verifies the bundle in a file. key is that of [Bundle], or the name of a file that holds it.
func File(path, key string) (report *Report, err error) {
	if key, err = keyText(key); err != nil {
		return nil, err
	}
	err = withFile(path, func(f io.ReaderAt, size int64) error {
		report, err = Bundle(f, size, key)
		return err
	})
	return report, err
}

// FileProof is [Proof] of the bundle in a file.
func FileProof(path string, index int64) (proof, leaf []byte, err error) {
	err = withFile(path, func(f io.ReaderAt, size int64) error {
		proof, leaf, err = Proof(f, size, index)
		return err
	})
	return proof, leaf, err
}

func withFile(path string, use func(io.ReaderAt, int64) error) (err error) {
	info, err := os.Stat(path) // before it is opened: to open a pipe waits for somebody to write
	if err != nil {
		return fmt.Errorf("report bundle: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("report bundle %s: it is no file: verify the archive as you received it, not what you unpacked", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("report bundle: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := use(f, info.Size()); err != nil {
		return fmt.Errorf("report bundle %s: %w", path, err)
	}
	return nil
}

// maxKey bounds a file with a key.
const maxKey = 4096

// keyText takes a key as text ("name+hash+base64"), or reads it from a file. What is in a file that holds no such key is
// not shown: it may be the key that signs.
func keyText(key string) (_ string, err error) {
	if key == "" || usable(key) == nil {
		return key, nil
	}
	if strings.HasPrefix(key, "PRIVATE+") {
		return "", errors.New("key: it is the ledger's secret key, which signs: want its public key (ledger.pub)")
	}
	f, err := os.Open(key)
	if err != nil {
		return "", fmt.Errorf("key: it is neither a key (name+hash+base64) nor a file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("key %s: %w", key, err)
	case len(data) > maxKey:
		return "", fmt.Errorf("key %s: the file has more than %d bytes: want the public key of a ledger (ledger.pub)", key, maxKey)
	case len(bytes.TrimSpace(data)) == 0:
		return "", fmt.Errorf("key %s: the file is empty", key)
	}
	if err := usable(string(data)); err != nil {
		return "", fmt.Errorf("key %s: what the file holds is no key of a ledger (name+hash+base64, as in ledger.pub): %w", key, err)
	}
	return string(data), nil
}

// usable says why a text is no verifier's key.
func usable(key string) error {
	_, err := note.NewVerifier(strings.TrimSpace(key))
	return err
}
