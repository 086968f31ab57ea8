package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder publishes into a folder.
type Folder string

// Read implements [Place].
func (f Folder) Read(_ context.Context, path string) ([]byte, error) {
	name, err := f.path(path)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

func (f Folder) path(path string) (string, error) {
	local, err := filepath.Localize(path)
	if err != nil {
		return "", fmt.Errorf("published file %.100q: %w", path, err)
	}
	return filepath.Join(string(f), local), nil
}

// Write implements [Place]: beside its place, flushed to the disk, and renamed.
func (f Folder) Write(_ context.Context, path string, data []byte) error {
	name, err := f.path(path)
	if err != nil {
		return err
	}
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	temp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("publish %s: %w", path, err)
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("publish %s: %w", path, err), ignoreMissing(os.Remove(temp.Name())))
	}
	return syncFolder(dir)
}

// SetAside implements [Place]: the folder is renamed to one beside it.
func (f Folder) SetAside(_ context.Context, name string) error {
	to := strings.TrimRight(string(f), string(filepath.Separator)) + "-" + name
	if err := os.Rename(string(f), to); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(to))
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// syncFolder makes names in a folder durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("flush folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("flush folder: %w", err)
	}
	return nil
}
