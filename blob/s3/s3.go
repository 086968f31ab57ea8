// Package s3 keeps segments of evidence bodies in an S3 bucket: one object a batch, which is durable when the call
// that wrote it returns.
//
// It calls s3:PutObject, s3:GetObject, s3:DeleteObject and s3:ListBucket, and needs no more. S3 checks what is written
// against its SHA-256, and refuses to write over an object that is there. In a bucket with versions, what retention
// removes stays as an old version until a lifecycle rule of the bucket expires it.
package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/assize-dev/assize/blob"
)

// Bucket is a backend in a bucket, below a prefix.
type Bucket struct {
	client         *s3.Client
	bucket, prefix string
}

var _ blob.Backend = (*Bucket)(nil)

// segmentName is how segments are called: nothing else below the prefix is read or removed.
var segmentName = regexp.MustCompile(`^[0-9a-f]{32}\.seg$`)

// New makes a backend. The prefix may be empty; a slash is put behind it.
func New(client *s3.Client, bucket, prefix string) *Bucket {
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	return &Bucket{client: client, bucket: bucket, prefix: prefix}
}

// Open makes a backend for a URL such as s3://bucket/prefix, with the credentials and the Region that the AWS SDK finds
// (environment, shared files, role of the machine). Nothing is asked of S3 yet.
func Open(ctx context.Context, address string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("blobs %q: want s3://bucket/prefix", address)
	}
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("blobs in %s: AWS configuration: %w", address, err)
	}
	return New(s3.NewFromConfig(c), u.Host, u.Path), nil
}

func (b *Bucket) key(segment string) (*string, error) {
	if !segmentName.MatchString(segment) {
		return nil, fmt.Errorf("%.80q is no name of a segment", segment)
	}
	return aws.String(b.prefix + segment), nil
}

func (b *Bucket) wrap(what string, err error) error {
	return fmt.Errorf("%s in s3://%s/%s: %w", what, b.bucket, b.prefix, err)
}

// Append writes a batch as an object of its own.
func (b *Bucket) Append(ctx context.Context, fill func(offset int64) ([]byte, error)) (string, int64, error) {
	data, err := fill(0)
	if err != nil {
		return "", 0, err
	}
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", 0, err
	}
	name := hex.EncodeToString(random[:]) + ".seg"
	sum := sha256.Sum256(data)
	_, err = b.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(b.bucket), Key: aws.String(b.prefix + name), Body: bytes.NewReader(data), ContentLength: aws.Int64(int64(len(data))),
		ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:])), IfNoneMatch: aws.String("*"),
		ContentType: aws.String("application/octet-stream"),
	})
	// The name is random: an object that is there already is ours, and the answer of an earlier attempt was lost.
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "PreconditionFailed" {
		err = nil
	}
	if err != nil {
		return "", 0, b.wrap("write segment "+name, err)
	}
	return name, 0, nil
}

// Read reads a part of a segment.
func (b *Bucket) Read(ctx context.Context, segment string, offset, length int64) (io.ReadCloser, error) {
	key, err := b.key(segment)
	if err != nil {
		return nil, err
	}
	if offset < 0 || length <= 0 {
		return nil, b.wrap("read segment "+segment, fmt.Errorf("%d bytes from %d cannot be", length, offset))
	}
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(b.bucket), Key: key, Range: aws.String(fmt.Sprintf("bytes=%d-%d", offset, offset+length-1)),
	})
	if err != nil {
		return nil, b.wrap("read segment "+segment, err)
	}
	// A server that does not know ranges would answer the whole object: another part than was asked for.
	if want := fmt.Sprintf("bytes %d-", offset); !strings.HasPrefix(aws.ToString(out.ContentRange), want) {
		_ = out.Body.Close() // nothing of it is read
		return nil, b.wrap("read segment "+segment, fmt.Errorf("asked for %s, answered %q", want, aws.ToString(out.ContentRange)))
	}
	return out.Body, nil
}

// Remove removes a segment; S3 says nothing when it is not there.
func (b *Bucket) Remove(ctx context.Context, segment string) error {
	key, err := b.key(segment)
	if err != nil {
		return err
	}
	if _, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(b.bucket), Key: key}); err != nil {
		return b.wrap("remove segment "+segment, err)
	}
	return nil
}

// Roll does nothing: each segment ends when it is written.
func (b *Bucket) Roll(context.Context, string) error { return nil }

// Segments lists the segments. Objects are whole or not there: none is still written.
func (b *Bucket) Segments(ctx context.Context) ([]string, error) {
	var list []string
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: aws.String(b.bucket), Prefix: aws.String(b.prefix)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, b.wrap("list segments", err)
		}
		for _, o := range page.Contents {
			if name := strings.TrimPrefix(aws.ToString(o.Key), b.prefix); segmentName.MatchString(name) {
				list = append(list, name)
			}
		}
	}
	return list, nil
}
