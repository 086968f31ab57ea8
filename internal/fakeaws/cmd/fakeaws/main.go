// Command fakeaws serves package fakeaws as a process of its own, for
// benchmarks and for clients in other languages. It prints its address as the
// first line of its output and serves until it is interrupted or, with
// --until-eof, its standard input ends.
//
//	fakeaws --upstream http://127.0.0.1:5000 --memory --latency 60ms
//	fakeaws --fixtures DIR --faults faults.json
//	fakeaws --upstream http://127.0.0.1:5000 --record answers.jsonl
//	fakeaws --replay answers.jsonl --latency 60ms
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/assize-dev/assize/internal/fakeaws"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fakeaws:", err)
		os.Exit(2)
	}
}

// options are the flags.
type options struct {
	listen, upstream, fixtures, faults, record, replay string
	latency                                            time.Duration
	memory, defaults, untilEOF                         bool
}

func parseOptions(args []string) (options, error) {
	var o options
	fl := flag.NewFlagSet("fakeaws", flag.ContinueOnError)
	fl.StringVar(&o.listen, "listen", "127.0.0.1:0", "address to listen on")
	fl.StringVar(&o.upstream, "upstream", "", "address of moto, for what no fixture answers")
	fl.StringVar(&o.fixtures, "fixtures", "", "folder of fixtures, before the shipped ones")
	fl.BoolVar(&o.defaults, "defaults", true, "answer from the shipped fixtures")
	fl.StringVar(&o.faults, "faults", "", "JSON file of fault rules")
	fl.DurationVar(&o.latency, "latency", 0, "delay of every answer")
	fl.BoolVar(&o.memory, "memory", false, "ask the upstream once per request and answer from memory then")
	fl.StringVar(&o.record, "record", "", "as -memory, and save the answers to this file at the end")
	fl.StringVar(&o.replay, "replay", "", "as -memory, beginning with the answers of this file")
	fl.BoolVar(&o.untilEOF, "until-eof", false, "stop when standard input ends")
	if err := fl.Parse(args); err != nil {
		return o, err
	}
	if fl.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", fl.Arg(0))
	}
	return o, nil
}

// run serves until ctx ends, then saves the recording.
func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	o, err := parseOptions(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	srv, err := o.server()
	if err != nil {
		return err
	}
	if o.untilEOF {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		go func() {
			_, _ = io.Copy(io.Discard, stdin) // any end of the input is the end
			cancel()
		}()
	}
	if err := serve(ctx, o.listen, srv, stdout); err != nil {
		return err
	}
	return o.save(srv)
}

// server makes the server the flags describe.
func (o options) server() (*fakeaws.Server, error) {
	cfg := fakeaws.Config{Upstream: o.upstream, Latency: o.latency, Replay: o.memory || o.record != ""}
	if o.defaults {
		cfg.Fixtures = []fs.FS{fakeaws.Defaults()}
	}
	if o.fixtures != "" {
		cfg.Fixtures = append(cfg.Fixtures, os.DirFS(o.fixtures))
	}
	if o.faults != "" {
		data, err := os.ReadFile(o.faults)
		if err != nil {
			return nil, err
		}
		if cfg.Faults, err = fakeaws.ParseFaults(data); err != nil {
			return nil, fmt.Errorf("%s: %w", o.faults, err)
		}
	}
	srv, err := fakeaws.New(cfg)
	if err != nil || o.replay == "" {
		return srv, err
	}
	data, err := os.ReadFile(o.replay)
	if err != nil {
		return nil, err
	}
	if err := srv.LoadRecording(bytes.NewReader(data)); err != nil {
		return nil, fmt.Errorf("%s: %w", o.replay, err)
	}
	return srv, nil
}

// serve listens, prints the address and serves until ctx ends.
func serve(ctx context.Context, address string, h http.Handler, stdout io.Writer) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	hs := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	stopped := context.AfterFunc(ctx, func() { _ = hs.Close() }) // clients see their connections close
	defer stopped()
	fmt.Fprintf(stdout, "http://%s\n", l.Addr())
	if err := hs.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// save writes the recording when -record asks for it.
func (o options) save(srv *fakeaws.Server) error {
	if o.record == "" {
		return nil
	}
	var data bytes.Buffer
	if err := srv.SaveRecording(&data); err != nil {
		return err
	}
	return os.WriteFile(o.record, data.Bytes(), 0o644)
}
