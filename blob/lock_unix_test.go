//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package blob_test

import (
	"context"
	"slices"
	"testing"

	"github.com/assize-dev/assize/blob"
)

// TestSegmentsOfOthers holds that a segment is not given to be removed while anybody may append to it.
func TestSegmentsOfOthers(t *testing.T) {
	t.Parallel()
	ctx, folder := t.Context(), t.TempDir()
	writer, other := files(t, folder), files(t, folder)
	segment, _, err := writer.Append(ctx, func(int64) ([]byte, error) { return []byte("body"), nil })
	if err != nil {
		t.Fatal(err)
	}
	if list := segments(ctx, t, other); slices.Contains(list, segment) {
		t.Errorf("got %q, among them the one that is written", list)
	}
	if err := writer.Roll(ctx, segment); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]*blob.Files{"writer": writer, "other": other} {
		if list := segments(ctx, t, f); slices.Contains(list, segment) {
			t.Errorf("%s: got %q, among them one whose bodies may be committed soon", name, list)
		}
	}
	if next, _, err := writer.Append(ctx, func(int64) ([]byte, error) { return []byte("body"), nil }); err != nil || next == segment {
		t.Errorf("got segment %s, %v, after it was ended", next, err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if list := segments(ctx, t, other); !slices.Contains(list, segment) {
		t.Errorf("got %q, without the one that is written no more", list)
	}
}

func files(t *testing.T, folder string) *blob.Files {
	t.Helper()
	f, err := blob.NewFiles(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func segments(ctx context.Context, t *testing.T, f *blob.Files) []string {
	t.Helper()
	list, err := f.Segments(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
