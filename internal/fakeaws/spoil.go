package fakeaws

import (
	"bufio"
	"cmp"
	"fmt"
	"net"
	"net/http"
)

// errorText is an error as a service words it.
type errorText struct {
	status        int
	code, message string
}

// needsAnswer tells whether the fault spoils the real answer instead of
// replacing it.
func (f *Fault) needsAnswer() bool { return f.Kind == Truncated }

// reply makes the answer of a fault that replaces the real one.
func (f *Fault) reply(c *Call) reply {
	if f.Kind == WrongAnswer {
		return f.wrongAnswer(c)
	}
	text := errorText{status: http.StatusBadRequest}
	switch f.Kind {
	case Denied:
		text = deniedText(c)
	case Throttled:
		text = throttledText(c)
	case OptedOut:
		text = optedOutText(c)
	case ServerError:
		text = errorText{http.StatusInternalServerError, serverErrorCode(c), "We encountered an internal error. Please try again."}
	case Failed, Slow, Reset, Truncated, WrongAnswer:
	}
	return errorReply(c, cmp.Or(f.Status, text.status), cmp.Or(f.Code, text.code), cmp.Or(f.Message, text.message))
}

// deniedText is a refusal by policy.
func deniedText(c *Call) errorText {
	message := fmt.Sprintf("User: arn:aws:iam::%s:user/fake is not authorized to perform: %s:%s", c.Account, signingName(c), c.Operation)
	switch c.Protocol {
	case JSON, CBOR:
		return errorText{http.StatusBadRequest, "AccessDeniedException", message}
	case EC2:
		return errorText{http.StatusForbidden, "UnauthorizedOperation", "You are not authorized to perform this operation."}
	case Query:
		return errorText{http.StatusForbidden, "AccessDenied", message}
	case RestXML:
		return errorText{http.StatusForbidden, "AccessDenied", "Access Denied"}
	case RestJSON:
	}
	return errorText{http.StatusForbidden, "AccessDeniedException", message}
}

// throttledText is a refusal for calling too often.
func throttledText(c *Call) errorText {
	switch c.Protocol {
	case EC2:
		return errorText{http.StatusServiceUnavailable, "RequestLimitExceeded", "Request limit exceeded."}
	case Query:
		return errorText{http.StatusBadRequest, "Throttling", "Rate exceeded"}
	case RestXML:
		return errorText{http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate."}
	case RestJSON:
		return errorText{http.StatusTooManyRequests, "ThrottlingException", "Rate exceeded"}
	case JSON, CBOR:
	}
	return errorText{http.StatusBadRequest, "ThrottlingException", "Rate exceeded"}
}

// optedOutText is how a region that the account has not enabled rejects its
// credentials.
func optedOutText(c *Call) errorText {
	const message = "The security token included in the request is invalid."
	switch c.Protocol {
	case EC2:
		return errorText{http.StatusUnauthorized, "AuthFailure", "AWS was not able to validate the provided access credentials"}
	case Query:
		return errorText{http.StatusForbidden, "InvalidClientTokenId", message}
	case RestXML:
		return errorText{http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."}
	case RestJSON:
		return errorText{http.StatusForbidden, "UnrecognizedClientException", message}
	case JSON, CBOR:
	}
	return errorText{http.StatusBadRequest, "UnrecognizedClientException", message}
}

func serverErrorCode(c *Call) string {
	switch c.Protocol {
	case RestXML, EC2:
		return "InternalError"
	case RestJSON:
		return "InternalServerException"
	case JSON, CBOR, Query:
	}
	return "InternalFailure"
}

// signingName is the service as messages of AWS spell it.
func signingName(c *Call) string {
	if svc := routes().byName[c.Service]; svc != nil {
		return svc.signing
	}
	return c.Service
}

// objectListing is what moto answers to an S3 sub-resource it does not know.
const objectListing = `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
	`<Name>%s</Name><Prefix></Prefix><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>`

// wrongAnswer is a success that says nothing about what was asked.
func (f *Fault) wrongAnswer(c *Call) reply {
	body := f.Body
	switch {
	case body != "":
	case c.Service == "s3":
		body = fmt.Sprintf(objectListing, escapeXML(c.Path["Bucket"]))
	case c.Protocol.xmlBodies():
		body = "<WrongAnswerResponse/>"
	default:
		body = "{}"
	}
	if c.Protocol == CBOR {
		if encoded, err := jsonToCBOR([]byte(body)); err == nil {
			body = string(encoded)
		}
	}
	return newReply(c, cmp.Or(f.Status, http.StatusOK), []byte(body))
}

// resetConnection closes the client's connection with a TCP reset.
func resetConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // no raw connection: the server aborts it
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes the close a reset; a plain close is near enough
	}
	_ = conn.Close()
}

// writeTruncated announces the whole body and sends half of it.
func (r reply) writeTruncated(w http.ResponseWriter) {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	writeHalf(buffer.Writer, r)
	_ = buffer.Flush() // the connection is given up anyway
}

// writeHalf writes an HTTP/1.1 answer that ends in the middle of its body.
func writeHalf(w *bufio.Writer, r reply) {
	fmt.Fprintf(w, "HTTP/1.1 %d %s\r\n", r.status, http.StatusText(r.status))
	_ = r.header.WriteSubset(w, map[string]bool{"Content-Length": true}) // the upstream's own
	fmt.Fprintf(w, "Content-Length: %d\r\n\r\n", max(1, len(r.body)))
	_, _ = w.Write(r.body[:len(r.body)/2])
}
