//go:build iamoracle

// Package oracle compares the concrete evaluator with another engine, npm
// @cloud-copilot/iam-simulate, over random cases. That engine is AGPL: it runs as a process of its own and
// nothing of it is here. testdata/divergences.json lists where the two differ, and why we
// follow AWS's text.
package oracle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// A testCase is one request with all its policies, as the driver reads it.
type testCase struct {
	Principal       string         `json:"principal"`
	Action          string         `json:"action"`
	Resource        string         `json:"resource"`
	ResourceAccount string         `json:"resourceAccount"`
	Context         map[string]any `json:"context,omitempty"` // a text, or a list of texts
	Identity        []*document    `json:"identity,omitempty"`
	Session         *document      `json:"session,omitempty"`
	Boundary        *document      `json:"boundary,omitempty"`
	ResourcePolicy  *document      `json:"resourcePolicy,omitempty"`
	Endpoint        *document      `json:"endpoint,omitempty"`
	ServiceControl  [][]*document  `json:"serviceControl,omitempty"`
	ResourceControl [][]*document  `json:"resourceControl,omitempty"`
}

// document is a policy.
type document struct {
	Version   string
	Statement []*statement
}

// statement has the elements of the policy language; Condition is operator, key, values.
type statement struct {
	Effect       string
	Principal    any                            `json:",omitempty"`
	NotPrincipal any                            `json:",omitempty"`
	Action       []string                       `json:",omitempty"`
	NotAction    []string                       `json:",omitempty"`
	Resource     []string                       `json:",omitempty"`
	NotResource  []string                       `json:",omitempty"`
	Condition    map[string]map[string][]string `json:",omitempty"`
}

func (c *testCase) text() string {
	out, err := json.Marshal(c)
	if err != nil {
		panic(err) // nothing in a case fails to marshal
	}
	return string(out)
}

// clone copies all that rewrites and shrinking change.
func (c *testCase) clone() *testCase {
	out := &testCase{}
	if err := json.Unmarshal([]byte(c.text()), out); err != nil {
		panic(err)
	}
	return out
}

// documents lists every policy.
func (c *testCase) documents() []*document {
	all := slices.Concat(c.Identity, []*document{c.Session, c.Boundary, c.ResourcePolicy, c.Endpoint})
	for _, levels := range [][][]*document{c.ServiceControl, c.ResourceControl} {
		for _, level := range levels {
			all = append(all, level...)
		}
	}
	return slices.DeleteFunc(all, func(d *document) bool { return d == nil })
}

// principal reads what a case calls its principal.
func (c *testCase) principal() (iam.Principal, error) {
	switch {
	case c.Principal == "anonymous":
		return iam.AnonymousPrincipal(), nil
	case strings.HasSuffix(c.Principal, ".amazonaws.com"):
		return iam.PrincipalService(c.Principal), nil
	default:
		return iam.ParsePrincipal(c.Principal)
	}
}

// derivedKeys are keys that Prepare adds. Every case gives them, so that both engines see the same.
func derivedKeys(principal, resourceAccount string) map[string]any {
	out := map[string]any{"aws:ResourceAccount": resourceAccount, "aws:PrincipalIsAWSService": "false"}
	parts := strings.SplitN(principal, ":", 6)
	if len(parts) < 6 {
		out["aws:PrincipalIsAWSService"] = "true"
		out["aws:PrincipalServiceName"] = principal
		return out
	}
	arn, kind := principal, "User"
	name := parts[5][strings.LastIndexByte(parts[5], '/')+1:]
	switch {
	case parts[5] == "root":
		kind = "Account"
	case strings.HasPrefix(parts[5], "assumed-role/"):
		kind = "AssumedRole"
		arn = "arn:aws:iam::" + parts[4] + ":role/" + strings.Split(parts[5], "/")[1]
	case strings.HasPrefix(parts[5], "federated-user/"):
		kind = "FederatedUser"
	default:
		out["aws:username"] = name
	}
	out["aws:PrincipalArn"], out["aws:PrincipalAccount"], out["aws:PrincipalType"] = arn, parts[4], kind
	return out
}

// parser keeps parsed documents, for most occur many times.
type parser map[string]*iam.Policy

func (p parser) parse(d *document) (*iam.Policy, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	if found := p[string(text)]; found != nil {
		return found, nil
	}
	parsed, err := iam.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", text, err)
	}
	if len(p) > 50_000 {
		clear(p)
	}
	p[string(text)] = parsed
	return parsed, nil
}

func (p parser) list(docs []*document) ([]*iam.Policy, error) {
	var out []*iam.Policy
	for _, d := range docs {
		parsed, err := p.parse(d)
		if err != nil {
			return nil, err
		}
		out = append(out, parsed)
	}
	return out, nil
}

func (p parser) levels(levels [][]*document) ([][]*iam.Policy, error) {
	var out [][]*iam.Policy
	for _, docs := range levels {
		parsed, err := p.list(docs)
		if err != nil {
			return nil, err
		}
		out = append(out, parsed)
	}
	return out, nil
}

// question is a case ready for our engine.
type question struct {
	policies iam.Policies
	request  *iam.Prepared
}

// prepare turns a case into a question.
func (p parser) prepare(c *testCase) (question, error) {
	var q question
	var err error
	keep := func(e error) {
		if err == nil {
			err = e
		}
	}
	one := func(d *document) *iam.Policy {
		if d == nil {
			return nil
		}
		parsed, e := p.parse(d)
		keep(e)
		return parsed
	}
	q.policies = iam.Policies{Resource: one(c.ResourcePolicy), Boundary: one(c.Boundary), Endpoint: one(c.Endpoint)}
	var e error
	q.policies.Identity, e = p.list(c.Identity)
	keep(e)
	q.policies.ServiceControl, e = p.levels(c.ServiceControl)
	keep(e)
	q.policies.ResourceControl, e = p.levels(c.ResourceControl)
	keep(e)
	if s := one(c.Session); s != nil {
		q.policies.Session = []*iam.Policy{s}
	}
	caller, e := c.principal()
	keep(e)
	if err != nil {
		return q, err
	}
	// What the case does not give, Prepare must not add: a rewritten caller would bring it in.
	context := iam.NewContext(nil).Without("aws:username", "aws:PrincipalServiceName", "aws:PrincipalArn", "aws:PrincipalAccount")
	for key, value := range c.Context {
		switch v := value.(type) {
		case string:
			context = context.With(key, v)
		case []string:
			context = context.WithList(key, v...)
		case []any:
			context = context.WithList(key, texts(v)...)
		}
	}
	q.request, err = iam.Prepare(iam.Request{
		Principal: caller, Action: c.Action, Resource: c.Resource, ResourceAccount: c.ResourceAccount, Context: context,
	})
	return q, err
}

func texts(values []any) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i], _ = v.(string)
	}
	return out
}

// outcomeName gives an outcome under the driver's name.
func outcomeName(o iam.Outcome) string {
	switch o {
	case iam.Allowed:
		return "Allowed"
	case iam.ImplicitlyDenied:
		return "ImplicitlyDenied"
	case iam.ExplicitlyDenied:
		return "ExplicitlyDenied"
	case iam.Undecided:
	}
	return "Undecided"
}
