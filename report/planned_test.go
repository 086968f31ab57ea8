package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// newPlanned returns the result of a plan: resources with addresses, exceptions of both
// kinds and an expired one, what is deferred, a sensitive value, policies known in part.
func newPlanned() *fake {
	c := fakeChecks()
	run := &assize.Run{
		Version: "0.1.0", LibraryDigest: "sha256:5f2c1d9ab3e47c0d8a61", Source: "plan.json", SnapshotDigest: "sha256:11aa22bb33cc44dd55ee",
		AsOf: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC), Scope: "plan", Framework: fakeFramework(),
		Notes:    []assize.Note{{Title: "What was read", Lines: []string{"plan, Terraform 1.11.4", "8 to create <b>"}}},
		Accounts: []assize.Account{{ID: "", Regions: []string{"eu-west-1", assize.UnknownRegion}}},
	}
	for _, k := range []string{"public", "tls", "root", "filter", "log", "trail", "models", "name"} {
		run.Checks = append(run.Checks, c[k])
	}
	made := func(check *assize.Check, o assize.Outcome, address string, origin assize.Origin) *assize.Finding {
		f := publicFinding(check, o, "", "eu-west-1", address, false, nil)
		origin.Kind, origin.Address = "plan", address
		f.Resource.Origin, f.Resource.ARN, f.Scope = &origin, assize.PlannedARN(address), "the whole account is in scope"
		return f
	}
	inModule := assize.Origin{Action: "create", File: "modules/bucket/main.tf", Line: 12, Module: `module.data["a.b"]`, ModuleFile: "main.tf", ModuleLine: 3}
	open := made(c["public"], assize.Fail, `module.data["a.b"].aws_s3_bucket.this[0]`, inModule)
	excepted := made(c["public"], assize.Fail, "aws_s3_bucket.site", assize.Origin{Action: "update", File: "site.tf", Line: 7})
	excepted.Exception = &assize.Exception{Check: c["public"].ID, Address: "aws_s3_bucket.site", Reason: "it serves the public site, 100%", Owner: "web", Approver: "ciso", Until: "2026-12-31", File: "exceptions.yaml", Line: 4}
	comment := made(c["tls"], assize.Fail, "aws_s3_bucket.site", assize.Origin{Action: "update", File: "site.tf", Line: 7})
	comment.Exception = &assize.Exception{Check: c["tls"].ID, Reason: "old readers", Until: "2026-12-31", File: "site.tf", Line: 5}
	expired := made(c["tls"], assize.Fail, "aws_s3_bucket.old", assize.Origin{Action: "no-op"})
	expired.Exception = &assize.Exception{Check: c["tls"].ID, Address: "aws_s3_bucket.*", Reason: "until the readers are moved", Until: "2026-10-31", File: "exceptions.yaml", Line: 9, Expired: true}
	partial := made(c["tls"], assize.Inconclusive, "aws_s3_bucket.new", assize.Origin{Action: "create", File: "new.tf", Line: 1})
	partial.Unknown = &assize.Unknown{Cause: assize.UntilApply, Detail: "policy; refers to aws_iam_policy_document.x"}
	partial.Paths, partial.Reason = []string{"BucketPolicy.PolicyDocument"}, "could not look: unknown until apply: policy; refers to aws_iam_policy_document.x"
	partial.Resource.Properties = partial.Resource.Properties.Set("BucketPolicy", assize.Object{{Name: "PolicyDocument", Value: `{"Resource":["` + partial.Resource.ARN + `/*","` + assize.Hole + `"]}`}})
	secret := made(c["root"], assize.Fail, "aws_sagemaker_notebook_instance.n", assize.Origin{Action: "create", File: "nb.tf", Line: 2})
	secret.Paths, secret.Resource.Sensitive = []string{"Text", "List[].Value"}, []string{"Text", "List[].Value"}
	secret.Paths = append(secret.Paths, "KmsKeyId")
	key := &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{Type: "AWS::KMS::Key", Region: "eu-west-1", ID: "aws_kms_key.notebooks"}}
	secret.Resource.Properties = assize.NewObject(map[string]assize.Value{"KmsKeyId": key, "Text": "hunter2", "List": assize.List{assize.Object{{Name: "Value", Value: "hunter3"}}}})
	live := &assize.Finding{Check: c["trail"], Outcome: assize.Inconclusive, Region: "eu-west-1", Unknown: &assize.Unknown{Cause: assize.DeferredToLive}, Reason: "could not look: deferred to live: the plan shows what it changes, not what else is there"}
	return &fake{run: run, findings: []*assize.Finding{open, excepted, comment, expired, partial, secret, live, made(c["public"], assize.Pass, "aws_s3_bucket.good", assize.Origin{Action: "create"})}}
}

func TestPlannedGolden(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			golden(t, "planned."+strings.TrimPrefix(f.File, "report."), newPlanned().render(t, f.Name, Options{}))
		})
	}
}

// What is sensitive, and what stands in for values known after apply, is in no format.
func TestPlannedShowsNoStandIns(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		got := newPlanned().render(t, f.Name, Options{Verbose: true})
		for _, never := range []string{"hunter", "assize-planned", "assize:unknown"} {
			if strings.Contains(got, never) {
				t.Errorf("%s holds %q", f.Name, never)
			}
		}
	}
}

// Every format says of an excepted fail that it is one, and until when.
func TestExceptionsAreShown(t *testing.T) {
	t.Parallel()
	for _, f := range Formats {
		if f.Name == "cyclonedx" {
			continue // it lists assets with counts, no findings
		}
		got := newPlanned().render(t, f.Name, Options{})
		for _, want := range []string{"2026-12-31", "it serves the public site", "2026-10-31"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s does not say %q", f.Name, want)
			}
		}
	}
}

func TestSummaryCountsApart(t *testing.T) {
	t.Parallel()
	x := newPlanned()
	tally := NewTally(x.run)
	for _, f := range x.findings {
		tally.Add(f)
	}
	s := tally.Summary()
	got := []int{s.Counts.Fail, s.Excepted, s.Expired, s.Counts.Inconclusive, s.Deferred}
	if diff := cmp.Diff([]int{5, 2, 1, 2, 1}, got); diff != "" {
		t.Errorf("fail, excepted, expired, inconclusive, deferred (-want +got):\n%s", diff)
	}
}

// A fingerprint stays when account, Region or line change, and differs by address.
func TestSourceKey(t *testing.T) {
	t.Parallel()
	a, b := newPlanned().findings[0], newPlanned().findings[0]
	b.Account, b.Region, b.Resource.Account, b.Resource.Origin.Line = prod, "us-east-1", prod, 99
	if sourceKey(a) != sourceKey(b) {
		t.Error("the fingerprint changes with account, Region or line")
	}
	b.Resource.Origin.Address += "x"
	if sourceKey(a) == sourceKey(b) {
		t.Error("two addresses have one fingerprint")
	}
}

func TestGitHubEscapes(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, got, want string }{
		{"data", commandData("50%: a,b"), "50%25: a,b"},
		{"property", commandProperty("50%: a,b"), "50%25%3A a%2Cb"},
		{"line", commandData("a\n::error::b"), commandData(clean("a\n::error::b"))},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	for line := range strings.Lines(everywhere(attack).render(t, "github", Options{})) {
		command, _, _ := strings.Cut(line, " ")
		if command != "::error" && command != "::warning" && command != "::notice" {
			t.Errorf("a line that is no command of ours: %q", line)
		}
	}
}

// Each issue of a Code Quality report has what GitLab asks for, and its own fingerprint.
func TestGitLabIssues(t *testing.T) {
	t.Parallel()
	var issues []gitlabIssue
	if err := json.Unmarshal([]byte(newPlanned().render(t, "gitlab", Options{})), &issues); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range issues {
		if i.Description == "" || i.Check == "" || i.Location.Path == "" || i.Location.Lines.Begin < 1 || seen[i.Fingerprint] {
			t.Errorf("incomplete or twice: %+v", i)
		}
		seen[i.Fingerprint] = true
	}
	if len(issues) != 6 {
		t.Errorf("%d issues, want 6", len(issues))
	}
}
