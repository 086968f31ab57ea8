package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"go.yaml.in/yaml/v3"
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
	data, err := readAtMost(context.Background(), path, nil, most+1)
	var named *fs.PathError
	switch {
	case errors.As(err, &named): // it names the file
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("read %s: it is longer than %d MB, which no such file is", path, most>>20)
	}
	return data, nil
}

// readYAML reads one document of YAML or JSON; fields that the value does not have, and a second document, which nobody
// would look at, are errors. Of an empty file it leaves the value as it is.
func readYAML(text []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return errors.Join(errors.New("it holds more than one document"), err)
	}
	return nil
}

// writeNew writes a file that is not there yet, whole or not at all: what people have filled in is not written over.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and is left as it is; choose another place with --out", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
