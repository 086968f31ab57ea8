package aws

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

const (
	opListAccounts          = "organizations:ListAccounts"
	opListAccountsForParent = "organizations:ListAccountsForParent"
	opListRoots             = "organizations:ListRoots"
	opListUnitsForParent    = "organizations:ListOrganizationalUnitsForParent"

	// maxUnits bounds the walk over an organization's tree.
	maxUnits = 10_000
)

// Organization chooses several accounts that are entered in one way: by a role of
// the same name in each. The account of the credentials needs none: it is read as it is.
type Organization struct {
	// Accounts by id; empty means all accounts of the organization, which its
	// management account and its delegated administrators may list.
	Accounts []string
	// Units narrow all accounts to those in and under the organizational units, each
	// named by its id ("ou-ab12-34cd5678", or "r-ab12" for a root), or by its path
	// from the root ("Workloads/AI").
	Units []string
	// RoleName is the name, with its path if it has one, of the role in each account.
	RoleName string
	// ExternalID that the roles' trust policies ask for; may be empty.
	ExternalID string
}

// members resolves the organization to ways into its accounts. Those that are not
// active are left out, each as a gap.
func (o *Organization) members(ctx context.Context, s *Source, r *collect.Runner) ([]Account, []assize.Gap, error) {
	own, err := s.enter(ctx, r, Account{})
	if err != nil {
		return nil, nil, fmt.Errorf("enter account %s: %w", Account{}, err)
	}
	if len(o.Accounts) > 0 {
		var in []Account
		for _, id := range slices.Compact(slices.Sorted(slices.Values(o.Accounts))) {
			in = append(in, o.way(own, id, ""))
		}
		return in, nil, nil
	}
	all, err := (&directory{own: own, runner: r}).accounts(ctx, o.Units)
	if err != nil {
		return nil, nil, err
	}
	var in []Account
	var gaps []assize.Gap
	for _, a := range all {
		id, name := aws.ToString(a.Id), aws.ToString(a.Name)
		if state := stateOf(a); state != string(types.AccountStateActive) {
			gaps = append(gaps, assize.Gap{
				Account: id, Operation: opListAccounts, Cause: assize.AccountNotEntered,
				Detail: fmt.Sprintf("skipped: the organization lists account %q as %s", name, state),
			})
			continue
		}
		in = append(in, o.way(own, id, name))
	}
	if len(in) == 0 {
		return nil, nil, errors.New("the organization lists no active account there")
	}
	return in, gaps, nil
}

// way is the way into the account.
func (o *Organization) way(own *entered, id, name string) Account {
	if id == own.id {
		return Account{ID: id, Name: name}
	}
	return Account{
		ID: id, Name: name, ExternalID: o.ExternalID,
		RoleARN: "arn:" + own.partition + ":iam::" + id + ":role/" + strings.TrimPrefix(o.RoleName, "/"),
	}
}

// stateOf is the account's state. Status is what the service gave before there was State.
func stateOf(a types.Account) string {
	if a.State != "" {
		return string(a.State)
	}
	return string(a.Status)
}

// directory reads the tree of the organization of an account.
type directory struct {
	own    *entered
	runner *collect.Runner
}

// accounts lists those in and under the units, all where there is none, by id. A
// list that cannot be read to its end is an error: what is missing has no name.
func (d *directory) accounts(ctx context.Context, units []string) ([]types.Account, error) {
	api := d.own.clients.organizations()
	if len(units) == 0 {
		p := organizations.NewListAccountsPaginator(api, &organizations.ListAccountsInput{})
		all, err := directoryPages(ctx, d, opListAccounts, p, func(o *organizations.ListAccountsOutput) []types.Account { return o.Accounts })
		return byID(all), err
	}
	parents, err := d.resolve(ctx, units)
	if err != nil {
		return nil, err
	}
	var all []types.Account
	met := map[string]bool{}
	for len(parents) > 0 {
		parent := parents[0]
		parents = parents[1:]
		if met[parent] {
			continue
		}
		if met[parent] = true; len(met) > maxUnits {
			return nil, collect.Wrong("the organization's tree has not ended after %d units", maxUnits)
		}
		p := organizations.NewListAccountsForParentPaginator(api, &organizations.ListAccountsForParentInput{ParentId: aws.String(parent)})
		in, err := directoryPages(ctx, d, opListAccountsForParent, p, func(o *organizations.ListAccountsForParentOutput) []types.Account { return o.Accounts })
		if err != nil {
			return nil, err
		}
		all = append(all, in...)
		under, err := d.units(ctx, parent)
		if err != nil {
			return nil, err
		}
		for _, u := range under {
			parents = append(parents, aws.ToString(u.Id))
		}
	}
	return byID(all), nil
}

// byID sorts accounts and leaves out those listed twice.
func byID(all []types.Account) []types.Account {
	slices.SortFunc(all, func(a, b types.Account) int { return strings.Compare(aws.ToString(a.Id), aws.ToString(b.Id)) })
	return slices.CompactFunc(all, func(a, b types.Account) bool { return aws.ToString(a.Id) == aws.ToString(b.Id) })
}

// units lists the organizational units directly under a parent.
func (d *directory) units(ctx context.Context, parent string) ([]types.OrganizationalUnit, error) {
	in := &organizations.ListOrganizationalUnitsForParentInput{ParentId: aws.String(parent)}
	return directoryPages(ctx, d, opListUnitsForParent, organizations.NewListOrganizationalUnitsForParentPaginator(d.own.clients.organizations(), in),
		func(o *organizations.ListOrganizationalUnitsForParentOutput) []types.OrganizationalUnit {
			return o.OrganizationalUnits
		})
}

// resolve turns ids and paths of units into ids.
func (d *directory) resolve(ctx context.Context, units []string) ([]string, error) {
	var ids []string
	for _, unit := range units {
		if strings.HasPrefix(unit, "ou-") || strings.HasPrefix(unit, "r-") {
			ids = append(ids, unit)
			continue
		}
		id, err := d.find(ctx, strings.Split(strings.Trim(unit, "/"), "/"))
		if err != nil {
			return nil, fmt.Errorf("find the organizational unit %q: %w", unit, err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// find walks a path of names down from the root.
func (d *directory) find(ctx context.Context, path []string) (string, error) {
	roots, err := directoryPages(ctx, d, opListRoots, organizations.NewListRootsPaginator(d.own.clients.organizations(), &organizations.ListRootsInput{}),
		func(o *organizations.ListRootsOutput) []types.Root { return o.Roots })
	if err != nil {
		return "", err
	}
	if len(roots) == 0 {
		return "", collect.Wrong("the organization lists no root")
	}
	at := aws.ToString(roots[0].Id) // there is one
	for _, name := range path {
		under, err := d.units(ctx, at)
		if err != nil {
			return "", err
		}
		i := slices.IndexFunc(under, func(u types.OrganizationalUnit) bool { return aws.ToString(u.Name) == name })
		if i < 0 {
			return "", fmt.Errorf("there is no unit %q under %s", name, at)
		}
		at = aws.ToString(under[i].Id)
	}
	return at, nil
}

// directoryPages reads every page of a list of the organization.
func directoryPages[T, O, P any](ctx context.Context, d *directory, op string, p pager[O, P], items func(*O) []T) ([]T, error) {
	var all []T
	for n := 0; p.HasMorePages(); n++ {
		if n == maxPages {
			return nil, collect.Wrong("the list has not ended after %d pages", maxPages)
		}
		var out *O
		err := d.runner.Call(ctx, sessionUnit.Name, d.own.id, d.own.clients.home, op, func(ctx context.Context) (err error) {
			out, err = p.NextPage(ctx)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s from account %s: %w", op, d.own.id, err)
		}
		all = append(all, items(out)...)
	}
	return all, nil
}

func (c *clients) organizations() *organizations.Client {
	// The service has one end point a partition, where its IAM is too.
	return client(c, "organizations", iamRegion(c.home), func(cfg aws.Config) *organizations.Client { return organizations.NewFromConfig(cfg) })
}
