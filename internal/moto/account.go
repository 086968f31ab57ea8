package moto

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// accountCounter numbers the accounts of this process.
var accountCounter atomic.Int64

// NewAccount returns an account id that no other test of this binary has: the
// way to an empty moto for a test that runs in parallel. Bucket names are the
// exception, they are unique over all accounts as in AWS.
func NewAccount() string { return fmt.Sprintf("%012d", 700000000000+accountCounter.Add(1)) }

// CreateAccount adds an account to the organization of cfg's account, which it
// creates if there is none, and returns the new id. [Config] enters it.
func CreateAccount(ctx context.Context, cfg aws.Config, name string) (string, error) {
	_, err := organizations(ctx, cfg, "CreateOrganization", map[string]string{"FeatureSet": "ALL"})
	if err != nil && !errors.Is(err, errInOrganization) {
		return "", err
	}
	data, err := organizations(ctx, cfg, "CreateAccount", map[string]string{
		"AccountName": name, "Email": name + "@example.com",
	})
	if err != nil {
		return "", err
	}
	var out struct{ CreateAccountStatus struct{ AccountID string } }
	if err := json.Unmarshal(data, &out); err != nil || out.CreateAccountStatus.AccountID == "" {
		return "", fmt.Errorf("create account %s: no id in %s", name, data)
	}
	return out.CreateAccountStatus.AccountID, nil
}

// errInOrganization says that the organization exists already.
var errInOrganization = errors.New("the account is in an organization already")

// organizations calls an operation by hand: two calls are not worth the client.
func organizations(ctx context.Context, cfg aws.Config, operation string, input any) ([]byte, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return nil, fmt.Errorf("organizations %s: %w", operation, err)
	}
	k, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("organizations %s: %w", operation, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, aws.ToString(cfg.BaseEndpoint), strings.NewReader(string(body)))
	if err != nil {
		return nil, fmt.Errorf("organizations %s: %w", operation, err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AWSOrganizationsV20161128."+operation)
	r.Header.Set("X-Amz-Security-Token", k.SessionToken)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+k.AccessKeyID+
		"/20260101/us-east-1/organizations/aws4_request, SignedHeaders=host, Signature=0") // moto reads the key only
	return send(r, operation)
}

func send(r *http.Request, operation string) ([]byte, error) {
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("organizations %s: %w", operation, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("organizations %s: %w", operation, err)
	}
	if resp.StatusCode == http.StatusOK {
		return data, nil
	}
	var failed struct {
		Type string `json:"__type"`
	}
	if json.Unmarshal(data, &failed) == nil && failed.Type == "AlreadyInOrganizationException" {
		return nil, errInOrganization
	}
	return nil, fmt.Errorf("organizations %s: %s: %s", operation, resp.Status, data)
}
