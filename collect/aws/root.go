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

// rootPeek is how much of an answer is read to find its root element.
const rootPeek = 4096

// checkRoots adds to a client that every success is judged by the name of its root
// element, which the SDK does not look at: a document of another kind, or none,
// decodes into an empty success.
func checkRoots(judge func(operation, root string) error) func(*middleware.Stack) error {
	check := middleware.DeserializeMiddlewareFunc("CheckRootElement",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err != nil {
				return out, metadata, err
			}
			resp, ok := out.RawResponse.(*smithyhttp.Response)
			if !ok || resp.StatusCode != http.StatusOK || resp.Body == nil {
				return out, metadata, nil
			}
			root, err := peekRoot(resp)
			if err == nil {
				err = judge(middleware.GetOperationName(ctx), root)
			}
			return out, metadata, err
		})
	return func(stack *middleware.Stack) error { return stack.Deserialize.Add(check, middleware.After) }
}

// peekRoot returns the root element. The body can be read from its beginning afterwards.
func peekRoot(resp *smithyhttp.Response) (string, error) {
	buffered := bufio.NewReaderSize(resp.Body, rootPeek)
	start, err := buffered.Peek(rootPeek)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{buffered, resp.Body}
	return rootElement(string(start)), nil
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

// judgeQuery judges the answers of the services that speak AWS Query and EC2 Query.
func judgeQuery(operation, root string) error {
	if want := operation + "Response"; root != want {
		return collect.Wrong("the answer begins with %q, not with %q", root, want)
	}
	return nil
}
