package blob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// segmentSize is about how large a segment grows before the next one is begun.
const segmentSize = 64 << 20

// segmentSuffix ends the names of segments.
const segmentSuffix = ".seg"

// Files keeps segments in a folder. A process appends only to segments that it has begun itself: a
// torn end that a crash has left is never written behind.
type Files struct {
	folder string

	mu     sync.Mutex
	file   *os.File
	name   string
	offset int64
}

// NewFiles keeps segments in a folder, which is made when it is not there.
func NewFiles(folder string) (*Files, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	return &Files{folder: folder}, nil
}

// Append appends to the segment that is open, with one fsync.
func (f *Files) Append(_ context.Context, fill func(offset int64) ([]byte, error)) (string, int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		if err := f.begin(); err != nil {
			return "", 0, err
		}
	}
	data, err := fill(f.offset)
	if err != nil {
		return "", 0, err
	}
	at, name := f.offset, f.name
	if _, err = f.file.Write(data); err == nil {
		err = f.file.Sync()
	}
	if err != nil {
		// What was written of it is unknown: nothing is appended behind it.
		err = errors.Join(fmt.Errorf("segment %s: %w", name, err), f.file.Close())
		f.file = nil
		return "", 0, err
	}
	f.offset += int64(len(data))
	if f.offset >= segmentSize {
		err, f.file = f.file.Close(), nil
	}
	return name, at, err
}

// begin makes a new segment; the folder is synced, so that the file survives a crash.
func (f *Files) begin() error {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return err
	}
	name := hex.EncodeToString(random[:]) + segmentSuffix
	file, err := os.OpenFile(filepath.Join(f.folder, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("begin a segment: %w", err)
	}
	folder, err := os.Open(f.folder)
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close())
	}
	if err != nil {
		return errors.Join(fmt.Errorf("begin a segment: %w", err), file.Close())
	}
	f.file, f.name, f.offset = file, name, 0
	return nil
}

// path of a segment; names that are none of ours are refused.
func (f *Files) path(name string) (string, error) {
	stem, ok := strings.CutSuffix(name, segmentSuffix)
	if _, err := hex.DecodeString(stem); !ok || err != nil || stem == "" {
		return "", fmt.Errorf("%.80q is no name of a segment", name)
	}
	return filepath.Join(f.folder, name), nil
}

// Read reads a part of a segment.
func (f *Files) Read(_ context.Context, segment string, offset, length int64) (io.ReadCloser, error) {
	path, err := f.path(segment)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("segment: %w", err)
	}
	return &section{io.NewSectionReader(file, offset, length), file}, nil
}

type section struct {
	io.Reader
	io.Closer
}

// Remove removes a segment.
func (f *Files) Remove(_ context.Context, segment string) error {
	path, err := f.path(segment)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("segment: %w", err)
	}
	return nil
}

// Segments lists the segments that are not being written by this process.
func (f *Files) Segments(context.Context) ([]string, error) {
	entries, err := os.ReadDir(f.folder)
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), segmentSuffix) && (f.file == nil || e.Name() != f.name) {
			list = append(list, e.Name())
		}
	}
	return list, nil
}

// Close closes the segment that is open.
func (f *Files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}
