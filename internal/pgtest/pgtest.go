// Package pgtest runs a PostgreSQL server for tests and benchmarks: of a cluster of its own in a temporary folder, on
// a free loopback port, as a user other than root.
//
// A test binary shares one server: [Start] begins it on first use, and it ends with the binary however that ends.
// Each test takes a database of its own ([Server.Database]).
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrMissing says that there is no PostgreSQL to run.
var ErrMissing = errors.New("PostgreSQL's initdb and postgres were not found: install its server, or name the folder of its programs in " + BinEnv)

const (
	// BinEnv names the folder of PostgreSQL's programs.
	BinEnv = "ASSIZE_POSTGRES_BIN"
	// RequireEnv makes tests fail instead of being skipped when PostgreSQL is missing, if set to 1.
	RequireEnv = "ASSIZE_REQUIRE_ALL"
	// superuser of the cluster. It is open to all on the loopback (trust).
	superuser = "postgres"
)

// Server is a running server.
type Server struct {
	address string
	cmd     *exec.Cmd
	stop    func()
	done    chan struct{}
	log     string // path
	count   atomic.Int64
}

// TB is what [Start] needs of a test; *testing.T has it.
type TB interface {
	Helper()
	Skipf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// shared is the server of this test binary. It is not stopped by hand: see guard.
var shared struct {
	once sync.Once
	srv  *Server
	err  error
}

// Start returns the server that the tests of this binary share. Without a PostgreSQL to run, the test is skipped, or
// fails when ASSIZE_REQUIRE_ALL=1.
func Start(tb TB) *Server {
	tb.Helper()
	shared.once.Do(func() { shared.srv, shared.err = Run(context.Background()) })
	switch err := shared.err; {
	case errors.Is(err, ErrMissing) && os.Getenv(RequireEnv) != "1":
		tb.Skipf("NOT TESTED ON POSTGRESQL: %v", err)
	case err != nil:
		tb.Fatalf("%v", err)
	}
	return shared.srv
}

// Run makes a cluster and starts a server of it. [Server.Stop], the end of ctx, or the end of this process stops it
// and removes the cluster.
func Run(ctx context.Context) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "assize-postgres-")
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	s, err := start(ctx, bin, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func start(ctx context.Context, bin, dir string) (*Server, error) {
	data := filepath.Join(dir, "data")
	become, err := asOther(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-A", "trust", "-U", superuser, "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir = dir
	become(initdb)
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("postgres: initdb: %w: %s", err, out)
	}
	var last error
	for range 3 { // another process may take the port between probe and start
		port, err := freePort(ctx)
		if err != nil {
			return nil, err
		}
		s, err := serve(ctx, filepath.Join(bin, "postgres"), dir, port, become)
		if err == nil {
			return s, nil
		}
		last = err
	}
	return nil, last
}

// guard runs a server ("$2" and what follows) in the background, ends it when its standard input ends, and removes the
// folder "$1". The other end of that pipe is held by this process and closes with it, even when a test binary panics
// or is killed. SIGINT is PostgreSQL's fast shutdown.
const guard = `dir=$1; shift
exec 3<&0
"$@" </dev/null 3<&- & child=$!
trap 'kill -INT "$child"' TERM INT
( read -r _ <&3; kill -INT "$child" ) >/dev/null 2>&1 &
wait "$child"
read -r _ <&3 || rm -rf "$dir"`

func serve(ctx context.Context, program, dir, port string, become func(*exec.Cmd)) (*Server, error) {
	s := &Server{address: net.JoinHostPort("127.0.0.1", port), done: make(chan struct{}), log: filepath.Join(dir, "log")}
	s.cmd = exec.Command("/bin/sh", "-c", guard, "postgres", dir, //nolint:noctx // it ends with its standard input
		program, "-D", filepath.Join(dir, "data"), "-p", port, "-h", "127.0.0.1", "-k", dir, "-c", "max_connections=200")
	s.cmd.Dir = dir
	become(s.cmd)
	log, err := os.Create(s.log)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	defer func() { _ = log.Close() }() // the server has it open for itself
	s.cmd.Stdout, s.cmd.Stderr = log, log
	input, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	go func() {
		defer close(s.done)
		_ = s.cmd.Wait() // how it ended is in the log
	}()
	end := sync.OnceFunc(func() { _ = input.Close() })
	context.AfterFunc(ctx, end)
	s.stop = end
	if err := s.ready(ctx); err != nil {
		text, _ := os.ReadFile(s.log) // an empty text says as much
		return nil, errors.Join(fmt.Errorf("%w: %s", err, text), s.Stop())
	}
	return s, nil
}

// startLimit is how long the server may take to answer; it needs a second on an idle machine.
const startLimit = time.Minute

func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, s.url("postgres"))
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-s.done:
			return errors.New("postgres ended before it answered")
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *Server) url(database string) string {
	return (&url.URL{Scheme: "postgres", User: url.User(superuser), Host: s.address, Path: database, RawQuery: "sslmode=disable"}).String()
}

// Database makes an empty database and returns its URL.
func (s *Server) Database(ctx context.Context) (string, error) {
	c, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return "", fmt.Errorf("postgres: %w", err)
	}
	name := fmt.Sprintf("test%d", s.count.Add(1))
	_, err = c.Exec(ctx, "CREATE DATABASE "+name)
	return s.url(name), errors.Join(err, c.Close(ctx))
}

// stopLimit is how long a fast shutdown may take.
const stopLimit = 30 * time.Second

// Stop ends the server and removes its cluster.
func (s *Server) Stop() error {
	s.stop()
	select {
	case <-s.done:
		return nil
	case <-time.After(stopLimit):
		return errors.New("postgres does not end")
	}
}

// programs returns the folder of initdb and postgres: of the environment, on PATH, or where Debian keeps the newest.
func programs() (string, error) {
	var folders []string
	if named := os.Getenv(BinEnv); named != "" {
		folders = []string{named}
	} else {
		if initdb, err := exec.LookPath("initdb"); err == nil {
			if real, err := filepath.EvalSymlinks(initdb); err == nil {
				folders = append(folders, filepath.Dir(real))
			}
		}
		debian, err := filepath.Glob("/usr/lib/postgresql/*/bin")
		if err != nil {
			return "", err
		}
		slices.Reverse(debian)
		folders = append(folders, debian...)
	}
	for _, folder := range folders {
		_, err1 := os.Stat(filepath.Join(folder, "initdb"))
		_, err2 := os.Stat(filepath.Join(folder, "postgres"))
		if err1 == nil && err2 == nil {
			return folder, nil
		}
	}
	return "", ErrMissing
}

// freePort returns a loopback port nobody listened on a moment ago.
func freePort(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("postgres: free port: %w", err)
	}
	defer l.Close()
	address := l.Addr().String()
	return address[strings.LastIndexByte(address, ':')+1:], nil
}
