package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

// errSkipped says that a benchmark was left out; its text says why.
var errSkipped = errors.New("left out")

// lab has what the benchmarks share: a folder, programs, moto.
type lab struct {
	options
	stderr io.Writer
	root   string // of the repository
	dir    string // removed at the end
	self   string // this program
	assize string
	fake   string
	moto   *moto.Server
}

func newLab(o options, stderr io.Writer) (*lab, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("find the repository, run this inside of it: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	dir, err := os.MkdirTemp("", "assize-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	return &lab{options: o, stderr: stderr, root: strings.TrimSpace(string(root)), dir: dir, self: self}, nil
}

// close stops what was started and removes the folder.
func (l *lab) close() {
	if l.moto != nil {
		l.moto.Stop()
	}
	if err := os.RemoveAll(l.dir); err != nil {
		l.log("not removed: %v", err)
	}
}

func (l *lab) log(format string, args ...any) { fmt.Fprintf(l.stderr, "bench: "+format+"\n", args...) }

// program builds bin/assize as make does, once.
func (l *lab) program(ctx context.Context) (string, error) {
	if l.assize == "" {
		path := filepath.Join(l.root, "bin", "assize")
		if err := l.build(ctx, path, "./cmd/assize"); err != nil {
			return "", err
		}
		l.assize = path
	}
	return l.assize, nil
}

// stand starts moto, and builds the overlay that stands in front of it.
func (l *lab) stand(ctx context.Context) error {
	if l.moto != nil {
		return nil
	}
	srv, err := moto.Run(ctx)
	if errors.Is(err, moto.ErrMissing) {
		return fmt.Errorf("%w: %w", errSkipped, err)
	}
	if err != nil {
		return err
	}
	l.moto = srv
	l.fake = filepath.Join(l.dir, "fakeaws")
	return l.build(ctx, l.fake, "./internal/fakeaws/cmd/fakeaws")
}

// buildFlags are those of the Makefile, which a test holds.
var buildFlags = []string{"-trimpath", "-ldflags=-s -w -funcalign=16", "-gcflags=github.com/aws/aws-sdk-go-v2/...=-l"}

func (l *lab) build(ctx context.Context, path, pkg string) error {
	args := slices.Concat([]string{"build"}, buildFlags, []string{"-o", path, pkg})
	cmd := exec.CommandContext(ctx, "go", args...) //nolint:gosec // packages and paths are those of this program
	cmd.Dir, cmd.Env = l.root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w: %s", pkg, err, tailOf(out))
	}
	return nil
}

// fakeAWS starts an overlay of its own process.
func (l *lab) fakeAWS(ctx context.Context, args ...string) (*server, error) {
	return startServer(ctx, l.fake, append([]string{"--until-eof"}, args...)...)
}

// cli makes a command of bin/assize that knows no AWS but the address and the
// account given, whatever the environment says.
func (l *lab) cli(ctx context.Context, url, account string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, l.assize, args...)
	cmd.Dir = l.dir
	nowhere := filepath.Join(l.dir, "no-such-file")
	cmd.Env = []string{
		"HOME=" + l.dir, "PATH=" + os.Getenv("PATH"), "AWS_ENDPOINT_URL=" + url, "AWS_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + fakeaws.AccessKey(account), "AWS_SECRET_ACCESS_KEY=fake", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=" + nowhere, "AWS_SHARED_CREDENTIALS_FILE=" + nowhere,
	}
	return cmd
}

// worker runs a job in a process of its own and returns the figures it prints.
func (l *lab) worker(ctx context.Context, job string, args ...string) ([]figure, error) {
	cmd := exec.CommandContext(ctx, l.self, append(append(append([]string{}, l.args...), "work", job), args...)...)
	cmd.Dir = l.root
	var out bytes.Buffer
	cmd.Stdout = &out
	if _, err := measure(cmd); err != nil {
		return nil, err
	}
	var figures []figure
	if err := json.Unmarshal(out.Bytes(), &figures); err != nil {
		return nil, fmt.Errorf("figures of %s: %w", job, err)
	}
	return figures, nil
}

// jobs are what workers do.
var jobs = map[string]func(ctx context.Context, o options, args []string) ([]figure, error){
	"seed-account": seedAccount,
	"seed-latency": seedLatency,
	"engine":       measureEngine,
	"library":      measureLibrary,
	"iam":          measureDecisions,
	"matrix":       measureMatrix,
	"plan":         makePlan,

	"store-write": writeStore,
	"store-read":  readStore,

	"report-fill":   fillReport,
	"report-write":  writeReport,
	"report-verify": verifyReport,
}

// work does the job of this process.
func work(ctx context.Context, o options, stdout io.Writer) error {
	job := jobs[o.job]
	if job == nil {
		return fmt.Errorf("no job %q", o.job)
	}
	figures, err := job(ctx, o, o.jobArgs)
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(figures)
}
