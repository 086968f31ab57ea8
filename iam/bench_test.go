package iam

import "testing"

func BenchmarkParse(b *testing.B) {
	doc := []byte(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],
		 "Resource":["arn:aws:bedrock:*::foundation-model/anthropic.*","arn:aws:bedrock:*::foundation-model/amazon.titan-*"],
		 "Condition":{"Bool":{"aws:SecureTransport":"true"},"IpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/24"]}}},
		{"Effect":"Allow","Action":"bedrock:List*","Resource":"*"}]}`)
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
