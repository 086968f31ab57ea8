package aws

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// s3Roots are the root elements of the answers. S3 chooses between its settings by
// the query string, and a stand-in that does not know a setting answers with the
// list of objects, which the SDK decodes into an empty success. The policy is no
// XML: its answer is the document itself. Stand-ins that know the operation may
// also name the root after it, as "GetBucketVersioningResponse".
var s3Roots = map[string]string{
	opListBuckets:         "ListAllMyBucketsResult",
	opGetBucketLocation:   "LocationConstraint",
	opGetBucketVersioning: "VersioningConfiguration",
	opGetBucketEncryption: "ServerSideEncryptionConfiguration",
	opGetPublicAccess:     "PublicAccessBlockConfiguration",
	opGetBucketPolicy:     "{",
	opGetBucketLogging:    "BucketLoggingStatus",
	opGetBucketLifecycle:  "LifecycleConfiguration",
	opGetBucketTagging:    "Tagging",
}

// objectList is the root element of the list of objects.
const objectList = "ListBucketResult"

// s3Peek is how much of an answer is read to find its root element.
const s3Peek = 4096

// checkS3Answers adds the comparison with [s3Roots] to a client of S3.
func checkS3Answers(stack *middleware.Stack) error {
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("CheckRootElement",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err != nil {
				return out, metadata, err
			}
			if resp, ok := out.RawResponse.(*smithyhttp.Response); ok && resp.StatusCode == http.StatusOK {
				err = checkRoot("s3:"+middleware.GetOperationName(ctx), resp)
			}
			return out, metadata, err
		}), middleware.After)
}

// checkRoot refuses an answer whose root element is not the operation's. The body
// can be read from its beginning afterwards.
func checkRoot(operation string, resp *smithyhttp.Response) error {
	_, name, _ := strings.Cut(operation, ":")
	want := s3Roots[operation]
	if want == "" && strings.HasPrefix(name, "ListObject") || resp.Body == nil {
		return nil
	}
	buffered := bufio.NewReaderSize(resp.Body, s3Peek)
	start, err := buffered.Peek(s3Peek)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{buffered, resp.Body}
	switch got := rootElement(string(start)); {
	case got == objectList:
		return collect.Wrong("the answer is the list of the bucket's objects")
	case want != "" && got != want && got != name+"Response":
		return collect.Wrong("the answer begins with %q, not with %q", got, want)
	}
	return nil
}

// rootElement is the name of the first element, "{" where the text is a JSON object, and
// the first words of anything else.
func rootElement(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return "{"
	}
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if err != nil {
			return text[:min(len(text), 40)]
		}
		if element, ok := token.(xml.StartElement); ok {
			return element.Name.Local
		}
	}
}
