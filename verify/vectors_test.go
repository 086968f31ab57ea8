package verify_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/internal/reportcase"
	"github.com/assize-dev/assize/verify"
)

var update = flag.Bool("update", false, "write the test vectors anew")

// vector is a bundle with what a verifier must say of it; docs/report-format.md publishes them.
type vector struct {
	File string `json:"file"`
	What string `json:"what"`
	Key  string `json:"key"`
	// Good, and of a bad one words of a fault that must be among those found.
	Good  bool   `json:"good"`
	Fault string `json:"fault,omitempty"`
	// Counts of a good one.
	Files    int `json:"files,omitempty"`
	Leaves   int `json:"leaves,omitempty"`
	Evidence int `json:"evidence,omitempty"`
	Bodies   int `json:"bodies,omitempty"`
}

const vectorFile = "testdata/vectors.json"

func TestVectors(t *testing.T) {
	t.Parallel()
	if *update {
		writeVectors(t)
	}
	data, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	bundles, err := filepath.Glob("testdata/*.zip")
	if err != nil || len(bundles) != len(vectors) {
		t.Errorf("%d vectors, %d bundles, %v", len(vectors), len(bundles), err)
	}
	for _, want := range vectors {
		r, err := verify.File(filepath.Join("testdata", want.File), want.Key)
		if err != nil {
			t.Fatal(err)
		}
		got := vector{File: want.File, What: want.What, Key: want.Key, Good: r.Good}
		if r.Good {
			got.Files, got.Leaves, got.Evidence, got.Bodies = r.Files, r.Leaves, r.Evidence, r.Bodies
		} else if slices.ContainsFunc(r.Faults, func(f verify.Fault) bool { return strings.Contains(f.What, want.Fault) }) {
			got.Fault = want.Fault
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: faults %v (-want +got):\n%s", want.File, r.Faults, diff)
		}
	}
}

func writeVectors(t *testing.T) {
	t.Helper()
	_, good := write(t.Context(), t, reportcase.Options{Items: 3, Controls: 1, BodySize: 60}, true)
	list := []struct {
		vector
		forge func(*forgery)
	}{
		{vector{File: "good.zip", What: "a genuine report", Good: true}, nil},
		{vector{File: "body-changed.zip", What: "a body was changed, nothing was signed again", Fault: "its digest is"}, func(f *forgery) {
			f.keep = true
			x := &f.files[f.body(0)]
			x.Data = bytes.Replace(x.Data, []byte("pass"), []byte("good"), 1)
		}},
		{vector{File: "body-replaced.zip", What: "the holder of the key replaced a body and signed again", Fault: "the ledger says"}, func(f *forgery) {
			f.files[f.body(0)].Data = []byte(`{"outcome":"pass"}`)
		}},
		{vector{File: "body-missing.zip", What: "the holder of the key left out a body and signed again", Fault: "no tombstone"}, func(f *forgery) {
			i := f.body(0)
			f.files = slices.Delete(f.files, i, i+1)
		}},
		{vector{File: "leaf-missing.zip", What: "the holder of the key left out an entry of the ledger and signed again", Fault: "left out"}, func(f *forgery) {
			f.lines(func(l []string) []string { return slices.Delete(l, 2, 3) })
		}},
		{vector{File: "proof-changed.zip", What: "an inclusion proof was changed and the manifest signed again", Fault: "leaf 2"}, func(f *forgery) {
			f.leaf(2, func(l *evidence.BundleLeaf) { l.Hashes[0][0] ^= 1 })
		}},
		{vector{File: "checkpoint-edited.zip", What: "the size of the checkpoint was edited and the manifest signed again", Fault: "checkpoint"}, func(f *forgery) {
			x := &f.files[f.index(evidence.BundleCheckpoint)]
			x.Data = bytes.Replace(x.Data, []byte("assize\n"), []byte("assize\n1"), 1)
		}},
		{vector{File: "other-key.zip", What: "all was signed with another key, which the bundle brings along", Fault: "another key"}, func(f *forgery) {
			f.signer = reportcase.OtherSigner
			f.files[f.index(evidence.BundleKey)].Data = []byte(reportcase.OtherKey + "\n")
			signer, err := note.NewSigner(reportcase.OtherSigner)
			if err != nil {
				t.Fatal(err)
			}
			x := &f.files[f.index(evidence.BundleCheckpoint)]
			x.Data = slices.Concat(x.Data[:bytes.Index(x.Data, []byte("\n\n"))+2], signatureOf(t, x.Data, signer))
		}},
	}
	var vectors []vector
	for _, x := range list {
		data := good
		if x.forge != nil {
			f := takeApart(t, good)
			x.forge(f)
			data = f.put()
		}
		if x.Key = reportcase.Key; x.Good {
			r := verified(t, data, x.Key)
			x.Files, x.Leaves, x.Evidence, x.Bodies = r.Files, r.Leaves, r.Evidence, r.Bodies
		}
		if err := os.WriteFile(filepath.Join("testdata", x.File), data, 0o600); err != nil {
			t.Fatal(err)
		}
		vectors = append(vectors, x.vector)
	}
	data, err := json.MarshalIndent(vectors, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(vectorFile, append(data, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}
