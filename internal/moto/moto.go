// Package moto runs moto_server, an emulator of AWS, for tests and benchmarks.
//
// A test binary shares one process: [Start] begins it on first use, and it ends
// with the binary however that ends. State is separate per account and region,
// so parallel tests take an account each ([NewAccount]) and only tests
// that run alone may call [Server.Reset].
//
// What moto cannot do is listed in internal/fakeaws, which stands in front of
// it. "Works on moto" is not "works on AWS".
package moto

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// ErrMissing says that there is no moto_server to run.
var ErrMissing = errors.New("moto_server not found: run `make moto`, put it on PATH, or name it in " + ServerEnv)

const (
	// ServerEnv names the moto_server program to run.
	ServerEnv = "ASSIZE_MOTO_SERVER"
	// RequireEnv makes tests fail instead of being skipped when moto_server is
	// missing, if set to 1.
	RequireEnv = "ASSIZE_REQUIRE_ALL"
	// DefaultAccount is the account of keys that moto did not hand out.
	DefaultAccount = "123456789012"
)

// Server is a running moto_server.
type Server struct {
	// URL is its address.
	URL string

	process *process
	client  *http.Client
}

// TB is what [Start] needs of a test; *testing.T has it.
type TB interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// shared is the process of this test binary. It is not stopped by hand: see
// process.
var shared struct {
	once sync.Once
	srv  *Server
	err  error
}

// Start returns the moto_server that the tests of this binary share. Without
// one to run, the test is skipped, or fails when ASSIZE_REQUIRE_ALL=1.
func Start(tb TB) *Server {
	tb.Helper()
	shared.once.Do(func() { shared.srv, shared.err = Run(context.Background()) })
	report(tb, shared.err)
	return shared.srv
}

// report skips or fails the test when there is no server.
func report(tb TB, err error) {
	tb.Helper()
	switch {
	case errors.Is(err, ErrMissing) && os.Getenv(RequireEnv) != "1":
		tb.Skipf("NOT TESTED AGAINST AN AWS EMULATOR: %v", err)
	case err != nil:
		tb.Fatalf("moto: %v", err)
	}
}

// Run starts a moto_server of its own on a free loopback port and returns once
// it answers. [Server.Stop], the end of ctx, or the end of this process stops it.
func Run(ctx context.Context) (*Server, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	var last error
	for range 3 { // another process may take the port between probe and start
		port, err := freePort(ctx)
		if err != nil {
			return nil, err
		}
		srv, err := runOn(ctx, program, port)
		if err == nil {
			return srv, nil
		}
		last = err
	}
	return nil, last
}

// runOn starts moto_server on a port and waits until it answers.
func runOn(ctx context.Context, program, port string) (*Server, error) {
	p, err := startProcess(ctx, program, "-H", "127.0.0.1", "-p", port)
	if err != nil {
		return nil, err
	}
	s := &Server{
		URL:     "http://127.0.0.1:" + port,
		process: p, client: &http.Client{},
	}
	if err := s.waitReady(ctx); err != nil {
		p.stop()
		return nil, err
	}
	return s, nil
}

// startLimit is how long moto_server may take to answer; it needs half a second
// on an idle machine.
const startLimit = 2 * time.Minute

func (s *Server) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if err := s.call(ctx, http.MethodGet, "/moto-api/"); err == nil {
			return nil
		}
		select {
		case <-s.process.done:
			return fmt.Errorf("moto_server ended before it answered: %s", s.process.output())
		case <-ctx.Done():
			return fmt.Errorf("moto_server does not answer: %w: %s", ctx.Err(), s.process.output())
		case <-tick.C:
		}
	}
}

// Reset empties all accounts and regions. Other tests of the binary see it too.
func (s *Server) Reset(ctx context.Context) error {
	return s.call(ctx, http.MethodPost, "/moto-api/reset")
}

// Stop ends the process and those it started, and waits for it. A second call
// does nothing. The shared server of [Start] needs no stop.
func (s *Server) Stop() { s.process.stop() }

// call asks moto's own API.
func (s *Server) call(ctx context.Context, method, path string) error {
	r, err := http.NewRequestWithContext(ctx, method, s.URL+path, nil)
	if err != nil {
		return fmt.Errorf("moto %s: %w", path, err)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		return fmt.Errorf("moto %s: %w", path, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("moto %s: answered %s", path, resp.Status)
	}
	return nil
}

// find returns the moto_server to run: of the environment, of the repository's
// own virtual environment, or on PATH.
func find() (string, error) {
	if named := os.Getenv(ServerEnv); named != "" {
		program, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("%s: %w", ServerEnv, err)
		}
		return program, nil
	}
	if root, ok := moduleRoot(); ok {
		program := filepath.Join(root, ".cache", "moto", "bin", "moto_server")
		if _, err := os.Stat(program); err == nil {
			return program, nil
		}
	}
	if program, err := exec.LookPath("moto_server"); err == nil {
		return program, nil
	}
	return "", ErrMissing
}

// moduleRoot walks up from the working directory to the folder of go.mod.
func moduleRoot() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// freePort returns a loopback port nobody listened on a moment ago.
func freePort(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("moto: free port: %w", err)
	}
	defer l.Close()
	address := l.Addr().String()
	return address[strings.LastIndexByte(address, ':')+1:], nil
}
