package aws

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
)

// table is an availability table for tests.
type table map[string][]string

func (t table) Offered(service, region string) (bool, bool) {
	regions, known := t[service]
	return slices.Contains(regions, region), known
}

func (table) Origin() string { return "a table, a date" }

// sourceOf is a source that reads the server's accounts.
func sourceOf(srv *fakeaws.Server, account string, opts Options) *Source {
	cfg := srv.AWSConfig("us-east-1", account)
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	if len(opts.Accounts) == 0 {
		opts.Accounts = []Account{{}}
	}
	opts.Limits.Backoff, opts.Limits.MaxBackoff = time.Millisecond, time.Millisecond
	return &Source{opts: opts, cfg: cfg}
}

func startMoto(t *testing.T) (*fakeaws.Server, string) {
	t.Helper()
	srv := fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL, Fixtures: []fs.FS{fakeaws.Defaults()}})
	return srv, moto.NewAccount()
}

// read collects the target, and holds the collection against what was planned.
func read(t *testing.T, s *Source, target collect.Target) *collect.Collection {
	t.Helper()
	c := collect.NewCollection("test", time.Unix(0, 0))
	target.Collectors = some
	if err := s.Collect(t.Context(), target, c.Sink()); err != nil {
		t.Fatal(err)
	}
	c.Sort()
	checkPlanned(t, c)
	return c
}

// some are collectors that moto, with the default fixtures, has all answers for.
var some = []string{
	"bedrock-agents", "bedrock-guardrails", "bedrock-invocation-logging", "cloudtrail-trails", "ec2-vpcs", "iam-authorization",
	"kms-keys", "logs-log-groups", "s3-buckets", "sagemaker-models", "sagemaker-notebooks",
}

// checkPlanned: each type that some declare has one coverage in each account and Region.
func checkPlanned(t *testing.T, c *collect.Collection) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, a := range c.Accounts {
		for _, d := range Declarations() {
			if !slices.Contains(some, d.Name) {
				continue
			}
			for _, typ := range d.Types {
				if d.Scope == collect.Global {
					want[a.ID+" global "+typ]++
					continue
				}
				for _, r := range a.Regions {
					want[a.ID+" "+r+" "+typ]++
				}
			}
		}
	}
	for _, v := range c.Coverage {
		got[v.Account+" "+v.Region+" "+v.Type]++
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("coverage (-want +got):\n%s", d)
	}
}

// said is what each coverage of a Region says: complete, not offered, or the cause.
func said(c *collect.Collection, region string) map[string]int {
	out := map[string]int{}
	for _, v := range c.Coverage {
		switch {
		case v.Region != region:
		case v.Complete:
			out["complete"]++
		case v.NotOffered != "":
			out["not offered"]++
		default:
			out[string(v.Gap.Cause)]++
		}
	}
	return out
}

func TestDeclarations(t *testing.T) {
	t.Parallel()
	if err := collect.ValidateAll(Declarations()); err != nil {
		t.Error(err)
	}
	for _, d := range append(Declarations(), &sessionUnit) {
		for _, op := range d.Operations {
			if _, ok := collect.DefaultRates[op.Service()]; !ok {
				t.Errorf("%s: %s: no rate for its service", d.Name, op.Name)
			}
			if op.Service() == "s3" && s3Roots[op.Name] == "" {
				t.Errorf("%s: %s: no root element to know its answer by", d.Name, op.Name)
			}
		}
	}
}

func TestCollectEmptyAccount(t *testing.T) {
	t.Parallel()
	srv, account := startMoto(t)
	c := read(t, sourceOf(srv, account, Options{}), collect.Target{Regions: []string{"us-east-1"}})
	want := []assize.Account{{ID: account, Regions: []string{"us-east-1"}, Partition: "aws"}}
	if d := cmp.Diff(want, c.Accounts); d != "" {
		t.Errorf("accounts (-want +got):\n%s", d)
	}
	if len(c.Gaps) != 0 {
		t.Errorf("got gaps %v, want none", c.Gaps)
	}
	if got := c.Requests["session"]; got != 2 {
		t.Errorf("got %d requests of the session, want 2", got)
	}
}

func TestCollectRegions(t *testing.T) {
	t.Parallel()
	srv, account := startMoto(t)
	srv.Answer("ec2", "DescribeRegions", fakeaws.Match{}, 200, regionsXML("us-east-1", "opt-in-not-required", "af-south-1", "not-opted-in", "eu-west-1", "opted-in"))
	s := sourceOf(srv, account, Options{Availability: table{"sagemaker": {"us-east-1", "af-south-1"}}})
	c := read(t, s, collect.Target{Regions: []string{"us-east-1", "af-south-1", "eu-west-1"}})
	if d := cmp.Diff([]string{"af-south-1", "eu-west-1", "us-east-1"}, c.Accounts[0].Regions); d != "" {
		t.Errorf("Regions (-want +got):\n%s", d)
	}
	if got := said(c, "af-south-1"); len(got) != 1 || got[string(assize.RegionNotEnabled)] == 0 {
		t.Errorf("a Region that is not enabled says %v, want that of all types", got)
	}
	if got := said(c, "eu-west-1"); got["not offered"] != 2 || got["complete"] == 0 || len(got) != 2 {
		t.Errorf("a Region without SageMaker says %v, want 2 types not offered and the others complete", got)
	}
	if len(c.Gaps) != 1 {
		t.Errorf("got gaps %v, want one for the Region", c.Gaps)
	}
	if got := srv.Calls(); slices.ContainsFunc(got, func(n fakeaws.CallCount) bool { return n.Region == "af-south-1" }) {
		t.Error("a Region that is not enabled was called")
	}
}

// TestCollectAllRegions: all are those that are enabled; each of the others is a gap
// by name, and nothing is judged there.
func TestCollectAllRegions(t *testing.T) {
	t.Parallel()
	srv, account := startMoto(t)
	srv.Answer("ec2", "DescribeRegions", fakeaws.Match{}, 200, regionsXML("us-east-1", "opt-in-not-required", "af-south-1", "not-opted-in", "eu-west-1", "opted-in"))
	c := read(t, sourceOf(srv, account, Options{}), collect.Target{Regions: []string{"all"}})
	if d := cmp.Diff([]string{"eu-west-1", "us-east-1"}, c.Accounts[0].Regions); d != "" {
		t.Errorf("Regions (-want +got):\n%s", d)
	}
	if got := said(c, "af-south-1"); len(got) != 0 {
		t.Errorf("a Region that is not asked for says %v, want nothing", got)
	}
	if len(c.Gaps) != 1 || c.Gaps[0].Region != "af-south-1" || c.Gaps[0].Cause != assize.RegionNotEnabled {
		t.Errorf("got gaps %v, want one for the Region that is not enabled", c.Gaps)
	}
}

func regionsXML(pairs ...string) string {
	var b strings.Builder
	b.WriteString(`<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>`)
	for i := 0; i < len(pairs); i += 2 {
		b.WriteString("<item><regionName>" + pairs[i] + "</regionName><optInStatus>" + pairs[i+1] + "</optInStatus></item>")
	}
	b.WriteString(`</regionInfo></DescribeRegionsResponse>`)
	return b.String()
}

func TestCollectRefuses(t *testing.T) {
	t.Parallel()
	srv, account := startMoto(t)
	for _, c := range []struct {
		name   string
		target collect.Target
		fault  *fakeaws.Fault
		want   string
	}{
		{"a misspelt Region", collect.Target{Regions: []string{"eu-centrl-1"}}, nil, `lists no Region "eu-centrl-1"`},
		{"a misspelt collector", collect.Target{Collectors: []string{"s3-buckts"}}, nil, `no collector is named "s3-buckts"`},
		{
			"all Regions, but none listed",
			collect.Target{Regions: []string{"all"}},
			&fakeaws.Fault{Kind: fakeaws.Denied, Service: "ec2", Operation: "DescribeRegions"}, "so name them: ec2:DescribeRegions: denied",
		},
		{"no way in", collect.Target{}, &fakeaws.Fault{Kind: fakeaws.Denied, Service: "sts"}, "enter account of the credentials: denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			own := srv
			if c.fault != nil {
				own = fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL, Faults: []fakeaws.Fault{*c.fault}})
			}
			err := sourceOf(own, account, Options{}).Collect(t.Context(), c.target, collect.NewCollection("", time.Now()).Sink())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with %q", err, c.want)
			}
		})
	}
}

// Everything is denied but one service.
func TestCollectDenied(t *testing.T) {
	t.Parallel()
	var faults []fakeaws.Fault
	for _, service := range []string{"bedrock", "bedrock-agent", "bedrock-agentcore-control", "cloudtrail", "ec2", "iam", "logs", "s3", "sagemaker"} {
		faults = append(faults, fakeaws.Fault{Kind: fakeaws.Denied, Service: service})
	}
	srv := fakeaws.Start(t, fakeaws.Config{Upstream: moto.Start(t).URL, Faults: faults})
	c := read(t, sourceOf(srv, moto.NewAccount(), Options{}), collect.Target{Regions: []string{"us-east-1"}})
	// Of settings there is one in each account; that it could not be read is in its record.
	single := map[string]bool{"AWS::IAM::RootUser": true, "AWS::Bedrock::ModelInvocationLogging": true}
	for _, r := range c.Records {
		for _, a := range r.Answers {
			if !single[r.Type] || a.Gap == nil || a.Gap.Cause != assize.Denied {
				t.Errorf("%s: %s: got %v, want denied", r.Key(), a.Operation, a.Gap)
			}
		}
	}
	for _, v := range c.Coverage {
		if v.Complete != (v.Type == "AWS::KMS::Key" || single[v.Type]) || v.Gap != nil && v.Gap.Cause != assize.Denied {
			t.Errorf("%s in %s: complete %v, gap %v, want denied of all but keys", v.Type, v.Region, v.Complete, v.Gap)
		}
	}
}

// A role in another account, one that cannot be taken on, and the rest goes on.
func TestCollectAccounts(t *testing.T) {
	t.Parallel()
	srv, account := startMoto(t)
	srv.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "sts", Operation: "AssumeRole", Params: map[string]string{"RoleArn": "arn:aws:iam::222222222222:role/assize"}})
	s := sourceOf(srv, account, Options{Accounts: []Account{
		{Name: "here"},
		{Name: "there", RoleARN: "arn:aws:iam::333333333333:role/assize", ExternalID: "x"},
		{Name: "closed", RoleARN: "arn:aws:iam::222222222222:role/assize"},
	}})
	c := read(t, s, collect.Target{Regions: []string{"us-east-1"}})
	names := map[string]string{}
	for _, a := range c.Accounts {
		names[a.ID] = a.Name
	}
	if d := cmp.Diff(map[string]string{account: "here", "333333333333": "there", "222222222222": "closed"}, names); d != "" {
		t.Errorf("accounts (-want +got):\n%s", d)
	}
	for _, v := range c.Coverage {
		closed := v.Account == "222222222222"
		if closed != (v.Gap != nil) || closed && v.Gap.Cause != assize.AccountNotEntered {
			t.Errorf("%s of %s: got gap %v", v.Type, v.Account, v.Gap)
		}
	}
	if len(c.Gaps) != 1 {
		t.Errorf("got %d gaps, want one for the account: %v", len(c.Gaps), c.Gaps)
	}
}

// A run that is killed and resumed gives the same as one that is not.
func TestCollectResumed(t *testing.T) {
	t.Parallel()
	srv, account := startMoto(t)
	bench := &coreBench{Server: srv, account: account}
	for _, name := range []string{"one", "two", "three"} {
		seedBareBucket(t, bench, name+"-"+account, "us-east-1")
	}
	asOf := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	target := collect.Target{Regions: []string{"us-east-1"}, Collectors: some}
	want := read(t, sourceOf(srv, account, Options{}), target)

	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	journal := func() *snapshot.Journal {
		j, err := snapshot.OpenJournal(dir, asOf)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	target.Journal = journal()
	cut := collect.NewCollection("test", asOf)
	opts := Options{Limits: collect.Config{TaskParallel: 2, ItemParallel: 1}}
	err := sourceOf(srv, account, opts).Collect(ctx, target, cancelAfter{cut.Sink(), cancel, "AWS::S3::Bucket"})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got error %v, want context.Canceled", err)
	}
	cut.Sort()
	checkPlanned(t, cut)

	target.Journal = journal()
	got := read(t, sourceOf(srv, account, Options{}), target)
	got.Requests = want.Requests
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-in one run +in two):\n%s", d)
	}
}

// cancelAfter ends the run with the first record of a type.
type cancelAfter struct {
	collect.Sink
	cancel context.CancelFunc
	typ    string
}

func (c cancelAfter) Record(r *assize.Record) error {
	if r.Type == c.typ {
		c.cancel()
	}
	return c.Sink.Record(r)
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	policies, err := Permissions(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, p := range policies {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > 6144 {
			t.Errorf("a policy has %d characters, want at most 6144", len(text))
		}
		for _, s := range p.Statement {
			for _, a := range s.Action {
				got[a] = true
			}
		}
	}
	want := map[string]bool{}
	for _, d := range append(Declarations(), &sessionUnit) {
		for _, op := range d.Operations {
			for _, a := range op.Actions {
				want[a] = true
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("actions (-declared +allowed):\n%s", d)
	}
	// What is named otherwise changes nothing that anyone keeps.
	harmless := []string{
		"iam:GenerateCredentialReport", "iam:GenerateServiceLastAccessedDetails", "bedrock:ValidateFlowDefinition", "budgets:ViewBudget",
		// API Gateway names its actions after HTTP verbs; its keys are denied beside.
		"apigateway:GET",
	}
	reads := func(action string) bool {
		_, name, _ := strings.Cut(action, ":")
		return slices.ContainsFunc([]string{"Get", "List", "Describe", "BatchGet"}, func(p string) bool { return strings.HasPrefix(name, p) })
	}
	for _, a := range slices.Sorted(maps.Keys(got)) {
		if !reads(a) && !slices.Contains(harmless, a) {
			t.Errorf("%s is allowed, want only what reads", a)
		}
	}
}
