package s3_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/assize-dev/assize/blob"
	"github.com/assize-dev/assize/blob/blobtest"
	"github.com/assize-dev/assize/blob/s3"
	"github.com/assize-dev/assize/internal/moto"
)

// client makes a bucket in an account of its own.
func client(ctx context.Context, t *testing.T, bucket string) *awss3.Client {
	t.Helper()
	c := awss3.NewFromConfig(moto.Config(t, moto.Start(t).URL, "us-east-1", moto.NewAccount()), moto.PathStyle)
	if _, err := c.CreateBucket(ctx, &awss3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConformance(t *testing.T) {
	t.Parallel()
	blobtest.Exercise(t, func(t *testing.T) blob.Backend {
		t.Helper()
		bucket := "segments-" + strings.ToLower(strings.NewReplacer("/", "-", "_", "-").Replace(t.Name()))
		return s3.New(client(t.Context(), t, bucket[:min(len(bucket), 63)]), bucket[:min(len(bucket), 63)], "/evidence/")
	})
}

// TestOthersStay holds that what lies beside the segments is not listed, and so never removed.
func TestOthersStay(t *testing.T) {
	t.Parallel()
	ctx, bucket := t.Context(), "others-stay"
	c := client(ctx, t, bucket)
	for _, key := range []string{"evidence/notes.txt", "evidence/sub/" + strings.Repeat("a", 32) + ".seg", strings.Repeat("b", 32) + ".seg", "evidence/x.seg"} {
		if _, err := c.PutObject(ctx, &awss3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader("x")}); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := s3.New(c, bucket, "evidence").Segments(ctx); err != nil || len(list) != 0 {
		t.Errorf("got %q, %v, want none", list, err)
	}
}

// TestLostAnswer: S3 has written a segment, and its answer is lost. The call is made again by the SDK and finds the object
// there, which is the one that was written: nobody else knows its name.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	written := map[string][]byte{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		data, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPut || r.Header.Get("If-None-Match") != "*" {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		if written[r.URL.Path] != nil {
			w.WriteHeader(http.StatusPreconditionFailed)
			_, _ = io.WriteString(w, `<Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message></Error>`)
			return
		}
		written[r.URL.Path] = data
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	c := awss3.New(awss3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}, nil
		}),
	})
	segment, offset, err := s3.New(c, "bucket", "").Append(t.Context(), func(int64) ([]byte, error) { return []byte("frame"), nil })
	if err != nil || offset != 0 || string(written["/bucket/"+segment]) != "frame" || len(written) != 1 {
		t.Errorf("got %q at %d, %v; written %q", segment, offset, err, written)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"bucket/prefix", "https://bucket", "s3:///prefix", "s3://bucket/x?y", "s3://key:secret@bucket"} {
		if _, err := s3.Open(t.Context(), address); err == nil || strings.Contains(err.Error(), "AWS configuration") {
			t.Errorf("%s: got %v, want it refused for its form", address, err)
		}
	}
}
