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
	if f := v.files[evidence.BundleManifest]; f != nil && f.UncompressedSize64 > maxManifest(archive) {
		return fmt.Errorf("%s has %d bytes, more than lines about the files of the archive can have", evidence.BundleManifest, f.UncompressedSize64)
	}
	h := sha256.New()
	var listed []*evidence.BundleFile
	err := v.with(evidence.BundleManifest, func(r io.Reader) (err error) {
		listed, err = v.lines(io.TeeReader(r, h))
		return err
	})
	if err != nil {
		return err
	}
	text, err := v.small(evidence.BundleDigest)
	if err != nil {
		return err
	}
	if err := evidence.OpenBundle(text, evidence.Digest(h.Sum(nil)), v.log); err != nil {
		v.fault(evidence.BundleDigest, "%v", err)
	}
	v.order(archive, listed)
	v.contents(listed)
	return nil
}

// perLine is more than a line of the manifest has beside the name of its file.
const perLine = 200

// maxManifest is more bytes than a manifest about the files of an archive has. Its lines are held before the signature
// is known to be good, and packed a thousand of them may be as small as one.
func maxManifest(archive *zip.Reader) uint64 {
	size := uint64(maxSmall) // the first line
	for _, f := range archive.File {
		size += uint64(len(f.Name)) + perLine
	}
	return size
}

// lines reads the manifest.
func (v *verifier) lines(r io.Reader) ([]*evidence.BundleFile, error) {
	in := bufio.NewReader(r)
	first, err := readLine(in)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(first, &v.report.Header); err != nil {
		return nil, err
	}
	again, err := evidence.Canonical(v.report.Header)
	if err != nil || !bytes.Equal(again, first) {
		return nil, errors.New("its first line is not in canonical form")
	}
	if v.report.Header.Format != evidence.BundleFormat {
		return nil, fmt.Errorf("format %.40q: this verifier knows %s", v.report.Header.Format, evidence.BundleFormat)
	}
	var listed []*evidence.BundleFile
	v.bodies = map[int64]evidence.Digest{}
	for {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return listed, nil
		}
		if err != nil {
			return nil, err
		}
		f, err := evidence.ParseBundleFile(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(listed)+2, err)
		}
		if f.Leaf != nil {
			if _, ok := v.bodies[*f.Leaf]; ok {
				v.fault(f.Path, "it is given as the body of leaf %d, and so is another file", *f.Leaf)
			}
			v.bodies[*f.Leaf] = f.SHA256
		}
		if strings.HasPrefix(f.Path, evidence.BundleLeaves) {
			v.leaves = append(v.leaves, f.Path)
		}
		listed = append(listed, f)
	}
}

// readLine reads a line that ends in a line feed, of at most maxSmall bytes; io.EOF when there is no more. What
// it returns holds until the next call.
func readLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	var whole []byte
	for errors.Is(err, bufio.ErrBufferFull) && len(whole) < maxSmall {
		whole = append(whole, line...)
		line, err = in.ReadSlice('\n')
	}
	if whole != nil {
		line = append(whole, line...)
	}
	switch {
	case errors.Is(err, io.EOF) && len(line) > 0:
		return nil, errors.New("its last line does not end in a line feed")
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, fmt.Errorf("a line has more than %d bytes", maxSmall)
	case err != nil:
		return nil, err
	}
	return line[:len(line)-1], nil
}

// order refuses files that the manifest does not list, that stand twice, or in another order. The manifest and
// its signature come last.
func (v *verifier) order(archive *zip.Reader, listed []*evidence.BundleFile) {
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

// perTurn is how many files a worker takes at a time.
const perTurn = 64

// contents hashes every listed file, several at a time.
func (v *verifier) contents(listed []*evidence.BundleFile) {
	faults := make([]string, len(listed))
	work := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for from := range work {
				for i := from; i < min(from+perTurn, len(listed)); i++ {
					faults[i] = v.content(listed[i])
				}
			}
		})
	}
	for i := 0; i < len(listed); i += perTurn {
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
}

func (v *verifier) content(want *evidence.BundleFile) string {
	f := v.files[want.Path]
	if f == nil {
		return "it is missing"
	}
	if want.Size < 0 || f.UncompressedSize64 != uint64(want.Size) {
		return fmt.Sprintf("it has %d bytes, the manifest says %d", f.UncompressedSize64, want.Size)
	}
	o, err := open(f)
	if err != nil {
		return err.Error()
	}
	defer o.close()
	digest, _, err := evidence.DigestReader(o)
	if err != nil {
		return err.Error()
	}
	if digest != want.SHA256 {
		return fmt.Sprintf("its digest is %s, the manifest says %s", digest, want.SHA256)
	}
	return ""
}
