package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// What files that a person names may be long, in bytes.
const (
	maxWritten   = 16 << 20  // what people write: profiles, answers, registers, manifests
	maxDocument  = 64 << 20  // a framework
	maxEvaluated = 512 << 20 // the record of a plan's judgement, which has a line for each verdict
)

// readFile is os.ReadFile of at most that many bytes: a device or a file of another kind, named by mistake, is
// not read to its end. Of a pipe it reads what is written to it.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the path is what the user asks to read
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("read %s: it is longer than %d MB, which no such file is", path, most>>20)
	}
	return data, nil
}
