package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/jobs"
)

// serveFlags are the choices of "assize serve".
type serveFlags struct {
	listen    string
	publish   time.Duration
	leaves    int64
	schedule  time.Duration
	parallel  int
	retention int
}

// newServe makes "assize serve".
func newServe() *cobra.Command {
	var v serveFlags
	f := &dataFlags{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Keep assessments going: collect, open due windows, publish the ledger",
		Long: "Keep the assessments of a deployment going until it is interrupted: carry out their evaluations as they become\n" +
			"due, open and miss due windows by the clock, sign checkpoints of the ledger and publish them, and destroy\n" +
			"bodies whose retention is over. A run that was cut short, by a crash too, goes on where it stopped.\n\n" +
			"GET /healthz and /metrics (Prometheus text) are answered on --listen.",
		Args: cobra.NoArgs,
		RunE: f.runNew(func(ctx context.Context, s *session, _ []string) error { return v.serve(ctx, s) }),
	}
	f.add(cmd.Flags())
	g := cmd.Flags()
	g.StringVar(&v.listen, "listen", "127.0.0.1:7480", "address for health and metrics; empty: none")
	g.DurationVar(&v.publish, "publish-every", 10*time.Second, "how often a checkpoint of the ledger is published when it has grown")
	g.Int64Var(&v.leaves, "publish-leaves", 1000, "publish one sooner when the ledger has grown by so many leaves")
	g.DurationVar(&v.schedule, "schedule-every", 30*time.Second, "how often it is looked what is due")
	g.IntVar(&v.parallel, "parallel", 2, "evaluations at a time, of different assessments")
	g.IntVar(&v.retention, "retention-days", defaultRetention, "days after which bodies of evidence are destroyed; 0: never")
	return cmd
}

// defaultRetention is two years, as Audit Manager keeps evidence.
const defaultRetention = 730

// maxRetention is how many days a time.Duration can be: one more would be a time that has not come, and destroy all.
const maxRetention = int(math.MaxInt64 / (24 * time.Hour))

// resumeAge is how old a report must be that another process may still be making.
const resumeAge = 10 * time.Minute

func (v *serveFlags) serve(ctx context.Context, s *session) error {
	if v.publish <= 0 || v.schedule <= 0 || v.parallel <= 0 || v.leaves <= 0 {
		return errors.New("--publish-every, --publish-leaves, --schedule-every and --parallel must be more than 0")
	}
	if v.retention < 0 || v.retention > maxRetention {
		return fmt.Errorf("--retention-days: want 0 (never) to %d", maxRetention)
	}
	m := newMetrics(s.Deployment)
	told := &teller{w: s.cmd.OutOrStdout()}
	runner, err := s.Runner(jobs.LocalConfig{Parallel: v.parallel, Ended: func(r *assessment.Run, err error) {
		m.ended(err)
		told.run(r, err)
	}})
	if err != nil {
		return err
	}
	stop, err := v.http(m, told)
	if err != nil {
		return err
	}
	defer stop()
	scheduler := s.Scheduler(runner)
	sweeper := &deployment.Sweeper{Deployment: s.Deployment}
	retention := time.Duration(v.retention) * 24 * time.Hour
	var wg sync.WaitGroup
	wg.Go(func() { told.error("serve", runner.Serve(ctx)) })
	every(ctx, &wg, v.schedule, func() {
		told.error("schedule", m.note("schedule", scheduler.Tick(ctx)))
		_, err := s.ResumeReports(ctx, resumeAge)
		told.error("reports", m.note("reports", err))
	})
	var last time.Time
	every(ctx, &wg, min(v.publish, time.Second), func() {
		if time.Since(last) < v.publish && !m.grown(ctx, v.leaves) {
			return
		}
		last = time.Now()
		c, _, err := s.Publisher.Publish(ctx)
		told.error("publish the ledger", m.note("publish", err))
		m.published(c)
	})
	every(ctx, &wg, time.Hour, func() {
		n, err := s.Destroy(ctx, retention)
		told.error("retention", m.note("retention", err))
		told.destroyed(n)
		_, err = sweeper.Sweep(ctx)
		told.error("sweep", m.note("sweep", err))
	})
	wg.Wait()
	// What was recorded while it stopped is published too.
	_, _, err = s.Publisher.Publish(context.WithoutCancel(ctx))
	told.line("stopped")
	return err
}

// every does something now and again until ctx ends.
func every(ctx context.Context, wg *sync.WaitGroup, d time.Duration, do func()) {
	wg.Go(func() {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for ctx.Err() == nil {
			do()
			select {
			case <-ctx.Done():
			case <-ticker.C:
			}
		}
	})
}

// http answers health and metrics until stop is called.
func (v *serveFlags) http(m *metrics, told *teller) (stop func(), err error) {
	if v.listen == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", v.listen)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", v.listen, err)
	}
	const patience = 5 * time.Second
	server := &http.Server{Handler: m.handler(), ReadHeaderTimeout: patience}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			told.error("health and metrics", err)
		}
	})
	told.line(fmt.Sprintf("serving health and metrics on http://%s", listener.Addr()))
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		told.error("health and metrics", server.Shutdown(ctx))
		wg.Wait()
	}, nil
}

// teller writes lines of what happens, from several goroutines. What goes wrong again and again is told once.
type teller struct {
	mu   sync.Mutex
	w    io.Writer
	last map[string]string
}

func (t *teller) line(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(t.w, "%s %s\n", time.Now().UTC().Format(time.RFC3339), clean(text))
}

func (t *teller) run(r *assessment.Run, err error) {
	switch {
	case r == nil:
		t.error("queue", err)
	case err == nil:
		t.line(fmt.Sprintf("run %s of assessment %s has ended", shortID(r.ID), shortID(r.Assessment)))
	default:
		t.line(fmt.Sprintf("error: %v", err))
	}
}

func (t *teller) error(what string, err error) {
	text := ""
	if err != nil && !errors.Is(err, context.Canceled) {
		text = err.Error()
	}
	t.mu.Lock()
	if t.last == nil {
		t.last = map[string]string{}
	}
	again := t.last[what] == text
	t.last[what] = text
	t.mu.Unlock()
	if text != "" && !again {
		t.line(fmt.Sprintf("error: %s: %s", what, text))
	}
}

func (t *teller) destroyed(n int) {
	if n > 0 {
		t.line(fmt.Sprintf("%d bodies were destroyed: their retention is over", n))
	}
}

// metrics counts what a deployment that is served does.
type metrics struct {
	d    *deployment.Deployment
	mu   sync.Mutex
	runs map[string]int
	// failing says of each part that is done again and again what is wrong with it now.
	failing map[string]error
	size    int64
}

func newMetrics(d *deployment.Deployment) *metrics {
	return &metrics{d: d, runs: map[string]int{}, failing: map[string]error{}}
}

func (m *metrics) ended(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.runs["error"]++
		return
	}
	m.runs["ok"]++
}

// note keeps whether a part works, and passes the error on.
func (m *metrics) note(part string, err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failing[part] = err
	return err
}

// grown reports whether the ledger has so many leaves more than were published. A store that does not answer has
// not grown: that it does not is told when it is asked to publish.
func (m *metrics) grown(ctx context.Context, leaves int64) bool {
	size, err := m.d.Store.Size(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	return err == nil && size-m.size >= leaves
}

func (m *metrics) published(c *evidence.Checkpoint) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c != nil {
		m.size = c.Size
	}
}
