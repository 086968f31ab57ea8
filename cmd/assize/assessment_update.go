package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
)

// newAssessmentUpdate makes "assize assessment update".
func newAssessmentUpdate(f *dataFlags) groupCommand {
	var c createFlags
	cmd := &cobra.Command{
		Use:   "update ASSESSMENT",
		Short: "Change an assessment; what is not named stays",
		Long: "Change the fields of an assessment that are named. Its framework stays: the version of its text is pinned,\n" +
			"so that verdicts of all its time speak about the same.",
		Args: cobra.ExactArgs(1),
	}
	cmd.RunE = f.runOn(func(ctx context.Context, s *session, a *assessment.Assessment, _ []string) error {
		return c.update(ctx, s, cmd, a)
	})
	g := cmd.Flags()
	g.StringVar(&c.Name, "name", "", "name of the assessment")
	g.StringVar(&c.Description, "description", "", "what it is for")
	g.StringToStringVar(&c.Tags, "tag", nil, "tags, as key=value; they replace those that are there")
	g.StringVar(&c.Destination, "destination", "", "where reports go: a folder, or s3://bucket/prefix")
	g.StringSliceVar(&c.accounts, "account", nil, "accounts that it covers; they replace those that are there")
	g.StringSliceVar(&c.Regions, "regions", nil, "Regions to read; they replace those that are there")
	g.StringSliceVar(&c.owners, "owner", nil, "audit owners; they replace those that are there")
	g.StringSliceVar(&c.Workloads, "workload", nil, "workloads that it is limited to; they replace those that are there")
	g.StringVar(&c.Cadence, "cadence", "", "how often it is evaluated, an RFC 5545 rule")
	c.addSource(cmd)
	return cmd
}

func (c *createFlags) update(ctx context.Context, s *session, cmd *cobra.Command, a *assessment.Assessment) error {
	if err := s.knownWorkloads(ctx, c.Workloads); err != nil {
		return err
	}
	if c.Destination != "" && !strings.Contains(c.Destination, "://") {
		path, err := filepath.Abs(c.Destination)
		if err != nil {
			return fmt.Errorf("--destination: %w", err)
		}
		c.Destination = path
	}
	source, err := s.SourceOf(a.ID)
	if err != nil {
		return err
	}
	var edits []func(*assessment.Assessment)
	for name, edit := range c.edits() {
		if cmd.Flags().Changed(name) {
			edits = append(edits, edit)
		}
	}
	moved, err := c.move(cmd, &source)
	if err != nil {
		return err
	}
	if len(edits) == 0 && !moved {
		return fmt.Errorf("say what is to be changed: see %s --help", cmd.CommandPath())
	}
	// That it is read in another way is recorded as well, and refused where nothing may be changed.
	a, err = s.Service.Update(ctx, a.ID, s.actor, func(a *assessment.Assessment) {
		for _, edit := range edits {
			edit(a)
		}
	})
	if err != nil {
		return err
	}
	if moved {
		if err := s.SetSource(a.ID, source); err != nil {
			return err
		}
	}
	return s.show(a, func(w io.Writer) { fmt.Fprintf(w, "changed assessment %s (%s)\n", clean(a.Name), a.ID) })
}

// move takes what flags say into how an assessment is read, and reports whether they say anything.
func (c *createFlags) move(cmd *cobra.Command, source *deployment.Source) (moved bool, err error) {
	for name, field := range map[string]struct{ to, from *string }{
		"snapshot":    {&source.Snapshot, &c.source.Snapshot},
		"role-name":   {&source.RoleName, &c.source.RoleName},
		"external-id": {&source.ExternalID, &c.source.ExternalID},
		"profile":     {&source.Profile, &c.source.Profile},
	} {
		if cmd.Flags().Changed(name) {
			*field.to, moved = *field.from, true
		}
	}
	if !moved {
		return false, nil
	}
	if source.Snapshot != "" {
		if source.Snapshot, err = filepath.Abs(source.Snapshot); err != nil {
			return false, fmt.Errorf("--snapshot: %w", err)
		}
	}
	return true, validSource(source)
}

// edits are the changes of the fields, by flag.
func (c *createFlags) edits() map[string]func(*assessment.Assessment) {
	return map[string]func(*assessment.Assessment){
		"name":        func(a *assessment.Assessment) { a.Name = c.Name },
		"description": func(a *assessment.Assessment) { a.Description = c.Description },
		"tag":         func(a *assessment.Assessment) { a.Tags = c.Tags },
		"destination": func(a *assessment.Assessment) { a.Destination = c.Destination },
		"regions":     func(a *assessment.Assessment) { a.Regions = c.Regions },
		"workload":    func(a *assessment.Assessment) { a.Workloads = c.Workloads },
		"cadence":     func(a *assessment.Assessment) { a.Cadence = c.Cadence },
		"account": func(a *assessment.Assessment) {
			a.Accounts = nil
			for _, id := range c.accounts {
				a.Accounts = append(a.Accounts, assize.Account{ID: id})
			}
		},
		"owner": func(a *assessment.Assessment) {
			a.Roles = nil
			for _, name := range c.owners {
				a.Roles = append(a.Roles, assessment.Role{Type: assessment.ProcessOwner, Name: name})
			}
		},
	}
}
