package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/sym"
)

// Call is one API call that somebody may make.
type Call struct {
	// Operation is service and name of the API as AWS documents it, "bedrock:Converse". It is
	// often not the name of an IAM action.
	Operation string `json:"operation"`
	// Target is the ARN of what the call names: model, profile, agent alias, endpoint, object.
	Target string `json:"target,omitempty"`
	// Region that is called; that of Target when empty.
	Region string `json:"region,omitempty"`
	// Account in which the call is made, for targets whose ARN does not say it.
	Account string `json:"account,omitempty"`
	// Guardrail is the ARN in the request, with ":VERSION" where one is given; [NoGuardrail] when
	// the request names none. Empty leaves it to the caller: conditions then tell what it must be.
	Guardrail string `json:"guardrail,omitempty"`
	// Project of an OpenAI-compatible or mantle call, ARN; empty is the default project.
	Project string `json:"project,omitempty"`
	// Model is a second target: the ARN of the model that generates the answer of
	// RetrieveAndGenerate, or that a batch job runs; the id of the model of a mantle call.
	Model string `json:"model,omitempty"`
	// Role that the call hands to the service, ARN.
	Role string `json:"role,omitempty"`
	// Key says that the call is authenticated by an API key in place of a signature.
	Key APIKey `json:"key,omitempty"`
	// Created: this call or one before it makes what it names, so that no inventory has it.
	Created bool `json:"created,omitempty"`
	// Given are further condition keys that the question fixes; a key without values is absent.
	Given map[string][]string `json:"given,omitempty"`
}

// NoGuardrail is the Guardrail of a call that names none.
const NoGuardrail = "none"

// String gives "bedrock:Converse on arn:…".
func (c Call) String() string {
	out := c.Operation
	if c.Target != "" {
		out += " on " + c.Target
	}
	if c.Model != "" {
		out += " with " + c.Model
	}
	if c.Role != "" {
		out += " as " + c.Role
	}
	return out
}

// APIKey is a kind of API key: a bearer token of Bedrock, mantle or SageMaker.
type APIKey string

// The kinds of API keys, as bedrock:BearerTokenType has them. AnyKey leaves the kind open.
const (
	ShortTermKey APIKey = "SHORT_TERM"
	LongTermKey  APIKey = "LONG_TERM"
	AnyKey       APIKey = "ANY"
)

// Plan is a call with all that has to be allowed for it.
type Plan struct {
	Call Call `json:"call"`
	// Checks must all pass.
	Checks []Check `json:"checks"`
	// Runs are what the call sets to work under another role.
	Runs []Run `json:"runs,omitempty"`
	// Notes are the readings that the plan rests on where AWS does not say.
	Notes []Note `json:"notes,omitempty"`
	// Unknown says what could not be read that the plan needs: there may be further checks.
	Unknown []*assize.Unknown `json:"unknown,omitempty"`
	// Endpoints are the services, as names of VPC endpoints end ("bedrock-runtime"), through
	// which the call reaches AWS from a VPC.
	Endpoints []string `json:"endpoints,omitempty"`
	// NotIAM says why IAM policies are not all that governs the target; "" when they are.
	NotIAM string `json:"not_iam,omitempty"`
}

// Check is one authorization check of a plan.
type Check struct {
	sym.Check
	// Why the call needs it, a few words.
	Why string
}

// String gives "bedrock:InvokeModel on arn:… (destination of the profile)".
func (c Check) String() string {
	return fmt.Sprintf("%s on %s (%s)", c.Action, c.Resource, c.Why)
}

// Run is work under a role that is not the caller's.
type Run struct {
	// Role that acts, ARN; "" when it is not known, see Unknown.
	Role string `json:"role,omitempty"`
	// By is what acts: the ARN of the agent, job, notebook.
	By string `json:"by"`
	// Calls are the calls that it is set up to make. A caller gets no more than those.
	Calls []Call `json:"calls,omitempty"`
	// Control says how much of the role the caller gets beyond Calls.
	Control Control `json:"control"`
	// Why in a few words: "execution role of the agent".
	Why     string          `json:"why"`
	Unknown *assize.Unknown `json:"unknown,omitempty"`
}

// Control is how far a caller can make a role do what it wants.
type Control string

const (
	// Configured: the role does what it was set up for.
	Configured Control = "configured"
	// Program: a program of somebody else acts; it decides what the caller gets.
	Program Control = "program"
	// Full: the caller runs code of its own, or gets the credentials.
	Full Control = "full"
)

// Note is a reading that AWS's documentation neither confirms nor rules out.
type Note struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// add appends a check.
func (p *Plan) add(action, resource, why string, fixed map[string][]string) {
	p.Checks = append(p.Checks, Check{Check: sym.Check{Action: action, Resource: resource, Fixed: fixed}, Why: why})
}

// note adds a reading once.
func (p *Plan) note(n Note) {
	if !slices.Contains(p.Notes, n) {
		p.Notes = append(p.Notes, n)
	}
}

// lacks adds a cause for which the plan may be incomplete.
func (p *Plan) lacks(u *assize.Unknown) {
	if u != nil {
		p.Unknown = append(p.Unknown, u)
	}
}

// arn is an ARN taken apart.
type arn struct {
	partition, service, region, account, resource string
}

func parseARN(text string) (arn, bool) {
	p := strings.SplitN(text, ":", 6)
	if len(p) != 6 || p[0] != "arn" {
		return arn{}, false
	}
	return arn{p[1], p[2], p[3], p[4], p[5]}, true
}

// kind is the first segment of the resource: "foundation-model".
func (a arn) kind() string {
	kind, _, _ := strings.Cut(a.resource, "/")
	return kind
}

// id is what follows the kind.
func (a arn) id() string {
	_, id, _ := strings.Cut(a.resource, "/")
	return id
}

func (a arn) String() string {
	return strings.Join([]string{"arn", a.partition, a.service, a.region, a.account, a.resource}, ":")
}

// in gives the ARN in another Region.
func (a arn) in(region string) string {
	a.region = region
	return a.String()
}

// beside gives the ARN of another resource of the same account and Region.
func (a arn) beside(service, resource string) string {
	a.service, a.resource = service, resource
	return a.String()
}
