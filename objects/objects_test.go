package objects_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/assize-dev/assize/evidence"
	"github.com/assize-dev/assize/internal/moto"
	"github.com/assize-dev/assize/objects"
)

// TestObjects writes, looks at and removes an object of a bucket that keeps versions.
func TestObjects(t *testing.T) {
	server := moto.Start(t)
	for key, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "",
		"AWS_REGION": "eu-west-1", "AWS_PROFILE": "", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(key, value)
	}
	ctx := t.Context()
	api := s3.NewFromConfig(moto.Config(t, server.URL, "eu-west-1", moto.NewAccount()), moto.PathStyle)
	bucket := "objects-" + moto.NewAccount()
	_, err := api.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket:                    aws.String(bucket),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintEuWest1},
	})
	if err == nil {
		_, err = api.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
			Bucket: aws.String(bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
	}
	if err == nil {
		_, err = api.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::` + bucket + `/*"}]}`)})
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := objects.New(ctx)
	if err != nil {
		t.Fatal(err)
	}
	exercise(ctx, t, c, "s3://"+bucket+"/reports/a b.zip")
}

func exercise(ctx context.Context, t *testing.T, c *objects.Client, where string) {
	t.Helper()
	if _, err := c.Look(ctx, where); err == nil {
		t.Error("an object that is not there was read")
	}
	path := filepath.Join(t.TempDir(), "report.zip")
	if err := os.WriteFile(path, []byte("report"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Put(ctx, where, path); err != nil {
		t.Fatal(err)
	}
	o, err := c.Look(ctx, where)
	if err != nil {
		t.Fatal(err)
	}
	if o.Digest != evidence.DigestOf([]byte("report")) || o.Size != 6 || o.Version == "" {
		t.Errorf("got %+v, want the object that was written, with a version", o)
	}
	for range 2 {
		if err := c.Remove(ctx, where); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Look(ctx, where); err == nil {
		t.Error("an object that was removed was read")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ where, bucket, key string }{
		{"s3://b/k", "b", "k"},
		{"s3://b/a/b c", "b", "a/b c"},
		{"s3://b/a%20b+c#d", "b", "a%20b+c#d"}, // keys are written as they are: this is another object than "a b+c"
		{"s3://b/100%.pdf", "b", "100%.pdf"},
		{"s3://b//k", "b", "/k"},
		{"s3://b", "b", ""},
		{"s3://b/", "b", ""},
		{"https://b/k", "", ""},
		{"s3:///k", "", ""},
		{"b/k", "", ""},
		{"s3://b/k?versionId=1", "", ""},
		{"s3://b/k\x1b[2J", "", ""},
	} {
		bucket, key, err := objects.Parse(tt.where)
		if bucket != tt.bucket || key != tt.key || (err == nil) != (tt.bucket != "") {
			t.Errorf("%s: got %q, %q, %v", tt.where, bucket, key, err)
		}
	}
}
