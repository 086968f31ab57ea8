package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/assize-dev/assize/iam"
)

// awaited waits for what may never come, such as the writer of a named pipe or the end of what is typed, until the
// program is told to stop. What is waited for then goes on until the program ends.
func awaited[T any](ctx context.Context, get func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := get()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, errors.New("interrupted")
	}
}

// readPolicy reads a policy document from a file, or from in for the name "-": one byte more than one may have, so
// that the parser can tell. It may be a pipe.
func readPolicy(ctx context.Context, name string, in io.Reader) ([]byte, error) {
	doc, err := readAtMost(ctx, name, in, iam.DefaultMaxBytes+1)
	var path *fs.PathError
	switch {
	case errors.As(err, &path): // it names the file
		return nil, fmt.Errorf("read the policy: %w", err)
	case err != nil:
		return nil, fmt.Errorf("read the policy %s: %w", name, err)
	}
	return doc, nil
}

// readAtMost reads a file, or in where there is one for the name "-", up to a number of bytes.
func readAtMost(ctx context.Context, name string, in io.Reader, limit int64) ([]byte, error) {
	return awaited(ctx, func() ([]byte, error) {
		if name == "-" && in != nil {
			return io.ReadAll(io.LimitReader(in, limit))
		}
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		out, err := io.ReadAll(io.LimitReader(f, limit))
		return out, errors.Join(err, f.Close())
	})
}
