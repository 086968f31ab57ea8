package fakeaws

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Call is one request as the server understood it.
type Call struct {
	// Service is botocore's folder name; empty when the request carries no
	// known credential scope.
	Service string
	// Operation is the API name; empty when no route of the service fits.
	Operation string
	// Account and Region come from the credential scope.
	Account string
	Region  string
	// Protocol is the one this request speaks.
	Protocol Protocol
	// Path holds the URI labels by botocore's member name, decoded.
	Path map[string]string

	accessKey string
	target    string
	form      url.Values
	body      []byte
	fields    map[string]any
	request   *http.Request
}

// Param returns a value of the query string, of a form body, or of a JSON
// body, where dots in the name go into nested objects. Values that are not
// strings come back as JSON.
func (c *Call) Param(name string) (string, bool) {
	if c.form.Has(name) {
		return c.form.Get(name), true
	}
	if c.fields == nil {
		c.fields = map[string]any{}
		if json.Valid(c.body) {
			_ = json.Unmarshal(c.body, &c.fields) // a body that is no object has no fields
		}
	}
	var value any = c.fields
	for key := range strings.SplitSeq(name, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return "", false
		}
		if value, ok = object[key]; !ok {
			return "", false
		}
	}
	if text, ok := value.(string); ok {
		return text, true
	}
	text, err := json.Marshal(value)
	return string(text), err == nil
}

// scope is what a SigV4 signature says in clear.
type scope struct{ accessKey, region, signing string }

// scopeOf reads the credential scope of the Authorization header or of a
// presigned URL.
func scopeOf(r *http.Request) (scope, bool) {
	_, credential, ok := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if !ok {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	credential, _, _ = strings.Cut(credential, ",")
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if len(parts) != 5 {
		return scope{}, false
	}
	return scope{accessKey: parts[0], region: parts[2], signing: parts[3]}, true
}

// identify finds out what a request asks for.
func identify(r *http.Request, body []byte, accountOf func(string) string) *Call {
	c := &Call{Protocol: RestXML, body: body, request: r, form: r.URL.Query()}
	sc, ok := scopeOf(r)
	if !ok {
		return c
	}
	c.accessKey, c.Region, c.Account = sc.accessKey, sc.region, accountOf(sc.accessKey)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if form, err := url.ParseQuery(string(body)); err == nil {
			for key, values := range form {
				c.form[key] = values
			}
		}
	}
	candidates := candidatesFor(sc.signing, r.Header.Get("User-Agent"))
	if len(candidates) == 0 {
		c.Service = sc.signing
		return c
	}
	c.Service, c.Protocol = candidates[0].name, candidates[0].protocol
	if c.identifyRPC(candidates) {
		return c
	}
	c.identifyREST(candidates)
	return c
}

// candidatesFor returns the services that sign with a name. bedrock and
// bedrock-agent share one, as rds and neptune do; the Go SDK names the service
// in its User-Agent, which then goes first.
func candidatesFor(signing, agent string) []*service {
	found := routes().bySigner[signing]
	_, api, _ := strings.Cut(agent, " api/")
	api, _, _ = strings.Cut(api, "#")
	out := make([]*service, 0, len(found))
	for _, s := range found {
		switch {
		case api == s.id:
			return []*service{s}
		case s.name == signing:
			out = append([]*service{s}, out...)
		default:
			out = append(out, s)
		}
	}
	return out
}

// identifyRPC handles the protocols that name the operation in the request.
func (c *Call) identifyRPC(candidates []*service) bool {
	header := c.request.Header
	if header.Get("Smithy-Protocol") == "rpc-v2-cbor" {
		segments := splitPath(c.request.URL.EscapedPath())
		c.Protocol = CBOR
		c.setOperation(candidates, segments[max(0, len(segments)-1):])
		return true
	}
	if c.target = header.Get("X-Amz-Target"); c.target != "" {
		c.Protocol = JSON
		prefix, operation := splitTarget(c.target)
		for _, s := range candidates {
			if s.target == prefix {
				c.Service = s.name
			}
		}
		c.setOperation(candidates, []string{operation})
		return true
	}
	action := c.form.Get("Action")
	if action == "" || c.Protocol == RestJSON || c.Protocol == RestXML {
		return false
	}
	if c.Protocol != EC2 {
		c.Protocol = Query
	}
	c.setOperation(candidates, []string{action})
	return true
}

// splitTarget cuts X-Amz-Target at its last dot: prefixes hold dots themselves.
func splitTarget(target string) (prefix, operation string) {
	i := strings.LastIndexByte(target, '.')
	return target[:max(0, i)], target[i+1:]
}

// setOperation keeps an operation that one of the candidates has; an unknown
// one is kept too, so that it shows in Unanswered.
func (c *Call) setOperation(candidates []*service, names []string) {
	if len(names) != 1 {
		return
	}
	c.Operation = names[0]
	current := routes().byName[c.Service]
	if current != nil && current.ops[c.Operation] {
		return
	}
	for _, s := range candidates {
		if s.ops[c.Operation] {
			c.Service = s.name
			return
		}
	}
}

// identifyREST matches method, escaped path and query against the table.
func (c *Call) identifyREST(candidates []*service) {
	segments := splitPath(c.request.URL.EscapedPath())
	query := c.request.URL.Query()
	id := query.Get("x-id")
	var best *route
	bestWeight := -1
	for _, s := range candidates {
		for i := range s.routes {
			r := &s.routes[i]
			if !r.matches(c.request.Method, segments, query) {
				continue
			}
			w := r.weight()
			if id == r.operation {
				w += 1 << 20 // the SDK says which one it means
			}
			if w > bestWeight {
				best, bestWeight = r, w
			}
		}
	}
	if best == nil {
		return
	}
	c.Service, c.Protocol, c.Operation = best.service.name, best.service.protocol, best.operation
	c.Path = best.labels(segments)
}
