package deployment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/evidence"
)

// Body opens a body. It is assessment.ErrNotFound when there is none: it was destroyed, or never stored.
func (d *Deployment) Body(ctx context.Context, digest evidence.Digest) (io.ReadCloser, error) {
	found, err := d.Store.Locate(ctx, []evidence.Digest{digest})
	if err != nil {
		return nil, err
	}
	at, ok := found[digest]
	if !ok {
		return nil, fmt.Errorf("body %s: %w", digest, assessment.ErrNotFound)
	}
	return d.Blobs.Open(ctx, at)
}

// whole reads a body of moderate size.
func (d *Deployment) whole(ctx context.Context, digest evidence.Digest) (_ []byte, err error) {
	r, err := d.Body(ctx, digest)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(r)
}

// put makes one body durable.
func (d *Deployment) put(ctx context.Context, b blob.Body) (assessment.BlobLocation, error) {
	at, err := d.Blobs.Put(ctx, b)
	if err != nil {
		return assessment.BlobLocation{}, err
	}
	return at[0], nil
}

// Framework loads the text that an assessment has pinned.
func (d *Deployment) Framework(ctx context.Context, ref assessment.FrameworkRef) (*assize.Framework, error) {
	d.mu.Lock()
	fw := d.frameworks[ref.Digest]
	d.mu.Unlock()
	if fw != nil {
		return fw, nil
	}
	text, err := d.whole(ctx, ref.Digest)
	if err != nil {
		return nil, fmt.Errorf("framework %s %s: %w", ref.ID, ref.Version, err)
	}
	fw = &assize.Framework{}
	if err := json.Unmarshal(text, fw); err != nil {
		return nil, fmt.Errorf("framework %s %s: %w", ref.ID, ref.Version, err)
	}
	d.mu.Lock()
	d.frameworks[ref.Digest] = fw
	d.mu.Unlock()
	return fw, nil
}

// Pin stores the text of a framework and records that it is used.
func (d *Deployment) Pin(ctx context.Context, actor string, fw *assize.Framework) (assessment.FrameworkRef, error) {
	text, err := evidence.Canonical(fw)
	if err != nil {
		return assessment.FrameworkRef{}, fmt.Errorf("framework %s: %w", fw.ID, err)
	}
	ref := assessment.FrameworkRef{ID: fw.ID, Title: fw.Title, Version: fw.Version, Digest: evidence.DigestOf(text)}
	found, err := d.Store.Locate(ctx, []evidence.Digest{ref.Digest})
	if err != nil {
		return ref, err
	}
	at, ok := found[ref.Digest]
	if !ok {
		if at, err = d.put(ctx, blob.Bytes(text)); err != nil {
			return ref, err
		}
	}
	return ref, d.Service.PublishFramework(ctx, actor, ref, at)
}
