package fakeaws

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestIdentify tells requests apart whose paths are alike.
func TestIdentify(t *testing.T) {
	t.Parallel()
	type want struct {
		Service, Operation string
		Path               map[string]string
	}
	arn := "arn%3Aaws%3Abedrock%3Aeu-west-1%3A111122223333%3Aagent%2FA"
	for _, tc := range []struct {
		name, request, signing string
		header                 map[string]string
		want                   want
	}{
		{"root", "GET /", "s3", nil, want{"s3", "ListBuckets", map[string]string{}}},
		{"bucket", "GET /b?list-type=2", "s3", nil, want{"s3", "ListObjectsV2", map[string]string{"Bucket": "b"}}},
		{"bucket, plain", "GET /b/", "s3", nil, want{"s3", "ListObjects", map[string]string{"Bucket": "b"}}},
		{"sub-resource", "GET /b?policyStatus", "s3", nil, want{"s3", "GetBucketPolicyStatus", map[string]string{"Bucket": "b"}}},
		{"the newer twin", "GET /b?lifecycle=", "s3", nil, want{"s3", "GetBucketLifecycleConfiguration", map[string]string{"Bucket": "b"}}},
		{"one of a list", "GET /b?metrics&id=7", "s3", nil, want{"s3", "GetBucketMetricsConfiguration", map[string]string{"Bucket": "b"}}},
		{"the list", "GET /b?metrics", "s3", nil, want{"s3", "ListBucketMetricsConfigurations", map[string]string{"Bucket": "b"}}},
		{"object", "GET /b/a%20b/c", "s3", nil, want{"s3", "GetObject", map[string]string{"Bucket": "b", "Key": "a b/c"}}},
		{"parts", "GET /b/k?uploadId=1", "s3", nil, want{"s3", "ListParts", map[string]string{"Bucket": "b", "Key": "k"}}},
		{"put", "PUT /b/k", "s3", nil, want{"s3", "PutObject", map[string]string{"Bucket": "b", "Key": "k"}}},
		{"put, told", "PUT /b/k?x-id=CopyObject", "s3", nil, want{"s3", "CopyObject", map[string]string{"Bucket": "b", "Key": "k"}}},
		{"control", "GET /v20180820/configuration/publicAccessBlock", "s3", nil, want{"s3control", "GetPublicAccessBlock", map[string]string{}}},
		{"agent", "GET /agents/A", "bedrock", nil, want{"bedrock-agent", "GetAgent", map[string]string{"agentId": "A"}}},
		{
			"slash at the end", "POST /agents/A/agentversions/1/actiongroups/", "bedrock", nil,
			want{"bedrock-agent", "ListAgentActionGroups", map[string]string{"agentId": "A", "agentVersion": "1"}},
		},
		{
			"arn", "GET /tags/" + arn, "bedrock", nil,
			want{"bedrock-agent", "ListTagsForResource", map[string]string{"resourceArn": "arn:aws:bedrock:eu-west-1:111122223333:agent/A"}},
		},
		{
			"arn, told", "GET /tags/" + arn, "bedrock",
			map[string]string{"User-Agent": "aws-sdk-go-v2/1 api/bedrockagentruntime#1.0"},
			want{"bedrock-agent-runtime", "ListTagsForResource", map[string]string{"resourceArn": "arn:aws:bedrock:eu-west-1:111122223333:agent/A"}},
		},
		{"guardrail", "GET /guardrails/g", "bedrock", nil, want{"bedrock", "GetGuardrail", map[string]string{"guardrailIdentifier": "g"}}},
		{"no such path", "GET /nothing/here", "bedrock", nil, want{"bedrock", "", nil}},
		{"target", "POST /", "logs", map[string]string{"X-Amz-Target": "Logs_20140328.DescribeLogGroups"}, want{"logs", "DescribeLogGroups", nil}},
		{
			"target with dots", "POST /", "cloudtrail",
			map[string]string{"X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListTrails"},
			want{"cloudtrail", "ListTrails", nil},
		},
		{"action", "GET /?Action=GetUser", "iam", nil, want{"iam", "GetUser", nil}},
		{"shared signing name", "GET /?Action=DescribeDBInstances", "rds", nil, want{"rds", "DescribeDBInstances", nil}},
		{
			"cbor", "POST /service/GraniteServiceVersion20100801/operation/DescribeAlarms", "monitoring",
			map[string]string{"Smithy-Protocol": "rpc-v2-cbor"},
			want{"cloudwatch", "DescribeAlarms", nil},
		},
		{"unknown service", "GET /", "gamelift", nil, want{"gamelift", "", nil}},
	} {
		method, target, _ := strings.Cut(tc.request, " ")
		r := httptest.NewRequest(method, target, nil)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=K/20260101/eu-west-1/"+tc.signing+"/aws4_request, SignedHeaders=host, Signature=0")
		for key, value := range tc.header {
			r.Header.Set(key, value)
		}
		c := identify(r, nil, func(string) string { return "111122223333" })
		got := want{c.Service, c.Operation, c.Path}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
		if c.Region != "eu-west-1" || c.Account != "111122223333" {
			t.Errorf("%s: region %s, account %s", tc.name, c.Region, c.Account)
		}
	}
}

// TestUnsigned holds that a request without signature names no service.
func TestUnsigned(t *testing.T) {
	t.Parallel()
	c := identify(httptest.NewRequest("GET", "/moto-api/", nil), nil, nil)
	if c.Service != "" || c.Operation != "" {
		t.Errorf("got %s %s", c.Service, c.Operation)
	}
}

// TestPresigned reads the credential scope of a presigned URL.
func TestPresigned(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/b/k?X-Amz-Credential=K%2F20260101%2Feu-west-1%2Fs3%2Faws4_request", nil)
	c := identify(r, nil, func(key string) string { return "account of " + key })
	if c.Operation != "GetObject" || c.Account != "account of K" {
		t.Errorf("got %s of %s", c.Operation, c.Account)
	}
}

// TestParam reads nested fields of a JSON body.
func TestParam(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/", nil)
	c := identify(r, []byte(`{"a": {"b": "text", "n": 3, "l": [1]}}`), nil)
	for name, want := range map[string]string{"a.b": "text", "a.n": "3", "a.l": "[1]"} {
		if got, ok := c.Param(name); !ok || got != want {
			t.Errorf("%s = %q, %v", name, got, ok)
		}
	}
	for _, name := range []string{"a.c", "a.b.c", "x"} {
		if got, ok := c.Param(name); ok {
			t.Errorf("%s = %q, want none", name, got)
		}
	}
}

// TestEveryRouteFindsItself asks for each REST operation of the table as its
// own pattern says, which must give that operation or one of the same pattern.
func TestEveryRouteFindsItself(t *testing.T) {
	t.Parallel()
	for _, s := range routes().byName {
		if s.protocol != RestJSON && s.protocol != RestXML {
			continue
		}
		for _, r := range s.routes {
			var path, query []string
			for _, seg := range r.segments {
				if seg.label {
					seg.text = "VALUE"
				}
				path = append(path, seg.text)
			}
			for _, need := range r.query {
				query = append(query, need.key+"="+need.value)
			}
			target := "/" + strings.Join(path, "/") + "?" + strings.Join(query, "&")
			req := httptest.NewRequest(r.method, target, nil)
			req.Header.Set("Authorization", "Credential=K/20260101/eu-west-1/"+s.signing+"/aws4_request")
			req.Header.Set("User-Agent", "go api/"+s.id+"#1")
			c := identify(req, nil, func(string) string { return "" })
			if c.Operation != r.operation && !samePattern(s, c.Operation, r) {
				t.Errorf("%s %s: %s %s gives %s", s.name, r.operation, r.method, target, c.Operation)
			}
		}
	}
}

// samePattern tells whether an operation has the same method and URI as r.
func samePattern(s *service, operation string, r route) bool {
	for _, other := range s.routes {
		if other.operation == operation && other.method == r.method && len(other.segments) == len(r.segments) && len(other.query) == len(r.query) {
			return true
		}
	}
	return false
}

// TestRoutesAreGenerated holds that routes.json is what the generator writes,
// where the botocore of the file is installed.
func TestRoutesAreGenerated(t *testing.T) {
	t.Parallel()
	version, err := exec.CommandContext(t.Context(), "python3", "-c", "import botocore; print(botocore.__version__)").Output()
	if err != nil {
		t.Skipf("python3 with botocore is not here: %v", err)
	}
	if got := strings.TrimSpace(string(version)); got != routes().botocore {
		t.Skipf("botocore %s is installed, routes.json is of %s", got, routes().botocore)
	}
	out := filepath.Join(t.TempDir(), "routes.json")
	if text, err := exec.CommandContext(t.Context(), "python3", "gen/routes.py", out).CombinedOutput(); err != nil {
		t.Fatalf("gen/routes.py: %v: %s", err, text)
	}
	fresh, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if string(fresh) != string(routesJSON) {
		t.Error("routes.json is not what gen/routes.py writes: run go generate ./internal/fakeaws")
	}
}

// TestCBOR holds that a fixture and an error reach a CBOR client as CBOR.
func TestCBOR(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("POST", "/service/GraniteServiceVersion20100801/operation/DescribeAlarms", nil)
	r.Header.Set("Authorization", "Credential=K/20260101/eu-west-1/monitoring/aws4_request")
	r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 501 || w.Header().Get("Smithy-Protocol") != "rpc-v2-cbor" || !strings.Contains(w.Body.String(), "NotImplemented") {
		t.Errorf("unanswered: %d %v %q", w.Code, w.Header(), w.Body)
	}
	s.Answer("cloudwatch", "DescribeAlarms", Match{}, 200, `{"a": [1, true, 0.5, null, {"b": "text"}]}`)
	w = httptest.NewRecorder()
	s.ServeHTTP(w, r)
	const want = "\xa1\x61a\x85\x01\xf5\xfb\x3f\xe0\x00\x00\x00\x00\x00\x00\xf6\xa1\x61b\x64text"
	if got := w.Body.String(); got != want {
		t.Errorf("answer: %x, want %x", got, want)
	}
}
