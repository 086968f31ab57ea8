package bundle

import (
	"archive/zip"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// builder writes one bundle.
type builder struct {
	*content
	archive    *archive
	checkpoint *evidence.Checkpoint
	// count of items, and of bodies, once they are written.
	count, bodies int
}

// Write writes the bundle of a report to w, once through and without going back. The same input gives the same
// bytes. After an error what was written is of no use.
func Write(ctx context.Context, w io.Writer, in Input) (*Result, error) {
	result, err := write(ctx, w, &in)
	if err != nil {
		return nil, fmt.Errorf("write report %s of assessment %s: %w", in.Report.ID, in.Assessment, err)
	}
	return result, nil
}

func write(ctx context.Context, w io.Writer, in *Input) (*Result, error) {
	checkpoint, err := signedWith(in)
	if err != nil {
		return nil, err
	}
	c, err := gather(ctx, in)
	if err != nil {
		return nil, err
	}
	if c.last.Index >= checkpoint.Size {
		return nil, fmt.Errorf("the checkpoint is of %d leaves, the report was asked for in leaf %d: publish a newer one first", checkpoint.Size, c.last.Index)
	}
	root := rootFolder(c.state.Assessment.Name, in.Assessment, in.Report.Name, in.Report.ID)
	b := &builder{content: c, archive: newArchive(w, root, c.at), checkpoint: checkpoint}
	for _, step := range []func(context.Context) error{b.documents, b.evidence, b.ledger, b.sign} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	if err := b.archive.zip.Close(); err != nil {
		return nil, err
	}
	return &Result{
		Items: b.count, Bodies: b.bodies, Files: len(b.archive.files) + 2,
		Size: b.archive.out.size, Digest: b.archive.out.digest(), Folder: root,
	}, nil
}

// signedWith opens the checkpoint with the key, and holds the signer against the key.
func signedWith(in *Input) (*evidence.Checkpoint, error) {
	log, err := note.NewVerifier(in.Key)
	if err != nil {
		return nil, fmt.Errorf("verifier key: %w", err)
	}
	if in.Signer == nil || in.Signer.Name() != log.Name() || in.Signer.KeyHash() != log.KeyHash() {
		return nil, errors.New("the signer's key is not that of the verifier")
	}
	return evidence.OpenCheckpoint(in.Checkpoint, log)
}

// documents writes what people and programs read.
func (b *builder) documents(context.Context) error {
	for _, d := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"AssessmentReportSummary.pdf", b.pdf},
		{"README.txt", b.readme},
		{"VERIFY.md", b.howToVerify},
		{"report.html", b.html},
		{"controls.csv", b.controlsCSV},
		{"evidence.csv", b.evidenceCSV},
	} {
		if err := b.archive.file(d.name, d.write); err != nil {
			return err
		}
	}
	// It is packed already.
	if err := b.archive.add("report.xlsx", zip.Store, noLeaf, b.xlsx); err != nil {
		return err
	}
	if err := b.archive.file("assessment-results.json", b.oscal); err != nil {
		return err
	}
	return b.archive.text(evidence.BundleFramework, b.in.Framework)
}

// bodyFile is what the copy of a body needs.
type bodyFile struct {
	id, path string
	index    int64
	digest   evidence.Digest
	at       location
}

// evidence writes the pages of the controls, then the bodies in the order of their paths.
func (b *builder) evidence(ctx context.Context) error {
	for i := range b.controls {
		if err := b.controlPages(&b.controls[i]); err != nil {
			return err
		}
	}
	files := make([]bodyFile, 0, len(b.items))
	for _, it := range b.items {
		if it.path != "" {
			files = append(files, bodyFile{it.id, it.path, it.index, it.body, it.at})
		}
	}
	// All is said about the evidence; what follows needs the room.
	b.count, b.items, b.controls = len(b.items), nil, nil
	slices.SortFunc(files, func(x, y bodyFile) int { return cmp.Compare(x.path, y.path) })
	for i := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.body(ctx, &files[i]); err != nil {
			return fmt.Errorf("evidence %s: %w", files[i].id, err)
		}
	}
	b.bodies = len(files)
	return nil
}

// body copies one body, and makes sure that it is the one that the ledger has recorded.
func (b *builder) body(ctx context.Context, f *bodyFile) error {
	err := b.archive.add(f.path, zip.Deflate, f.index, func(w io.Writer) (err error) {
		r, err := b.in.Bodies.Open(ctx, assessment.BlobLocation{
			Digest: f.digest, Segment: f.at.segment, Offset: f.at.offset, Length: f.at.length, Size: f.at.size,
		})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.Close()) }()
		_, err = io.Copy(w, r)
		return err
	})
	if err != nil {
		return err
	}
	if got := b.archive.files[len(b.archive.files)-1].digest; got != f.digest {
		return fmt.Errorf("its body has the digest %s, the ledger says %s", got, f.digest)
	}
	return nil
}

// ledger writes the leaves with their proofs, and what they are proved against.
func (b *builder) ledger(ctx context.Context) error {
	if err := b.leaves(ctx); err != nil {
		return err
	}
	if err := b.archive.text(evidence.BundleCheckpoint, b.in.Checkpoint); err != nil {
		return err
	}
	return b.archive.text(evidence.BundleKey, []byte(b.in.Key+"\n"))
}

// sign writes the manifest and its signature, the last two files.
func (b *builder) sign(context.Context) error {
	r := &b.in.Report
	digest, err := b.archive.manifest(&evidence.BundleHeader{
		Format: evidence.BundleFormat, Folder: b.archive.root, Assessment: b.in.Assessment, Report: r.ID, Origin: b.checkpoint.Origin,
		Last: r.Last, All: r.All, Framework: b.state.Assessment.Framework.Digest, Created: b.at, Version: b.in.Version,
	})
	if err != nil {
		return err
	}
	text, err := evidence.SignBundle(digest, b.in.Signer)
	if err != nil {
		return err
	}
	_, err = b.archive.raw(evidence.BundleDigest, zip.Deflate, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	return err
}
