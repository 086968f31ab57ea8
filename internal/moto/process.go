package moto

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"sync"
)

// guard runs its arguments in the background and kills them when its standard
// input ends. The other end of that pipe is held by this process and closes
// with it, even when a test binary panics or is killed, so that no moto_server
// stays behind.
const guard = `exec 3<&0
"$@" </dev/null 3<&- & child=$!
trap 'kill "$child"' TERM INT
( read -r _ <&3; kill "$child" ) >/dev/null 2>&1 &
wait "$child"`

// process is a program that does not outlive this one.
type process struct {
	cmd   *exec.Cmd
	input io.Closer
	done  chan struct{}
	log   *tail
	once  sync.Once
}

// startProcess runs a program under the guard, in a process group of its own.
func startProcess(ctx context.Context, program string, args ...string) (*process, error) {
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", guard, "moto", program}, args...)...)
	p := &process{cmd: cmd, done: make(chan struct{}), log: &tail{}}
	cmd.Stdout, cmd.Stderr = p.log, p.log
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd) }
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	p.input = input
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	go func() {
		defer close(p.done)
		_ = cmd.Wait() // it is killed: its exit says nothing
	}()
	return p, nil
}

// stop kills the process group and waits for its end.
func (p *process) stop() {
	p.once.Do(func() {
		_ = p.input.Close()  // the guard ends by itself then,
		_ = killGroup(p.cmd) // and this does not wait for it
		<-p.done
	})
}

// output returns the end of what the program printed.
func (p *process) output() string { return p.log.String() }

// tail keeps the last bytes written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailSize = 4096

// Write never fails.
func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, data...)
	t.buf = bytes.Clone(t.buf[max(0, len(t.buf)-tailSize):])
	return len(data), nil
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}
