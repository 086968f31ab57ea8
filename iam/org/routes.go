package org

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// Route is a way to make a role work for oneself: calls that together give it.
type Route struct {
	// Role that works then.
	Role *Principal
	// Calls must all pass, in this order.
	Calls []plan.Call
	// Control is how far the caller decides what the role does.
	Control plan.Control
	// Only are the calls that a configured role makes.
	Only []plan.Call
	// Why in a few words: "role taken on", "execution role of the notebook".
	Why string

	// Unknown says why it is not known whether the role works then; nil when it does.
	Unknown *assize.Unknown

	creation *creation // that a route by passing the role is made of
	// way is equal for routes of which the most certain one stands for all; "" for one of its own.
	way string
}

// takeovers are the calls on existing resources that let their role work, beside those of [uses].
var takeovers = map[plan.Kind][]string{
	plan.Flow:     {"bedrock:StartFlowExecution"},
	plan.Function: {"lambda:InvokeFunction", "lambda:UpdateFunctionCode"},
}

// creation is what a caller who may pass a role to a service creates to make the role work:
// shapes that are published as ways of privilege escalation.
type creation struct {
	service string
	calls   []string // operation and, behind a blank, the resource type with a name
	// models: what is created runs models as the caller sets them up, and does nothing else.
	models bool
	// model that is there and that what is created runs, under the role that it has, ARN; then no
	// role is passed.
	model string
}

// transforms is the batch job that runs a model that is there. Its name is the caller's choice.
func transforms(model string) *creation {
	return &creation{service: "sagemaker", calls: []string{"sagemaker:CreateTransformJob transform-job/"}, model: model}
}

// sampleName is a name that no policy fixes.
const sampleName = "assize-any"

var creations = []creation{
	{service: "sagemaker", calls: []string{"sagemaker:CreateNotebookInstance notebook-instance/", "sagemaker:CreatePresignedNotebookInstanceUrl notebook-instance/"}},
	{service: "sagemaker", calls: []string{"sagemaker:CreateTrainingJob training-job/"}},
	{service: "sagemaker", calls: []string{"sagemaker:CreateProcessingJob processing-job/"}},
	{service: "sagemaker", calls: []string{"sagemaker:CreateHyperParameterTuningJob hyper-parameter-tuning-job/"}},
	{service: "sagemaker", calls: []string{"sagemaker:CreatePipeline pipeline/", "sagemaker:StartPipelineExecution pipeline/"}},
	{service: "sagemaker", calls: []string{"sagemaker:CreateModel model/", "sagemaker:CreateEndpointConfig endpoint-config/", "sagemaker:CreateEndpoint endpoint/"}},
	{service: "sagemaker", calls: []string{"sagemaker:CreateModel model/", "sagemaker:CreateTransformJob transform-job/"}},
	{service: "sagemaker", calls: []string{"sagemaker:CreateUserProfile user-profile/", "sagemaker:CreatePresignedDomainUrl user-profile/"}},
	{service: "sagemaker", calls: []string{"sagemaker:CreateCluster cluster/"}},
	{service: "bedrock-agentcore", calls: []string{"bedrock-agentcore:CreateCodeInterpreter *", "bedrock-agentcore:InvokeCodeInterpreter code-interpreter-custom/"}},
	{service: "bedrock-agentcore", calls: []string{"bedrock-agentcore:CreateAgentRuntime *", "bedrock-agentcore:InvokeAgentRuntime runtime/"}},
	{service: "bedrock-agentcore", calls: []string{"bedrock-agentcore:CreateHarness *", "bedrock-agentcore:InvokeHarness harness/"}, models: true},
	{service: "bedrock", calls: []string{"bedrock:CreateAgent *", "bedrock:PrepareAgent agent/", "bedrock:InvokeAgent agent-alias/" + sampleName + "/"}, models: true},
	{service: "bedrock", calls: []string{"bedrock:CreateFlow *", "bedrock:PrepareFlow flow/", "bedrock:InvokeFlow flow/" + sampleName + "/alias/"}, models: true},
	{service: "lambda", calls: []string{"lambda:CreateFunction function:", "lambda:InvokeFunction function:"}},
	{service: "ec2", calls: []string{"ec2:RunInstances instance/"}},
	{service: "ecs", calls: []string{"ecs:RunTask task-definition/"}},
	{service: "ecs", calls: []string{"ecs:RegisterTaskDefinition *", "ecs:RunTask task-definition/"}},
	{service: "glue", calls: []string{"glue:CreateJob job/", "glue:StartJobRun job/"}},
	{service: "states", calls: []string{"states:CreateStateMachine stateMachine:", "states:StartExecution stateMachine:"}},
	{service: "codebuild", calls: []string{"codebuild:CreateProject project/", "codebuild:StartBuild project/"}},
}

// Routes lists the ways to make a role work: taking it on, what already works under it, and
// what may be created with it. region is where things are created.
func (a *Analysis) Routes(role *Principal, region string) []Route {
	if role.ServiceLinked || role.Trust == nil {
		return nil // only its service uses it, or it is a user
	}
	out := []Route{{
		Role: role, Calls: []plan.Call{{Operation: "sts:AssumeRole", Target: role.ARN}}, Control: plan.Full, Why: "role taken on",
	}}
	for _, r := range a.workers()[role.ARN] {
		out = append(out, a.workload(role, r)...)
		if r.Kind == plan.Model {
			out = append(out, transforms(r.ARN).route(role, place{r.Region, sampleName}))
		}
		for _, operation := range slices.Concat(uses[r.Kind], takeovers[r.Kind]) {
			out = append(out, a.working(role, r, operation)...)
		}
	}
	for i := range creations {
		c := &creations[i]
		if may, doubt := a.trustsService(role, c.service); may {
			r := c.route(role, place{region, sampleName})
			r.Unknown = doubt
			out = append(out, r)
		}
	}
	return out
}

// workers are the resources by the role that they work under; aliases lead to their agent.
func (a *Analysis) workers() map[string][]*plan.Resource {
	if a.byRole != nil {
		return a.byRole
	}
	a.byRole = map[string][]*plan.Resource{}
	for _, r := range a.org.Catalog.All() {
		role := r.Role
		if r.Kind == plan.AgentAlias && len(r.Members) == 1 {
			if agent := a.org.Catalog.Find(r.Members[0]); agent != nil && agent.Kind == plan.Agent {
				role = agent.Role
			}
		}
		if role != "" {
			a.byRole[role] = append(a.byRole[role], r)
		}
	}
	return a.byRole
}

// working is the route by one call on a resource.
func (a *Analysis) working(role *Principal, r *plan.Resource, operation string) []Route {
	call := plan.Call{Operation: operation, Target: r.ARN}
	p, err := a.Plan(call)
	if err != nil {
		return nil // the operation does not take the resource
	}
	var out []Route
	for _, run := range p.Runs {
		if run.Role == role.ARN {
			out = append(out, Route{Role: role, Calls: []plan.Call{call}, Control: run.Control, Only: run.Calls, Why: run.Why})
		}
	}
	return out
}

// trust is a trust policy with a service that it may let in.
type trust struct {
	policy  *iam.Policy
	service string
}

// trustsService says whether a role may let a service work under it, and why that is not known.
func (a *Analysis) trustsService(role *Principal, service string) (may bool, doubt *assize.Unknown) {
	principal, ok := plan.PassedTo(service)
	if !ok || role.Trust == nil {
		return false, nil
	}
	key := trust{role.Trust.Policy, principal}
	out, known := a.trusts[key]
	if !known {
		out = iam.TrustsService(role.Trust.Policy, principal)
		a.trusts[key] = out
	}
	if out.Undecided() {
		doubt = &assize.Unknown{Cause: assize.NotConnected, Detail: "whether " + role.ARN + " lets " + principal + " assume it: " + out.Reason}
	}
	return !out.No(), doubt
}

// route is the creation at a place.
func (c *creation) route(role *Principal, at place) Route {
	partition := "aws"
	if parts := strings.SplitN(role.ARN, ":", 3); len(parts) == 3 {
		partition = parts[1]
	}
	out := Route{Role: role, Control: plan.Full, Why: "role passed to " + c.service, creation: c, way: c.service}
	if c.model != "" {
		if parts := strings.SplitN(c.model, ":", 6); len(parts) == 6 {
			at.region = parts[3] // where the model is
		}
		out.Control, out.Why, out.way = plan.Program, "execution role of model "+c.model, c.model
	}
	for i, text := range c.calls {
		operation, resource, _ := strings.Cut(text, " ")
		service, _, _ := strings.Cut(operation, ":")
		call := plan.Call{Operation: operation, Region: at.region, Account: role.Account, Target: resource, Created: true}
		if resource != "*" {
			call.Target = "arn:" + partition + ":" + service + ":" + at.region + ":" + role.Account + ":" + resource + at.name
		}
		if call.Model = c.model; i == 0 && c.model == "" {
			call.Role = role.ARN
		}
		out.Calls = append(out.Calls, call)
	}
	return out
}

// batchRoute is a batch job that runs a model under a role: the caller passes the role and
// says which model.
func (a *Analysis) batchRoute(role *Principal, wanted *plan.Plan) (Route, bool) {
	target := wanted.Call.Target
	runs := slices.ContainsFunc(wanted.Checks, func(c plan.Check) bool { return strings.HasPrefix(c.Action, "bedrock:InvokeModel") })
	may, doubt := a.trustsService(role, "bedrock")
	if !runs || !strings.Contains(target, ":foundation-model/") || role.ServiceLinked || !may {
		return Route{}, false
	}
	return Route{
		Unknown: doubt,
		Role:    role, Control: plan.Configured, Why: "role passed to a batch job",
		Calls: []plan.Call{{Operation: "bedrock:CreateModelInvocationJob", Target: target, Region: wanted.Call.Region, Account: role.Account, Role: role.ARN}},
		Only:  []plan.Call{{Operation: "bedrock:InvokeModel", Target: target, Region: wanted.Call.Region, Account: role.Account}},
	}, true
}
