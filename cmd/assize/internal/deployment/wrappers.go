package deployment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/keys"
	"github.com/assize-dev/assize/keys/kms"
)

// keyring opens keys of KMS.
type keyring interface {
	// Open takes a key by id, alias or ARN, for new bodies.
	Open(ctx context.Context, key string) (blob.Wrapper, error)
	// Known takes one by its ARN for what it has wrapped.
	Known(ctx context.Context, key string) (blob.Wrapper, error)
}

// awsKeys is AWS KMS.
type awsKeys struct{}

func (awsKeys) Open(ctx context.Context, key string) (blob.Wrapper, error) { return kms.Open(ctx, key) }

func (awsKeys) Known(ctx context.Context, key string) (blob.Wrapper, error) {
	return kms.Known(ctx, key)
}

// wrappers opens what wraps data keys: the file in the folder, or a key of KMS; with that the file is an older one, and so
// is each key of KMS that was used before. It notes in the options which those are.
func (p *Parts) wrappers(ctx context.Context, folder string, o *Options) error {
	file, err := keys.OpenFile(folder)
	if err != nil {
		return err
	}
	if p.Wrapper = file; o.KMSKey == "" {
		return nil
	}
	ring := o.ring
	if ring == nil {
		ring = awsKeys{}
	}
	key, err := ring.Open(ctx, o.KMSKey)
	if err != nil {
		return err
	}
	p.Wrapper, p.Older = key, []blob.Wrapper{file}
	var known []string
	for _, name := range o.KMSKeys {
		open := ring.Known
		if !strings.HasPrefix(name, "arn:") { // an id or alias: KMS says which key it is
			open = ring.Open
		}
		older, err := open(ctx, name)
		if err != nil {
			return fmt.Errorf("a key that bodies of evidence were encrypted under before: %w", err)
		}
		if known = append(known, strings.TrimPrefix(older.ID(), kms.Prefix)); older.ID() != key.ID() {
			p.Older = append(p.Older, older)
		}
	}
	if name := strings.TrimPrefix(key.ID(), kms.Prefix); !slices.Contains(known, name) {
		known = append(known, name)
	}
	o.KMSKeys = known
	return nil
}
