package iam

import "strings"

// escalation is a way to more rights than a policy seems to give: actions that together,
// on resources that the policy does not name, let the holder act as somebody else or
// rewrite policies.
type escalation struct {
	steps []step
}

// step is one action; kind and service say which resource must be free to choose ("" for
// actions whose resource does not matter, because the holder makes it).
type step struct {
	action, service, kind string
}

func iamStep(action, kind string) step { return step{"iam:" + action, "iam", kind} }

// escalations are the published ways. Sources: Rhino Security Labs, "AWS IAM Privilege
// Escalation: Methods and Mitigation"; AWS IAM User Guide, "Granting a user permissions to
// pass a role to an AWS service"; for AgentCore code interpreters and SageMaker, the Service
// Authorization Reference, which lists iam:PassRole as the dependent action of what runs
// code under a role.
var escalations = func() []escalation {
	alone := func(s step) escalation { return escalation{[]step{s}} }
	pass := iamStep("PassRole", "role/")
	passing := func(actions ...string) escalation {
		e := escalation{[]step{pass}}
		for _, a := range actions {
			e.steps = append(e.steps, step{action: a})
		}
		return e
	}
	return []escalation{
		alone(iamStep("CreatePolicyVersion", "policy/")),
		alone(iamStep("SetDefaultPolicyVersion", "policy/")),
		alone(iamStep("CreateAccessKey", "user/")),
		alone(iamStep("CreateLoginProfile", "user/")),
		alone(iamStep("UpdateLoginProfile", "user/")),
		alone(iamStep("AttachUserPolicy", "user/")),
		alone(iamStep("AttachGroupPolicy", "group/")),
		alone(iamStep("AttachRolePolicy", "role/")),
		alone(iamStep("PutUserPolicy", "user/")),
		alone(iamStep("PutGroupPolicy", "group/")),
		alone(iamStep("PutRolePolicy", "role/")),
		alone(iamStep("AddUserToGroup", "group/")),
		alone(iamStep("UpdateAssumeRolePolicy", "role/")),
		passing("ec2:RunInstances"),
		passing("lambda:CreateFunction", "lambda:InvokeFunction"),
		passing("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
		passing("glue:CreateDevEndpoint"),
		passing("glue:CreateJob", "glue:StartJobRun"),
		passing("cloudformation:CreateStack"),
		passing("codebuild:CreateProject", "codebuild:StartBuild"),
		passing("ecs:RegisterTaskDefinition", "ecs:RunTask"),
		passing("sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
		passing("sagemaker:CreateTrainingJob"),
		passing("sagemaker:CreateProcessingJob"),
		passing("bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"),
		passing("bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime"),
		alone(step{"lambda:UpdateFunctionCode", "lambda", "function:"}),
		alone(step{"sagemaker:CreatePresignedNotebookInstanceUrl", "sagemaker", "notebook-instance/"}),
		{[]step{
			{"bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore", "code-interpreter-custom/"},
			{"bedrock-agentcore:InvokeCodeInterpreter", "bedrock-agentcore", "code-interpreter-custom/"},
		}},
	}
}()

// Escalates asks whether identity policies give their holder a published way to more
// rights. Every action of the way must be allowed on a resource that the policies do not
// name; a role that may be passed to one service counts for the actions of that service.
func Escalates(policies []*Policy) Answer {
	out := answer(No, nil, "no published way to more rights")
	for _, e := range escalations {
		a := e.open(policies)
		if a.Yes() {
			return a
		}
		if a.Undecided() {
			out = a
		}
	}
	return out
}

func (e escalation) open(policies []*Policy) Answer {
	out := answer(Yes, nil, "")
	for i, s := range e.steps {
		r := Reach{Action: s.action, Service: s.service, Unnamed: s.kind}
		if s.action == "iam:PassRole" && len(e.steps) > 1 {
			r.Given = map[string][]string{"iam:PassedToService": {passedTo(e.steps[1].action)}}
		}
		a := CanReach(policies, r)
		switch a.Verdict {
		case No:
			return a
		case CannotTell:
			out = a
		case Yes:
			if i == 0 && out.Yes() {
				out = a
			}
		}
	}
	return out
}

// passedTo is the principal of the service that an action belongs to.
func passedTo(action string) string {
	service := serviceOfAction(action)
	if service == "ecs" {
		return "ecs-tasks.amazonaws.com"
	}
	return service + ".amazonaws.com"
}

func serviceOfAction(action string) string {
	service, _, _ := strings.Cut(action, ":")
	return service
}
