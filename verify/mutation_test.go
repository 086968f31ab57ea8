package verify_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"runtime"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/internal/reportcase"
	"github.com/assize-dev/assize/report/bundle"
	"github.com/assize-dev/assize/verify"
)

// made makes a case, which is closed when the test ends.
func made(ctx context.Context, t *testing.T, o reportcase.Options) *reportcase.Case {
	t.Helper()
	c, err := reportcase.New(ctx, t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// write makes a case and a bundle of it.
func write(ctx context.Context, t *testing.T, o reportcase.Options, all bool) (*reportcase.Case, []byte) {
	t.Helper()
	c := made(ctx, t, o)
	in, err := c.Input(ctx, "small", all)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := bundle.Write(ctx, &out, in); err != nil {
		t.Fatal(err)
	}
	return c, out.Bytes()
}

func verified(t *testing.T, data []byte, key string) *verify.Report {
	t.Helper()
	r, err := verify.Bundle(bytes.NewReader(data), int64(len(data)), key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// file is a name with its contents.
type file struct {
	Name string
	Data []byte
}

// unpacked is what any program reads out of an archive.
func unpacked(t *testing.T, data []byte) []file {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out []file
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		out = append(out, file{f.Name, content})
	}
	return out
}

// TestEveryByte changes every byte of a small bundle. Each change is found, or it provably changes nothing: every
// file has the same name and the same contents, because the change is in how they are packed.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	_, good := write(t.Context(), t, reportcase.Options{Items: 2, Controls: 1, BodySize: 60}, true)
	want := unpacked(t, good)
	var mu sync.Mutex
	var irrelevant []int
	work := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			data := bytes.Clone(good)
			for i := range work {
				// Each byte in one way; which bit is another one from byte to byte.
				data[i] ^= 1 << (i % 8)
				r, err := verify.Bundle(bytes.NewReader(data), int64(len(data)), reportcase.Key)
				if err == nil && r.Good {
					mu.Lock()
					irrelevant = append(irrelevant, i)
					mu.Unlock()
				}
				data[i] = good[i]
			}
		})
	}
	for i := range good {
		work <- i
	}
	close(work)
	wg.Wait()
	packed := packedBytes(t, good)
	for _, i := range irrelevant {
		data := bytes.Clone(good)
		data[i] ^= 1 << (i % 8)
		if diff := cmp.Diff(want, unpacked(t, data)); diff != "" {
			t.Errorf("a change of byte %d was not found:\n%s", i, diff)
		}
		if !packed[i] {
			t.Errorf("byte %d may be changed, and is not part of packed contents", i)
		}
	}
	t.Logf("%d bytes were changed, %d of the changes do not change any contents", len(good), len(irrelevant))
}

// packedBytes are the places of packed contents in an archive.
func packedBytes(t *testing.T, data []byte) map[int]bool {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]bool{}
	for _, f := range archive.File {
		at, err := f.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		for i := range f.CompressedSize64 {
			if f.Method == zip.Deflate {
				out[int(at)+int(i)] = true
			}
		}
	}
	return out
}
