//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package blob

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// hold marks a segment as one that this process writes, until the file is closed or the process ends: flock(2). Who
// asks isHeld has it for a moment, so it waits.
func hold(file *os.File) error {
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock %s: %w; bodies need a file system with locks", file.Name(), err)
	}
	return nil
}

// isHeld reports whether any process writes the segment at a path.
func isHeld(path string) (bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil // removed meanwhile
	}
	if err != nil {
		return false, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	held := errors.Is(err, syscall.EWOULDBLOCK)
	if held {
		err = nil
	}
	return held, errors.Join(err, file.Close())
}
