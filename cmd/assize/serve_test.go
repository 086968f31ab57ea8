package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assize-dev/assize/examples/acme"
)

// lines is a buffer that tells when something was written.
type lines struct {
	mu      sync.Mutex
	b       bytes.Buffer
	written chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.written <- struct{}{}:
	default:
	}
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// await waits for a line and returns its first group.
func (l *lines) await(t *testing.T, pattern string) string {
	t.Helper()
	for patience := time.After(2 * time.Minute); ; {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(l.String()); m != nil {
			return m[len(m)-1]
		}
		select {
		case <-l.written:
		case <-patience:
			t.Fatalf("%q was not written:\n%s", pattern, l.String())
		}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// TestServe serves a deployment: what is queued is carried out, health and metrics answer, and it ends when it is asked to.
func TestServe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, data := filepath.Join(dir, "acme.assize"), filepath.Join(dir, "data")
	if err := os.WriteFile(file, acme.Snapshot, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	create := []string{"assessment", "create", "--data", data, "--name", "acme", "--destination", dir, "--snapshot", file, "--framework", "aws_genai_v2"}
	if code := run(t.Context(), create, &out, &out); code != 0 {
		t.Fatalf("exit %d: %s", code, out.String())
	}
	ctx, cancel := context.WithCancel(t.Context())
	told := &lines{written: make(chan struct{}, 1)}
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--publish-every", "20ms"}, told, told)
	}()
	address := told.await(t, `on (http://\S+)`)
	told.await(t, `run \S+ of assessment \S+ has ended`)
	if status, body := get(t, address+"/healthz"); status != http.StatusOK || body != "ok\n" {
		t.Errorf("health: got %d %q", status, body)
	}
	status, body := get(t, address+"/metrics")
	for _, want := range []string{`assize_assessments{status="ACTIVE"} 1`, `assize_run_attempts_total{result="ok"} 1`, `assize_part_failing{part="publish"} 0`} {
		if status != http.StatusOK || !strings.Contains(body, want+"\n") {
			t.Errorf("metrics: got %d, want %s in\n%s", status, want, body)
		}
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("exit %d: %s", code, told.String())
	}
	if _, err := os.Stat(filepath.Join(data, "ledger", "checkpoint")); err != nil {
		t.Errorf("nothing was published: %v", err)
	}
	if strings.Contains(told.String(), "error") {
		t.Errorf("errors were told:\n%s", told.String())
	}
}

// TestServeUnhealthy: a ledger that was set back makes the deployment unhealthy, and the reason is told.
func TestServeUnhealthy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	var out bytes.Buffer
	commands := [][]string{
		{"workload", "add", "--data", data, "--id", "a", "--name", "A"},
		{"ledger", "export", "--data", data, filepath.Join(dir, "tiles")},
	}
	for _, args := range commands {
		if code := run(t.Context(), args, &out, &out); code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, out.String())
		}
	}
	if err := os.Remove(filepath.Join(data, "assize.db")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := &lines{written: make(chan struct{}, 1)}
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--publish-every", "20ms"}, told, told)
	}()
	address := told.await(t, `on (http://\S+)`)
	told.await(t, `error: publish the ledger: the ledger was set back`)
	if status, body := get(t, address+"/healthz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "publish: the ledger was set back") {
		t.Errorf("health: got %d %q", status, body)
	}
	cancel()
	if code := <-ended; code != exitError {
		t.Errorf("got exit %d, want %d: the last checkpoint was refused", code, exitError)
	}
	if n := strings.Count(told.String(), "error: publish"); n != 1 {
		t.Errorf("the same was told %d times", n)
	}
}
