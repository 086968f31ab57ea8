package fakeaws_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/bedrock"

	"github.com/assize-dev/assize/internal/fakeaws"
)

// BenchmarkReplayWithLatency measures calls per second through 512 callers at
// 60 ms a call, which the delay alone would cap at 8,533.
func BenchmarkReplayWithLatency(b *testing.B) {
	srv := fakeaws.Start(b, fakeaws.Config{Latency: 60 * time.Millisecond})
	srv.Answer("bedrock", "ListGuardrails", fakeaws.Match{}, http.StatusOK, `{"guardrails": []}`)
	cfg := srv.AWSConfig("eu-west-1", "")
	cfg.HTTPClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1024}}
	client := bedrock.NewFromConfig(cfg)
	b.SetParallelism(128)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.ListGuardrails(context.Background(), &bedrock.ListGuardrailsInput{}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}
