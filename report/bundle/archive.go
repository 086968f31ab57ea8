package bundle

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/assize-dev/assize/evidence"
)

// archive writes the ZIP and remembers what the manifest lists.
type archive struct {
	out  *counter
	zip  *zip.Writer
	root string
	// date and time that every file has, as MS-DOS writes them.
	date, time uint16
	files      []listed
}

// listed is a file of the manifest.
type listed struct {
	name   string // with the root
	size   int64
	digest evidence.Digest
	leaf   int64 // -1: no body
}

// counter hashes and counts what goes through.
type counter struct {
	to   io.Writer
	hash hash.Hash
	size int64
}

func newCounter(to io.Writer) *counter { return &counter{to: to, hash: sha256.New()} }

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.hash.Write(p[:n])
	c.size += int64(n)
	return n, err
}

func (c *counter) digest() evidence.Digest { return evidence.Digest(c.hash.Sum(nil)) }

func newArchive(w io.Writer, root string, at time.Time) *archive {
	out := newCounter(w)
	a := &archive{out: out, zip: zip.NewWriter(out), root: root}
	a.date, a.time = dosTime(at)
	return a
}

// dosTime is a time as ZIP writes it: two seconds are its finest step, 1980 its first year.
func dosTime(t time.Time) (date, clock uint16) {
	t = t.UTC()
	if t.Year() < 1980 {
		t = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return uint16((min(t.Year(), 2107)-1980)<<9 | int(t.Month())<<5 | t.Day()), uint16(t.Hour()<<11 | t.Minute()<<5 | t.Second()/2)
}

// noLeaf marks files that are no body of evidence.
const noLeaf = -1

// file writes one file. What is packed already is stored as it is.
func (a *archive) file(name string, write func(io.Writer) error) error {
	return a.add(name, zip.Deflate, noLeaf, write)
}

func (a *archive) add(name string, method uint16, leaf int64, write func(io.Writer) error) error {
	c, err := a.raw(name, method, write)
	if err == nil {
		a.files = append(a.files, listed{a.root + name, c.size, c.digest(), leaf})
	}
	return err
}

// raw writes a file that the manifest does not list.
func (a *archive) raw(name string, method uint16, write func(io.Writer) error) (*counter, error) {
	entry, err := a.zip.CreateHeader(&zip.FileHeader{
		Name: a.root + name, Method: method,
		ModifiedDate: a.date, ModifiedTime: a.time, //nolint:staticcheck // Modified would add an extra field to each file
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c := newCounter(entry)
	if err := write(c); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// text writes a file whose bytes are there.
func (a *archive) text(name string, data []byte) error {
	return a.file(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// manifest writes the list of all files behind a header, and returns its digest.
func (a *archive) manifest(header *evidence.BundleHeader) (evidence.Digest, error) {
	c, err := a.raw(evidence.BundleManifest, zip.Deflate, func(w io.Writer) error {
		head, err := evidence.Canonical(header)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(head, '\n')); err != nil {
			return err
		}
		for i := range a.files {
			f := &a.files[i]
			out := evidence.BundleFile{Path: f.name[len(a.root):], Size: f.size, SHA256: f.digest}
			if f.leaf != noLeaf {
				out.Leaf = &f.leaf
			}
			if _, err := w.Write(append(out.Bytes(), '\n')); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return evidence.Digest{}, err
	}
	return c.digest(), nil
}
