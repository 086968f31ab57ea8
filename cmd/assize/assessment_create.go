package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/cmd/assize/internal/deployment"
	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/jobs"
	"github.com/assize-dev/assize/library"
)

// createFlags are the fields of a new assessment.
type createFlags struct {
	assessment.Assessment
	framework string
	accounts  []string
	units     []string
	owners    []string
	source    deployment.Source
	wait      bool
}

// newAssessmentCreate makes "assize assessment create".
func newAssessmentCreate(f *dataFlags) groupCommand {
	var c createFlags
	cmd := &cobra.Command{
		Use:   "create --name NAME --destination FOLDER",
		Short: "Create an assessment and start its first evaluation",
		Long: "Create an assessment. Without --account it covers the account of your credentials. Its first evaluation is\n" +
			"queued at once: \"assize serve\" carries it out, or this command itself with --wait.",
		Example: "  assize assessment create --name \"Claims assistant\" --destination ./reports --wait\n" +
			"  assize assessment create --name acme --destination s3://acme-audit/reports --account 111122223333,444455556666 --role-name assize\n" +
			"  assize assessment create --name ai --destination ./reports --account org --ous Workloads/AI --role-name assize\n" +
			"  assize assessment create --name demo --destination ./reports --snapshot acme.assize --wait",
		Args: cobra.NoArgs,
		RunE: f.runNew(func(ctx context.Context, s *session, _ []string) error { return c.create(ctx, s) }),
	}
	g := cmd.Flags()
	g.StringVar(&c.Name, "name", "", "name of the assessment")
	g.StringVar(&c.Description, "description", "", "what it is for")
	g.StringToStringVar(&c.Tags, "tag", nil, "tags, as key=value")
	g.StringVar(&c.Destination, "destination", "", "where reports go: a folder, or s3://bucket/prefix")
	g.StringVar(&c.framework, "framework", library.DefaultFramework, "framework that is applied")
	g.StringSliceVar(&c.accounts, "account", nil, `accounts that it covers: ids, or "org" for all that the organization has now (default: your own, or those of the snapshot)`)
	g.StringSliceVar(&c.units, "ous", nil, `with --account org: only accounts in and under these organizational units (ids, or paths as "Workloads/AI")`)
	g.StringSliceVar(&c.Regions, "regions", nil, "Regions to read (default: all that are enabled)")
	g.StringSliceVar(&c.owners, "owner", nil, "audit owners, by user name or ARN (default: who acts)")
	g.StringSliceVar(&c.Workloads, "workload", nil, "workloads of the register that it is limited to, by id")
	g.StringVar(&c.Cadence, "cadence", "FREQ=DAILY", "how often it is evaluated, an RFC 5545 rule")
	g.StringVar(&c.TimeZone, "time-zone", "", "time zone of the cadence (default: UTC)")
	c.addSource(cmd)
	g.BoolVar(&c.wait, "wait", false, "carry out the first evaluation now, and wait for it")
	return cmd
}

func (c *createFlags) addSource(cmd *cobra.Command) {
	g := cmd.Flags()
	g.StringVar(&c.source.Snapshot, "snapshot", "", "read this snapshot at each evaluation, instead of the accounts")
	g.StringVar(&c.source.RoleName, "role-name", "", "role to take on in each account")
	g.StringVar(&c.source.ExternalID, "external-id", "", "external id that the role asks for")
	g.StringVar(&c.source.Profile, "profile", "", "profile of the AWS configuration")
}

func (c *createFlags) create(ctx context.Context, s *session) error {
	if err := c.prepare(ctx); err != nil {
		return err
	}
	content, err := s.Content()
	if err != nil {
		return err
	}
	fw, err := content.Library.Framework(c.framework)
	if err != nil {
		return err
	}
	c.Framework = assessment.FrameworkRef{ID: fw.ID}
	if len(c.Roles) == 0 {
		c.Roles = []assessment.Role{{Type: assessment.ProcessOwner, Name: s.actor}}
	}
	if err := c.Validate(); err != nil {
		return err
	}
	if err := s.knownWorkloads(ctx, c.Workloads); err != nil {
		return err
	}
	if c.Framework, err = s.Pin(ctx, s.actor, fw); err != nil {
		return err
	}
	// How it is read is known before it is there: a scheduler that is quick would read it with the credentials of its process.
	c.ID = deployment.NewID()
	if err := s.SetSource(c.ID, c.source); err != nil {
		return err
	}
	a, err := s.Service.Create(ctx, c.Assessment, s.actor)
	if err != nil {
		return err
	}
	if _, err := s.Store.Enqueue(ctx, jobs.RunAt(a.ID, a.Created)); err != nil {
		return err
	}
	if c.wait {
		if err := s.drain(ctx, a.ID); err != nil {
			return err
		}
		return s.showAssessment(ctx, a.ID, "")
	}
	return s.show(a, func(w io.Writer) {
		fmt.Fprintf(w, "created assessment %s (%s)\nits first evaluation is queued: run assize serve, or assize assessment run %s\n",
			clean(a.Name), a.ID, shortID(a.ID))
	})
}

// prepare fills in the fields that flags give in another form, and the accounts when none is named.
func (c *createFlags) prepare(ctx context.Context) error {
	if err := validSource(&c.source); err != nil {
		return err
	}
	if err := c.validateOrganization(); err != nil {
		return err
	}
	for _, name := range c.owners {
		c.Roles = append(c.Roles, assessment.Role{Type: assessment.ProcessOwner, Name: name})
	}
	if c.Destination != "" && !strings.Contains(c.Destination, "://") {
		path, err := filepath.Abs(c.Destination)
		if err != nil {
			return fmt.Errorf("--destination: %w", err)
		}
		c.Destination = path
	}
	there, err := c.reachable(ctx)
	if err != nil {
		return err
	}
	if c.wholeOrganization() {
		c.Accounts = there
	} else if c.Accounts, err = c.named(there); err != nil {
		return err
	}
	for i := range c.Accounts {
		c.Accounts[i].Regions = nil // which are read stands in the assessment and in each run
	}
	return nil
}

// validSource refuses ways to read an assessment that leave one another out.
func validSource(s *deployment.Source) error {
	if s.Snapshot != "" && (s.RoleName != "" || s.Profile != "") {
		return errors.New("--snapshot is read instead of the accounts: --role-name and --profile have no meaning with it")
	}
	if s.ExternalID != "" && s.RoleName == "" {
		return errors.New("--external-id goes with --role-name")
	}
	return nil
}

// named are the accounts that flags name, all that are known where there is none.
func (c *createFlags) named(there []assize.Account) ([]assize.Account, error) {
	if len(c.accounts) == 0 {
		return there, nil
	}
	var out []assize.Account
	for _, id := range c.accounts {
		account := assize.Account{ID: id}
		if i := slices.IndexFunc(there, func(a assize.Account) bool { return a.ID == id }); i >= 0 {
			account = there[i]
		} else if c.source.Snapshot != "" {
			return nil, fmt.Errorf("--account %s: the snapshot does not hold it", id)
		}
		out = append(out, account)
	}
	return out, nil
}

// reachable lists the accounts that are known without being named: those of the snapshot, of the organization, or one's own.
func (c *createFlags) reachable(ctx context.Context) ([]assize.Account, error) {
	if c.source.Snapshot != "" {
		path, err := filepath.Abs(c.source.Snapshot)
		if err != nil {
			return nil, fmt.Errorf("--snapshot: %w", err)
		}
		c.source.Snapshot = path
		read, err := snapshot.Read(path)
		if err != nil {
			return nil, err
		}
		return read.Accounts, nil
	}
	if c.wholeOrganization() {
		return c.organization(ctx)
	}
	if len(c.accounts) > 0 {
		return nil, nil
	}
	source, err := aws.New(ctx, aws.Options{Profile: c.source.Profile})
	if err != nil {
		return nil, err
	}
	own, err := source.Own(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w; name the accounts with --account, or give a --snapshot", err)
	}
	return []assize.Account{own}, nil
}

// knownWorkloads refuses workloads that are not in the register.
func (s *session) knownWorkloads(ctx context.Context, ids []string) error {
	register, err := s.Service.Workloads(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(register, func(w assize.Workload) bool { return w.ID == id }) {
			return fmt.Errorf("--workload %q: the register has none of that id: see assize workload list", id)
		}
	}
	return nil
}
