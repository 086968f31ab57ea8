package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// process is a run of the command within the test.
type process struct {
	url  string
	stop func() error
}

// start runs the command and reads its address.
func start(t *testing.T, args ...string) process {
	t.Helper()
	stdin, closeStdin := io.Pipe()
	stdout, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(context.WithoutCancel(t.Context()), append([]string{"--until-eof"}, args...), stdin, out)
		out.CloseWithError(err)
		ended <- err
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v", err)
	}
	return process{strings.TrimSpace(line), func() error {
		closeStdin.Close()
		return <-ended
	}}
}

// get asks for the guardrails as a client of an account would.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/guardrails", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=K/20260101/eu-west-1/bedrock/aws4_request, SignedHeaders=host, Signature=0")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestFixturesAndFaults serves a folder and rules of files.
func TestFixturesAndFaults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "fixtures", "bedrock", "ListGuardrails.json"), `{"guardrails": []}`)
	faults := write(t, filepath.Join(dir, "faults.json"), `[{"kind": "denied", "service": "bedrock", "times": 1}]`)
	p := start(t, "--fixtures", filepath.Join(dir, "fixtures"), "--faults", faults, "--latency", "1ms")
	if status, _ := get(t, p.url); status != http.StatusForbidden {
		t.Errorf("first call: %d, want the fault", status)
	}
	if status, body := get(t, p.url); status != http.StatusOK || body != `{"guardrails": []}` {
		t.Errorf("second call: %d %s", status, body)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
}

// TestRecordAndReplay saves an upstream's answers and gives them without it.
func TestRecordAndReplay(t *testing.T) {
	t.Parallel()
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "from upstream") }))
	defer up.Close()
	file := filepath.Join(t.TempDir(), "answers.jsonl")
	p := start(t, "--defaults=false", "--upstream", up.URL, "--record", file)
	if _, body := get(t, p.url); body != "from upstream" {
		t.Errorf("recording: %s", body)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	up.Close()
	p = start(t, "--defaults=false", "--replay", file)
	if _, body := get(t, p.url); body != "from upstream" {
		t.Errorf("replaying: %s", body)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
}

// TestRefused holds that what cannot be served ends the command.
func TestRefused(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none")
	bad := write(t, filepath.Join(t.TempDir(), "bad.json"), `[{"kind": "nonsense"}]`)
	for _, args := range [][]string{
		{"argument"},
		{"--nonsense"},
		{"--fixtures", none},
		{"--faults", none},
		{"--faults", bad},
		{"--replay", none},
		{"--replay", bad},
		{"--upstream", "nonsense"},
		{"--listen", "nonsense"},
	} {
		if err := run(t.Context(), args, strings.NewReader(""), io.Discard); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
}
