package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/collect/aws"
	"github.com/assize-dev/assize/collect/snapshot"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

// organisation is a management account, four members of which one is closed to us,
// and one that is suspended; in three Regions, one of which is not opted in to.
type organisation struct {
	*live
	dev, prod, lab    string // can be entered
	closed, suspended string
	unit              string // holds prod
	optedOut          string
	regions           []string
	collectors        []string
}

func startOrganisation(t *testing.T) *organisation {
	t.Helper()
	o := &organisation{
		live: startEmpty(t), optedOut: "me-south-1",
		regions:    []string{liveRegion, "us-east-1", "me-south-1"},
		collectors: []string{"bedrock-guardrails", "kms-keys", "s3-buckets", "sagemaker-notebooks"},
	}
	cfg := o.AWSConfig(liveRegion, o.account)
	create := func(name string) string {
		id, err := moto.CreateAccount(t.Context(), cfg, name)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	o.dev, o.prod, o.lab, o.closed, o.suspended = create("dev"), create("prod"), create("lab"), create("closed"), create("old")
	o.tree(t, organizations.NewFromConfig(cfg))
	o.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "sts", Operation: "AssumeRole", Params: map[string]string{"RoleArn": "arn:aws:iam::" + o.closed + ":role/audit/assize"}})
	o.Answer("ec2", "DescribeRegions", fakeaws.Match{}, 200, `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>`+
		`<item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>`+
		`<item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>`+
		`<item><regionName>me-south-1</regionName><optInStatus>not-opted-in</optInStatus></item></regionInfo></DescribeRegionsResponse>`)
	api := sagemaker.NewFromConfig(o.AWSConfig("us-east-1", o.prod))
	_, err := api.CreateNotebookInstance(t.Context(), &sagemaker.CreateNotebookInstanceInput{
		NotebookInstanceName: sdk.String("in-prod"), InstanceType: "ml.t3.medium", RoleArn: sdk.String("arn:aws:iam::" + o.prod + ":role/lab"),
	})
	if err != nil {
		t.Fatal(err)
	}
	o.ResetCounts()
	return o
}

// tree puts prod under Workloads/AI and lab under Workloads, and closes the old account.
func (o *organisation) tree(t *testing.T, api *organizations.Client) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	roots, err := api.ListRoots(t.Context(), &organizations.ListRootsInput{})
	must(err)
	root := roots.Roots[0].Id
	workloads, err := api.CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{Name: sdk.String("Workloads"), ParentId: root})
	must(err)
	ai, err := api.CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{Name: sdk.String("AI"), ParentId: workloads.OrganizationalUnit.Id})
	must(err)
	o.unit = sdk.ToString(ai.OrganizationalUnit.Id)
	for account, to := range map[string]*string{o.lab: workloads.OrganizationalUnit.Id, o.prod: ai.OrganizationalUnit.Id} {
		_, err := api.MoveAccount(t.Context(), &organizations.MoveAccountInput{AccountId: sdk.String(account), SourceParentId: root, DestinationParentId: to})
		must(err)
	}
	_, err = api.CloseAccount(t.Context(), &organizations.CloseAccountInput{AccountId: sdk.String(o.suspended)})
	must(err)
}

// collect reads the organisation into a snapshot, and returns what stands in it.
func (o *organisation) collect(t *testing.T, args ...string) *collect.Collection {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args = append([]string{"collect", "--out", "org.assize", "--role-name", "audit/assize", "--collectors", strings.Join(o.collectors, ",")}, args...)
	if code := run(context.Background(), args, &stdout, &stderr); code != exitInconclusive && code != 0 {
		t.Fatalf("got exit %d: %s", code, stderr.String())
	}
	c, err := snapshot.Read("org.assize")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ids are the accounts of the collection.
func ids(c *collect.Collection) []string {
	var out []string
	for _, a := range c.Accounts {
		out = append(out, a.ID)
	}
	return out
}

func sorted(ids ...string) []string { return slices.Sorted(slices.Values(ids)) }

// TestOrganisation holds five accounts in three Regions against one result: each
// type is looked at in each place, or says why not, and each gap has a name.
func TestOrganisation(t *testing.T) {
	o := startOrganisation(t)
	c := o.collect(t, "--accounts", "org", "--regions", strings.Join(o.regions, ","))
	if d := cmp.Diff(sorted(o.account, o.dev, o.prod, o.lab, o.closed), ids(c)); d != "" {
		t.Errorf("accounts (-want +got):\n%s", d)
	}
	want, got := map[string]string{}, map[string]string{}
	for _, a := range c.Accounts {
		o.planned(a.ID, want)
	}
	for _, v := range c.Coverage {
		key := v.Account + " " + v.Region + " " + v.Type
		switch {
		case got[key] != "":
			t.Errorf("%s is covered twice", key)
		case v.Gap != nil:
			got[key] = string(v.Gap.Cause)
		case v.Complete:
			got[key] = "complete"
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("coverage (-want +got):\n%s", d)
	}
	o.wantGaps(t, c)
	o.wantJudged(t)
}

// planned adds what is wanted of each type in each place of the account.
func (o *organisation) planned(account string, want map[string]string) {
	for _, d := range aws.Declarations() {
		if !slices.Contains(o.collectors, d.Name) {
			continue
		}
		regions := o.regions
		if d.Scope == collect.Global {
			regions = []string{assize.Global}
		}
		for _, typ := range d.Types {
			for _, region := range regions {
				state := "complete"
				switch {
				case account == o.closed:
					state = string(assize.AccountNotEntered)
				case region == o.optedOut:
					state = string(assize.RegionNotEnabled)
				}
				want[account+" "+region+" "+typ] = state
			}
		}
	}
}

// wantGaps: the closed account, the suspended one, and the Region in each of the others.
func (o *organisation) wantGaps(t *testing.T, c *collect.Collection) {
	t.Helper()
	want := map[string]assize.Cause{o.closed + " ": assize.AccountNotEntered, o.suspended + " ": assize.AccountNotEntered}
	for _, id := range []string{o.account, o.dev, o.prod, o.lab} {
		want[id+" "+o.optedOut] = assize.RegionNotEnabled
	}
	got := map[string]assize.Cause{}
	for _, g := range allGaps(c) {
		got[g.Account+" "+g.Region] = g.Cause
		if g.Account == o.suspended && !strings.Contains(g.Detail, `skipped: the organization lists account "old" as SUSPENDED`) {
			t.Errorf("the gap of the suspended account says %q", g.Detail)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("gaps (-want +got):\n%s", d)
	}
}

// wantJudged: what was found in one account is judged there, what is closed is
// inconclusive, and the result holds both.
func (o *organisation) wantJudged(t *testing.T) {
	t.Helper()
	r, _ := assessJSON(t, "--from", "org.assize", "--scope", "account", "--fail-on", "none")
	causes := map[assize.Cause]int{}
	found := false
	for _, f := range r.Findings {
		causes[f.Cause]++
		if f.ID == "in-prod" && f.Check == "sagemaker_notebook_instance_root_access_disabled" && f.Outcome == assize.Fail {
			found = true
		}
	}
	if !found {
		t.Error("the notebook of the account prod is not judged")
	}
	if causes[assize.AccountNotEntered] == 0 || causes[assize.RegionNotEnabled] == 0 {
		t.Errorf("got findings by cause %v, want some of the closed account and of the Region", causes)
	}
	if got := len(r.Summary.Gaps); got != 6 {
		t.Errorf("the result names %d gaps, want 6", got)
	}
}

// TestOrganisationChoices: units by id and by path, accounts by id, and every page.
func TestOrganisationChoices(t *testing.T) {
	o := startOrganisation(t)
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"a unit by its id", []string{"--accounts", "org", "--ous", o.unit}, sorted(o.prod)},
		{"a unit by its path, with those under it", []string{"--accounts", "org", "--ous", "Workloads"}, sorted(o.prod, o.lab)},
		{"units that overlap", []string{"--accounts", "org", "--ous", "Workloads/AI," + o.unit}, sorted(o.prod)},
		{"accounts by id", []string{"--accounts", o.dev + "," + o.account}, sorted(o.dev, o.account)},
		{"all Regions", []string{"--accounts", o.dev + "," + o.closed, "--regions", "all"}, sorted(o.dev, o.closed)},
	} {
		if d := cmp.Diff(c.want, ids(o.collect(t, append(c.args, "--collectors", "kms-keys")...))); d != "" {
			t.Errorf("%s: accounts (-want +got):\n%s", c.name, d)
		}
	}
}

// TestOrganisationRefuses: a directory that cannot be read, or a unit that is not
// there, must not read as an organisation without accounts.
func TestOrganisationRefuses(t *testing.T) {
	o := startOrganisation(t)
	o.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "organizations", Operation: "ListAccounts"})
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--accounts", "org", "--role-name", "r"}, "organizations:ListAccounts from account " + o.account + ": denied"},
		{[]string{"--accounts", "org", "--role-name", "r", "--ous", "Wrkloads"}, `there is no unit "Wrkloads"`},
		{[]string{"--accounts", o.closed, "--role-name", "audit/assize"}, "enter account arn:aws:iam::" + o.closed + ":role/audit/assize: denied"},
		{[]string{"--accounts", "org"}, "--role-name"},
		{[]string{"--accounts", "prod", "--role-name", "r"}, "12 digits"},
		{[]string{"--role-name", "r"}, "go with --accounts"},
		{[]string{"--accounts", "org", "--role-arn", "arn:aws:iam::" + o.dev + ":role/r"}, "one account"},
		{[]string{"--accounts", o.dev, "--role-name", "r", "--ous", "Workloads"}, "--accounts org"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), append([]string{"collect", "--out", "x.assize"}, c.args...), &stdout, &stderr)
		if code != exitError || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%v: got exit %d and %q, want %d and %q", c.args, code, stderr.String(), exitError, c.want)
		}
	}
}
