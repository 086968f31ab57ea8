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

// Members returns the accounts that the organization of the options means, by id, and a gap for each that is not active. It
// enters none but that of the credentials. A list that cannot be read to its end is an error.
func (s *Source) Members(ctx context.Context) ([]assize.Account, []assize.Gap, error) {
	ways, gaps, err := s.opts.Organization.members(ctx, s, collect.NewRunner(s.opts.Limits, classify))
	if err != nil {
		return nil, nil, fmt.Errorf("list the accounts of the organization: %w", err)
	}
	out := make([]assize.Account, len(ways))
	for i, w := range ways {
		out[i] = assize.Account{ID: w.ID, Name: w.Name}
	}
	return out, gaps, nil
}
