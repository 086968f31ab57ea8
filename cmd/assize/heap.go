package main

import (
	"runtime"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
)

// roomyHeap collects garbage, and lets the heap grow to a size in bytes before that is done again, at least by a
// percentage of what lives. It is for a moment when much has become garbage, and what lives stays about as it is. A
// heap that is larger than the size by now is left alone.
func roomyHeap(size uint64, percent int) {
	if liveHeap() < size {
		runtime.GC()
	}
	if live := max(liveHeap(), 1); live < size {
		percent = max(percent, int((size-live)*100/live))
	}
	debug.SetGCPercent(percent)
}

// liveHeap is what the last collection found to be in use, in bytes.
func liveHeap() uint64 {
	sample := []runtimemetrics.Sample{{Name: "/gc/heap/live:bytes"}}
	runtimemetrics.Read(sample)
	return sample[0].Value.Uint64()
}
