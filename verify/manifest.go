package verify

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"

	"github.com/assize-dev/assize/evidence"
)

// manifest holds every file of the archive against the manifest, and the manifest against its signature.
func (v *verifier) manifest(archive *zip.Reader) error {
	f := v.files[evidence.BundleManifest]
	if f == nil {
		return errors.New(evidence.BundleManifest + " is missing")
	}
	if f.UncompressedSize64 > maxManifest {
		return fmt.Errorf("%s has %d bytes, more than %d", f.Name, f.UncompressedSize64, int64(maxManifest))
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", evidence.BundleManifest, err)
	}
	h := sha256.New()
	listed, err := v.lines(io.TeeReader(r, h))
	if err = errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("%s: %w", evidence.BundleManifest, err)
	}
	text, err := v.small(evidence.BundleDigest)
	if err != nil {
		return err
	}
	if err := evidence.OpenBundle(text, evidence.Digest(h.Sum(nil)), v.log); err != nil {
		v.fault(evidence.BundleDigest, "%v", err)
	}
	v.order(archive, listed)
	return v.contents(listed)
}

// lines reads the manifest.
func (v *verifier) lines(r io.Reader) ([]evidence.BundleFile, error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 1<<16), maxSmall)
	if !in.Scan() {
		return nil, errors.Join(errors.New("it is empty"), in.Err())
	}
	if err := strict(in.Bytes(), &v.report.Header); err != nil {
		return nil, err
	}
	if v.report.Header.Format != evidence.BundleFormat {
		return nil, fmt.Errorf("format %.40q: this verifier knows %s", v.report.Header.Format, evidence.BundleFormat)
	}
	var listed []evidence.BundleFile
	v.bodies = map[int64]evidence.Digest{}
	for in.Scan() {
		var f evidence.BundleFile
		if err := strict(in.Bytes(), &f); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(listed)+2, err)
		}
		if f.Leaf != nil {
			if d, ok := v.bodies[*f.Leaf]; ok && d != f.SHA256 {
				v.fault(f.Path, "it is given as the body of leaf %d beside another file with other bytes", *f.Leaf)
			}
			v.bodies[*f.Leaf] = f.SHA256
		}
		if strings.HasPrefix(f.Path, evidence.BundleLeaves) {
			v.leaves = append(v.leaves, f.Path)
		}
		listed = append(listed, f)
	}
	return listed, in.Err()
}

// strict decodes a line of JSON that must be in canonical form.
func strict(line []byte, into any) error {
	if err := json.Unmarshal(line, into); err != nil {
		return err
	}
	again, err := evidence.Canonical(into)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, line) {
		return errors.New("a line is not in canonical form")
	}
	return nil
}

// order refuses files that the manifest does not list, that stand twice, or in another order. The manifest and
// its signature come last.
func (v *verifier) order(archive *zip.Reader, listed []evidence.BundleFile) {
	want := make([]string, 0, len(listed)+2)
	for _, f := range listed {
		want = append(want, f.Path)
	}
	want = append(want, evidence.BundleManifest, evidence.BundleDigest)
	for i := range max(len(want), len(archive.File)) {
		switch {
		case i >= len(archive.File):
			v.fault(want[i], "it is missing")
			return
		case i >= len(want):
			v.fault(archive.File[i].Name, "the manifest does not list it")
			return
		case archive.File[i].Name != v.root+want[i]:
			v.fault(archive.File[i].Name, "the manifest has %.200q in its place", want[i])
			return
		}
	}
}

// contents hashes every listed file, several at a time.
func (v *verifier) contents(listed []evidence.BundleFile) error {
	faults := make([]string, len(listed))
	work := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range work {
				faults[i] = v.content(&listed[i])
			}
		})
	}
	for i := range listed {
		work <- i
	}
	close(work)
	wg.Wait()
	for i, what := range faults {
		if what != "" {
			v.fault(listed[i].Path, "%s", what)
		}
	}
	v.report.Files = len(listed)
	return nil
}

func (v *verifier) content(want *evidence.BundleFile) string {
	f := v.files[want.Path]
	if f == nil {
		return "it is missing"
	}
	if f.UncompressedSize64 != uint64(want.Size) {
		return fmt.Sprintf("it has %d bytes, the manifest says %d", f.UncompressedSize64, want.Size)
	}
	r, err := f.Open()
	if err != nil {
		return err.Error()
	}
	digest, _, err := evidence.DigestReader(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return err.Error()
	}
	if digest != want.SHA256 {
		return fmt.Sprintf("its digest is %s, the manifest says %s", digest, want.SHA256)
	}
	return ""
}
