package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
)

// runConfigured: the caller starts an agent, a flow or a query, which runs models under the
// role of that.
func (b *builder) runConfigured(action string) error {
	b.add(action, b.Call.Target, "the call itself", nil)
	r, err := b.worker(b.Call.Target)
	if r != nil {
		b.run(r, Configured, "service role")
	}
	return err
}

// worker is what works behind the target: the agent of an alias, the flow of one, or the alias
// itself where it leads to a version.
func (b *builder) worker(target string) (*Resource, error) {
	a, ok := parseARN(target)
	if !ok || a.service != "bedrock" {
		return nil, fmt.Errorf("%q is no ARN of Bedrock: %w", target, ErrTarget)
	}
	alias := b.cat.Find(target)
	switch k := Kind(a.kind()); k { //nolint:exhaustive // the others are no targets
	case AgentAlias:
		agent, _, _ := strings.Cut(a.id(), "/")
		a.resource = string(Agent) + "/" + agent
	case Flow:
		flow, _, _ := strings.Cut(a.id(), "/")
		a.resource = string(Flow) + "/" + flow
	case Agent, KnowledgeBase:
	default:
		return nil, fmt.Errorf("%s is no agent, flow or knowledge base: %w", target, ErrTarget)
	}
	if alias != nil && !slices.Contains(alias.Members, a.String()) && (alias.Role != "" || alias.RoleUnknown != nil) {
		return alias, nil // it leads to a version that works by itself
	}
	r := b.cat.Find(a.String())
	if r == nil {
		b.lacks(b.cat.missing(Kind(a.kind()), a.String()))
	}
	return r, nil
}

// run adds what a resource does under its role.
func (b *builder) run(r *Resource, control Control, why string) {
	if r.Role == "" && r.RoleUnknown == nil {
		return
	}
	b.lacks(r.RoleUnknown)
	run := Run{Role: r.Role, By: r.ARN, Control: control, Why: why + " of " + string(r.Kind) + " " + r.ARN, Unknown: r.MembersUnknown}
	for _, m := range r.Members {
		if a, ok := parseARN(m); ok && (a.service == "bedrock" && runsModel(Kind(a.kind())) || a.service == "sagemaker") {
			run.Calls = append(run.Calls, Call{Operation: callOf(a), Target: m, Region: r.Region, Account: r.Account, Guardrail: r.Guardrail})
		}
	}
	b.Runs = append(b.Runs, run)
}

// runsModel says whether using a kind runs a model.
func runsModel(k Kind) bool {
	return slices.Contains(runDirectly, k) || slices.Contains([]Kind{
		FoundationModel, InferenceProfile, ApplicationProfile, PromptRouter, DefaultRouter, Prompt, AgentAlias, KnowledgeBase,
	}, k)
}

// callOf is the call by which a role uses a member of its resource.
func callOf(a arn) string {
	switch {
	case a.service == "sagemaker":
		return "sagemaker:InvokeEndpoint"
	case Kind(a.kind()) == AgentAlias:
		return "bedrock:InvokeAgent"
	case Kind(a.kind()) == KnowledgeBase:
		return "bedrock:Retrieve"
	}
	return "bedrock:InvokeModel"
}

// retrieveAndGenerate: the call has no resource type, the knowledge base and the model have.
func (b *builder) retrieveAndGenerate(action string) error {
	b.add(action, anything, "the call itself", nil)
	b.add("bedrock:Retrieve", b.Call.Target, "the knowledge base", nil)
	b.note(noteRetrieve)
	r, err := b.worker(b.Call.Target)
	if err != nil {
		return err
	}
	if r != nil {
		b.run(r, Configured, "service role")
	}
	if b.Call.Model == "" {
		b.lacks(&assize.Unknown{Cause: assize.Unlinked, Detail: "the question names no model that generates the answer"})
		return nil
	}
	b.useGuardrail()
	if err := b.leadsTo(actionInvoke, b.Call.Model, b.set, 0); err != nil {
		return err
	}
	b.guardrailChecks()
	return nil
}

// runProgram: a program that somebody deployed acts under its role.
func (b *builder) runProgram(action string) error { return b.core(action, Program) }

// runShell: the caller runs commands of its own where the program runs.
func (b *builder) runShell(action string) error { return b.core(action, Full) }

// runCode: a code interpreter runs what the caller sends, in a session that the caller opens.
func (b *builder) runCode(action string) error {
	b.add("bedrock-agentcore:StartCodeInterpreterSession", b.Call.Target, "the session", nil)
	return b.core(action, Full)
}

func (b *builder) core(action string, control Control) error {
	if b.at.service != "bedrock-agentcore" {
		return fmt.Errorf("%s is no resource of AgentCore: %w", b.Call.Target, ErrTarget)
	}
	holder := b.Call.Target
	if main, _, ok := strings.Cut(b.at.resource, "/"+string(Runtime)+"-endpoint/"); ok {
		b.note(noteRuntimeEndpoint)
		a := b.at
		a.resource = main
		holder = a.String()
		b.add(action, holder, "the runtime", nil)
	}
	b.add(action, b.Call.Target, "the call itself", nil)
	if b.at.account == "aws" {
		return nil // AWS's own tools have no role of the customer
	}
	r := b.cat.Find(holder)
	if r == nil {
		b.lacks(b.cat.missing(Kind(b.at.kind()), holder))
		return nil
	}
	if r.JWT {
		b.NotIAM = "callers of " + r.ARN + " come with a token of an identity provider; IAM does not govern them"
	}
	b.run(r, control, "execution role")
	return nil
}
