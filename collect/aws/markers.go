package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// markerPages is the paginator of an operation for which the SDK has none. ask makes
// the call for the page behind a marker, nil for the first, and says which marker is next.
type markerPages[O, P any] struct {
	ask    func(ctx context.Context, marker *string, optFns ...func(*P)) (*O, error)
	next   func(*O) *string
	marker *string
	begun  bool
}

// HasMorePages reports whether there is a further page.
func (p *markerPages[O, P]) HasMorePages() bool { return !p.begun || aws.ToString(p.marker) != "" }

// NextPage reads it.
func (p *markerPages[O, P]) NextPage(ctx context.Context, optFns ...func(*P)) (*O, error) {
	out, err := p.ask(ctx, p.marker, optFns...)
	if err != nil {
		return nil, err
	}
	p.begun, p.marker = true, p.next(out)
	return out, nil
}
