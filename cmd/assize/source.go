package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/library"
)

// sourceFlags say what is read: an account, or a snapshot of one.
type sourceFlags struct {
	from       string
	regions    []string
	profile    string
	roleARN    string
	externalID string
	accounts   []string
	units      []string
	roleName   string
	resume     string
	collectors []string
}

func (s *sourceFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringSliceVar(&s.regions, "regions", nil, `Regions to read, or "all" that are enabled (default: the configured Region)`)
	f.StringVar(&s.profile, "profile", "", "profile of the AWS configuration (default: the SDK's default chain)")
	f.StringVar(&s.roleARN, "role-arn", "", "role to take on in the account to read")
	f.StringVar(&s.externalID, "external-id", "", "external id that the role asks for")
	f.StringSliceVar(&s.accounts, "accounts", nil, `accounts to read: ids, or "org" for all of the organization; needs --role-name`)
	f.StringSliceVar(&s.units, "ous", nil, `with --accounts org: only accounts in and under these organizational units (ids, or paths as "Workloads/AI")`)
	f.StringVar(&s.roleName, "role-name", "", "role to take on in each of --accounts; that of the credentials is read as it is")
	f.StringVar(&s.resume, "resume", "", "folder that keeps what was gathered, so that a run that was cut short goes on")
	f.StringSliceVar(&s.collectors, "collectors", nil, "only these collectors (see: assize permissions)")
}

func (s *sourceFlags) addFrom(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.from, "from", "", "read a snapshot instead of an account")
}

// liveFlags have a meaning only where an account is read.
var liveFlags = []string{"regions", "profile", "role-arn", "external-id", "accounts", "ous", "role-name", "resume", "collectors"}

func (s *sourceFlags) validate(cmd *cobra.Command) error {
	if s.from != "" {
		for _, name := range liveFlags {
			if cmd.Flags().Changed(name) {
				return fmt.Errorf("--%s has no meaning with --from: a snapshot holds what was read", name)
			}
		}
	}
	if s.externalID != "" && s.roleARN == "" && s.roleName == "" {
		return errors.New("--external-id goes with --role-arn or --role-name")
	}
	return s.validateAccounts()
}

// allAccounts is what --accounts calls all accounts of the organization.
const allAccounts = "org"

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

func (s *sourceFlags) validateAccounts() error {
	switch {
	case len(s.accounts) == 0 && (s.roleName != "" || len(s.units) > 0):
		return errors.New("--role-name and --ous go with --accounts")
	case len(s.accounts) == 0:
		return nil
	case s.roleARN != "":
		return errors.New("--role-arn is the way into one account; with --accounts, say --role-name")
	case s.roleName == "":
		return errors.New("--accounts needs the name of the role that assize takes on in each: --role-name")
	case slices.Contains(s.accounts, allAccounts) && len(s.accounts) > 1:
		return errors.New("--accounts takes org or ids, not both")
	case s.accounts[0] == allAccounts:
		return nil
	case len(s.units) > 0:
		return errors.New("--ous goes with --accounts org")
	}
	for _, id := range s.accounts {
		if !accountID.MatchString(id) {
			return fmt.Errorf("--accounts %q: want an account id of 12 digits, or org", id)
		}
	}
	return nil
}

// options are what the source is made of.
func (s *sourceFlags) options(lib *library.Library) aws.Options {
	opts := aws.Options{Profile: s.profile, Availability: availability{&lib.Regions}}
	if len(s.regions) > 0 && s.regions[0] != "all" {
		opts.Region = s.regions[0]
	}
	if s.roleARN != "" {
		opts.Accounts = []aws.Account{{RoleARN: s.roleARN, ExternalID: s.externalID}}
	}
	if len(s.accounts) > 0 {
		opts.Organization = &aws.Organization{Accounts: s.accounts, Units: s.units, RoleName: s.roleName, ExternalID: s.externalID}
		if s.accounts[0] == allAccounts {
			opts.Organization.Accounts = nil
		}
	}
	return opts
}

// availability adapts the library's table of Regions to the collectors.
type availability struct{ *library.Regions }

// Origin implements [collect.Availability].
func (a availability) Origin() string { return a.Source + ", " + a.Date }

// collection reads the account or the snapshot. When the user interrupts a live
// collection, what was gathered is returned with Interrupted set.
func (s *sourceFlags) collection(ctx context.Context, cmd *cobra.Command, lib *library.Library) (*collect.Collection, error) {
	if s.from != "" {
		return snapshot.Read(s.from)
	}
	opts := s.options(lib)
	bar := newProgress(cmd)
	defer bar.stop()
	opts.Limits.Progress = bar.update
	source, err := aws.New(ctx, opts)
	if err != nil {
		return nil, err
	}
	asOf := time.Now()
	target := collect.Target{Regions: s.regions, Collectors: s.collectors}
	if s.resume != "" {
		journal, err := snapshot.OpenJournal(s.resume, asOf)
		if err != nil {
			return nil, err
		}
		target.Journal, asOf = journal, journal.AsOf()
	}
	mapping, err := collect.NewMapping(lib.Definitions)
	if err != nil {
		return nil, err
	}
	c := collect.NewCollection(version, asOf)
	c.Mapping = mapping.Digest()
	if err := source.Collect(ctx, target, c.Sink()); err != nil {
		if ctx.Err() == nil {
			return nil, err
		}
		c.Interrupted = true
		fmt.Fprintln(os.Stderr, "assize: interrupted; what was gathered is kept, what is missing is inconclusive")
	}
	c.Sort()
	return c, nil
}

// inventory derives the resources of a collection.
func inventory(lib *library.Library, c *collect.Collection) (*assize.Inventory, error) {
	mapping, err := collect.NewMapping(lib.Definitions)
	if err != nil {
		return nil, err
	}
	return c.Inventory(mapping)
}
