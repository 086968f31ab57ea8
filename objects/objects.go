// Package objects writes reports to S3 and looks at objects there that evidence names. Bodies of evidence are no
// business of it: they are kept by package blob.
package objects

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/assize-dev/assize/evidence"
)

// Client of S3, with the credentials of the SDK's default chain.
type Client struct {
	cfg aws.Config
}

// New makes a client. It calls nothing.
func New(ctx context.Context) (*Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	return &Client{cfg: cfg}, nil
}

// Object is what an object is: its version where the bucket keeps versions, the digest and the size of its bytes.
type Object struct {
	Version string
	Digest  evidence.Digest
	Size    int64
}

// maxPut is the largest object that one call writes (S3, PutObject: 5 GB).
const maxPut = 5 << 30

// Parse takes s3://bucket/key apart. The key is taken as it is, nothing in it is decoded, and may be empty. What looks
// like a version is refused, as nobody would look at it, and so are control characters.
func Parse(where string) (bucket, key string, err error) {
	rest, ok := strings.CutPrefix(where, "s3://")
	bucket, key, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" || strings.Contains(where, "?") || strings.ContainsFunc(where, unicode.IsControl) {
		return "", "", fmt.Errorf("%q: want s3://bucket/key", where)
	}
	return bucket, key, nil
}

// Put writes a file as an object. S3 holds what arrives against the SHA-256 that is sent with it.
func (c *Client) Put(ctx context.Context, where, path string) (err error) {
	bucket, key, err := Parse(where)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", where, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	digest, size, err := evidence.DigestReader(f)
	if err != nil {
		return fmt.Errorf("write %s: %w", where, err)
	}
	if size > maxPut {
		return fmt.Errorf("write %s: %d bytes, more than the %d GB that one object takes", where, size, maxPut>>30)
	}
	err = c.inRegion(ctx, func(api *s3.Client) error {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := api.PutObject(ctx, &s3.PutObjectInput{
			Bucket: aws.String(bucket), Key: aws.String(key), Body: f, ContentLength: aws.Int64(size),
			ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(digest[:])),
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", where, err)
	}
	return nil
}

// Look reads an object to its end and tells what it is.
func (c *Client) Look(ctx context.Context, where string) (*Object, error) {
	bucket, key, err := Parse(where)
	if err != nil {
		return nil, err
	}
	o := &Object{}
	err = c.inRegion(ctx, func(api *s3.Client) error {
		out, err := api.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
		if err != nil {
			return err
		}
		o.Version = aws.ToString(out.VersionId)
		h := sha256.New()
		o.Size, err = io.Copy(h, out.Body)
		o.Digest = evidence.Digest(h.Sum(nil))
		return errors.Join(err, out.Body.Close())
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", where, err)
	}
	return o, nil
}

// Remove removes an object; that it is not there is no error.
func (c *Client) Remove(ctx context.Context, where string) error {
	bucket, key, err := Parse(where)
	if err != nil {
		return err
	}
	err = c.inRegion(ctx, func(api *s3.Client) error {
		_, err := api.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: aws.String(key)})
		return err
	})
	if err != nil {
		return fmt.Errorf("remove %s: %w", where, err)
	}
	return nil
}

// regionHeader is where S3 says in which Region a bucket is, also when it refuses a call to another one.
const regionHeader = "X-Amz-Bucket-Region"

// inRegion makes a call, and makes it again in the Region of the bucket when S3 says that it is another.
func (c *Client) inRegion(ctx context.Context, call func(*s3.Client) error) error {
	err := call(c.api(c.cfg.Region))
	var answer *awshttp.ResponseError
	if !errors.As(err, &answer) || answer.Response == nil || ctx.Err() != nil {
		return err
	}
	region := answer.Response.Header.Get(regionHeader)
	if region == "" || region == c.cfg.Region {
		return err
	}
	return call(c.api(region))
}

func (c *Client) api(region string) *s3.Client {
	return s3.NewFromConfig(c.cfg, func(o *s3.Options) {
		o.Region = region
		o.UsePathStyle = o.BaseEndpoint != nil // a stand-in has no names for buckets
	})
}
