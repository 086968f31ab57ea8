package verify

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/evidence"
)

// Report says what was found. A bundle is good when Faults is empty.
type Report struct {
	Header evidence.BundleHeader
	// Checkpoint that everything is proved against.
	Checkpoint evidence.Checkpoint
	// KeyGiven: the key came from the auditor, not from the bundle itself.
	KeyGiven bool
	Key      string
	// Files, leaves and bodies that were checked; Destroyed counts bodies with a tombstone, Unselected
	// evidence that the report leaves out by selection.
	Files, Leaves, Evidence, Bodies, Destroyed, Unselected int
	// Proved and NotProved in sentences.
	Proved, NotProved []string
	Faults            []Fault
}

// Fault is one thing that is wrong.
type Fault struct {
	// Where: a file of the bundle, or a part of one.
	Where string `json:"where"`
	What  string `json:"what"`
}

// maxFaults bounds what is reported of a bundle that is wrong throughout.
const maxFaults = 100

// Limits on input that may be hostile.
const (
	maxFiles    = 5_000_000
	maxManifest = 4 << 30
	maxSmall    = 1 << 20
)

// errTooMany ends a verification that has found enough.
var errTooMany = errors.New("too many faults")

// Bundle verifies a report bundle of size bytes. key is the verifier key that the auditor trusts (the text of
// ledger.pub); empty: the key in the bundle is used, and the report says so. The error is about reading the
// input; what is wrong with a bundle that can be read is in the report.
func Bundle(in io.ReaderAt, size int64, key string) (*Report, error) {
	v := &verifier{report: &Report{KeyGiven: key != ""}}
	archive, err := zip.NewReader(in, size)
	if err != nil {
		return nil, fmt.Errorf("the bundle is no ZIP archive that can be read: %w", err)
	}
	if err := v.run(in, size, archive, key); err != nil && !errors.Is(err, errTooMany) {
		v.fault("bundle", "%v", err)
	}
	v.conclude()
	return v.report, nil
}

type verifier struct {
	report *Report
	log    note.Verifier
	root   string
	files  map[string]*zip.File
	// bodies by ledger index: digest of the file that the manifest names as its body.
	bodies map[int64]evidence.Digest
	leaves []string
}

func (v *verifier) fault(where, format string, args ...any) {
	if len(v.report.Faults) < maxFaults {
		v.report.Faults = append(v.report.Faults, Fault{where, fmt.Sprintf(format, args...)})
	}
}

func (v *verifier) run(in io.ReaderAt, size int64, archive *zip.Reader, key string) error {
	if err := v.index(in, size, archive); err != nil {
		return err
	}
	if err := v.key(key); err != nil {
		return err
	}
	if err := v.manifest(archive); err != nil {
		return err
	}
	text, err := v.small(evidence.BundleCheckpoint)
	if err != nil {
		return err
	}
	checkpoint, err := evidence.OpenCheckpoint(text, v.log)
	if err != nil {
		return err
	}
	v.report.Checkpoint = *checkpoint
	if checkpoint.Origin != v.report.Header.Origin {
		v.fault(evidence.BundleCheckpoint, "it is of the log %q, the manifest says %q", checkpoint.Origin, v.report.Header.Origin)
	}
	return v.ledger(checkpoint)
}

// index finds the files and the two folders that all of them are in.
func (v *verifier) index(in io.ReaderAt, size int64, archive *zip.Reader) error {
	if len(archive.File) > maxFiles {
		return fmt.Errorf("%d files, more than %d", len(archive.File), maxFiles)
	}
	v.files = make(map[string]*zip.File, len(archive.File))
	for _, f := range archive.File {
		parts := strings.SplitN(f.Name, "/", 3)
		if len(parts) < 3 || path.Clean(f.Name) != f.Name || strings.HasPrefix(f.Name, "../") || strings.ContainsAny(f.Name, "\\\x00") {
			return fmt.Errorf("the name %.200q is none that a bundle has", f.Name)
		}
		root := parts[0] + "/" + parts[1] + "/"
		if v.root == "" {
			v.root = root
		}
		if root != v.root {
			return fmt.Errorf("%.200q is not below %.200q as the rest is", f.Name, v.root)
		}
		if v.files[parts[2]] != nil {
			return fmt.Errorf("%.200q stands twice", f.Name)
		}
		v.files[parts[2]] = f
	}
	return canonicalArchive(in, size, archive)
}

// key takes the auditor's key, or the bundle's own.
func (v *verifier) key(key string) error {
	own, err := v.small(evidence.BundleKey)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(string(own))
	if string(own) != text+"\n" {
		v.fault(evidence.BundleKey, "it is not in its one form")
	}
	if key = strings.TrimSpace(key); key != "" && key != text {
		v.fault(evidence.BundleKey, "the bundle was made with another key than the one that you trust")
	}
	if key == "" {
		key = text
	}
	v.report.Key = key
	if v.log, err = note.NewVerifier(key); err != nil {
		return fmt.Errorf("the key %.100q cannot be used: %w", key, err)
	}
	return nil
}

// small reads a small file of the bundle whole.
func (v *verifier) small(name string) ([]byte, error) {
	f := v.files[name]
	if f == nil {
		return nil, fmt.Errorf("%s is missing", name)
	}
	if f.UncompressedSize64 > maxSmall {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", name, f.UncompressedSize64, maxSmall)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	data, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}
