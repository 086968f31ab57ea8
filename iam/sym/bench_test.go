package sym

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/assize-dev/assize/iam"
)

// organisation is the shape that the speed target speaks of: 2,000 policies, 3,000
// combinations of them, twelve paths of service control policies, 20,000 principals, and
// two actions on 150 models in five Regions.
type organisation struct {
	principals []Principal // one for each fingerprint
	count      int         // of all principals
	checks     []Check
}

var benchRegions = []string{"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1"}

func benchModel(i int) string {
	vendors := []string{"anthropic", "amazon", "meta", "mistral", "cohere", "ai21"}
	return fmt.Sprintf("%s.m%d-v%d:0", vendors[i%len(vendors)], i/len(vendors), i%3)
}

// benchCondition draws one of the conditions that policies of an organisation have.
func benchCondition(r *rand.Rand) string {
	switch r.IntN(7) {
	case 0:
		return fmt.Sprintf(`"IpAddress":{"aws:SourceIp":["203.0.%d.0/24","198.51.100.0/24"]}`, r.IntN(6))
	case 1:
		return `"Bool":{"aws:SecureTransport":"true"}`
	case 2:
		return fmt.Sprintf(`"StringEquals":{"aws:RequestedRegion":[%q,%q]}`, benchRegions[r.IntN(5)], benchRegions[r.IntN(5)])
	case 3:
		return `"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}`
	case 4:
		return fmt.Sprintf(`"StringEqualsIfExists":{"bedrock:GuardrailIdentifier":"arn:aws:bedrock:us-east-1:111122223333:guardrail/g%d"}`, r.IntN(4))
	case 5:
		return fmt.Sprintf(`"StringEquals":{"aws:PrincipalTag/team":"t%d"}`, r.IntN(4))
	default:
		return fmt.Sprintf(`"StringLike":{"aws:SourceVpce":"vpce-%d*"}`, r.IntN(4))
	}
}

func benchStatement(r *rand.Rand) string {
	effect, resource := "Allow", "Resource"
	if r.IntN(5) == 0 {
		effect = "Deny"
	}
	if r.IntN(10) == 0 {
		resource = "NotResource"
	}
	var patterns []string
	for range 1 + r.IntN(3) {
		model := benchModel(r.IntN(150))
		switch vendor, _, _ := strings.Cut(model, "."); r.IntN(5) {
		case 0:
			patterns = append(patterns, `"arn:aws:bedrock:*::foundation-model/`+vendor+`.*"`)
		case 2:
			patterns = append(patterns, `"arn:aws:bedrock:*::foundation-model/*"`)
		case 1:
			patterns = append(patterns, `"arn:aws:bedrock:`+benchRegions[r.IntN(5)]+`::foundation-model/*"`)
		default:
			patterns = append(patterns, `"arn:aws:bedrock:*::foundation-model/`+model+`"`)
		}
	}
	actions := []string{`"bedrock:InvokeModel"`, `"bedrock:InvokeModel*"`, `["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"]`, `"bedrock:*"`}
	conditions := map[string]string{}
	for range r.IntN(4) {
		c := benchCondition(r)
		operator, _, _ := strings.Cut(c, ":")
		conditions[operator] = c
	}
	var list []string
	for _, operator := range []string{`"IpAddress"`, `"Bool"`, `"StringEquals"`, `"BoolIfExists"`, `"StringEqualsIfExists"`, `"StringLike"`} {
		if c := conditions[operator]; c != "" {
			list = append(list, c)
		}
	}
	return fmt.Sprintf(`{"Effect":%q,"Action":%s,%q:[%s],"Condition":{%s}}`, effect, actions[r.IntN(4)], resource,
		strings.Join(patterns, ","), strings.Join(list, ","))
}

// benchPaths are the service control policies of twelve places in the tree of accounts.
func benchPaths(t testing.TB) [][][]*iam.Policy {
	full := parse(t, "["+allowAll+"]")
	var paths [][][]*iam.Policy
	for i := range 12 {
		regions := parse(t, fmt.Sprintf(`[{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":[%q,%q,"unspecified"]}}}]`,
			benchRegions[i%5], benchRegions[(i+2)%5]))
		models := parse(t, fmt.Sprintf(`[{"Effect":"Deny","Action":"bedrock:InvokeModel*","NotResource":["arn:aws:bedrock:*::foundation-model/anthropic.*","arn:aws:bedrock:*::foundation-model/%s"]}]`, benchModel(i)))
		paths = append(paths, [][]*iam.Policy{{full, regions}, {full, models}, {full}})
	}
	return paths
}

func benchOrganisation(t testing.TB) organisation {
	r := rand.New(rand.NewPCG(1, 2))
	var pool []*iam.Policy
	for range 2000 {
		var statements []string
		for range 1 + r.IntN(5) {
			statements = append(statements, benchStatement(r))
		}
		pool = append(pool, parse(t, "["+strings.Join(statements, ",")+"]"))
	}
	paths := benchPaths(t)
	type fingerprint struct {
		base, path int
	}
	bases := make([][]*iam.Policy, 3000)
	for i := range bases {
		for range 1 + r.IntN(4) {
			bases[i] = append(bases[i], pool[r.IntN(len(pool))])
		}
	}
	out := organisation{count: 20_000}
	seen := map[fingerprint]bool{}
	for i := range out.count {
		base := r.IntN(len(bases))
		f := fingerprint{base, base % len(paths)}
		if seen[f] {
			continue
		}
		seen[f] = true
		p := Principal{
			Principal: iam.Principal{Kind: iam.RoleSession, Issuer: fmt.Sprintf("arn:aws:iam::111122223333:role/r%d", i)},
			Fixed:     map[string][]string{"aws:PrincipalTag/team": {fmt.Sprintf("t%d", base%4)}},
			Policies:  iam.Policies{Identity: bases[base], ServiceControl: paths[f.path]},
		}
		if base%3 == 0 {
			p.Policies.Boundary = pool[base%len(pool)]
		}
		out.principals = append(out.principals, p)
	}
	for i := range 150 {
		for _, region := range benchRegions {
			for _, action := range []string{"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"} {
				out.checks = append(out.checks, Check{
					Action: action, Resource: "arn:aws:bedrock:" + region + "::foundation-model/" + benchModel(i),
					Fixed: map[string][]string{"aws:RequestedRegion": {region}},
				})
			}
		}
	}
	return out
}

// BenchmarkOrganisation answers every cell of the organisation with a new engine: what the
// principals share is part of the work.
func BenchmarkOrganisation(b *testing.B) {
	o := benchOrganisation(b)
	cells := len(o.principals) * len(o.checks)
	b.ReportAllocs()
	var e *Engine
	allowed := 0
	sets := map[Set]int{}
	for b.Loop() {
		e = New(Config{})
		allowed = 0
		clear(sets)
		var targets []*Target
		for _, c := range o.checks {
			t, err := e.Target(c)
			if err != nil {
				b.Fatal(err)
			}
			targets = append(targets, t)
		}
		for _, p := range o.principals {
			s, err := e.Subject(p)
			if err != nil {
				b.Fatal(err)
			}
			for _, t := range targets {
				set := s.Access(t)
				if !set.Empty() {
					allowed++
				}
				if !set.Decided() {
					b.Fatal(set.Inconclusive())
				}
			}
		}
	}
	if allowed == 0 || allowed == cells {
		b.Fatalf("got %d of %d cells with access, want some", allowed, cells)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(cells), "ns/cell")
	b.ReportMetric(float64(len(o.principals)), "fingerprints")
	b.ReportMetric(float64(len(e.f.diagrams.nodes)), "nodes")
	b.ReportMetric(float64(len(e.f.list)), "formulas")
	b.ReportMetric(100*float64(allowed)/float64(cells), "%allowed")
}
