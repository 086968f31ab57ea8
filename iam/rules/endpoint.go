package rules

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

// Endpoint is the policy of a VPC endpoint.
type Endpoint struct {
	Policy  *iam.Policy
	Service string // prefix of the actions that go through it: "bedrock"
	// Region and Partition are those of the endpoint.
	Region, Partition string
	// Accounts may use the endpoint: those that a finding's policy lets through.
	Accounts []string
}

// stranger is an account that belongs to nobody, and to no organization that anybody names.
const stranger = "000000000000"

// foreignOrganizations are the keys by which a stranger and what is the stranger's show that they are of another
// organization, or of none.
var foreignOrganizations = []map[string][]string{
	{
		"aws:PrincipalOrgID": {"o-zzunnamed0"}, "aws:PrincipalOrgPaths": {"o-zzunnamed0/r-zzzz/"},
		"aws:ResourceOrgID": {"o-zzunnamed0"}, "aws:ResourceOrgPaths": {"o-zzunnamed0/r-zzzz/"},
	},
	{"aws:PrincipalOrgID": nil, "aws:PrincipalOrgPaths": nil, "aws:ResourceOrgID": nil, "aws:ResourceOrgPaths": nil},
}

// OpenEndpoint asks whether the endpoint lets somebody with credentials of a foreign account use the service on
// what no policy names: a model of whatever provider, or a resource of the foreign account. The policy that it
// proposes stands in place of the endpoint's.
func (j *Judge) OpenEndpoint(e Endpoint) Result {
	j.begin()
	r := j.openEndpoint(e)
	if r.Yes() && len(e.Accounts) > 0 {
		r.Guard = j.mendEndpoint(e, r.Witnesses[0])
	}
	return r
}

func (j *Judge) openEndpoint(e Endpoint) Result {
	undecided := ""
	for _, organization := range foreignOrganizations {
		r := j.opensTo(e, organization)
		if r.Yes() {
			return r
		}
		if r.Undecided() {
			undecided = r.Reason
		}
	}
	if undecided != "" {
		return cannotTell(undecided)
	}
	return Result{Answer: iam.Answer{Verdict: iam.No, Reason: "the endpoint lets nobody of another account use the service on what its policy does not name"}}
}

// opensTo is openEndpoint for a caller of one organization.
func (j *Judge) opensTo(e Endpoint, organization map[string][]string) Result {
	p, err := e.caller(stranger)
	if err != nil {
		return cannotTell(err.Error())
	}
	maps.Copy(p.Fixed, organization)
	s, err := j.search(&p.Principal)
	if err != nil {
		return cannotTell(err.Error())
	}
	asked := map[string]bool{} // actions that the same statements match are told apart by their resources alone
	for _, a := range knownFirst(j.data.Actions(e.Service)) {
		matched, may := e.matching(a)
		if !may {
			continue
		}
		for _, region := range e.regions() {
			for _, c := range j.strangerChecks(p, a, region) {
				key := matched + region + " " + c.Resource
				if asked[key] {
					continue
				}
				asked[key] = true
				if w := s.allowed(c); w != nil {
					return s.answer(w, "somebody with credentials of another account can call "+a.String()+" through the endpoint", "")
				}
			}
		}
	}
	return s.answer(nil, "", "")
}

// caller is a role of an account that may do everything there, on the way through the endpoint. From a VPC a request
// has no aws:SourceIp ("Control access to VPC endpoints using endpoint policies").
func (e Endpoint) caller(account string) (*Principal, error) {
	own, err := iam.Parse([]byte(everything))
	if err != nil {
		return nil, err
	}
	principal, err := iam.ParsePrincipal("arn:" + e.Partition + ":iam::" + account + ":role/" + fresh)
	if err != nil {
		return nil, err
	}
	p := &Principal{Principal: sym.Principal{
		Principal: principal, Policies: iam.Policies{Identity: []*iam.Policy{own}, Endpoint: e.Policy},
		Fixed: map[string][]string{"aws:SourceIp": nil, "aws:ViaAWSService": {"false"}},
	}}
	p.Account = account
	return p, nil
}

// matching tells which statements are about an action, and whether an Allow is among them or the policy was not read.
func (e Endpoint) matching(a *sar.Action) (statements string, mayPass bool) {
	if _, ok := e.Policy.Readable(); !ok {
		return "", true
	}
	set := make([]byte, e.Policy.Len())
	for i := range set {
		s := e.Policy.Statement(i)
		set[i] = '-'
		if s.MatchesAction(a.String()) {
			set[i] = '+'
			mayPass = mayPass || s.Effect() == iam.Allow
		}
	}
	return string(set), mayPass
}

// regions are the endpoint's and those that its policy names: a request can name a resource of any.
func (e Endpoint) regions() []string {
	out := []string{e.Region}
	for i := range e.Policy.Len() {
		patterns, _ := e.Policy.Statement(i).Resources()
		for _, pattern := range patterns {
			parts := strings.SplitN(pattern, ":", 6)
			if len(parts) == 6 && parts[3] != "" && !strings.ContainsAny(parts[3], "*?$") && !slices.Contains(out, parts[3]) && len(out) < maxPatterns {
				out = append(out, parts[3])
			}
		}
	}
	return out
}

// strangerChecks are requests of an action on resources that no policy names.
func (j *Judge) strangerChecks(p *Principal, a *sar.Action, region string) []sym.Check {
	if !a.Scopable() {
		return []sym.Check{in(a.String(), anything, p.Account, region)}
	}
	var out []sym.Check
	for _, format := range j.formats(a.Service, modelsFirst(a.Resources)) {
		for _, resource := range instances(format, p.partition(), region, p.Account, nil) {
			out = append(out, in(a.String(), resource, p.Account, region))
		}
	}
	return out
}

// mendEndpoint adds a Deny for callers of other accounts to the policy, "" where that does not help or what the
// witness does could not be done from the accounts any more.
func (j *Judge) mendEndpoint(e Endpoint, w Witness) string {
	doc := map[string]any{"Version": string(iam.Version2012)}
	if raw, err := json.Marshal(e.Policy); err != nil || json.Unmarshal(raw, &doc) != nil {
		return ""
	}
	limit := deny(anything).when("StringNotEquals", "aws:PrincipalAccount", e.Accounts)
	limit.Sid, limit.Principal = "OwnAccountsOnly", anything
	doc["Statement"] = append(asList(doc["Statement"]), limit)
	text, err := json.Marshal(doc)
	if err != nil {
		return ""
	}
	mended := e
	if mended.Policy, err = iam.Parse(text); err != nil || !j.openEndpoint(mended).No() {
		return ""
	}
	for _, account := range e.Accounts {
		p, err := mended.caller(account)
		if err != nil {
			return ""
		}
		s, err := j.search(&p.Principal)
		resource := strings.Replace(w.Resource, ":"+stranger+":", ":"+account+":", 1)
		if err != nil || s.allowed(in(w.Action, resource, account, regionOf(w.Context))) == nil {
			return ""
		}
	}
	return string(text)
}
