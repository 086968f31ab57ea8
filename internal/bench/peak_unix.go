//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// peakOf is the peak of resident memory of a process that has ended, in bytes.
func peakOf(s *os.ProcessState) int64 {
	if u, ok := s.SysUsage().(*syscall.Rusage); ok {
		return peakBytes(u)
	}
	return 0
}

// ownPeak is that of this process.
func ownPeak() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return peakBytes(&u)
}

// peakBytes knows that Darwin counts bytes and the others kilobytes.
func peakBytes(u *syscall.Rusage) int64 {
	peak := int64(u.Maxrss) //nolint:unconvert // 32 bits on some systems
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return peak
	}
	return peak * 1024
}

// ownCPU is the CPU time that this process has used, user and system, all threads.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
