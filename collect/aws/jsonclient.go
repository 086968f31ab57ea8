package aws

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// maxJSONAnswer bounds an answer in bytes; the services that are called in this way answer in pages of some kilobytes.
const maxJSONAnswer = 16 << 20

// jsonClient calls a service that speaks the AWS JSON 1.1 protocol and of which the SDK has no module that can be
// had at a pinned version. Its errors are of the types that the SDK gives, so that [classify] reads them.
type jsonClient struct {
	cfg     aws.Config
	service string // as it is signed, and as the host names it
	target  string // of the X-Amz-Target header
	signer  *v4.Signer
}

// jsonOptions makes methods of a jsonClient look like those of the SDK; there is nothing to set.
type jsonOptions struct{}

// ready fills in what all such clients have.
func (c jsonClient) ready() *jsonClient {
	if c.cfg.HTTPClient == nil {
		c.cfg.HTTPClient = awshttp.NewBuildableClient()
	}
	c.signer = v4.NewSigner()
	return &c
}

// do calls an operation: in is the request, out a pointer to what the answer is decoded into.
func (c *jsonClient) do(ctx context.Context, operation string, in, out any) error {
	if err := c.exchange(ctx, operation, in, out); err != nil {
		return &smithy.OperationError{ServiceID: c.service, OperationName: operation, Err: err}
	}
	return nil
}

func (c *jsonClient) exchange(ctx context.Context, operation string, in, out any) error {
	request, err := c.request(ctx, operation, in)
	if err != nil {
		return err
	}
	response, err := c.cfg.HTTPClient.Do(request)
	if err != nil {
		return &smithyhttp.RequestSendError{Err: err}
	}
	defer response.Body.Close()
	body, err := readAnswer(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		return jsonError(response, body)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return &smithy.DeserializationError{Err: err}
	}
	return nil
}

// readAnswer reads a body of at most maxJSONAnswer bytes.
func readAnswer(body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, maxJSONAnswer+1))
	switch {
	case err != nil:
		return nil, &smithy.DeserializationError{Err: fmt.Errorf("read the answer: %w", err)}
	case len(data) > maxJSONAnswer:
		return nil, &smithy.DeserializationError{Err: fmt.Errorf("the answer is longer than %d bytes", maxJSONAnswer)}
	}
	return data, nil
}

// request is the signed request of an operation.
func (c *jsonClient) request(ctx context.Context, operation string, in any) (*http.Request, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("encode the request: %w", err)
	}
	endpoint, err := c.endpoint(ctx)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", c.target+"."+operation)
	if c.cfg.Credentials == nil {
		return nil, errors.New("sign the request: there are no credentials")
	}
	credentials, err := c.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	hash := sha256.Sum256(body)
	if err := c.signer.SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), c.service, c.cfg.Region, time.Now()); err != nil {
		return nil, fmt.Errorf("sign the request: %w", err)
	}
	return request, nil
}

// endpoint is the address of the service: that of the configuration, or the one that AWS gives the service in the
// Region, with the variants for FIPS and dual stack where the configuration asks for them.
func (c *jsonClient) endpoint(ctx context.Context) (string, error) {
	if c.cfg.BaseEndpoint != nil {
		return strings.TrimSuffix(*c.cfg.BaseEndpoint, "/") + "/", nil
	}
	host, stack := c.service, 0
	for _, source := range c.cfg.ConfigSources {
		if s, ok := source.(interface {
			GetUseFIPSEndpoint(ctx context.Context) (aws.FIPSEndpointState, bool, error)
		}); ok {
			state, found, err := s.GetUseFIPSEndpoint(ctx)
			if err != nil {
				return "", fmt.Errorf("read whether end points for FIPS are asked for: %w", err)
			}
			if found && state == aws.FIPSEndpointStateEnabled {
				host = c.service + "-fips"
			}
		}
		if s, ok := source.(interface {
			GetUseDualStackEndpoint(ctx context.Context) (aws.DualStackEndpointState, bool, error)
		}); ok {
			state, found, err := s.GetUseDualStackEndpoint(ctx)
			if err != nil {
				return "", fmt.Errorf("read whether end points of both stacks are asked for: %w", err)
			}
			if found && state == aws.DualStackEndpointStateEnabled {
				stack = 1
			}
		}
	}
	suffix := endpointSuffixes[assize.Partition(c.cfg.Region)][stack]
	if suffix == "" {
		return "", fmt.Errorf("there is no such end point of %s in %s", c.service, c.cfg.Region)
	}
	return "https://" + host + "." + c.cfg.Region + "." + suffix + "/", nil
}

// endpointSuffixes are what the hosts of a partition end with: alone, and with dual stack; "" is none.
var endpointSuffixes = map[string][2]string{
	"aws":        {"amazonaws.com", "api.aws"},
	"aws-cn":     {"amazonaws.com.cn", "api.amazonwebservices.com.cn"},
	"aws-us-gov": {"amazonaws.com", "api.aws"},
	"aws-iso":    {"c2s.ic.gov", "api.aws.ic.gov"},
	"aws-iso-b":  {"sc2s.sgov.gov", "api.aws.scloud"},
	"aws-iso-e":  {"cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
	"aws-iso-f":  {"csp.hci.ic.gov", "api.aws.hci.ic.gov"},
	"aws-eusc":   {"amazonaws.eu", "api.amazonwebservices.eu"},
}

// jsonError is what an answer that is no success says: the code of its header or body, or its status alone.
func jsonError(response *http.Response, body []byte) error {
	var said struct {
		Type    string `json:"__type"`
		Code    string `json:"code"`
		Message string `json:"message"`
		Text    string `json:"Message"`
	}
	code := response.Header.Get("X-Amzn-Errortype")
	if json.Unmarshal(body, &said) == nil {
		code = cmp.Or(code, said.Type, said.Code)
	}
	// A code may come with the name space of its shape before it and a URL after it.
	if _, after, ok := strings.Cut(code, "#"); ok {
		code = after
	}
	code, _, _ = strings.Cut(code, ":")
	err := fmt.Errorf("status %d without a code", response.StatusCode)
	if code != "" {
		err = &smithy.GenericAPIError{Code: code, Message: cmp.Or(said.Message, said.Text)}
	}
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: response}, Err: err,
	}}
}
