package fakeaws_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

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
	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/internal/fakeaws"
)

func staticKey(id string) func(context.Context) (aws.Credentials, error) {
	return func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: id, SecretAccessKey: "s"}, nil
	}
}

// protocol is a call of one SDK client and the codes its protocol has for the
// faults that differ.
type protocol struct {
	name                                    string
	call                                    func(context.Context) error
	denied, throttled, optedOut, serverFail string
}

// protocols returns a call per client: the SDK generates old and new clients
// whose error handling differs.
func protocols(cfg aws.Config) []protocol {
	restJSON := [4]string{"AccessDeniedException", "ThrottlingException", "UnrecognizedClientException", "InternalServerException"}
	jsonRPC := [4]string{"AccessDeniedException", "ThrottlingException", "UnrecognizedClientException", "InternalFailure"}
	query := [4]string{"AccessDenied", "Throttling", "InvalidClientTokenId", "InternalFailure"}
	row := func(name string, codes [4]string, call func(context.Context) error) protocol {
		return protocol{name, call, codes[0], codes[1], codes[2], codes[3]}
	}
	return []protocol{
		row("bedrock", restJSON, func(ctx context.Context) error {
			_, err := bedrock.NewFromConfig(cfg).ListGuardrails(ctx, &bedrock.ListGuardrailsInput{})
			return err
		}),
		row("bedrock-agent", restJSON, func(ctx context.Context) error {
			_, err := bedrockagent.NewFromConfig(cfg).ListAgents(ctx, &bedrockagent.ListAgentsInput{})
			return err
		}),
		row("bedrock-agentcore-control", restJSON, func(ctx context.Context) error {
			_, err := bedrockagentcorecontrol.NewFromConfig(cfg).ListBrowsers(ctx, &bedrockagentcorecontrol.ListBrowsersInput{})
			return err
		}),
		row("sagemaker", jsonRPC, func(ctx context.Context) error {
			_, err := sagemaker.NewFromConfig(cfg).ListModels(ctx, &sagemaker.ListModelsInput{})
			return err
		}),
		row("logs", jsonRPC, func(ctx context.Context) error {
			_, err := cloudwatchlogs.NewFromConfig(cfg).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
			return err
		}),
		row("kms", jsonRPC, func(ctx context.Context) error {
			_, err := kms.NewFromConfig(cfg).ListKeys(ctx, &kms.ListKeysInput{})
			return err
		}),
		row("cloudtrail", jsonRPC, func(ctx context.Context) error {
			_, err := cloudtrail.NewFromConfig(cfg).DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{})
			return err
		}),
		row("iam", query, func(ctx context.Context) error {
			_, err := iam.NewFromConfig(cfg).ListRoles(ctx, &iam.ListRolesInput{})
			return err
		}),
		row("ec2", [4]string{"UnauthorizedOperation", "RequestLimitExceeded", "AuthFailure", "InternalError"}, func(ctx context.Context) error {
			_, err := ec2.NewFromConfig(cfg).DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
			return err
		}),
		row("s3", [4]string{"AccessDenied", "SlowDown", "InvalidAccessKeyId", "InternalError"}, func(ctx context.Context) error {
			_, err := s3.NewFromConfig(cfg, pathStyle).ListBuckets(ctx, &s3.ListBucketsInput{})
			return err
		}),
	}
}

// TestFaultCodes holds that every client reads every fault as AWS means it.
func TestFaultCodes(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	for region, f := range map[string]fakeaws.Fault{
		"us-east-1":  {Kind: fakeaws.Denied},
		"us-east-2":  {Kind: fakeaws.Throttled},
		"me-south-1": {Kind: fakeaws.OptedOut},
		"us-west-1":  {Kind: fakeaws.ServerError},
		"us-west-2":  {Kind: fakeaws.Failed, Status: 409, Code: "ConflictException", Message: "busy <now>"},
	} {
		f.Region = region
		srv.Inject(f)
	}
	want := func(p protocol) map[string]string {
		return map[string]string{
			"us-east-1": p.denied, "us-east-2": p.throttled, "me-south-1": p.optedOut,
			"us-west-1": p.serverFail, "us-west-2": "ConflictException",
		}
	}
	for _, p := range protocols(aws.Config{}) {
		got := map[string]string{}
		for region := range want(p) {
			for _, q := range protocols(srv.AWSConfig(region, "")) {
				if q.name == p.name {
					got[region] = codeOf(q.call(t.Context()))
				}
			}
		}
		if diff := cmp.Diff(want(p), got); diff != "" {
			t.Errorf("%s: %s", p.name, diff)
		}
	}
}

// TestBrokenConnections holds what a reset and a truncated body look like.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{Faults: []fakeaws.Fault{
		{Kind: fakeaws.Reset, Service: "bedrock", Times: 1},
		{Kind: fakeaws.Truncated, Service: "bedrock"},
	}})
	srv.Answer("bedrock", "ListGuardrails", fakeaws.Match{}, 200, map[string]any{"guardrails": []any{map[string]any{"id": "g", "name": "n"}}})
	client := bedrock.NewFromConfig(srv.AWSConfig("us-east-1", ""))
	_, err := client.ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{})
	if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Errorf("reset: %v", err)
	}
	_, err = client.ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("truncated: %v", err)
	}
}

// TestWrongAnswer gives the listing that moto has for unknown S3 sub-resources:
// the SDK takes it for an empty success.
func TestWrongAnswer(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{Faults: []fakeaws.Fault{{Kind: fakeaws.WrongAnswer}}})
	cfg := srv.AWSConfig("us-east-1", "")
	out, err := s3.NewFromConfig(cfg, pathStyle).GetBucketPolicyStatus(t.Context(), &s3.GetBucketPolicyStatusInput{Bucket: aws.String("b")})
	if err != nil || (out.PolicyStatus != nil && out.PolicyStatus.IsPublic != nil) {
		t.Errorf("s3: %+v, %v; want an empty success", out, err)
	}
	list, err := bedrock.NewFromConfig(cfg).ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{})
	if err != nil || list.Guardrails != nil {
		t.Errorf("bedrock: %+v, %v; want an empty success", list, err)
	}
}

// TestFaultSelection counts calls: which are hit, which are spared.
func TestFaultSelection(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		faults []fakeaws.Fault
		want   string // one letter a call: . answered, d denied, t throttled
	}{
		{"none", nil, "......"},
		{"always", []fakeaws.Fault{{Kind: fakeaws.Denied}}, "dddddd"},
		{"third only", []fakeaws.Fault{{Kind: fakeaws.Denied, First: 3, Times: 1}}, "..d..."},
		{"from the fourth", []fakeaws.Fault{{Kind: fakeaws.Denied, First: 4}}, "...ddd"},
		{"two rules", []fakeaws.Fault{{Kind: fakeaws.Denied, Times: 2}, {Kind: fakeaws.Throttled, Times: 2}}, "ddtt.."},
		{"a slow one goes on", []fakeaws.Fault{{Kind: fakeaws.Slow, Latency: 1}, {Kind: fakeaws.Denied, Times: 1}}, "d....."},
		{"other service", []fakeaws.Fault{{Kind: fakeaws.Denied, Service: "kms"}}, "......"},
		{"other operation", []fakeaws.Fault{{Kind: fakeaws.Denied, Service: "bedrock", Operation: "GetGuardrail"}}, "......"},
		{"other account", []fakeaws.Fault{{Kind: fakeaws.Denied, Account: "111122223333"}}, "......"},
		{"this account", []fakeaws.Fault{{Kind: fakeaws.Denied, Account: fakeaws.DefaultAccount}}, "dddddd"},
		{"parameter", []fakeaws.Fault{{Kind: fakeaws.Denied, Params: map[string]string{"maxResults": "9"}}}, "......"},
		{"bucket of two", []fakeaws.Fault{{Kind: fakeaws.Throttled, PerSecond: 1e-9, Burst: 2}}, "..tttt"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := fakeaws.Start(t, fakeaws.Config{Faults: tc.faults})
			srv.Answer("bedrock", "ListGuardrails", fakeaws.Match{}, 200, "{}")
			client := bedrock.NewFromConfig(srv.AWSConfig("us-east-1", ""))
			letter := map[string]string{"<nil>": ".", "AccessDeniedException": "d", "ThrottlingException": "t"}
			var got strings.Builder
			for range tc.want {
				_, err := client.ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{})
				got.WriteString(letter[codeOf(err)])
			}
			if got.String() != tc.want {
				t.Errorf("got %s, want %s", got.String(), tc.want)
			}
		})
	}
}

// TestBrokenPage breaks the third page of each reading of a list.
func TestBrokenPage(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{Faults: []fakeaws.Fault{
		{Kind: fakeaws.ServerError, Service: "bedrock", Operation: "ListGuardrails", Page: 3},
	}})
	items := make([]map[string]string, 5)
	for i := range items {
		items[i] = map[string]string{"id": "g"}
	}
	srv.AnswerPaged("bedrock", "ListGuardrails", fakeaws.Match{}, fakeaws.Paging{Items: "guardrails", Size: 1}, map[string]any{"guardrails": items})
	for range 2 {
		pages := 0
		p := bedrock.NewListGuardrailsPaginator(bedrock.NewFromConfig(srv.AWSConfig("us-east-1", "")), &bedrock.ListGuardrailsInput{})
		var err error
		for p.HasMorePages() && err == nil {
			if _, err = p.NextPage(t.Context()); err == nil {
				pages++
			}
		}
		if got := codeOf(err); pages != 2 || got != "InternalServerException" {
			t.Errorf("%d good pages, then %s; want 2, then InternalServerException", pages, got)
		}
	}
}

// TestRefusedFaults holds that a rule that could never apply is refused.
func TestRefusedFaults(t *testing.T) {
	t.Parallel()
	for _, rules := range []string{
		`[{"kind": "denyed"}]`,
		`[{"kind": "denied", "service": "bedrok"}]`,
		`[{"kind": "denied", "service": "bedrock", "operation": "ListGuardrail"}]`,
		`[{"kind": "failed"}]`,
		`[{"kind": "slow", "latency": 5}]`,
		`[{"kind": "denied", "regions": ["us-east-1"]}]`,
		`{}`,
	} {
		if _, err := fakeaws.ParseFaults([]byte(rules)); err == nil {
			t.Errorf("%s was accepted", rules)
		}
	}
	good, err := fakeaws.ParseFaults([]byte(`[{"kind": "slow", "service": "s3", "latency": "60ms"}]`))
	if err != nil || len(good) != 1 || good[0].Latency.String() != "60ms" {
		t.Errorf("%+v, %v", good, err)
	}
}
