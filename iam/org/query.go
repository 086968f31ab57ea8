package org

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam/plan"
)

// Who says which principals can make a call.
type Who struct {
	Plan *plan.Plan
	// Rows are the principals that can or may, those with the same access together: known ones
	// first, then by the first principal.
	Rows []Row
	// Never counts the principals that are proved not to.
	Never int
	// Unknown says what could not be read, so that there may be more principals than are known.
	Unknown []*assize.Unknown
}

// Row is principals with the same access.
type Row struct {
	Principals []*Principal
	// Answer is that of the first principal, and holds for all of them.
	Answer *Answer
}

// Nobody says whether it is proved that no principal can make the call.
func (w *Who) Nobody() bool { return len(w.Rows) == 0 && len(w.Unknown) == 0 }

// WhoCan asks every principal of the organisation for one call.
func (a *Analysis) WhoCan(c plan.Call) (*Who, error) {
	x := a.planned(c)
	if x.err != nil {
		return nil, x.err
	}
	out := &Who{Plan: x.plan, Unknown: a.org.Unknown}
	rows := map[string]int{}
	for _, unit := range a.units([]*planned{x}) {
		answer := a.ask(unit[0], x)
		if answer.Outcome == Never {
			out.Never += len(unit)
			continue
		}
		key := fmt.Sprintf("%s %v %v %v", answer.Outcome, unit[0].Kind, answer.Access, answer.Causes)
		i, ok := rows[key]
		if !ok {
			i = len(out.Rows)
			rows[key] = i
			out.Rows = append(out.Rows, Row{Answer: answer})
		}
		out.Rows[i].Principals = append(out.Rows[i].Principals, unit...)
	}
	for _, r := range out.Rows {
		slices.SortFunc(r.Principals, func(x, y *Principal) int { return strings.Compare(x.ARN, y.ARN) })
	}
	slices.SortFunc(out.Rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(rank(x.Answer.Outcome), rank(y.Answer.Outcome)), strings.Compare(x.Principals[0].ARN, y.Principals[0].ARN))
	})
	return out, nil
}

func rank(o Outcome) int { return slices.Index([]Outcome{Always, Conditional, Unknown, Never}, o) }

// units are principals that have the same access to all of the plans. Those of a group do
// until a resource belongs to an account, and those of an account until it has a policy of its own.
func (a *Analysis) units(plans []*planned) [][]*Principal {
	byAccount, each := false, false
	for _, p := range plans {
		for i := range p.checks {
			byAccount = byAccount || p.checks[i].byAccount
			each = each || p.checks[i].each
		}
	}
	var out [][]*Principal
	for _, g := range a.org.Groups() {
		switch {
		case each:
			for _, p := range g.Members {
				out = append(out, []*Principal{p})
			}
		case byAccount:
			out = append(out, splitByAccount(g.Members)...)
		default:
			out = append(out, g.Members)
		}
	}
	return out
}

func splitByAccount(members []*Principal) [][]*Principal {
	sorted := slices.Clone(members)
	slices.SortStableFunc(sorted, func(x, y *Principal) int { return strings.Compare(x.Account, y.Account) })
	var out [][]*Principal
	for len(sorted) > 0 {
		n := slices.IndexFunc(sorted, func(p *Principal) bool { return p.Account != sorted[0].Account })
		if n < 0 {
			n = len(sorted)
		}
		out = append(out, sorted[:n:n])
		sorted = sorted[n:]
	}
	return out
}

// Can asks one principal for many calls. Without calls it asks for [Analysis.Calls].
func (a *Analysis) Can(p *Principal, calls ...plan.Call) ([]*Answer, error) {
	if len(calls) == 0 {
		calls = a.Calls()
	}
	var out []*Answer
	for _, c := range calls {
		answer, err := a.Ask(p, c)
		if err != nil {
			return nil, fmt.Errorf("ask for %s: %w", p.ARN, err)
		}
		out = append(out, answer)
	}
	return out, nil
}

// uses are the operations by which callers use a kind of resource.
var uses = map[plan.Kind][]string{
	plan.FoundationModel:    {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
	plan.InferenceProfile:   {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
	plan.ApplicationProfile: {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
	plan.PromptRouter:       {"bedrock:InvokeModel"},
	plan.DefaultRouter:      {"bedrock:InvokeModel"},
	plan.ProvisionedModel:   {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
	plan.ModelDeployment:    {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
	plan.ImportedModel:      {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
	plan.AgentAlias:         {"bedrock:InvokeAgent"},
	plan.FlowAlias:          {"bedrock:InvokeFlow", "bedrock:StartFlowExecution"},
	plan.KnowledgeBase:      {"bedrock:Retrieve"},
	plan.Project:            {"bedrock-mantle:CreateInference"},
	plan.Runtime:            {"bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:InvokeAgentRuntimeCommand"},
	plan.Gateway:            {"bedrock-agentcore:InvokeGateway"},
	plan.Harness:            {"bedrock-agentcore:InvokeHarness"},
	plan.CodeInterpreter:    {"bedrock-agentcore:InvokeCodeInterpreter"},
	plan.Browser:            {"bedrock-agentcore:StartBrowserSession"},
	plan.Endpoint:           {"sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"},
	plan.InferenceComponent: {"sagemaker:InvokeEndpoint"},
	plan.Notebook:           {"sagemaker:CreatePresignedNotebookInstanceUrl"},
	plan.UserProfile:        {"sagemaker:CreatePresignedDomainUrl"},
}

// Calls are the calls that use what is in the catalog, in its order.
func (a *Analysis) Calls() []plan.Call {
	var out []plan.Call
	for _, r := range a.org.Catalog.All() {
		for _, operation := range uses[r.Kind] {
			out = append(out, plan.Call{Operation: operation, Target: r.ARN})
		}
	}
	return out
}
