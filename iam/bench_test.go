package iam

import "testing"

// fivePolicies is the case the speed target speaks of: two identity policies, a boundary,
// a service control policy and a resource policy, with variables in none of them.
func fivePolicies(t testing.TB) (Policies, []*Prepared) {
	p := Policies{
		Identity: policies(t,
			`[{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],
			   "Resource":["arn:aws:bedrock:*::foundation-model/anthropic.*","arn:aws:bedrock:*::foundation-model/amazon.titan-*"],
			   "Condition":{"Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]},
			                "StringEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}}},
			  {"Effect":"Deny","Action":"bedrock:InvokeModel*","Resource":"*",
			   "Condition":{"StringNotEqualsIfExists":{"bedrock:GuardrailIdentifier":"arn:aws:bedrock:us-east-1:111122223333:guardrail/g1"}}}]`,
			`{"Effect":"Allow","Action":["bedrock:List*","s3:GetObject"],"Resource":"*"}`),
		Boundary: mustParse(t, `{"Effect":"Allow","Action":["bedrock:*","s3:*","logs:*"],"Resource":"*"}`),
		ServiceControl: [][]*Policy{policies(t,
			`[`+allowAll+`,{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}}}]`)},
		Resource: mustParse(t, `{"Effect":"Deny","Principal":"*","Action":"bedrock:*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/team/*"}}}`),
	}
	context := keys("aws:SecureTransport", "true", "aws:SourceIp", "203.0.113.9", "aws:RequestedRegion", "us-east-1",
		"bedrock:GuardrailIdentifier", "arn:aws:bedrock:us-east-1:111122223333:guardrail/g1", "aws:userid", "AROAX:s1")
	var requests []*Prepared
	for _, model := range []string{"anthropic.claude-3-sonnet-20240229-v1:0", "meta.llama3-8b-instruct-v1:0"} {
		requests = append(requests, mustPrepare(t, Request{
			Principal: session(), Action: "bedrock:InvokeModel", Context: context,
			Resource: "arn:aws:bedrock:us-east-1::foundation-model/" + model,
		}))
	}
	return p, requests
}

func BenchmarkEvaluate(b *testing.B) {
	p, requests := fivePolicies(b)
	b.ReportAllocs()
	allowed := 0
	for i := 0; b.Loop(); i++ {
		if p.Decide(requests[i&1]).Allowed() {
			allowed++
		}
	}
	if allowed == 0 || allowed == b.N {
		b.Fatalf("got %d of %d allowed, want half", allowed, b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

func BenchmarkParse(b *testing.B) {
	p, _ := fivePolicies(b)
	doc := []byte(p.Identity[0].String())
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrepare(b *testing.B) {
	r := Request{Principal: session(), Action: "s3:GetObject", Resource: bucket + "/k", Context: keys("aws:SourceIp", "203.0.113.9")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Prepare(r); err != nil {
			b.Fatal(err)
		}
	}
}

func TestDecideAllocatesNothing(t *testing.T) {
	p, requests := fivePolicies(t)
	for i, q := range requests {
		if got := testing.AllocsPerRun(100, func() { p.Decide(q) }); got != 0 {
			t.Errorf("request %d: got %v allocations, want 0", i, got)
		}
	}
	if got := []Outcome{p.Decide(requests[0]).Outcome, p.Decide(requests[1]).Outcome}; got[0] != Allowed || got[1] != ImplicitlyDenied {
		t.Errorf("got %v, want allowed and implicitly denied", got)
	}
}
