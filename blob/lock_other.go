//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd && !dragonfly

package blob

import "os"

// hold does nothing where there is no flock(2): there, one process at a time may write a folder of segments.
func hold(*os.File) error { return nil }

func isHeld(string) (bool, error) { return false, nil }
