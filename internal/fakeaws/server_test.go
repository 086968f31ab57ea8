package fakeaws_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagent"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/internal/fakeaws"
)

func pathStyle(o *s3.Options) { o.UsePathStyle = true }

// codeOf returns the AWS error code of a call's error.
func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

// TestAnswerChoosesTheBestMatch gives one operation several answers.
func TestAnswerChoosesTheBestMatch(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	name := func(s string) map[string]any { return map[string]any{"name": s} }
	path := map[string]string{"guardrailIdentifier": "arn:aws:bedrock:eu-west-1:111122223333:guardrail/a"}
	srv.Answer("bedrock", "GetGuardrail", fakeaws.Match{Path: path, Region: "eu-west-1"}, 200, name("exact"))
	srv.Answer("bedrock", "GetGuardrail", fakeaws.Match{Path: path}, 200, name("of any region"))
	srv.Answer("bedrock", "GetGuardrail", fakeaws.Match{Account: "111122223333"}, 200, name("of the account"))
	srv.Answer("bedrock", "GetGuardrail", fakeaws.Match{}, 200, `{"name": "${path.guardrailIdentifier} in ${account} ${region} ${aws:kept}"}`)
	srv.Answer("bedrock", "GetGuardrail", fakeaws.Match{Params: map[string]string{"guardrailVersion": "2"}}, 200, name("version"))

	for _, tc := range []struct{ region, account, id, version, want string }{
		{"eu-west-1", "111122223333", path["guardrailIdentifier"], "", "exact"},
		{"us-east-1", "222233334444", path["guardrailIdentifier"], "", "of any region"},
		{"us-east-1", "111122223333", "b", "", "of the account"},
		{"us-east-1", "", `b"`, "", `b" in 123456789012 us-east-1 ${aws:kept}`},
		{"us-east-1", "", "b", "2", "version"},
	} {
		in := &bedrock.GetGuardrailInput{GuardrailIdentifier: aws.String(tc.id)}
		if tc.version != "" {
			in.GuardrailVersion = aws.String(tc.version)
		}
		out, err := bedrock.NewFromConfig(srv.AWSConfig(tc.region, tc.account)).GetGuardrail(t.Context(), in)
		if err != nil {
			t.Fatalf("%+v: %v", tc, err)
		}
		if got := aws.ToString(out.Name); got != tc.want {
			t.Errorf("%+v: got %q", tc, got)
		}
	}
	if got := srv.Count("bedrock", "GetGuardrail"); got != 5 {
		t.Errorf("counted %d calls, want 5", got)
	}
}

// TestEveryProtocolAnswers gives one answer in each wire protocol.
func TestEveryProtocolAnswers(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	cfg := srv.AWSConfig("us-east-1", "")
	srv.Answer("kms", "GetKeyRotationStatus", fakeaws.Match{Params: map[string]string{"KeyId": "k1"}}, 200, map[string]any{"KeyRotationEnabled": true})
	srv.Answer("iam", "GetRole", fakeaws.Match{Params: map[string]string{"RoleName": "r1"}}, 200,
		`<GetRoleResponse><GetRoleResult><Role><RoleName>r1</RoleName><Arn>arn:aws:iam::${account}:role/r1</Arn></Role></GetRoleResult></GetRoleResponse>`)
	srv.Answer("s3", "GetBucketPolicyStatus", fakeaws.Match{Path: map[string]string{"Bucket": "b1"}}, 200,
		`<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>`)
	srv.AnswerError("s3", "GetBucketPolicy", fakeaws.Match{}, 404, "NoSuchBucketPolicy", "none on ${path.Bucket}")

	rotation, err := kms.NewFromConfig(cfg).GetKeyRotationStatus(t.Context(), &kms.GetKeyRotationStatusInput{KeyId: aws.String("k1")})
	if err != nil || !rotation.KeyRotationEnabled {
		t.Errorf("json: %+v, %v", rotation, err)
	}
	role, err := iam.NewFromConfig(cfg).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("r1")})
	if err != nil || aws.ToString(role.Role.Arn) != "arn:aws:iam::123456789012:role/r1" {
		t.Errorf("query: %+v, %v", role, err)
	}
	client := s3.NewFromConfig(cfg, pathStyle)
	status, err := client.GetBucketPolicyStatus(t.Context(), &s3.GetBucketPolicyStatusInput{Bucket: aws.String("b1")})
	if err != nil || !aws.ToBool(status.PolicyStatus.IsPublic) {
		t.Errorf("rest-xml: %+v, %v", status, err)
	}
	_, err = client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String("b2")})
	if got := codeOf(err); got != "NoSuchBucketPolicy" || !strings.Contains(err.Error(), "none on b2") {
		t.Errorf("rest-xml error: %v", err)
	}
}

// TestUnanswered holds that an operation without answer is a well-formed error
// in each protocol, and is listed.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	for _, p := range protocols(srv.AWSConfig("eu-west-1", "111122223333")) {
		if got := codeOf(p.call(t.Context())); got != "NotImplemented" {
			t.Errorf("%s: %s", p.name, got)
		}
	}
	got := srv.Unanswered()
	if len(got) != len(protocols(aws.Config{})) {
		t.Errorf("unanswered: %+v", got)
	}
	want := fakeaws.CallCount{Service: "bedrock", Operation: "ListGuardrails", Account: "111122223333", Region: "eu-west-1", Count: 1}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
}

// TestAccounts follows a caller through AssumeRole into another account.
func TestAccounts(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{Accounts: map[string]string{"AKIAKNOWN": "999988887777"}, DefaultAccount: "000011112222"})
	cfg := srv.AWSConfig("us-east-1", "111122223333")
	out, err := sts.NewFromConfig(cfg).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::222233334444:role/path/audit"), RoleSessionName: aws.String("s"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := aws.ToString(out.AssumedRoleUser.Arn), "arn:aws:sts::222233334444:assumed-role/audit/s"; got != want {
		t.Errorf("assumed %s, want %s", got, want)
	}
	for key, want := range map[string]string{
		aws.ToString(out.Credentials.AccessKeyId): "222233334444",
		"AKIAKNOWN": "999988887777",
		"AKIAOTHER": "000011112222",
	} {
		cfg.Credentials = aws.CredentialsProviderFunc(staticKey(key))
		who, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if err != nil {
			t.Fatal(err)
		}
		if got := aws.ToString(who.Account); got != want {
			t.Errorf("account of %s = %s, want %s", key, got, want)
		}
	}
}

// TestFolders loads two layers of fixture folders.
func TestFolders(t *testing.T) {
	t.Parallel()
	lower := fstest.MapFS{
		"bedrock/ListGuardrails.json":              {Data: []byte(`{"guardrails": [{"id": "any"}]}`)},
		"bedrock/_/eu-west-1/ListGuardrails.json":  {Data: []byte(`{"guardrails": [{"id": "region"}]}`)},
		"bedrock/111122223333/ListGuardrails.json": {Data: []byte(`{"answers": [{"status": 404, "error": {"code": "ResourceNotFoundException"}}]}`)},
		"iam/ListRoles.xml":                        {Data: []byte(`<ListRolesResponse><ListRolesResult><Roles><member><RoleName>r</RoleName></member></Roles></ListRolesResult></ListRolesResponse>`)},
	}
	upper := fstest.MapFS{"bedrock/444455556666/ListGuardrails.json": {Data: []byte(`{"guardrails": [{"id": "upper"}]}`)}}
	srv := fakeaws.Start(t, fakeaws.Config{Fixtures: []fs.FS{lower, upper}})
	for _, tc := range []struct{ region, account, want string }{
		{"us-east-1", "", "any"},
		{"eu-west-1", "", "region"},
		{"eu-west-1", "444455556666", "upper"},
		{"us-east-1", "111122223333", "ResourceNotFoundException"},
	} {
		out, err := bedrock.NewFromConfig(srv.AWSConfig(tc.region, tc.account)).ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{})
		got := codeOf(err)
		if err == nil {
			got = aws.ToString(out.Guardrails[0].Id)
		}
		if got != tc.want {
			t.Errorf("%s %s: got %s, want %s", tc.region, tc.account, got, tc.want)
		}
	}
	roles, err := iam.NewFromConfig(srv.AWSConfig("us-east-1", "")).ListRoles(t.Context(), &iam.ListRolesInput{})
	if err != nil || len(roles.Roles) != 1 {
		t.Errorf("xml file: %+v, %v", roles, err)
	}
}

// TestRefusedFixtures holds that a fixture that could never be used, or not as
// meant, does not load.
func TestRefusedFixtures(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"bedrok/ListGuardrails.json":            `{}`,
		"bedrock/ListGuardrail.json":            `{}`,
		"ListGuardrails.json":                   `{}`,
		"bedrock/eu-west-1/ListGuardrails.json": `{}`,
		"bedrock/ListGuardrails.txt":            `{}`,
		"bedrock/ListGuardrails.json":           `{`,
		"bedrock/GetGuardrail.json":             `{"answers": [{"match": {"paths": {}}, "body": {}}]}`,
		"bedrock/ListImportedModels.json":       `{"answers": [{"status": 200}]}`,
		"bedrock/ListCustomModels.json":         `{"answers": [{"error": {"code": "X"}}]}`,
		"bedrock/ListEvaluationJobs.json":       `{"answers": [{"body": {"a": []}, "page": {"items": "b", "size": 1}}]}`,
		"iam/ListRoles.json":                    `{"answers": [{"body": {"a": []}, "page": {"items": "a", "size": 1}}]}`,
	} {
		if _, err := fakeaws.New(fakeaws.Config{Fixtures: []fs.FS{fstest.MapFS{name: {Data: []byte(data)}}}}); err == nil {
			t.Errorf("%s: %s was accepted", name, data)
		}
	}
}

// TestPagedAnswer reads a list to its end through the SDK's paginators.
func TestPagedAnswer(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	ids := []string{"a", "b", "c", "d", "e"}
	var list []map[string]string
	for _, id := range ids {
		list = append(list, map[string]string{"agentId": id, "agentName": id, "KeyId": id})
	}
	srv.AnswerPaged("bedrock-agent", "ListAgents", fakeaws.Match{},
		fakeaws.Paging{Items: "agentSummaries", Size: 4, LimitIn: "maxResults"}, map[string]any{"agentSummaries": list})
	srv.AnswerPaged("kms", "ListKeys", fakeaws.Match{},
		fakeaws.Paging{Items: "Keys", Size: 2, TokenIn: "Marker", TokenOut: "NextMarker", More: "Truncated"}, map[string]any{"Keys": list})
	cfg := srv.AWSConfig("eu-west-1", "")

	var agents, keys []string
	for p := bedrockagent.NewListAgentsPaginator(bedrockagent.NewFromConfig(cfg), &bedrockagent.ListAgentsInput{MaxResults: aws.Int32(2)}); p.HasMorePages(); {
		out, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range out.AgentSummaries {
			agents = append(agents, aws.ToString(a.AgentId))
		}
	}
	for p := kms.NewListKeysPaginator(kms.NewFromConfig(cfg), &kms.ListKeysInput{}); p.HasMorePages(); {
		out, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range out.Keys {
			keys = append(keys, aws.ToString(k.KeyId))
		}
	}
	if diff := cmp.Diff(ids, agents); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(ids, keys); diff != "" {
		t.Error(diff)
	}
	if got := srv.Count("bedrock-agent", "ListAgents"); got != 3 {
		t.Errorf("%d pages of agents, want 3", got)
	}
	_, err := kms.NewFromConfig(cfg).ListKeys(t.Context(), &kms.ListKeysInput{Marker: aws.String("made up")})
	if got := codeOf(err); got != "ValidationException" {
		t.Errorf("made up token: %s", got)
	}
}

// TestUpstream passes on what has no fixture, byte for byte, with the Host
// header and the signature.
func TestUpstream(t *testing.T) {
	t.Parallel()
	var got *http.Request
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"guardrails": [{"id": "from upstream"}]}`)
	}))
	defer up.Close()
	srv := fakeaws.Start(t, fakeaws.Config{Upstream: up.URL})
	cfg := srv.AWSConfig("eu-west-1", "")
	out, err := bedrock.NewFromConfig(cfg).ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{MaxResults: aws.Int32(7)})
	if err != nil {
		t.Fatal(err)
	}
	if id := aws.ToString(out.Guardrails[0].Id); id != "from upstream" {
		t.Errorf("id = %s", id)
	}
	if want := strings.TrimPrefix(srv.URL, "http://"); got.Host != want {
		t.Errorf("host = %s, want %s", got.Host, want)
	}
	if !strings.Contains(got.Header.Get("Authorization"), "Credential="+fakeaws.AccessKey(fakeaws.DefaultAccount)+"/") {
		t.Errorf("authorization = %s", got.Header.Get("Authorization"))
	}
	if got.URL.RawQuery != "maxResults=7" {
		t.Errorf("query = %s", got.URL.RawQuery)
	}
	up.Close()
	_, err = bedrock.NewFromConfig(cfg).ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{})
	if code := codeOf(err); code != "BadGateway" {
		t.Errorf("a dead upstream: %s", code)
	}
	if len(srv.Unanswered()) != 1 {
		t.Errorf("unanswered: %+v", srv.Unanswered())
	}
}

// TestControl asks the server about itself as another process does.
func TestControl(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	client := bedrock.NewFromConfig(srv.AWSConfig("eu-west-1", ""))
	resp, err := http.Post(srv.URL+"/_fakeaws/faults", "application/json", strings.NewReader(`[{"kind": "throttled", "service": "bedrock"}]`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	_, err = client.ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{})
	if got := codeOf(err); got != "ThrottlingException" {
		t.Errorf("after setting faults: %s", got)
	}
	resp, err = http.Get(srv.URL + "/_fakeaws/calls")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var calls []fakeaws.CallCount
	if err := json.NewDecoder(resp.Body).Decode(&calls); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(srv.Calls(), calls); diff != "" || len(calls) != 1 {
		t.Errorf("calls: %s", diff)
	}
	resp, err = http.Post(srv.URL+"/_fakeaws/faults", "application/json", strings.NewReader(`[{"kind": "nonsense"}]`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("nonsense rules: %s", resp.Status)
	}
}
