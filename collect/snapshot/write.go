package snapshot

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/assize-dev/assize/collect"
)

// Write writes the collection to a file, sorted and compressed. The file appears
// whole or not at all: it is written beside its place, flushed to the disk, and
// renamed. c gets the digest of what was written.
func Write(path string, c *collect.Collection) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write snapshot %s: %w", path, err)
			f.Close()           //nolint:errcheck // the first error is told
			os.Remove(f.Name()) //nolint:errcheck // the first error is told
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<20)
	compressed := gzip.NewWriter(buffered)
	if err := Encode(compressed, c); err != nil {
		return err
	}
	if err := compressed.Close(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	// Without it the name could outlive a crash that the content did not.
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Encode writes the collection's lines, sorted and not compressed. The same
// content gives the same bytes. c gets their digest.
func Encode(w io.Writer, c *collect.Collection) error {
	c.Sort()
	e := &encoder{w: w, sum: sha256.New()}
	e.plain(header{
		Format: formatName, Version: Version, Assize: c.Version, Mapping: c.Mapping, AsOf: c.AsOf,
		Accounts: c.Accounts, Requests: c.Requests, Interrupted: c.Interrupted,
	})
	for _, r := range c.Records {
		if e.err == nil {
			e.buf, e.err = appendRecord(e.buf[:0], r)
			e.flush()
		}
	}
	for i := range c.Coverage {
		e.plain(line{Coverage: &c.Coverage[i]})
	}
	for i := range c.Gaps {
		e.plain(line{Gap: &c.Gaps[i]})
	}
	sum := hex.EncodeToString(e.sum.Sum(nil))
	e.plain(line{End: &footer{Records: len(c.Records), Coverage: len(c.Coverage), Gaps: len(c.Gaps), SHA256: sum}})
	if e.err == nil {
		c.Digest = "sha256:" + sum
	}
	return e.err
}

// encoder writes lines and keeps the first error.
type encoder struct {
	w   io.Writer
	sum hash.Hash
	buf []byte
	err error
}

func (e *encoder) plain(v any) {
	if e.err == nil {
		e.buf, e.err = appendPlain(e.buf[:0], v)
		e.flush()
	}
}

// flush writes the line in buf.
func (e *encoder) flush() {
	if e.err != nil {
		return
	}
	e.buf = append(e.buf, '\n')
	e.sum.Write(e.buf)
	_, e.err = e.w.Write(e.buf)
}
