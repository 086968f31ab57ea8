package aws

import (
	"context"
	"fmt"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// Own returns the account that the credentials of the source belong to. It makes one call.
func (s *Source) Own(ctx context.Context) (assize.Account, error) {
	a, err := s.enter(ctx, collect.NewRunner(s.opts.Limits, classify), s.opts.Accounts[0])
	if err != nil {
		return assize.Account{}, fmt.Errorf("ask whose credentials these are: %w", err)
	}
	return assize.Account{ID: a.id, Name: a.name, Partition: a.partition}, nil
}
