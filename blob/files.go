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
	"time"
)

// segmentSize is about how large a segment grows before the next one is begun.
const segmentSize = 64 << 20

// segmentSuffix ends the names of segments.
const segmentSuffix = ".seg"

// Files keeps segments in a folder; several processes may. A process appends only to segments that it has begun itself: a
// torn end that a crash has left is never written behind.
type Files struct {
	folder string

	mu     sync.Mutex
	file   *os.File
	name   string
	offset int64
	ended  map[string]ended
}

// ended is a segment that this process appends to no more. It stays locked until all that was appended is
// committed, or never will be.
type ended struct {
	file *os.File
	at   time.Time
}

// settling is how long after its end a segment may have bodies that are about to be committed.
const settling = time.Hour

// NewFiles keeps segments in a folder, which is made when it is not there.
func NewFiles(folder string) (*Files, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	return &Files{folder: folder, ended: map[string]ended{}}, nil
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
		f.end()
		return "", 0, fmt.Errorf("segment %s: %w", name, err)
	}
	f.offset += int64(len(data))
	if f.offset >= segmentSize {
		f.end()
	}
	return name, at, nil
}

func (f *Files) end() {
	f.ended[f.name] = ended{f.file, time.Now()}
	f.file = nil
}

// Roll ends a segment, if this process writes it.
func (f *Files) Roll(_ context.Context, segment string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file != nil && f.name == segment {
		f.end()
	}
	return nil
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
	err = hold(file)
	if err == nil {
		err = syncFolder(f.folder)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("begin a segment: %w", err), file.Close())
	}
	f.file, f.name, f.offset = file, name, 0
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
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

// Segments lists the segments that no process writes: what is appended to a segment that another process removes
// would be lost.
func (f *Files) Segments(context.Context) ([]string, error) {
	entries, err := os.ReadDir(f.folder)
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, e := range f.ended {
		if time.Since(e.at) < settling {
			continue
		}
		delete(f.ended, name)
		if err := e.file.Close(); err != nil {
			return nil, fmt.Errorf("segment %s: %w", name, err)
		}
	}
	var list []string
	for _, e := range entries {
		_, settles := f.ended[e.Name()]
		if !strings.HasSuffix(e.Name(), segmentSuffix) || settles || f.file != nil && e.Name() == f.name {
			continue
		}
		held, err := isHeld(filepath.Join(f.folder, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("segments: %w", err)
		}
		if !held {
			list = append(list, e.Name())
		}
	}
	return list, nil
}

// Close closes the segment that is open, and those that have ended.
func (f *Files) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file != nil {
		f.end()
	}
	var errs []error
	for _, e := range f.ended {
		errs = append(errs, e.file.Close())
	}
	clear(f.ended)
	return errors.Join(errs...)
}
