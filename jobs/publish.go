package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/note"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// CheckpointFile is the path of the checkpoint among the published files; the others are as C2SP tlog-tiles has them.
const CheckpointFile = "checkpoint"

// ErrSetBack means that the ledger in the store does not continue what was published.
var ErrSetBack = errors.New("the ledger was set back")

// Place is where the ledger is published.
type Place interface {
	// Read returns a file; an error that is fs.ErrNotExist when it is not there.
	Read(ctx context.Context, path string) ([]byte, error)
	// Write makes a file durable. It appears whole or not at all, and replaces one that is there.
	Write(ctx context.Context, path string, data []byte) error
	// SetAside moves all files away, to where people find them under the name.
	SetAside(ctx context.Context, name string) error
}

// Cosigner adds the signature of somebody else to a checkpoint: a witness (C2SP tlog-witness) that has seen that
// the log only grows.
type Cosigner interface {
	// Cosign returns the checkpoint with further signatures. older is the size that was published before.
	Cosign(ctx context.Context, signed []byte, older int64) ([]byte, error)
}

// PublishedLedger is what a [Publisher] needs of a store.
type PublishedLedger interface {
	assessment.Ledger
	assessment.Checkpoints
}

// Publisher signs checkpoints and publishes them with the tiles and entries that they cover.
type Publisher struct {
	Ledger PublishedLedger
	Place  Place
	// Signer and Verifier are of the ledger's key; its name is the origin of the log.
	Signer    note.Signer
	Verifier  note.Verifier
	Cosigners []Cosigner
	// Acknowledged reports whether an operator knows that the ledger does not continue a published checkpoint.
	Acknowledged func(ctx context.Context, published string) (bool, error)
}

// Published returns what was published last, and the signed text; nil when nothing was.
func (p *Publisher) Published(ctx context.Context) (*evidence.Checkpoint, []byte, error) {
	signed, err := p.Place.Read(ctx, CheckpointFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil // nothing was published yet
	}
	if err != nil {
		return nil, nil, fmt.Errorf("published checkpoint: %w", err)
	}
	c, err := evidence.OpenCheckpoint(signed, p.Verifier)
	if err != nil {
		return nil, nil, fmt.Errorf("published checkpoint: %w", err)
	}
	return c, signed, nil
}

// Publish signs the ledger as it is and publishes it, when it has grown. The order is: tiles and entries, the
// checkpoint into the store, the checkpoint among the published files. A crash between any two leaves a
// published ledger that is whole, and the next call goes on. It refuses with [ErrSetBack] when the ledger does
// not continue what was signed before, until that is acknowledged. When another process has signed a larger ledger
// meanwhile, it does so too.
func (p *Publisher) Publish(ctx context.Context) (*evidence.Checkpoint, []byte, error) {
	for attempt := 1; ; attempt++ {
		c, signed, err := p.publish(ctx)
		if attempt == publishAttempts || !errors.Is(err, assessment.ErrConflict) {
			return c, signed, err
		}
	}
}

// publishAttempts bounds how often another process may be faster.
const publishAttempts = 5

func (p *Publisher) publish(ctx context.Context) (*evidence.Checkpoint, []byte, error) {
	old, text, err := p.continued(ctx)
	if err != nil {
		return nil, nil, err
	}
	size, err := p.Ledger.Size(ctx)
	if err != nil {
		return nil, nil, err
	}
	if old != nil && old.Size == size {
		return old, text, nil
	}
	from := int64(0)
	if old != nil {
		from = old.Size
	}
	c, signed, err := p.sign(ctx, size, from)
	if err != nil {
		return nil, nil, err
	}
	if err := p.files(ctx, from, size); err != nil {
		return nil, nil, err
	}
	if err := p.Ledger.SaveCheckpoint(ctx, size, signed); err != nil {
		return nil, nil, fmt.Errorf("keep checkpoint: %w", err)
	}
	if err := p.Place.Write(ctx, CheckpointFile, signed); err != nil {
		return nil, nil, fmt.Errorf("publish checkpoint: %w", err)
	}
	return c, signed, nil
}

func (p *Publisher) sign(ctx context.Context, size, from int64) (*evidence.Checkpoint, []byte, error) {
	root, err := evidence.Root(size, p.hashes(ctx))
	if err != nil {
		return nil, nil, fmt.Errorf("root of the ledger at %d: %w", size, err)
	}
	c := &evidence.Checkpoint{Origin: p.Signer.Name(), Size: size, Root: root}
	signed, err := c.Sign(p.Signer)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range p.Cosigners {
		if signed, err = w.Cosign(ctx, signed, from); err != nil {
			return nil, nil, fmt.Errorf("cosign checkpoint of size %d: %w", size, err)
		}
	}
	return c, signed, nil
}

func (p *Publisher) hashes(ctx context.Context) evidence.HashReader { return reader{ctx, p.Ledger} }

// reader reads stored hashes out of a ledger.
type reader struct {
	ctx    context.Context // tlog.HashReader has none
	ledger assessment.Ledger
}

// ReadHashes implements [evidence.HashReader].
func (r reader) ReadHashes(indexes []int64) ([]evidence.Hash, error) {
	return r.ledger.Hashes(r.ctx, indexes)
}

// files publishes the tiles and bundles of entries that are new between two sizes.
func (p *Publisher) files(ctx context.Context, from, size int64) error {
	put := func(f evidence.File) error { return p.Place.Write(ctx, f.Path, f.Data) }
	if err := evidence.Tiles(from, size, p.hashes(ctx), put); err != nil {
		return fmt.Errorf("publish tiles: %w", err)
	}
	var bundle []byte
	n := from / evidence.TileWidth
	for stored, err := range p.Ledger.Leaves(ctx, n*evidence.TileWidth, size) {
		if err != nil {
			return fmt.Errorf("publish entries: %w", err)
		}
		if bundle, err = evidence.AppendEntry(bundle, stored.Bytes); err != nil {
			return fmt.Errorf("publish entry %d: %w", stored.Index, err)
		}
		width := stored.Index - n*evidence.TileWidth + 1
		if width < evidence.TileWidth && stored.Index+1 < size {
			continue
		}
		if err := put(evidence.File{Path: evidence.BundlePath(n, int(width)), Data: bundle}); err != nil {
			return fmt.Errorf("publish entries: %w", err)
		}
		bundle, n = nil, n+1
	}
	return nil
}

// continued returns what was published, after it has made sure that the ledger continues it, and what the
// store has signed. What was published and is acknowledged to be of another history is set aside.
func (p *Publisher) continued(ctx context.Context) (*evidence.Checkpoint, []byte, error) {
	published, text, err := p.Published(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := p.kept(ctx); err != nil {
		return nil, nil, err
	}
	if published == nil {
		return nil, nil, nil // nothing was published yet
	}
	why := p.Continues(ctx, published)
	if !errors.Is(why, ErrSetBack) {
		return published, text, why
	}
	known, err := p.Acknowledged(ctx, string(text))
	if err != nil {
		return nil, nil, err
	}
	if !known {
		return nil, nil, why
	}
	name := fmt.Sprintf("before-%d-%x", published.Size, published.Root[:4])
	if err := p.Place.SetAside(ctx, name); err != nil {
		return nil, nil, fmt.Errorf("set the published ledger aside: %w", err)
	}
	return nil, nil, nil // it begins anew
}

// kept holds the ledger against the last checkpoint in the store itself.
func (p *Publisher) kept(ctx context.Context) error {
	_, signed, err := p.Ledger.LastCheckpoint(ctx)
	if err != nil || signed == nil {
		return err
	}
	c, err := evidence.OpenCheckpoint(signed, p.Verifier)
	if err != nil {
		return fmt.Errorf("last checkpoint in the store: %w", err)
	}
	return p.Continues(ctx, c)
}

// Continues reports whether the ledger in the store continues a checkpoint: nil, or an error that is
// [ErrSetBack] and says how not.
func (p *Publisher) Continues(ctx context.Context, c *evidence.Checkpoint) error {
	size, err := p.Ledger.Size(ctx)
	if err != nil {
		return err
	}
	if size < c.Size {
		return fmt.Errorf("%w: a checkpoint of size %d was signed, the store has %d leaves. "+
			"Restore the newer database, or say that you know: assize ledger acknowledge", ErrSetBack, c.Size, size)
	}
	root, err := evidence.Root(c.Size, p.hashes(ctx))
	if err != nil {
		return fmt.Errorf("root of the ledger at %d: %w", c.Size, err)
	}
	if root != c.Root {
		return fmt.Errorf("%w: the first %d leaves are not those of the checkpoint that was signed. "+
			"Restore the right database, or say that you know: assize ledger acknowledge", ErrSetBack, c.Size)
	}
	return nil
}
