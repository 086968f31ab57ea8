package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"

	"github.com/assize-dev/assize/internal/fakeaws"
)

// latencyAccount is the account behind the latency.
const latencyAccount = "444455556666"

// benchLatency records once what moto answers to a collection, and measures the
// same collection against the recording with latency added. moto answers some 400
// calls a second; the recording shows the collector.
func benchLatency(ctx context.Context, l *lab) ([]figure, error) {
	if err := l.stand(ctx); err != nil {
		return nil, err
	}
	if _, err := l.program(ctx); err != nil {
		return nil, err
	}
	recording := filepath.Join(l.dir, "answers.jsonl")
	if err := l.record(ctx, recording); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	l.log("collecting with %s latency", l.latency)
	replay, err := l.fakeAWS(ctx, "--replay", recording, "--latency", l.latency.String())
	if err != nil {
		return nil, err
	}
	u, err := measure(l.collect(ctx, replay.url), 3)
	var asked int
	if err == nil {
		asked, err = replayed(ctx, replay.url)
	}
	if err := errors.Join(err, replay.stop()); err != nil {
		return nil, err
	}
	return []figure{
		info("account", "%d buckets, %d roles, %d keys; %s a request", l.buckets, l.roles, l.keys, l.latency),
		below("wall time, within the budgets set", u.wall.Seconds(), 6, "%.2f s"),
		info("CPU seconds", "%.2f s", u.cpu.Seconds()),
		u.peakFigure(),
		info("requests; per second of wall time", "%d; %.0f", asked, float64(asked)/u.wall.Seconds()),
		info("requests per resource made", "%.2f", float64(asked)/float64(l.buckets+l.roles+l.keys)),
		info("CPU a request", "%.2f ms", 1000*u.cpu.Seconds()/float64(asked)),
	}, nil
}

// collect makes the command that is recorded, and then measured.
func (l *lab) collect(ctx context.Context, url string) *exec.Cmd {
	return l.cli(ctx, url, latencyAccount, "collect", "--out", filepath.Join(l.dir, "latency.assize"))
}

// record makes the account and collects it once through an overlay that keeps the answers.
func (l *lab) record(ctx context.Context, file string) (err error) {
	l.log("making %d buckets, %d roles, %d keys", l.buckets, l.roles, l.keys)
	if err := l.seedDirect(ctx); err != nil {
		return err
	}
	l.log("recording")
	fake, err := l.fakeAWS(ctx, "--upstream", l.moto.URL, "--record", file)
	if err != nil {
		return err
	}
	_, err = measure(l.collect(ctx, fake.url), 3)
	return errors.Join(err, fake.stop())
}

// seedDirect makes the account through an overlay that keeps nothing: what is
// written must not be replayed.
func (l *lab) seedDirect(ctx context.Context) error {
	fake, err := l.fakeAWS(ctx, "--upstream", l.moto.URL)
	if err != nil {
		return err
	}
	_, err = l.worker(ctx, "seed-latency", fake.url, latencyAccount)
	return errors.Join(err, fake.stop())
}

// replayed counts the calls that the recording answered; one it had no answer to
// spoils the figures.
func replayed(ctx context.Context, url string) (int, error) {
	var calls, unanswered []fakeaws.CallCount
	err := errors.Join(ask(ctx, url+"/_fakeaws/calls", &calls), ask(ctx, url+"/_fakeaws/unanswered", &unanswered))
	if err != nil {
		return 0, err
	}
	if len(unanswered) > 0 {
		return 0, fmt.Errorf("the recording lacks %d operations, such as %s %s", len(unanswered), unanswered[0].Service, unanswered[0].Operation)
	}
	n := 0
	for _, c := range calls {
		n += c.Count
	}
	return n, nil
}

func ask(ctx context.Context, url string, v any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(v)
}
