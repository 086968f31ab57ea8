package aws

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
)

// variants is a source of settings as the SDK reads them from the environment.
type variants struct{ fips, dual bool }

func (v variants) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	return aws.FIPSEndpointStateEnabled, v.fips, nil
}

func (v variants) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	return aws.DualStackEndpointStateEnabled, v.dual, nil
}

// TestJSONEndpoints holds the addresses against those that botocore's rules of Textract give.
func TestJSONEndpoints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		region string
		v      variants
		want   string
	}{
		{"eu-central-1", variants{}, "https://textract.eu-central-1.amazonaws.com/"},
		{"us-east-1", variants{fips: true}, "https://textract-fips.us-east-1.amazonaws.com/"},
		{"us-east-1", variants{dual: true}, "https://textract.us-east-1.api.aws/"},
		{"us-gov-west-1", variants{fips: true, dual: true}, "https://textract-fips.us-gov-west-1.api.aws/"},
		{"cn-north-1", variants{}, "https://textract.cn-north-1.amazonaws.com.cn/"},
		{"us-iso-east-1", variants{}, "https://textract.us-iso-east-1.c2s.ic.gov/"},
		{"us-isof-south-1", variants{}, "https://textract.us-isof-south-1.csp.hci.ic.gov/"},
		{"eusc-de-east-1", variants{}, "https://textract.eusc-de-east-1.amazonaws.eu/"},
	} {
		got, err := newTextractClient(aws.Config{Region: c.region, ConfigSources: []any{c.v}}).endpoint(t.Context())
		if err != nil || got != c.want {
			t.Errorf("%s %+v: got %s, %v, want %s", c.region, c.v, got, err, c.want)
		}
	}
	stand := aws.Config{Region: "eu-central-1", BaseEndpoint: aws.String("http://127.0.0.1:5000")}
	if got, err := newTextractClient(stand).endpoint(t.Context()); err != nil || got != "http://127.0.0.1:5000/" {
		t.Errorf("stand-in: got %s, %v", got, err)
	}
}

// TestJSONClient looks at what is sent, and at answers that no service should give.
func TestJSONClient(t *testing.T) {
	t.Parallel()
	var seen http.Header
	answer := func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"Adapters": []}`)) }
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		answer(w)
	}))
	defer srv.Close()
	cfg := aws.Config{
		Region: "eu-central-1", BaseEndpoint: &srv.URL, HTTPClient: srv.Client(),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "not-a-real-key", "token"),
	}
	api := newTextractClient(cfg)
	if _, err := api.ListAdapters(t.Context(), &textractListAdaptersInput{}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"target": seen.Get("X-Amz-Target"), "type": seen.Get("Content-Type"), "token": seen.Get("X-Amz-Security-Token")}
	want := map[string]string{"target": "Textract.ListAdapters", "type": "application/x-amz-json-1.1", "token": "token"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if scope := "/eu-central-1/textract/aws4_request"; !strings.Contains(seen.Get("Authorization"), scope) {
		t.Errorf("authorization: got %s, want it for %s", seen.Get("Authorization"), scope)
	}
	for _, c := range []struct {
		name   string
		answer func(http.ResponseWriter)
		want   assize.Cause
		code   string
	}{
		{"endless", func(w http.ResponseWriter) { writeLong(w, maxJSONAnswer+1) }, assize.WrongAnswer, ""},
		{"cut off", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"Adap`))
		}, assize.WrongAnswer, ""},
		{"code in a header", func(w http.ResponseWriter) {
			w.Header().Set("X-Amzn-Errortype", "ThrottlingException:http://internal.example/")
			w.WriteHeader(http.StatusBadRequest)
		}, assize.Throttled, "ThrottlingException"},
		{"elsewhere", func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
		}, assize.ServiceError, ""},
	} {
		answer = c.answer
		_, err := api.ListAdapters(t.Context(), &textractListAdaptersInput{})
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		if f := classify(cfg.Region, err); f.Cause != c.want || f.Code != c.code {
			t.Errorf("%s: got %s %q (%s), want %s %q", c.name, f.Cause, f.Code, f.Detail, c.want, c.code)
		}
	}
}

// writeLong writes white space, which JSON never ends with.
func writeLong(w http.ResponseWriter, n int) {
	line := []byte(strings.Repeat(" ", 1<<16))
	for ; n > 0; n -= len(line) {
		if _, err := w.Write(line); err != nil {
			return
		}
	}
}
