//go:build !unix

package main

import (
	"os"
	"time"
)

// peakOf is 0: the system does not tell in this form.
func peakOf(*os.ProcessState) int64 { return 0 }

// ownPeak is 0 as well.
func ownPeak() int64 { return 0 }

// started is when this process began, nearly.
var started = time.Now()

// ownCPU is wall time here, the upper bound of one busy thread.
func ownCPU() time.Duration { return time.Since(started) }
