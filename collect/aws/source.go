package aws

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
)

// Options say whose accounts are read, and within which limits.
type Options struct {
	// Profile of the shared configuration; empty means the default chain.
	Profile string
	// Region to begin in where none is configured: who the caller is and which
	// Regions there are is asked there.
	Region string
	// Accounts to enter; empty means the account of the credentials themselves.
	Accounts []Account
	// Organization, where there is one, says the accounts in place of Accounts.
	Organization *Organization
	Limits       collect.Config
	// Availability tells where a service is not offered; nil tells nothing, and
	// everything is tried.
	Availability collect.Availability
}

// Source reads live accounts. It implements [collect.Source].
type Source struct {
	opts Options
	cfg  aws.Config
}

// New loads the configuration of the SDK. It calls nothing.
func New(ctx context.Context, opts Options) (*Source, error) {
	cfg, err := loadConfig(ctx, opts)
	if err != nil {
		return nil, err
	}
	if len(opts.Accounts) == 0 {
		opts.Accounts = []Account{{}}
	}
	return &Source{opts: opts, cfg: cfg}, nil
}

// Declarations are those of all collectors, in order of their list.
func Declarations() []*collect.Declaration {
	out := make([]*collect.Declaration, len(collectors))
	for i, c := range collectors {
		out[i] = &c.Declaration
	}
	return out
}

// Collect implements [collect.Source].
func (s *Source) Collect(ctx context.Context, target collect.Target, sink collect.Sink) error {
	units, err := chosen(target.Collectors)
	if err != nil {
		return err
	}
	p := &plan{source: s, runner: collect.NewRunner(s.opts.Limits, classify), units: units, target: target}
	if err := p.enterAll(ctx); err != nil {
		return err
	}
	for _, a := range p.accounts {
		if err := sink.Account(a); err != nil {
			return err
		}
	}
	for _, g := range p.gaps {
		if err := sink.Gap(g); err != nil {
			return err
		}
	}
	if target.Journal != nil {
		binding := collect.Binding{Accounts: p.accounts, Declarations: collect.DeclarationsDigest(p.declarations())}
		if err := target.Journal.Bind(binding); err != nil {
			return err
		}
	}
	runErr := p.runner.Run(ctx, p.jobs, target.Journal, sink)
	requests := p.runner.Requests()
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		if err := sink.Requests(name, requests[name]); err != nil {
			return errors.Join(runErr, err)
		}
	}
	return runErr
}

// chosen returns the collectors of the names, each once, all where there is none.
func chosen(names []string) ([]*collector, error) {
	if len(names) == 0 {
		return collectors, nil
	}
	var out []*collector
	for _, name := range names {
		i := slices.IndexFunc(collectors, func(c *collector) bool { return c.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no collector is named %q", name)
		}
		if !slices.Contains(out, collectors[i]) {
			out = append(out, collectors[i])
		}
	}
	return out, nil
}

// plan is what one collection will do.
type plan struct {
	source *Source
	runner *collect.Runner
	units  []*collector
	target collect.Target

	accounts []assize.Account
	jobs     []collect.Job
	gaps     []assize.Gap
}

func (p *plan) declarations() []*collect.Declaration {
	out := make([]*collect.Declaration, len(p.units))
	for i, c := range p.units {
		out[i] = &c.Declaration
	}
	return out
}

// enterAll enters each account and plans its jobs. One that cannot be entered is a
// gap; when none can, that is an error.
func (p *plan) enterAll(ctx context.Context) error {
	if _, err := p.source.cfg.Credentials.Retrieve(ctx); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("no AWS credentials in the environment, the profile or the machine's role: %w", err)
	}
	accounts := p.source.opts.Accounts
	if o := p.source.opts.Organization; o != nil {
		var err error
		if accounts, p.gaps, err = o.members(ctx, p.source, p.runner); err != nil {
			return err
		}
	}
	entries := p.attempt(ctx, accounts)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var failures []error
	for _, e := range entries {
		err := e.err
		if err == nil {
			err = p.enter(e)
		}
		if err == nil {
			continue
		}
		if _, ofAccount := errors.AsType[*collect.Failure](err); !ofAccount {
			return err // what was asked for makes no sense in any account
		}
		failures = append(failures, fmt.Errorf("enter account %s: %w", e.way, err))
		p.notEntered(e, err)
	}
	if len(failures) == len(entries) {
		return errors.Join(failures...)
	}
	return nil
}

// entry is what came of entering an account.
type entry struct {
	way Account
	in  *entered
	err error // why the account cannot be entered
	// Which Regions it lists, or why that is not known.
	status    map[string]bool
	statusErr *collect.Failure
}

// enterParallel is how many accounts are entered at once.
const enterParallel = 16

// attempt enters all accounts; what came of it stands in their order.
func (p *plan) attempt(ctx context.Context, accounts []Account) []*entry {
	entries := make([]*entry, len(accounts))
	slots := make(chan struct{}, enterParallel)
	var wg sync.WaitGroup
	for i, way := range accounts {
		e := &entry{way: way}
		entries[i] = e
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if e.in, e.err = p.source.enter(ctx, p.runner, way); e.err != nil {
				return
			}
			var err error
			e.status, err = p.source.regionStatus(ctx, p.runner, e.in)
			errors.As(err, &e.statusErr)
		})
	}
	wg.Wait()
	return entries
}

// enter plans the jobs of an account.
func (p *plan) enter(e *entry) error {
	a, status, statusErr := e.in, e.status, e.statusErr
	if slices.ContainsFunc(p.accounts, func(other assize.Account) bool { return other.ID == a.id }) {
		return fmt.Errorf("account %s is entered in two ways", a.id)
	}
	regions, err := p.regions(a, status, statusErr)
	if err != nil {
		return err
	}
	if statusErr != nil {
		p.gaps = append(p.gaps, assize.Gap{
			Account: a.id, Operation: "ec2:DescribeRegions", Cause: statusErr.Cause, Code: statusErr.Code,
			Detail: "which Regions are enabled shows only in the answers of each: " + statusErr.Detail,
		})
	}
	p.accounts = append(p.accounts, assize.Account{ID: a.id, Name: a.name, Regions: regions, Partition: a.partition})
	p.planGlobal(a.id, nil, a.clients)
	for _, region := range regions {
		var gap *assize.Gap
		if enabled, listed := status[region]; listed && !enabled {
			gap = &assize.Gap{
				Account: a.id, Region: region, Types: p.types(collect.Regional),
				Cause: assize.RegionNotEnabled, Detail: "the account has not opted in to the Region",
			}
		}
		p.planRegion(a.id, region, gap, a.clients)
	}
	return nil
}

// enabled lists the Regions that the account has enabled: they are what "all"
// means, for nothing can run in the others. Each of those is a gap of its own, so
// that nobody takes it for read; named by itself, it is judged and inconclusive.
func (p *plan) enabled(a *entered, status map[string]bool) []string {
	var on []string
	for _, region := range slices.Sorted(maps.Keys(status)) {
		if status[region] {
			on = append(on, region)
			continue
		}
		p.gaps = append(p.gaps, assize.Gap{
			Account: a.id, Region: region, Cause: assize.RegionNotEnabled,
			Detail: "not part of all: the account has not opted in to the Region",
		})
	}
	return on
}

// regions resolves what was asked for, sorted. A name that the account does not
// list is an error: a misspelt Region must not read as an empty one.
func (p *plan) regions(a *entered, status map[string]bool, statusErr *collect.Failure) ([]string, error) {
	asked := p.target.Regions
	if len(asked) == 0 {
		asked = []string{a.clients.home}
	}
	if slices.Contains(asked, "all") {
		if statusErr != nil {
			return nil, fmt.Errorf("the Regions of account %s cannot be listed, so name them: ec2:DescribeRegions: %w", a.id, statusErr)
		}
		return p.enabled(a, status), nil
	}
	for _, region := range asked {
		if _, listed := status[region]; !listed && statusErr == nil {
			return nil, fmt.Errorf("account %s lists no Region %q", a.id, region)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(asked))), nil
}

// notEntered plans the gap of an account that cannot be entered.
func (p *plan) notEntered(e *entry, err error) {
	a, operation := e.way, "sts:AssumeRole"
	if e.in != nil {
		operation = "ec2:DescribeRegions" // of all Regions, none is known by name
	}
	id := a.id()
	if id == "" || slices.ContainsFunc(p.accounts, func(other assize.Account) bool { return other.ID == id }) {
		return
	}
	regions := slices.DeleteFunc(slices.Clone(p.target.Regions), func(r string) bool { return r == "all" })
	if len(regions) == 0 {
		regions = []string{p.source.cfg.Region} // of "all" nobody knows which; in one each check says that it did not look
	}
	regions = slices.Compact(slices.Sorted(slices.Values(regions)))
	gap := &assize.Gap{Account: id, Operation: operation, Cause: assize.AccountNotEntered, Detail: err.Error()}
	if f, ok := errors.AsType[*collect.Failure](err); ok {
		gap.Code, gap.Detail = f.Code, f.Detail
	}
	gap.Types = slices.Sorted(slices.Values(slices.Concat(p.types(collect.Global), p.types(collect.Regional))))
	p.accounts = append(p.accounts, assize.Account{ID: id, Name: a.Name, Regions: regions, Partition: assize.Partition(p.source.cfg.Region)})
	p.planGlobal(id, gap, nil)
	for _, region := range regions {
		p.planRegion(id, region, gap, nil)
	}
}

// String names the account in errors.
func (a Account) String() string {
	switch {
	case a.RoleARN != "":
		return a.RoleARN
	case a.Name != "":
		return a.Name
	case a.ID != "":
		return a.ID
	}
	return "of the credentials"
}

// types of the collectors of a scope, sorted.
func (p *plan) types(scope collect.Scope) []string {
	var out []string
	for _, c := range p.units {
		if c.Scope == scope {
			out = append(out, c.Types...)
		}
	}
	slices.Sort(out)
	return out
}

func (p *plan) planGlobal(account string, gap *assize.Gap, c *clients) {
	for _, unit := range p.units {
		if unit.Scope == collect.Global {
			p.jobs = append(p.jobs, job(unit, account, assize.Global, gap, c))
		}
	}
}

func (p *plan) planRegion(account, region string, gap *assize.Gap, c *clients) {
	for _, unit := range p.units {
		if unit.Scope != collect.Regional {
			continue
		}
		j := job(unit, account, region, gap, c)
		if where := p.source.opts.Availability; where != nil {
			if offered, known := where.Offered(unit.Service, region); known && !offered {
				j.NotOffered, j.Gap = where.Origin(), nil
			}
		}
		p.jobs = append(p.jobs, j)
	}
}

func job(unit *collector, account, region string, gap *assize.Gap, c *clients) collect.Job {
	return collect.Job{
		Declaration: &unit.Declaration, Account: account, Region: region, Gap: gap,
		Run: func(ctx context.Context, t *collect.Task) error { return unit.run(ctx, c, t) },
	}
}
