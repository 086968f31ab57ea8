//go:build browser

package report

import (
	"fmt"
	"math/rand/v2"
)

// largeAccess is an organisation of principals and models; groups is in how many sets of
// identical access the principals fall.
func largeAccess(principals, models, groups int) *Access {
	r := rand.New(rand.NewPCG(1, 2))
	a := fakeAccess()
	a.Groups, a.Targets, a.Terms, a.Asked = nil, nil, nil, principals
	vendors := []string{"anthropic.claude", "amazon.nova", "amazon.titan", "meta.llama", "mistral.large", "cohere.command"}
	for i := range models {
		kind, region := "foundation model", []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1"}[i%5]
		name := fmt.Sprintf("%s-%d-v1:0", vendors[i/5%len(vendors)], i/5)
		a.Targets = append(a.Targets, AccessTarget{ARN: "arn:aws:bedrock:" + region + "::foundation-model/" + name, Name: name, Region: region, Kind: kind})
	}
	a.Terms = append(a.Terms, AccessTerms{Outcome: AccessAlways, From: []string{"anywhere"}, MFA: "not needed"})
	for i := range 120 {
		a.Terms = append(a.Terms, AccessTerms{
			Outcome:      AccessConditional,
			Alternatives: [][]string{{fmt.Sprintf("aws:SourceVpce = \"vpce-%04d\"", i), "aws:MultiFactorAuthPresent = true"}, {fmt.Sprintf("aws:SourceIp is in 203.0.%d.0/24", i)}},
			From:         []string{fmt.Sprintf("aws:SourceVpce = \"vpce-%04d\"", i), fmt.Sprintf("aws:SourceIp is in 203.0.%d.0/24", i)}, MFA: "needed in some cases",
		})
	}
	a.Terms = append(a.Terms, AccessTerms{Outcome: AccessInconclusive, Causes: []string{"denied, iam:GetRolePolicy, AccessDenied"}})
	for i := range principals {
		account := fmt.Sprintf("%012d", 100000000000+i*7919%24)
		p := AccessPrincipal{ARN: fmt.Sprintf("arn:aws:iam::%s:role/team-%d/service-%d-%d", account, i%97, i%groups, i), Account: account}
		if i < groups {
			a.Groups = append(a.Groups, largeGroup(r, models, len(a.Terms)))
		}
		g := &a.Groups[i%groups]
		g.Principals = append(g.Principals, p)
	}
	return a
}

// largeGroup reaches runs of models on some terms, now and then through an agent.
func largeGroup(r *rand.Rand, models, terms int) AccessGroup {
	var g AccessGroup
	grants := map[string]*AccessGrant{}
	var order []string
	for i := 0; i < models; i += 1 + r.IntN(12) {
		var path []string
		if r.IntN(4) == 0 {
			path = []string{"bedrock:InvokeAgent on agent-alias/A/B", "role/agent, execution role of the agent"}
		}
		key := fmt.Sprint(r.IntN(terms)*min(1, r.IntN(3)), len(path))
		grant := grants[key]
		if grant == nil {
			var n int
			fmt.Sscan(key, &n)
			grant = &AccessGrant{Terms: n, Path: path}
			grants[key] = grant
			order = append(order, key)
		}
		for n := 1 + r.IntN(6); n > 0 && i < models; n-- {
			grant.Targets = append(grant.Targets, i)
			i++
		}
	}
	for _, key := range order {
		g.Grants = append(g.Grants, *grants[key])
	}
	return g
}
