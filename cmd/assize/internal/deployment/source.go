package deployment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
)

// Source says how the accounts of an assessment are read.
type Source struct {
	// Snapshot is a file that is read instead of the accounts, at each run again.
	Snapshot string `json:"snapshot,omitempty"`
	// RoleName is taken on in each account; empty: the credentials of the process.
	RoleName   string `json:"role_name,omitempty"`
	ExternalID string `json:"external_id,omitempty"`
	// Profile of the AWS configuration.
	Profile string `json:"profile,omitempty"`
}

func (d *Deployment) sourceFile(id string) string {
	return filepath.Join(d.Data, "sources", filepath.Base(id)+".json")
}

// SetSource keeps how an assessment is read.
func (d *Deployment) SetSource(id string, s Source) error {
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("source of assessment %s: %w", id, err)
	}
	path := d.sourceFile(id)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("source of assessment %s: %w", id, err)
	}
	if err := writeFile(path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("source of assessment %s: %w", id, err)
	}
	return nil
}

// SourceOf returns how an assessment is read; the zero value, the credentials of the process, when nothing was said.
func (d *Deployment) SourceOf(id string) (Source, error) {
	var s Source
	text, err := os.ReadFile(d.sourceFile(id))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return s, fmt.Errorf("source of assessment %s: %w", id, err)
	}
	return s, nil
}

// gather reads the accounts of a run, or goes on where a run that died has stopped.
func (d *Deployment) gather(ctx context.Context, run *assessment.Run, a *assessment.Assessment) (*collect.Collection, error) {
	s, err := d.SourceOf(a.ID)
	if err != nil {
		return nil, err
	}
	var c *collect.Collection
	if s.Snapshot != "" {
		if c, err = snapshot.Read(s.Snapshot); err != nil {
			return nil, err
		}
	} else if c, err = d.live(ctx, run, a, s); err != nil {
		return nil, err
	}
	for _, account := range a.Accounts {
		if !reached(c, account.ID) {
			return nil, fmt.Errorf("account %s: what was read does not hold it: name a role that can be taken on in it (--role-name), "+
				"or another snapshot", account.ID)
		}
	}
	return c, nil
}

// reached reports whether the collection says something about the account, if only why it could not be entered.
func reached(c *collect.Collection, id string) bool {
	return slices.ContainsFunc(c.Accounts, func(x assize.Account) bool { return x.ID == id }) ||
		slices.ContainsFunc(c.Gaps, func(g assize.Gap) bool { return g.Account == id })
}

func (d *Deployment) live(ctx context.Context, run *assessment.Run, a *assessment.Assessment, s Source) (*collect.Collection, error) {
	if d.Live == nil {
		return nil, errors.New("accounts cannot be read here: give the assessment a snapshot")
	}
	journal, err := snapshot.OpenJournal(d.journal(run, a, s), d.Now())
	if err != nil {
		return nil, err
	}
	c := collect.NewCollection(d.Version, journal.AsOf())
	if err := d.Live(ctx, a, s, journal, c); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	c.Sort()
	return c, nil
}

// journal is the folder of the journal of a run. What was read by another version, of other accounts or in another
// way does not go on: that begins a journal of its own.
func (d *Deployment) journal(run *assessment.Run, a *assessment.Assessment, s Source) string {
	read := append([]string{"journal", d.Version, s.RoleName, s.Profile}, accounts(a)...)
	return filepath.Join(d.folder(run), assessment.NameID(append(append(read, ""), a.Regions...)...))
}
