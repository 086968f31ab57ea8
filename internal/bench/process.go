package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// usage is what one run of a program took.
type usage struct {
	wall time.Duration
	cpu  time.Duration // user and system
	peak int64         // resident bytes; 0 where the system does not tell
	// floored: the peak is not above that of this process, which it then may show.
	floored bool
}

// measure runs a command to its end. Exit codes of the list are successes.
func measure(cmd *exec.Cmd, codes ...int) (usage, error) {
	var stderr bytes.Buffer
	if cmd.Stderr == nil {
		cmd.Stderr = &stderr
	}
	begin := time.Now()
	err := cmd.Run()
	u := usage{wall: time.Since(begin)}
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || !contains(codes, exit.ExitCode())) {
		return u, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, tailOf(stderr.Bytes()))
	}
	u.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	u.peak = peakOf(cmd.ProcessState)
	u.floored = u.peak <= ownPeak()
	return u, nil
}

func contains(codes []int, code int) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}

func tailOf(text []byte) string {
	const most = 2000
	return strings.TrimSpace(string(text[max(0, len(text)-most):]))
}

// peakFigure holds the peak against its target.
func (u usage) peakFigure() figure {
	const what, target = "peak memory", 100
	if u.peak == 0 {
		return figure{What: what, Value: "this system does not tell", State: skipped}
	}
	f := below(what, float64(u.peak)/1e6, target, "%.0f MB")
	if u.floored {
		f.Value = "at most " + f.Value
	}
	return f
}

// server is a program that prints its address first and ends with its input.
type server struct {
	url   string
	cmd   *exec.Cmd
	input io.Closer
}

// startServer starts such a program; the end of ctx, of this process, or stop ends it.
func startServer(ctx context.Context, program string, args ...string) (*server, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	s := &server{cmd: cmd, input: input}
	line, err := bufio.NewReader(output).ReadString('\n')
	if s.url = strings.TrimSpace(line); err != nil {
		return nil, errors.Join(fmt.Errorf("%s printed no address: %w", program, err), s.stop())
	}
	return s, nil
}

// stop ends the server and waits until it has saved what it saves.
func (s *server) stop() error {
	_ = s.input.Close() // a server that is gone has no input either
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w", s.cmd.Path, err)
	}
	return nil
}
