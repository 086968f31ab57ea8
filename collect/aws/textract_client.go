package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// textractClient calls the reading operations of Amazon Textract's adapters, by its API reference of 2018-06-27.
type textractClient struct{ *jsonClient }

func (c *clients) textract(region string) *textractClient {
	return client(c, "textract", region, func(cfg aws.Config) *textractClient {
		return newTextractClient(cfg)
	})
}

func newTextractClient(cfg aws.Config) *textractClient {
	return &textractClient{jsonClient{cfg: cfg, service: "textract", target: "Textract"}.ready()}
}

type textractListAdaptersInput struct {
	NextToken *string `json:",omitempty"`
}

type textractListAdaptersOutput struct {
	Adapters  []textractAdapter
	NextToken *string
}

// textractAdapter is an AdapterOverview: what an account has taught Textract about its documents.
type textractAdapter struct {
	AdapterId    *string //nolint:staticcheck // answers are kept under the names of the API
	AdapterName  *string
	FeatureTypes []string
}

type textractListVersionsInput struct {
	AdapterId *string //nolint:staticcheck // answers are kept under the names of the API
	NextToken *string `json:",omitempty"`
}

type textractListVersionsOutput struct {
	AdapterVersions []textractVersion
	NextToken       *string
}

// textractVersion is an AdapterVersionOverview.
type textractVersion struct {
	AdapterId      *string //nolint:staticcheck // answers are kept under the names of the API
	AdapterVersion *string
	FeatureTypes   []string
	Status         *string
	StatusMessage  *string
}

type textractGetVersionInput struct {
	AdapterId      *string //nolint:staticcheck // answers are kept under the names of the API
	AdapterVersion *string
}

type textractGetVersionOutput struct {
	AdapterId      *string //nolint:staticcheck // answers are kept under the names of the API
	AdapterVersion *string
	FeatureTypes   []string
	Status         *string
	StatusMessage  *string
	KMSKeyId       *string //nolint:staticcheck // answers are kept under the names of the API
	DatasetConfig  *textractDataset
	OutputConfig   *textractOutputConfig
	Tags           map[string]string
}

// textractDataset says where the manifest of the training documents lies.
type textractDataset struct {
	ManifestS3Object *struct{ Bucket, Name, Version *string }
}

// textractOutputConfig says where the training leaves its results.
type textractOutputConfig struct {
	S3Bucket *string
	S3Prefix *string
}

// ListAdapters answers a page of the adapters of the account and Region.
func (c *textractClient) ListAdapters(ctx context.Context, in *textractListAdaptersInput, _ ...func(*jsonOptions)) (*textractListAdaptersOutput, error) {
	out := &textractListAdaptersOutput{}
	return out, c.do(ctx, "ListAdapters", in, out)
}

// ListAdapterVersions answers a page of the versions of an adapter.
func (c *textractClient) ListAdapterVersions(ctx context.Context, in *textractListVersionsInput, _ ...func(*jsonOptions)) (*textractListVersionsOutput, error) {
	out := &textractListVersionsOutput{}
	return out, c.do(ctx, "ListAdapterVersions", in, out)
}

// GetAdapterVersion answers one version, with its key.
func (c *textractClient) GetAdapterVersion(ctx context.Context, in *textractGetVersionInput, _ ...func(*jsonOptions)) (*textractGetVersionOutput, error) {
	out := &textractGetVersionOutput{}
	return out, c.do(ctx, "GetAdapterVersion", in, out)
}

// textractPages is a [pager] over an operation whose token goes from answer to request.
type textractPages[O any] struct {
	next  func(ctx context.Context, token *string) (*O, error)
	token func(*O) *string

	begun bool
	at    *string
}

func (p *textractPages[O]) HasMorePages() bool { return !p.begun || aws.ToString(p.at) != "" }

// NextPage reads a page; a failed one can be read again.
func (p *textractPages[O]) NextPage(ctx context.Context, _ ...func(*jsonOptions)) (*O, error) {
	out, err := p.next(ctx, p.at)
	if err != nil {
		return nil, err
	}
	p.begun, p.at = true, p.token(out)
	return out, nil
}
