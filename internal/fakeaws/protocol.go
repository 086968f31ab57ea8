package fakeaws

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/smithy-go/encoding/cbor"
)

// Protocol is a wire protocol of AWS.
type Protocol string

// The wire protocols, under botocore's names.
const (
	JSON     Protocol = "json"
	RestJSON Protocol = "rest-json"
	Query    Protocol = "query"
	EC2      Protocol = "ec2"
	RestXML  Protocol = "rest-xml"
	CBOR     Protocol = "smithy-rpc-v2-cbor"
)

// xmlBodies tells whether bodies of the protocol are XML.
func (p Protocol) xmlBodies() bool { return p == Query || p == EC2 || p == RestXML }

// reply is one answer before it goes out.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// newReply makes a reply with the protocol's content type.
func newReply(c *Call, status int, body []byte) reply {
	h := http.Header{}
	switch c.Protocol {
	case JSON:
		contentType := c.request.Header.Get("Content-Type")
		if !strings.HasPrefix(contentType, "application/x-amz-json") {
			contentType = "application/x-amz-json-1.1"
		}
		h.Set("Content-Type", contentType)
	case RestJSON:
		h.Set("Content-Type", "application/json")
	case Query, EC2:
		h.Set("Content-Type", "text/xml;charset=UTF-8")
	case RestXML:
		h.Set("Content-Type", "application/xml")
	case CBOR:
		h.Set("Content-Type", "application/cbor")
		h.Set("Smithy-Protocol", "rpc-v2-cbor")
	}
	return reply{status: status, header: h, body: body}
}

// errorReply makes the error shape of the call's protocol.
func errorReply(c *Call, status int, code, message string) reply {
	switch c.Protocol {
	case JSON:
		return newReply(c, status, mustJSON(map[string]string{"__type": code, "message": message}))
	case RestJSON:
		r := newReply(c, status, mustJSON(map[string]string{"message": message}))
		r.header.Set("X-Amzn-Errortype", code)
		return r
	case Query:
		return newReply(c, status, fmt.Appendf(nil,
			"<ErrorResponse><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>",
			faultSide(status), escapeXML(code), escapeXML(message), requestID))
	case EC2:
		return newReply(c, status, fmt.Appendf(nil,
			"<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>%s</RequestID></Response>",
			escapeXML(code), escapeXML(message), requestID))
	case CBOR:
		return newReply(c, status, cbor.Encode(cbor.Map{"__type": cbor.String(code), "message": cbor.String(message)}))
	case RestXML:
	}
	return newReply(c, status, restXMLError(c, code, message))
}

// restXMLError makes the bare Error of S3, or the wrapped one of the other
// services that speak this protocol.
func restXMLError(c *Call, code, message string) []byte {
	inner := fmt.Sprintf("<Error><Code>%s</Code><Message>%s</Message><RequestId>%s</RequestId></Error>",
		escapeXML(code), escapeXML(message), requestID)
	if c.Service != "s3" && c.Service != "" {
		inner = "<ErrorResponse>" + inner + "<RequestId>" + requestID + "</RequestId></ErrorResponse>"
	}
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + inner)
}

// requestID stands in every answer: a constant keeps answers reproducible.
const requestID = "00000000-0000-0000-0000-fa0000000000"

func faultSide(status int) string {
	if status >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// write sends the reply.
func (r reply) write(w http.ResponseWriter) {
	for key, values := range r.header {
		w.Header()[key] = values
	}
	if w.Header().Get("X-Amzn-Requestid") == "" {
		w.Header().Set("X-Amzn-Requestid", requestID)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(r.body)))
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // a client that left is no concern of the server
}

func escapeXML(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer does not fail
	return b.String()
}

// mustJSON marshals values that cannot fail to marshal.
func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("fakeaws: marshal %T: %v", v, err))
	}
	return data
}

// jsonToCBOR turns a JSON fixture into CBOR. Times have no JSON form and so
// cannot be given.
func jsonToCBOR(data []byte) ([]byte, error) {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, err
	}
	return cbor.Encode(cborValue(v)), nil
}

func cborValue(v any) cbor.Value {
	switch v := v.(type) {
	case map[string]any:
		m := cbor.Map{}
		for key, value := range v {
			m[key] = cborValue(value)
		}
		return m
	case []any:
		l := make(cbor.List, 0, len(v))
		for _, value := range v {
			l = append(l, cborValue(value))
		}
		return l
	case string:
		return cbor.String(v)
	case bool:
		return cbor.Bool(v)
	case float64:
		if v >= 0 && v == float64(uint64(v)) {
			return cbor.Uint(uint64(v))
		}
		return cbor.Float64(v)
	}
	return &cbor.Nil{}
}
