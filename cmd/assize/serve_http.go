package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/assize-dev/assize/assessment"
)

// handler answers health and metrics.
func (m *metrics) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", m.health)
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		if err := m.write(r.Context(), &b); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		io.WriteString(w, b.String()) //nolint:errcheck // the client has gone
	})
	return mux
}

// health is 200 when the store answers and every part worked when it was last done.
func (m *metrics) health(w http.ResponseWriter, r *http.Request) {
	var wrong []string
	if _, err := m.d.Store.Size(r.Context()); err != nil {
		wrong = append(wrong, fmt.Sprintf("store: %v", err))
	}
	m.mu.Lock()
	for _, part := range slices.Sorted(maps.Keys(m.failing)) {
		if err := m.failing[part]; err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", part, err))
		}
	}
	m.mu.Unlock()
	if len(wrong) > 0 {
		http.Error(w, strings.Join(wrong, "\n"), http.StatusServiceUnavailable)
		return
	}
	io.WriteString(w, "ok\n") //nolint:errcheck // the client has gone
}

// write writes the metrics as Prometheus text.
func (m *metrics) write(ctx context.Context, w io.Writer) error {
	size, err := m.d.Store.Size(ctx)
	if err != nil {
		return err
	}
	list, err := m.d.Store.Assessments(ctx)
	if err != nil {
		return err
	}
	states, overdue := map[assessment.Status]int{assessment.Active: 0, assessment.Inactive: 0}, 0
	for i := range list {
		states[list[i].Status]++
	}
	open, err := m.d.Store.Occurrences(ctx, assessment.OccurrenceQuery{
		States: []assessment.OccurrenceState{assessment.Pending}, DueBefore: m.d.Now(),
	})
	if err != nil {
		return err
	}
	overdue = len(open)
	m.mu.Lock()
	defer m.mu.Unlock()
	metric := func(name, kind, help string) { fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	metric("assize_assessments", "gauge", "Assessments by status.")
	for _, s := range []assessment.Status{assessment.Active, assessment.Inactive} {
		fmt.Fprintf(w, "assize_assessments{status=%q} %d\n", s, states[s])
	}
	metric("assize_occurrences_overdue", "gauge", "Open work of people that is overdue.")
	fmt.Fprintf(w, "assize_occurrences_overdue %d\n", overdue)
	metric("assize_ledger_leaves", "gauge", "Leaves in the ledger.")
	fmt.Fprintf(w, "assize_ledger_leaves %d\n", size)
	metric("assize_ledger_published_leaves", "gauge", "Leaves that the published checkpoint covers.")
	fmt.Fprintf(w, "assize_ledger_published_leaves %d\n", m.size)
	metric("assize_run_attempts_total", "counter", "Attempts at evaluations since the start, by result.")
	for _, result := range []string{"error", "ok"} {
		fmt.Fprintf(w, "assize_run_attempts_total{result=%q} %d\n", result, m.runs[result])
	}
	metric("assize_part_failing", "gauge", "1 when a part did not work when it was last done.")
	for _, part := range slices.Sorted(maps.Keys(m.failing)) {
		failing := 0
		if m.failing[part] != nil {
			failing = 1
		}
		fmt.Fprintf(w, "assize_part_failing{part=%q} %d\n", part, failing)
	}
	return nil
}
