package fakeaws

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// Match narrows an answer to some requests. The zero value matches every
// request of the operation.
type Match struct {
	// Account and Region match exactly; empty means any. ${account} and
	// ${region} in the other values stand for those of the call.
	Account string `json:"account,omitempty"`
	Region  string `json:"region,omitempty"`
	// Path holds URI labels by member name, decoded: guardrailIdentifier.
	Path map[string]string `json:"path,omitempty"`
	// Params holds values of the query string, of a form, or of a JSON body
	// (dots go into nested objects), as [Call.Param] reads them.
	Params map[string]string `json:"params,omitempty"`
}

// fits tells whether a call meets every condition.
func (m Match) fits(c *Call) bool {
	if (m.Account != "" && m.Account != c.Account) || (m.Region != "" && m.Region != c.Region) {
		return false
	}
	for label, want := range m.Path {
		if got, ok := c.Path[label]; !ok || got != fill(c, want) {
			return false
		}
	}
	for name, want := range m.Params {
		if got, ok := c.Param(name); !ok || got != fill(c, want) {
			return false
		}
	}
	return true
}

// weight counts the conditions.
func (m Match) weight() int {
	n := len(m.Path) + len(m.Params)
	if m.Account != "" {
		n++
	}
	if m.Region != "" {
		n++
	}
	return n
}

// fixture is one answer to one operation.
type fixture struct {
	match  Match
	layer  int
	status int
	header map[string]string
	body   []byte
	page   *Paging
	fail   *failure
}

// failure is an error answer, rendered in the protocol of the call.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// fixtureSet holds the answers by service and operation. Later layers go
// before earlier ones.
type fixtureSet struct {
	mu   sync.RWMutex
	byOp map[opKey][]*fixture
	top  int
}

type opKey struct{ service, operation string }

func newFixtureSet() *fixtureSet { return &fixtureSet{byOp: map[opKey][]*fixture{}} }

// add checks a fixture against the operation's protocol and keeps it.
func (s *fixtureSet) add(serviceName, operation string, f *fixture) error {
	svc, err := checkOperation(serviceName, operation)
	if err != nil {
		return err
	}
	if err := f.check(svc); err != nil {
		return fmt.Errorf("%s %s: %w", serviceName, operation, err)
	}
	if f.status == 0 {
		f.status = http.StatusOK
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := opKey{serviceName, operation}
	s.byOp[key] = append(s.byOp[key], f)
	s.top = max(s.top, f.layer)
	return nil
}

// check refuses what the operation's protocol cannot carry.
func (f *fixture) check(svc *service) error {
	if f.fail != nil {
		if f.fail.Code == "" || f.status < http.StatusBadRequest {
			return errors.New("an error answer needs a code and a status of 400 or more")
		}
		return nil
	}
	if f.page != nil {
		if svc.protocol.xmlBodies() {
			return errors.New("paging serves JSON lists only; give one answer per Marker instead")
		}
		return f.page.check(f.body)
	}
	if !svc.protocol.xmlBodies() && len(f.body) > 0 && !json.Valid(f.body) {
		return errors.New("the body is not JSON")
	}
	return nil
}

// find returns the best fitting fixture of the highest layer that has one.
func (s *fixtureSet) find(c *Call) (*fixture, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var best *fixture
	for _, f := range s.byOp[opKey{c.Service, c.Operation}] {
		if !f.match.fits(c) {
			continue
		}
		if best == nil || f.layer > best.layer || (f.layer == best.layer && f.match.weight() >= best.match.weight()) {
			best = f
		}
	}
	return best, best != nil
}

// reply renders the fixture for a call.
func (f *fixture) reply(c *Call) reply {
	if f.fail != nil {
		return errorReply(c, f.status, f.fail.Code, fill(c, f.fail.Message))
	}
	escape := jsonEscape
	if c.Protocol.xmlBodies() {
		escape = escapeXML
	}
	body := expand(c, f.body, escape)
	if f.page != nil {
		var err error
		if body, err = f.page.cut(c, body); err != nil {
			return errorReply(c, http.StatusBadRequest, "ValidationException", err.Error())
		}
	}
	if c.Protocol == CBOR {
		encoded, err := jsonToCBOR(body)
		if err != nil {
			return errorReply(c, http.StatusInternalServerError, "InternalFailure", "fixture: "+err.Error())
		}
		body = encoded
	}
	r := newReply(c, f.status, body)
	for key, value := range f.header {
		r.header.Set(key, value)
	}
	return r
}

var placeholder = regexp.MustCompile(`\$\{(account|region|path\.\w+|params\.[\w.-]+)\}`)

// expand fills ${account}, ${region}, ${path.NAME} and ${params.NAME} in. What
// the request does not hold becomes empty.
func expand(c *Call, body []byte, escape func(string) string) []byte {
	return placeholder.ReplaceAllFunc(body, func(found []byte) []byte {
		name := string(found[2 : len(found)-1])
		var value string
		switch {
		case name == "account":
			value = c.Account
		case name == "region":
			value = c.Region
		case strings.HasPrefix(name, "path."):
			value = c.Path[strings.TrimPrefix(name, "path.")]
		default:
			value, _ = c.Param(name[len("params."):])
		}
		return []byte(escape(value))
	})
}

// fill is expand for text that needs no escaping.
func fill(c *Call, text string) string {
	if !strings.Contains(text, "${") {
		return text
	}
	return string(expand(c, []byte(text), func(s string) string { return s }))
}

// jsonEscape escapes for the inside of a JSON string.
func jsonEscape(s string) string {
	quoted := mustJSON(s)
	return string(quoted[1 : len(quoted)-1])
}

// bodyBytes takes what [Server.Answer] accepts as a body.
func bodyBytes(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return body, nil
	case json.RawMessage:
		return body, nil
	case string:
		return []byte(body), nil
	}
	return json.Marshal(body)
}
