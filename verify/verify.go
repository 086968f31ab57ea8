package verify

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/evidence"
)

// Report says what was found; as JSON it is what "assize-verify --json" prints. A bundle is good when Faults is empty.
type Report struct {
	// Good is true when there are no faults.
	Good   bool                  `json:"good"`
	Header evidence.BundleHeader `json:"bundle"`
	// Checkpoint that everything is proved against.
	Checkpoint evidence.Checkpoint `json:"checkpoint"`
	// Key is the verifier's key that was used; KeyGiven: it came from the auditor, not from the bundle itself.
	Key      string `json:"key"`
	KeyGiven bool   `json:"key_given"`
	// Files, Leaves, pieces of Evidence and their Bodies that were checked; Destroyed counts bodies with a
	// tombstone, Unselected evidence that the report leaves out by selection.
	Files      int `json:"files"`
	Leaves     int `json:"leaves"`
	Evidence   int `json:"evidence"`
	Bodies     int `json:"bodies"`
	Destroyed  int `json:"destroyed"`
	Unselected int `json:"unselected"`
	// Proved and NotProved in sentences.
	Proved    []string `json:"proved"`
	NotProved []string `json:"not_proved"`
	Faults    []Fault  `json:"faults"`
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
	maxFiles = 5_000_000
	maxSmall = 1 << 20
)

// nameCharacters are what names of files are made of: no program reads them differently, or unpacks them elsewhere.
const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/"

func strange(r rune) bool { return !strings.ContainsRune(nameCharacters, r) }

// errTooMany ends a verification that has found enough.
var errTooMany = errors.New("too many faults")

// Bundle verifies a report bundle of size bytes. key is the verifier key that the auditor trusts (the text of
// ledger.pub); empty: the key in the bundle is used, and the report says so. The error is about reading the
// input, the key among it; what is wrong with a bundle that can be read is in the report.
func Bundle(in io.ReaderAt, size int64, key string) (*Report, error) {
	if key = strings.TrimSpace(key); key != "" {
		if err := usable(key); err != nil {
			return nil, fmt.Errorf("the key that was given cannot be used: want name+hash+base64, as in ledger.pub: %w", err)
		}
	}
	v := &verifier{report: &Report{KeyGiven: key != "", Proved: []string{}, Faults: []Fault{}}}
	archive, err := read(in, size)
	if err != nil {
		return nil, err
	}
	if err := v.run(in, size, archive, key); err != nil && !errors.Is(err, errTooMany) {
		v.fault("bundle", "%v", err)
	}
	v.report.Good = len(v.report.Faults) == 0
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

func read(in io.ReaderAt, size int64) (*zip.Reader, error) {
	archive, err := zip.NewReader(in, size)
	if err != nil {
		return nil, fmt.Errorf("the bundle is no ZIP archive that can be read: %w", err)
	}
	return archive, nil
}

// opening finds the files of a bundle without checking them.
func opening(in io.ReaderAt, size int64) (*verifier, error) {
	archive, err := read(in, size)
	if err != nil {
		return nil, err
	}
	v := &verifier{report: &Report{}}
	return v, v.index(archive)
}

func (v *verifier) run(in io.ReaderAt, size int64, archive *zip.Reader, key string) error {
	if err := v.index(archive); err != nil {
		return err
	}
	if err := canonicalArchive(in, size, archive); err != nil {
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
	v.header(archive)
	if checkpoint.Origin != v.report.Header.Origin {
		v.fault(evidence.BundleCheckpoint, "it is of the log %q, the manifest says %q", checkpoint.Origin, v.report.Header.Origin)
	}
	return v.ledger(checkpoint)
}

// header holds what the manifest says of the archive as a whole against the archive.
func (v *verifier) header(archive *zip.Reader) {
	h := &v.report.Header
	if h.Folder != v.root {
		v.fault(evidence.BundleManifest, "the files lie in %.200q, the manifest says %.200q", v.root, h.Folder)
	}
	// ZIP keeps times to two seconds.
	made := archive.File[0].Modified
	if want := h.Created.UTC().Truncate(2 * time.Second); !made.Equal(want) && h.Created.Year() >= 1980 {
		v.fault("archive", "its files are of %s, the manifest was made at %s", made.UTC().Format(time.RFC3339), h.Created.UTC().Format(time.RFC3339))
	}
}

// index finds the files and the two folders that all of them are in.
func (v *verifier) index(archive *zip.Reader) error {
	if len(archive.File) > maxFiles {
		return fmt.Errorf("%d files, more than %d", len(archive.File), maxFiles)
	}
	if len(archive.File) == 0 {
		return errors.New("the archive is empty")
	}
	v.files = make(map[string]*zip.File, len(archive.File))
	for _, f := range archive.File {
		parts := strings.SplitN(f.Name, "/", 3)
		if len(parts) < 3 || path.Clean(f.Name) != f.Name || strings.HasPrefix(f.Name, "../") || strings.ContainsFunc(f.Name, strange) {
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
	return nil
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
	if key != "" && key != text {
		v.fault(evidence.BundleKey, "the bundle was made with another key than the one that you trust")
	}
	if key == "" {
		key = text
	}
	v.report.Key = key
	if v.log, err = note.NewVerifier(key); err != nil {
		return fmt.Errorf("the key of the bundle, %.100q, cannot be used: %w", key, err)
	}
	return nil
}
