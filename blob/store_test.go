package blob_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/blob/blobtest"
	"github.com/assize-dev/assize/keys"
)

func newStore(t *testing.T) (store *blob.Store, folder string) {
	t.Helper()
	wrapper, err := keys.OpenFile(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	folder = filepath.Join(t.TempDir(), "blobs")
	files, err := blob.NewFiles(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	return blob.New(files, wrapper), folder
}

func TestConformance(t *testing.T) {
	t.Parallel()
	blobtest.Exercise(t, func(t *testing.T) blob.Backend {
		t.Helper()
		files, err := blob.NewFiles(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := files.Close(); err != nil {
				t.Error(err)
			}
		})
		return files
	})
}

// TestOlderKey holds that a deployment whose wrapping key has changed reads what it has, and only with the old key.
func TestOlderKey(t *testing.T) {
	t.Parallel()
	var wrappers [2]*keys.File
	for i := range wrappers {
		w, err := keys.OpenFile(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		wrappers[i] = w
	}
	files, err := blob.NewFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	at, err := blob.New(files, wrappers[0]).Put(t.Context(), blob.Bytes([]byte("old")))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := read(t, blob.New(files, wrappers[1], wrappers[0]), at[0]); err != nil || string(got) != "old" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := read(t, blob.New(files, wrappers[1]), at[0]); err == nil || !strings.Contains(err.Error(), wrappers[0].ID()) {
		t.Errorf("got %v, want an error that names the key", err)
	}
}

func read(t *testing.T, s *blob.Store, at assessment.BlobLocation) ([]byte, error) {
	t.Helper()
	r, err := s.Open(t.Context(), at)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func TestBodies(t *testing.T) {
	t.Parallel()
	s, folder := newStore(t)
	var want [][]byte
	for _, n := range []int{0, 1, 1000, 1 << 20, 1<<20 + 1, 3 << 20} {
		want = append(want, bytes.Repeat([]byte("secret text "), n/12+1)[:n])
	}
	var locations []assessment.BlobLocation
	for _, batch := range [][][]byte{want[:2], want[2:], {want[0]}} {
		var bodies []blob.Body
		for _, data := range batch {
			bodies = append(bodies, blob.Bytes(data))
		}
		at, err := s.Put(t.Context(), append(bodies, bodies[0])...)
		if err != nil {
			t.Fatal(err)
		}
		if len(at) != len(batch) {
			t.Errorf("got %d locations, want %d: the same body once", len(at), len(batch))
		}
		locations = append(locations, at...)
	}
	for i, at := range locations[:len(want)] {
		got, err := read(t, s, at)
		if err != nil || !bytes.Equal(got, want[i]) {
			t.Errorf("body %d: got %d bytes, %v, want %d", i, len(got), err, len(want[i]))
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Fatalf("got %d segments, %v, want 1", len(entries), err)
	}
	raw, err := os.ReadFile(filepath.Join(folder, entries[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("secret text")) {
		t.Error("a body lies in the segment in plain")
	}
}

// TestChanged flips every byte of a segment: the body is refused, or reads as it was.
func TestChanged(t *testing.T) {
	t.Parallel()
	s, folder := newStore(t)
	want := []byte(strings.Repeat("evidence ", 9))
	at, err := s.Put(t.Context(), blob.Bytes([]byte("first")), blob.Bytes(want))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, at[1].Segment)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range raw {
		changed := bytes.Clone(raw)
		changed[i] ^= 1
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := read(t, s, at[1])
		switch {
		case err != nil:
			refused++
		case !bytes.Equal(got, want):
			t.Fatalf("byte %d changed: got %q without an error", i, got)
		}
	}
	if refused < int(at[1].Length) {
		t.Errorf("%d flips were refused, fewer than the %d bytes of the entry", refused, at[1].Length)
	}
	other := at[0]
	other.Digest = at[1].Digest
	if _, err := read(t, s, other); err == nil {
		t.Error("another body was given for the digest")
	}
}

// counting counts what is read: of S3 each is a request that is paid for.
type counting struct {
	blob.Backend
	reads int
}

func (c *counting) Read(ctx context.Context, segment string, offset, length int64) (io.ReadCloser, error) {
	c.reads++
	return c.Backend.Read(ctx, segment, offset, length)
}

// TestReads: what the bodies of a batch have in common is read once.
func TestReads(t *testing.T) {
	t.Parallel()
	wrapper, err := keys.OpenFile(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.NewFiles(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	var bodies []blob.Body
	for i := range 10 {
		bodies = append(bodies, blob.Bytes([]byte{byte(i)}))
	}
	at, err := blob.New(files, wrapper).Put(t.Context(), bodies...)
	if err != nil {
		t.Fatal(err)
	}
	backend := &counting{Backend: files}
	s := blob.New(backend, wrapper)
	for i := range at {
		if got, err := read(t, s, at[i]); err != nil || !bytes.Equal(got, []byte{byte(i)}) {
			t.Errorf("body %d: got %v, %v", i, got, err)
		}
	}
	if want := len(at) + 2; backend.reads != want {
		t.Errorf("%d reads, want %d: one a body, two of the frame", backend.reads, want)
	}
}

func TestWrongDigest(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for name, change := range map[string]func(*blob.Body){
		"another digest": func(b *blob.Body) { b.Digest[0]++ },
		"too short":      func(b *blob.Body) { b.Size++ },
		"too long":       func(b *blob.Body) { b.Size-- },
	} {
		body := blob.Bytes([]byte("body"))
		change(&body)
		if _, err := s.Put(t.Context(), body); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}
