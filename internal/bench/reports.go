package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/assize-dev/assize/internal/reportcase"
	"github.com/assize-dev/assize/report/bundle"
	"github.com/assize-dev/assize/verify"
)

// The case of the report target: pieces of evidence with bodies of a kilobyte, over a framework of the size of
// the generative AI one, collected on thirty days.
const (
	reportItems    = 100_000
	reportControls = 110
	reportDays     = 30
	reportBody     = 1000

	reportSeconds  = 60
	reportMemory   = 300 // megabytes
	verifySeconds  = 10
	verifyMemory   = 300
	reportGC       = 30 // per cent, as the program sets it
	reportFileName = "report.zip"
)

// benchReports fills a ledger, writes a report bundle of it and verifies that, each in a process of its own.
func benchReports(ctx context.Context, l *lab) ([]figure, error) {
	folder := filepath.Join(l.dir, "report")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	var all []figure
	for _, job := range []string{"report-fill", "report-write", "report-verify"} {
		figures, err := l.worker(ctx, job, folder)
		if err != nil {
			return nil, err
		}
		all = append(all, figures...)
	}
	return all, nil
}

// fillReport is a job: it makes the ledger.
func fillReport(ctx context.Context, _ options, args []string) (_ []figure, err error) {
	c, err := reportcase.New(ctx, args[0], reportcase.Options{Items: reportItems, Days: reportDays, Controls: reportControls, BodySize: reportBody})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Store.Close()) }()
	in, err := c.Input(ctx, "large", true)
	if err != nil {
		return nil, err
	}
	return nil, reportcase.Save(args[0], &in)
}

// writeReport is a job: it writes the bundle.
func writeReport(ctx context.Context, _ options, args []string) (_ []figure, err error) {
	debug.SetGCPercent(reportGC)
	in, store, err := reportcase.Load(ctx, args[0])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	f, err := os.Create(filepath.Join(args[0], reportFileName))
	if err != nil {
		return nil, err
	}
	out := bufio.NewWriterSize(f, 1<<20)
	begin, cpu := time.Now(), ownCPU()
	result, err := bundle.Write(ctx, out, *in)
	if err = errors.Join(err, out.Flush(), f.Close()); err != nil {
		return nil, err
	}
	what := fmt.Sprintf("report of %d pieces of evidence, %.0f MB", result.Items, float64(result.Size)/1e6)
	return []figure{
		below(what+": CPU", (ownCPU() - cpu).Seconds(), reportSeconds, "%.1f s"),
		info(what+": elapsed", "%.1f s", time.Since(begin).Seconds()),
		below(what+": peak memory", float64(ownPeak())/1e6, reportMemory, "%.0f MB"),
	}, nil
}

// verifyReport is a job: it verifies the bundle as assize-verify does.
func verifyReport(_ context.Context, _ options, args []string) ([]figure, error) {
	begin, cpu := time.Now(), ownCPU()
	r, err := verify.File(filepath.Join(args[0], reportFileName), reportcase.Key)
	if err != nil {
		return nil, err
	}
	if !r.Good || r.Bodies < reportItems {
		return nil, fmt.Errorf("the report was not verified: %v, %d bodies", r.Faults, r.Bodies)
	}
	return []figure{
		below("its verification: CPU", (ownCPU() - cpu).Seconds(), verifySeconds, "%.1f s"),
		info("its verification: elapsed", "%.1f s", time.Since(begin).Seconds()),
		below("its verification: peak memory", float64(ownPeak())/1e6, verifyMemory, "%.0f MB"),
	}, nil
}
