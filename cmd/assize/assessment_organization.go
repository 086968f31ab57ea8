package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/aws"
)

// wholeOrganization reports whether the accounts are those of the organization.
func (c *createFlags) wholeOrganization() bool { return slices.Contains(c.accounts, allAccounts) }

func (c *createFlags) validateOrganization() error {
	switch {
	case !c.wholeOrganization() && len(c.units) > 0:
		return errors.New("--ous goes with --account org")
	case !c.wholeOrganization():
		return nil
	case len(c.accounts) > 1:
		return errors.New("--account takes org or ids, not both")
	case c.source.Snapshot != "":
		return errors.New("--account org asks the organization; with --snapshot, leave it out to cover every account of the snapshot")
	case c.source.RoleName == "":
		return errors.New("--account org needs the name of the role that assize takes on in each account: --role-name")
	}
	return nil
}

// organization lists the accounts that the organization has now. The assessment names them: who joins later is added
// by "assessment update --account", so that the ledger says since when an account is covered.
func (c *createFlags) organization(ctx context.Context) ([]assize.Account, error) {
	source, err := aws.New(ctx, aws.Options{
		Profile:      c.source.Profile,
		Organization: &aws.Organization{Units: c.units, RoleName: c.source.RoleName, ExternalID: c.source.ExternalID},
	})
	if err != nil {
		return nil, err
	}
	accounts, gaps, err := source.Members(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range gaps {
		fmt.Fprintf(os.Stderr, "assize: account %s is not covered: %s\n", clean(g.Account), clean(g.Detail))
	}
	return accounts, nil
}
