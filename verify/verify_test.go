package verify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/internal/reportcase"
	"github.com/assize-dev/assize/report/bundle"
	"github.com/assize-dev/assize/verify"
)

var small = reportcase.Options{Items: 12, Days: 2, Controls: 3, BodySize: 60}

// TestWhole: what is wrong with an archive as a whole.
func TestWhole(t *testing.T) {
	t.Parallel()
	_, good := write(t.Context(), t, small, true)
	// What is cut ends with the directory of the workbook inside, which is then taken for the archive's.
	end := len(good) - 22 // of the end of the central directory
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"cut at the end":        {good[:len(good)-1], "none that a bundle has"},
		"cut in the middle":     {good[:len(good)/2], "none that a bundle has"},
		"empty":                 {nil, "no ZIP archive"},
		"no archive":            {[]byte("not an archive"), "no ZIP archive"},
		"something before":      {append([]byte("#!/bin/sh\n"), good...), "one form"},
		"something behind":      {append(bytes.Clone(good), "more"...), "behind the archive"},
		"an archive comment":    {slices.Concat(good[:end], good[end:len(good)-2], []byte{4, 0}, []byte("more")), "one form"},
		"an empty archive":      {append([]byte("PK\x05\x06"), make([]byte, 18)...), "empty"},
		"the archive two times": {append(bytes.Clone(good), good...), "behind the archive"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, test.data, reportcase.Key, test.want)
		})
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	_, good := write(t.Context(), t, small, true)
	given := verified(t, good, " "+reportcase.Key+"\n")
	if !given.Good || !given.KeyGiven || strings.Contains(fmt.Sprint(given.NotProved), "who made the bundle") {
		t.Errorf("with the key: good is %t, faults %v, not proved %v", given.Good, given.Faults, given.NotProved)
	}
	headline(t, given, "The report is genuine and complete.")
	own := verified(t, good, "")
	headline(t, own, "The report fits together. Who made it is NOT PROVED: no key was given.")
	if !own.Good || own.KeyGiven || !strings.Contains(fmt.Sprint(own.NotProved), "who made the bundle") {
		t.Errorf("without a key: good is %t, faults %v, not proved %v", own.Good, own.Faults, own.NotProved)
	}
	refused(t, good, reportcase.OtherKey, "another key")
	refused(t, good, "nonsense", "cannot be used")
}

// TestHarmless: what a bundle says does nothing to a terminal, and JSON loses nothing of it.
func TestHarmless(t *testing.T) {
	t.Parallel()
	const attack = "1.0 \x1b[31m\u009b31m\u202eelif\u200b\u2028 \U000e0041 日本語"
	_, good := write(t.Context(), t, small, true)
	for name, forge := range map[string]func(*forgery){
		"of a good one": func(f *forgery) { f.header.Version = attack },
		"of a bad one":  func(f *forgery) { f.header.Version, f.header.Assessment, f.header.Report = attack, attack, attack },
		"long":          func(f *forgery) { f.header.Version, f.header.Origin = attack, strings.Repeat("x", 500_000) },
	} {
		f := takeApart(t, good)
		forge(f)
		r := verified(t, f.put(), reportcase.Key)
		var text, data bytes.Buffer
		if err := r.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		if err := r.WriteJSON(&data); err != nil {
			t.Fatal(err)
		}
		for _, out := range []string{text.String(), data.String()} {
			if i := strings.IndexFunc(out, func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); i >= 0 {
				t.Errorf("%s: %q is alive", name, out[i:min(i+20, len(out))])
			}
		}
		if text.Len() > 10_000 {
			t.Errorf("%s: people are shown %d bytes", name, text.Len())
		}
		var again verify.Report
		if err := json.Unmarshal(data.Bytes(), &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, &again); diff != "" || again.Header.Version != attack {
			t.Errorf("%s: (-want +got):\n%s", name, diff)
		}
	}
}

// TestSelection: a report of selected evidence holds exactly that.
func TestSelection(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := made(ctx, t, small)
	folders, err := c.Store.Folders(ctx, c.Assessment.ID, "control-001")
	if err != nil {
		t.Fatal(err)
	}
	item := assessment.NameID("item", "", "1")
	for _, e := range []assessment.SelectionEvent{
		{Evidence: []string{item, assessment.NameID("item", "", "2")}, Selected: true},
		{Folders: []string{folders[0].ID}, Selected: true},
		{Evidence: []string{assessment.NameID("item", "", "2")}, Selected: false},
	} {
		if err := c.Service.Select(ctx, c.Assessment.ID, "maria", e); err != nil {
			t.Fatal(err)
		}
	}
	in, err := c.Input(ctx, "selected", false)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	result, err := bundle.Write(ctx, &out, in)
	if err != nil {
		t.Fatal(err)
	}
	r := verified(t, out.Bytes(), reportcase.Key)
	if !r.Good || r.Bodies != folders[0].Total+1 || r.Bodies != result.Items || r.Unselected != 13-r.Bodies {
		t.Errorf("good is %t, %v; %d bodies, %d unselected; want %d of 13", r.Good, r.Faults, r.Bodies, r.Unselected, folders[0].Total+1)
	}
	headline(t, r, fmt.Sprintf("The report is genuine. It is of SELECTED evidence: %d of 13 pieces were left out.", r.Unselected))
	f := takeApart(t, out.Bytes())
	f.files = slices.Delete(f.files, f.body(0), f.body(0)+1)
	refused(t, f.put(), reportcase.Key, "no tombstone")
	f = takeApart(t, out.Bytes())
	f.header.All = true
	refused(t, f.put(), reportcase.Key, "do not agree")
}

// TestDestroyed: a body that was destroyed is missing without fault when the ledger has its tombstone.
func TestDestroyed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := made(ctx, t, small)
	var body evidence.Digest
	for e, err := range c.Store.Evidence(ctx, assessment.EvidenceQuery{Assessment: c.Assessment.ID, Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		body = e.Evidence.Body
	}
	tombstone, err := json.Marshal(assessment.DeletionEvent{Body: body, Reason: "retention"})
	if err != nil {
		t.Fatal(err)
	}
	leaf := evidence.Leaf{Kind: evidence.KindDeletion, Recorded: c.At, Actor: "assize", Subject: "body", Body: tombstone}
	at, err := c.Store.Locate(ctx, []evidence.Digest{body})
	if err != nil {
		t.Fatal(err)
	}
	gone := assessment.Batch{Scope: c.Assessment.ID, Leaves: []assessment.Entry{{Leaf: leaf}}, Gone: []assessment.BlobLocation{at[body]}}
	if _, err := c.Store.Commit(ctx, gone); err != nil {
		t.Fatal(err)
	}
	in, err := c.Input(ctx, "after", true)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := bundle.Write(ctx, &out, in); err != nil {
		t.Fatal(err)
	}
	r := verified(t, out.Bytes(), reportcase.Key)
	if !r.Good || r.Destroyed != 1 || r.Bodies != 12 {
		t.Errorf("good is %t, %v; %d destroyed, %d bodies: want 1 and 12", r.Good, r.Faults, r.Destroyed, r.Bodies)
	}
	headline(t, r, "The report is genuine and complete, but for 1 of 13 bodies of evidence, which were destroyed.")
}

// headline is the first line that people read: it claims no more than what was found.
func headline(t *testing.T, r *verify.Report, want string) {
	t.Helper()
	var out strings.Builder
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := strings.Cut(out.String(), "\n"); got != want {
		t.Errorf("got the headline %q, want %q", got, want)
	}
}

// TestDestroyedBefore: a tombstone speaks about what was stored before it. Who gives the same body anew later has not
// destroyed it.
func TestDestroyedBefore(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := made(ctx, t, small)
	body := []byte("The runbook.")
	digest, place := evidence.DigestOf(body), c.Framework.Groups[0]
	give := func() {
		t.Helper()
		at, err := c.Put(ctx, body)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Service.AddManual(ctx, c.Assessment.ID, "sam", assessment.Manual{
			ControlSet: place.ID, Control: place.Controls[1].ID, EffectiveFrom: c.At, Body: digest, Size: int64(len(body)),
			MediaType: "text/plain", FileName: "runbook.txt", Location: at[0],
		}); err != nil {
			t.Fatal(err)
		}
	}
	give()
	at, err := c.Store.Locate(ctx, []evidence.Digest{digest})
	if err != nil {
		t.Fatal(err)
	}
	gone := map[string][]assessment.DeletionEvent{c.Assessment.ID: {{Body: digest, Reason: "retention"}}}
	if err := c.Service.Destroy(ctx, assessment.Destruction{Segment: at[digest].Segment, Tombstones: gone}); err != nil {
		t.Fatal(err)
	}
	give()
	in, err := c.Input(ctx, "again", true)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := bundle.Write(ctx, &out, in); err != nil {
		t.Fatal(err)
	}
	if r := verified(t, out.Bytes(), reportcase.Key); !r.Good || r.Destroyed != 0 {
		t.Errorf("good is %t, %v; %d destroyed", r.Good, r.Faults, r.Destroyed)
	}
	f := takeApart(t, out.Bytes())
	f.files = slices.DeleteFunc(f.files, func(x file) bool { return bytes.Equal(x.Data, body) })
	refused(t, f.put(), reportcase.Key, "no tombstone")

	// The writer does not call it destroyed either: a body that is lost is no body that was destroyed.
	at, err = c.Store.Locate(ctx, []evidence.Digest{digest})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Store.Commit(ctx, assessment.Batch{Gone: []assessment.BlobLocation{at[digest]}}); err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Write(ctx, &out, in); err == nil || !strings.Contains(err.Error(), "is not in the store") {
		t.Errorf("a body is lost, and writing the report says %v", err)
	}
}

// TestProofs: transparency-dev/merkle accepts the proof of every leaf of a bundle, and so does our reader of proofs.
func TestProofs(t *testing.T) {
	t.Parallel()
	_, good := write(t.Context(), t, reportcase.Options{Items: 700, Days: 3, Controls: 5, BodySize: 60}, true)
	r := verified(t, good, reportcase.Key)
	log, err := note.NewVerifier(reportcase.Key)
	if err != nil {
		t.Fatal(err)
	}
	f := takeApart(t, good)
	lines := bytes.Split(bytes.TrimSpace(f.files[f.index(evidence.BundleLeaves)].Data), []byte("\n"))
	if len(lines) != r.Leaves || r.Leaves < 700 {
		t.Fatalf("%d lines, %d leaves were verified", len(lines), r.Leaves)
	}
	for _, line := range lines {
		l, err := evidence.ParseBundleLeaf(line)
		if err != nil {
			t.Fatal(err)
		}
		hashes := make([][]byte, len(l.Hashes))
		for i := range l.Hashes {
			hashes[i] = l.Hashes[i][:]
		}
		leaf := rfc6962.DefaultHasher.HashLeaf([]byte(l.Leaf))
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(l.Index), uint64(r.Checkpoint.Size), leaf, hashes, r.Checkpoint.Root[:]); err != nil {
			t.Errorf("leaf %d: %v", l.Index, err)
		}
	}
	for _, index := range []int64{0, 1, 255, 256, 699} {
		text, leaf, err := verify.Proof(bytes.NewReader(good), int64(len(good)), index)
		if err != nil {
			t.Fatal(err)
		}
		p, err := evidence.ParseProof(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Check(leaf, log); err != nil || p.Index != index {
			t.Errorf("proof of leaf %d: it is of %d: %v", index, p.Index, err)
		}
	}
	if _, _, err := verify.Proof(bytes.NewReader(good), int64(len(good)), 1_000_000); err == nil {
		t.Error("there is a proof of a leaf that is not there")
	}
}
