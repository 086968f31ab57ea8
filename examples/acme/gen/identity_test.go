package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
)

// strangers are accounts that resources name and that were not read: the data lake,
// and AWS's own, which keep images of SageMaker.
var strangers = []string{"444455556666", "048819808253", "306415355426", "492215442770"}

// forms of ids that AWS chooses.
var forms = map[string]*regexp.Regexp{
	"AWS::Bedrock::Agent":         regexp.MustCompile(`^[A-Z0-9]{10}$`),
	"AWS::Bedrock::AgentAlias":    regexp.MustCompile(`^[A-Z0-9]{10}\|[A-Z0-9]{10}$`),
	"AWS::Bedrock::DataSource":    regexp.MustCompile(`^[A-Z0-9]{10}\|[A-Z0-9]{10}$`),
	"AWS::Bedrock::Guardrail":     regexp.MustCompile(`^[a-z0-9]{12}$`),
	"AWS::Bedrock::KnowledgeBase": regexp.MustCompile(`^[A-Z0-9]{10}$`),
	"AWS::KMS::Key":               regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`),
	"AWS::EC2::VPC":               regexp.MustCompile(`^vpc-[0-9a-f]{17}$`),
	"AWS::EC2::Subnet":            regexp.MustCompile(`^subnet-[0-9a-f]{17}$`),
	"AWS::EC2::SecurityGroup":     regexp.MustCompile(`^sg-[0-9a-f]{17}$`),
	"AWS::EC2::RouteTable":        regexp.MustCompile(`^rtb-[0-9a-f]{17}$`),
	"AWS::EC2::VPCEndpoint":       regexp.MustCompile(`^vpce-[0-9a-f]{17}$`),
	"AWS::EC2::FlowLog":           regexp.MustCompile(`^fl-[0-9a-f]{17}$`),
	"AWS::S3::Bucket":             regexp.MustCompile(`^[a-z0-9-]{3,63}$`),
}

// shadows are records that stand in a Region which their ARN does not name.
var shadows = []string{"AWS::CloudTrail::Trail"}

func TestIdentities(t *testing.T) {
	t.Parallel()
	src, c := example(t)
	seen := map[string]bool{}
	for _, r := range c.Records {
		if seen[r.Key()] {
			t.Errorf("%s stands twice", r.Key())
		}
		seen[r.Key()] = true
		i := slices.IndexFunc(c.Accounts, func(a assize.Account) bool { return a.ID == r.Account })
		if i < 0 || r.Region != assize.Global && !slices.Contains(c.Accounts[i].Regions, r.Region) {
			t.Errorf("%s: its account or Region was not read", r.Key())
		}
		for _, g := range src.organisation.NotEnabled {
			if g.Account == r.Account && g.Region == r.Region {
				t.Errorf("%s: stands in a Region that is not enabled", r.Key())
			}
		}
		for _, n := range c.Coverage {
			if n.NotOffered != "" && n.Type == r.Type && n.Account == r.Account && n.Region == r.Region {
				t.Errorf("%s: stands where the service is not offered", r.Key())
			}
		}
		if form := forms[r.Type]; form != nil && !form.MatchString(r.ID) {
			t.Errorf("%s: the id has not the form of its type", r.Key())
		}
		checkARN(t, r)
	}
}

// checkARN holds account, Region and name of an ARN against its record.
func checkARN(t *testing.T, r *assize.Record) {
	t.Helper()
	if r.ARN == "" {
		return
	}
	parts := strings.SplitN(r.ARN, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[1] != "aws" {
		t.Errorf("%s: %s is no ARN", r.Key(), r.ARN)
		return
	}
	if region := parts[3]; region != "" && region != r.Region && !slices.Contains(shadows, r.Type) {
		t.Errorf("%s: %s is of another Region", r.Key(), r.ARN)
	}
	if account := parts[4]; account != "" && account != "aws" && account != r.Account && parts[2] != "organizations" {
		t.Errorf("%s: %s is of another account", r.Key(), r.ARN)
	}
	_, name, _ := strings.Cut(r.ID, "|")
	if name == "" {
		name = r.ID
	}
	switch r.Type { // AWS adds an id of its own
	case "AWS::Config::ConfigurationRecorder":
		name += "/a1b2c3d4e5f6g7h8"
	case "AWS::SecretsManager::Secret":
		name += "-Ab3dEf"
	}
	if !strings.HasSuffix(r.ARN, name) {
		t.Errorf("%s: %s does not end with its id", r.Key(), r.ARN)
	}
}

var (
	accountInARN = regexp.MustCompile(`arn:aws:[a-z0-9-]+:[a-z0-9-]*:([0-9]+):`)
	accountOfECR = regexp.MustCompile(`\b([0-9]+)\.dkr\.ecr\.`)
)

// No account is named but Acme's and the few strangers.
func TestNoOtherAccounts(t *testing.T) {
	t.Parallel()
	_, c := example(t)
	known := slices.Clone(strangers)
	for _, a := range c.Accounts {
		known = append(known, a.ID)
	}
	for _, r := range c.Records {
		for _, a := range r.Answers {
			each(a.Value, func(s string) {
				for _, m := range slices.Concat(accountInARN.FindAllStringSubmatch(s, -1), accountOfECR.FindAllStringSubmatch(s, -1)) {
					if !slices.Contains(known, m[1]) {
						t.Errorf("%s %s: account %s is nobody's", r.Key(), a.Operation, m[1])
					}
				}
			})
		}
	}
}

// each calls fn with every string below v.
func each(v assize.Value, fn func(string)) {
	switch v := v.(type) {
	case string:
		fn(v)
	case assize.List:
		for _, e := range v {
			each(e, fn)
		}
	case assize.Object:
		for _, f := range v {
			each(f.Value, fn)
		}
	}
}

// Every gap says what was asked, why it failed, and where.
func TestGaps(t *testing.T) {
	t.Parallel()
	_, c := example(t)
	gaps := slices.Clone(c.Gaps)
	for _, r := range c.Records {
		for _, a := range r.Answers {
			if a.Gap != nil {
				gaps = append(gaps, *a.Gap)
			}
		}
	}
	for _, g := range gaps {
		if !g.Cause.Valid() || g.Account == "" || g.Region == "" || g.Detail == "" || g.Operation == "" && g.Cause != assize.RegionNotEnabled {
			t.Errorf("gap %s: want account, Region, operation, cause and detail", g)
		}
	}
	if got, want := len(gaps), 6; got != want {
		t.Errorf("%d gaps, want %d", got, want)
	}
}
