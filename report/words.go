package report

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// asOf is the time of the run as people read it, always UTC.
func asOf(run *assize.Run) string { return run.AsOf.UTC().Format("2006-01-02 15:04:05 UTC") }

// shortDigest is as much of a digest as people compare.
func shortDigest(d string) string {
	d = strings.TrimPrefix(clean(d), "sha256:")
	return strings.ToValidUTF8(d[:min(12, len(d))], "")
}

func digestNote(d string) string {
	if d == "" {
		return ""
	}
	return " (sha256 " + shortDigest(d) + ")"
}

// ofPlan reports whether the run judges what is about to be.
func ofPlan(run *assize.Run) bool { return strings.HasPrefix(run.Scope, "plan") }

// scopeText says what a scope takes in.
func scopeText(scope string) string {
	switch scope {
	case "ai":
		return "ai: AI resources, what they use and what guards the account"
	case "account":
		return "account: every resource"
	case "plan":
		return "plan: every resource of the plan"
	case "plan-ai":
		return "plan, ai: AI resources of the plan, what they use and what guards the account"
	}
	return clean(scope)
}

// maxRegions are named one by one.
const maxRegions = 6

// versionText is the version of a framework, unless its title says it.
func versionText(f *assize.Framework) string {
	if f.Version == "" || strings.Contains(f.Title, f.Version) {
		return ""
	}
	return "version " + f.Version
}

// foldersText names the folders of users that were laid over the library.
func foldersText(run *assize.Run) string {
	if len(run.LibraryFolders) == 0 {
		return ""
	}
	return ", with " + clean(strings.Join(run.LibraryFolders, ", "))
}

// workloadsText names the workloads that decide which controls apply.
func workloadsText(run *assize.Run) string {
	names := make([]string, len(run.Workloads))
	for i, w := range run.Workloads {
		names[i] = clean(w.ID)
	}
	return some(names, maxRegions)
}

// accountText is an account on one line.
func accountText(a assize.Account) string {
	s := clean(a.ID)
	if s == "" {
		s = "not known"
	}
	if a.Name != "" {
		s = clean(a.Name) + " (" + s + ")"
	}
	if regions := regionsText(a.Regions); regions != "" {
		s += "  " + regions
	}
	return s
}

func regionsText(regions []string) string {
	regions = slices.DeleteFunc(slices.Clone(regions), func(r string) bool { return r == assize.UnknownRegion })
	if len(regions) > maxRegions {
		return many(len(regions), "Region")
	}
	return clean(strings.Join(regions, ", "))
}

// placeText names account and Region of a finding.
func placeText(f *assize.Finding, names map[string]string) string {
	name := names[f.Account]
	switch {
	case f.Account == "" && f.Region == "" && f.Resource == nil && aboutOrganisation(f):
		return "organisation"
	case f.Account == "":
		name = "account not known"
	case name == "":
		name = clean(f.Account)
	}
	switch f.Region {
	case "":
		return name
	case assize.UnknownRegion:
		return name + ", Region not known"
	}
	return name + " " + clean(f.Region)
}

// aboutOrganisation tells a finding about the organisation from one about an account that a
// plan does not say.
func aboutOrganisation(f *assize.Finding) bool {
	return f.Check == nil || f.Check.Subject.Kind == assize.SubjectOrganisation
}

// retrofitText says what mending an existing resource costs.
func retrofitText(r assize.Retrofit) string {
	if r.Note == "" {
		return effort(r.Cost)
	}
	return effort(r.Cost) + ". " + paragraph(r.Note)
}

// effort is a cost of mending in words.
func effort(cost string) string {
	switch cost {
	case "none":
		return "in place"
	case "low":
		return "in place, with side effects"
	case "medium":
		return "restart or new version"
	case "high":
		return "replacement or migration of data"
	}
	return clean(cost)
}

// fails says how many of a number fail: "1 of 3 controls fails".
func fails(n int, of string) string {
	s := num(n) + " of " + of + " fail"
	if n == 1 {
		s += "s"
	}
	return s
}

// advice says what to do about a cause. actions are the IAM actions behind the
// operation, where they are known.
func advice(cause assize.Cause, operation string, actions []string) string {
	switch cause {
	case assize.Denied:
		what := "the operation"
		switch {
		case len(actions) > 0:
			what = strings.Join(actions, ", ")
		case operation != "":
			what = operation
		}
		return "allow " + what + "; run `assize permissions` for the whole policy"
	case assize.AccountNotEntered:
		return "check the role's name, its trust policy and external id"
	case assize.RegionNotEnabled:
		return "enable the Region for the account, or leave it out with --regions"
	case assize.Throttled:
		return "the service refused for lack of quota: run again with --resume, which keeps what was read"
	case assize.Timeout, assize.ServiceError:
		return "run again with --resume, which keeps what was read"
	case assize.Interrupted:
		return "the collection was cut short: go on with --resume"
	case assize.WrongAnswer:
		return "the answer was none that the API documents: check the endpoint and anything between it and here"
	case assize.NotConnected:
		return "what was read does not hold it: read it again with this version, or connect the source that knows it"
	case assize.UntilApply:
		return "what was given does not decide it: with a plan's JSON give its configuration (binary plan or folder), instead of a folder its plan; or assess the account after apply"
	case assize.Unlinked:
		return "what it refers to was not read: take its account and Region in; of a plan, give its configuration as well (binary plan or folder)"
	case assize.DeferredToLive:
		return "only the live account can tell"
	case assize.ErrorInRule:
		return "the check could not be evaluated; this is an error of the check"
	}
	return ""
}

// capitalize makes the first letter a capital.
func capitalize(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// capital is a sentence of a phrase.
func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
