package verify_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/internal/reportcase"
	"github.com/assize-dev/assize/verify"
)

// forgery is a bundle taken apart. It is put together and signed again by somebody who holds the ledger's key: what
// is found then is found without the signature.
type forgery struct {
	t      *testing.T
	root   string
	header evidence.BundleHeader
	files  []file // without the root, manifest and signature
	bodies map[string]*int64
	signer string
	// keep the manifest and its signature as they were.
	keep bool
	old  []file
	// first of the headers, for dates.
	date, time uint16
}

func takeApart(t *testing.T, data []byte) *forgery {
	t.Helper()
	f := &forgery{t: t, bodies: map[string]*int64{}, signer: reportcase.SignerText}
	all := unpacked(t, data)
	parts := strings.SplitAfterN(all[0].Name, "/", 3)
	f.root = parts[0] + parts[1]
	for i := range all {
		all[i].Name = strings.TrimPrefix(all[i].Name, f.root)
	}
	f.files, f.old = slices.Clip(all[:len(all)-2]), all[len(all)-2:]
	for i, line := range strings.Split(strings.TrimSpace(string(f.old[0].Data)), "\n") {
		if i == 0 {
			if err := json.Unmarshal([]byte(line), &f.header); err != nil {
				t.Fatal(err)
			}
			continue
		}
		listed, err := evidence.ParseBundleFile([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		f.bodies[listed.Path] = listed.Leaf
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f.date, f.time = archive.File[0].ModifiedDate, archive.File[0].ModifiedTime
	return f
}

// index of the first file whose name has a part.
func (f *forgery) index(part string) int {
	i := slices.IndexFunc(f.files, func(x file) bool { return strings.Contains(x.Name, part) })
	if i < 0 {
		f.t.Fatalf("no file with %q in its name", part)
	}
	return i
}

// body is the index of the n-th body.
func (f *forgery) body(n int) int {
	for i := range f.files {
		if f.bodies[f.files[i].Name] != nil {
			if n--; n < 0 {
				return i
			}
		}
	}
	f.t.Fatal("too few bodies")
	return -1
}

// lines changes the file of leaves.
func (f *forgery) lines(change func([]string) []string) {
	x := &f.files[f.index(evidence.BundleLeaves)]
	x.Data = []byte(strings.Join(change(strings.Split(strings.TrimSpace(string(x.Data)), "\n")), "\n") + "\n")
}

// leaf changes one line of the leaves.
func (f *forgery) leaf(n int, change func(*evidence.BundleLeaf)) {
	f.lines(func(lines []string) []string {
		l, err := evidence.ParseBundleLeaf([]byte(lines[n]))
		if err != nil {
			f.t.Fatal(err)
		}
		change(l)
		lines[n] = string(l.Bytes())
		return lines
	})
}

// put writes the bundle.
func (f *forgery) put() []byte {
	f.t.Helper()
	files := slices.Clone(f.files)
	if f.keep {
		files = append(files, f.old...)
	} else {
		head, err := evidence.Canonical(f.header)
		if err != nil {
			f.t.Fatal(err)
		}
		manifest := append(head, '\n')
		for _, x := range files {
			line := evidence.BundleFile{Path: x.Name, Size: int64(len(x.Data)), SHA256: evidence.DigestOf(x.Data), Leaf: f.bodies[x.Name]}
			manifest = append(append(manifest, line.Bytes()...), '\n')
		}
		signer, err := note.NewSigner(f.signer)
		if err != nil {
			f.t.Fatal(err)
		}
		signature, err := evidence.SignBundle(evidence.DigestOf(manifest), signer)
		if err != nil {
			f.t.Fatal(err)
		}
		files = append(files, file{evidence.BundleManifest, manifest}, file{evidence.BundleDigest, signature})
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, x := range files {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: f.root + x.Name, Method: zip.Deflate, ModifiedDate: f.date, ModifiedTime: f.time}) //nolint:staticcheck // as bundles have it
		if err != nil {
			f.t.Fatal(err)
		}
		if _, err := entry.Write(x.Data); err != nil {
			f.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.t.Fatal(err)
	}
	return out.Bytes()
}

// refused reports an error unless the bundle is refused for the reason given.
func refused(t *testing.T, data []byte, key, want string) {
	t.Helper()
	r, err := verify.Bundle(bytes.NewReader(data), int64(len(data)), key)
	if err != nil {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got the error %v, want %q", err, want)
		}
		return
	}
	if r.Good || !strings.Contains(fmt.Sprint(r.Faults), want) {
		t.Errorf("good is %t; faults %v; want %q", r.Good, r.Faults, want)
	}
	if r.Good == (len(r.Proved) == 0) {
		t.Errorf("good is %t, and it says that is proved: %v", r.Good, r.Proved)
	}
}

// TestForged: bundles that somebody has changed with care. Where keep is not set the forger holds the key.
func TestForged(t *testing.T) {
	t.Parallel()
	c, good := write(t.Context(), t, reportcase.Options{Items: 12, Days: 2, Controls: 3, BodySize: 60}, true)
	_, replay := write(t.Context(), t, reportcase.Options{Items: 12, Days: 2, Controls: 3, BodySize: 60, Salt: "another"}, true)
	older := takeApart(t, good).files[takeApart(t, good).index(evidence.BundleCheckpoint)].Data
	later, err := c.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	other := takeApart(t, replay)
	for _, test := range []struct {
		name, want string
		forge      func(*forgery)
	}{
		{"a file is left out", "has \"VERIFY.md\" in its place", func(f *forgery) { f.keep = true; f.files = slices.Delete(f.files, 2, 3) }},
		{"a file is added", "in its place", func(f *forgery) { f.keep = true; f.files = append(f.files, file{"more.txt", []byte("x")}) }},
		{"two files are swapped", "in its place", func(f *forgery) { f.keep = true; f.files[0], f.files[1] = f.files[1], f.files[0] }},
		{"the contents of two bodies are swapped", "its digest is", func(f *forgery) {
			f.keep = true
			a, b := &f.files[f.body(0)], &f.files[f.body(1)]
			a.Data, b.Data = b.Data, a.Data
		}},
		{"the folder is renamed", "the manifest says", func(f *forgery) { f.keep = true; f.root = "another-00000000/report-00000000/" }},
		{"a name leads elsewhere", "none that a bundle has", func(f *forgery) { f.files[0].Name = "../../../etc/passwd" }},
		{"a name with a backslash", "none that a bundle has", func(f *forgery) { f.files[0].Name = `a\b` }},
		{"a name that is not plain", "none that a bundle has", func(f *forgery) { f.files[0].Name = "Summary\u202efdp.exe" }},
		{"a body is replaced", "the ledger says", func(f *forgery) { f.files[f.body(0)].Data = []byte("better") }},
		{"bodies are given to other leaves", "the ledger says", func(f *forgery) {
			a, b := f.files[f.body(0)].Name, f.files[f.body(1)].Name
			f.bodies[a], f.bodies[b] = f.bodies[b], f.bodies[a]
		}},
		{"a body is left out", "no tombstone", func(f *forgery) { i := f.body(0); f.files = slices.Delete(f.files, i, i+1) }},
		{"a body of nothing", "no such evidence", func(f *forgery) { n := int64(900); f.bodies["README.txt"] = &n }},
		{"a body twice", "and so is another file", func(f *forgery) { f.bodies["README.txt"] = f.bodies[f.files[f.body(0)].Name] }},
		{"the bundle says that it is of a selection", "do not agree", func(f *forgery) { f.header.All = false }},
		{"another date", "do not agree", func(f *forgery) { f.header.Created = f.header.Created.AddDate(0, 0, 2) }},
		{"another date of the files", "its files are of", func(f *forgery) { f.date++ }},
		{"another framework", "has pinned", func(f *forgery) { f.files[f.index(evidence.BundleFramework)].Data = []byte("{}") }},
		{"another framework everywhere", "has pinned", func(f *forgery) {
			f.files[f.index(evidence.BundleFramework)].Data = []byte("{}")
			f.header.Framework = evidence.DigestOf([]byte("{}"))
		}},
		{"no framework", "missing", func(f *forgery) { i := f.index(evidence.BundleFramework); f.files = slices.Delete(f.files, i, i+1) }},
		{"a leaf is left out", "left out", func(f *forgery) { f.lines(func(l []string) []string { return slices.Delete(l, 3, 4) }) }},
		{"the last leaves are left out", "missing at the end", func(f *forgery) { f.lines(func(l []string) []string { return l[:len(l)-2] }) }},
		{"a leaf twice", "repeated", func(f *forgery) { f.lines(func(l []string) []string { return slices.Insert(l, 3, l[3]) }) }},
		{"leaves are reordered", "reordered", func(f *forgery) { f.lines(func(l []string) []string { l[3], l[4] = l[4], l[3]; return l }) }},
		{"no leaves", "no leaves", func(f *forgery) { i := f.index(evidence.BundleLeaves); f.files = slices.Delete(f.files, i, i+1) }},
		{"a leaf is edited", "leaf", func(f *forgery) {
			f.leaf(2, func(l *evidence.BundleLeaf) { l.Leaf = strings.Replace(l.Leaf, `"assize"`, `"nobody"`, 1) })
		}},
		{"a leaf that is none", "leaf", func(f *forgery) { f.leaf(2, func(l *evidence.BundleLeaf) { l.Leaf = "{}" }) }},
		{"two leaves change places", "leaf", func(f *forgery) {
			f.lines(func(l []string) []string {
				a, _ := evidence.ParseBundleLeaf([]byte(l[2]))
				b, _ := evidence.ParseBundleLeaf([]byte(l[3]))
				a.Leaf, b.Leaf = b.Leaf, a.Leaf
				l[2], l[3] = string(a.Bytes()), string(b.Bytes())
				return l
			})
		}},
		{"a proof is cut", "leaf", func(f *forgery) { f.leaf(2, func(l *evidence.BundleLeaf) { l.Hashes = l.Hashes[1:] }) }},
		{"a proof is longer", "leaf", func(f *forgery) { f.leaf(2, func(l *evidence.BundleLeaf) { l.Hashes = append(l.Hashes, l.Hashes[0]) }) }},
		{"a proof is changed", "leaf", func(f *forgery) { f.leaf(2, func(l *evidence.BundleLeaf) { l.Hashes[0][5] ^= 1 }) }},
		{"a proof of another place", "leaf", func(f *forgery) { f.leaf(2, func(l *evidence.BundleLeaf) { l.Index += 100 }) }},
		{"a proof of a place before", "leaf", func(f *forgery) { f.leaf(2, func(l *evidence.BundleLeaf) { l.Index = -1 }) }},
		{"an edited checkpoint", "checkpoint", func(f *forgery) {
			x := &f.files[f.index(evidence.BundleCheckpoint)]
			x.Data = bytes.Replace(x.Data, []byte("\n"), []byte("\n1"), 1)
		}},
		{"a checkpoint of another log", "leaf", func(f *forgery) {
			f.files[f.index(evidence.BundleCheckpoint)].Data = other.files[other.index(evidence.BundleCheckpoint)].Data
		}},
		{"a checkpoint signed by another", "checkpoint", func(f *forgery) {
			signer, err := note.NewSigner(reportcase.OtherSigner)
			if err != nil {
				t.Fatal(err)
			}
			f.files[f.index(evidence.BundleCheckpoint)].Data = slices.Concat(older[:bytes.Index(older, []byte("\n\n"))+2], signatureOf(t, older, signer))
		}},
		{"leaves of another assessment", "not of the assessment", func(f *forgery) {
			f.files[f.index(evidence.BundleLeaves)].Data = other.files[other.index(evidence.BundleLeaves)].Data
		}},
		{"all of another assessment under this name", "not of the assessment", func(f *forgery) {
			h := f.header
			*f = *takeApart(t, replay)
			f.header.Assessment, f.header.Report = h.Assessment, h.Report
		}},
		{"another report", "missing at the end", func(f *forgery) { f.header.Report = "00000000-0000-0000-0000-000000000000" }},
		{"fewer leaves", "missing at the end", func(f *forgery) { f.header.Last-- }},
		{"another origin", "the manifest says", func(f *forgery) { f.header.Origin = "test.example/other" }},
		{"another format", "format", func(f *forgery) { f.header.Format = "assize-report/2" }},
		{"signed again with another key", "another key", func(f *forgery) {
			f.signer = reportcase.OtherSigner
			f.files[f.index(evidence.BundleKey)].Data = []byte(reportcase.OtherKey + "\n")
		}},
		{"a manifest that is too long for its files", "more than lines about the files of the archive can have", func(f *forgery) {
			f.keep = true
			line := (&evidence.BundleFile{}).Bytes()
			f.old[0].Data = append(f.old[0].Data, bytes.Repeat(append(line, '\n'), 20_000)...)
		}},
		{"signed again, key left", "signature", func(f *forgery) { f.signer = reportcase.OtherSigner }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := takeApart(t, good)
			f.t = t
			test.forge(f)
			refused(t, f.put(), reportcase.Key, test.want)
		})
	}
	if r := verified(t, takeApart(t, good).put(), reportcase.Key); !r.Good {
		t.Errorf("a bundle that was put together again unchanged: %v", r.Faults)
	}
	f := takeApart(t, good)
	f.files[f.index(evidence.BundleCheckpoint)].Data = later
	if r := verified(t, f.put(), reportcase.Key); !r.Good {
		t.Errorf("the same checkpoint, signed again: %v", r.Faults)
	}
}

// signatureOf signs the text of a checkpoint.
func signatureOf(t *testing.T, checkpoint []byte, signer note.Signer) []byte {
	t.Helper()
	text := checkpoint[:bytes.Index(checkpoint, []byte("\n\n"))+1]
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed[len(text)+1:]
}
