package terraform

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/assize-dev/assize/collect/terraform/config"
)

// Text is the text of a configuration: of a folder, or of what a binary plan holds of it. It is
// the [Source] of the JSON of the same plan, and can be evaluated on its own.
type Text struct {
	config *config.Configuration
	kind   Kind
	digest string
	head   planHead // of a binary plan
}

// Exception is a comment "assize:except CHECK until=YYYY-MM-DD reason="…"" in a configuration.
type Exception struct {
	// Check is the id of the check.
	Check string
	// Until is the last day on which it holds, UTC.
	Until  time.Time
	Reason string
	File   string
	Line   int
	// Block is what it is for, the block that it stands in or before: "aws_s3_bucket.b", "module.x"; "" where
	// nothing follows that could be judged. Modules are the calls that lead to it, by their names: one for each
	// way to its module.
	Block   string
	Modules [][]string
}

// maxArchive bounds a binary plan, in bytes; the configurations and states in it are compressed.
const maxArchive = 512 << 20

// OpenDir reads the configuration in a folder, with its local modules and those that Terraform has downloaded.
func OpenDir(folder string) (*Text, error) {
	c, err := config.ReadFolder(folder)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	return &Text{config: c, kind: KindConfig, digest: c.Digest()}, nil
}

// OpenZip reads the configuration in a binary plan. Its values are in a form that changes from
// version to version, and are not read.
func OpenZip(r io.ReaderAt, size int64) (*Text, error) {
	if size > maxArchive {
		return nil, fmt.Errorf("read binary plan: %d bytes, more than %d", size, maxArchive)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("read binary plan: it begins as one, and is not whole or not one: make or copy it again: %w", err)
	}
	c, err := config.ReadPlan(z)
	if err != nil {
		return nil, fmt.Errorf("read binary plan: %w", err)
	}
	head, err := readHead(z)
	if err != nil {
		return nil, fmt.Errorf("read binary plan: %w: give the output of `terraform show -json` on it", err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(r, 0, size)); err != nil {
		return nil, fmt.Errorf("read binary plan: %w", err)
	}
	return &Text{config: c, kind: KindZip, digest: "sha256:" + hex.EncodeToString(h.Sum(nil)), head: head}, nil
}

// OpenZipFile opens a file and reads it; see [OpenZip].
func OpenZipFile(path string) (*Text, error) {
	f, err := os.Open(path) //nolint:gosec // the path is what the user asks to read
	if err != nil {
		return nil, fmt.Errorf("read binary plan: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read binary plan: %w", err)
	}
	t, err := OpenZip(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Exceptions are the comments of the configuration that except something, in order of file and line.
func (t *Text) Exceptions() []Exception {
	out := make([]Exception, len(t.config.Exceptions))
	for i, e := range t.config.Exceptions {
		out[i] = Exception{
			Check: e.Check, Until: e.Until, Reason: e.Reason, File: e.File, Line: e.Line, Block: e.Block,
			Modules: t.config.CallsOf(e.Folder),
		}
	}
	return out
}

// Expression implements [Source].
func (t *Text) Expression(q Query) (Expression, bool) {
	e, ok := t.config.Expression(q.Module, q.Type+"."+q.Name, q.Argument, config.Lookup(q.Lookup))
	return Expression(e), ok
}

// Position implements [Source].
func (t *Text) Position(module []string, typ, name string) (file string, line int, ok bool) {
	return t.config.Position(module, typ+"."+name)
}

// ModuleCall implements [Source].
func (t *Text) ModuleCall(module []string) (file string, line int, ok bool) {
	return t.config.Call(module)
}
