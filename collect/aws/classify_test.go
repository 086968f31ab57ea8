package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
)

// probes make one call of each service, so that each wire protocol and each
// generation of the SDK's clients is met.
var probes = map[string]func(context.Context, *clients, string) error{
	"bedrock": func(ctx context.Context, c *clients, r string) error {
		_, err := c.bedrock(r).ListGuardrails(ctx, &bedrock.ListGuardrailsInput{})
		return err
	},
	"bedrock-agent": func(ctx context.Context, c *clients, r string) error {
		_, err := c.bedrockagent(r).ListAgents(ctx, &bedrockagent.ListAgentsInput{})
		return err
	},
	"bedrock-agentcore-control": func(ctx context.Context, c *clients, r string) error {
		_, err := c.bedrockagentcorecontrol(r).ListAgentRuntimes(ctx, &bedrockagentcorecontrol.ListAgentRuntimesInput{})
		return err
	},
	"cloudtrail": func(ctx context.Context, c *clients, r string) error {
		_, err := c.cloudtrail(r).DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{})
		return err
	},
	"ec2": func(ctx context.Context, c *clients, r string) error {
		_, err := c.ec2(r).DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
		return err
	},
	"iam": func(ctx context.Context, c *clients, r string) error {
		_, err := c.iam(r).ListRoles(ctx, &iam.ListRolesInput{})
		return err
	},
	"kms": func(ctx context.Context, c *clients, r string) error {
		_, err := c.kms(r).ListKeys(ctx, &kms.ListKeysInput{})
		return err
	},
	"logs": func(ctx context.Context, c *clients, r string) error {
		_, err := c.cloudwatchlogs(r).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
		return err
	},
	"s3": func(ctx context.Context, c *clients, r string) error {
		_, err := c.s3(r).GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String("mine")})
		return err
	},
	"sagemaker": func(ctx context.Context, c *clients, r string) error {
		_, err := c.sagemaker(r).ListModels(ctx, &sagemaker.ListModelsInput{})
		return err
	},
}

// probe calls each service in the Region and hands over how its failure is classified.
func probe(t *testing.T, cfg aws.Config, region string, check func(t *testing.T, service string, f *collect.Failure)) {
	t.Helper()
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	c := newClients(cfg)
	for service, call := range probes {
		err := call(t.Context(), c, region)
		if err == nil {
			t.Errorf("%s: got no error", service)
			continue
		}
		f, ok := errors.AsType[*collect.Failure](err)
		if !ok {
			f = classify(region, err)
		}
		check(t, service, f)
	}
}

func TestClassifyFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault           fakeaws.Fault
		region          string
		want            assize.Cause
		retry, throttle bool
	}{
		{fakeaws.Fault{Kind: fakeaws.Denied}, "us-east-1", assize.Denied, false, false},
		{fakeaws.Fault{Kind: fakeaws.Throttled}, "us-east-1", assize.Throttled, true, true},
		{fakeaws.Fault{Kind: fakeaws.ServerError}, "us-east-1", assize.ServiceError, true, false},
		{fakeaws.Fault{Kind: fakeaws.Reset}, "us-east-1", assize.ServiceError, true, false},
		{fakeaws.Fault{Kind: fakeaws.OptedOut}, "ap-east-1", assize.RegionNotEnabled, false, false},
		{fakeaws.Fault{Kind: fakeaws.OptedOut}, "us-east-1", assize.Denied, false, false},
	} {
		t.Run(fmt.Sprint(c.fault.Kind, " in ", c.region), func(t *testing.T) {
			t.Parallel()
			srv := fakeaws.Start(t, fakeaws.Config{Faults: []fakeaws.Fault{c.fault}})
			probe(t, srv.AWSConfig(c.region, ""), c.region, func(t *testing.T, service string, f *collect.Failure) {
				if service == "iam" && c.fault.Kind == fakeaws.OptedOut && c.region != "us-east-1" {
					return // it is called in the partition's one Region, which is never opted out
				}
				if f.Cause != c.want || f.Retry != c.retry || f.Throttle != c.throttle {
					t.Errorf("%s: got %s, retry %v, throttle %v, want %s, %v, %v: %v", service, f.Cause, f.Retry, f.Throttle, c.want, c.retry, c.throttle, f.Err)
				}
				if f.Detail == "" {
					t.Errorf("%s: no detail", service)
				}
			})
		})
	}
}

// What stands between us and AWS may answer anything.
func TestClassifyAnswers(t *testing.T) {
	t.Parallel()
	page := `<!DOCTYPE html><html><body>hello</body></html>`
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   assize.Cause
		retry  bool
	}{
		{"a web page", 200, page, assize.WrongAnswer, false},
		{"something else", 200, `["a"]`, assize.WrongAnswer, false},
		{"403 without a code", 403, page, assize.Denied, false},
		{"401 without a code", 401, "", assize.Denied, false},
		{"404 of a web server", 404, page, assize.ServiceError, false},
		{"429 without a code", 429, "", assize.Throttled, true},
		{"500 without a code", 500, page, assize.ServiceError, true},
		{"501 without a code", 501, "", assize.ServiceError, false},
		{"503 of a proxy", 503, page, assize.ServiceError, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				w.Write([]byte(c.body))
			}))
			t.Cleanup(srv.Close)
			cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(srv.URL), Credentials: fakeaws.Credentials("123456789012")}
			probe(t, cfg, "us-east-1", func(t *testing.T, service string, f *collect.Failure) {
				if f.Cause != c.want || f.Retry != c.retry {
					t.Errorf("%s: got %s, retry %v, want %s, %v: %v", service, f.Cause, f.Retry, c.want, c.retry, f.Err)
				}
			})
		})
	}
}

func TestClassifyContext(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	stuck := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(stuck.Close)
	t.Cleanup(func() { close(release) }) // runs before Close, which waits for the handler
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(stuck.URL), Credentials: fakeaws.Credentials("123456789012")}
	c := newClients(cfg)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if f := classify("us-east-1", probes["kms"](ctx, c, "us-east-1")); f.Cause != assize.Timeout || !f.Retry {
		t.Errorf("deadline: got %s, retry %v, want timeout, true", f.Cause, f.Retry)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if f := classify("us-east-1", probes["kms"](ctx, c, "us-east-1")); f.Cause != assize.Interrupted || f.Retry {
		t.Errorf("cancelled: got %s, retry %v, want interrupted, false", f.Cause, f.Retry)
	}
	cfg.BaseEndpoint = aws.String("http://nowhere.invalid")
	if f := classify("us-east-1", probes["kms"](t.Context(), newClients(cfg), "us-east-1")); f.Cause != assize.ServiceError || f.Retry {
		t.Errorf("no such end point: got %s, retry %v, want service error, false: %v", f.Cause, f.Retry, f.Err)
	}
}
