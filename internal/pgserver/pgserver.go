// Package pgserver starts a PostgreSQL server of its own for tests, on a free loopback port, and ends it.
package pgserver

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Start starts a server for the time of a test, which is skipped when PostgreSQL is not installed. Each call of
// the function that is returned makes an empty database and gives its URL. options are passed to the server
// ("fsync=off").
func Start(t *testing.T, options ...string) (database func(*testing.T) string) {
	t.Helper()
	for _, program := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("PostgreSQL is not installed: %v", err)
		}
	}
	attr, owner := owner(t)
	dir, err := os.MkdirTemp("", "pgserver-") //nolint:usetesting // only who runs the test can enter what t.TempDir lies in
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if owner != nil {
		if err := os.Chown(dir, owner[0], owner[1]); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command("initdb", "-D", data, "-A", "trust", "-U", "test", "--no-sync", "-E", "UTF8", "--locale=C")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v: %s", err, out)
	}
	port := freePort(t)
	run(t, attr, dir, data, port, options)
	url := func(name string) string {
		return fmt.Sprintf("postgres://test@127.0.0.1:%d/%s?sslmode=disable", port, name)
	}
	admin := await(t, url("postgres"))
	var n atomic.Int64
	return func(t *testing.T) string {
		t.Helper()
		name := "db" + strconv.FormatInt(n.Add(1), 10)
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
		return url(name)
	}
}

// owner is whom the server runs as: PostgreSQL refuses root.
func owner(t *testing.T) (*syscall.SysProcAttr, []int) {
	t.Helper()
	// The server ends with the test, however that ends.
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() != 0 {
		return attr, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attr, []int{uid, gid}
	}
	t.Skip("PostgreSQL refuses root, and there is neither a user postgres nor nobody")
	return nil, nil
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func run(t *testing.T, attr *syscall.SysProcAttr, dir, data string, port int, options []string) {
	t.Helper()
	args := []string{"-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", dir}
	for _, o := range options {
		args = append(args, "-c", o)
	}
	server := exec.Command("postgres", args...)
	var log bytes.Buffer
	server.SysProcAttr, server.Dir, server.Stderr = attr, dir, &log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := errors.Join(server.Process.Signal(syscall.SIGINT), server.Wait())
		if err != nil {
			t.Errorf("end of the server: %v: %s", err, log.String())
		}
	})
}

// await connects as soon as the server answers.
func await(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	const patience = 30 * time.Second
	for deadline := time.Now().Add(patience); ; {
		err := db.PingContext(t.Context())
		if err == nil {
			return db
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server does not answer: %v", err)
		}
		<-time.After(50 * time.Millisecond)
	}
}
