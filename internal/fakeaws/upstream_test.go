package fakeaws_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/assize-dev/assize/internal/moto"
)

// counting is an upstream that numbers its answers.
func counting(t *testing.T) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"name": "answer %d"}`, n.Add(1))
	}))
	t.Cleanup(up.Close)
	return up, &n
}

// guardrail asks for the name of a guardrail.
func guardrail(t *testing.T, cfg aws.Config, id string) string {
	t.Helper()
	out, err := bedrock.NewFromConfig(cfg).GetGuardrail(t.Context(), &bedrock.GetGuardrailInput{GuardrailIdentifier: aws.String(id)})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Name)
}

// TestReplay asks the upstream once per request, account and region, and
// carries the answers over into another server through a saved recording.
func TestReplay(t *testing.T) {
	t.Parallel()
	up, asked := counting(t)
	first := fakeaws.Start(t, fakeaws.Config{Upstream: up.URL, Replay: true})
	asks := []struct{ region, account, id, want string }{
		{"eu-west-1", "", "a", "answer 1"},
		{"eu-west-1", "", "b", "answer 2"},
		{"eu-west-2", "", "a", "answer 3"},
		{"eu-west-1", "", "a", "answer 1"},
	}
	for _, ask := range asks {
		if got := guardrail(t, first.AWSConfig(ask.region, ask.account), ask.id); got != ask.want {
			t.Errorf("%+v: %s", ask, got)
		}
	}
	if got := asked.Load(); got != 3 {
		t.Errorf("upstream asked %d times, want 3", got)
	}
	var saved, again bytes.Buffer
	if err := first.SaveRecording(&saved); err != nil {
		t.Fatal(err)
	}
	second := fakeaws.Start(t, fakeaws.Config{})
	if err := second.LoadRecording(bytes.NewReader(saved.Bytes())); err != nil {
		t.Fatal(err)
	}
	for _, ask := range asks {
		if got := guardrail(t, second.AWSConfig(ask.region, ask.account), ask.id); got != ask.want {
			t.Errorf("from the file, %+v: %s", ask, got)
		}
	}
	if err := second.SaveRecording(&again); err != nil || saved.String() != again.String() {
		t.Errorf("saved again, the recording differs: %v", err)
	}
	first.ForgetUpstream()
	if got := guardrail(t, first.AWSConfig("eu-west-1", ""), "a"); got != "answer 4" {
		t.Errorf("after forgetting: %s", got)
	}
}

// TestTruncatedUpstream cuts an answer of the upstream and keeps the recorded
// one whole.
func TestTruncatedUpstream(t *testing.T) {
	t.Parallel()
	up, _ := counting(t)
	srv := fakeaws.Start(t, fakeaws.Config{
		Upstream: up.URL, Replay: true, Faults: []fakeaws.Fault{{Kind: fakeaws.Truncated, Times: 1}},
	})
	cfg := srv.AWSConfig("eu-west-1", "")
	_, err := bedrock.NewFromConfig(cfg).GetGuardrail(t.Context(), &bedrock.GetGuardrailInput{GuardrailIdentifier: aws.String("a")})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("first: %v, want a short body", err)
	}
	if got := guardrail(t, cfg, "a"); got != "answer 1" {
		t.Errorf("second: %s", got)
	}
}

// TestNoRecording holds that there is nothing to save without replay.
func TestNoRecording(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	if err := srv.SaveRecording(&bytes.Buffer{}); err == nil {
		t.Error("saved a recording that does not exist")
	}
	if err := srv.LoadRecording(bytes.NewBufferString("{")); err == nil {
		t.Error("loaded half a recording")
	}
}

// TestBeforeMoto puts the server in front of moto: fixtures answer what moto
// lacks, moto the rest, each account its own.
func TestBeforeMoto(t *testing.T) {
	t.Parallel()
	emulator := moto.Start(t)
	mine, other := moto.NewAccount(), moto.NewAccount()
	srv := fakeaws.Start(t, fakeaws.Config{
		Upstream: emulator.URL, Fixtures: []fs.FS{fakeaws.Defaults()}, Accounts: map[string]string{"AKIAMINE": mine},
	})
	cfg := srv.AWSConfig("eu-west-1", mine)

	list, err := bedrock.NewFromConfig(cfg).ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{})
	if err != nil || len(list.Guardrails) == 0 {
		t.Fatalf("fixture: %+v, %v", list, err)
	}
	if _, err := kms.NewFromConfig(cfg).CreateKey(t.Context(), &kms.CreateKeyInput{}); err != nil {
		t.Fatal(err)
	}
	configured := cfg.Copy()
	configured.Credentials = aws.CredentialsProviderFunc(staticKey("AKIAMINE"))
	entered := moto.Config(t, srv.URL, "eu-west-1", mine)
	for name, tc := range map[string]struct {
		cfg  aws.Config
		want int
	}{
		"key of fakeaws":           {cfg, 1},
		"key of moto":              {entered, 1},
		"key of the configuration": {configured, 1},
		"key of fakeaws, stranger": {srv.AWSConfig("eu-west-1", other), 0},
		"key of moto, stranger":    {moto.Config(t, srv.URL, "eu-west-1", other), 0},
	} {
		keys, err := kms.NewFromConfig(tc.cfg).ListKeys(t.Context(), &kms.ListKeysInput{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := len(keys.Keys); got != tc.want {
			t.Errorf("%s: %d keys, want %d", name, got, tc.want)
		}
	}
	who, err := sts.NewFromConfig(entered).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || aws.ToString(who.Account) != mine {
		t.Errorf("identity: %+v, %v", who, err)
	}
	for _, c := range srv.Calls() {
		if c.Operation == "ListKeys" && c.Count != map[string]int{mine: 3, other: 2}[c.Account] {
			t.Errorf("calls of %s: %d", c.Account, c.Count)
		}
	}
}

// TestMotoLacks holds that what moto has no answer to is listed, and that its
// S3 errors are not taken for that.
func TestMotoLacks(t *testing.T) {
	t.Parallel()
	emulator := moto.Start(t)
	srv := fakeaws.Start(t, fakeaws.Config{Upstream: emulator.URL})
	cfg := srv.AWSConfig("us-east-1", moto.NewAccount())
	client := s3.NewFromConfig(cfg, pathStyle)
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("fakeaws-moto-lacks")}); err != nil {
		t.Fatal(err)
	}
	_, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String("fakeaws-moto-lacks")})
	if got := codeOf(err); got != "NoSuchBucketPolicy" {
		t.Errorf("bucket policy: %s", got)
	}
	_, err = iam.NewFromConfig(cfg).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("none")})
	if got := codeOf(err); got != "NoSuchEntity" {
		t.Errorf("role: %s", got)
	}
	if got := srv.Unanswered(); len(got) != 0 {
		t.Errorf("unanswered: %+v", got)
	}
	if _, err := bedrock.NewFromConfig(cfg).ListGuardrails(t.Context(), &bedrock.ListGuardrailsInput{}); err == nil {
		t.Error("moto has guardrails now: drop the fixtures?")
	}
	got := srv.Unanswered()
	if len(got) != 1 || got[0].Operation != "ListGuardrails" {
		t.Errorf("unanswered: %+v", got)
	}
}
