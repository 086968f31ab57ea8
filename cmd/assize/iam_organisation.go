package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/org"
	"github.com/assize-dev/assize/iam/plan"
	"github.com/assize-dev/assize/report"
)

// organisationFlags say whose policies a question is about: an account or an organisation that
// is read, a snapshot, or authorization details from files.
type organisationFlags struct {
	source  sourceFlags
	library libraryFlags
	details []string
	tree    string
}

func (o *organisationFlags) add(cmd *cobra.Command) {
	o.source.addFrom(cmd)
	o.source.add(cmd)
	o.library.add(cmd)
	f := cmd.Flags()
	f.StringSliceVar(&o.details, "authorization-details", nil, "files that aws iam get-account-authorization-details wrote, one an account; with --from, the snapshot says what models and data there are")
	f.StringVar(&o.tree, "organization", "", "with --authorization-details: file of the organisation's units and control policies")
}

func (o *organisationFlags) validate(cmd *cobra.Command) error {
	if err := o.source.validate(cmd); err != nil {
		return err
	}
	for _, name := range liveFlags {
		if len(o.details) > 0 && cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s has no meaning with --authorization-details: no account is read", name)
		}
	}
	if o.tree != "" && len(o.details) == 0 {
		return errors.New("--organization goes with --authorization-details: an account or a snapshot says itself what organisation it is in")
	}
	return nil
}

// load reads the organisation, and says where the answers come from.
func (o *organisationFlags) load(cmd *cobra.Command) (*org.Organisation, report.AccessOrigin, error) {
	from := report.AccessOrigin{Version: version, Source: "live account"}
	data, _, err := authorizationData()
	if err != nil {
		return nil, from, err
	}
	from.Data, from.DataDigest = authorizationLabel(data.Version())
	var inv *assize.Inventory
	if len(o.details) == 0 || o.source.from != "" {
		lib, err := o.library.load()
		if err != nil {
			return nil, from, err
		}
		c, err := o.source.collection(cmd.Context(), cmd, lib)
		if err != nil {
			return nil, from, err
		}
		if inv, err = inventory(lib, c); err != nil {
			return nil, from, err
		}
		from.AsOf, from.Digest = inv.AsOf, inv.Digest
		if o.source.from != "" {
			from.Source = o.source.from
		}
	}
	found, err := o.organisation(cmd.Context(), inv, &from)
	if err != nil {
		return nil, from, err
	}
	for _, a := range found.Accounts {
		from.Accounts = append(from.Accounts, assize.Account{ID: a.ID, Name: a.Name, Regions: []string{}, Partition: a.Partition})
	}
	return found.WithData(data), from, nil
}

func (o *organisationFlags) organisation(ctx context.Context, inv *assize.Inventory, from *report.AccessOrigin) (*org.Organisation, error) {
	if len(o.details) == 0 {
		return org.FromInventory(inv), nil
	}
	var resources []*plan.Resource
	var listed *plan.Catalog // that of the snapshot
	files := strings.Join(o.details, ", ")
	if inv != nil {
		listed = org.FromInventory(inv).Catalog
		resources = listed.All()
		files += ", models and data of " + from.Source
	}
	from.Source = files
	d := org.NewDetails()
	if o.tree != "" {
		tree, err := openInput(ctx, o.tree)
		if err == nil {
			err = tree.reading(d.Tree)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.tree, err)
		}
	}
	byAccount := map[string]string{}
	for _, name := range o.details {
		in, err := openInput(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		account, err := in.account()
		if other := byAccount[account]; err == nil && other != "" {
			err = fmt.Errorf("it is of account %s, as %s is: give one file an account", account, other)
		}
		byAccount[account] = name
		if err == nil {
			err = in.reading(func(r io.Reader) error { return d.Add(account, r) })
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	out := d.Build(resources)
	if listed != nil {
		maps.Copy(out.Catalog.Unlisted, listed.Unlisted)
		for _, account := range slices.Sorted(maps.Keys(byAccount)) {
			if !slices.ContainsFunc(inv.Accounts, func(a assize.Account) bool { return a.ID == account }) {
				out.WithoutWays("what works under the roles of account " + account + ", which is not in the snapshot")
			}
		}
	}
	return out, nil
}

// input is a file that may be read more than once.
type input struct {
	name  string
	whole []byte // of what is no regular file, and can be read but once
}

// maxPiped bounds what is kept of a file that can be read but once.
const maxPiped = 1 << 30

// openInput looks at a file; a pipe is read to its end.
func openInput(ctx context.Context, name string) (*input, error) {
	info, err := os.Stat(name)
	if err != nil || info.Mode().IsRegular() {
		return &input{name: name}, nil //nolint:nilerr // reading tells what is wrong
	}
	whole, err := readAtMost(ctx, name, nil, maxPiped+1)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read: %w", err)
	case len(whole) > maxPiped:
		return nil, fmt.Errorf("read: it has more than %d bytes: write it to a file first", maxPiped)
	}
	return &input{name, whole}, nil
}

// reading reads it from its beginning.
func (in *input) reading(read func(io.Reader) error) error {
	if in.whole != nil {
		return read(bytes.NewReader(in.whole))
	}
	f, err := os.Open(in.name)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return errors.Join(read(bufio.NewReaderSize(f, 1<<20)), f.Close())
}

var entityARN = regexp.MustCompile(`"Arn"\s*:\s*"arn:[^:"]*:iam::([0-9]{12}):`)

// account is that of authorization details: of the first ARN of one of its own.
func (in *input) account() (string, error) {
	var account string
	err := in.reading(func(r io.Reader) error {
		lines := bufio.NewReader(r)
		for account == "" {
			line, err := lines.ReadString(',') // an ARN has none
			if m := entityARN.FindStringSubmatch(line); m != nil {
				account = m[1]
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return fmt.Errorf("read: %w", err)
			}
		}
		if account == "" {
			return errors.New("no ARN of a user, role, group or policy says which account it is of: give the JSON that aws iam get-account-authorization-details prints")
		}
		return nil
	})
	return account, err
}
