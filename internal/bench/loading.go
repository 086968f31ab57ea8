package main

import (
	"context"
	"time"

	"github.com/assize-dev/assize/library"
)

// benchLibrary measures in a process of its own.
func benchLibrary(ctx context.Context, l *lab) ([]figure, error) { return l.worker(ctx, "library") }

// measureLibrary is a job: it loads the library some times. The first load also
// warms up what a program that ends after one load never gets back.
func measureLibrary(ctx context.Context, o options, _ []string) ([]figure, error) {
	cpus, walls := make([]float64, o.loads), make([]float64, o.loads)
	var lib *library.Library
	for i := range cpus {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		cpu, wall := ownCPU(), time.Now()
		var err error
		if lib, err = library.Load(); err != nil {
			return nil, err
		}
		for _, p := range lib.Programs {
			p.Paths() // compiles it
		}
		cpus[i], walls[i] = (ownCPU()-cpu).Seconds()*1000, time.Since(wall).Seconds()*1000
	}
	first := cpus[0]
	return []figure{
		info("checks; types; frameworks", "%d; %d; %d", len(lib.Checks), len(lib.Definitions), len(lib.FrameworkIDs())),
		info("load, CPU: first; median", "%.0f ms; %.0f ms", first, median(cpus)),
		info("load, wall time: median", "%.0f ms", median(walls)),
	}, nil
}
